"""The chase desk: who owes what, who answers, and one message a day to each person with everything."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.jobs.test_escalation import rungs
from tracker.models import Absence, Chase, Holding, Milestone, OutboxMessage, Person, Plan, UpdateLink
from tracker.queries.chase_desk import Desk, chase_desk
from tracker.queries.chases import asked_so_far
from tracker.queries.plans import find_plan
from tracker.queries.update_links import hash_of, signed
from tracker.rules.chasing import Owes
from tracker.rules.dates import london_day
from tracker.rules.delivery import LINK_MARK
from tracker.rules.errors import NotPermitted, Refusal
from tracker.rules.escalation import Rung
from tracker.rules.permissions import Actor, Role
from tracker.services.chasing import chase_post
from tracker.services.update_links import Links

NOW = datetime(2025, 10, 6, 9, 0, tzinfo=UTC)
GRACE = (5, 5)
LINKS = Links("a-key-for-tests", 14)


@pytest.fixture
def plan(session: Session) -> Plan:
    lines = (milestone_line("1"), milestone_line("2"), milestone_line("3", date="Dec 2025"))
    return factories.plan(session, *lines, effective=datetime(2025, 6, 2, 8, 0, tzinfo=UTC))


@pytest.fixture
def lead(session: Session, plan: Plan) -> Person:
    return factories.lead(session, plan)[0]


@pytest.fixture
def manager(session: Session, plan: Plan) -> tuple[Person, Actor]:
    return factories.member(session, plan, Role.MANAGER)


def desk(session: Session, plan: Plan) -> Desk:
    found = find_plan(session, plan.slug)
    assert found is not None
    return chase_desk(session, *found, london_day(NOW), GRACE)


def ask(session: Session, actor: Actor, plan: Plan, token: str = "one", now: datetime = NOW) -> list[str]:
    return chase_post(session, actor, now, plan.slug, token, desk(session, plan).rows[0].post_id, GRACE, LINKS)


def test_the_desk_says_what_a_post_owes_who_answers_and_what_comes_next(session, plan, lead, manager) -> None:
    row = desk(session, plan).rows[0]
    owed = [(debt.ref, debt.owes) for debt in row.debts]
    assert owed == [("1a.1", Owes.OVERDUE), ("1a.2", Owes.OVERDUE), ("1a.3", Owes.UNCONFIRMED)]
    assert [one.name for one in row.reached] == [lead.name]
    assert not row.by_managers
    assert row.last is None
    assert row.step == (Rung.LEAD, date(2025, 10, 6))


def test_one_message_holds_everything_and_is_kept_for_each_milestone(session, plan, lead, manager) -> None:
    assert ask(session, manager[1], plan) == [f"SEND Senior Manager ({lead.name})"]
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "chase")).one()
    assert message.to_person_id == lead.id
    assert message.subject == "Improvement plans: 3 things wait for your answer"
    assert all(f"1a.{number}:" in message.body for number in (1, 2, 3))
    assert len(rungs(session)) == 3
    row = desk(session, plan).rows[0]
    assert row.chased_today
    assert row.last is not None
    assert (row.last.asked_by, row.last.state) == (manager[1].label, "pending")


def test_a_chase_by_hand_carries_the_link_of_who_is_asked(session, plan, lead, manager) -> None:
    ask(session, manager[1], plan)
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "chase")).one()
    assert (message.path, len(message.link)) == (LINK_MARK, 32)
    assert "without signing in until 20 October 2025" in message.body
    link = session.scalars(select(UpdateLink)).one()
    assert (link.person_id, link.token_hash) == (lead.id, hash_of(signed(LINKS.secret, message.link)))


def test_where_links_are_switched_off_a_chase_leads_to_signing_in(session, plan, lead, manager) -> None:
    post_id = desk(session, plan).rows[0].post_id
    chase_post(session, manager[1], NOW, plan.slug, "one", post_id, GRACE, Links("a-key-for-tests", 0))
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "chase")).one()
    assert (message.path, message.link) == ("/my-milestones", "")
    assert "without signing in" not in message.body


def test_nobody_is_asked_twice_on_a_day_and_on_the_next_one_again(session, plan, lead, manager) -> None:
    ask(session, manager[1], plan)
    with pytest.raises(Refusal, match="today already"):
        ask(session, manager[1], plan, "two")
    assert ask(session, manager[1], plan, "three", NOW.replace(day=7))
    assert len(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "chase")).all()) == 2


def test_a_chase_by_hand_is_no_step_of_the_ladder(session, plan, lead, manager) -> None:
    before = desk(session, plan).rows[0].step
    ask(session, manager[1], plan)
    assert asked_so_far(session, london_day(NOW)) == {}
    assert desk(session, plan).rows[0].step == before


def test_where_the_holder_is_away_the_deputy_is_asked(session, plan, lead, manager) -> None:
    post = session.scalars(select(Holding.post_id).where(Holding.person_id == lead.id)).one()
    deputy = factories.person(session)
    session.add(Holding(post_id=post, person_id=deputy.id, deputy=True, from_day=date(2025, 1, 1)))
    session.add(Absence(person_id=lead.id, from_day=date(2025, 10, 1), to_day=date(2025, 10, 10)))
    session.flush()
    row = desk(session, plan).rows[0]
    assert [one.person_id for one in row.reached] == [deputy.id]
    assert row.people[0].why_not == "is away until 10 October 2025"
    ask(session, manager[1], plan)
    assert [person for _, person, _ in rungs(session)] == [deputy.id] * 3


def test_for_a_vacant_post_another_manager_is_told_and_nobody_is_asked_by_themselves(session, plan, manager) -> None:
    row = desk(session, plan).rows[0]
    assert row.by_managers
    assert row.why_nobody == "vacant"
    with pytest.raises(Refusal, match="nobody to ask but you"):
        ask(session, manager[1], plan)
    second, _ = factories.member(session, plan, Role.MANAGER)
    assert ask(session, manager[1], plan, "two") == [f"Improvement manager ({second.name})"]
    assert {row.rung for row in session.scalars(select(Chase))} == {"manager"}


def test_a_message_about_a_sensitive_plan_names_no_title_and_no_text(session, plan, lead, manager) -> None:
    plan.sensitive = True
    ask(session, manager[1], plan)
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "chase")).one()
    texts = session.scalars(select(Milestone.text).where(Milestone.plan_id == plan.id)).all()
    assert message.sensitive
    assert "1a.1" in message.body
    assert not any(text in message.body for text in (*texts, plan.title))


def test_only_a_manager_chases(session, plan, lead) -> None:
    _, reader = factories.member(session, plan, Role.AUDITOR)
    with pytest.raises(NotPermitted):
        ask(session, reader, plan)
