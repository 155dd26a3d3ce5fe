"""Escalation: whom the ladder reaches, in one message each, with a record of whom we told; windows and packs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.statements import counted
from tracker.config import Settings
from tracker.jobs.digest import send_digests
from tracker.jobs.escalation import escalate
from tracker.jobs.windows import tell_of_windows
from tracker.models import (
    Absence,
    Board,
    BoardPlan,
    Chase,
    Holding,
    Meeting,
    Organisation,
    OutboxMessage,
    Pack,
    Person,
    Plan,
    Post,
    UpdateLink,
)
from tracker.queries.update_links import hash_of, signed
from tracker.rules.delivery import LINK_MARK
from tracker.rules.permissions import Role
from tracker.rules.rhythm import Period
from tracker.services import job_runs


def at(day: str) -> datetime:
    """Return a moment of a morning."""
    return datetime.fromisoformat(day).replace(hour=8, tzinfo=UTC)


def digest_of_before(session: Session) -> None:
    """Let the last digest have gone some days before, so that the ladder speaks for itself."""
    job_runs.claim(session, "digest", "2025-09-29", at("2025-09-29"))


def told(session: Session, settings: Settings, day: str) -> list[tuple[int | None, str]]:
    """Run the ladder on a day; return whom it told with the subject."""
    before = set(session.scalars(select(OutboxMessage.id)))
    escalate(session, settings, Period(day, at(day)), at(day))
    found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(message.to_person_id, message.subject) for message in found if message.id not in before]


def rungs(session: Session) -> list[tuple[str, int | None, str]]:
    """Return the record of chases: rung, person, day."""
    return [
        (row.rung, row.person_id, row.chased_on.isoformat())
        for row in session.scalars(select(Chase).order_by(Chase.id))
    ]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, address="https://plans.testshire.example")  # digests go on Mondays


@pytest.fixture
def plan(session: Session) -> Plan:
    digest_of_before(session)
    lines = (milestone_line("1"), milestone_line("2"), milestone_line("3", date="Dec 2025"))
    return factories.plan(session, *lines, effective=at("2025-06-02"))


@pytest.fixture
def lead(session: Session, plan: Plan) -> Person:
    return factories.lead(session, plan)[0]


@pytest.fixture
def manager(session: Session, plan: Plan) -> Person:
    return factories.member(session, plan, Role.MANAGER)[0]


@pytest.fixture
def senior(session: Session, plan: Plan) -> Person:
    """Let the plan name a senior responsible officer; return who holds that post."""
    post = Post(title="Director of Children's Services", organisation_id=session.scalars(select(Organisation.id)).one())
    session.add(post)
    session.flush()
    made = factories.person(session)
    session.add(Holding(post_id=post.id, person_id=made.id, from_day=date(2025, 1, 1)))
    plan.senior_post_id = post.id
    session.flush()
    return made


def test_silence_climbs_the_ladder_a_step_at_a_time_and_each_step_is_kept(
    session, settings, plan, lead, manager, senior
) -> None:
    days = [str(date(2025, 9, 29) + timedelta(days=number)) for number in range(30)]
    sent = {
        day: found for day in days if date.fromisoformat(day).weekday() < 5 and (found := told(session, settings, day))
    }
    silent = "Improvement plans: 2 overdue milestones without an answer"
    assert sent == {
        "2025-10-01": [(lead.id, "Improvement plans: 2 overdue milestones")],
        "2025-10-08": [(manager.id, silent)],
        "2025-10-15": [(senior.id, silent)],
    }
    people = [("lead", lead.id, "2025-10-01"), ("manager", manager.id, "2025-10-08")]
    people.append(("senior officer", senior.id, "2025-10-15"))
    assert rungs(session) == [one for one in people for _ in range(2)]
    last = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert "The improvement manager was told on 8 October 2025." in last.body
    assert "https://plans.testshire.example/milestones/" in last.body
    chase = session.scalars(select(Chase)).first()
    assert chase.message_key == f"escalation:{lead.id}:2025-10-01"
    assert chase.told == f"SEND Senior Manager ({lead.name})"


def test_only_the_lead_gets_links_that_need_no_account(session, settings, plan, lead, manager) -> None:
    for day in ("2025-10-01", "2025-10-08"):
        told(session, settings, day)
    to_lead, to_manager = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert (to_lead.to_person_id, to_manager.to_person_id) == (lead.id, manager.id)
    assert "https://plans.testshire.example/u/" in to_lead.body
    assert "without signing in until 15 October 2025" in to_lead.body
    assert "/u/" not in to_manager.body
    assert "without signing in" not in to_manager.body


def test_what_the_digest_of_the_day_says_anyway_has_no_message_of_its_own(session, settings, plan, lead) -> None:
    daily = replace(settings, digest="daily")
    assert told(session, daily, "2025-10-01") == []
    assert rungs(session) == [("lead", lead.id, "2025-10-01")] * 2
    assert {chase.message_key for chase in session.scalars(select(Chase))} == {f"digest:{lead.id}:2025-10-01"}
    send_digests(session, daily, Period("2025-10-01", at("2025-10-01")), at("2025-10-01"))
    message = session.scalars(select(OutboxMessage)).one()
    assert message.dedupe_key == f"digest:{lead.id}:2025-10-01"
    assert "2 overdue" in message.subject


def test_an_update_is_an_answer_and_a_proposed_date_takes_it_off_the_ladder(
    session, settings, plan, lead, manager
) -> None:
    first, second, _ = factories.milestones_of(session, plan)
    told(session, settings, "2025-10-01")
    first.updated_on, second.proposed_text = date(2025, 10, 6), "Nov 2025"
    session.flush()
    assert told(session, settings, "2025-10-08") == []
    assert told(session, settings, "2025-10-13") == [(lead.id, "Improvement plans: 1 overdue milestone")]


def test_where_nobody_is_on_a_rung_the_next_one_hears_at_once_and_why(session, settings, plan, lead, manager) -> None:
    session.add(Absence(person_id=lead.id, from_day=date(2025, 9, 29), to_day=date(2025, 10, 10)))
    session.flush()
    assert told(session, settings, "2025-10-01") == [
        (manager.id, "Improvement plans: 2 overdue milestones without an answer")
    ]
    body = session.scalars(select(OutboxMessage.body)).one()
    assert "is away until 10 October 2025 and nobody deputises." in body
    assert [row[:2] for row in rungs(session)] == [("lead", None), ("manager", manager.id)] * 2


def test_a_deputy_is_asked_while_deputising(session, settings, plan, lead) -> None:
    deputy = factories.person(session)
    post = session.scalars(select(Post.id)).one()
    session.add(Absence(person_id=lead.id, from_day=date(2025, 9, 29), to_day=date(2025, 10, 10)))
    session.add(Holding(post_id=post, person_id=deputy.id, from_day=date(2025, 9, 1), deputy=True))
    session.flush()
    assert [person for person, _ in told(session, settings, "2025-10-01")] == [deputy.id]


def test_a_plan_without_anybody_leaves_a_record_that_nobody_was_told(session, settings, plan) -> None:
    assert told(session, settings, "2025-10-01") == []
    assert [row[:2] for row in rungs(session)] == [("lead", None), ("manager", None), ("senior officer", None)] * 2


def test_the_ladder_run_twice_in_a_day_tells_nobody_twice(session, settings, plan, lead) -> None:
    assert len(told(session, settings, "2025-10-01")) == 1
    assert told(session, settings, "2025-10-01") == []
    assert len(rungs(session)) == 2


def test_a_sensitive_plan_keeps_its_words_out(session, settings, plan, lead) -> None:
    plan.sensitive, plan.title = True, "Canary title"
    told(session, settings, "2025-10-01")
    message = session.scalars(select(OutboxMessage)).one()
    assert message.sensitive
    assert "1a.1" in message.body
    for word in ("Canary", "Deliverable"):
        assert word not in message.subject + message.body + message.html


def test_the_statements_of_the_ladder_do_not_grow(session, settings) -> None:
    def cost(number: int) -> int:
        digest_of_before(session)
        for index in range(number):
            made = factories.plan(session, milestone_line("1"), lead=f"Post {number} {index}")
            factories.member(session, made, Role.MANAGER)
        session.flush()
        with counted(session) as statements:
            escalate(session, settings, Period("2025-10-02", at("2025-10-02")), at("2025-10-02"))
        return len(statements)

    few = cost(10)
    session.rollback()
    assert cost(40) == few <= 16


# ------------------------------------------------------------------ the calendar of a board
@pytest.fixture
def meeting(session: Session, plan: Plan) -> Meeting:
    """Let the plan report to a board that meets on 12 November 2025: open from 15 October, closes on 29 October."""
    board = Board(name="SEND Partnership Board")
    session.add(board)
    session.flush()
    session.add(BoardPlan(board_id=board.id, plan_id=plan.id))
    made = Meeting(board_id=board.id, day=date(2025, 11, 12))
    session.add(made)
    session.flush()
    return made


def notices(session: Session, settings: Settings, first: str, last: str) -> list[tuple[str, int | None, str]]:
    """Run the notices on each day of a stretch; return day, person and subject of each message."""
    found, day = [], date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        before = set(session.scalars(select(OutboxMessage.id)))
        tell_of_windows(session, settings, at(day.isoformat()))
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        found += [(day.isoformat(), row.to_person_id, row.subject) for row in rows if row.id not in before]
        day += timedelta(days=1)
    return found


def test_leads_hear_once_that_a_window_opens_and_once_that_it_closes(session, settings, meeting, lead) -> None:
    assert notices(session, settings, "2025-10-01", "2025-11-20") == [
        ("2025-10-15", lead.id, "Improvement plans: update by 29 October 2025"),
        ("2025-10-27", lead.id, "Improvement plans: 3 not confirmed, the window closes on 29 October 2025"),
    ]


def test_a_notice_of_a_window_carries_a_link_and_makes_none_twice(session, settings, meeting, lead) -> None:
    notices(session, settings, "2025-10-15", "2025-10-20")
    (message,) = session.scalars(select(OutboxMessage)).all()
    assert f"https://plans.testshire.example{LINK_MARK}/" in message.body
    assert "without signing in until 29 October 2025" in message.body
    link = session.scalars(select(UpdateLink)).one()  # one, however often the job ran
    assert (link.person_id, link.token_hash) == (lead.id, hash_of(signed(settings.secret_key, message.link)))


def test_who_has_confirmed_everything_hears_nothing_more(session, settings, plan, meeting, lead) -> None:
    for milestone in factories.milestones_of(session, plan):
        milestone.updated_on = date(2025, 10, 16)
    session.flush()
    assert [subject for _, _, subject in notices(session, settings, "2025-10-20", "2025-10-31")] == [
        "Improvement plans: update by 29 October 2025"  # a worker that comes late tells of what is still open
    ]


def test_nothing_is_said_of_a_meeting_that_is_cancelled(session, settings, meeting, lead) -> None:
    meeting.state = "cancelled"
    session.flush()
    assert notices(session, settings, "2025-10-14", "2025-10-30") == []


def test_board_and_managers_hear_once_of_a_pack_that_is_issued(session, settings, plan, manager) -> None:
    member = factories.member(session, plan, Role.BOARD)[0]
    board = Board(name="SEND Partnership Board")
    session.add(board)
    session.flush()
    session.add(
        Pack(
            plan_id=plan.id,
            board_id=board.id,
            state="issued",
            as_at=date(2025, 10, 31),
            number=4,
            made_on=date(2025, 11, 3),
            issued_at=at("2025-11-05"),
        )
    )
    session.flush()
    said = "Improvement plans: a pack for SEND Partnership Board has been issued"
    assert notices(session, settings, "2025-11-05", "2025-11-25") == [
        ("2025-11-05", manager.id, said),
        ("2025-11-05", member.id, said),
    ]
