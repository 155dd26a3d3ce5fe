"""Windows of what recurs: without gap or overlap, from the first day on, whatever month, term or clock."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.calendar import TermCalendar
from tracker.rules.terms import terms_of
from tracker.rules.windows import Every, Rule, last_window, next_window, propose, window_of, windows

ADOPTED = date(2025, 5, 28)


def closes(every: Every, anchor: date, number: int = 4, **more: object) -> list[date]:
    rule = Rule(every, anchor, **more)  # type: ignore[arg-type]
    return [window.scheduled for window in windows(rule, anchor + timedelta(days=1600))][:number]


@settings(max_examples=40, deadline=None)
@given(
    every=st.sampled_from(list(Every)),
    anchor=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    days=st.integers(0, 900),
)
def test_windows_leave_no_gap_and_never_overlap(every: Every, anchor: date, days: int) -> None:
    found = windows(Rule(every, anchor), anchor + timedelta(days=days))
    assert found[0].opens == anchor
    assert all(window.opens <= window.two_thirds <= window.closes for window in found)
    assert all(after.opens == before.closes + timedelta(days=1) for before, after in pairwise(found))
    assert found[-1].opens <= anchor + timedelta(days=days) <= found[-1].closes


def test_a_week_has_seven_days_when_the_clocks_change() -> None:
    autumn = windows(Rule(Every.WEEKLY, date(2025, 10, 22)), date(2025, 11, 12))
    spring = windows(Rule(Every.WEEKLY, date(2026, 3, 25)), date(2026, 4, 15))
    assert {window.days for window in (*autumn, *spring)} == {7}


def test_a_short_month_shortens_no_later_window() -> None:
    assert closes(Every.MONTHLY, date(2025, 1, 31)) == [
        date(2025, 2, 27), date(2025, 3, 30), date(2025, 4, 29), date(2025, 5, 30),
    ]  # fmt: skip
    assert closes(Every.MONTHLY, date(2025, 1, 30), 3) == [date(2025, 2, 27), date(2025, 3, 29), date(2025, 4, 29)]


def test_quarters_after_june_2026_are_first_due_on_30_september_2026() -> None:
    assert closes(Every.QUARTERLY, date(2026, 7, 1), 3) == [
        date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31),
    ]  # fmt: skip


def test_terms_and_half_terms_close_where_the_calendar_of_the_plan_says() -> None:
    assert closes(Every.TERMLY, ADOPTED) == [
        date(2025, 8, 31), date(2025, 12, 31), date(2026, 4, 30), date(2026, 8, 31),
    ]  # fmt: skip
    assert closes(Every.HALF_TERMLY, date(2027, 11, 1), 3) == [
        date(2027, 12, 31), date(2028, 2, 29), date(2028, 4, 30),
    ]  # fmt: skip
    early = terms_of({"autumn": [12, 19], "nonsense": [1, 1]})
    assert early == TermCalendar(autumn=(12, 19))
    assert closes(Every.TERMLY, date(2025, 9, 1), 1, terms=early) == [date(2025, 12, 19)]


def test_no_window_closes_after_the_end() -> None:
    rule = Rule(Every.WEEKLY, ADOPTED, ends=date(2025, 6, 11))
    assert [window.scheduled for window in windows(rule, date(2026, 1, 1))] == [date(2025, 6, 3), date(2025, 6, 10)]
    last = last_window(rule)
    assert last is not None
    assert last.scheduled == date(2025, 6, 10)
    assert next_window(rule, date(2025, 6, 10)) is None
    assert window_of(rule, date(2025, 6, 17)) is None
    assert window_of(rule, date(2025, 6, 10)) == last
    assert last_window(Rule(Every.WEEKLY, ADOPTED)) is None
    assert last_window(Rule(Every.WEEKLY, ADOPTED, ends=ADOPTED)) is None


@pytest.mark.parametrize(
    ("words", "every"),
    [
        ("Weekly", Every.WEEKLY),
        ("every two weeks", Every.FORTNIGHTLY),
        ("Monthly", Every.MONTHLY),
        ("half termly", Every.HALF_TERMLY),
        ("quarterly reviews following this", Every.QUARTERLY),
        ("each term", Every.TERMLY),
        ("6 Monthly", Every.SIX_MONTHLY),
        ("Annual", Every.ANNUAL),
    ],
)
def test_the_words_of_a_source_propose_a_rule_from_the_day_of_adoption(words: str, every: Every) -> None:
    found = propose(words, ADOPTED)
    assert (found.every, found.anchor, found.question) == (every, ADOPTED, "")


def test_what_follows_a_milestone_begins_on_the_day_after_its_deadline() -> None:
    assert propose("quarterly", ADOPTED, date(2026, 6, 30)).anchor == date(2026, 7, 1)


@pytest.mark.parametrize("words", ["bi-annual", "bi-monthly", "every 2 years", "now and then", ""])
def test_words_with_two_meanings_or_none_ask_and_propose_nothing(words: str) -> None:
    found = propose(words, ADOPTED)
    assert found.every is None
    assert found.question.endswith("?")


def test_a_plan_without_a_day_of_adoption_is_asked_for_the_first_day() -> None:
    assert propose("Weekly", None).question == "From which day on does it count?"
