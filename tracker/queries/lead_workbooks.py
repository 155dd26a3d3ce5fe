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
from tracker.queries.register import led_by
from tracker.queries.rows import MilestoneRow
from tracker.rules.colour import BAR_ORDER, Colour

_CLOSED = (Colour.NONE.value, Colour.BLUE.value)
_LAST = date.max


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """What one post is asked about a plan; `post_id` is 0 for the whole plan."""

    post_id: int
    post: str
    organisation: str
    vacant: bool  # nobody holds the post today
    rows: tuple[MilestoneRow, ...]

    @property
    def name(self) -> str:
        """Return the post with its organisation."""
        return f"{self.post} ({self.organisation})" if self.organisation else self.post

    @property
    def pressing(self) -> int:
        """Return how many are Red or Amber."""
        return sum(row.colour in (Colour.RED, Colour.AMBER) for row in self.rows)


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
    leading = _leading(session, plan_id, day, posts)
    linked: dict[int, set[int]] = defaultdict(set)
    links = select(MilestoneAction.milestone_id, MilestoneAction.action_id).where(
        MilestoneAction.plan_id == plan_id, MilestoneAction.unlinked_on.is_(None)
    )
    for milestone_id, action_id in session.execute(links):
        linked[milestone_id].add(action_id)
    sheets = []
    for (post_id, title, organisation, vacant), led in leading.items():
        mine = [row for row in rows if _keys(row, linked[row.id]) & led]
        if mine:
            sheets.append(LeadSheet(post_id, title, organisation, vacant, tuple(mine)))
    whole = LeadSheet(0, "", "", False, tuple(rows))
    return LeadSheets(whole, tuple(sorted(sheets, key=lambda sheet: sheet.name.casefold())), seq)


def _leading(
    session: Session, plan_id: int, day: date, posts: frozenset[int] | None
) -> dict[tuple[int, str, str, bool], set[tuple[str, int]]]:
    """Return what each post leads in a plan, by the post with its organisation and whether it is vacant."""
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
    found: dict[tuple[int, str, str, bool], set[tuple[str, int]]] = defaultdict(set)
    for post_id, title, organisation, last, want, workstream, action, milestone in session.execute(query):
        vacant = day_after(last) is not None or want == "nobody"
        led = ("milestone", milestone) if milestone else ("action", action) if action else ("workstream", workstream)
        found[post_id, title, organisation, vacant].add(led)
    return found


def _keys(row: MilestoneRow, actions: set[int]) -> set[tuple[str, int]]:
    """Return everything by which a milestone may be led."""
    return {
        ("milestone", row.id),
        *(("action", action) for action in actions),
        *([("workstream", row.workstream_id)] if row.workstream_id is not None else []),
    }


def _urgency(row: MilestoneRow) -> tuple[int, date]:
    """Return where a row stands in a workbook: Red, then Amber, then by deadline."""
    first = BAR_ORDER.index(row.colour) if row.colour in (Colour.RED, Colour.AMBER) else len(BAR_ORDER)
    return first, row.due or _LAST
