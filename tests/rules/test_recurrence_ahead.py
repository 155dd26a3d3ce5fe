"""What recurs, ahead: the colours that it takes by itself are those that it has on these days; windows that close."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_recurrence import QUARTERLY, WEEKLY, told
from tracker.rules.occurrences import Outcome, Recorded
from tracker.rules.recurrence import assess_commitment, windows
from tracker.rules.recurrence_ahead import closing, colours_ahead


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([WEEKLY, QUARTERLY]), st.text("hlsm", min_size=1, max_size=16), st.integers(1, 90))
def test_the_colours_ahead_are_those_of_each_day(rule, letters, days) -> None:
    recorded, day = told(rule, letters)
    last = day + timedelta(days=days)
    found = {turn: verdict.colour for turn, _, verdict in colours_ahead(rule, recorded, day, last)}
    colour = assess_commitment(rule, recorded, day).colour
    for ahead in range(1, days + 1):
        turn = day + timedelta(days=ahead)
        colour = found.get(turn, colour)
        assert assess_commitment(rule, recorded, turn).colour is colour


def test_weekly_windows_close_in_one_line_and_others_in_a_line_each() -> None:
    recorded, day = told(WEEKLY, "hhh")
    (line,) = closing(WEEKLY, recorded, day, day + timedelta(days=30))
    assert (line.day, line.number) == (windows(WEEKLY, day)[-1].scheduled, 4)
    assert line.sentence == "A window closes with nothing recorded, and so do those after it."
    recorded, day = told(QUARTERLY, "h")
    found = closing(QUARTERLY, recorded, day, day + timedelta(days=190))
    assert [line.sentence for line in found] == ["Its window closes and nothing is arranged."] * 2


def test_a_planned_window_says_for_when_and_a_recorded_one_does_not_close() -> None:
    recorded, day = told(QUARTERLY, "h")
    scheduled = windows(QUARTERLY, day)[-1].scheduled
    planned = [*recorded, Recorded(scheduled, planned_for=date(2025, 11, 3))]
    (line,) = closing(QUARTERLY, planned, day, scheduled)
    assert line.sentence == "Its window closes; it is planned for 3 November 2025."
    held = [*recorded, Recorded(scheduled, Outcome.HELD, day)]
    assert closing(QUARTERLY, held, day, scheduled) == []
