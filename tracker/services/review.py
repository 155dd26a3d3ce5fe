"""A plan review before it is recorded: whether the decision holds, and what the new baseline would be, line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Milestone, Plan, PlanVersion, Priority, Workstream
from tracker.queries.as_at import past
from tracker.queries.plans import find_plan
from tracker.queries.rows import PlanRow
from tracker.queries.version_rows import VersionRow, in_force
from tracker.rules.dates import show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.text import clean, fold

LONGEST_LABEL = 40
_CLAIMED = {
    "claimed": "completion is claimed and waits for sign-off",
    "approved": "completed and signed off",
    "lapsed": "completion is claimed and waits for sign-off",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a board decided at a review: the new version, the first day that it holds, and where that is recorded."""

    label: str
    adopted: date | None
    board: str
    meeting_on: date | None
    minute: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One milestone at a review. `why_kept` is "" where it takes the new baseline."""

    milestone_id: int
    ref: str
    text: str
    original_text: str
    measured_text: str  # what it is measured against before the review
    due: date | None
    due_text: str  # the deadline on the day of adoption: its new baseline
    moves: int  # in all, by that day
    why_kept: str
    remark: str = ""  # what somebody who agrees the baseline should know


@dataclass(frozen=True, slots=True)
class Preview:
    """What a review does: the milestones that take a new baseline, and those that keep theirs. Nothing is written.

    `stamp` changes as soon as a milestone or a version of the plan does.
    """

    taking: tuple[ReviewLine, ...]
    keeping: tuple[ReviewLine, ...]
    in_force: VersionRow
    stamp: str


def preview(
    session: Session,
    actor: Actor,
    plan_id: int,
    decision: Decision,
    today: date,
    left_out: Collection[int] = (),
) -> Preview:
    """Return what a review would do. Raises what stands against it, as the adoption itself would. Six statements."""
    permit(actor, Act.ADOPT, plan_id)
    return prepare(session, plan_id, decision, today, left_out)


def prepare(session: Session, plan_id: int, decision: Decision, today: date, left_out: Collection[int] = ()) -> Preview:
    """Return what a review does, for an act that is permitted already. Raises what stands against it."""
    plan = session.get(Plan, plan_id)
    found = find_plan(session, plan.slug) if plan is not None else None
    if found is None:
        raise NotFound("There is no such plan.")
    day = check(found[0], decision, today)
    lines = _lines(session, plan_id, day, today)
    if all(line.why_kept for line in lines):
        raise Refusal("No milestone is open and has a deadline, so there is nothing to take a new baseline of.")
    taking = tuple(line for line in lines if not line.why_kept and line.milestone_id not in left_out)
    if not taking:
        raise Refusal("Leave at least one milestone ticked: a review that keeps every baseline adopts none.", "taking")
    return Preview(
        taking=taking,
        keeping=tuple(line for line in lines if line not in taking),
        in_force=in_force(found[0].versions, today),
        stamp=_stamp(session, plan_id),
    )


def check(plan: PlanRow, decision: Decision, today: date) -> date:
    """Return the day of adoption of a decision that nothing stands against; raises Refusal with what does."""
    label = clean(decision.label)
    if not label:
        raise Refusal('Enter the label of the new version, for example "2".', "label")
    if len(label) > LONGEST_LABEL or "\n" in label:
        raise Refusal(f"Enter a label of one line, at most {LONGEST_LABEL} characters.", "label")
    counted = [version for version in plan.versions if version.undone_on is None]
    if any(_same(label, version) for version in counted):
        raise Refusal(f"This plan has a version {label} already. Enter another label.", "label")
    if decision.adopted is None:
        raise Refusal("Enter the day on which the version was adopted.", "adopted")
    if decision.adopted > today:
        raise Refusal("Enter a day of adoption that is today or earlier.", "adopted")
    last, begun = counted[-1], plan.began
    if last.adopted is not None and decision.adopted <= last.adopted:
        raise Refusal(f"{last.name} was adopted on {show_day(last.adopted)}. Enter a later day.", "adopted")
    if begun is not None and decision.adopted < begun:
        raise Refusal(f"Nothing is recorded of this plan before {show_day(begun)}. Enter a later day.", "adopted")
    if not clean(decision.board):
        raise Refusal("Enter the board or meeting that decided.", "board")
    if decision.meeting_on is None:
        raise Refusal("Enter the day of the meeting that decided.", "meeting_on")
    if decision.meeting_on > today:
        raise Refusal("Enter a day of the meeting that is today or earlier.", "meeting_on")
    if decision.adopted < decision.meeting_on:
        raise Refusal(
            f"The meeting that decided was on {show_day(decision.meeting_on)}. "
            "Enter a day of adoption that is not before it: days before the decision keep their colours.",
            "adopted",
        )
    if not clean(decision.minute):
        raise Refusal("Enter the minute of the decision.", "minute")
    return decision.adopted


def _same(label: str, version: VersionRow) -> bool:
    return fold(label) in {fold(version.label), str(version.number)}


def _lines(session: Session, plan_id: int, day: date, today: date) -> list[ReviewLine]:
    """Return every milestone that was in the plan at the end of a day, in the order of the plan."""
    then = past(session, plan_id, day, today, (Milestone.__tablename__,))
    names = (
        "ref", "text", "due", "due_text", "original_due_text", "baseline_due_text", "baseline_version", "moves",
        "standing", "signoff", "claimed", "proposed_text",
    )  # fmt: skip
    query = (
        select(Milestone.id, Workstream.ref, *(getattr(Milestone, name) for name in names))
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .join(Priority, Priority.id == Milestone.priority_id)
        .where(Milestone.plan_id == plan_id)
        .order_by(Priority.position, Workstream.position, Milestone.position, Milestone.id)
    )
    found = []
    for key, workstream, *values in session.execute(query):
        if not then.had(Milestone.__tablename__, key):
            continue
        was = dict(zip(names, values, strict=True))
        was |= {name: value for name, value in then.of(Milestone.__tablename__, key).items() if name in was}
        found.append(
            ReviewLine(
                milestone_id=key,
                ref=f"{workstream}.{was['ref']}" if workstream else was["ref"],
                text=was["text"],
                original_text=was["original_due_text"],
                measured_text=was["baseline_due_text"] if was["baseline_version"] else was["original_due_text"],
                due=was["due"],
                due_text=was["due_text"],
                moves=was["moves"],
                why_kept=_why_kept(was),
                remark=_remark(was, day),
            )
        )
    return found


def _why_kept(was: Mapping[str, Any]) -> str:
    if was["standing"] != "open":
        return f"{was['standing']} by decision, so it does not count"
    if was["signoff"] in _CLAIMED:
        return _CLAIMED[was["signoff"]]
    return "" if was["due"] is not None else "no deadline"


def _remark(was: Mapping[str, Any], day: date) -> str:
    if was["due"] is not None and was["due"] < day:
        return "its deadline has passed, so it stays Red until a new date is agreed"
    if was["proposed_text"]:
        return f"a new date, {was['proposed_text']}, is asked for and not decided"
    return ""


def _stamp(session: Session, plan_id: int) -> str:
    """Return a text that is another one once a milestone or a version of the plan has changed."""
    milestones = select(Milestone.id, Milestone.version).where(Milestone.plan_id == plan_id).order_by(Milestone.id)
    versions = select(PlanVersion.id, PlanVersion.undone_on).where(PlanVersion.plan_id == plan_id)
    read = [*session.execute(milestones), *session.execute(versions.order_by(PlanVersion.id))]
    return hashlib.sha256(repr([tuple(row) for row in read]).encode()).hexdigest()[:20]
