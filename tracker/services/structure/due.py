"""A deadline as it is written when a milestone is added or split: read with the plan's own terms, never guessed."""

from __future__ import annotations

from typing import Any

from tracker.models import Plan
from tracker.rules.dates import Reading
from tracker.rules.errors import Refusal
from tracker.rules.text import clean
from tracker.services.plan_dates import read_in_plan


def due_values(plan: Plan, words: str, field: str = "due") -> dict[str, Any]:
    """Return the columns that a deadline in words gives; without a day for "TBC", "ongoing" or nothing.

    Raises Refusal with the question where the words have two meanings or name no year.
    """
    text = clean(words)
    period = read_in_plan(plan, text)
    if period.reading is Reading.DONE:
        raise Refusal("Enter when it is due, not that it is done. Completion is claimed once it is in the plan.", field)
    if period.question:
        raise Refusal(f"{period.question} Enter a date with its year, for example Sep 2026, or leave it empty.", field)
    if period.frequency:
        raise Refusal(f'"{text}" recurs. Add a commitment for it, and give the milestone one date or none.', field)
    return {
        "due": period.dated,
        "due_text": text,
        "due_precision": period.precision.value,
        "original_due": period.dated,
        "original_due_text": text,
    }
