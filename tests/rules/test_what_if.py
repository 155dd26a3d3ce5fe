"""What is tried: read from an address, refused as the act would be, dates as the plan means them."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.calendar import TermCalendar
from tracker.rules.errors import Refusal
from tracker.rules.facts import Facts, SignOff, Standing
from tracker.rules.what_if import LONGEST, Change, Doing, Setting, changed, make_change, read_change

SETTING = Setting(date(2025, 9, 10))
OPEN = Facts(due=date(2025, 9, 30), due_text="Sep 2025", original_due=date(2025, 9, 30), original_due_text="Sep 2025")


@pytest.mark.parametrize("change", [Change(12, Doing.MOVE, "Dec 2025"), Change(7, Doing.APPROVE)])
def test_a_change_comes_back_from_its_address(change: Change) -> None:
    assert read_change(change.text, SETTING) == change


@pytest.mark.parametrize(
    "text", ["", "x", ":approve", "12", "12:explode", "12:move", "12:move:soon", "9" * 40 + ":claim"]
)
def test_what_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        read_change(text, SETTING)


def test_a_long_date_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refusal, match="60 characters or fewer"):
        make_change(1, "move", "x" * (LONGEST + 1), SETTING)


def test_a_term_is_the_plan_s_own() -> None:
    own = Setting(date(2025, 9, 10), terms=TermCalendar(autumn=(12, 19)))
    made = changed(OPEN, make_change(1, "move", "Autumn term 2025", own), own)
    assert (made.due, made.moves, made.confirmed) == (date(2025, 12, 19), 1, False)


def test_a_first_date_is_no_move() -> None:
    made = changed(Facts(), Change(1, Doing.MOVE, "Dec 2025"), SETTING)
    assert (made.moves, made.original_due) == (0, date(2025, 12, 31))


@pytest.mark.parametrize(
    ("facts", "change"),
    [
        (Facts(standing=Standing.WITHDRAWN), Change(1, Doing.CLAIM)),
        (Facts(signoff=SignOff.CLAIMED), Change(1, Doing.MOVE, "Dec 2025")),
        (Facts(signoff=SignOff.CLAIMED), Change(1, Doing.AT_RISK)),
        (Facts(signoff=SignOff.APPROVED), Change(1, Doing.APPROVE)),
        (OPEN, Change(1, Doing.MOVE, "Sep 2025")),
    ],
)
def test_what_the_act_refuses_is_refused_here(facts: Facts, change: Change) -> None:
    with pytest.raises(Refusal):
        changed(facts, change, SETTING)
