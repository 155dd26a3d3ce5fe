"""A day typed into a form: what is taken, and one sentence for each refusal."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.dates import parse_day, show_day, show_short
from tracker.rules.errors import Refusal


@pytest.mark.parametrize(
    "text", ["27 3 2027", "27/3/2027", "27/03/2027", "27.3.2027", "27 March 2027", "27th mar 2027", " 2027-03-27 "]
)
def test_day_is_taken_in_every_usual_form(text: str) -> None:
    assert parse_day(text) == date(2027, 3, 27)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a date, for example 27 3 2027."),
        ("27 3 27", "Enter the year with four digits, for example 27 3 2027."),
        ("27 3", "The date must include a year, for example 27 3 2027."),
        ("27 March", "The date must include a year, for example 27 3 2027."),
        ("March 2027", "The date must include a day, for example 27 3 2027."),
        ("3/2027", "The date must include a day, for example 27 3 2027."),
        ("soon", "Enter a real date with a day, a month and a year, for example 27 3 2027."),
        ("3/27/2027", "The month must be between 1 and 12, not 27: enter the day first, for example 27 3 2027."),
        ("31 6 2027", "June 2027 has 30 days: the day cannot be 31."),
        ("0 6 2027", "June 2027 has 30 days: the day cannot be 0."),
        ("29 2 2027", "February 2027 has 28 days: the day cannot be 29."),
        ("1 1 2727", "The year must be between 1950 and 2099, not 2727."),
    ],
)
def test_refusal_says_what_to_enter(text: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_day(text, field="due")
    assert (refused.value.sentence, refused.value.field) == (sentence, "due")


@settings(max_examples=100)
@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_day_that_is_shown_is_read_back(day: date) -> None:
    for text in (show_day(day), show_short(day), day.isoformat(), f"{day.day} {day.month} {day.year}"):
        assert parse_day(text) == day
