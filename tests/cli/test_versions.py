"""Versions on the command line: the list, a difference, and reports against one of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tests.services.structure import edits
from tracker.cli import cli
from tracker.models.engine import transaction
from tracker.rules.dates import london_day
from tracker.rules.permissions import SYSTEM
from tracker.services.review import Decision
from tracker.services.versions import adopt

Run = Callable[..., Result]
NOW = datetime.now(UTC)


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command line on a database with a plan that was reviewed today."""
    start = NOW - timedelta(days=40)
    with transaction(engine) as session:
        line = milestone_line("1", "Agree the pathway", f"Dec {NOW.year + 1}")
        day = london_day(start)
        plan = factories.plan(session, line, slug="reviewed", adopted=day.isoformat(), effective=start, version="Final")
        edits.reword(session, SYSTEM, factories.milestones_of(session, plan)[0], "Agree one pathway", NOW)
        today = london_day(NOW)
        adopt(session, SYSTEM, NOW, plan.id, acts.token(), Decision("2", today, "Board", today, "5.2"))
    monkeypatch.setenv("TRACKER_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    return lambda *typed: CliRunner().invoke(cli, [str(part) for part in typed])


def test_the_versions_of_a_plan_are_listed_with_their_decisions(run: Run) -> None:
    lines = run("versions", "reviewed").output.splitlines()
    assert lines[0].startswith("Version 1 (Final), adopted ")
    assert lines[0].endswith("; original dates")
    assert lines[1].startswith("Version 2, adopted ")
    assert ", minute 5.2" in lines[1]
    assert "; 1 baseline; " in lines[1]


def test_the_versions_of_a_plan_are_one_object(run: Run) -> None:
    found = json.loads(run("versions", "reviewed", "--json").output)
    assert [(one["number"], one["label"], one["baselines"]) for one in found["versions"]] == [
        (1, "Final", None),
        (2, "2", 1),
    ]


def test_a_difference_is_printed_in_lines_and_as_one_object(run: Run) -> None:
    assert "Reworded: 1" in run("versions", "reviewed", "--diff", "1", "2").output.splitlines()
    found = json.loads(run("versions", "reviewed", "--diff", "Final", "2", "--json").output)
    assert found["counts"]["reworded"] == 1
    assert found["changes"][0]["before"] == "Agree the pathway"


def test_a_version_that_is_not_there_ends_with_the_ones_that_are(run: Run) -> None:
    for typed in (("versions", "reviewed", "--diff", "1", "9"), ("show", "reviewed", "--version", "9")):
        result = run(*typed)
        assert result.exit_code == 1
        assert "There is no version 9 of reviewed on " in result.output
        assert "Version 1 (Final), adopted" in result.output


def test_a_plan_is_shown_against_the_version_that_is_asked_for(run: Run) -> None:
    assert ", Version 2, baseline " in run("show", "reviewed").output.splitlines()[0]
    assert ", Version 1 (Final), baseline " in run("show", "reviewed", "--version", "1").output.splitlines()[0]
    data = json.loads(run("show", "reviewed", "--version", "1", "--json").output)
    assert (data["plan"]["version"], data["plan"]["version_in_force"]) == ("Final", "2")


def test_a_report_is_written_against_the_version_that_is_asked_for(run: Run, tmp_path: Path) -> None:
    for asked, words in (("1", "Version 1 (Final), baseline "), ("2", "Version 2, baseline ")):
        file = tmp_path / f"{asked}.csv"
        result = run("report", "reviewed", "--version", asked, "--format", "csv", "-o", file)
        assert result.exit_code == 0, result.output
        assert words in file.read_text(encoding="utf-8")
