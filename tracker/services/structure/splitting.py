"""Split one milestone into two or more: the first keeps ref and history, each new one says where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import DeadlineChange, LeadAssignment, Milestone, MilestoneAction
from tracker.rules.baseline import BASELINE
from tracker.rules.dates import show_day
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor
from tracker.rules.text import clean
from tracker.services.ledger import Recorder
from tracker.services.structure.adding import checked_words
from tracker.services.structure.due import due_values
from tracker.services.structure.items import Form, add_row, begin, finish, name_of, open_item, refuse_closed, siblings
from tracker.services.structure.refs import free_ref, place_of, propose_ref
from tracker.services.versions import carry_baseline

_CARRIED = (
    "due",
    "due_text",
    "due_precision",
    "original_due",
    "original_due_text",
    "planned_start",
    "started",
    "moves",
    *BASELINE,
)
_CARRIED_TOO = ("critical", "confirmed", "workstream_id", "priority_id", "plan_id")


@dataclass(frozen=True, slots=True)
class Part:
    """One new milestone of a split: its text, and its deadline and ref where they are given."""

    text: str
    due: str = ""
    ref: str = ""


def split_milestone(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    milestone_id: int,
    form: Form,
    first: str,
    parts: Sequence[Part],
    reason: str,
) -> str:
    """Split a milestone: `first` is what it says from now on, `parts` are the new ones; returns the act.

    A new one carries the deadline, the original date, the baseline and the number of moves, so that a split forgives no
    slippage; an earlier date may be given, a later one has to be asked for.
    """
    item = open_item(session, actor, plan_id, "milestone", milestone_id)
    row: Milestone = item.row
    recorder = begin(session, actor, now, item, form, {"text": clean(first)}, {"text": "Text"})
    refuse_closed(session, row)
    if row.signoff in {"claimed", "approved", "lapsed"}:
        raise Refusal("Completion has been claimed for this milestone. Return or revoke it before you split it.")
    waiting = select(DeadlineChange.id).where(
        DeadlineChange.milestone_id == row.id, DeadlineChange.state == "requested"
    )
    if session.scalar(waiting.limit(1)) is not None:
        raise Refusal("A new date waits for a decision. Decide it before you split the milestone.")
    if not clean(reason):
        raise Refusal("Say why it is split.", "reason")
    parts = [part for part in parts if clean(part.text) or clean(part.due) or clean(part.ref)]
    if not parts:
        raise Refusal("Enter the text of at least one new milestone.", "text_1")
    order = siblings(session, row)
    recorder.change(row, "split it", {"text": checked_words(first, "text")}, clean(reason))
    made = [_part(recorder, row, part, number, clean(reason)) for number, part in enumerate(parts, 1)]
    index = order.index(row) + 1
    for position, one in enumerate([*order[:index], *made, *order[index:]], 1):
        if one.position != position:
            recorder.change(one, "shifted it to make room", {"position": position})
    return finish(recorder, [row, *made])


def _part(recorder: Recorder, row: Milestone, part: Part, number: int, reason: str) -> Milestone:
    session = recorder.session
    values: dict[str, Any] = {name: getattr(row, name) for name in (*_CARRIED, *_CARRIED_TOO)}
    if clean(part.due):
        given = due_values(recorder.plan, part.due, f"due_{number}")
        if row.due is not None and (given["due"] is None or given["due"] > row.due):
            raise Refusal(
                f"The deadline is {row.due_text}. A later date is a new date: split first, and then ask for it.",
                f"due_{number}",
            )
        if row.due is None or given["due"] != row.due:
            values |= given
            if row.baseline_version:
                values |= {"baseline_due": given["due"], "baseline_due_text": given["due_text"]}
    place = place_of(Milestone, values)
    wanted = clean(part.ref) or propose_ref(session, row.plan_id, Milestone, place)
    try:
        ref = free_ref(session, row.plan_id, Milestone, place, wanted, "this place")
    except Refusal as refusal:
        raise Refusal(refusal.sentence, f"ref_{number}") from refusal
    try:
        text = checked_words(part.text, "text")
    except Refusal as refusal:
        raise Refusal(refusal.sentence, f"text_{number}") from refusal
    origin = f"Split from {name_of(session, row)} on {show_day(recorder.today)}"
    new = Milestone(**values, ref=ref, text=text, origin=origin, position=row.position)
    add_row(recorder, new, reason, "added it by a split")
    carry_baseline(session, new)
    _beside(recorder, row, new)
    return new


def _beside(recorder: Recorder, row: Milestone, new: Milestone) -> None:
    """Give a new milestone the leads of its own and the links to actions that the first one has."""
    session = recorder.session
    leads = select(LeadAssignment).where(LeadAssignment.milestone_id == row.id, LeadAssignment.ended.is_(None))
    for lead in session.scalars(leads).all():
        copied = {name: getattr(lead, name) for name in ("post_id", "accountable", "organisation_named", "position")}
        add_row(recorder, LeadAssignment(plan_id=row.plan_id, milestone_id=new.id, **copied))
    links = select(MilestoneAction).where(MilestoneAction.milestone_id == row.id, MilestoneAction.unlinked_on.is_(None))
    for link in session.scalars(links.order_by(MilestoneAction.id)).all():
        add_row(recorder, MilestoneAction(plan_id=row.plan_id, milestone_id=new.id, action_id=link.action_id))
