"""Spans are the verdicts of every day, and folding a ledger gives the facts of every day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings

from tests.rules.builders import FIRST, LAST, NOTHING, STARTED, days, histories
from tracker.rules.colour import Colour
from tracker.rules.facts import Confidence, Facts, Override, SignOff, Standing
from tracker.rules.timeline import FOREVER, assess_on, fold, spans

DAY = timedelta(days=1)

LEDGER: list[tuple[date, dict[str, object]]] = [
    (date(2025, 6, 1), {"text": "Publish", "due": "2025-09-30", "due_text": "Sep 2025", "original_due": "2025-09-30"}),
    (date(2025, 6, 16), {"started": "2025-06-16", "confidence": "on_track"}),
    (date(2025, 10, 10), {"due": "2025-12-31", "due_text": "Dec 2025", "moves": 1, "confirmed": False}),
    (date(2025, 10, 20), {"confirmed": True}),
]


def test_colour_over_all_time_is_a_short_list_of_spans() -> None:
    found = [(span.from_day, span.to_day, span.colour, span.rule, span.due_text) for span in spans(fold(LEDGER, None))]
    assert found == [
        (date(2025, 6, 1), date(2025, 6, 15), Colour.GREY, "5", "Sep 2025"),
        (date(2025, 6, 16), date(2025, 9, 30), Colour.GREEN, "6", "Sep 2025"),
        (date(2025, 10, 1), date(2025, 10, 9), Colour.RED, "3", "Sep 2025"),
        (date(2025, 10, 10), date(2025, 10, 19), Colour.AMBER, "4g", "Dec 2025"),
        (date(2025, 10, 20), date(2025, 12, 31), Colour.GREEN, "6", "Dec 2025"),
        (date(2026, 1, 1), FOREVER, Colour.RED, "3", "Dec 2025"),
    ]


def test_history_starts_on_its_first_day() -> None:
    history = [(date(2025, 6, 1), NOTHING)]
    assert spans(history)[0].from_day == date(2025, 6, 1)
    assert assess_on(history, date(2025, 5, 31)) is None
    assert assess_on([], date(2025, 5, 31)) is None
    assert spans([]) == []


def test_equal_neighbours_are_one_span() -> None:
    history = [(date(2025, 6, 16), STARTED), (date(2025, 7, 1), Facts(**{**_fields(STARTED), "planned_start": FIRST}))]
    assert len(spans(history)) == 2


def _fields(facts: Facts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in Facts.__dataclass_fields__}


@settings(max_examples=60, deadline=None)
@given(histories())
def test_spans_equal_the_verdict_of_every_day(history: list[tuple[date, Facts]]) -> None:
    found = spans(history)
    assert found[0].from_day == history[0][0]
    assert found[-1].to_day == FOREVER
    for before, after in pairwise(found):
        assert after.from_day == before.to_day + DAY
    day, last = FIRST - DAY, LAST + 120 * DAY
    position = 0
    while day <= last:
        verdict = assess_on(history, day)
        if day < history[0][0]:
            assert verdict is None
        else:
            while found[position].to_day < day:
                position += 1
            span = found[position]
            assert verdict is not None
            assert (span.colour, span.rule, span.reason, span.marks, span.computed, span.attributed) == (
                verdict.colour,
                verdict.rule,
                verdict.reason,
                verdict.marks,
                verdict.computed,
                verdict.attributed,
            )
        day += 3 * DAY


@settings(max_examples=60, deadline=None)
@given(histories(), days)
def test_spans_from_a_day_on_are_the_rest_of_all_spans(history: list[tuple[date, Facts]], start: date) -> None:
    whole = {
        day: span
        for span in spans(history)
        for day in (max(span.from_day, start), min(span.to_day, FOREVER))
        if span.to_day >= start
    }
    for span in spans(history, start=start):
        assert span.from_day >= start
        same = whole[span.to_day]
        assert (span.colour, span.reason, span.marks) == (same.colour, same.reason, same.marks)


def test_fold_puts_the_entries_of_one_day_together() -> None:
    history = fold([(FIRST, {"started": "2025-01-01"}), (FIRST, {"started": None, "blocked": "yes"})], None)
    assert history == [(FIRST, Facts(blocked="yes"))]


def test_fold_reads_every_column_in_json_form() -> None:
    values: dict[str, object] = {
        "due": "2025-09-30",
        "due_text": "Sep 2025",
        "original_due": "2025-09-30",
        "original_due_text": "Sep 2025",
        "planned_start": "2025-06-01",
        "started": "2025-06-02",
        "forecast": "2025-09-01",
        "forecast_text": "Sep 2025",
        "confidence": "at_risk",
        "confidence_reason": "why",
        "blocked": "by",
        "claimed": "2025-09-02",
        "completed": "2025-09-01",
        "signoff": "claimed",
        "signoff_day": "2025-09-02",
        "moves": 2,
        "confirmed": False,
        "proposed_text": "Dec 2025",
        "standing": "suspended",
        "standing_reference": "minute 4",
        "override_colour": "red",
        "override_until": "2025-09-09",
        "override_reason": "because",
        "override_improves": True,
        "text": "not a fact",
    }
    ((_, facts),) = fold([(FIRST, values)], adopted=date(2025, 5, 28))
    assert facts == Facts(
        due=date(2025, 9, 30),
        due_text="Sep 2025",
        original_due=date(2025, 9, 30),
        original_due_text="Sep 2025",
        adopted=date(2025, 5, 28),
        planned_start=date(2025, 6, 1),
        started=date(2025, 6, 2),
        forecast=date(2025, 9, 1),
        forecast_text="Sep 2025",
        confidence=Confidence.AT_RISK,
        confidence_reason="why",
        blocked="by",
        claimed=date(2025, 9, 2),
        completed=date(2025, 9, 1),
        signoff=SignOff.CLAIMED,
        signoff_day=date(2025, 9, 2),
        moves=2,
        confirmed=False,
        proposed_text="Dec 2025",
        standing=Standing.SUSPENDED,
        standing_reference="minute 4",
        override=Override(Colour.RED, date(2025, 9, 9), "because", improves=True),
    )


def test_fold_reads_nothing_as_the_open_milestone() -> None:
    empty = dict.fromkeys(("due", "confidence", "signoff", "standing", "moves", "confirmed", "override_colour"), None)
    assert fold([(FIRST, empty)], None) == [(FIRST, Facts())]


def test_fold_lets_a_back_filled_entry_take_its_place_by_day() -> None:
    history = fold([(FIRST + 9 * DAY, {"moves": 2}), (FIRST, {"moves": 1})], None)
    assert [(day, facts.moves) for day, facts in history] == [(FIRST, 1), (FIRST + 9 * DAY, 2)]


def test_fold_leaves_out_days_on_which_no_fact_changed() -> None:
    assert len(fold([(FIRST, {"moves": 1}), (FIRST + DAY, {"text": "New words"})], None)) == 1


def test_fold_refuses_what_is_not_a_day() -> None:
    with pytest.raises(ValueError, match="A day is expected, not 7"):
        fold([(FIRST, {"due": 7})], None)
