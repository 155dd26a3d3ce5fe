"""Plans: find one, list those that a person may see with their headlines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, case, func, or_, select, true
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, LedgerEntry, Matter, Milestone, Pack, Plan, PlanVersion
from tracker.queries.as_at import counted_then
from tracker.queries.rows import PlanRow
from tracker.queries.version_rows import VersionRow
from tracker.rules.colour import Colour
from tracker.rules.dates import add_months
from tracker.rules.pack_states import PackState
from tracker.rules.permissions import Actor, Role
from tracker.rules.rating import Ratings
from tracker.rules.rollup import Direction, Headline, Item, direction, headline
from tracker.rules.scheme import Schemes

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
    Plan.term_calendar,
    Plan.marking,
    Plan.demonstration,
    Plan.year_kind,
    Plan.delegated_days,
    Plan.check_months,
    Plan.sensitive,
    Plan.senior_post_id,
    select(func.min(LedgerEntry.effective_day)).where(LedgerEntry.plan_id == Plan.id).scalar_subquery().label("began"),
    Plan.ratings,
    select(func.max(Pack.as_at))
    .where(Pack.plan_id == Plan.id, Pack.state == PackState.ISSUED.value)
    .scalar_subquery()
    .label("last_pack"),
    select(Matter.id).where(Matter.plan_id == Plan.id).exists().label("put_to_board"),
)

VERSION_COLUMNS = tuple(
    getattr(PlanVersion, name).label(f"version_{name}")
    for name in (
        "id", "number", "label", "adopted", "board", "meeting_on", "minute", "note", "recorded_on", "recorded_by",
        "undone_on", "undone_reason",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One plan on the portfolio: its headline, and the direction since a month before."""

    plan: PlanRow
    headline: Headline
    direction: Direction | None
    version: str  # label of the version in force on that day, "" if the document gives none


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """One page of the portfolio."""

    rows: tuple[PortfolioRow, ...]
    page: int
    pages: int


def plan_of_rows(rows: Sequence[RowMapping]) -> PlanRow:
    """Make a PlanRow of one row for each later version of the plan, with PLAN_COLUMNS and VERSION_COLUMNS."""
    names = [column.key for column in VERSION_COLUMNS]
    made = [VersionRow(*(row[name] for name in names)) for row in rows if row["version_id"] is not None]
    return plan_row(rows[0], tuple(sorted(made, key=lambda version: version.number)))


def plan_row(values: RowMapping, later: tuple[VersionRow, ...] = ()) -> PlanRow:
    """Make a PlanRow of a mapping with PLAN_COLUMNS."""
    data = {column.key: values[column.key] for column in PLAN_COLUMNS}
    data["reports_to"] = tuple(data["reports_to"] or ())
    data["terms"] = tuple((name, tuple(day)) for name, day in (data.pop("term_calendar") or {}).items())
    data["key"] = tuple((data["key"] or {}).items())
    data["ratings"] = ratings_of(data["ratings"])
    return PlanRow(**data, later_versions=later)


def ratings_of(stored: list[Any] | None) -> Ratings:
    """Return which rating scheme stood when, from what a plan stores."""
    return Ratings.from_data(stored) if stored else _DEFAULT


_DEFAULT = Ratings.from_data(None)


def find_plan(session: Session, slug: str) -> tuple[PlanRow, Schemes] | None:
    """Return a plan with its thresholds over time by its slug; None if there is none. One statement."""
    query = select(*PLAN_COLUMNS, *VERSION_COLUMNS).outerjoin(PlanVersion, PlanVersion.plan_id == Plan.id)
    rows = session.execute(query.where(Plan.slug == slug)).mappings().all()
    if not rows:
        return None
    plan = plan_of_rows(rows)
    return plan, plan.ratings.schemes


def all_slugs(session: Session) -> list[str]:
    """Return the slugs of every plan, in order of title."""
    return list(session.scalars(select(Plan.slug).order_by(Plan.title)))


