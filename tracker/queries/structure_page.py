"""The tree of a plan as its manager edits it: everything in it, also what was taken out. Six statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Action, Commitment, Milestone, Priority, Record, Workstream
from tracker.rules.frequency import frequency_in_prose


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in the tree. `words` is its title or text; `below` holds what stands below it, by kind."""

    kind: str
    id: int
    ref: str
    words: str
    standing: str
    reference: str  # the decision by which it is out
    note: str = ""  # due date, how often, which record
    critical: bool = False
    question: str = ""
    below: Mapping[str, Sequence[Node]] | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """An action or a milestone whose words name something that recurs, and no commitment has them yet."""

    node: Node
    stream: Node
    frequency: str


def recurring_in_prose(priorities: Sequence[Node]) -> list[Spoken]:
    """Return what the words of a plan propose as recurring commitments; a person makes one of it, or leaves it."""
    found = []
    streams = [stream for priority in priorities for stream in (priority.below or {})["workstream"]]
    for stream in streams:
        below = stream.below or {}
        known = {one.words for one in below["commitment"]} | {one.ref for one in below["commitment"]}
        for node in (*below["action"], *below["milestone"]):
            frequency = frequency_in_prose(node.words) if stream.standing == node.standing == "open" else ""
            if frequency and not known & {node.words, f"{node.ref} tail"}:
                found.append(Spoken(node, stream, frequency))
    return found


def structure_tree(session: Session, plan_id: int) -> tuple[list[Node], list[Node]]:
    """Return the priorities with all that stands below them, and the records of the plan itself."""
    actions = _nodes(session, Action, plan_id, "workstream_id", "text")
    milestones = _nodes(session, Milestone, plan_id, "workstream_id", "text")
    commitments = _nodes(session, Commitment, plan_id, "workstream_id", "text")
    records = _nodes(session, Record, plan_id, "priority_id", "text")
    streams = _nodes(
        session,
        Workstream,
        plan_id,
        "priority_id",
        "title",
        lambda key: {"action": actions[key], "milestone": milestones[key], "commitment": commitments[key]},
    )
    unplaced: dict[Any, list[Node]] = defaultdict(list)
    for node, priority_id in _loose(session, plan_id):
        unplaced[priority_id].append(node)
    priorities = _nodes(
        session,
        Priority,
        plan_id,
        "plan_id",
        "title",
        lambda key: {"workstream": streams[key], "milestone": unplaced[key], "record": records[key]},
    )
    return priorities[plan_id], records[None]


def places(session: Session, plan_id: int, model: Any, besides: int | None = None) -> list[tuple[int, str]]:
    """Return the open workstreams or priorities of a plan as (id, "ref title"), but for one. One statement."""
    query = select(model.id, model.ref, model.title).where(model.plan_id == plan_id, model.standing == "open")
    found = session.execute(query.order_by(model.position, model.id) if model is Priority else _ordered(query))
    return [(key, f"{ref} {title}") for key, ref, title in found if key != besides]


def _ordered(query: Any) -> Any:
    joined = query.join(Priority, Priority.id == Workstream.priority_id)
    return joined.order_by(Priority.position, Priority.id, Workstream.position, Workstream.id)


def _nodes(
    session: Session, model: Any, plan_id: int, above: str, words: str, below: Any = None
) -> dict[Any, list[Node]]:
    found: dict[Any, list[Node]] = defaultdict(list)
    query = select(model).where(model.plan_id == plan_id).order_by(model.position, model.id)
    for row in session.scalars(query):
        found[getattr(row, above)].append(_node(row, words, below(row.id) if below else None))
    return found


def _loose(session: Session, plan_id: int) -> list[tuple[Node, int]]:
    query = select(Milestone).where(Milestone.plan_id == plan_id, Milestone.workstream_id.is_(None))
    return [(_node(row, "text", None), row.priority_id) for row in session.scalars(query.order_by(Milestone.position))]


def _node(row: Any, words: str, below: Any) -> Node:
    note = ""
    if isinstance(row, Milestone):
        note = row.due_text or "No date"
    elif isinstance(row, Commitment):
        note = row.frequency
    elif isinstance(row, Record):
        note = row.kind
    return Node(
        kind=row.__tablename__,
        id=row.id,
        ref=getattr(row, "ref", "") or getattr(row, "term", ""),
        words=getattr(row, words),
        standing=row.standing,
        reference=row.standing_reference,
        note=note,
        critical=getattr(row, "critical", False),
        question=getattr(row, "needs_decision", ""),
        below=below,
    )
