"""Bring a plan in from a file: read it with a bar for its progress, apply it, write its certificate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.console import DAY, database, fail, print_json
from tracker.models.engine import transaction
from tracker.rules.errors import Refusal
from tracker.rules.permissions import SYSTEM

if TYPE_CHECKING:
    from tracker.imports.mapping import FileMapping
    from tracker.imports.readings import Reading
    from tracker.imports.result import ImportResult
    from tracker.services.importing import Import

REFUSED, UNDECIDED = 2, 3


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "slug", help="The plan to import into; a new one is made if there is none of that name.")
@click.option("--profile", help="The profile to read it with: what was said of the columns of an earlier file.")
@click.option("--as-at", type=DAY, help="The day that the file speaks of, for an edition of an earlier day.")
@click.option(
    "--decide",
    "decided",
    multiple=True,
    metavar="KEY=VALUE",
    help='Answer a question by its key, or by "*" and the kind of question for all of them. May be repeated.',
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what became of every line of the file, as .docx or .csv.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing to a plan; say what would be made.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def import_(
    file: Path,
    slug: str | None,
    profile: str | None,
    as_at: datetime | None,
    decided: tuple[str, ...],
    certificate: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read a plan from a workbook, a Word document or a text file and apply it.

    Ends with 0 where the plan was read, with 2 where the file holds none or cannot be opened, and with 3 where the plan
    was read and some of its lines need a decision.
    """
    from tracker.imports.questions import settled
    from tracker.imports.told import open_questions, told

    if slug is None and not dry_run:
        raise click.UsageError("Say which plan to import into: --plan NAME (or --dry-run to see what the file holds).")
    if certificate is not None and certificate.suffix.lower() not in {".docx", ".csv"}:
        raise click.UsageError("The certificate is written as .docx or .csv: --certificate certificate.docx.")
    decisions = _decisions(decided)
    reading = _read(file, _said(profile), slug, as_json=as_json)
    result = reading.result
    left = settled(result, decisions, _said_before(slug)) if result.kind == "plan" else []
    applied = None
    if result.kind == "plan" and slug is not None:
        result.document.slug = slug
        applied = _applied(reading, decisions, as_at, dry_run=dry_run)
    if certificate is not None:
        _write_certificate(certificate, file, result, applied, profile or "", slug or "", dry_run=dry_run)
    if as_json:
        shown: dict[str, Any] = result.to_json()
        if left:
            shown["questions"] = [question.to_data() for question in left]
        if applied is not None:
            shown["changes"] = applied.summary()
        print_json(shown)
    else:
        click.echo("\n".join([*told(result), *open_questions(left)]))
        if applied is not None:
            click.echo("\n".join(applied.to_lines(dry_run=dry_run)))
    if result.kind != "plan":
        sys.exit(REFUSED)
    if left or result.totals()["needs_decision"] or (applied is not None and applied.count("needs decision")):
        sys.exit(UNDECIDED)


def _decisions(decided: tuple[str, ...]) -> dict[str, str]:
    if any("=" not in each for each in decided):
        raise click.UsageError('Answer a question like --decide "*re-dated=keep": the key, an equals sign, the answer.')
    return {key.strip(): value.strip() for key, _, value in (each.rpartition("=") for each in decided)}


def _said_before(slug: str | None) -> dict[str, str]:
    """Return what was answered about the files that a plan was read from earlier."""
    from sqlalchemy.orm import Session

    from tracker.services.plan_editions import said_before

    if slug is None:
        return {}
    with database() as engine, Session(engine) as session:
        return said_before(session, slug)


def _said(profile: str | None) -> FileMapping | None:
    """Return what a profile says of columns, or end with a sentence that lists the profiles there are."""
    from sqlalchemy.orm import Session

    from tracker.imports.mapping import FileMapping
    from tracker.services.import_profiles import named_profile, profiles

    if profile is None:
        return None
    with database() as engine, Session(engine) as session:
        found = named_profile(session, profile)
        known = ", ".join(row.name for row in profiles(session)) or "none yet"
        if found is None:
            fail(f"There is no profile {profile}. Profiles: {known}.")
        return FileMapping.from_data(found.said)


def _read(file: Path, said: FileMapping | None, slug: str | None, *, as_json: bool) -> Reading:
    """Read a file, or take up what was read of it when a plan was last imported from it."""
    from tracker.imports.collecting import seldom_collecting
    from tracker.imports.readings import read_file
    from tracker.imports.told import refused

    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    try:
        with _bar("Reading") as tell, seldom_collecting():
            return read_file(_kept if slug else _none, data, file.name, said=said, tell=tell)
    except Refusal as refusal:
        if as_json:
            print_json(refused(file.name, refusal.sentence))
        else:
            click.echo(refusal.sentence, err=True)
        sys.exit(REFUSED)


def _kept(mark: str) -> bytes | None:
    from sqlalchemy.orm import Session

    from tracker.services.kept_readings import kept_reading

    with database() as engine, Session(engine) as session:
        return kept_reading(session, mark)


def _none(_: str) -> None:
    """Find nothing: where no plan is named there need be no database."""


def _applied(reading: Reading, decisions: dict[str, str], as_at: datetime | None, *, dry_run: bool) -> Import:
    """Apply what was read, or try it, in one transaction; what interrupts it leaves nothing."""
    from tracker.imports.collecting import seldom_collecting
    from tracker.services.importing import bring_in, try_out
    from tracker.services.kept_readings import keep_reading
    from tracker.services.plan_asking import PROGRESS
    from tracker.services.plan_outcomes import keys_of

    act = try_out if dry_run else bring_in
    document = reading.result.document
    number = len(keys_of(document))
    day = as_at.date() if as_at else None
    with _bar("Comparing" if dry_run else "Writing") as tell, database() as engine, transaction(engine) as session:
        session.info[PROGRESS] = lambda done: tell(min(done, number), number)
        with seldom_collecting():
            done = act(session, document, SYSTEM, datetime.now(UTC), decisions=decisions, as_at=day)
        if not dry_run:
            keep_reading(session, done.plan_id, reading.mark, reading.packed)
        return done


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar for the progress where errors go to a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=100, label=f"{label:10}", file=sys.stderr, show_eta=False) as bar:

        def tell(done: int, total: int) -> None:
            if total:
                bar.update(min(100, done * 100 // total) - bar.pos)

        yield tell
        bar.update(100 - bar.pos)


def _write_certificate(
    path: Path, file: Path, result: ImportResult, applied: Import | None, profile: str, plan: str, *, dry_run: bool
) -> None:
    from tracker.exports.certificate import certificate_file
    from tracker.imports.told import certificate_of

    now = datetime.now(UTC)
    outcomes = applied.outcomes if applied is not None else ()
    wrote = now if applied is not None and not dry_run else None
    found = certificate_of(result, file.read_bytes(), outcomes, by=SYSTEM.label, plan=plan, profile=profile, when=wrote)
    content, _, _ = certificate_file(found, path.suffix.lower().removeprefix("."), now)
    try:
        path.write_bytes(content)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}.")


COMMANDS = (import_,)
