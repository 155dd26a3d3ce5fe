"""The list of a plan's milestones: filtered, sorted and paged in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import (
    ColourSpan,
    LeadAssignment,
    Milestone,
    MilestoneAction,
    Organisation,
    Post,
    Priority,
    Workstream,
)
from tracker.queries.as_at import REWOUND, Past, past
from tracker.queries.milestone_rows import leading_on, milestone_query, rows_of
from tracker.queries.plans import on
from tracker.queries.rows import MilestoneRow, PlanRow
from tracker.rules.colour import BAR_ORDER, Colour
from tracker.rules.rollup import workstream_colour

PAGE_SIZE = 100
SORTS = {
    "plan": "Order of the plan",
    "due": "Deadline",
    "colour": "Colour, worst first",
    "updated": "Longest without update",
}
WINDOWS = {
    "overdue": "Deadline passed",
    "30": "Due in 30 days",
    "60": "Due in 60 days",
    "90": "Due in 90 days",
    "undated": "No date",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty values narrow nothing."""

    colours: tuple[Colour, ...] = ()
    lead: int | None = None
    priority: int | None = None
    window: str = ""
    text: str = ""
    sort: str = "plan"
    page: int = 1

    @property
    def active(self) -> bool:
        """Return whether anything is narrowed."""
        return bool(self.colours or self.lead or self.priority or self.window or self.text)


