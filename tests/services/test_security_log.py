"""The security log: it only grows, the same refusal within a minute is one row, and it goes when its time is past."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.models import SecurityEvent, SecurityRetention
from tracker.models.engine import transaction, writing
from tracker.rules.permissions import Actor
from tracker.rules.security import FOLDED, GROUPS, Kind
from tracker.services.security import Noted, forget_events, note

DENIED = Noted(email="a@testshire.example", detail="POST /accounts/<int:person_id>/disable")


def rows(session: Session) -> list[tuple[str, int]]:
    """Return kind and number of each event, oldest first."""
    query = select(SecurityEvent.kind, SecurityEvent.times).order_by(SecurityEvent.id)
    return [(kind, times) for kind, times in session.execute(query)]


def test_the_same_refusal_within_a_minute_is_counted_in_one_row(session: Session) -> None:
    for second in range(5):
        note(session, NOW + timedelta(seconds=second), Kind.DENIED, None, DENIED)
    event = session.scalars(select(SecurityEvent)).one()
    session.refresh(event)
    assert (event.times, event.at, event.last_at) == (5, NOW, NOW + timedelta(seconds=4))
    note(session, NOW + timedelta(seconds=61), Kind.DENIED, None, DENIED)
    assert rows(session) == [("denied", 5), ("denied", 1)]


def test_a_refusal_of_something_else_or_to_somebody_else_is_a_row_of_its_own(session: Session) -> None:
    for about in (
        DENIED,
        Noted(email=DENIED.email, detail="GET /people"),
        Noted(email="b@x.example", detail="POST /x"),
    ):
        note(session, NOW, Kind.DENIED, None, about)
    note(session, NOW, Kind.DENIED, Actor(None, "A post"), DENIED)
    note(session, NOW, Kind.HIDDEN, None, DENIED)
    assert [times for _, times in rows(session)] == [1, 1, 1, 1, 1]


def test_what_changes_access_is_never_folded(session: Session) -> None:
    for _ in range(2):
        note(session, NOW, Kind.ROLE_GRANTED, None, DENIED)
    assert len(rows(session)) == 2
    assert not FOLDED & GROUPS["accounts"][1]


def test_every_kind_of_event_can_be_filtered_for() -> None:
    assert frozenset().union(*(kinds for _, kinds in GROUPS.values())) == frozenset(Kind)


@pytest.mark.parametrize(
    "verb",
    [
        "UPDATE security_event SET email = 'somebody.else@testshire.example'",
        "UPDATE security_event SET kind = 'signed out', times = times + 1",
        "UPDATE security_event SET times = times - 1",
        "UPDATE security_event SET last_at = '2020-01-01 00:00:00', times = times + 1",
        "DELETE FROM security_event",
    ],
)
def test_the_database_itself_refuses_to_rewrite_the_log(engine: Engine, verb: str) -> None:
    with transaction(engine) as session:
        note(session, NOW, Kind.DENIED, None, DENIED)
    with writing(), Session(engine) as session:
        with pytest.raises(DBAPIError, match="Security events are never"):
            session.execute(text(verb))
        session.rollback()
        assert rows(session) == [("denied", 1)]


def test_what_is_past_its_time_goes_and_a_row_says_so(session: Session) -> None:
    for days in (400, 366, 364):
        note(session, NOW - timedelta(days=days), Kind.SIGNED_IN, None, DENIED)
    assert forget_events(session, NOW, timedelta(days=365)) == 2
    assert rows(session) == [("signed in", 1), ("old events forgotten", 1)]
    assert forget_events(session, NOW, timedelta(days=365)) == 0
    assert forget_events(session, NOW + timedelta(days=3), timedelta(days=365)) == 1


def test_forgetting_does_not_open_the_log_for_what_is_younger(engine: Engine) -> None:
    with transaction(engine) as session:
        for days in (400, 1):
            note(session, NOW - timedelta(days=days), Kind.SIGNED_IN, None, DENIED)
        forget_events(session, NOW, timedelta(days=365))
    with writing(), Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(SecurityRetention)) == 1
        with pytest.raises(DBAPIError, match="before their time"):
            session.execute(delete(SecurityEvent))
        session.rollback()
        with pytest.raises(DBAPIError, match="never changed"):
            session.execute(update(SecurityEvent).values(actor="nobody"))
