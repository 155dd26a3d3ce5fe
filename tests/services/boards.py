"""A board with a meeting, and packs for it, for the tests of what is done with them."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.exports.packs import compose
from tracker.models import Board, Meeting, Pack, Plan
from tracker.rules.permissions import Actor
from tracker.services import board_meetings, boards, pack_freezing, packs

_numbers = count(1)


def token() -> str:
    """Return a token for one form."""
    return f"boards-{next(_numbers)}"


def board(session: Session, actor: Actor, plan: Plan | None = None, name: str = "SEND Partnership Board") -> Board:
    """Make a board that a plan reports to."""
    made = boards.add_board(session, actor, NOW, token(), {"name": name})
    if plan is not None:
        boards.report_to(session, actor, NOW, made.id, plan.id, token())
    return made


def meeting(session: Session, actor: Actor, made: Board, day: date, **more: Any) -> Meeting:
    """Plan a meeting of a board."""
    return board_meetings.add_meeting(session, actor, NOW, made.id, token(), {"day": day, **more})


def drafted(session: Session, actor: Actor, plan: Plan, now: datetime = NOW, **more: Any) -> Pack:
    """Begin a pack."""
    return packs.draft(session, actor, now, plan.id, token(), **more)


def frozen(session: Session, actor: Actor, plan: Plan, now: datetime = NOW, **more: Any) -> Pack:
    """Begin a pack and freeze it."""
    pack = drafted(session, actor, plan, now, **more)
    return pack_freezing.freeze(session, actor, now, pack.id, pack.version, token(), compose)


def issued(session: Session, actor: Actor, plan: Plan, now: datetime = NOW, **more: Any) -> Pack:
    """Begin a pack, freeze it and issue it."""
    pack = frozen(session, actor, plan, now, **more)
    return pack_freezing.issue(session, actor, now, pack.id, pack.version, token())
