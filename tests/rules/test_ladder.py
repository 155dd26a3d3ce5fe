"""Whose decision a new date is, and the kinds of reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.errors import Refusal
from tracker.rules.ladder import Level, who_decides
from tracker.rules.reason_codes import REASON_CODES, known_code, reason_words

DUE = date(2025, 9, 30)


@pytest.mark.parametrize(
    ("more", "level", "why"),
    [
        ({}, Level.MANAGER, "It is a first, short move, so the improvement manager may decide it alone."),
        ({"moves": 1}, Level.BOARD, "The date has been moved once before, so the board decides."),
        ({"moves": 2}, Level.BOARD, "The date has been moved twice before, so the board decides."),
        ({"moves": 3}, Level.BOARD, "The date has been moved 3 times before, so the board decides."),
        ({"critical": True}, Level.BOARD, "The milestone is critical, so the board decides."),
        (
            {"to_due": DUE + timedelta(days=32)},
            Level.BOARD,
            "It moves by 32 days, more than the 31 days of the manager, so the board decides.",
        ),
        (
            {"from_due": None},
            Level.MANAGER,
            "It is a first, short move, so the improvement manager may decide it alone.",
        ),
        (
            {"delegated_days": 1},
            Level.BOARD,
            "It moves by 31 days, more than the 1 day of the manager, so the board decides.",
        ),
    ],
)
def test_the_ladder_says_whose_decision_it_is_and_why(more, level, why):
    asked = {"moves": 0, "critical": False, "from_due": DUE, "to_due": DUE + timedelta(days=31), "delegated_days": 31}
    rung = who_decides(**{**asked, **more})
    assert (rung.level, rung.why) == (level, why)


@given(st.integers(0, 5), st.booleans(), st.integers(1, 400), st.integers(0, 366))
def test_the_manager_never_decides_beyond_the_limits(moves, critical, days, limit):
    later = DUE + timedelta(days=days)
    rung = who_decides(moves=moves, critical=critical, from_due=DUE, to_due=later, delegated_days=limit)
    assert (rung.level is Level.MANAGER) == (moves == 0 and not critical and days <= limit)


def test_a_reason_is_of_a_kind_on_the_list():
    assert [reason_words(code) for code in REASON_CODES] == list(REASON_CODES.values())
    assert known_code("partner") == "partner"
    assert reason_words("") == ""
    for code in ("", "weather"):
        with pytest.raises(Refusal, match="Select what kind of reason it is") as refused:
            known_code(code)
        assert refused.value.field == "reason_code"
