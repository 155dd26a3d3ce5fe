"""Receipts at every level of a plan as at a day: which rule gave the colour, and the milestones behind each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.queries.rows import ActionRow, MilestoneRow, PlanSnapshot, PriorityRow, WorkstreamRow
from tracker.queries.tree import items
from tracker.rules.colour import Colour
from tracker.rules.errors import NotFound
from tracker.rules.rollup import Counts, Headline, taken_out, workstream_headline
from tracker.rules.rollup_receipt import RollupLine, RollupReceipt, headline_receipt, worst_receipt
from tracker.rules.scheme import Scheme, Thresholds, scheme_on


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a plan a receipt stands: the refs that lead there, "" for what is not narrower than that."""

    priority: str = ""
    workstream: str = ""
    action: str = ""

    @property
    def level(self) -> str:
        """Return what kind of thing it is."""
        if self.action:
            return "action"
        if self.workstream:
            return "workstream"
        return "priority" if self.priority else "plan"

    @property
    def above(self) -> Place:
        """Return the place that holds this one."""
        if self.action:
            return Place(self.priority, self.workstream)
        return Place(self.priority) if self.workstream else Place()


PLAN = Place()


@dataclass(frozen=True, slots=True)
class ReceiptPart:
    """Something directly below, with its own colour; `place` leads to its receipt."""

    place: Place
    ref: str
    title: str
    headline: Headline


@dataclass(frozen=True, slots=True)
class LevelReceipt:
    """The receipt of a plan, priority, workstream or action as at a day. `rows` are the milestones that it looks at.

    An action without linked milestones has no colour of its own: `receipt` is None, and `parts` hold its workstream.
    """

    place: Place
    ref: str
    title: str
    day: date
    receipt: RollupReceipt | None
    rows: tuple[MilestoneRow, ...]
    parts: tuple[ReceiptPart, ...] = ()
    workstream_id: int | None = None
    priority_id: int | None = None
    out: Headline | None = None  # of what a decision has taken out of the plan

    def behind(self, line: RollupLine) -> list[MilestoneRow]:
        """Return the milestones that a rule counted, worst first."""
        return [self.rows[position] for position in line.behind]

    @property
    def headline(self) -> Headline:
        """Return colour and sentence; of an action without linked milestones, that its workstream has the colour."""
        if self.out is not None:
            return self.out
        if self.receipt is None:
            return Headline(Colour.NONE, "No milestone is linked to it: its workstream has the colour.", Counts())
        return self.receipt.headline


def level_receipt(now: PlanSnapshot, thresholds: Thresholds, place: Place) -> LevelReceipt:
    """Return the receipt at a place of the plan as at the day of the snapshot. Raises NotFound.

    The receipt of an action needs a snapshot with actions.
    """
    scheme = scheme_on(thresholds, now.day)
    if not place.priority:
        return _plan(now, scheme)
    priority = next((p for p in now.priorities if p.ref == place.priority), None)
    if priority is None:
        raise NotFound(f"There is no {now.plan.priority_label.lower()} {place.priority} in this plan on that day.")
    if not place.workstream:
        return _priority(now, priority, scheme)
    stream = next((w for w in priority.workstreams if w.ref == place.workstream), None)
    if stream is None:
        raise NotFound(f"There is no {now.plan.workstream_label.lower()} {place.workstream} in this plan on that day.")
    if not place.action:
        return _workstream(now, priority, stream, scheme)
    action = next((a for a in stream.actions if a.ref == place.action), None)
    if action is None:
        raise NotFound(f"There is no action {place.action} in {stream.ref} on that day.")
    return _action(now, priority, stream, action, scheme)


def priority_milestones(priority: PriorityRow) -> tuple[MilestoneRow, ...]:
    """Return the distinct milestones of a priority, those without a workstream last."""
    return (*(m for w in priority.workstreams for m in w.milestones), *priority.unplaced)


def _plan(now: PlanSnapshot, scheme: Scheme) -> LevelReceipt:
    parts = tuple(ReceiptPart(Place(p.ref), p.ref, p.title, p.headline) for p in now.priorities)
    receipt = headline_receipt(items(now.milestones), now.day, scheme)
    return LevelReceipt(Place(), "", now.plan.title, now.day, receipt, now.milestones, parts)


def _priority(now: PlanSnapshot, priority: PriorityRow, scheme: Scheme) -> LevelReceipt:
    rows = priority_milestones(priority)
    parts = tuple(_stream_part(now, priority, w, scheme) for w in priority.workstreams)
    receipt = headline_receipt(items(rows), now.day, scheme)
    place = Place(priority.ref)
    return LevelReceipt(place, priority.ref, priority.title, now.day, receipt, rows, parts, priority_id=priority.id)


def _workstream(now: PlanSnapshot, priority: PriorityRow, stream: WorkstreamRow, scheme: Scheme) -> LevelReceipt:
    place = Place(priority.ref, stream.ref)
    parts = tuple(
        ReceiptPart(
            Place(priority.ref, stream.ref, action.ref),
            f"{stream.ref}.{action.ref}",
            action.text,
            workstream_headline(items(_linked(stream, action)), now.day, scheme),
        )
        for action in stream.actions
        if action.colour is not None
    )
    receipt = worst_receipt(items(stream.milestones), now.day, scheme)
    out = taken_out(stream.standing, stream.standing_reference, items(stream.milestones), now.day)
    return LevelReceipt(
        place, stream.ref, stream.title, now.day, receipt, stream.milestones, parts, stream.id, priority.id, out
    )


def _action(
    now: PlanSnapshot, priority: PriorityRow, stream: WorkstreamRow, action: ActionRow, scheme: Scheme
) -> LevelReceipt:
    rows = _linked(stream, action)
    place, ref = Place(priority.ref, stream.ref, action.ref), f"{stream.ref}.{action.ref}"
    receipt = worst_receipt(items(rows), now.day, scheme) if rows else None
    parts = () if rows else (_stream_part(now, priority, stream, scheme),)
    return LevelReceipt(place, ref, action.text, now.day, receipt, rows, parts, stream.id, priority.id)


def _stream_part(now: PlanSnapshot, priority: PriorityRow, stream: WorkstreamRow, scheme: Scheme) -> ReceiptPart:
    out = taken_out(stream.standing, stream.standing_reference, items(stream.milestones), now.day)
    headline = out or workstream_headline(items(stream.milestones), now.day, scheme)
    return ReceiptPart(Place(priority.ref, stream.ref), stream.ref, stream.title, headline)


def _linked(stream: WorkstreamRow, action: ActionRow) -> tuple[MilestoneRow, ...]:
    return tuple(row for row in stream.milestones if action.ref in row.actions)


def named(now: PlanSnapshot, ref: str) -> Sequence[Place]:
    """Return the places of a plan that a ref names: "1", "1a", "1a.A"; none, one or several."""
    found: list[Place] = []
    for priority in now.priorities:
        if priority.ref == ref:
            found.append(Place(priority.ref))
        for stream in priority.workstreams:
            if stream.ref == ref:
                found.append(Place(priority.ref, stream.ref))
            found += [
                Place(priority.ref, stream.ref, action.ref)
                for action in stream.actions
                if f"{stream.ref}.{action.ref}" == ref
            ]
    return found
