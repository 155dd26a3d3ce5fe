"""Plan the meetings of a board, one by one or by its cycle; change, hold and cancel them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Board, Meeting, Pack
from tracker.queries.boards import council_days, offsets_of
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.meeting_dates import DATE_WORDS, MeetingState, check_dates, meeting_dates
from tracker.rules.pack_states import PackState
from tracker.rules.permissions import Actor
from tracker.rules.text import clean
from tracker.services.board_log import set_and_tell, write_meeting
from tracker.services.boards import open_board
from tracker.services.milestones import check_version, use_token

_DATES = ("opens", "closes", "cut_off", "papers")
_LABELS = {
    "day": "Day of the meeting",
    "starts_at": "Time",
    "place": "Place",
    "link": "Link",
    "note": "Note",
    **{name: DATE_WORDS[name] for name in _DATES},
}
MOST_AT_ONCE = 60


def open_meeting(session: Session, actor: Actor, meeting_id: int, *, change: bool = False) -> tuple[Board, Meeting]:
    """Return a meeting with its board, as `open_board` does."""
    meeting = session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFound("There is no such meeting.")
    return open_board(session, actor, meeting.board_id, change=change), meeting


def add_meeting(
    session: Session, actor: Actor, now: datetime, board_id: int, token: str, values: Mapping[str, Any]
) -> Meeting:
    """Plan a meeting. Raises Refusal, with the field, for a day that is taken or dates that are out of order."""
    board = open_board(session, actor, board_id, change=True)
    use_token(session, token, actor, now)
    meeting = Meeting(board_id=board_id, **_checked(session, board, values, None))
    session.add(meeting)
    session.flush()
    write_meeting(session, now, actor, board_id, meeting.day, "planned")
    return meeting


def add_meetings(
    session: Session, actor: Actor, now: datetime, board_id: int, token: str, days: Sequence[date]
) -> list[Meeting]:
    """Plan the meetings that the cycle proposes and a person has ticked: all or none. Days that are taken are left."""
    board = open_board(session, actor, board_id, change=True)
    use_token(session, token, actor, now)
    if not days:
        raise Refusal("Select at least one meeting.", "days")
    if len(days) > MOST_AT_ONCE:
        raise Refusal(f"Select {MOST_AT_ONCE} meetings or fewer at a time.", "days")
    taken = set(session.scalars(select(Meeting.day).where(Meeting.board_id == board_id, Meeting.day.in_(list(days)))))
    made = [
        Meeting(board_id=board_id, day=day, starts_at=board.starts_at, place=board.place, link=board.link)
        for day in sorted(set(days) - taken)
    ]
    session.add_all(made)
    session.flush()
    for meeting in made:
        write_meeting(session, now, actor, board_id, meeting.day, "planned by the cycle")
    return made


def edit_meeting(
    session: Session, actor: Actor, now: datetime, meeting_id: int, version: int, token: str, values: Mapping[str, Any]
) -> Meeting:
    """Change a meeting: its day, its place, and dates that stand instead of those worked out."""
    board, meeting = open_meeting(session, actor, meeting_id, change=True)
    use_token(session, token, actor, now)
    session.refresh(meeting, with_for_update=True)
    check_version(meeting, version, values, _LABELS)
    if meeting.state == MeetingState.CANCELLED:
        raise Refusal("The meeting is cancelled. Plan another one.")
    checked = _checked(session, board, values, meeting)
    if checked["day"] != meeting.day and _issued(session, meeting):
        raise Refusal("A pack was issued for this meeting, so its day stands. Cancel it and plan another one.", "day")
    day = meeting.day
    told = set_and_tell(meeting, checked, _LABELS)
    if told:
        write_meeting(session, now, actor, meeting.board_id, day, told)
    session.flush()
    return meeting


def cancel_meeting(
    session: Session, actor: Actor, now: datetime, meeting_id: int, version: int, token: str, reason: str
) -> Meeting:
    """Cancel a meeting with a reason; it stays in the calendar, marked, and its packs stay as they are."""
    _, meeting = open_meeting(session, actor, meeting_id, change=True)
    use_token(session, token, actor, now)
    session.refresh(meeting, with_for_update=True)
    check_version(meeting, version, {}, _LABELS)
    if meeting.state != MeetingState.PLANNED:
        raise Refusal(f"The meeting is {meeting.state} already.")
    if not clean(reason):
        raise Refusal("Enter why the meeting is cancelled.", "reason")
    meeting.state = MeetingState.CANCELLED.value
    meeting.note = clean(reason)
    write_meeting(session, now, actor, meeting.board_id, meeting.day, f"cancelled: {meeting.note}")
    session.flush()
    return meeting


def hold_meeting(session: Session, actor: Actor, now: datetime, meeting_id: int, version: int, token: str) -> Meeting:
    """Say that a meeting was held; not before its day."""
    _, meeting = open_meeting(session, actor, meeting_id, change=True)
    use_token(session, token, actor, now)
    session.refresh(meeting, with_for_update=True)
    check_version(meeting, version, {}, _LABELS)
    if meeting.state != MeetingState.PLANNED:
        raise Refusal(f"The meeting is {meeting.state} already.")
    if meeting.day > london_day(now):
        raise Refusal(f"The meeting is on {show_day(meeting.day)}: it cannot have been held yet.")
    meeting.state = MeetingState.HELD.value
    write_meeting(session, now, actor, meeting.board_id, meeting.day, "held")
    session.flush()
    return meeting


def _checked(session: Session, board: Board, values: Mapping[str, Any], meeting: Meeting | None) -> dict[str, Any]:
    day = values.get("day")
    if day is None:
        raise Refusal("Enter the day of the meeting.", "day")
    same = session.scalar(select(Meeting.id).where(Meeting.board_id == board.id, Meeting.day == day))
    if same is not None and (meeting is None or same != meeting.id):
        raise Refusal(f"{board.name} has a meeting on {show_day(day)} already.", "day")
    link = clean(values.get("link", ""))
    if link and not link.startswith(("https://", "http://")):
        raise Refusal("Enter an address that begins with https://", "link")
    instead = {name: values.get(name) for name in _DATES}
    check_dates(meeting_dates(day, offsets_of(board), council_days(session), instead))
    return {
        "day": day,
        "starts_at": clean(values.get("starts_at", "")),
        "place": clean(values.get("place", "")),
        "link": link,
        "note": clean(values.get("note", "")),
        **instead,
    }


def _issued(session: Session, meeting: Meeting) -> bool:
    query = select(Pack.id).where(Pack.meeting_id == meeting.id, Pack.state == PackState.ISSUED.value)
    return session.scalar(query.limit(1)) is not None