def portfolio(session: Session, actor: Actor, day: date, *, page: int = 1, size: int = 50) -> PortfolioPage:
    """Return a page of the plans that the actor may see, with headline and direction. Six statements."""
    seen = true() if actor.administrator or actor.system else Plan.id.in_(sorted(actor.roles))
    there = (seen, or_(Plan.adopted.is_(None), Plan.adopted <= day))
    total = session.scalar(select(func.count()).select_from(Plan).where(*there)) or 0
    pages = max(1, -(-total // size))
    page = min(page, pages)
    plans = (
        session.execute(
            select(*PLAN_COLUMNS, _label_on(day))
            .where(*there)
            .order_by(Plan.title, Plan.id)
            .limit(size)
            .offset((page - 1) * size)
        )
        .mappings()
        .all()
    )
    ids = [row["id"] for row in plans]
    before_day = add_months(day, -1)
    now, before = headline_items(session, ids, day), headline_items(session, ids, before_day)
    rows = []
    for row in plans:
        plan = plan_row(row)
        current = headline(now[plan.id], day, plan.ratings.schemes)
        was = headline(before[plan.id], before_day, plan.ratings.schemes) if before[plan.id] else None
        moved = direction(was.colour, current.colour) if was else None
        rows.append(PortfolioRow(plan, current, moved, row["label_on"] or plan.version))
    return PortfolioPage(tuple(rows), page, pages)


def _label_on(day: date) -> Any:
    """Return the label of the later version of a plan that is in force on a day, as a column; None for the first."""
    return (
        select(PlanVersion.label)
        .where(
            PlanVersion.plan_id == Plan.id,
            PlanVersion.adopted <= day,
            or_(PlanVersion.undone_on.is_(None), PlanVersion.undone_on > day),
        )
        .order_by(PlanVersion.number.desc())
        .limit(1)
        .scalar_subquery()
        .label("label_on")
    )


def managed_plans(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return slug and title of the plans that the actor manages. One statement."""
    return [(slug, title) for _, slug, title in plans_as(session, actor, Role.MANAGER)]


def plans_as(session: Session, actor: Actor, role: Role) -> list[tuple[int, str, str]]:
    """Return number, slug and title of the plans on which the actor has a role. One statement."""
    ids = [plan_id for plan_id, roles in actor.roles.items() if role in roles]
    query = select(Plan.id, Plan.slug, Plan.title).where(Plan.id.in_(sorted(ids))).order_by(Plan.title)
    return [(key, slug, title) for key, slug, title in session.execute(query)]


def seen_plans(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return number (as text) and title of every plan that the actor may see. One statement."""
    seen = true() if actor.administrator or actor.system else Plan.id.in_(sorted(actor.roles))
    return [
        (str(key), title)
        for key, title in session.execute(select(Plan.id, Plan.title).where(seen).order_by(Plan.title))
    ]


def scheme_id_of(session: Session, plan_id: int) -> int:
    """Return the number of the rating scheme that a plan has chosen, 0 if none. One statement."""
    return session.scalar(select(Plan.rating_scheme_id).where(Plan.id == plan_id)) or 0


def on(day: date) -> tuple[Any, Any]:
    """Return the condition that a colour span covers a day."""
    return ColourSpan.from_day <= day, ColourSpan.to_day >= day


def headline_items(session: Session, plan_ids: Sequence[int], day: date) -> dict[int, list[Item]]:
    """Return the milestones of plans as the roll-up sees them, grouped in the database. Two statements.

    One more where a milestone was marked as critical, or the mark taken off, since that day.
    """
    were = {key: then["critical"] for key, then in counted_then(session, plan_ids, day).items() if "critical" in then}
    due_by = case((ColourSpan.due <= day, 1), else_=0)
    query = (
        select(ColourSpan.plan_id, ColourSpan.colour, due_by, Milestone.critical, func.count())
        .join(Milestone, Milestone.id == ColourSpan.milestone_id)
        .where(ColourSpan.plan_id.in_(list(plan_ids)), *on(day), ColourSpan.milestone_id.not_in(list(were)))
        .group_by(ColourSpan.plan_id, ColourSpan.colour, due_by, Milestone.critical)
    )
    items: dict[int, list[Item]] = defaultdict(list)
    for plan_id, colour, is_due, critical, number in session.execute(query):
        items[plan_id] += [Item(Colour(colour), day if is_due else None, critical)] * number
    if were:
        columns = (ColourSpan.plan_id, ColourSpan.milestone_id, ColourSpan.colour, ColourSpan.due)
        for plan_id, key, colour, due in session.execute(
            select(*columns).where(ColourSpan.milestone_id.in_(list(were)), *on(day))
        ):
            items[plan_id].append(Item(Colour(colour), due, bool(were[key])))
    return items


def first_day(session: Session, subject_type: str, subject_id: int) -> date | None:
    """Return the first day on which the ledger says anything of a row. One statement."""
    query = select(func.min(LedgerEntry.effective_day))
    return session.scalar(query.where(LedgerEntry.subject_type == subject_type, LedgerEntry.subject_id == subject_id))
