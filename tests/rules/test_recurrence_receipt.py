"""Receipts of what recurs: the verdict's own rule, and the windows that were counted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_recurrence import ANCHOR, QUARTERLY, WEEKLY, told
from tracker.rules.occurrences import Outcome
from tracker.rules.recurrence import assess_commitment
from tracker.rules.recurrence_receipt import CommitmentLine, CommitmentReceipt, commitment_receipt


def line(receipt: CommitmentReceipt, number: str) -> CommitmentLine:
    """Return the line of one rule."""
    return next(line for line in receipt.lines if line.rule == number)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([WEEKLY, QUARTERLY]), st.text("hlsm", min_size=1, max_size=20))
def test_the_receipt_has_the_verdict_and_one_fired_rule_of_its_colour(rule, letters) -> None:
    recorded, day = told(rule, letters)
    receipt = commitment_receipt(rule, recorded, day)
    assert receipt.verdict == assess_commitment(rule, recorded, day)
    (fired,) = [line for line in receipt.lines if line.fired]
    assert (fired.rule, fired.colour) == (receipt.verdict.rule, receipt.verdict.colour)


def test_a_weekly_one_counts_the_windows_of_its_last_weeks() -> None:
    recorded, day = told(WEEKLY, "h" * 12 + "mm")
    receipt = commitment_receipt(WEEKLY, recorded, day)
    share = line(receipt, "C3")
    assert share.inputs.startswith(
        "Not held in time, running: 2 of 3; 11 of 13 due in the last 13 weeks held in time (84%)"
    )
    assert share.change == "One more running not held in time."
    assert [one.outcome for one in share.counted].count(Outcome.HELD) == 11
    assert len(share.counted) == 13


def test_a_quarterly_one_counts_the_latest_window_and_the_last_four() -> None:
    recorded, day = told(QUARTERLY, "hhlh")
    receipt = commitment_receipt(QUARTERLY, recorded, day)
    assert receipt.verdict.rule == "C4"
    assert "late or missed: 1 of the last 4" in line(receipt, "C4").inputs
    assert [one.outcome for one in line(receipt, "C3").counted] == [Outcome.HELD]
    assert "It holds from" in line(receipt, "C3").change


def test_an_unconfirmed_rule_counts_nothing() -> None:
    receipt = commitment_receipt(None, (), date(2025, 9, 1))
    assert [line.rule for line in receipt.lines if line.fired] == ["C0"]
    assert all(not line.counted for line in receipt.lines)


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2025, 5, 1), "The first window opening on 28 May 2025."), (ANCHOR, "Nothing: it has opened.")],
)
def test_what_ends_the_wait_for_the_first_window(day: date, said: str) -> None:
    assert line(commitment_receipt(WEEKLY, (), day), "C2").change == said
