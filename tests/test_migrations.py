"""The schema: every step up and down, with and without data, ends where the models are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tracker.models import (
    Action,
    Base,
    LeadAssignment,
    LedgerEntry,
    Milestone,
    OutboxMessage,
    Plan,
    Post,
    SecurityEvent,
)
from tracker.models.engine import make_engine, transaction, writing
from tracker.rules.delivery import LINK_MARK
from tracker.rules.permissions import SYSTEM
from tracker.services import schema
from tracker.services.ledger import Recorder
from tracker.services.verification import verify

HEAD = "0029"
"""The newest migration. Changing it here says that a new one is meant."""


@pytest.fixture
def bare(bare_template: str, make_database: Callable[[str], str]) -> Iterator[Engine]:
    """Return an engine on a database without tables."""
    engine = make_engine(make_database(bare_template))
    yield engine
    engine.dispose()


def rows(engine: Engine) -> dict[str, int]:
    """Return how many rows each table has that is there."""
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name in there
        }


def test_the_newest_migration_is_the_one_we_mean() -> None:
    assert schema.newest() == HEAD


def test_an_empty_database_is_brought_to_the_models(bare: Engine) -> None:
    assert schema.current(bare) is None
    schema.upgrade(bare)
    assert schema.current(bare) == HEAD
    assert schema.differences(bare) == []


def test_a_second_upgrade_changes_nothing(bare: Engine) -> None:
    schema.upgrade(bare)
    schema.upgrade(bare)
    assert schema.differences(bare) == []


def test_each_step_goes_down_and_up_again(bare: Engine) -> None:
    schema.upgrade(bare)
    for number in range(int(HEAD) - 1, 0, -1):
        schema.downgrade(bare, f"{number:04}")
        assert schema.current(bare) == f"{number:04}"
    schema.downgrade(bare, "base")
    assert set(inspect(bare).get_table_names()) <= {"alembic_version"}
    schema.upgrade(bare)
    assert schema.differences(bare) == []


def test_each_step_keeps_the_data(bare: Engine) -> None:
    schema.upgrade(bare)
    with transaction(bare) as session:
        plan = factories.plan(session, factories.milestone_line("1"), factories.milestone_line("2"))
        factories.lead(session, plan)
    before = rows(bare)
    assert before["milestone"] == 2
    for number in range(int(HEAD) - 1, 0, -1):
        schema.downgrade(bare, f"{number:04}")
        assert rows(bare)["milestone"] == 2
    for number in range(2, int(HEAD) + 1):
        schema.upgrade(bare, f"{number:04}")
    assert rows(bare) == before | {"edition": 0}, "only the list of editions goes with its table"
    assert schema.differences(bare) == []


def test_a_commitment_of_an_older_database_waits_for_its_rule_and_breaks_no_chain(bare: Engine) -> None:
    schema.upgrade(bare)
    line = factories.milestone_line("1", date="Jun 2026", tail="quarterly reviews following this")
    with transaction(bare) as session:
        factories.plan(session, line, slug="older")
    columns = ("every", "anchor", "confirmed", "accepted_minute")
    with bare.connect() as connection:
        found = connection.execute(text(f"SELECT {', '.join(columns)} FROM commitment")).one()
    assert [str(value) for value in found] == ["quarterly", "2026-07-01", "2025-09-10", ""]
    schema.downgrade(bare, "0002")
    schema.upgrade(bare)
    with bare.connect() as connection:
        found = connection.execute(text(f"SELECT frequency, {', '.join(columns)} FROM commitment")).one()
    assert list(found) == ["quarterly", "", None, None, ""]


def test_the_only_lead_of_an_older_database_becomes_accountable_and_of_several_none_does(bare: Engine) -> None:
    schema.upgrade(bare)
    with transaction(bare) as session:
        plan = factories.plan(session)
        post = session.scalars(select(Post.id)).one()
        milestone, action = factories.milestones_of(session, plan)[0], session.scalars(select(Action)).one()
        recorder = Recorder(session, plan, SYSTEM, factories.NOW)
        rows = [LeadAssignment(plan_id=plan.id, milestone_id=milestone.id, post_id=post, accountable=False, position=1)]
        rows += [
            LeadAssignment(plan_id=plan.id, action_id=action.id, post_id=post, accountable=False, position=place)
            for place in (1, 2)
        ]
        session.add_all(rows)
        session.flush()
        for row in rows:
            recorder.add(row)
        recorder.close()
        keys = [row.id for row in rows]
    schema.downgrade(bare, "0005")
    schema.upgrade(bare)
    with Session(bare) as session:
        found = [session.get_one(LeadAssignment, key).accountable for key in keys]
        assert found == [True, False, False]
        assert not verify(session).faults
        entry = session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "made it accountable")).one()
        assert (entry.back_filled, entry.effective_day) == (True, factories.TODAY)


def test_attempts_to_sign_in_of_an_older_database_are_in_the_security_log(bare: Engine) -> None:
    schema.upgrade(bare, "0005")
    with bare.begin() as connection:
        connection.execute(
            text("INSERT INTO sign_in_attempt (email, at, succeeded) VALUES (:email, :at, :succeeded)"),
            [
                {"email": "a@testshire.example", "at": "2025-09-10 09:00:00.000000+00:00", "succeeded": succeeded}
                for succeeded in (True, False)
            ],
        )
    schema.upgrade(bare)
    with Session(bare) as session:
        events = session.scalars(select(SecurityEvent).order_by(SecurityEvent.id)).all()
        assert [(event.kind, event.email) for event in events] == [
            ("signed in", "a@testshire.example"),
            ("sign-in failed", "a@testshire.example"),
        ]
    schema.downgrade(bare, "0005")
    with bare.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sign_in_attempt")) == 2


def test_links_in_messages_of_an_older_database_are_taken_out_and_still_sent(bare: Engine) -> None:
    schema.upgrade(bare, "0024")
    told = {
        "key": "digest:1",
        "body": "Open https://x.example/u/the-value.signature/5 now",
        "html": "<p>/u/the-value.signature/5",
    }
    with bare.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outbox_message (dedupe_key, kind, period, to_address, subject, body, html, path, "
                "sensitive, state, attempts, created_at, detail) VALUES ('digest:1', 'digest', '', 'a@x.example', "
                "'News', :body, :html, '', false, 'pending', 0, '2025-09-10 09:00:00.000000+00:00', '')"
            ),
            told,
        )
    schema.upgrade(bare)
    with Session(bare) as session:
        message = session.scalars(select(OutboxMessage)).one()
        assert message.link == "the-value"
        assert message.body == f"Open https://x.example{LINK_MARK}/5 now"
        assert message.html == f"<p>{LINK_MARK}/5"


def test_a_failing_step_leaves_the_database_as_it_was(bare: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    schema.upgrade(bare, "0001")
    monkeypatch.setattr("alembic.operations.Operations.execute", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        schema.upgrade(bare)
    assert schema.current(bare) == "0001"


@pytest.mark.parametrize("verb", ["UPDATE ledger_entry SET actor = 'somebody else'", "DELETE FROM ledger_entry"])
def test_the_database_itself_refuses_to_rewrite_the_ledger(engine: Engine, verb: str) -> None:
    with transaction(engine) as session:
        factories.plan(session)
    with writing(), Session(engine) as session:
        count = session.scalar(select(func.count()).select_from(LedgerEntry))
        with pytest.raises(DBAPIError, match="never changed or deleted"):
            session.execute(text(verb))
        session.rollback()
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == count
        assert session.scalar(select(func.count()).select_from(Plan)) == 1
        assert session.scalar(select(func.count()).select_from(Milestone)) == 1
