"""Write down who changed a board, its meetings or the closure days, and what was there before: in the security log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.rules.dates import show_day
from tracker.rules.permissions import Actor
from tracker.rules.security import Kind
from tracker.services.security import Noted, note

_LONG = 600  # characters of a text on each side


def write(session: Session, now: datetime, actor: Actor, detail: str, board_id: int | None = None) -> None:
    """Write one change down: of a board, or of the closure days where none is named."""
    kind = Kind.BOARD_CHANGED if board_id is not None else Kind.CLOSURE_CHANGED
    note(session, now, kind, actor, Noted(board_id=board_id, detail=detail))


def write_meeting(session: Session, now: datetime, actor: Actor, board_id: int, day: date, detail: str) -> None:
    """Write down what was done to a meeting."""
    words = f"meeting of {show_day(day)}: {detail}"
    note(session, now, Kind.MEETING_CHANGED, actor, Noted(board_id=board_id, detail=words))


def set_and_tell(row: Any, values: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Set the fields of a row; returns what changed, before and after, in words ("" if nothing did)."""
    told = []
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            told.append(f"{labels.get(name, name.replace('_', ' '))}: {_shown(before)}, now {_shown(value)}")
            setattr(row, name, value)
    return "; ".join(told)


def _shown(value: Any) -> str:
    if value in (None, ""):
        return "nothing"
    if isinstance(value, date):
        return show_day(value)
    text = str(value)
    return f"“{text[:_LONG]}…”" if len(text) > _LONG else f"“{text}”"
