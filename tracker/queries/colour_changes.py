"""Each movement of a milestone's colour between two days, with its cause: what happened, and what is to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, LedgerEntry, Milestone, Priority, Workstream
from tracker.queries.movement import why_moved
from tracker.queries.rows import PlanRow
from tracker.rules.colour import Colour
from tracker.rules.rollup import Direction, direction


@dataclass(frozen=True, slots=True)
class ColourChange:
    """A milestone's colour becoming another one on a day. `before` is None where the milestone was added then.

    `cause` is a phrase for what has happened ("deadline passed on 30 September 2025"); for a day to come it is the
    sentence of the colour that it will have if nothing more is recorded.
    """

    priority: str
    workstream: str
    milestone: str
    text: str
    before: Colour | None
    after: Colour
    on: date
    cause: str
    coming: bool

    @property
    def direction(self) -> Direction:
        """Return whether it is better or worse than before."""
        return direction(self.before, self.after)


def colour_changes(session: Session, plan: PlanRow, first: date, last: date, today: date) -> list[ColourChange]:
    """Return every change of colour on a day from `first` to `last`, both included, in order. Two statements.

    Days after today hold what is to come if nothing more is recorded.
    """
    query = (
        select(
            ColourSpan.milestone_id,
            ColourSpan.from_day,
            ColourSpan.colour,
            ColourSpan.rule,
            ColourSpan.reason,
            ColourSpan.due,
            Milestone.ref,
            Milestone.text,
            Workstream.ref,
            Priority.ref,
        )
        .join(Milestone, Milestone.id == ColourSpan.milestone_id)
        .join(Priority, Priority.id == Milestone.priority_id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(ColourSpan.plan_id == plan.id, ColourSpan.from_day <= last)
        .order_by(Milestone.position, Milestone.id, ColourSpan.from_day)
    )
    verbs = _verbs(session, plan, first, min(last, today))
    found = []
    before: dict[int, tuple[Colour, str]] = {}
    for key, day, name, rule, reason, due, ref, text, stream, priority in session.execute(query):
        colour = Colour(name)
        was, held = before.get(key, (None, ""))
        before[key] = (colour, rule)
        if was is colour or day < first:
            continue
        coming = day > today
        cause = reason if coming else why_moved(day, rule, due, verbs.get((key, day)), before=held, added=was is None)
        full_ref = f"{stream}.{ref}" if stream else ref
        found.append(ColourChange(priority, stream or "", full_ref, text, was, colour, day, cause, coming))
    return sorted(found, key=lambda change: change.on)


def _verbs(session: Session, plan: PlanRow, first: date, last: date) -> dict[tuple[int, date], tuple[str, str]]:
    query = (
        select(LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.verb, LedgerEntry.reason)
        .where(
            LedgerEntry.plan_id == plan.id,
            LedgerEntry.subject_type == Milestone.__tablename__,
            LedgerEntry.effective_day >= first,
            LedgerEntry.effective_day <= last,
        )
        .order_by(LedgerEntry.effective_day, LedgerEntry.seq)
    )
    return {(key, day): (verb, reason) for key, day, verb, reason in session.execute(query)}
