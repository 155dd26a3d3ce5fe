"""The calendar of working days: the bank holidays of England, from the list that is installed with the tracker."""

from __future__ import annotations

from datetime import date
from functools import cache

from tracker.rules.working_days import WorkingDays


@cache
def bank_holidays() -> frozenset[date]:
    """Return the bank holidays of England and Wales that are known. Reads a file of the library; asks no network."""
    from govuk_bank_holidays.bank_holidays import BankHolidays

    kept = BankHolidays(use_cached_holidays=True)
    return frozenset(holiday["date"] for holiday in kept.get_holidays(division=BankHolidays.ENGLAND_AND_WALES))


@cache
def working_days() -> WorkingDays:
    """Return the working days of the council."""
    holidays = bank_holidays()
    return WorkingDays(holidays, date(max(holidays).year, 12, 31))
