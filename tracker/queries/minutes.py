"""What an issued pack asked of its board, what the meeting said to it, and the actions that it agreed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tracker.models import DeadlineChange, Matter, Milestone, Pack, PackAction, PackMinute
from tracker.queries.packs import PackRow, canonical_text
from tracker.rules.facts import SignOff
from tracker.rules.minutes import (
    MATTER_STATES,
    MATTER_WORDS,
    ActionState,
    MatterKind,
    MatterState,
    Outcome,
)


@dataclass(frozen=True, slots=True)
class MinuteRow:
    """What a meeting said to one thing that it was asked, or of its own accord."""

    id: int
    subject: str
    about: str
    outcome: Outcome
    minute: str
    note: str
    on: date
    by: str
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One decision that a pack asked for. `waits` says whether it is still to be made, `version` is the milestone's."""

    subject: str
    milestone_id: int
    about: str
    sentence: str
    waits: bool
    version: int
    minutes: tuple[MinuteRow, ...]
    decided: str = ""
    """What became of a new date that was decided, by whatever way, in words."""

    @property
    def kind(self) -> str:
        """Return what is asked: "date" (a new date), "sign-off" (of a completion), "matter" (what was put to it)."""
        return self.subject.partition(":")[0]

    @property
    def key(self) -> int:
        """Return the id of what is decided: of the request, of the milestone, or of the matter."""
        return int(self.subject.partition(":")[2])


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action that a meeting agreed."""

    id: int
    number: str
    text: str
    owner: str
    due: date
    minute: str
    state: ActionState
    outcome: str
    closed_on: date | None
    version: int

    def late(self, day: date) -> bool:
        """Return whether it is still open after the day that was agreed."""
        return self.state is ActionState.OPEN and self.due < day


def asked_of(session: Session, pack: PackRow) -> list[Asked]:
    """Return what a frozen pack asks its board to decide, in the order of the plan, with what was said.

    What was asked is read from the frozen facts; whether it still waits, from the plan as it is now. What was put to
    the board since the pack was frozen, and waits, comes with it: a meeting can take it. Five statements.
    """
    text = canonical_text(session, pack.id)
    if text is None:
        return []
    facts: Mapping[str, Any] = json.loads(text)["facts"]
    wanted = {move["milestone"]: move for move in facts["deadlines"] if move["state"] == "requested"}
    claimed = {row["id"] for row in facts["milestones"] if row["rule"] == "2"}
    said = minuted_on(session, pack)
    put = _matters(session, pack, {one["id"] for one in facts.get("matters", ())}, said)
    query = select(Milestone.id, Milestone.version, Milestone.signoff).where(
        Milestone.id.in_(claimed | set(wanted) | set(put))
    )
    now = {key: (version, signoff) for key, version, signoff in session.execute(query)}
    requests = _requests(session, pack, wanted)
    found = []
    for row in facts["milestones"]:
        version, signoff = now.get(row["id"], (0, ""))
        about = f"{row['ref']} {row['text']}"
        request = requests.get(row["id"])
        if request is not None:
            subject = f"date:{request.id}"
            sentence = f"A new date: {request.to_text} in place of {request.from_text or 'no date'}. {request.reason}"
            waits = request.state == "requested"
            minutes = said.get(subject, ())
            found.append(Asked(subject, row["id"], about, sentence, waits, version, minutes, _decided(request)))
        if row["id"] in claimed:
            subject = f"sign-off:{row['id']}"
            waits = signoff in {SignOff.CLAIMED, SignOff.LAPSED}
            sentence = "Its completion is claimed and is to be signed off."
            found.append(Asked(subject, row["id"], about, sentence, waits, version, said.get(subject, ())))
        for matter in put.get(row["id"], ()):
            subject = f"matter:{matter.id}"
            sentence = f"{MATTER_WORDS[MatterKind(matter.kind)]}. {matter.text}"
            waits, decided = matter.state == MatterState.OPEN, MATTER_STATES[MatterState(matter.state)]
            minutes = said.get(subject, ())
            found.append(Asked(subject, row["id"], about, sentence, waits, version, minutes, decided.capitalize()))
    return found


def actions_of(session: Session, pack: PackRow) -> list[ActionRow]:
    """Return the actions that were agreed on a pack or a version of it, in order. One statement."""
    return _actions(session, pack.plan_id, pack.board_id, Pack.number == pack.number)


def actions_to_report(session: Session, last: PackRow) -> list[ActionRow]:
    """Return what the pack after `last` prints: the actions of its meeting, and older open ones. One statement."""
    older_open = (Pack.number < last.number) & (PackAction.state == ActionState.OPEN.value)
    return _actions(session, last.plan_id, last.board_id, or_(Pack.number == last.number, older_open))


def _actions(session: Session, plan_id: int, board_id: int | None, which: ColumnElement[bool]) -> list[ActionRow]:
    query = (
        select(PackAction)
        .join(Pack, Pack.id == PackAction.pack_id)
        .where(PackAction.plan_id == plan_id, _of_board(board_id), which)
        .order_by(Pack.number, PackAction.id)
    )
    names = ("id", "number", "text", "owner", "due", "minute", "outcome", "closed_on", "version")
    return [
        ActionRow(**{name: getattr(row, name) for name in names}, state=ActionState(row.state))
        for row in session.scalars(query)
    ]


def _decided(request: DeadlineChange) -> str:
    if request.state == "requested":
        return ""
    return f"{request.state.capitalize()}{f', minute {request.minute}' if request.minute else ''}"


def _of_board(board_id: int | None) -> ColumnElement[bool]:
    return Pack.board_id.is_(None) if board_id is None else Pack.board_id == board_id


def minuted_on(session: Session, pack: PackRow) -> Mapping[str, tuple[MinuteRow, ...]]:
    """Return what was minuted on a pack or a version of it by what it is about, the newest last. One statement."""
    query = (
        select(PackMinute)
        .join(Pack, Pack.id == PackMinute.pack_id)
        .where(PackMinute.plan_id == pack.plan_id, _of_board(pack.board_id), Pack.number == pack.number)
        .order_by(PackMinute.id)
    )
    found: dict[str, list[MinuteRow]] = defaultdict(list)
    for row in session.scalars(query):
        values = (row.id, row.subject, row.about, Outcome(row.outcome), row.minute, row.note, row.made_on, row.made_by)
        found[row.subject].append(MinuteRow(*values, row.withdrawn_on))
    return {subject: tuple(rows) for subject, rows in found.items()}


def _matters(
    session: Session, pack: PackRow, asked: Collection[int], said: Mapping[str, Any]
) -> dict[int, list[Matter]]:
    """Return what was put to the board and is for this meeting, by milestone: what the pack asks, and what waits."""
    minuted = {int(subject.partition(":")[2]) for subject in said if subject.startswith("matter:")}
    query = select(Matter).where(
        Matter.plan_id == pack.plan_id,
        or_(Matter.id.in_({*asked, *minuted}), Matter.state == MatterState.OPEN.value),
    )
    found: dict[int, list[Matter]] = defaultdict(list)
    for row in session.scalars(query.order_by(Matter.id)):
        found[row.milestone_id].append(row)
    return found


def _requests(session: Session, pack: PackRow, wanted: Mapping[int, Any]) -> dict[int, DeadlineChange]:
    """Return the request that each milestone had open when the pack was frozen."""
    query = select(DeadlineChange).where(
        DeadlineChange.plan_id == pack.plan_id,
        DeadlineChange.milestone_id.in_(list(wanted)),
        DeadlineChange.requested_on <= pack.as_at,
    )
    return {
        row.milestone_id: row
        for row in session.scalars(query.order_by(DeadlineChange.id))
        if row.to_text == wanted[row.milestone_id]["to"]
    }
