"""Fold the field changes of a ledger into facts per day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from tracker.rules.baseline import as_of_version
from tracker.rules.colour import Colour
from tracker.rules.facts import Confidence, Facts, Override, SignOff, Standing

_DATES = (
    "due",
    "original_due",
    "baseline_due",
    "planned_start",
    "started",
    "forecast",
    "claimed",
    "completed",
    "signoff_day",
    "check_due",
    "embedded",
)
_TEXTS = (
    "due_text",
    "original_due_text",
    "baseline_due_text",
    "baseline_version",
    "forecast_text",
    "confidence_reason",
    "blocked",
    "proposed_text",
    "standing_reference",
)


def fold(
    entries: Iterable[tuple[date, Mapping[str, object]]], adopted: date | None = None, against: int | None = None
) -> list[tuple[date, Facts]]:
    """Return the facts that hold from each day on which they changed, ascending, one per day.

    `entries` are (day of effect, {field: value after}) in the order of the ledger, values in JSON form. Entries of
    one day count together, the later over the earlier. An entry back-filled to an earlier day takes its place by
    day, so it never undoes what took effect after it. Fields that no rule reads are left aside.

    `against` is the number of a version of the plan: the facts are what they would be had no later version been
    adopted. None: whatever baseline held on each day.
    """
    state: dict[str, object] = {}
    history: list[tuple[date, Facts]] = []
    for day, changes in sorted(entries, key=lambda entry: entry[0]):
        state.update(changes if against is None else as_of_version(changes, against))
        facts = facts_of(state, adopted)
        if history and history[-1][0] == day:
            history.pop()
        if not history or history[-1][1] != facts:
            history.append((day, facts))
    return history


def facts_of(values: Mapping[str, object], adopted: date | None = None) -> Facts:
    """Return the facts that milestone columns give, in JSON form or as stored. Raises ValueError for a bad value."""
    read: dict[str, Any] = {name: _day(values.get(name)) for name in _DATES}
    read |= {name: str(values.get(name) or "") for name in _TEXTS}
    confirmed = values.get("confirmed")
    return Facts(
        **read,
        adopted=adopted,
        confidence=Confidence(str(values["confidence"])) if values.get("confidence") else None,
        signoff=SignOff(str(values.get("signoff") or "none")),
        moves=int(str(values.get("moves") or 0)),
        baseline_moves=int(str(values.get("baseline_moves") or 0)),
        confirmed=True if confirmed is None else bool(confirmed),
        standing=Standing(str(values.get("standing") or "open")),
        override=_override(values),
    )


def _override(values: Mapping[str, object]) -> Override | None:
    until = _day(values.get("override_until"))
    if not values.get("override_colour") or until is None:
        return None
    return Override(
        colour=Colour(str(values["override_colour"])),
        until=until,
        reason=str(values.get("override_reason") or ""),
        improves=bool(values.get("override_improves")),
    )


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return date.fromisoformat(value)
    raise ValueError(f"A day is expected, not {value!r}.")
