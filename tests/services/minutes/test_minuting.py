"""Minutes of a meeting on real rows: what the board decided takes effect, and its actions stand in the next pack."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tests.services import boards as made
from tests.services.boards import token
from tests.services.minutes.met import MET, asked, seen
from tracker.models import DeadlineChange, Milestone, Pack, PackAction, PackContent, PackMinute, Plan
from tracker.rules.errors import Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.minutes import ActionState, Outcome
from tracker.rules.permissions import Actor, Role
from tracker.services import matters, minuted, minutes
from tracker.services.verification import verify

ACTION = {"text": "Bring a firmer plan for 1a.1", "owner": "Head of SEND", "due": date(2025, 10, 7), "minute": "5.3"}


def printed(session: Session, pack: Pack) -> list[dict[str, Any]]:
    """Return the sections that a frozen pack prints about actions."""
    text = session.scalars(select(PackContent.canonical).where(PackContent.pack_id == pack.id)).one()
    return [one for one in json.loads(text)["content"]["report"]["sections"] if one["key"] == "actions"]


def test_what_the_board_agreed_takes_effect_with_the_meeting_and_its_minute(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    first, second, third = asked(session, pack)
    assert [one.about.split(" ")[0] for one in (first, second, third)] == ["1a.1", "1a.2", "1a.3"]
    assert [one.kind for one in (first, second, third)] == ["date", "date", "sign-off"]
    minutes.minute(session, manager, MET, pack.id, token(), seen(first, third), Outcome.AGREED, "5.2")
    change = session.get_one(DeadlineChange, first.key)
    assert (change.state, change.minute, change.meeting_on) == ("approved", "5.2", date(2025, 9, 16))
    assert session.get_one(Milestone, first.milestone_id).due_text == "Dec 2025"
    signed = session.get_one(Milestone, third.milestone_id)
    assert signed.signoff == "approved"
    assert signed.signoff_note == "Ratified by the board on 16 September 2025, minute 5.2."
    assert [one.waits for one in asked(session, pack)] == [False, True, False]
    assert session.scalars(select(PackMinute.outcome)).all() == ["agreed", "agreed"]
    session.flush()
    assert not verify(session).faults


def test_what_is_deferred_stays_asked_and_can_be_decided_later(session: Session, manager: Actor, pack: Pack) -> None:
    first = asked(session, pack)[0]
    with pytest.raises(Refusal, match="Say why it was deferred"):
        minutes.minute(session, manager, MET, pack.id, token(), seen(first), Outcome.DEFERRED, "5.2")
    minutes.minute(session, manager, MET, pack.id, token(), seen(first), Outcome.DEFERRED, "5.2", "No time")
    again = asked(session, pack)[0]
    assert again.waits
    assert [(one.outcome, one.minute, one.note) for one in again.minutes] == [("deferred", "5.2", "No time")]
    minutes.minute(session, manager, MET, pack.id, token(), seen(again), Outcome.REFUSED, "6.1", "Too late")
    assert [one.outcome for one in asked(session, pack)[0].minutes] == ["deferred", "refused"]
    assert session.get_one(DeadlineChange, first.key).state == "refused"
    with pytest.raises(Refusal, match=r"1a\.1 no longer waits for a decision"):
        minutes.minute(session, manager, MET, pack.id, token(), seen(again), Outcome.AGREED, "6.1")


def test_only_what_the_pack_asked_is_minuted_and_only_once_the_board_met(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    first = asked(session, pack)[0]
    with pytest.raises(Refusal, match="The meeting is on 16 September 2025"):
        minutes.minute(session, manager, NOW, pack.id, token(), seen(first), Outcome.AGREED, "5.2")
    with pytest.raises(NotFound, match="did not ask"):
        minutes.minute(session, manager, MET, pack.id, token(), {"sign-off:999": 1}, Outcome.AGREED, "5.2")
    with pytest.raises(Refusal, match="was changed while you looked"):
        minutes.minute(session, manager, MET, pack.id, token(), {first.subject: 99}, Outcome.AGREED, "5.2")
    tried = made.issued(session, manager, plan, MET)
    with pytest.raises(Refusal, match="made for no meeting"):
        minutes.add_action(session, manager, MET, tried.id, token(), ACTION)


def test_nobody_but_the_manager_minutes(session: Session, plan: Plan, pack: Pack) -> None:
    member = factories.member(session, plan, Role.BOARD)[1]
    with pytest.raises(NotPermitted):
        minutes.add_action(session, member, MET, pack.id, token(), ACTION)
    with pytest.raises(NotPermitted):
        minutes.minute(session, member, MET, pack.id, token(), {}, Outcome.AGREED, "5.2")


def test_actions_stand_in_the_next_pack_with_what_has_become_of_them(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    with pytest.raises(Refusal, match="not before the meeting of 16 September 2025"):
        minutes.add_action(session, manager, MET, pack.id, token(), ACTION | {"due": TODAY})
    first = minutes.add_action(session, manager, MET, pack.id, token(), ACTION)
    second = minutes.add_action(session, manager, MET, pack.id, token(), ACTION | {"text": "Write to the schools"})
    assert (first.number, second.number) == ("1.1", "1.2")
    with pytest.raises(Refusal, match="Say what has become of it"):
        minutes.settle_action(session, manager, MET, pack.id, first.id, 1, token(), ActionState.DONE, "")
    minutes.settle_action(session, manager, MET, pack.id, first.id, 1, token(), ActionState.DONE, "It was brought")
    with pytest.raises(Conflict):
        minutes.settle_action(session, manager, MET, pack.id, first.id, 1, token(), ActionState.OPEN, "")
    assert printed(session, pack) == []
    later = NOW + timedelta(days=40)
    board = pack.board_id
    meeting = made.meeting(
        session,
        manager,
        session.get_one(made.Board, board),
        date(2025, 10, 28),
        cut_off=later.date(),
        papers=later.date(),
    )
    following = made.issued(session, manager, plan, later, meeting_id=meeting.id)
    (section,) = printed(session, following)
    text = json.dumps(section)
    assert "2 actions; 1 still open, 1 of them past the day agreed." in text
    assert [row[0] for row in section["blocks"][1]["rows"]] == ["1.1", "1.2"]
    assert [row[4:] for row in section["blocks"][1]["rows"]] == [["Done", "It was brought"], ["Open", ""]]
    assert session.scalars(select(PackAction.closed_on).order_by(PackAction.id)).all() == [MET.date(), None]
    assert not verify(session).faults


def test_a_suspension_that_the_board_agreed_takes_effect_and_can_be_taken_back(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    fourth = factories.milestones_of(session, plan)[3]
    put = matters.put_to_board(session, manager, MET, fourth.id, token(), "suspension", "Two schools close.")
    first, _, third, asked_for = asked(session, pack)
    assert (asked_for.subject, asked_for.waits) == (f"matter:{put.id}", True)
    assert asked_for.sentence == "Suspend the milestone. Two schools close."
    before = (fourth.standing, session.get_one(Milestone, first.milestone_id).due_text)
    minutes.minute(session, manager, MET, pack.id, token(), seen(first, third, asked_for), Outcome.AGREED, "5.2")
    session.refresh(fourth)
    assert (fourth.standing, fourth.standing_reference) == (
        "suspended",
        "SEND Partnership Board, minute 5.2, 16 September 2025",
    )
    assert put.outcome == "SEND Partnership Board, 16 September 2025, minute 5.2."
    assert not verify(session).faults
    key = session.scalars(select(PackMinute.id)).all()[1]
    together = minuted.take_back(session, manager, MET, pack.id, key, token(), "The wrong board")
    assert len(together) == 3
    session.expire_all()
    assert before == (fourth.standing, session.get_one(Milestone, first.milestone_id).due_text)
    assert session.get_one(Milestone, third.milestone_id).signoff == "claimed"
    again = asked(session, pack)
    assert [one.waits for one in again] == [True, True, True, True]
    assert [[said.withdrawn_on for said in one.minutes] for one in (again[0], again[3])] == [[MET.date()], [MET.date()]]
    assert not verify(session).faults
    with pytest.raises(Refusal, match="taken back already"):
        minuted.take_back(session, manager, MET, pack.id, key, token(), "Twice")
    minutes.minute(session, manager, MET, pack.id, token(), seen(again[0]), Outcome.AGREED, "5.2")
    assert session.get_one(Milestone, first.milestone_id).due_text == "Dec 2025"


def test_a_minute_stands_where_its_milestone_was_changed_since_or_the_next_pack_is_issued(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    first, second, _ = asked(session, pack)
    minutes.minute(session, manager, MET, pack.id, token(), seen(first), Outcome.AGREED, "5.2")
    minutes.minute(session, manager, MET, pack.id, token(), seen(second), Outcome.DEFERRED, "5.3", "No time")
    one, other = session.scalars(select(PackMinute.id)).all()
    moved = session.get_one(Milestone, first.milestone_id)
    acts.ask(session, factories.lead(session, plan)[1], moved, MET, proposed="Mar 2026")
    with pytest.raises(Refusal, match=r"1a\.1 was changed since it was minuted"):
        minuted.take_back(session, manager, MET, pack.id, one, token(), "Not so")
    with pytest.raises(Refusal, match="Enter why"):
        minuted.take_back(session, manager, MET, pack.id, other, token(), "")
    later = NOW + timedelta(days=40)
    board = session.get_one(made.Board, pack.board_id)
    meeting = made.meeting(session, manager, board, date(2025, 10, 28), cut_off=later.date(), papers=later.date())
    made.issued(session, manager, plan, later, meeting_id=meeting.id)
    with pytest.raises(Refusal, match="Pack 2 is issued and says what became of this meeting"):
        minuted.take_back(session, manager, later, pack.id, other, token(), "Not so")


def test_a_decision_in_the_boards_own_words_is_minuted_and_stands_in_the_next_pack(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    with pytest.raises(Refusal, match="Enter what the board decided"):
        minutes.minute_words(session, manager, MET, pack.id, token(), " ", "2.1")
    with pytest.raises(Refusal, match="Enter the number of the minute"):
        minutes.minute_words(session, manager, MET, pack.id, token(), "Thank the schools.", " ")
    kept = minutes.minute_words(session, manager, MET, pack.id, token(), "Thank the schools.", "2.1")
    gone = minutes.minute_words(session, manager, MET, pack.id, token(), "Meet in schools", "2.2")
    minuted.take_back(session, manager, MET, pack.id, gone.id, token(), "It was only said")
    first = asked(session, pack)[0]
    minutes.minute(session, manager, MET, pack.id, token(), seen(first), Outcome.REFUSED, "5.2", "Too late.")
    assert (kept.subject, kept.about) == ("words", "Thank the schools.")
    later = NOW + timedelta(days=40)
    board = session.get_one(made.Board, pack.board_id)
    meeting = made.meeting(session, manager, board, date(2025, 10, 28), cut_off=later.date(), papers=later.date())
    (section,) = printed(session, made.issued(session, manager, plan, later, meeting_id=meeting.id))
    about = first.about.rstrip(".")
    assert section["blocks"][-1]["items"] == [
        "Minute 2.1: Thank the schools.",
        f"Minute 5.2: {about}: refused. Too late.",
    ]
    assert not verify(session).faults
