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
from tests.mail.reports import plain_mail, report
from tracker.cli import cli
from tracker.mail.message import message_id
from tracker.models import OutboxMessage
from tracker.models.engine import transaction
from tracker.rules.delivery import LINK_MARK
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
    assert "2 messages; 1 waits for a person." in run("outbox", "list").output
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


def test_reports_of_messages_that_came_back_are_noted_from_a_folder_a_file_and_a_pipe(run: Run, tmp_path: Path) -> None:
    run("worker", "--once")
    folder = tmp_path / "reports"
    folder.mkdir()
    ours = message_id("ada", "plans@localhost")
    data = report("postfix", ours, "ada@testshire.example")
    (folder / "one.eml").write_bytes(data)
    (folder / "two.eml").write_bytes(plain_mail(ours))
    (folder / "three.txt").write_bytes(data)
    found = json.loads(run("outbox", "bounced", folder, "--json").output)["reports"]
    assert [(one["file"], one["message"], one.get("new")) for one in found] == [
        ("one.eml", 1, True),
        ("two.eml", None, None),
    ]
    said = run("outbox", "bounced", folder / "one.eml")
    assert said.exit_code == 0
    assert (
        said.output == "one.eml: message 1 to ada@testshire.example came back: noted already, the message is bounced.\n"
    )
    piped = CliRunner().invoke(cli, ["outbox", "bounced", "-"], input=report("exim", "<a@b.example>", "x@b.example"))
    assert piped.exit_code == 0
    assert piped.output == "standard input: no report that a message of ours came back.\n"
    assert json.loads(run("outbox", "list", "--json").output)["waiting"] == 2
    missing = run("outbox", "bounced", folder / "nothing.eml")
    assert missing.exit_code == 1
    assert "nothing.eml cannot be read: No such file or directory." in missing.output
    assert run("outbox", "bounced").exit_code == 2


def test_nothing_that_the_command_line_prints_opens_a_link(run: Run, engine: Engine) -> None:
    with transaction(engine) as session:
        message = session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe_key == "ada")).one()
        message.body, message.link = f"https://plans.testshire.example{LINK_MARK}/5", "the-value"
    for printed in (
        run("outbox", "preview", 1),
        run("outbox", "preview", 1, "--html"),
        run("outbox", "list", "--json"),
    ):
        assert printed.exit_code == 0
        assert "the-value" not in printed.output
    assert f"https://plans.testshire.example{LINK_MARK}/5" in run("outbox", "preview", 1).output
