"""Who was chased for what and when: what the ladder goes on from, and what a list of chases shows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Chase, ColourSpan, Milestone
from tracker.queries.plans import on
from tracker.rules.escalation import Asked, Rung


def asked_so_far(session: Session, today: date) -> dict[int, list[Asked]]:
    """Return what was told of the present deadline of each overdue milestone, oldest first. One statement."""
    query = (
        select(Milestone.id, Chase.rung, Chase.chased_on)
        .join(Milestone, Milestone.id == Chase.milestone_id)
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .where(*on(today), ColourSpan.rule == "3", ColourSpan.due == Chase.due, Chase.asked_by == "")
        .order_by(Chase.id)
    )
    found: dict[int, list[Asked]] = defaultdict(list)
    for milestone_id, rung, day in session.execute(query):
        found[milestone_id].append(Asked(Rung(rung), day))
    return found
