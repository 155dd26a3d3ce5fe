"""A sign-off that waits: who signs off is reminded, then the senior officer is told; each once, with a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.jobs.test_digest import at
from tests.services import acts
from tracker.config import Settings
from tracker.jobs.escalation import escalate
from tracker.models import Absence, Chase, Holding, Membership, Milestone, OutboxMessage, Person, Plan, Post
from tracker.rules.escalation import Asked, Rung, next_reminder
from tracker.rules.permissions import Actor, Role
from tracker.rules.rhythm import Often, Rhythm
from tracker.rules.working_days import WEEKDAYS
from tracker.services.outbox import left_already

CLAIMED = "2025-09-10"  # a Wednesday
LATER = ("2025-09-17", "2025-09-24")  # five working days on, and five more


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, address="https://plans.testshire.example", digest="weekly monday")


@pytest.fixture
def plan(session: Session) -> Plan:
    return factories.plan(session, milestone_line("1", date="Dec 2025"), effective=at("2025-06-02"))


@pytest.fixture
def senior(session: Session, plan: Plan) -> Person:
    person = factories.person(session, "The director")
    organisation = session.scalars(select(Post.organisation_id)).first()
    post = Post(title="Director", organisation_id=organisation)
    session.add(post)
    session.flush()
    session.add(Holding(post_id=post.id, person_id=person.id, from_day=date(2025, 1, 1)))
    plan.senior_post_id = post.id
    session.flush()
    return person


@pytest.fixture
def manager(session: Session, plan: Plan) -> Person:
    return factories.member(session, plan, Role.MANAGER)[0]


@pytest.fixture
def claimed(session: Session, plan: Plan) -> Milestone:
    actor = factories.lead(session, plan)[1]
    (milestone,) = factories.milestones_of(session, plan)
    acts.claim(session, actor, milestone, at(CLAIMED))
    return milestone


@pytest.fixture
def told(session: Session, settings: Settings) -> Callable[[str, str], dict[str, list[tuple[int | None, str]]]]:
    """Return a way to run the job on each working day of a stretch: whom it told what on which day."""

    def run(first: str, last: str) -> dict[str, list[tuple[int | None, str]]]:
        found, day = {}, date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            now = at(day.isoformat())
            if WEEKDAYS.works(day):
                before = set(session.scalars(select(OutboxMessage.id)))
                escalate(session, settings, Rhythm(Often.DAILY).latest(now, WEEKDAYS), now)
                query = select(OutboxMessage).where(OutboxMessage.kind == "escalation").order_by(OutboxMessage.id)
                rows = [row for row in session.scalars(query) if row.id not in before]
                if rows:
                    found[day.isoformat()] = [(row.to_person_id, row.subject) for row in rows]
            day += timedelta(days=1)
        return found

    return run


def chases(session: Session) -> list[tuple[str, str, int | None, str, str]]:
    rows = session.scalars(select(Chase).order_by(Chase.id))
    return [(one.about, one.rung, one.person_id, str(one.due), str(one.chased_on)) for one in rows]


def test_who_signs_off_is_reminded_and_then_the_senior_officer_is_told_each_once(
    session, settings, claimed, manager, senior, told
) -> None:
    said = "Improvement plans: 1 sign-off waits"
    assert told(CLAIMED, "2025-10-20") == {LATER[0]: [(manager.id, said)], LATER[1]: [(senior.id, said)]}
    assert chases(session) == [
        ("sign-off", "manager", manager.id, CLAIMED, LATER[0]),
        ("sign-off", "senior officer", senior.id, CLAIMED, LATER[1]),
    ]
    first, second = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "escalation"))
    assert "These milestones wait for sign-off" in first.body
    assert "Asked for on 10 September 2025, 7 days ago." in first.body
    assert f"https://plans.testshire.example/milestones/{claimed.id}" in first.body
    assert "The improvement manager was reminded on 17 September 2025." in second.body
    assert first.link == ""
    assert left_already(session, "escalation", [LATER[0]]) == {first.dedupe_key}


def test_what_is_decided_reminds_nobody_and_a_new_claim_begins_a_new_ladder(
    session, settings, plan, claimed, manager, senior, told
) -> None:
    actor = Actor(manager.id, "Improvement manager", roles={plan.id: frozenset({Role.MANAGER})})
    assert list(told(CLAIMED, "2025-09-18")) == [LATER[0]]
    acts.decide(session, actor, claimed, at("2025-09-19"), approve=False)
    assert told("2025-09-19", "2025-10-10") == {}
    lead = session.get_one(Person, claimed.claimed_by_id or session.scalars(select(Holding.person_id)).first())
    again = Actor(lead.id, "Lead", frozenset(session.scalars(select(Post.id))), {plan.id: frozenset({Role.LEAD})})
    acts.claim(session, again, claimed, at("2025-10-13"))
    assert list(told("2025-10-13", "2025-10-31")) == ["2025-10-20", "2025-10-27"]


def test_nobody_is_reminded_of_their_own_claim(session, settings, plan, claimed, manager, senior, told) -> None:
    claimed.claimed_by_id = manager.id
    session.flush()
    assert told(CLAIMED, "2025-09-20") == {LATER[0]: [(senior.id, "Improvement plans: 1 sign-off waits")]}
    assert [(one[1], one[2]) for one in chases(session)] == [("manager", None), ("senior officer", senior.id)]
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "escalation")).one()
    assert "The plan has no improvement manager who is there and may decide." in message.body


def test_where_every_manager_is_away_the_senior_officer_is_told_at_once(
    session, settings, claimed, manager, senior, told
) -> None:
    session.add(Absence(person_id=manager.id, from_day=date(2025, 9, 15), to_day=date(2025, 9, 30)))
    session.flush()
    assert [[key for key, _ in rows] for rows in told(CLAIMED, "2025-09-20").values()] == [[senior.id]]


def test_what_is_overdue_and_what_waits_come_in_one_message(session, settings, manager, told) -> None:
    lines = (milestone_line("1", date="Dec 2025"), milestone_line("2", date="1 September 2025"))
    plan = factories.plan(session, *lines, effective=at("2025-06-02"), slug="second")
    session.add(Membership(plan_id=plan.id, person_id=manager.id, role=Role.MANAGER.value))
    acts.claim(session, factories.lead(session, plan)[1], factories.milestones_of(session, plan)[0], at("2025-09-02"))
    found = told("2025-09-02", "2025-09-09")
    said = "Improvement plans: 1 overdue milestone without an answer, 1 sign-off waits"
    assert found["2025-09-09"] == [(manager.id, said)]
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.subject == said)).one()
    for words in ("OVERDUE, AND THE LEAD HAS NOT ANSWERED", "WAITING FOR YOUR SIGN-OFF", "or wait for sign-off"):
        assert words in message.body


def test_steps_about_a_deadline_are_not_steps_about_a_sign_off(session, settings, plan, claimed, manager, told) -> None:
    step = {"due": date.fromisoformat(CLAIMED), "chased_on": date(2025, 9, 11), "chased_at": at("2025-09-11")}
    session.add(Chase(plan_id=plan.id, milestone_id=claimed.id, rung="manager", person_id=None, **step))
    session.flush()
    assert list(told("2025-09-12", "2025-09-22")) == [LATER[0]]


def test_the_reminder_of_a_sensitive_plan_names_no_title(session, settings, plan, claimed, manager, told) -> None:
    plan.sensitive, claimed.text = True, "Canary text"
    session.flush()
    told(CLAIMED, "2025-09-20")
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "escalation")).one()
    assert message.sensitive
    assert "Canary" not in message.subject + message.body + message.html


@pytest.mark.parametrize(
    ("asked", "today", "expected"),
    [
        ([], "2025-09-16", None),
        ([], "2025-09-17", Rung.MANAGER),
        ([Asked(Rung.MANAGER, date(2025, 9, 17))], "2025-09-23", None),
        ([Asked(Rung.MANAGER, date(2025, 9, 17))], "2025-09-24", Rung.SENIOR),
        ([Asked(Rung.MANAGER, date(2025, 9, 17)), Asked(Rung.SENIOR, date(2025, 9, 24))], "2026-09-24", None),
    ],
)
def test_the_rungs_of_a_sign_off(asked: list[Asked], today: str, expected: Rung | None) -> None:
    day = date.fromisoformat(today)
    assert next_reminder(date.fromisoformat(CLAIMED), asked, day, (5, 5), WEEKDAYS) is expected
