"""Load milestones as rows as at a day: columns, not objects, with the colour span of that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import Session

from tracker.models import (
    Action,
    ColourSpan,
    LeadAssignment,
    Milestone,
    MilestoneAction,
    Organisation,
    Post,
    Priority,
    Workstream,
)
from tracker.queries.as_at import PRESENT, Past
from tracker.queries.holdings import day_after, vacant_since, wanting
from tracker.queries.plans import on
from tracker.queries.rows import LeadRow, MilestoneRow
from tracker.rules.colour import Colour
from tracker.rules.timeline import FOREVER

# Fields of MilestoneRow that are columns of the milestone of the same name.
OWN = (
    "id",
    "ref",
    "text",
    "due_text",
    "due_precision",
    "original_due",
    "original_due_text",
    "baseline_due",
    "baseline_due_text",
    "baseline_version",
    "started",
    "forecast",
    "forecast_text",
    "confidence",
    "confidence_reason",
    "blocked",
    "progress",
    "impact",
    "help_needed",
    "recovery",
    "consequence",
    "updated_on",
    "updated_by",
    "claimed",
    "completed",
    "signoff",
    "confirmed",
    "proposed_text",
    "critical",
    "implicit",
    "standing",
    "standing_reference",
    "origin",
    "needs_decision",
    "tail",
    "version",
    "percent",
    "outcome_confidence",
    "outcome_reason",
    "status_text",
    "rating",
    "rating_file",
    "rating_as_at",
)
CRITICAL = "critical"
"""The mark of a milestone that weighs in the headline by itself."""
_SPAN = ("colour", "rule", "reason", "marks", "computed", "attributed", "due", "moves", "from_day", "to_day")

Leads = Mapping[tuple[str, int], tuple[LeadRow, ...]]


# Made once: naming fifty columns anew would cost more than reading them.
_MILESTONES: Select[Any] = (
    select(
        *(getattr(Milestone, name) for name in OWN),
        *(getattr(ColourSpan, name) for name in _SPAN),
        Milestone.moves.label("all_moves"),
        Milestone.priority_id,
        Milestone.workstream_id,
        Priority.ref.label("priority_ref"),
        Priority.title.label("priority_title"),
        Workstream.ref.label("workstream_ref"),
        Workstream.title.label("workstream_title"),
        Milestone.position,
    )
    .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
    .join(Priority, Priority.id == Milestone.priority_id)
    .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
)


def milestone_query(day: date) -> Select[Any]:
    """Return the statement that reads milestones with their place in the plan and their colour on a day."""
    return _MILESTONES.where(*on(day))


def leading_on(day: date | None = None) -> ColumnElement[bool]:
    """Return the condition that an assignment stands: today, or on a day as far as it has ended since."""
    if day is None:
        return LeadAssignment.ended.is_(None)
    return or_(LeadAssignment.ended.is_(None), LeadAssignment.ended > day)


def load_leads(session: Session, condition: ColumnElement[bool], day: date, past: Past = PRESENT) -> Leads:
    """Return who leads what on a day, keyed by ("workstream" | "action" | "milestone", id). One statement.

    A post that leads alone is accountable. Of several that the source names, nobody is until a person says who.
    """
    query = (
        select(
            LeadAssignment.id,
            LeadAssignment.workstream_id,
            LeadAssignment.action_id,
            LeadAssignment.milestone_id,
            LeadAssignment.accountable,
            Post.id,
            Post.title,
            Organisation.name,
            LeadAssignment.ended,
            vacant_since(day),
            wanting(day),
        )
        .join(Post, Post.id == LeadAssignment.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(condition)
        .order_by(LeadAssignment.position, LeadAssignment.id)
    )
    found: dict[tuple[str, int], tuple[LeadRow, ...]] = {}
    for row in session.execute(query):
        key, workstream, action, milestone, accountable, post_id, title, organisation, ended, vacant, want = row
        then = past.of("lead_assignment", key)
        if not past.had("lead_assignment", key) or then.get("ended", ended) is not None:
            continue
        subject: tuple[str, int] = ("workstream", workstream or 0)
        if milestone or action:
            subject = ("milestone", milestone) if milestone else ("action", action or 0)
        lead = LeadRow(post_id, title, organisation, then.get("accountable", accountable), day_after(vacant), want)
        found[subject] = (*found.get(subject, ()), lead)
    return {subject: _in_order(leads) for subject, leads in found.items()}


def _in_order(leads: tuple[LeadRow, ...]) -> tuple[LeadRow, ...]:
    """Return the accountable one first; one that leads alone is."""
    if len(leads) == 1:
        return leads if leads[0].accountable else (replace(leads[0], accountable=True),)
    return tuple(sorted(leads, key=lambda lead: not lead.accountable))


def load_links(
    session: Session, condition: ColumnElement[bool], past: Past = PRESENT
) -> dict[int, list[tuple[int, str]]]:
    """Return the actions that milestones are linked to, as (action id, ref), by milestone id. One statement."""
    links: dict[int, list[tuple[int, str]]] = {}
    query = (
        select(MilestoneAction.id, MilestoneAction.milestone_id, MilestoneAction.unlinked_on, Action.id, Action.ref)
        .join(Action, Action.id == MilestoneAction.action_id)
        .where(condition)
        .order_by(Action.position)
    )
    for key, milestone_id, unlinked_on, action_id, ref in session.execute(query):
        if past.stands("milestone_action", key, unlinked_on):
            links.setdefault(milestone_id, []).append((action_id, ref))
    return links


def make_row(read: Row[Any], leads: Leads, links: Sequence[tuple[int, str]], past: Past) -> MilestoneRow:
    """Make a MilestoneRow of what `milestone_query` read, as it was on an earlier day where `past` says so."""
    values = tuple(read)
    own = dict(zip(OWN, values, strict=False))
    span, place = values[len(OWN) : len(OWN) + len(_SPAN)], values[len(OWN) + len(_SPAN) :]
    colour, rule, reason, marks, computed, attributed, due, moves, from_day, to_day = span
    all_moves, priority_id, workstream_id, priority_ref, priority_title, workstream_ref, workstream_title, _ = place
    then = past.of("milestone", own["id"])
    own |= {name: value for name, value in then.items() if name in own}
    priority_id = then.get("priority_id", priority_id)
    workstream_id = then.get("workstream_id", workstream_id)
    if past.places:
        there = past.places.get(("workstream", workstream_id or 0), {})
        priority_id = there.get("priority_id", priority_id) if workstream_id is not None else priority_id
        workstream_ref, workstream_title = there.get("ref", ""), there.get("title", "")
        above = past.places.get(("priority", priority_id), {})
        priority_ref, priority_title = above.get("ref", priority_ref), above.get("title", priority_title)
    found = leads.get(("milestone", own["id"]), ())
    if not found:
        found = tuple(dict.fromkeys(lead for action_id, _ in links for lead in leads.get(("action", action_id), ())))
    if not found and workstream_id is not None:
        found = leads.get(("workstream", workstream_id), ())
    workstream = past.of("workstream", workstream_id) if workstream_id is not None else {}
    return MilestoneRow(
        **own,
        priority_id=priority_id,
        priority_ref=priority_ref,
        priority_title=past.of("priority", priority_id).get("title", priority_title),
        workstream_id=workstream_id,
        workstream_ref=workstream_ref or "",
        workstream_title=workstream.get("title", workstream_title) or "",
        actions=tuple(ref for _, ref in links),
        leads=found,
        due=due,
        moves=moves,
        all_moves=then.get("moves", all_moves),
        colour=Colour(colour),
        rule=rule,
        reason=reason,
        marks=(*marks, CRITICAL) if own["critical"] else tuple(marks),
        computed=Colour(computed),
        attributed=attributed,
        since=from_day,
        until=None if to_day == FOREVER else to_day,
    )


def rows_of(session: Session, query: Select[Any], day: date, past: Past = PRESENT) -> list[MilestoneRow]:
    """Return the milestones that a statement made by `milestone_query` for a day reads. Three statements at most."""
    read = session.execute(query).all()
    if not read:
        return []
    ids = [row.id for row in read]
    workstreams = sorted({row.workstream_id for row in read if row.workstream_id is not None})
    links = load_links(session, MilestoneAction.milestone_id.in_(ids), past)
    actions = sorted({action_id for linked in links.values() for action_id, _ in linked})
    leads = load_leads(session, leading(ids, workstreams, actions), day, past)
    return [make_row(row, leads, links.get(row.id, ()), past) for row in read]


def leading(milestones: Iterable[int], workstreams: Iterable[int], actions: Iterable[int]) -> ColumnElement[bool]:
    """Return the condition for the assignments of some milestones, workstreams and actions."""
    return or_(
        LeadAssignment.milestone_id.in_(list(milestones)),
        LeadAssignment.workstream_id.in_(list(workstreams)),
        LeadAssignment.action_id.in_(list(actions)),
    )
