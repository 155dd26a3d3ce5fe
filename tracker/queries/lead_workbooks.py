"""What goes into a lead's workbook: the open milestones that a post leads, the worst first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, LeadAssignment, Milestone, MilestoneAction, Organisation, Plan, Post
from tracker.queries.holdings import day_after, vacant_since, wanting
from tracker.queries.milestone_rows import milestone_query, rows_of
from tracker.queries.plans import on
from tracker.queries.register import led_by
from tracker.queries.rows import MilestoneRow
from tracker.rules.colour import BAR_ORDER, Colour

_CLOSED = (Colour.NONE.value, Colour.BLUE.value)
_PRESSING = (Colour.RED.value, Colour.AMBER.value)
_LAST = date.max


@dataclass(frozen=True, slots=True)
class LeadPost:
    """A post that leads something of a plan; `post_id` is 0 for the whole plan."""

    post_id: int
    post: str
    organisation: str
    vacant: bool  # nobody holds the post today

    @property
    def name(self) -> str:
        """Return the post with its organisation."""
        return f"{self.post} ({self.organisation})" if self.organisation else self.post


@dataclass(frozen=True, slots=True)
class LeadSheet(LeadPost):
    """What one post is asked about a plan."""

    rows: tuple[MilestoneRow, ...]


@dataclass(frozen=True, slots=True)
class LeadCount(LeadPost):
    """How much one post is asked about a plan."""

    open: int
    pressing: int  # Red or Amber


@dataclass(frozen=True, slots=True)
class LeadSheets:
    """The sheets of a plan's leads, with the whole plan's, and where its ledger stood when they were read."""

    whole: LeadSheet
    leads: tuple[LeadSheet, ...]
    seq: int

    def of(self, post_id: int) -> LeadSheet | None:
        """Return the sheet of a post, None if it leads nothing that is open."""
        return next((sheet for sheet in self.leads if sheet.post_id == post_id), None)


def lead_sheets(session: Session, plan_id: int, day: date, posts: frozenset[int] | None = None) -> LeadSheets:
    """Return what the leads of a plan are asked on a day; only of some posts where these are given. Six statements."""
    seq = session.scalars(select(Plan.ledger_seq).where(Plan.id == plan_id)).one()
    query = milestone_query(day).where(Milestone.plan_id == plan_id, ColourSpan.colour.not_in(_CLOSED))
    if posts is not None:
        query = query.where(led_by(sorted(posts)))
    rows = sorted(rows_of(session, query.order_by(Milestone.position, Milestone.id), day), key=_urgency)
    linked = _linked(session, plan_id)
    sheets = []
    for post, led in _leading(session, plan_id, day, posts).items():
        mine = [row for row in rows if _keys(row.id, row.workstream_id, linked) & led]
        if mine:
            sheets.append(LeadSheet(post.post_id, post.post, post.organisation, post.vacant, tuple(mine)))
    whole = LeadSheet(0, "", "", False, tuple(rows))
    return LeadSheets(whole, tuple(sorted(sheets, key=lambda sheet: sheet.name.casefold())), seq)


def lead_counts(
    session: Session, plan_id: int, day: date, posts: frozenset[int] | None = None
) -> tuple[list[LeadCount], int]:
    """Return how much each lead of a plan is asked on a day, and how many milestones are open. Three statements."""
    query = (
        select(Milestone.id, Milestone.workstream_id, ColourSpan.colour)
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .where(*on(day), Milestone.plan_id == plan_id, ColourSpan.colour.not_in(_CLOSED))
    )
    if posts is not None:
        query = query.where(led_by(sorted(posts)))
    linked = _linked(session, plan_id)
    rows = [(_keys(key, workstream, linked), colour in _PRESSING) for key, workstream, colour in session.execute(query)]
    counts = []
    for post, led in _leading(session, plan_id, day, posts).items():
        mine = [pressing for keys, pressing in rows if keys & led]
        if mine:
            counts.append(LeadCount(post.post_id, post.post, post.organisation, post.vacant, len(mine), sum(mine)))
    return sorted(counts, key=lambda count: count.name.casefold()), len(rows)


def _linked(session: Session, plan_id: int) -> dict[int, set[int]]:
    """Return the actions that each milestone of a plan belongs to."""
    linked: dict[int, set[int]] = defaultdict(set)
    links = select(MilestoneAction.milestone_id, MilestoneAction.action_id).where(
        MilestoneAction.plan_id == plan_id, MilestoneAction.unlinked_on.is_(None)
    )
    for milestone_id, action_id in session.execute(links):
        linked[milestone_id].add(action_id)
    return linked


def _leading(
    session: Session, plan_id: int, day: date, posts: frozenset[int] | None
) -> dict[LeadPost, set[tuple[str, int]]]:
    """Return what each post leads in a plan."""
    query = (
        select(
            Post.id,
            Post.title,
            Organisation.name,
            vacant_since(day),
            wanting(day),
            LeadAssignment.workstream_id,
            LeadAssignment.action_id,
            LeadAssignment.milestone_id,
        )
        .join(Post, Post.id == LeadAssignment.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(LeadAssignment.plan_id == plan_id, LeadAssignment.ended.is_(None))
    )
    if posts is not None:
        query = query.where(Post.id.in_(sorted(posts)))
    found: dict[LeadPost, set[tuple[str, int]]] = defaultdict(set)
    for post_id, title, organisation, last, want, workstream, action, milestone in session.execute(query):
        vacant = day_after(last) is not None or want == "nobody"
        led = ("milestone", milestone) if milestone else ("action", action) if action else ("workstream", workstream)
        found[LeadPost(post_id, title, organisation, vacant)].add(led)
    return found


def _keys(milestone_id: int, workstream_id: int | None, linked: dict[int, set[int]]) -> set[tuple[str, int]]:
    """Return everything by which a milestone may be led."""
    actions = {("action", action) for action in linked.get(milestone_id, ())}
    return {("milestone", milestone_id), ("workstream", workstream_id or 0), *actions}


def _urgency(row: MilestoneRow) -> tuple[int, date]:
    """Return where a row stands in a workbook: Red, then Amber, then by deadline."""
    first = BAR_ORDER.index(row.colour) if row.colour in (Colour.RED, Colour.AMBER) else len(BAR_ORDER)
    return first, row.due or _LAST
