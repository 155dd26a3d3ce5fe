"""The worker on the command line: one round, the list of jobs, one job at a moment, with and without writing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, func, select

from tests import factories
from tracker.cli import cli
from tracker.models import FormToken, JobRun
from tracker.models.engine import transaction

Run = Callable[..., Result]


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command line on a database with one form token that is old enough to be forgotten."""
    with transaction(engine) as session:
        person = factories.person(session)
        session.add(FormToken(token="old", person_id=person.id, used_at=datetime(2020, 1, 1, tzinfo=UTC)))
    monkeypatch.setenv("TRACKER_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    return lambda *typed: CliRunner().invoke(cli, [str(part) for part in typed])


def number(engine: Engine, model: type[FormToken | JobRun]) -> int:
    """Return how many rows there are."""
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(model)) or 0


def test_one_round_does_what_is_due_and_the_next_one_nothing(run: Run, engine: Engine) -> None:
    first = run("worker", "--once")
    assert first.exit_code == 0
    assert "housekeeping for 2" in first.output
    assert "1 form tokens" in first.output
    assert number(engine, FormToken) == 0
    assert run("worker", "--once").output == "Nothing was due.\n"


def test_the_jobs_are_listed_with_what_they_did_last(run: Run) -> None:
    before = json.loads(run("jobs", "list", "--json").output)
    assert before["workers"] == 0
    assert before["jobs"][0]["name"] == "housekeeping"
    assert before["jobs"][0]["runs"] == []
    run("worker", "--once")
    after = json.loads(run("jobs", "list", "--json").output)
    assert after["workers"] == 1
    assert [one["state"] for one in after["jobs"][0]["runs"]] == ["done"]
    said = run("jobs", "list").output
    assert "housekeeping: every day at 03:00, next on " in said
    assert "Workers that run: 1; last heard of on " in said


def test_a_dry_run_writes_nothing_and_says_what_would_be_done(run: Run, engine: Engine) -> None:
    said = json.loads(run("jobs", "run", "housekeeping", "--as-at", "2026-11-30T08:00", "--dry-run", "--json").output)
    assert said["period"] == "2026-11-30"
    assert said["as_at"] == "2026-11-30T08:00:00+00:00"
    assert said["summary"].startswith("1 form tokens")
    assert said["messages"] == []
    assert (number(engine, FormToken), number(engine, JobRun)) == (1, 0)


def test_a_job_is_run_for_a_moment_once(run: Run, engine: Engine) -> None:
    asked = ("jobs", "run", "housekeeping", "--as-at", "2026-07-01 02:30")
    assert run(*asked).output.startswith("housekeeping for 2026-06-30: 1 form tokens")  # before 3 in the morning
    assert number(engine, FormToken) == 0
    assert "already; nothing was done again" in run(*asked).output
    assert json.loads(run(*asked, "--json").output)["ran"] is False
    assert number(engine, JobRun) == 1


def test_a_day_alone_is_its_noon_when_the_job_of_that_day_is_due(run: Run) -> None:
    said = json.loads(run("jobs", "run", "digest", "--as-at", "2026-11-30", "--dry-run", "--json").output)
    assert (said["period"], said["as_at"]) == ("2026-11-30", "2026-11-30T12:00:00+00:00")
    said = json.loads(run("jobs", "run", "digest", "--as-at", "2026-11-30T06:59", "--dry-run", "--json").output)
    assert said["period"] == "2026-11-27"


def test_a_job_that_is_not_there_and_a_moment_that_is_none_are_refused(run: Run) -> None:
    result = run("jobs", "run", "nothing", "--as-at", "2026-11-30")
    assert result.exit_code == 1
    assert "There is no job nothing. Jobs: housekeeping" in result.output
    assert run("jobs", "run", "housekeeping", "--as-at", "yesterday").exit_code == 2
    assert run("jobs", "run", "housekeeping").exit_code == 2
