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
    ("text", "said"),
    [
        *((text, "names no milestone") for text in ("", "x", ":approve", "2147483648:claim", "9" * 5000 + ":claim")),
        *((text, "Select what to try") for text in ("12", "12:explode")),
        *((text, "a date or a month with its year") for text in ("12:move", "12:move:soon", "12:move:done Dec 2025")),
        ("12:move:Aug 2025", "Enter a new date that is today or later"),
        ("12:forecast:9 September 2025", "Enter a forecast date that is today or later"),
    ],
)
def test_what_is_no_change_is_refused_with_what_to_enter(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_change(text, SETTING)


def test_the_largest_number_of_a_row_is_one() -> None:
    assert read_change("2147483647:claim", SETTING).milestone_id == 2**31 - 1


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
    ("facts", "change", "said"),
    [
        (Facts(standing=Standing.WITHDRAWN), Change(1, Doing.CLAIM), "is withdrawn; it takes no updates"),
        (Facts(signoff=SignOff.CLAIMED), Change(1, Doing.MOVE, "Dec 2025"), "only its approval can be tried"),
        (Facts(signoff=SignOff.CLAIMED), Change(1, Doing.AT_RISK), "only its approval can be tried"),
        (Facts(signoff=SignOff.LAPSED), Change(1, Doing.CLAIM), "only its approval can be tried"),
        (Facts(signoff=SignOff.APPROVED), Change(1, Doing.APPROVE), "is complete and signed off"),
        (OPEN, Change(1, Doing.MOVE, "Sep 2025"), "after the current deadline"),
    ],
)
def test_what_the_act_refuses_is_refused_here(facts: Facts, change: Change, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        changed(facts, change, SETTING)
