"""Dates in words, read as one plan means them: by its own school terms and its own kind of year."""

from __future__ import annotations

from tracker.models import Plan
from tracker.rules.dates import Period, read_period
from tracker.rules.terms import terms_of


def read_in_plan(plan: Plan, words: str) -> Period:
    """Return what a date phrase means in a plan."""
    return read_period(words, calendar=terms_of(plan.term_calendar or {}), year_kind=plan.year_kind)
