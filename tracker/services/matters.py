"""Put a milestone to the board: propose to suspend it, or ask for help that only the board can give; take that back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Matter, Milestone
from tracker.rules.dates import london_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.facts import SignOff
from tracker.rules.minutes import MATTER_STATES, MatterKind, MatterState
from tracker.rules.permissions import Act, Actor
from tracker.rules.text import clean
from tracker.services.ledger import Recorder
from tracker.services.milestones import begin, refuse_closed

_DONE = {SignOff.CLAIMED, SignOff.APPROVED, SignOff.LAPSED}
ASKED = {MatterKind.SUSPENSION: "put its suspension to the board", MatterKind.ESCALATION: "asked the board for help"}


def put_to_board(
    session: Session, actor: Actor, now: datetime, milestone_id: int, token: str, kind: str, text: str
) -> Matter:
    """Put a milestone to the board. Nothing about it changes until the board's decision is minuted."""
    opened = begin(session, actor, Act.PUT_TO_BOARD, now, milestone_id, token)
    milestone = opened.milestone
    refuse_closed(milestone)
    if kind not in set(MatterKind):
        raise Refusal("Select what is put to the board.", "kind")
    if milestone.signoff in _DONE:
        raise Refusal("Completion has been claimed, so there is nothing to put to the board.")
    if not clean(text):
        raise Refusal("Enter why, and what the board is asked for.", "text")
    if _waiting(session, milestone, MatterKind(kind)):
        raise Refusal("This is put to the board already and waits for its decision.", "kind")
    made = Matter(
        plan_id=milestone.plan_id,
        milestone_id=milestone.id,
        kind=kind,
        text=clean(text),
        put_on=london_day(now),
        put_by=actor.label,
        state=MatterState.OPEN.value,
    )
    session.add(made)
    session.flush()
    recorder = Recorder(session, opened.plan, actor, now)
    recorder.add(made, made.text, verb=ASKED[MatterKind(kind)])
    recorder.close()
    return made


def take_back(
    session: Session, actor: Actor, now: datetime, milestone_id: int, matter_id: int, token: str, reason: str
) -> Matter:
    """Take back what was put to the board and is not decided; it stays in the history."""
    opened = begin(session, actor, Act.PUT_TO_BOARD, now, milestone_id, token)
    row = session.get(Matter, matter_id, populate_existing=True)
    if row is None or row.milestone_id != milestone_id:
        raise NotFound("There is nothing of this kind that was put to the board.")
    if row.state != MatterState.OPEN:
        raise Refusal(f"This is {MATTER_STATES[MatterState(row.state)]} already.")
    if not clean(reason):
        raise Refusal("Enter why it is taken back.", "reason")
    recorder = Recorder(session, opened.plan, actor, now)
    recorder.change(row, "took back what was put to the board", settled(recorder, MatterState.WITHDRAWN, reason))
    recorder.close()
    return row


def settled(recorder: Recorder, state: MatterState, outcome: str) -> dict[str, object]:
    """Return what a matter holds once it is decided or taken back."""
    return {"state": state.value, "settled_on": recorder.today, "outcome": clean(outcome)}


def _waiting(session: Session, milestone: Milestone, kind: MatterKind) -> bool:
    query = select(Matter.id).where(
        Matter.milestone_id == milestone.id, Matter.kind == kind.value, Matter.state == MatterState.OPEN.value
    )
    return session.scalar(query.limit(1)) is not None
