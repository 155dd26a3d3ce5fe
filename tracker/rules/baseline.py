"""What lateness is measured against: the original date, or the baseline of a later version of the plan.

The original date never changes. A baseline adopted at a plan review takes its place for the days from the adoption on
(domain, section 5; decision 0010).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tracker.rules.calendar import show_day
from tracker.rules.facts import Facts

BASELINE = ("baseline_due", "baseline_due_text", "baseline_version", "baseline_number", "baseline_moves")
"""The fields that the adoption of a version sets, and nothing else does."""


def version_words(label: str) -> str:
    """Return the label of a version as a sentence has it: "version 2", but "Final" as it is."""
    return f"version {label}" if label[:1].isdecimal() else label


def measured_words(facts: Facts) -> str:
    """Return the date that lateness is measured against, and what it is."""
    if facts.baseline_version:
        day = facts.baseline_due_text or (show_day(facts.baseline_due) if facts.baseline_due else "not set")
        return f"the baseline of {version_words(facts.baseline_version)}, {day}"
    day = facts.original_due_text or (show_day(facts.original_due) if facts.original_due else "not set")
    return f"the original date, {day}"


def moved_words(facts: Facts, original: str, deadline: str) -> str:
    """Return the sentence that says how often the deadline was moved since the date it is measured against."""
    moves = facts.measured_moves
    times = "once" if moves == 1 else "twice" if moves == 2 else f"{moves} times"
    if facts.measured_due is None or facts.due is None:
        return f"The deadline has been moved {times}."
    if facts.baseline_version:
        return f"The deadline has been moved {times} since {measured_words(facts)}; it is now {deadline}."
    return f"The deadline has been moved {times}, from {original} to {deadline}."


def as_of_version(changes: Mapping[str, object], against: int) -> Mapping[str, object]:
    """Return the changes of one entry without the baseline of a version later than number `against`."""
    if int(str(changes.get("baseline_number") or 0)) <= against:
        return changes
    return {name: value for name, value in changes.items() if name not in BASELINE}


def baselines_in(history: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return the baselines in the entries of one milestone ({field: value after}), by the number of their version."""
    state: dict[str, Any] = {}
    found: dict[int, dict[str, Any]] = {}
    for changes in history:
        state.update({name: value for name, value in changes.items() if name in BASELINE})
        if changes.get("baseline_number") and state.get("baseline_due"):
            found[int(state["baseline_number"])] = {
                "due": date.fromisoformat(state["baseline_due"]),
                "due_text": state.get("baseline_due_text") or "",
                "moves": int(state.get("baseline_moves") or 0),
            }
    return found
