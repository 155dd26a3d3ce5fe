"""Dates as people type them, and mistakes as links to the box they are in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from tracker.forms.fields import GovDateField, LineField, PeriodField, WritingForm


class Sample(WritingForm):
    """One field of each kind."""

    day = GovDateField("Day", noun="the day of the visit", required=True)
    period = PeriodField("Forecast", noun="a forecast date")
    line = LineField("Line")


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST"):
        yield app


def filled(app: Flask, **typed: str) -> Sample:
    names = {"d": "day-day", "m": "day-month", "y": "day-year"}
    data = {names.get(name, name): value for name, value in typed.items()}
    with app.test_request_context(method="POST", data=data):
        form = Sample()
        form.validate()
        return form


@pytest.mark.parametrize("month", ["3", "03", "March", "march", "Mar", "Mar."])
def test_a_month_may_be_a_number_or_a_name(app: Flask, month: str) -> None:
    assert filled(app, d="27", m=month, y="2027").day.data == date(2027, 3, 27)


@pytest.mark.parametrize(
    ("typed", "sentence", "box"),
    [
        ({}, "Enter the day of the visit", "day"),
        ({"d": "27", "y": "2027"}, "The day of the visit must include a month", "month"),
        ({"d": "27"}, "The day of the visit must include a month and year", "month"),
        ({"d": "27", "m": "3", "y": "27"}, "Year must include 4 numbers", "year"),
        ({"d": "27", "m": "13", "y": "2027"}, "Month must be a number from 1 to 12 or a name such as March", "month"),
        ({"d": "27", "m": "Ma", "y": "2027"}, "Month must be a number from 1 to 12 or a name such as March", "month"),
        ({"d": "31", "m": "2", "y": "2027"}, "The day of the visit must be a real date", "day"),
        ({"d": "²", "m": "2", "y": "2027"}, "The day of the visit must be a real date", "day"),
        ({"d": "1", "m": "2", "y": "0000"}, "The day of the visit must be a real date", "day"),
    ],
)
def test_a_wrong_date_is_explained_at_the_first_wrong_box(
    app: Flask, typed: dict[str, str], sentence: str, box: str
) -> None:
    form = filled(app, **typed)
    assert (f"#day-{box}", sentence) in form.error_links
    assert form.day.data is None


def test_what_was_typed_stays_as_it_was_typed(app: Flask) -> None:
    form = filled(app, d="40", m="Sept", y="2027")
    assert form.day.typed == {"day": "40", "month": "Sept", "year": "2027"}


def test_a_stored_date_fills_its_boxes(app: Flask) -> None:
    with app.test_request_context():
        assert Sample(day=date(2027, 3, 9)).day.typed == {"day": "9", "month": "3", "year": "2027"}


@pytest.mark.parametrize(("words", "end"), [("Nov 2027", date(2027, 11, 30)), ("3 November 2027", date(2027, 11, 3))])
def test_a_forecast_may_be_a_month_or_a_day(app: Flask, words: str, end: date) -> None:
    period = filled(app, period=words).period.period
    assert period is not None
    assert period.end == end


def test_a_month_without_a_year_is_asked_about(app: Flask) -> None:
    form = filled(app, period="November")
    assert any("with its year" in sentence for _, sentence in form.error_links)


def test_a_refusal_stands_beside_its_field_or_above_the_form(app: Flask) -> None:
    form = filled(app, d="1", m="3", y="2027")
    form.refuse("line", "Enter another line.")
    form.refuse("", "Not today.")
    assert form.error_links == [("#main-content", "Not today."), ("#line", "Enter another line.")]


def test_characters_that_break_exports_are_taken_out(app: Flask) -> None:
    assert filled(app, line=" a\x00b\x0bc ").line.data == "ab\nc"


def test_every_copy_of_a_form_has_a_token_of_its_own_and_keeps_it_when_sent(app: Flask) -> None:
    assert Sample().form_token.data != Sample().form_token.data
    assert filled(app, form_token="abc").form_token.data == "abc"
