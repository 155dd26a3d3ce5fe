"""`tracker pack ...` as a person runs it: from a seeded plan to files that prove themselves."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.exports.reading import every_cell, every_line
from tracker.cli import cli
from tracker.exports import office
from tracker.models import Milestone, Pack, Plan
from tracker.models.engine import transaction
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Role
from tracker.services.updates import Update, update_milestone

SLUG = "send"
"""The plan that these commands are about."""


@pytest.fixture
def run(engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on a database with one plan, adopted a month ago."""
    monkeypatch.setenv("TRACKER_DATABASE_URL", database_url)
    day = (datetime.now(UTC) - timedelta(days=30)).date()
    with transaction(engine) as session:
        factories.plan(
            session,
            factories.milestone_line("1", date="Dec 2099"),
            factories.milestone_line("2", date="Ongoing"),
            slug=SLUG,
            adopted=day.isoformat(),
        )

    def command(*words: object) -> Result:
        return CliRunner().invoke(cli, ["pack", *map(str, words)])

    return command


def done(result: Result) -> str:
    """Return what a command printed; it has to have ended well."""
    assert result.exit_code == 0, result.output
    return result.output


def issued(run: Callable[..., Result], folder: Path) -> Path:
    """Issue a pack and write its file."""
    done(run("freeze", SLUG))
    done(run("issue", SLUG))
    number = json.loads(done(run("list", SLUG, "--json")))["packs"][0]["id"]
    path = folder / f"{number}.json"
    done(run("export", number, "-o", path))
    return path


def test_a_pack_goes_from_draft_to_issued_and_its_file_proves_it(run: Callable[..., Result], tmp_path: Path) -> None:
    assert done(run("draft", SLUG)).startswith("Draft 1 of A plan for tests: data as at ")
    result = run("preflight", SLUG)
    assert result.exit_code == 1
    assert "No date (1). Agree a date." in result.output
    assert "Verdict: NOT READY. " in result.output
    first, second = issued(run, tmp_path), issued(run, tmp_path)
    said = done(run("verify", first, second))
    assert "Pack 2 of A plan for tests, as at" in said
    assert said.endswith("Verdict: PROVED. All 2 packs are what was frozen. Each follows the one before it.\n")
    assert done(run("verify", tmp_path)) == said
    alone = done(run("verify", second))
    assert "is not among the files, so it was not looked at." in alone
    assert alone.endswith("Verdict: PROVED. The pack is what was frozen.\n")
    listed = done(run("list", SLUG)).splitlines()
    assert [line.partition(",")[0] for line in listed] == ["2: Pack 2", "1: Pack 1"]


def test_a_file_is_proved_without_a_database(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = issued(run, tmp_path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")
    monkeypatch.setattr("tracker.cli.console.make_engine", _no_database)
    print_ = json.loads(path.read_bytes())["fingerprint"]
    assert print_ in done(run("verify", path, "--fingerprint", print_[:12]))
    wrong = run("verify", path, "--fingerprint", "123456")
    assert wrong.exit_code == 1
    assert "not 123456" in wrong.stderr
    path.write_bytes(path.read_bytes().replace(b"Deliverable 1", b"Deliverable 9"))
    changed = run("verify", path)
    assert changed.exit_code == 1
    assert "the content was changed" in changed.stderr
    assert "Verdict: NOT PROVED." in changed.stderr
    refused = run("render", path, "--format", "html", "-o", tmp_path / "pack.html")
    assert refused.exit_code == 1
    path.write_text("no pack")
    assert isinstance(run("verify", path).exception, Refusal)


def _no_database(*_: Any) -> Any:
    raise AssertionError("A database was opened")


def test_an_old_pack_is_rendered_word_for_word_and_cell_for_cell_after_the_plan_has_moved(
    run: Callable[..., Result], engine: Engine, tmp_path: Path
) -> None:
    path = issued(run, tmp_path)
    before = {kind: tmp_path / f"before.{kind}" for kind in ("docx", "xlsx", "html")}
    after = {kind: tmp_path / f"after.{kind}" for kind in before}
    for kind, file in before.items():
        done(run("render", "1", "--format", kind, "-o", file))
    with transaction(engine) as session:
        row = session.scalars(select(Milestone).order_by(Milestone.id)).first()
        assert row is not None
        actor = factories.member(session, session.get_one(Plan, row.plan_id), Role.MANAGER)[1]
        now = datetime.now(UTC)
        told = Update("on_track", progress="Everything is otherwise now", started=now.date())
        update_milestone(session, actor, now, row.id, row.version, "later", told)
    for kind, file in after.items():
        done(run("render", path if kind == "html" else "1", "--format", kind, "-o", file))
    lines = every_line(after["docx"].read_bytes())
    assert lines == every_line(before["docx"].read_bytes())
    assert any("Deliverable 1" in line for line in lines)
    assert not any("Everything is otherwise now" in line for line in lines)
    assert every_cell(before["xlsx"].read_bytes()) == every_cell(after["xlsx"].read_bytes())
    assert before["html"].read_bytes() == after["html"].read_bytes()
    done(run("verify", path))


def test_a_pack_is_made_to_try_in_every_format_and_nothing_is_kept(
    run: Callable[..., Result], engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "office", lambda: None)
    result = run("make", SLUG, "-o", tmp_path / "try")
    assert result.exit_code == 0, result.output
    made = {path.name for path in (tmp_path / "try").iterdir()}
    assert made == {"pack.json", "pack.docx", "pack.xlsx", "pack.pptx", "pack.html"}
    assert "Left out pdf: " in result.stderr
    assert zipfile.is_zipfile(tmp_path / "try" / "pack.docx")
    done(run("verify", tmp_path / "try" / "pack.json"))
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Pack)) == 0


def test_what_cannot_be_done_is_said_in_a_sentence(run: Callable[..., Result], tmp_path: Path) -> None:
    for words, said in [
        (("issue", SLUG), "There is no frozen pack to issue"),
        (("draft", "nothing"), "There is no plan nothing"),
        (("export", "7", "-o", tmp_path / "x"), "There is no frozen pack with the number 7"),
        (("render", "none.json", "--format", "docx", "-o", tmp_path / "x"), "neither the number of a pack nor a file"),
    ]:
        result = run(*words)
        assert result.exit_code == 1
        assert said in result.stderr
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    early = run("freeze", SLUG, "--as-at", tomorrow.isoformat())
    assert isinstance(early.exception, Refusal)
    assert "still to come" in early.exception.sentence
