"""The outbox on the command line, and messages in the folder of the demonstration."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from tests import factories
from tracker.cli import cli
from tracker.models import OutboxMessage
from tracker.models.engine import transaction
from tracker.services.outbox import Words, post

Run = Callable[..., Result]
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return the command line on a database with two messages, one of which failed."""
    with transaction(engine) as session:
        for name in ("ada", "bob"):
            person = factories.person(session, name, email=f"{name}@testshire.example")
            post(session, name, "test", person, f"News for {name}", Words("It is done.", "/milestones/5"), NOW)
        session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe_key == "bob")).one().state = "failed"
    monkeypatch.setenv("TRACKER_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("TRACKER_ADDRESS", "https://plans.testshire.example/")
    return lambda *typed: CliRunner().invoke(cli, [str(part) for part in typed])


def test_the_messages_are_listed(run: Run) -> None:
    found = json.loads(run("outbox", "list", "--json").output)
    assert (found["total"], found["waiting"]) == (2, 1)
    assert [(one["to"], one["subject"], one["kind"], one["period"], one["state"]) for one in found["messages"]] == [
        ("bob@testshire.example", "News for bob", "test", "", "failed"),
        ("ada@testshire.example", "News for ada", "test", "", "pending"),
    ]
    assert "2 messages; 1 wait for a person." in run("outbox", "list").output
    only = json.loads(run("outbox", "list", "--state", "waiting", "--json").output)
    assert [one["id"] for one in only["messages"]] == [found["messages"][0]["id"]]
    assert run("outbox", "list", "--state", "lost").exit_code == 1


def test_a_message_is_printed_as_it_is_sent(run: Run) -> None:
    said = run("outbox", "preview", 1).output
    assert said.startswith("To: ada@testshire.example\nSubject: News for ada\nState: pending\n\nIt is done.\n")
    assert "https://plans.testshire.example/milestones/5" in said
    assert "<h1" in run("outbox", "preview", 1, "--html").output
    missing = run("outbox", "preview", 99)
    assert missing.exit_code == 1
    assert "There is no message 99." in missing.output


def test_a_round_of_the_worker_sends_what_waits(run: Run, tmp_path: Path) -> None:
    assert run("worker", "--once").exit_code == 0
    assert [path.name for path in (tmp_path / "data" / "outbox").iterdir()] == ["000001.eml"]
    states = [one["state"] for one in json.loads(run("outbox", "list", "--json").output)["messages"]]
    assert states == ["failed", "sent"]
