"""The preflight of a pack on real rows: lines, waivers that are printed, messages that go once a day."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import boards as made
from tests.services.boards import token
from tracker.exports.packs import compose
from tracker.models import Milestone, OutboxMessage, Pack, PackContent, Plan
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services import pack_checks, pack_freezing
from tracker.services.pack_checks import pack_preflight
from tracker.services.verification import verify

LATE = NOW + timedelta(days=30)


@pytest.fixture
def plan(session: Session) -> Plan:
    """Return a plan with a milestone due in Sep 2025, and one without a date."""
    return factories.plan(session, factories.milestone_line("1"), factories.milestone_line("2", date="Ongoing"))


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    """Return its improvement manager."""
    return factories.member(session, plan, Role.MANAGER)[1]


@pytest.fixture
def pack(session: Session, plan: Plan, manager: Actor) -> Pack:
    """Return a draft as at a day on which the first milestone is Red."""
    return made.drafted(session, manager, plan, LATE)


def subject(session: Session, plan: Plan, ref: str) -> str:
    """Return how the list names a milestone."""
    key = session.scalars(select(Milestone.id).where(Milestone.plan_id == plan.id, Milestone.ref == ref)).one()
    return f"milestone:{key}"


def test_the_list_is_made_from_the_plan(session: Session, plan: Plan, pack: Pack) -> None:
    found = pack_preflight(session, pack, LATE.date())
    assert [(line.finding.check, line.finding.about) for line in found.lines] == [
        ("red", "1a.1 Deliverable 1"),
        ("undated", "1a.2 Deliverable 2"),
        ("vacant", "SEND Senior Manager"),
    ]
    assert found.window == date(2025, 9, 10)  # nothing was issued and no meeting says: a month before


def test_a_waiver_has_a_reason_and_is_kept_in_the_pack(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    about = subject(session, plan, "2")
    with pytest.raises(Refusal, match="the pack prints it"):
        pack_checks.waive(session, manager, LATE, pack.id, token(), "undated", about, " ")
    waiver = pack_checks.waive(session, manager, LATE, pack.id, token(), "undated", about, "The board set no date")
    with pytest.raises(Refusal, match="was waived on 10 October 2025 already"):
        pack_checks.waive(session, manager, LATE, pack.id, token(), "undated", about, "Again")
    found = pack_preflight(session, pack, LATE.date())
    assert [line.open for line in found.lines] == [True, False, True]
    other = pack_checks.waive(session, manager, LATE, pack.id, token(), "red", subject(session, plan, "1"), "In hand")
    pack_checks.withdraw_waiver(session, manager, LATE, pack.id, other.id, token())
    pack_freezing.freeze(session, manager, LATE, pack.id, pack.version, token(), compose)
    stored = json.loads(session.scalars(select(PackContent.canonical)).one())
    assert stored["waivers"] == [
        {
            "about": "1a.2 Deliverable 2",
            "by": manager.label,
            "check": "undated",
            "on": "2025-10-10",
            "reason": "The board set no date",
            "subject": about,
        }
    ]
    with pytest.raises(Refusal, match="cannot be edited now"):
        pack_checks.withdraw_waiver(session, manager, LATE, pack.id, waiver.id, token())
    assert not verify(session).faults


def test_one_click_asks_the_lead_once_a_day(session: Session, plan: Plan, manager: Actor, pack: Pack) -> None:
    about = subject(session, plan, "1")
    with pytest.raises(Refusal, match="nobody to ask but you"):
        pack_checks.chase(session, manager, LATE, pack.id, token(), "red", about)
    person, _ = factories.lead(session, plan)
    sent = pack_checks.chase(session, manager, LATE, pack.id, token(), "red", about, "https://localhost/milestones/1")
    assert sent.told == "SEND Senior Manager"
    message = session.scalars(select(OutboxMessage)).one()
    assert (message.to_person_id, message.kind) == (person.id, "chase")
    assert message.subject == "1a.1 Deliverable 1: Ask for a new date with a recovery plan."
    assert "Put it right here: https://localhost/milestones/1" in message.body
    with pytest.raises(Refusal, match="was asked today already"):
        pack_checks.chase(session, manager, LATE, pack.id, token(), "red", about)
    line = pack_preflight(session, pack, TODAY + timedelta(days=30)).line("red", about)
    assert line is not None
    assert line.chase is sent
    pack_checks.chase(session, manager, LATE + timedelta(days=1), pack.id, token(), "red", about)
    assert len(session.scalars(select(OutboxMessage.id)).all()) == 2


def test_a_line_that_was_put_right_is_neither_waived_nor_chased(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    with pytest.raises(Refusal, match="no longer on the list"):
        pack_checks.waive(session, manager, LATE, pack.id, token(), "red", subject(session, plan, "2"), "Why not")
    lead = factories.lead(session, plan)[1]
    with pytest.raises(NotFound):
        pack_checks.chase(session, lead, LATE, pack.id, token(), "red", subject(session, plan, "1"))
