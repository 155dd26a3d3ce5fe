"""What was read of the file that each plan was last imported from: kept with the plan, found by its mark."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import PlanReading


def keep_reading(session: Session, plan_id: int, mark: str, content: bytes) -> None:
    """Keep what was read of the file that a plan has just been imported from, in the place of the one before."""
    kept = session.get(PlanReading, plan_id)
    if kept is None:
        session.add(PlanReading(plan_id=plan_id, mark=mark, content=content))
    elif kept.mark != mark:
        kept.mark, kept.content = mark, content
    session.flush()


def kept_reading(session: Session, mark: str) -> bytes | None:
    """Return what was read of a file with this mark, whichever plan it was for; None where none is kept."""
    return session.scalar(select(PlanReading.content).where(PlanReading.mark == mark).limit(1))
