"""Colours as markup: never without a word, and drawn to scale."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.colour import WORDS, Colour
from tracker.rules.facts import Facts
from tracker.rules.rollup import Counts
from tracker.rules.timeline import spans
from tracker.views.chips import CHIPS, LETTER_CHIPS, said, segments, timeline_bar


@pytest.mark.parametrize("colour", list(Colour))
def test_no_colour_stands_without_its_word_and_its_shape(colour: Colour) -> None:
    for chip in (CHIPS[colour], LETTER_CHIPS[colour]):
        assert WORDS[colour] in chip
        assert "<path" in chip
        assert "style=" not in chip


def test_a_bar_is_in_the_fixed_order_and_fills_its_width() -> None:
    parts = segments(Counts(red=1, green=2, blue=1))
    assert [(part.colour, part.x, part.width) for part in parts] == [
        (Colour.RED, 0.0, 25.0),
        (Colour.GREEN, 25.0, 50.0),
        (Colour.BLUE, 75.0, 25.0),
    ]


def test_an_empty_plan_has_no_bar() -> None:
    assert segments(Counts()) == ()


def test_a_sentence_follows_its_colour_without_losing_an_acronym() -> None:
    assert said(Colour.RED, "The deadline has passed.") == "Red: the deadline has passed."
    assert said(Colour.AMBER, "EHC plans wait.") == "Amber: EHC plans wait."


def test_a_timeline_covers_the_life_of_the_plan_without_gap_or_overlap() -> None:
    facts = Facts(due=date(2025, 9, 30), due_text="Sep 2025", original_due=date(2025, 9, 30))
    start, end = date(2025, 6, 1), date(2025, 12, 31)
    line = timeline_bar(spans([(start, facts)]), start, end, date(2025, 8, 1), facts.due)
    assert line.stretches[0].x == 0
    for before, after in zip(line.stretches, line.stretches[1:], strict=False):
        assert before.x + before.width == pytest.approx(after.x, abs=0.01)
    assert line.stretches[-1].x + line.stretches[-1].width == pytest.approx(100, abs=0.01)
    assert [part.colour for part in line.stretches] == [Colour.GREY, Colour.AMBER, Colour.RED]
    assert line.stretches[-1].to_day is None
    assert line.today_x is not None
    assert line.due_x is not None
    assert 0 < line.today_x < line.due_x < 100


def test_a_day_outside_the_plan_has_no_line() -> None:
    line = timeline_bar([], date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), None)
    assert (line.today_x, line.due_x, line.stretches) == (None, None, ())
    assert 3 <= len(line.ticks) <= 7
