"""What boards, meetings, seats and closure days refuse: who, which of them, what was entered, forms sent twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import boards as made
from tests.services.boards import token
from tracker.models import Board, ClosureDay, Plan
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services import board_meetings, boards

LATER = TODAY + timedelta(days=40)


@pytest.fixture
def plan(session: Session) -> Plan:
    return factories.plan(session)


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.MANAGER)[1]


@pytest.fixture
def lead(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.LEAD)[1]


@pytest.fixture
def board(session: Session, manager: Actor, plan: Plan) -> Board:
    return made.board(session, manager, plan)


# ------------------------------------------------------------------ who
def test_a_board_that_is_not_there_or_has_no_plan_yet_is_no_news_to_who_may_not_make_one(
    session: Session, manager: Actor, lead: Actor
) -> None:
    with pytest.raises(NotFound):
        boards.open_board(session, manager, 999_999)
    with pytest.raises(NotFound):
        board_meetings.open_meeting(session, manager, 999_999)
    lonely = made.board(session, manager)
    assert boards.open_board(session, manager, lonely.id) is lonely
    with pytest.raises(NotFound):
        boards.open_board(session, lead, lonely.id)


def test_boards_and_closure_days_are_made_by_managers(session: Session, manager: Actor, lead: Actor) -> None:
    closure = boards.add_closure(session, manager, NOW, token(), LATER, "Christmas")
    for act in (
        lambda: boards.add_board(session, lead, NOW, token(), {"name": "Ours"}),
        lambda: boards.add_closure(session, lead, NOW, token(), TODAY, "Ours"),
        lambda: boards.remove_closure(session, lead, NOW, token(), closure.id),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert session.get(ClosureDay, closure.id) is closure


def test_only_a_plan_that_one_manages_is_made_to_report(session: Session, board: Board, manager: Actor) -> None:
    other = factories.plan(session, slug="other")
    with pytest.raises(NotFound):
        boards.report_to(session, manager, NOW, board.id, other.id, token())
    roles = {**manager.roles, other.id: frozenset({Role.BOARD})}
    with pytest.raises(NotPermitted):
        boards.report_to(session, Actor(manager.person_id, "M", roles=roles), NOW, board.id, other.id, token())
    with pytest.raises(NotFound):
        boards.report_to(session, SYSTEM, NOW, board.id, 999_999, token())
    with pytest.raises(Refusal, match="does not report to"):
        boards.stop_reporting(session, SYSTEM, NOW, board.id, other.id, token())


# ------------------------------------------------------------------ what was entered
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "A", "terms_url": "terms.pdf"}, "terms_url"),
        ({"name": "A", "link": "javascript:alert(1)"}, "link"),
        ({"name": "A", "cycle": "sometimes", "anchor": TODAY}, "cycle"),
        ({"name": "A", "opens_days": 1, "closes_days": 20}, "closes_days"),
    ],
)
def test_a_board_is_refused_beside_what_will_not_do(
    session: Session, manager: Actor, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        boards.add_board(session, manager, NOW, token(), values)
    assert refused.value.field.endswith("_days") if field.endswith("_days") else refused.value.field == field


def test_a_meeting_has_a_day_and_a_link_that_is_one(session: Session, board: Board, manager: Actor) -> None:
    for values, field in (({"day": None}, "day"), ({"day": LATER, "link": "room 4"}, "link")):
        with pytest.raises(Refusal) as refused:
            board_meetings.add_meeting(session, manager, NOW, board.id, token(), values)
        assert refused.value.field == field
    many = [LATER + timedelta(days=number) for number in range(board_meetings.MOST_AT_ONCE + 1)]
    for days, said in (([], "at least one"), (many, "60 meetings or fewer")):
        with pytest.raises(Refusal, match=said):
            board_meetings.add_meetings(session, manager, NOW, board.id, token(), days)


def test_a_meeting_that_is_cancelled_or_held_stays_so(session: Session, board: Board, manager: Actor) -> None:
    row = made.meeting(session, manager, board, TODAY)
    for act in (
        lambda version: board_meetings.edit_meeting(session, manager, NOW, row.id, version, token(), {"day": LATER}),
        lambda version: board_meetings.cancel_meeting(session, manager, NOW, row.id, version, token(), "No quorum"),
        lambda version: board_meetings.hold_meeting(session, manager, NOW, row.id, version, token()),
    ):
        with pytest.raises(Conflict):
            act(row.version - 1)
    with pytest.raises(Refusal, match="Enter why"):
        board_meetings.cancel_meeting(session, manager, NOW, row.id, row.version, token(), " ")
    board_meetings.hold_meeting(session, manager, NOW, row.id, row.version, token())
    for act in (
        lambda: board_meetings.hold_meeting(session, manager, NOW, row.id, row.version, token()),
        lambda: board_meetings.cancel_meeting(session, manager, NOW, row.id, row.version, token(), "So"),
    ):
        with pytest.raises(Refusal, match="is held already"):
            act()
    off = made.meeting(session, manager, board, LATER)
    board_meetings.cancel_meeting(session, manager, NOW, off.id, off.version, token(), "No quorum")
    with pytest.raises(Refusal, match=r"is cancelled\. Plan another one"):
        board_meetings.edit_meeting(session, manager, NOW, off.id, off.version, token(), {"day": LATER})


def test_the_day_of_a_meeting_stands_once_a_pack_was_issued_for_it(
    session: Session, board: Board, plan: Plan, manager: Actor
) -> None:
    row = made.meeting(session, manager, board, TODAY)
    made.issued(session, manager, plan, meeting_id=row.id)
    session.refresh(row)
    with pytest.raises(Refusal, match="its day stands"):
        board_meetings.edit_meeting(
            session, manager, NOW, row.id, row.version, token(), {"day": LATER + timedelta(days=1)}
        )


def test_a_seat_is_for_somebody_who_is_there_and_ends_once(session: Session, board: Board, manager: Actor) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"part": "jester", "represents": "Parents"}, "part"),
        ({"post_id": 999_999}, "post"),
        ({"person_id": 999_999}, "person"),
    ]
    for seat, field in wrong:
        with pytest.raises(Refusal) as refused:
            boards.add_member(session, manager, NOW, board.id, token(), **seat)
        assert refused.value.field == field
    member = boards.add_member(session, manager, NOW, board.id, token(), represents="Parents")
    other = made.board(session, manager, name="Cabinet")
    for where, which in ((board.id, 999_999), (other.id, member.id)):
        with pytest.raises(NotFound):
            boards.end_member(session, SYSTEM, NOW, where, which, token())
    boards.end_member(session, manager, NOW, board.id, member.id, token())
    with pytest.raises(Refusal, match="The seat ended on"):
        boards.end_member(session, manager, NOW, board.id, member.id, token())


def test_a_closure_day_has_a_reason_and_is_taken_off_where_it_is_on_the_list(session: Session, manager: Actor) -> None:
    with pytest.raises(Refusal, match="Enter why the council is closed"):
        boards.add_closure(session, manager, NOW, token(), LATER, " ")
    with pytest.raises(NotFound):
        boards.remove_closure(session, manager, NOW, token(), 999_999)


# ------------------------------------------------------------------ twice
def test_each_form_about_a_board_counts_once(session: Session, board: Board, plan: Plan, manager: Actor) -> None:
    row = made.meeting(session, manager, board, TODAY)
    member = boards.add_member(session, manager, NOW, board.id, token(), represents="Parents")
    closure = boards.add_closure(session, manager, NOW, token(), LATER, "Christmas")
    used = token()
    boards.add_board(session, manager, NOW, used, {"name": "Cabinet"})
    acts: list[Callable[[], object]] = [
        lambda: boards.add_board(session, manager, NOW, used, {"name": "Scrutiny"}),
        lambda: boards.edit_board(session, manager, NOW, board.id, board.version, used, {"name": "Scrutiny"}),
        lambda: boards.report_to(session, manager, NOW, board.id, plan.id, used),
        lambda: boards.stop_reporting(session, manager, NOW, board.id, plan.id, used),
        lambda: boards.add_member(session, manager, NOW, board.id, used, represents="Schools"),
        lambda: boards.end_member(session, manager, NOW, board.id, member.id, used),
        lambda: boards.add_closure(session, manager, NOW, used, TODAY, "Moving house"),
        lambda: boards.remove_closure(session, manager, NOW, used, closure.id),
        lambda: board_meetings.add_meeting(session, manager, NOW, board.id, used, {"day": LATER}),
        lambda: board_meetings.add_meetings(session, manager, NOW, board.id, used, [LATER]),
        lambda: board_meetings.edit_meeting(session, manager, NOW, row.id, row.version, used, {"day": LATER}),
        lambda: board_meetings.cancel_meeting(session, manager, NOW, row.id, row.version, used, "No quorum"),
        lambda: board_meetings.hold_meeting(session, manager, NOW, row.id, row.version, used),
    ]
    for act in acts:
        with pytest.raises(AlreadyDone):
            act()
