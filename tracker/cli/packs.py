"""Board packs from the command line: draft, preflight, freeze, issue, render, verify."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from tracker.cli.console import DAY, asked_plan, database, fail, print_json, today
from tracker.config import Settings
from tracker.models.engine import transaction
from tracker.rules.dates import show_day
from tracker.rules.permissions import SYSTEM

FORMATS = ("docx", "xlsx", "pptx", "html", "pdf", "odt", "ods")
_MEETING = click.option("--meeting", "meeting_id", type=int, help="The number of the meeting that the pack is for.")
_AS_AT = click.option("--as-at", type=DAY, help="The day of the data; the cut-off, or today, if left out.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one object.")
_OUTPUT = click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write."
)


@click.group("pack")
def pack() -> None:
    """Make, issue and prove board packs."""


@pack.command("draft")
@click.argument("plan")
@_MEETING
@_AS_AT
def draft_(plan: str, meeting_id: int | None, as_at: datetime | None) -> None:
    """Begin a pack."""
    from tracker.queries.packs import find_pack
    from tracker.services.packs import draft

    now = datetime.now(UTC)
    with database() as engine, transaction(engine) as session:
        row, _ = asked_plan(session, plan)
        made = draft(session, SYSTEM, now, row.id, _token(now), meeting_id=meeting_id, as_at=_day(as_at))
        found = find_pack(session, made.id)
    assert found is not None
    board = f" for {found.board}" if found.board else ""
    click.echo(f"Draft {found.id} of {found.plan}{board}: data as at {show_day(found.as_at)}")


@pack.command()
@click.argument("plan")
@_MEETING
@_AS_AT
@_JSON
def preflight(plan: str, meeting_id: int | None, as_at: datetime | None, as_json: bool) -> None:
    """Print what should be put right before a pack is frozen; ends with 1 if there is anything."""
    from tracker.exports.pack_text import preflight_data, preflight_lines
    from tracker.queries.preflight import preflight_of
    from tracker.services.pack_checks import pack_preflight

    with database() as engine, Session(engine) as session:
        row, scheme = asked_plan(session, plan)
        there = _under_way(session, row.id, meeting_id)
        if there is not None and as_at is None:
            found = pack_preflight(session, there, today())
        else:
            found = preflight_of(session, row, scheme, min(_day(as_at) or today(), today()), today())
        if as_json:
            print_json(preflight_data(row, found))
        else:
            click.echo("\n".join(preflight_lines(row, found)))
    if found.open:
        sys.exit(1)


@pack.command("freeze")
@click.argument("plan")
@_MEETING
@_AS_AT
def freeze_(plan: str, meeting_id: int | None, as_at: datetime | None) -> None:
    """Freeze the draft of a plan, or a new one: from here on it says what it says."""
    from tracker.exports.packs import compose
    from tracker.queries.packs import find_pack
    from tracker.services.pack_freezing import freeze
    from tracker.services.packs import draft, edit_draft

    now = datetime.now(UTC)
    with database() as engine, transaction(engine) as session:
        row, _ = asked_plan(session, plan)
        made = _under_way(session, row.id, meeting_id)
        if made is None:
            made = draft(session, SYSTEM, now, row.id, _token(now), meeting_id=meeting_id, as_at=_day(as_at))
        elif as_at is not None and made.as_at != as_at.date():
            kept = {name: getattr(made, name) for name in ("author", "senior_officer", "assurance", "recommendations")}
            values = {**kept, "considered_by": made.considered_by, "as_at": as_at.date()}
            edit_draft(session, SYSTEM, now, made.id, made.version, _token(now, "edit"), values)
        freeze(session, SYSTEM, now, made.id, made.version, _token(now, "freeze"), compose)
        found = find_pack(session, made.id)
    assert found is not None
    click.echo(f"{found.title} of {found.plan} is frozen as number {found.id}: {found.fingerprint}")


@pack.command("issue")
@click.argument("plan")
@_MEETING
@_AS_AT
def issue_(plan: str, meeting_id: int | None, as_at: datetime | None) -> None:
    """Issue the frozen pack of a plan, for good."""
    from tracker.queries.packs import find_pack
    from tracker.services.pack_freezing import issue

    now = datetime.now(UTC)
    with database() as engine, transaction(engine) as session:
        row, _ = asked_plan(session, plan)
        made = _under_way(session, row.id, meeting_id)
        if made is None or (as_at is not None and made.as_at != as_at.date()):
            fail("There is no frozen pack to issue. Freeze one first: tracker pack freeze.")
        issue(session, SYSTEM, now, made.id, made.version, _token(now))
        found = find_pack(session, made.id)
    assert found is not None
    click.echo(f"{found.title} of {found.plan} is issued: {found.fingerprint}")


@pack.command("list")
@click.argument("plan")
@_JSON
def list_(plan: str, as_json: bool) -> None:
    """List the packs of a plan with their fingerprints."""
    from tracker.exports.pack_text import packs_data, packs_lines
    from tracker.queries.packs import packs_of

    with database() as engine, Session(engine) as session:
        row, _ = asked_plan(session, plan)
        found = packs_of(session, row.id)
        if as_json:
            print_json(packs_data(row, found))
        else:
            click.echo("\n".join(packs_lines(found)))


@pack.command()
@click.argument("pack")
@click.option("--format", "kind", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option("--audience", default="board", show_default=True, help="For whom: a selection of its sections.")
@click.option(
    "--template", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A Word document to make it on."
)
@_OUTPUT
def render(pack: str, kind: str, audience: str, template: Path | None, output: Path) -> None:
    """Write a frozen pack, by its number or from its file, as a document; from the pack alone."""
    from tracker.exports import render as rendered
    from tracker.exports import select
    from tracker.exports.packs import report_of
    from tracker.imports.report_template import checked_template
    from tracker.services.report_templates import template_of

    report = report_of(_document(pack))
    base = checked_template(template.read_bytes()) if template else None
    if base is None and pack.isdecimal():  # a file is rendered from itself alone, wherever it is
        base = template_of(Settings.from_environment().data_dir, report.slug)
    _write(output, rendered(select(report, audience), kind, base))


@pack.command()
@click.argument("pack")
@_OUTPUT
def export(pack: str, output: Path) -> None:
    """Write a frozen pack, by its number, as the file that proves itself."""
    from tracker.rules.pack_file import envelope

    _write(output, envelope(_canonical(pack).encode("utf-8")))


@pack.command()
@click.argument("files", metavar="FILE.json...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--fingerprint", "expected", default="", help="The fingerprint on the paper; the file has to have it.")
def verify(files: tuple[Path, ...], expected: str) -> None:
    """Prove files of packs, and the chain between them, without a database; a folder stands for the files in it."""
    from tracker.exports.packs import about
    from tracker.rules.pack_file import chains, faults, open_ends, read_file

    paths = [inner for path in files for inner in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    if not paths:
        fail("There are no files of packs there.")
    packs = [read_file(str(path), path.read_bytes()) for path in paths]
    wrong = faults(packs)
    if expected and len(packs) == 1 and not packs[0].fingerprint.startswith(expected.strip().lower()):
        wrong.append(f"{packs[0].name}: the fingerprint is {packs[0].fingerprint}, not {expected}.")
    if wrong:
        fail("\n".join([*wrong, "Verdict: NOT PROVED."]))
    for one in packs:
        click.echo(f"{one.name}: {about(one.pack)}. {one.fingerprint}")
    ends, number = open_ends(packs), chains(packs)
    for sentence in ends:
        click.echo(sentence)
    chain = "" if len(packs) == number else " Each follows the one before it."
    if number > 1:
        chain = f" They are of {number} plans or boards.{chain}"
    words = "The pack is what was frozen." if len(packs) == 1 else f"All {len(packs)} packs are what was frozen."
    click.echo(f"Verdict: PROVED. {words}{chain}")


@pack.command()
@click.argument("plan")
@_AS_AT
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder."
)
def make(plan: str, as_at: datetime | None, folder: Path) -> None:
    """Freeze a pack and write it in every format, to try it; nothing is kept in the database."""
    from tracker.exports import office, select
    from tracker.exports import render as rendered
    from tracker.exports.packs import compose, report_of
    from tracker.models.engine import writing
    from tracker.queries.packs import canonical_text
    from tracker.rules.pack_file import envelope
    from tracker.services.pack_freezing import freeze
    from tracker.services.packs import try_out

    now = datetime.now(UTC)
    with database() as engine, writing(), Session(engine) as session:
        row, _ = asked_plan(session, plan)
        made = try_out(session, SYSTEM, now, row.id, _token(now), _day(as_at) or today())
        freeze(session, SYSTEM, now, made.id, made.version, _token(now, "freeze"), compose)
        text = canonical_text(session, made.id) or ""
        session.rollback()
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "pack.json", envelope(text.encode("utf-8")))
    report = select(report_of(json.loads(text)), "board")
    for kind in FORMATS:
        try:
            _write(folder / f"pack.{kind}", rendered(report, kind))
        except (office.NoOffice, office.OfficeFailed) as refusal:
            click.echo(f"Left out {kind}: {refusal.sentence}", err=True)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}.")
    click.echo(f"Wrote {path}")


def _document(asked: str) -> Mapping[str, Any]:
    """Return a frozen pack by its number in the database, or from its file, which has to be whole."""
    from tracker.rules.pack_file import faults, read_file

    if asked.isdecimal():
        found: dict[str, Any] = json.loads(_canonical(asked))
        return found
    path = Path(asked)
    try:
        file = read_file(asked, path.read_bytes())
    except OSError as error:
        fail(f"{asked} is neither the number of a pack nor a file that can be read: {error.strerror}.")
    if wrong := faults([file]):
        fail(wrong[0])
    return file.pack


def _canonical(asked: str) -> str:
    from tracker.queries.packs import canonical_text

    if not asked.isdecimal() or len(asked) > 9:
        fail(f"{asked} is not the number of a pack. `tracker pack list PLAN` shows them.")
    with database() as engine, Session(engine) as session:
        text = canonical_text(session, int(asked))
    if text is None:
        fail(f"There is no frozen pack with the number {asked}. `tracker pack list PLAN` shows them.")
    return text


def _under_way(session: Session, plan_id: int, meeting_id: int | None) -> Any:
    """Return the pack of a plan that is a draft or frozen: of a meeting, or of whatever there is if none is named."""
    from tracker.services.packs import under_way

    found = under_way(session, plan_id, meeting_id)
    if len(found) > 1:
        meetings = ", ".join(str(one.meeting_id or "none") for one in found)
        fail(f"Several packs are under way. Say which meeting it is for: --meeting, one of {meetings}.")
    return found[0] if found else None


def _day(asked: datetime | None) -> date | None:
    return asked.date() if asked is not None else None


def _token(now: datetime, act: str = "draft") -> str:
    return f"command:{act}:{now.isoformat()}"


COMMANDS = (pack,)
