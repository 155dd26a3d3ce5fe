"""What evidence stands for the milestones of a plan, as reports name it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import Evidence


def evidence_titles(session: Session, plan_id: int, day: date) -> dict[int, tuple[str, ...]]:
    """Return the titles of the evidence that stood on a day, by milestone, in the order of adding. One statement."""
    query = (
        select(Evidence.milestone_id, Evidence.title)
        .where(
            Evidence.plan_id == plan_id,
            Evidence.added_on <= day,
            or_(Evidence.withdrawn.is_(False), Evidence.withdrawn_on > day),
        )
        .order_by(Evidence.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for milestone_id, title in session.execute(query):
        found[milestone_id].append(title)
    return {key: tuple(titles) for key, titles in found.items()}
