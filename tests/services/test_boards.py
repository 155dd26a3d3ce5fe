"""Boards and their meetings: who may change them, and what is refused with which sentence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import boards as made
from tests.services.boards import token
from tracker.models import LedgerEntry, Meeting, OutboxMessage, Pack, Plan, Post
from tracker.queries.boards import boards as all_boards
from tracker.queries.boards import council_days, meetings_between, members
from tracker.queries.security import board_changes
from tracker.rules.errors import Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services import board_meetings, boards
from tracker.services.pack_schedule import draft_due_packs
from tracker.services.verification import verify


@pytest.fixture
def plan(session: Session) -> Plan:
    """Return a small plan."""
    return factories.plan(session)


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    """Return its improvement manager."""
    return factories.member(session, plan, Role.MANAGER)[1]


def test_a_plan_that_reports_to_a_board_says_so_in_its_ledger(session: Session, plan: Plan, manager: Actor) -> None:
    board = made.board(session, manager, plan)
    with pytest.raises(Refusal, match="reports to SEND Partnership Board already"):
        boards.report_to(session, manager, NOW, board.id, plan.id, token())
    boards.stop_reporting(session, manager, NOW, board.id, plan.id, token())
    assert all_boards(session, manager, TODAY)[0].plans == ()
    boards.report_to(session, manager, NOW, board.id, plan.id, token())
    assert [row.id for row in all_boards(session, manager, TODAY)[0].plans] == [plan.id]
    verbs = session.scalars(select(LedgerEntry.verb).where(LedgerEntry.subject_type == "board_plan")).all()
    assert verbs == [
        "let the plan report to a board",
        "ended that the plan reports to a board",
        "let the plan report to a board again",
    ]
    assert not verify(session).faults


def test_two_boards_have_two_names_and_an_edit_is_not_lost(session: Session, plan: Plan, manager: Actor) -> None:
    board = made.board(session, manager, plan)
    with pytest.raises(Refusal, match="of this name already") as refused:
        made.board(session, manager)
    assert refused.value.field == "name"
    boards.edit_board(session, manager, NOW, board.id, board.version, token(), {"name": "The board", "opens_days": 15})
    with pytest.raises(Conflict):
        boards.edit_board(session, manager, NOW, board.id, 1, token(), {"name": "Another name"})
    with pytest.raises(Refusal, match="Enter a meeting of the cycle") as refused:
        boards.edit_board(
            session, manager, NOW, board.id, board.version, token(), {"name": "The board", "cycle": "monthly"}
        )
    assert refused.value.field == "anchor"


@pytest.mark.parametrize("role", [Role.LEAD, Role.BOARD, Role.AUDITOR])
def test_only_managers_and_administrators_change_a_board(
    session: Session, plan: Plan, manager: Actor, role: Role
) -> None:
    board = made.board(session, manager, plan)
    other = factories.lead(session, plan)[1] if role is Role.LEAD else factories.member(session, plan, role)[1]
    assert [row.name for row in all_boards(session, other, TODAY)] == ["SEND Partnership Board"]
    with pytest.raises(NotPermitted):
        made.meeting(session, other, board, date(2025, 10, 7))
    stranger = factories.member(session, factories.plan(session), Role.MANAGER)[1]
    assert all_boards(session, stranger, TODAY) == []
    with pytest.raises(NotFound):
        made.meeting(session, stranger, board, date(2025, 10, 7))
    administrator = factories.member(session, plan, Role.ADMINISTRATOR)[1]
    assert made.meeting(session, administrator, board, date(2025, 10, 7)).id


def test_a_meeting_has_its_days_and_a_closure_day_moves_them(session: Session, plan: Plan, manager: Actor) -> None:
    board = made.board(session, manager, plan)
    made.meeting(session, manager, board, date(2025, 10, 7), place="Town hall")
    (row,) = meetings_between(session, [board.id], date(2025, 1, 1), date(2025, 12, 31))
    assert (row.dates.cut_off, row.dates.papers) == (date(2025, 9, 25), date(2025, 9, 30))
    boards.add_closure(session, manager, NOW, token(), date(2025, 10, 1), "Moving the offices")
    (row,) = meetings_between(session, [board.id], date(2025, 1, 1), date(2025, 12, 31))
    assert (row.dates.cut_off, row.dates.papers) == (date(2025, 9, 24), date(2025, 9, 29))
    assert not council_days(session).works(date(2025, 10, 1))
    with pytest.raises(Refusal, match="on the list already"):
        boards.add_closure(session, manager, NOW, token(), date(2025, 10, 1), "Again")


def test_a_meeting_is_changed_cancelled_and_held(session: Session, plan: Plan, manager: Actor) -> None:
    board = made.board(session, manager, plan)
    meeting = made.meeting(session, manager, board, date(2025, 10, 7))
    with pytest.raises(Refusal, match="a meeting on 7 October 2025 already"):
        made.meeting(session, manager, board, date(2025, 10, 7))
    with pytest.raises(Refusal, match="enter them in their order") as refused:
        made.meeting(session, manager, board, date(2025, 11, 4), papers=date(2025, 11, 5))
    assert refused.value.field == "papers"
    changed = {"day": date(2025, 10, 8), "cut_off": date(2025, 9, 29)}
    board_meetings.edit_meeting(session, manager, NOW, meeting.id, meeting.version, token(), changed)
    with pytest.raises(Refusal, match="cannot have been held yet"):
        board_meetings.hold_meeting(session, manager, NOW, meeting.id, meeting.version, token())
    with pytest.raises(Refusal, match="why the meeting is cancelled"):
        board_meetings.cancel_meeting(session, manager, NOW, meeting.id, meeting.version, token(), "")
    later = NOW + timedelta(days=30)
    board_meetings.hold_meeting(session, manager, later, meeting.id, meeting.version, token())
    with pytest.raises(Refusal, match="is held already"):
        board_meetings.cancel_meeting(session, manager, later, meeting.id, meeting.version, token(), "No quorum")


def test_the_meetings_of_a_cycle_are_planned_once(session: Session, plan: Plan, manager: Actor) -> None:
    board = made.board(session, manager, plan)
    days = [date(2025, 10, 7), date(2025, 11, 4)]
    assert len(board_meetings.add_meetings(session, manager, NOW, board.id, token(), days)) == 2
    more = [*days, date(2025, 12, 2)]
    assert [row.day for row in board_meetings.add_meetings(session, manager, NOW, board.id, token(), more)] == more[2:]


def test_a_seat_belongs_to_a_post_or_to_words_and_ends(session: Session, plan: Plan, manager: Actor) -> None:
    board = made.board(session, manager, plan)
    post = session.scalars(select(Post.id)).first()
    boards.add_member(session, manager, NOW, board.id, token(), represents="parents and carers")
    chair = boards.add_member(session, manager, NOW, board.id, token(), part="chair", post_id=post)
    with pytest.raises(Refusal, match="has this member already"):
        boards.add_member(session, manager, NOW, board.id, token(), part="clerk", post_id=post)
    with pytest.raises(Refusal, match="Select a post, or enter"):
        boards.add_member(session, manager, NOW, board.id, token())
    assert [(row.part, row.name) for row in members(session, board.id)] == [
        ("chair", "SEND Senior Manager"),
        ("member", "parents and carers"),
    ]
    boards.end_member(session, manager, NOW, board.id, chair.id, token())
    assert [row.until for row in members(session, board.id)] == [None, TODAY]


def test_a_draft_begins_at_the_cut_off_once_with_a_note_to_the_managers(
    session: Session, plan: Plan, manager: Actor
) -> None:
    board = made.board(session, manager, plan)
    made.meeting(session, manager, board, date(2025, 9, 23))
    made.meeting(session, manager, board, date(2025, 9, 12), cut_off=TODAY, papers=TODAY)
    cancelled = made.meeting(session, manager, board, date(2025, 9, 11))
    board_meetings.cancel_meeting(session, manager, NOW, cancelled.id, cancelled.version, token(), "No quorum")
    done = draft_due_packs(session, NOW)
    assert (done.packs, done.notes) == (1, 1)
    pack = session.scalars(select(Pack)).one()
    assert (pack.state, pack.as_at, pack.made_by) == ("draft", TODAY, "The tracker")
    message = session.scalars(select(OutboxMessage)).one()
    assert message.subject.startswith("Draft pack for SEND Partnership Board, 12 September 2025: ")
    assert draft_due_packs(session, NOW + timedelta(hours=1)).packs == 0
    assert draft_due_packs(session, NOW + timedelta(days=1)).packs == 1
    assert session.scalars(
        select(Meeting.day).join(Pack, Pack.meeting_id == Meeting.id).order_by(Meeting.day)
    ).all() == [
        date(2025, 9, 12),
        date(2025, 9, 23),
    ]


def test_who_changed_a_board_and_what_was_there_before_is_written_down(
    session: Session, plan: Plan, manager: Actor
) -> None:
    board = made.board(session, manager, plan)
    values = {"name": board.name, "place": "Town hall", "opens_days": 15}
    boards.edit_board(session, manager, NOW, board.id, board.version, token(), values)
    member = boards.add_member(session, manager, NOW, board.id, token(), part="chair", represents="schools")
    boards.end_member(session, manager, NOW, board.id, member.id, token())
    boards.restore_member(session, manager, NOW, board.id, member.id, token())
    with pytest.raises(Refusal, match="The seat is held"):
        boards.restore_member(session, manager, NOW, board.id, member.id, token())
    assert [row.until for row in members(session, board.id)] == [None]
    meeting = made.meeting(session, manager, board, date(2025, 10, 7))
    changed = {"day": date(2025, 10, 8), "place": "Town hall"}
    board_meetings.edit_meeting(session, manager, NOW, meeting.id, meeting.version, token(), changed)
    board_meetings.cancel_meeting(session, manager, NOW, meeting.id, meeting.version, token(), "No quorum")
    found = board_changes(session, board.id)
    assert {row.actor for row in found} == {manager.label}
    assert [row.detail for row in reversed(found)] == [
        "made it: SEND Partnership Board",
        f"{plan.title} reports to it",
        "Usual place: nothing, now “Town hall”; Update window opens, working days before: “20”, now “15”",
        "gave a seat to schools (chair)",
        "ended the seat of schools (chair)",
        "gave the seat back that ended on 10 September 2025: schools (chair)",
        "meeting of 7 October 2025: planned",
        "meeting of 7 October 2025: Day of the meeting: 7 October 2025, now 8 October 2025; "
        "Place: nothing, now “Town hall”",
        "meeting of 8 October 2025: cancelled: No quorum",
    ]


def test_a_closure_day_that_was_taken_off_counts_no_more_and_can_be_put_back(session: Session, manager: Actor) -> None:
    day = date(2025, 12, 24)
    closure = boards.add_closure(session, manager, NOW, token(), day, "Christmas closure")
    assert day in council_days(session).closed
    boards.remove_closure(session, manager, NOW, token(), closure.id)
    assert day not in council_days(session).closed
    with pytest.raises(Refusal, match="was taken off the list on 10 September 2025 already"):
        boards.remove_closure(session, manager, NOW, token(), closure.id)
    boards.restore_closure(session, manager, NOW, token(), closure.id)
    with pytest.raises(Refusal, match="is on the list already"):
        boards.restore_closure(session, manager, NOW, token(), closure.id)
    assert day in council_days(session).closed
    boards.remove_closure(session, manager, NOW, token(), closure.id)
    again = boards.add_closure(session, manager, NOW, token(), day, "Inventory")
    assert (again.id, again.name, again.removed_on) == (closure.id, "Inventory", None)
    told = [row.detail.split(" ")[0] for row in reversed(board_changes(session, None))]
    assert told == ["added", "took", "put", "took", "added"]
