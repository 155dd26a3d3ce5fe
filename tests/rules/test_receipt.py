"""The receipt names every rule in order and the one that decided."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings

from tests.rules.builders import CLAIMED, NOTHING, any_facts, days, with_
from tracker.rules.colour import Colour
from tracker.rules.facts import Confidence, Facts, Override
from tracker.rules.status import assess, receipt

NUMBERS = ["0", "1", "2", "3", "4a", "4b", "4c", "4d", "4e", "4f", "4g", "5", "6"]


def test_receipt_lists_every_rule_in_order_and_fires_one() -> None:
    lines = receipt(NOTHING, date(2025, 9, 5))
    assert [line.number for line in lines] == NUMBERS
    assert [line.number for line in lines if line.fired] == ["4d"]


def test_receipt_says_what_would_turn_it_red() -> None:
    red = next(line for line in receipt(NOTHING, date(2025, 9, 5)) if line.number == "3")
    assert red.inputs == "Deadline: Sep 2025, last day 30 September 2025; new date asked for: none."
    assert red.change == "It holds from 1 October 2025 unless completion is claimed or a new date is agreed."


def test_receipt_shows_a_later_rule_that_an_earlier_one_hides() -> None:
    both = with_(confidence=Confidence.AT_RISK, blocked="No data")
    held = [(line.number, line.fired) for line in receipt(both, date(2025, 8, 1)) if line.holds]
    assert held == [("4b", True), ("4c", False)]


def test_receipt_names_the_day_by_which_sign_off_is_due() -> None:
    waiting = next(line for line in receipt(CLAIMED, date(2025, 10, 1)) if line.number == "2")
    assert waiting.change == "The approver's decision to approve or to return it, due by 29 October 2025."


def test_receipt_shows_an_override_and_whether_it_counts() -> None:
    override = Override(Colour.GREEN, date(2025, 12, 31), "Agreed at the board", improves=True)
    line = receipt(with_(confidence=Confidence.AT_RISK, override=override), date(2025, 8, 1))[-1]
    assert (line.number, line.fired) == ("override", True)
    line = receipt(with_(override=override), date(2025, 10, 1))[-1]
    assert (line.fired, line.change) == (False, "It never clears a deadline that has passed.")


@settings(max_examples=100, deadline=None)
@given(any_facts(), days)
def test_receipt_and_verdict_agree(facts: Facts, day: date) -> None:
    lines = receipt(facts, day)
    verdict = assess(facts, day)
    assert [line.number for line in lines if line.fired and line.number != "override"] == [verdict.rule]
    assert ("override" in verdict.marks) == any(line.number == "override" and line.fired for line in lines)
    assert all(line.inputs.endswith(".") and line.change.endswith(".") for line in lines)
