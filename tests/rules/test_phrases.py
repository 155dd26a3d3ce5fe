"""What stands where a date is expected: frequencies, "ongoing", "done", prefixes of a text, spreadsheet cells."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.dates import (
    Precision,
    Reading,
    leading_period,
    period_from_cell,
    read_period,
)
from tracker.rules.frequency import frequency_in_prose

MONTH, YEAR, DAY, NONE = Precision.MONTH, Precision.YEAR, Precision.DAY, Precision.NONE


@pytest.mark.parametrize("text", ["", "  ", "asap", "As soon as possible", "n/a", "-", "1900-12-30", "1900-01-00"])
def test_empty_and_as_soon_as_possible_are_undated(text: str) -> None:
    assert (read_period(text).reading, read_period(text).end) == (Reading.UNDATED, None)


@pytest.mark.parametrize(
    "text",
    ["Ongoing", "On going", "Continuing", "March/Ongoing", "As and when necessary", "When the need arises"],
)
def test_ongoing_has_no_date(text: str) -> None:
    assert (read_period(text).reading, read_period(text).end) == (Reading.ONGOING, None)


@pytest.mark.parametrize("text", ["TBC", "To be confirmed", "will be review", "tba"])
def test_to_be_confirmed_has_no_date(text: str) -> None:
    assert (read_period(text).reading, read_period(text).end) == (Reading.TBC, None)


@pytest.mark.parametrize(
    ("text", "frequency"),
    [
        ("Weekly", "weekly"),
        ("6 Monthly", "6-monthly"),
        ("six-monthly", "6-monthly"),
        ("half yearly", "6-monthly"),
        ("Monthly", "monthly"),
        ("Annual", "annual"),
        ("Annually", "annual"),
        ("Once every quaarter", "quarterly"),
        ("every 3 months", "quarterly"),
        ("every two weeks", "fortnightly"),
        ("every half term", "half-termly"),
        ("Half-termly", "half-termly"),
        ("termly", "termly"),
        ("every 6 weeks", "6-weekly"),
        ("every other week", "fortnightly"),
        ("biennial", "every 2 years"),
        ("twice a year", "twice a year"),
        ("May 1 every year", "annual"),
        ("31 August (annually)", "annual"),
        ("Every August", "annual"),
        ("June and November", "twice a year"),
        ("Easter Monday/Before Christmas", "twice a year"),
    ],
)
def test_frequency_recurs_and_has_no_date(text: str, frequency: str) -> None:
    period = read_period(text)
    assert (period.reading, period.frequency, period.end) == (Reading.RECURRING, frequency, None)


@pytest.mark.parametrize(
    ("text", "frequency"),
    [
        ("Celebration event twice per year (summer/Christmas)", "twice a year"),
        ("Meet with all groups of Children and Young People every half term.", "half-termly"),
        ("Monthly meetings take place between partners.", "monthly"),
        ("Improve the timeliness of annual review processes.", ""),
        ("Appoint the Annual Recovery coordinators.", ""),
        ("Publish the strategy.", ""),
    ],
)
def test_a_sentence_names_a_frequency_and_the_adjective_annual_is_none(text: str, frequency: str) -> None:
    assert frequency_in_prose(text) == frequency


def test_frequency_keeps_its_first_or_last_day() -> None:
    throughout = read_period("Throughout 2019 each month")
    assert (throughout.reading, throughout.frequency) == (Reading.RECURRING, "monthly")
    assert throughout.end == date(2019, 12, 31)
    assert read_period("Quarterly from Sep 2025").start == date(2025, 9, 1)
    assert read_period("Monthly until March 2026").end == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("Done (March 2004)", date(2004, 3, 31)),
        ("Completed March 2004", date(2004, 3, 31)),
        ("Achieved.", None),
        ("Completed", None),
        ("Decision taken to go for stock transfer – Full Council 10 January 2005", None),
    ],
)
def test_done_is_done_and_its_date_is_when(text: str, end: date | None) -> None:
    assert (read_period(text).reading, read_period(text).end) == (Reading.DONE, end)


def test_completed_by_a_date_is_a_deadline() -> None:
    assert read_period("To be completed by Sep 2025").reading is Reading.DATED


def test_reviews_that_follow_are_a_note_and_a_frequency() -> None:
    period = read_period("Jun 2026 (quarterly reviews following this)")
    assert (period.reading, period.end, period.precision) == (Reading.DATED, date(2026, 6, 30), MONTH)
    assert (period.note, period.frequency) == ("quarterly reviews following this", "quarterly")
    period = read_period("Sep 2025 and quarterly thereafter")
    assert (period.end, period.note, period.frequency) == (date(2025, 9, 30), "and quarterly thereafter", "quarterly")


def test_rest_of_a_date_cell_is_kept_as_a_note() -> None:
    assert read_period("March 2010 (Maintenance ongoing)").note == "Maintenance ongoing"
    period = read_period("Summer 2012\n\nONGOING")
    assert (period.reading, period.end, period.note) == (Reading.DATED, date(2012, 8, 31), "ONGOING")


def test_date_marked_as_to_be_confirmed_keeps_a_question() -> None:
    period = read_period("Sep 2025 (TBC)")
    assert (period.end, period.question) == (
        date(2025, 9, 30),
        "The date is marked as to be confirmed: is it agreed?",
    )


@pytest.mark.parametrize(
    ("text", "phrase", "rest"),
    [
        ("Sep 2025: Publish the offer", "Sep 2025", "Publish the offer"),
        ("Jul 2025 Publish the offer", "Jul 2025", "Publish the offer"),
        ("May 2025 – Publish", "May 2025", "Publish"),
        ("Weekly: Meet", "Weekly", "Meet"),
        ("6 Monthly: Review: all", "6 Monthly", "Review: all"),
        ("Jun 2026 (quarterly reviews following this): X", "Jun 2026 (quarterly reviews following this)", "X"),
        ("Sep - Dec 2025 launch", "Sep - Dec 2025", "launch"),
        ("By 14 November 2025 publish", "By 14 November 2025", "publish"),
        ("November: Publish", "November", "Publish"),
        ("Ongoing: Publish", "Ongoing", "Publish"),
        ("Sep 2025", "Sep 2025", ""),
        ("Sep 2025:", "Sep 2025", ""),
    ],
)
def test_leading_phrase_is_parted_from_the_text(text: str, phrase: str, rest: str) -> None:
    found = leading_period(text)
    assert found is not None
    assert (found[0].text, found[1]) == (phrase, rest)


@pytest.mark.parametrize("text", ["2025 was hard", "Weekly meetings", "Note: do this", "May we ask", "March on", ""])
def test_text_that_begins_with_no_date_is_left_whole(text: str) -> None:
    assert leading_period(text) is None


@pytest.mark.parametrize(
    ("value", "number_format", "text", "end", "precision"),
    [
        (datetime(2010, 2, 1), "mmm-yy", "Feb 2010", date(2010, 2, 28), MONTH),  # noqa: DTZ001 as spreadsheets give it
        (date(2025, 9, 1), '[$-809]mmm\\ yyyy;@"day"', "Sep 2025", date(2025, 9, 30), MONTH),
        (date(2025, 9, 1), "dd/mm/yyyy", "1 September 2025", date(2025, 9, 1), DAY),
        (date(2025, 9, 14), "mmm-yy", "14 September 2025", date(2025, 9, 14), DAY),
        (date(2025, 9, 30), "mmm-yy", "Sep 2025", date(2025, 9, 30), MONTH),
        (date(2025, 1, 1), "yyyy", "2025", date(2025, 12, 31), YEAR),
        (date(2025, 9, 1), "General", "1 September 2025", date(2025, 9, 1), DAY),
    ],
)
def test_spreadsheet_date_is_as_exact_as_it_shows(
    value: date, number_format: str, text: str, end: date, precision: Precision
) -> None:
    period = period_from_cell(value, number_format)
    assert (period.text, period.end, period.precision) == (text, end, precision)


def test_empty_spreadsheet_date_is_no_date() -> None:
    assert period_from_cell(date(1900, 12, 30), "dd/mm/yyyy").end is None


_WORDS = st.lists(
    st.sampled_from(
        ["sep", "may", "14", "2025", "/", "-", "end", "mid", "term", "spring", "q2", "by", "and", "weekly"]
    ),
    max_size=8,
).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), _WORDS))
def test_any_text_is_read_without_an_error_and_with_a_year_that_it_names(text: str) -> None:
    period = read_period(text)
    leading_period(text)
    if period.end is not None:
        assert period.start is not None or period.reading is Reading.RECURRING
        assert period.start is None or period.start <= period.end
        digits = {f"{year % 100:02d}" for year in range(period.end.year - 1, period.end.year + 1)}
        assert any(two in text for two in digits)
    if period.reading is Reading.DATED:
        assert period.precision is not NONE


@pytest.mark.parametrize("text", ["6 months from January 2026", "within three months of March 2026"])
def test_a_time_counted_on_from_a_date_is_not_that_date(text: str) -> None:
    found = read_period(text)
    assert (found.end, found.reading, found.question) == (None, Reading.UNDATED, f'When is "{text}"?')


@pytest.mark.parametrize(
    ("text", "end"),
    [("9/26", date(2026, 9, 30)), ("Summer 12", date(2012, 8, 31)), ("Spring '26", date(2026, 5, 31)), ("9/12", None)],
)
def test_a_year_of_two_digits_counts_where_it_can_be_nothing_else(text: str, end: date | None) -> None:
    assert read_period(text).end == end


@pytest.mark.parametrize("text", ["04/25\n10/25\n03/26", "04/2025; 10/2025; 03/2026", "1/4/25 31/10/25 03/26"])
def test_of_dates_with_only_blanks_between_the_latest_counts_with_a_question(text: str) -> None:
    found = read_period(text)
    assert (found.end, found.precision) == (date(2026, 3, 31), MONTH)
    assert found.question.startswith("Several dates were found")


@pytest.mark.parametrize("text", ["04/25 or so 03/26 perhaps", "2024 2025", "04/11 10/11 03/12"])
def test_words_years_and_doubtful_numbers_between_blanks_are_no_dates(text: str) -> None:
    assert read_period(text).end is None
