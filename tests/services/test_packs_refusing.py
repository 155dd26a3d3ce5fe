"""What packs, their minutes, waivers and commentary refuse: the very sentence, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import boards as made
from tests.services.boards import token
from tests.services.refused import refused
from tracker.exports.packs import compose
from tracker.models import Board, Pack, Plan, Priority
from tracker.rules.errors import Conflict, NotFound
from tracker.rules.minutes import ActionState, Outcome
from tracker.rules.permissions import Act, Actor, Role
from tracker.services import board_meetings, commentary, minutes, pack_checks, pack_freezing, packs

DAY = date(2025, 9, 16)
MET = NOW + timedelta(days=6)
LATE = NOW + timedelta(days=30)
ACTION = {"text": "Bring a firmer plan for 1a.1", "owner": "Head of SEND", "due": date(2025, 10, 7), "minute": "5.3"}
GONE = "There is no such pack, or it has not been issued to you."


def changed(what: str) -> str:
    """Return what is said where the manager has changed something since the form was opened."""
    return f"Manager changed this {what} while you had it open. Nothing of yours is lost: compare both and save again."


@pytest.fixture
def plan(session: Session) -> Plan:
    return factories.plan(session, factories.milestone_line("1"), factories.milestone_line("2", date="Dec 2025"))


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.MANAGER)[1]


@pytest.fixture
def board(session: Session, plan: Plan, manager: Actor) -> Board:
    return made.board(session, manager, plan)


@pytest.fixture
def pack(session: Session, plan: Plan, manager: Actor, board: Board) -> Pack:
    """Return the pack that was issued for the meeting of 16 September 2025."""
    meeting = made.meeting(session, manager, board, DAY, cut_off=TODAY, papers=TODAY)
    return made.issued(session, manager, plan, meeting_id=meeting.id)


# ------------------------------------------------------------------ drafts
def test_a_pack_that_is_not_there_is_not_opened(session: Session, manager: Actor) -> None:
    with refused(session, GONE, NotFound):
        packs.open_pack(session, manager, 999_999, Act.READ_PACK)


def test_no_pack_is_begun_for_a_meeting_that_is_not_there_is_cancelled_or_has_its_pack(
    session: Session, plan: Plan, manager: Actor, board: Board, pack: Pack
) -> None:
    known = "The last ones of its boards are 1 (SEND Partnership Board, 16 September 2025)."
    with refused(session, f"There is no meeting with the number 999999. {known}", NotFound):
        made.drafted(session, manager, plan, meeting_id=999_999)
    off = made.meeting(session, manager, board, TODAY + timedelta(days=20))
    board_meetings.cancel_meeting(session, manager, NOW, off.id, off.version, token(), "No quorum")
    with refused(session, "The meeting of 30 September 2025 is cancelled."):
        made.drafted(session, manager, plan, meeting_id=off.id)
    with refused(session, "A pack was issued for this meeting already. Correct that one instead."):
        made.drafted(session, manager, plan, meeting_id=pack.meeting_id)


def test_a_draft_is_not_saved_for_no_purpose(session: Session, plan: Plan, manager: Actor) -> None:
    draft = made.drafted(session, manager, plan)
    with refused(session, "Select what the pack is for.", field="purpose"):
        packs.edit_draft(session, manager, NOW, draft.id, draft.version, token(), {"purpose": "sign"})


def test_a_correction_goes_on_saying_what_it_changes(session: Session, plan: Plan, manager: Actor, pack: Pack) -> None:
    draft = packs.correct(session, manager, MET, pack.id, token(), "The lead of 1a")
    with refused(session, "Enter what this version changes.", field="correction"):
        packs.edit_draft(session, manager, MET, draft.id, draft.version, token(), {"correction": " "})


def test_a_pack_is_set_aside_with_a_reason(session: Session, plan: Plan, manager: Actor) -> None:
    draft = made.drafted(session, manager, plan)
    with refused(session, "Enter why the pack is set aside.", field="reason"):
        packs.set_aside(session, manager, NOW, draft.id, draft.version, token(), " ")


def test_a_pack_that_somebody_else_changed_is_not_saved_frozen_or_set_aside_from_an_old_form(
    session: Session, plan: Plan, manager: Actor
) -> None:
    draft = made.drafted(session, manager, plan)
    opened = draft.version
    packs.edit_draft(session, manager, NOW, draft.id, opened, token(), {"author": "Head of SEND"})
    for act in (
        lambda: packs.edit_draft(session, manager, NOW, draft.id, opened, token(), {"author": "Clerk"}),
        lambda: packs.set_aside(session, manager, NOW, draft.id, opened, token(), "To begin anew"),
        lambda: pack_freezing.freeze(session, manager, NOW, draft.id, opened, token(), compose),
    ):
        with refused(session, changed("pack"), Conflict):
            act()


def test_only_what_is_issued_is_corrected_and_by_one_correction_at_a_time(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    frozen = made.frozen(session, manager, plan, LATE)
    frozen_says = "The pack is frozen, so what it says stands. Set it aside and make a new draft to change it."
    with refused(session, f"It cannot be corrected now. {frozen_says}"):
        packs.correct(session, manager, LATE, frozen.id, token(), "The lead of 1a")
    packs.correct(session, manager, LATE, pack.id, token(), "The lead of 1a")
    with refused(session, "A correction of this pack is under way already."):
        packs.correct(session, manager, LATE, pack.id, token(), "The lead of 1b")


def test_a_pack_whose_content_is_not_what_was_frozen_is_not_issued(
    session: Session, plan: Plan, manager: Actor
) -> None:
    frozen = made.frozen(session, manager, plan)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE pack_content DISABLE TRIGGER USER"))
    else:
        session.execute(text("DROP TRIGGER pack_content_no_update"))
    session.execute(text("UPDATE pack_content SET canonical = replace(canonical, 'amber', 'green') || ' '"))
    said = "What is stored of this pack is not what was frozen. Run the verification, and do not issue it."
    with refused(session, said):
        pack_freezing.issue(session, manager, NOW, frozen.id, frozen.version, token())


def test_nothing_is_written_about_a_part_of_another_plan(session: Session, plan: Plan, manager: Actor) -> None:
    draft = made.drafted(session, manager, plan)
    other = factories.plan(session)
    theirs = session.query(Priority).filter_by(plan_id=other.id).one()
    with refused(session, "There is no such part of the plan.", NotFound):
        part = f"priority.{theirs.id}"
        commentary.write(session, manager, NOW, draft.id, part, 0, token(), "All is well.", accepted=True)


# ------------------------------------------------------------------ the preflight
def test_a_waiver_is_taken_back_once_and_from_its_own_pack(session: Session, plan: Plan, manager: Actor) -> None:
    first = made.drafted(session, manager, plan, LATE)
    line = pack_checks.pack_preflight(session, first, LATE.date()).lines[0]
    check, subject = line.finding.check, line.finding.subject
    waiver = pack_checks.waive(session, manager, LATE, first.id, token(), check, subject, "The board knows.")
    packs.set_aside(session, manager, LATE, first.id, first.version, token(), "To begin anew")
    second = made.drafted(session, manager, plan, LATE)
    for key in (waiver.id, 999_999):
        with refused(session, "There is no such waiver.", NotFound):
            pack_checks.withdraw_waiver(session, manager, LATE, second.id, key, token())
    own = pack_checks.waive(session, manager, LATE, second.id, token(), check, subject, "The board knows.")
    pack_checks.withdraw_waiver(session, manager, LATE, second.id, own.id, token())
    with refused(session, "The waiver was taken back already."):
        pack_checks.withdraw_waiver(session, manager, LATE, second.id, own.id, token())


# ------------------------------------------------------------------ minutes
@pytest.mark.parametrize(
    ("reference", "seen", "said", "field"),
    [
        (" ", {"date:1": 1}, "Enter the number of the minute.", "minute"),
        ("5.2", {}, "Select at least one decision.", "decisions"),
    ],
)
def test_a_minute_has_a_number_and_something_that_was_decided(
    session: Session, manager: Actor, pack: Pack, reference: str, seen: dict[str, int], said: str, field: str
) -> None:
    with refused(session, said, field=field):
        minutes.minute(session, manager, MET, pack.id, token(), seen, Outcome.AGREED, reference)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("text", "Enter what is to be done."),
        ("owner", "Enter the post that does it."),
        ("due", "Enter by when it is to be done."),
    ],
)
def test_an_action_says_what_who_and_by_when(
    session: Session, manager: Actor, pack: Pack, missing: str, said: str
) -> None:
    empty: dict[str, Any] = {**ACTION, missing: None if missing == "due" else " "}
    with refused(session, said, field=missing):
        minutes.add_action(session, manager, MET, pack.id, token(), empty)


def test_an_action_is_settled_at_the_pack_that_it_is_of(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    action = minutes.add_action(session, manager, MET, pack.id, token(), ACTION)
    other = made.issued(session, manager, plan, MET)

    def settle(pack_id: int, action_id: int) -> Callable[[], object]:
        return lambda: minutes.settle_action(
            session, manager, MET, pack_id, action_id, 1, token(), ActionState.DONE, "It was brought"
        )

    for act in (settle(pack.id, 999_999), settle(other.id, action.id)):
        with refused(session, "There is no such action.", NotFound):
            act()


def test_an_action_and_a_commentary_that_somebody_else_changed_are_not_saved_from_an_old_form(
    session: Session, plan: Plan, manager: Actor, pack: Pack
) -> None:
    action = minutes.add_action(session, manager, MET, pack.id, token(), ACTION)
    opened, brought = action.version, "It was brought"
    minutes.settle_action(session, manager, MET, pack.id, action.id, opened, token(), ActionState.DONE, brought)
    with refused(session, changed("action"), Conflict):
        minutes.settle_action(session, manager, MET, pack.id, action.id, opened, token(), ActionState.CLOSED, "No")
    draft = made.drafted(session, manager, plan, MET)
    commentary.write(session, manager, MET, draft.id, "plan", 0, token(), "The plan holds.", accepted=True)
    with refused(session, changed("commentary"), Conflict):
        commentary.write(session, manager, MET, draft.id, "plan", 0, token(), "The plan is late.", accepted=True)
