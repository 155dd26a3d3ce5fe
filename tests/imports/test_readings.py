"""A file that comes again unchanged is not opened again, and one that is in any way another is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.imports.workbooks import HEAD, workbook
from tracker.cli import cli
from tracker.cli.console import database
from tracker.imports import read_plan, readings
from tracker.imports.mapping import FileMapping
from tracker.models import Plan, PlanReading
from tracker.services.kept_readings import keep_reading, kept_reading

PLAN = workbook(("Plan", [HEAD, ("1", "Recruit a chair", "Director", "Mar 2026", "Green", "Begun.")]))
LATER = workbook(("Plan", [HEAD, ("1", "Recruit a chair", "Director", "Apr 2026", "Green", "Begun.")]))


class Opened(Exception):
    """A file was opened."""


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch, file: Path) -> pytest.MonkeyPatch:
    """Let no file be opened any more."""

    def opened(*_: object, **__: object) -> bytes:
        raise Opened

    monkeypatch.setattr(readings, "answer_of_child", opened)
    return monkeypatch


def imported(path: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["import", str(path), "--plan", "chair", "--json", *options])


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that the plan "chair" was imported from."""
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))
    CliRunner().invoke(cli, ["init"])
    path = tmp_path / "plan.xlsx"
    path.write_bytes(PLAN)
    assert imported(path).exit_code in (0, 3)
    return path


def test_the_same_file_again_is_not_opened_and_gives_the_same(file: Path, closed: pytest.MonkeyPatch) -> None:
    opened = read_plan(PLAN, "plan.xlsx").to_json()
    again = json.loads(imported(file).stdout)
    assert again["changes"]["counts"] == {
        "new": 0, "changed": 0, "unchanged": 4, "needs decision": 0, "refused": 0,
    }  # fmt: skip
    assert again["workstreams"] == opened["workstreams"]


@pytest.mark.parametrize("what", ["bytes", "name", "columns", "reader"])
def test_a_file_that_is_another_in_any_way_is_opened(file: Path, closed: pytest.MonkeyPatch, what: str) -> None:
    data, name, said = PLAN, "plan.xlsx", FileMapping()
    if what == "bytes":
        data = LATER
    elif what == "name":
        name = "Plan.xlsx"
    elif what == "columns":
        said = FileMapping({"update": ""})
    with database() as engine, Session(engine) as session:

        def find(mark: str) -> bytes | None:
            return kept_reading(session, mark)

        readings.read_file(find, PLAN, "plan.xlsx")
        if what == "reader":
            closed.setattr(readings, "_reader", lambda: "a later one")
        with pytest.raises(Opened):
            readings.read_file(find, data, name, said=said)


def test_a_plan_keeps_the_reading_of_its_last_file_alone_and_takes_it_along(file: Path) -> None:
    file.write_bytes(LATER)
    imported(file)
    with database() as engine, Session(engine) as session:
        assert session.scalars(select(PlanReading.mark)).all() == [readings.mark_of(LATER, "plan.xlsx")]
        session.execute(delete(PlanReading))
        plan = session.scalars(select(Plan)).one()
        keep_reading(session, plan.id, "a mark", b"an answer")
        assert kept_reading(session, "a mark") == b"an answer"
        assert kept_reading(session, "another") is None


def test_a_dry_run_keeps_nothing(file: Path) -> None:
    file.write_bytes(LATER)
    imported(file, "--dry-run")
    with database() as engine, Session(engine) as session:
        assert session.scalars(select(PlanReading.mark)).all() == [readings.mark_of(PLAN, "plan.xlsx")]
