"""Workbooks on the command line: out to one lead, to all, and back."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.lead_workbooks import opened
from tracker.cli import cli
from tracker.models import Milestone
from tracker.models.engine import transaction

Run = Callable[..., Result]
LEAD = "SEND Senior Manager"


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return the command line on a database with a plan of three milestones and one of none."""
    with transaction(engine) as session:
        year = datetime.now(UTC).year + 1
        lines = [milestone_line(str(number), date=f"Dec {year}") for number in (1, 2, 3)]
        start = datetime.now(UTC) - timedelta(days=40)
        factories.plan(session, *lines, slug="travels", adopted=start.date().isoformat(), effective=start)
    monkeypatch.setenv("TRACKER_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(cli, ["workbook", *words])


def test_a_workbook_goes_out_and_what_was_filled_in_comes_back(run: Run, engine: Engine, tmp_path: Path) -> None:
    done = run("out", "travels", "--lead", LEAD, "-o", "lead.xlsx")
    assert (done.exit_code, done.output) == (0, "Wrote lead.xlsx: 3 milestones.\n")
    book = opened((tmp_path / "lead.xlsx").read_bytes()).set("1a.2", state="On track", progress="It began")
    (tmp_path / "back.xlsx").write_bytes(book.saved())
    tried = run("in", "travels", "back.xlsx", "--dry-run")
    assert tried.exit_code == 0
    assert "2 would be applied" in tried.output
    applied = run("in", "travels", "back.xlsx", "--json")
    told = json.loads(applied.output)
    assert applied.exit_code == 0
    assert told["counts"] == {"unchanged": 28, "applied": 2, "conflict": 0, "refused": 0}
    assert [(row["ref"], row["outcome"], row["status"]) for row in told["rows"]] == [
        ("1a.2", "applied", "Gn On target")
    ]
    with Session(engine) as session:
        assert session.scalars(select(Milestone.progress).where(Milestone.ref == "2")).one() == "It began"
    assert "0 applied" in run("in", "travels", "back.xlsx").output


def test_what_was_not_applied_ends_with_3_and_a_refused_file_with_2(run: Run, tmp_path: Path) -> None:
    run("out", "travels", "-o", "plan.xlsx")
    book = opened((tmp_path / "plan.xlsx").read_bytes()).set("1a.1", state="Fine")
    (tmp_path / "back.xlsx").write_bytes(book.saved())
    told = run("in", "travels", "back.xlsx")
    assert told.exit_code == 3
    assert "How is it going? refused: Choose one of: On track, At risk, Will miss its date, Done." in told.output
    (tmp_path / "notes.xlsx").write_bytes(b"%PDF-1.7")
    refused = run("in", "travels", "notes.xlsx", "--json")
    assert refused.exit_code == 2
    assert "PDF" in json.loads(refused.output)["refused"]
    assert run("in", "travels", "nowhere.xlsx").exit_code == 1


def test_all_leads_come_as_one_archive_with_safe_names(run: Run, tmp_path: Path) -> None:
    assert run("out", "travels", "--all", "-o", "all.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        (name,) = archive.namelist()
        assert name.startswith("travels-send-senior-manager-20")
        assert len(opened(archive.read(name)).rows) == 3


def test_a_lead_that_is_not_there_is_answered_with_those_that_are(run: Run) -> None:
    done = run("out", "travels", "--lead", "Head of Nothing", "-o", "lead.xlsx")
    assert done.exit_code == 1
    assert f"Leads: {LEAD} (Testshire Council)." in done.output
    assert run("out", "travels", "--lead", LEAD, "--all", "-o", "x.zip").exit_code == 2
