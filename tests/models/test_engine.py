"""How we talk to the database: safe settings on every connection, writers that wait, values that come back alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests import factories
from tracker.models import Milestone, Person, Workstream
from tracker.models.engine import transaction, writing


def test_every_connection_has_the_settings_that_lose_nothing(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        with engine.connect() as connection:
            assert connection.scalar(text("SHOW timezone")) == "UTC"
        return
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    for _ in range(2):
        with engine.connect() as connection:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        assert found == wanted
        engine.dispose()


def test_a_reader_is_not_kept_waiting_by_a_writer(engine: Engine) -> None:
    def read() -> list[str]:
        with Session(engine) as reader:
            return list(reader.scalars(select(Person.name)))

    with transaction(engine) as session:
        factories.person(session, "Before")
    with transaction(engine) as writer, ThreadPoolExecutor(1) as pool:
        factories.person(writer, "During")
        assert pool.submit(read).result() == ["Before"]


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with transaction(engine) as session:
            factories.plan(session)
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        fail()
    with Session(engine) as session:
        assert session.scalars(select(Milestone)).all() == []


def test_a_row_without_its_parent_is_refused(session: Session) -> None:
    session.add(Workstream(plan_id=99, priority_id=99, ref="1a", title="Orphan", position=1))
    with pytest.raises(IntegrityError):
        session.flush()


def test_instants_come_back_in_utc_and_naive_ones_are_refused(session: Session) -> None:
    summer = datetime(2025, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    person = factories.person(session, disabled_at=summer)
    session.expire_all()
    assert person.disabled_at == summer
    assert person.disabled_at.tzinfo is UTC
    with pytest.raises(Exception, match="An instant needs a time zone"):
        factories.person(session, disabled_at=datetime(2025, 7, 1, 0, 30))  # noqa: DTZ001


def test_lists_and_words_come_back_as_they_went_in(session: Session) -> None:
    plan = factories.plan(session, reports_to=["Board", "Cabinet"], key={"Blau": "fertig – ✓"})
    session.expire_all()
    assert (plan.reports_to, plan.key) == (["Board", "Cabinet"], {"Blau": "fertig – ✓"})


def test_a_row_that_changed_behind_ones_back_is_not_overwritten(engine: Engine) -> None:
    with transaction(engine) as session:
        key = factories.milestones_of(session, factories.plan(session))[0].id
    with writing(), Session(engine, expire_on_commit=False) as slow:
        seen = slow.get_one(Milestone, key)
        slow.commit()
        with transaction(engine) as quick:
            quick.get_one(Milestone, key).text = "Quick"
        seen.text = "Slow"
        with pytest.raises(StaleDataError):
            slow.flush()
