"""Dates as people write them: the one door to reading, printing and counting days (domain, section 2)."""

from __future__ import annotations

from tracker.rules.atoms import NOT_COUNTED
from tracker.rules.calendar import (
    LONDON,
    MONTHS,
    SHORT_MONTHS,
    Period,
    Precision,
    Reading,
    TermCalendar,
    add_months,
    end_of_month,
    london_day,
    london_midnight,
    show_day,
    show_month,
    show_period,
    show_short,
)
from tracker.rules.phrases import leading_period, period_from_cell, read_period
from tracker.rules.typed import parse_day

__all__ = [
    "LONDON",
    "MONTHS",
    "NOT_COUNTED",
    "SHORT_MONTHS",
    "Period",
    "Precision",
    "Reading",
    "TermCalendar",
    "add_months",
    "end_of_month",
    "leading_period",
    "london_day",
    "london_midnight",
    "parse_day",
    "period_from_cell",
    "read_period",
    "show_day",
    "show_month",
    "show_period",
    "show_short",
]
