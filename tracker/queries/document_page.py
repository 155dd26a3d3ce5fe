"""What the document of a plan says beside what is computed: its editions, and where its ratings differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Edition, Milestone
from tracker.queries.as_at import REWOUND, past
from tracker.queries.milestone_rows import milestone_query, rows_of
from tracker.queries.plan_rows import PlanRow
from tracker.queries.rows import MilestoneRow
from tracker.rules.dates import london_day
from tracker.rules.said import difference


@dataclass(frozen=True, slots=True)
class EditionRow:
    """A document that was read: the day that it speaks of, and when and by whom it was read."""

    as_at: date
    source: str
    read_on: date
    read_by: str
    back_filled: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A milestone whose document rates it otherwise than the tracker, and the sentence that says so."""

    milestone: MilestoneRow
    sentence: str


def said_of(plan: PlanRow, row: MilestoneRow, day: date) -> str:
    """Return how the rating of a milestone's document differs from its computed colour on a day; "" if it does not."""
    if not row.rating:
        return ""
    words = plan.ratings.on(day).vocabulary
    return difference(row.status_text, row.rating, row.computed, row.rule, lambda colour: words.term(colour).name)


def differences(session: Session, plan: PlanRow, day: date, today: date) -> tuple[list[Said], int]:
    """Return the milestones that are rated otherwise by the document, in the order of the plan, and how many it rates.

    Five statements at most.
    """
    query = milestone_query(day).where(Milestone.plan_id == plan.id, Milestone.rating != "")
    query = query.order_by(Milestone.priority_id, Milestone.workstream_id, Milestone.position)
    found = rows_of(session, query, day, past(session, plan.id, day, today, REWOUND))
    pairs = [Said(row, said_of(plan, row, day)) for row in found if row.rating]
    return [one for one in pairs if one.sentence], len(pairs)


def editions(session: Session, plan_id: int) -> list[EditionRow]:
    """Return the documents that were read into a plan from files, the latest day first. One statement."""
    query = select(Edition).where(Edition.plan_id == plan_id, Edition.source != "")
    return [
        EditionRow(row.as_at, row.source, london_day(row.recorded_at), row.recorded_by, row.back_filled)
        for row in session.scalars(query.order_by(Edition.as_at.desc(), Edition.id.desc()))
    ]
