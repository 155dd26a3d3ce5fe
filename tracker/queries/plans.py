"""Plans: find one, list those that a person may see with their headlines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, case, func, or_, select, true
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, LedgerEntry, Milestone, Plan, RatingScheme
from tracker.queries.rows import PlanRow
from tracker.rules.colour import Colour
from tracker.rules.permissions import Actor
from tracker.rules.rollup import Headline, Item, headline
from tracker.rules.scheme import DEFAULT, Scheme

PLAN_COLUMNS = (
    Plan.id,
    Plan.slug,
    Plan.title,
    Plan.organisation,
    Plan.kind,
    Plan.version,
    Plan.adopted,
    Plan.starts,
    Plan.ends,
    Plan.original_end,
    Plan.end_moved_reason,
    Plan.priority_label,
    Plan.workstream_label,
    Plan.review_cycle,
    Plan.reports_to,
    Plan.key,
    Plan.marking,
    Plan.demonstration,
)


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One plan on the portfolio: its headline today and what comes next."""

    plan: PlanRow
    headline: Headline
    next_due: date | None
    updated_on: date | None


def plan_row(values: RowMapping) -> PlanRow:
    """Make a PlanRow of a mapping with PLAN_COLUMNS."""
    data = {column.key: values[column.key] for column in PLAN_COLUMNS}
    data["reports_to"] = tuple(data["reports_to"] or ())
    data["key"] = tuple((data["key"] or {}).items())
    return PlanRow(**data)


def find_plan(session: Session, slug: str) -> tuple[PlanRow, Scheme] | None:
    """Return a plan with its rating scheme by its slug; None if there is none. One statement."""
    row = (
        session.execute(
            select(*PLAN_COLUMNS, RatingScheme.thresholds)
            .outerjoin(RatingScheme, RatingScheme.id == Plan.rating_scheme_id)
            .where(Plan.slug == slug)
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    return plan_row(row), Scheme.from_data(row["thresholds"]) if row["thresholds"] else DEFAULT


def all_slugs(session: Session) -> list[str]:
    """Return the slugs of every plan, in order of title."""
    return list(session.scalars(select(Plan.slug).order_by(Plan.title)))


def portfolio(session: Session, actor: Actor, day: date, *, limit: int = 500) -> list[PortfolioRow]:
    """Return the plans that the actor may see with headline, next deadline and last update. Three statements."""
    seen = true() if actor.administrator or actor.system else Plan.id.in_(sorted(actor.roles))
    plans = (
        session.execute(
            select(*PLAN_COLUMNS, RatingScheme.thresholds)
            .outerjoin(RatingScheme, RatingScheme.id == Plan.rating_scheme_id)
            .where(seen, or_(Plan.adopted.is_(None), Plan.adopted <= day))
            .order_by(Plan.title)
            .limit(limit)
        )
        .mappings()
        .all()
    )
    ids = [row["id"] for row in plans]
    items = headline_items(session, ids, day)
    dates = {
        plan_id: (due, updated)
        for plan_id, due, updated in session.execute(
            select(
                ColourSpan.plan_id,
                func.min(case((ColourSpan.due >= day, ColourSpan.due))),
                func.max(Milestone.updated_on),
            )
            .join(Milestone, Milestone.id == ColourSpan.milestone_id)
            .where(ColourSpan.plan_id.in_(ids), *on(day), ColourSpan.colour.not_in(["blue", "none"]))
            .group_by(ColourSpan.plan_id)
        )
    }
    return [
        PortfolioRow(
            plan_row(row),
            headline(items[row["id"]], day, Scheme.from_data(row["thresholds"]) if row["thresholds"] else DEFAULT),
            *dates.get(row["id"], (None, None)),
        )
        for row in plans
    ]


def on(day: date) -> tuple[Any, Any]:
    """Return the condition that a colour span covers a day."""
    return ColourSpan.from_day <= day, ColourSpan.to_day >= day


def headline_items(session: Session, plan_ids: Sequence[int], day: date) -> dict[int, list[Item]]:
    """Return the milestones of plans as the roll-up sees them, grouped in the database. One statement."""
    due_by = case((ColourSpan.due <= day, 1), else_=0)
    query = (
        select(ColourSpan.plan_id, ColourSpan.colour, due_by, Milestone.critical, func.count())
        .join(Milestone, Milestone.id == ColourSpan.milestone_id)
        .where(ColourSpan.plan_id.in_(list(plan_ids)), *on(day))
        .group_by(ColourSpan.plan_id, ColourSpan.colour, due_by, Milestone.critical)
    )
    items: dict[int, list[Item]] = defaultdict(list)
    for plan_id, colour, is_due, critical, number in session.execute(query):
        items[plan_id] += [Item(Colour(colour), day if is_due else None, critical)] * number
    return items


def first_day(session: Session, plan_id: int) -> date | None:
    """Return the first day on which the ledger of a plan says anything."""
    return session.scalar(select(func.min(LedgerEntry.effective_day)).where(LedgerEntry.plan_id == plan_id))
