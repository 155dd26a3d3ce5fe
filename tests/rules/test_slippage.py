"""Slippage is counted in days, or in whole months where a month is all that was said."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.dates import Precision
from tracker.rules.slippage import Slip, slip

SEPTEMBER = date(2025, 9, 30)


@pytest.mark.parametrize(
    ("current", "precision", "expected"),
    [
        (date(2025, 11, 30), Precision.MONTH, Slip(61, 2, "2 months later")),
        (date(2025, 10, 31), Precision.MONTH, Slip(31, 1, "1 month later")),
        (date(2025, 8, 31), Precision.MONTH, Slip(-30, -1, "1 month earlier")),
        (SEPTEMBER, Precision.MONTH, Slip(0, 0, "on the original date")),
        (date(2025, 10, 14), Precision.DAY, Slip(14, None, "14 days later")),
        (date(2025, 10, 1), Precision.DAY, Slip(1, None, "1 day later")),
        (date(2025, 12, 31), Precision.QUARTER, Slip(92, None, "92 days later")),
    ],
)
def test_slip_speaks_in_the_unit_of_the_precision(current: date, precision: Precision, expected: Slip) -> None:
    assert slip(SEPTEMBER, current, precision) == expected


def test_slip_says_which_date_is_missing() -> None:
    assert slip(None, SEPTEMBER, Precision.DAY).words == "no original date"
    assert slip(SEPTEMBER, None, Precision.DAY).words == "no current date"
    assert slip(None, None, Precision.DAY) == Slip(None, None, "no date")
