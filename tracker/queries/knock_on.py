"""What a new date does to the milestones that wait: the one answer that every form about a date shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session, aliased

from tracker.models import Milestone, MilestonePredecessor, Workstream
from tracker.queries.links import Linked, Sees, other_end, seen
from tracker.queries.plans import on
from tracker.rules.colour import NAMES, Colour

_FREE = ("5", "6")  # the rules that say Grey or Green because nothing else holds


@dataclass(frozen=True, slots=True)
class NewDate:
    """A date that is asked for or forecast; None where none has been entered yet."""

    day: date | None
    forecast: bool = False  # a lead's forecast, not a deadline


@dataclass(frozen=True, slots=True)
class KnockOn:
    """One milestone that waits, and what the new date means for it.

    `after` is None where there is nothing to compare: no date entered yet, or no deadline.
    """

    other: Linked
    after: bool | None
    turns_amber: bool
    said: str


def knock_on(session: Session, asked: Mapping[int, NewDate], day: date, sees: Sees) -> dict[int, tuple[KnockOn, ...]]:
    """Return what waits for each of some milestones and what its new date does to it, by milestone. One statement.

    Left out is what a decision has taken out of its plan: it waits for nothing any more.
    """
    before = aliased(Milestone)
    query = (
        other_end(
            MilestonePredecessor.id.label("link_id"),
            before.id.label("before_id"),
            before.plan_id.label("before_plan"),
            before.forecast.label("before_forecast"),
        )
        .join(MilestonePredecessor, MilestonePredecessor.milestone_id == Milestone.id)
        .join(before, before.id == MilestonePredecessor.predecessor_id)
        .where(
            before.id.in_(sorted(asked)),
            MilestonePredecessor.unlinked_on.is_(None),
            Milestone.standing == "open",
            *on(day),
        )
        .order_by(Milestone.plan_id != before.plan_id, Workstream.position, Milestone.position, Milestone.id)
    )
    found: dict[int, list[KnockOn]] = defaultdict(list)
    for row in session.execute(query).mappings():
        new = asked[row["before_id"]]
        # Once the date is agreed, a forecast that stands still says when it is expected.
        expected = new.day if new.forecast or row["before_forecast"] is None else row["before_forecast"]
        other = seen(dict(row), row["link_id"], row["before_plan"], sees)
        found[row["before_id"]].append(_told(other, row["due"], row["rule"], new, expected))
    return {key: tuple(ones) for key, ones in found.items()}


def _told(other: Linked, due: date | None, rule: str, new: NewDate, expected: date | None) -> KnockOn:
    if other.colour is Colour.BLUE:
        return KnockOn(other, None, False, "It is complete, so nothing changes for it.")
    if due is None:
        return KnockOn(other, None, False, "It has no deadline.")
    if new.day is None:
        return KnockOn(other, None, False, f"It turns Amber if the new date is after {_deadline(other)}.")
    which = "The forecast" if new.forecast else "The new date"
    if new.day <= due:
        return KnockOn(other, False, False, f"{which} is not after {_deadline(other)}.")
    turns = expected is not None and expected > due and rule in _FREE
    if turns:
        return KnockOn(other, True, True, f"{which} is after {_deadline(other)}: it would turn Amber.")
    if other.colour in (Colour.AMBER, Colour.RED):
        return KnockOn(other, True, False, f"{which} is after {_deadline(other)}; it is {NAMES[other.colour]} already.")
    return KnockOn(other, True, False, f"{which} is after {_deadline(other)}; it would stay {NAMES[other.colour]}.")


def _deadline(other: Linked) -> str:
    return "its deadline" if other.hidden else f"its deadline, {other.due_text}"
