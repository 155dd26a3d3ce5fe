"""What wants putting right in the register of who answers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import LeadAssignment, Milestone, Plan, Workstream
from tracker.queries.people import seen_by
from tracker.queries.posts import PostLine
from tracker.rules.dates import show_day
from tracker.rules.permissions import Actor


@dataclass(frozen=True, slots=True)
class Gap:
    """Something in the register that wants putting right: what, and the post or the workstream that it is about."""

    finding: str
    text: str
    known: str
    post_id: int | None = None
    plan_slug: str = ""
    workstream_id: int | None = None


def gaps(lines: list[PostLine], nobody: list[tuple[str, str, str, int, str]]) -> list[Gap]:
    """Return what wants putting right: posts that lead something unfinished and do not answer, and nobody leading."""
    found = []
    for line in lines:
        left = sum(item.unfinished for item in line.leads)
        if not left or line.closed_on is not None:
            continue
        known = f"Leads {left} unfinished {'item' if left == 1 else 'items'}."
        text = f"{line.title} ({line.organisation})"
        if line.vacant_since is not None:
            found.append(Gap("Vacant", text, f"Vacant since {show_day(line.vacant_since)}. {known}", line.id))
        elif line.vacant:
            found.append(Gap("No holder recorded", text, f"Nobody was ever recorded as its holder. {known}", line.id))
        elif len(line.disabled) == len(line.holders):
            found.append(Gap("Account disabled", text, f"Its holder cannot sign in. {known}", line.id))
    found += [
        Gap(wanting, title, plan, plan_slug=slug, workstream_id=key) for slug, plan, title, key, wanting in nobody
    ]
    return sorted(found, key=lambda gap: GAPS.index(gap.finding))


GAPS = ("Vacant", "Account disabled", "No lead", "Several leads, nobody accountable", "No holder recorded")
"""The findings in the order in which they are shown."""


def unanswered(session: Session, actor: Actor) -> list[tuple[str, str, str, int, str]]:
    """Return workstreams with open milestones that nobody leads, or that several lead and nobody is accountable for.

    As (plan slug, plan title, ref and title, workstream id, what is wanting). One statement.
    """
    lead = LeadAssignment
    number = select(func.count()).where(lead.workstream_id == Workstream.id, lead.ended.is_(None)).scalar_subquery()
    accountable = exists().where(lead.workstream_id == Workstream.id, lead.ended.is_(None), lead.accountable)
    open_item = exists().where(
        Milestone.workstream_id == Workstream.id, Milestone.signoff != "approved", Milestone.standing == "open"
    )
    query = (
        select(Plan.slug, Plan.title, Workstream.ref, Workstream.title, Workstream.id, number)
        .join(Plan, Plan.id == Workstream.plan_id)
        .where(
            seen_by(actor, Plan.id),
            Workstream.standing == "open",
            open_item,
            or_(number == 0, and_(number > 1, ~accountable)),
        )
        .order_by(Plan.title, Workstream.position)
    )
    return [
        (slug, plan, f"{ref} {title}", key, "No lead" if not leads else "Several leads, nobody accountable")
        for slug, plan, ref, title, key, leads in session.execute(query)
    ]