@dataclass(frozen=True, slots=True)
class WorkstreamHead:
    """A workstream as the heading of its milestones in the list."""

    id: int
    ref: str
    title: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of the list, with how many there are in all and who can be filtered by."""

    rows: tuple[MilestoneRow, ...]
    total: int
    filters: Filters
    pages: int
    leads: tuple[tuple[int, str], ...]  # post id and "title (organisation)", for the filter
    priorities: tuple[tuple[int, str], ...]  # id and "ref. title", for the filter
    workstreams: dict[int, WorkstreamHead]  # those of the rows


def register(session: Session, plan: PlanRow, filters: Filters, day: date, today: date) -> RegisterPage:
    """Return a page of milestones as at a day. Eight statements, one more for a day before today."""
    then = past(session, plan.id, day, today, REWOUND)
    conditions = [Milestone.plan_id == plan.id, *_conditions(filters, day, then)]
    total = session.scalar(
        select(func.count())
        .select_from(Milestone)
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(*on(day), *conditions)
    )
    pages = max(1, -(-(total or 0) // PAGE_SIZE))
    filters = replace(filters, page=min(max(1, filters.page), pages))
    query = (
        milestone_query(day)
        .where(*conditions)
        .order_by(*_order(filters.sort), Priority.position, Workstream.position.nulls_last(), Milestone.position)
        .limit(PAGE_SIZE)
        .offset((filters.page - 1) * PAGE_SIZE)
    )
    rows = rows_of(session, query, day, then)
    if then.places and filters.sort == "plan":  # what was moved since stands with those it stood with then
        places = sorted({(row.priority_ref, row.workstream_ref == "", row.workstream_ref) for row in rows})
        rows.sort(key=lambda row: places.index((row.priority_ref, row.workstream_ref == "", row.workstream_ref)))
    return RegisterPage(
        rows=tuple(rows),
        total=total or 0,
        filters=filters,
        pages=pages,
        leads=_leads(session, plan.id),
        priorities=_priorities(session, plan.id),
        workstreams=_heads(session, rows, day, then),
    )


def _priorities(session: Session, plan_id: int) -> tuple[tuple[int, str], ...]:
    query = select(Priority.id, Priority.ref, Priority.title).where(Priority.plan_id == plan_id)
    return tuple((key, f"{ref}. {title}") for key, ref, title in session.execute(query.order_by(Priority.position)))


def _heads(session: Session, rows: Sequence[MilestoneRow], day: date, then: Past) -> dict[int, WorkstreamHead]:
    """Return the workstreams of some rows with the colour that all their milestones give. One statement."""
    shown = {row.workstream_id: row for row in rows if row.workstream_id is not None}
    found: dict[int, set[Colour]] = defaultdict(set)
    query = (
        select(Milestone.workstream_id, ColourSpan.colour)
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .where(Milestone.workstream_id.in_(list(shown)), *on(day))
        .distinct()
    )
    moved = then.elsewhere("milestone", "workstream_id")
    if moved:
        query = query.where(Milestone.id.not_in(list(moved)))
        for row in rows:
            if row.id in moved:
                found[row.workstream_id or 0].add(row.colour)
    for workstream_id, colour in session.execute(query):
        found[workstream_id or 0].add(Colour(colour))
    return {
        key: WorkstreamHead(key, row.workstream_ref, row.workstream_title, workstream_colour(found[key]))
        for key, row in shown.items()
    }


def _leads(session: Session, plan_id: int) -> tuple[tuple[int, str], ...]:
    query = (
        select(Post.id, Post.title, Organisation.name)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.id.in_(select(LeadAssignment.post_id).where(LeadAssignment.plan_id == plan_id)))
        .order_by(Post.title)
    )
    return tuple((post_id, f"{title} ({organisation})") for post_id, title, organisation in session.execute(query))


def _conditions(filters: Filters, day: date, then: Past) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.colours:
        found.append(ColourSpan.colour.in_([colour.value for colour in filters.colours]))
    if filters.lead:
        found.append(led_by([filters.lead], day))
    if filters.priority:
        moved = then.elsewhere("milestone", "priority_id")
        there = [key for key, priority_id in moved.items() if priority_id == filters.priority]
        stayed = (Milestone.priority_id == filters.priority) & Milestone.id.not_in(list(moved))
        found.append(stayed | Milestone.id.in_(there) if moved else Milestone.priority_id == filters.priority)
    if filters.window == "overdue":
        found += [ColourSpan.due < day, ColourSpan.colour.not_in(["blue", "none"])]
    elif filters.window == "undated":
        found.append(ColourSpan.due.is_(None))
    elif filters.window in WINDOWS:
        found += [ColourSpan.due >= day, ColourSpan.due <= day + timedelta(days=int(filters.window))]
    if filters.text:
        wanted = f"%{_escape(filters.text)}%"
        found.append(
            or_(
                Milestone.text.ilike(wanted, escape="\\"),
                Milestone.ref.ilike(wanted, escape="\\"),
                Workstream.title.ilike(wanted, escape="\\"),
                (Workstream.ref + "." + Milestone.ref).ilike(wanted, escape="\\"),
            )
        )
    return found


def led_by(posts: list[int], day: date | None = None) -> ColumnElement[bool]:
    """Return the condition that one of some posts leads a milestone: its own, its action's or its workstream's.

    As at `day`, where one is given, as far as leads have ended since.
    """
    mine = LeadAssignment.post_id.in_(posts) & leading_on(day)
    return or_(
        Milestone.id.in_(select(LeadAssignment.milestone_id).where(mine, LeadAssignment.milestone_id.is_not(None))),
        Milestone.workstream_id.in_(
            select(LeadAssignment.workstream_id).where(mine, LeadAssignment.workstream_id.is_not(None))
        ),
        Milestone.id.in_(
            select(MilestoneAction.milestone_id)
            .join(LeadAssignment, LeadAssignment.action_id == MilestoneAction.action_id)
            .where(mine, MilestoneAction.unlinked_on.is_(None))
        ),
    )


def _order(sort: str) -> tuple[Any, ...]:
    if sort == "due":
        return (ColourSpan.due.is_(None), ColourSpan.due)
    if sort == "colour":
        return (case({c.value: i for i, c in enumerate(BAR_ORDER)}, value=ColourSpan.colour, else_=9),)
    if sort == "updated":
        return (Milestone.updated_on.is_not(None), Milestone.updated_on)
    return ()


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
