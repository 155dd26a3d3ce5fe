"""Take things out of a plan by a recorded decision (withdrawn, suspended, superseded), and open them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Action, Commitment, Milestone, MilestoneAction, Priority, Record, Workstream
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import Refusal
from tracker.rules.facts import Standing
from tracker.rules.permissions import Actor
from tracker.rules.text import clean
from tracker.services.structure.items import OPEN, Form, begin, finish, name_of, open_item, parents, refuse_closed
from tracker.services.structure.moving import move

VERBS = {
    Standing.WITHDRAWN: "withdrew it",
    Standing.SUSPENDED: "suspended it",
    Standing.SUPERSEDED: "recorded that it is superseded",
}
WITH, MOVE, STAY = "with", "move", "stay"
BELOW = {"priority": (WITH, MOVE), "workstream": (WITH, MOVE), "action": (STAY, WITH)}
"""What can become of what stands below: the same decision, another place, or nothing."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: by what (free text), on which day, and what becomes of what stands below."""

    standing: str
    reference: str
    decided_on: date | None
    below: str = ""
    target_id: int | None = None


@dataclass(frozen=True, slots=True)
class Below:
    """What stands below a thing and is neither taken out already nor finished, and what is signed off."""

    rows: Sequence[Any] = field(default=())
    finished: Sequence[Milestone] = field(default=())

    @property
    def milestones(self) -> list[Milestone]:
        """Return the open milestones among them."""
        return [row for row in self.rows if isinstance(row, Milestone)]


def decide_standing(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    kind: str,
    item_id: int,
    form: Form,
    decision: Decision,
) -> str:
    """Withdraw, suspend or supersede one thing by a decision; returns the act.

    Milestones below that are signed off stay: what was delivered is counted. The colours are drawn again.
    """
    item = open_item(session, actor, plan_id, kind, item_id)
    recorder = begin(session, actor, now, item, form)
    if decision.standing not in set(VERBS):
        raise Refusal("Select whether it is withdrawn, suspended or superseded.", "standing")
    reference = _reference(decision, london_day(now))
    if item.row.standing == decision.standing:
        raise Refusal(f"It is {decision.standing} already.", "standing")
    verb = VERBS[Standing(decision.standing)]
    values = {"standing": decision.standing, "standing_reference": reference}
    found = below(session, item.row) if item.row.standing == OPEN else Below()
    touched: list[Milestone] = [item.row] if isinstance(item.row, Milestone) else []
    if found.rows:
        if decision.below not in BELOW[kind]:
            raise Refusal("Select what becomes of what stands below it.", "below")
        if decision.below == WITH:
            for row in found.rows:
                recorder.change(row, verb, values, reference)
            touched += found.milestones
        elif decision.below == MOVE:
            touched += _move_all(recorder, item.row, found, decision, reference)
    elif item.row.standing != OPEN:  # another decision about what is out already: what went with it goes on with it
        for row in taken_with(session, item.row):
            recorder.change(row, verb, values, reference)
            touched += [row] if isinstance(row, Milestone) else []
    recorder.change(item.row, verb, values, reference)
    return finish(recorder, touched)


def reopen(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    kind: str,
    item_id: int,
    form: Form,
    reason: str,
) -> str:
    """Open a thing again with a reason, and with it what the same decision took out below it; returns the act."""
    item = open_item(session, actor, plan_id, kind, item_id)
    recorder = begin(session, actor, now, item, form)
    if item.row.standing == OPEN:
        raise Refusal("It is not taken out of the plan, so there is nothing to re-open.")
    if not clean(reason):
        raise Refusal("Say why it is opened again.", "reason")
    for above in parents(session, item.row):
        if above.standing != OPEN:
            raise Refusal(f"{name_of(session, above).capitalize()} is {above.standing}. Re-open it first.")
    values = {"standing": OPEN, "standing_reference": ""}
    with_it = taken_with(session, item.row)
    for row in (item.row, *with_it):
        recorder.change(row, "re-opened it", values, clean(reason))
    return finish(recorder, [row for row in (item.row, *with_it) if isinstance(row, Milestone)])


def below(session: Session, row: Any) -> Below:
    """Return what stands below a priority, a workstream or an action, apart from what is taken out already."""
    found = _all_below(session, row)
    finished = [one for one in found if isinstance(one, Milestone) and one.signoff == "approved"]
    rows = [one for one in found if one.standing == OPEN and one not in finished]
    return Below(rows, [one for one in finished if one.standing == OPEN])


def taken_with(session: Session, row: Any) -> list[Any]:
    """Return what the decision that took a thing out took out below it."""
    same = (row.standing, row.standing_reference)
    return [one for one in _all_below(session, row) if (one.standing, one.standing_reference) == same]


def _all_below(session: Session, row: Any) -> list[Any]:
    if isinstance(row, Action):
        linked = select(MilestoneAction.milestone_id).where(
            MilestoneAction.action_id == row.id, MilestoneAction.unlinked_on.is_(None)
        )
        return list(session.scalars(select(Milestone).where(Milestone.id.in_(linked)).order_by(Milestone.id)))
    found: list[Any] = []
    if isinstance(row, Priority):
        for model in (Workstream, Record):
            found += session.scalars(select(model).where(model.priority_id == row.id).order_by(model.id))
        found += session.scalars(select(Milestone).where(Milestone.priority_id == row.id).order_by(Milestone.id))
        streams = select(Workstream.id).where(Workstream.priority_id == row.id)
        for other in (Action, Commitment):
            found += session.scalars(select(other).where(other.workstream_id.in_(streams)).order_by(other.id))
    elif isinstance(row, Workstream):
        for each in (Milestone, Action, Commitment):
            found += session.scalars(select(each).where(each.workstream_id == row.id).order_by(each.id))
    return found


def _move_all(recorder: Any, row: Any, found: Below, decision: Decision, reason: str) -> list[Milestone]:
    """Move open milestones to another workstream, or workstreams to another priority, before their place is closed."""
    session = recorder.session
    kind = Workstream if isinstance(row, Workstream) else Priority
    target: Any = session.get(kind, decision.target_id) if decision.target_id else None
    if target is None or target.plan_id != row.plan_id or target.id == row.id:
        raise Refusal("Select where they are moved to.", "target")
    refuse_closed(session, target)
    movable = Milestone if kind is Workstream else Workstream
    loose = [one for one in found.milestones if kind is Priority and one.workstream_id is None]
    if loose:
        raise Refusal(f"Place {name_of(session, loose[0])} in a workstream first.", "below")
    touched: list[Milestone] = []
    for one in found.rows:
        if isinstance(one, movable):
            touched += move(recorder, one, target, reason)
    values = {"standing": decision.standing, "standing_reference": reason}
    left = (Action, Commitment) if kind is Workstream else (Record,)
    for one in found.rows:
        if isinstance(one, left) and getattr(one, "workstream_id", row.id) == row.id:
            recorder.change(one, VERBS[Standing(decision.standing)], values, reason)
    return touched


def _reference(decision: Decision, today: date) -> str:
    """Return the decision as it is stored: what decided it and on which day."""
    words = clean(decision.reference)
    if not words:
        raise Refusal("Enter what decided it, for example SEND Partnership Board, minute 5.2.", "reference")
    if decision.decided_on is None:
        raise Refusal("Enter the day of the decision.", "decided_on")
    if decision.decided_on > today:
        raise Refusal("Enter a day of the decision that is today or earlier.", "decided_on")
    return f"{words}, {show_day(decision.decided_on)}"
