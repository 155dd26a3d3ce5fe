"""Who was chased for what and when: what the ladder goes on from, and what a list of chases shows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from tracker.models import Chase, ColourSpan, Milestone
from tracker.queries.digest_rows import WAITS
from tracker.queries.plans import on
from tracker.rules.escalation import About, Asked, Rung


def asked_so_far(session: Session, today: date) -> dict[int, list[Asked]]:
    """Return what was told of the present deadline of each overdue milestone, oldest first. One statement."""
    query = (
        select(Milestone.id, Chase.rung, Chase.chased_on)
        .join(Milestone, Milestone.id == Chase.milestone_id)
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .where(*on(today), ColourSpan.rule == "3", ColourSpan.due == Chase.due, *_steps(About.DEADLINE))
        .order_by(Chase.id)
    )
    return _by_milestone(session, query)


def reminded_so_far(session: Session) -> dict[int, list[Asked]]:
    """Return what was told of each sign-off that waits, since it was asked for; oldest first. One statement."""
    query = (
        select(Milestone.id, Chase.rung, Chase.chased_on)
        .join(Milestone, Milestone.id == Chase.milestone_id)
        .where(Milestone.signoff.in_(WAITS), Milestone.signoff_day == Chase.due, *_steps(About.SIGN_OFF))
        .order_by(Chase.id)
    )
    return _by_milestone(session, query)


def _steps(about: About) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a chase is a step of a ladder, and no message that a manager sent by hand."""
    return Chase.about == about.value, Chase.asked_by == ""


def _by_milestone(session: Session, query: Select[int, str, date]) -> dict[int, list[Asked]]:
    found: dict[int, list[Asked]] = defaultdict(list)
    for milestone_id, rung, day in session.execute(query):
        found[milestone_id].append(Asked(Rung(rung), day))
    return found
