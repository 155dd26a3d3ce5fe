"""Date phrases as plans write them, and what each is read as."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.dates import (
    Precision,
    Reading,
    TermCalendar,
    leading_period,
    period_from_cell,
    read_period,
    show_day,
    show_month,
    show_short,
)

DAY, MONTH, QUARTER = Precision.DAY, Precision.MONTH, Precision.QUARTER
TERM, SEASON, YEAR, NONE = Precision.TERM, Precision.SEASON, Precision.YEAR, Precision.NONE


@pytest.mark.parametrize(
    ("text", "end", "precision"),
    [
        ("Sep 2025", "2025-09-30", MONTH),
        ("Sept 2025", "2025-09-30", MONTH),
        ("September 2025", "2025-09-30", MONTH),
        ("Sep. 2025", "2025-09-30", MONTH),
        ("09/2025", "2025-09-30", MONTH),
        ("06/25", "2025-06-30", MONTH),
        ("Jan-19", "2019-01-31", MONTH),
        ("Sept '25", "2025-09-30", MONTH),
        ("2025-09", "2025-09-30", MONTH),
        ("by March 2026", "2026-03-31", MONTH),
        ("End May 2026", "2026-05-31", MONTH),
        ("Mid/End May 2026", "2026-05-31", MONTH),
        ("Mid June 2026", "2026-06-15", DAY),
        ("mid-July 2026", "2026-07-15", DAY),
        ("Q2 2025/26", "2025-09-30", QUARTER),
        ("Q3 2025-26", "2025-12-31", QUARTER),
        ("2025/26 Q4", "2026-03-31", QUARTER),
        ("first quarter of 2025/26", "2025-06-30", QUARTER),
        ("Autumn term 2025", "2025-12-31", TERM),
        ("Spring term 2026", "2026-04-30", TERM),
        ("Summer term 2026", "2026-08-31", TERM),
        ("Autumn Term 2024 to 2025", "2024-12-31", TERM),
        ("Spring term 2025/26", "2026-04-30", TERM),
        ("Autumn half term 2025", "2025-10-31", TERM),
        ("first half of the spring term 2026", "2026-02-28", TERM),
        ("May half term 2026", "2026-05-31", TERM),
        ("Spring 2007", "2007-05-31", SEASON),
        ("by Summer 2025", "2025-08-31", SEASON),
        ("Autumn 2012", "2012-11-30", SEASON),
        ("Winter 2025/26", "2026-02-28", SEASON),
        ("2025/26", "2026-03-31", YEAR),
        ("2009-10", "2010-03-31", YEAR),
        ("25/26", "2026-03-31", YEAR),
        ("By end 2005/06", "2006-03-31", YEAR),
        ("2019-20 Academic Year", "2020-08-31", YEAR),
        ("By end of 2018/19 academic year", "2019-08-31", YEAR),
        ("financial year 2025/26", "2026-03-31", YEAR),
        ("2026", "2026-12-31", YEAR),
        ("End 2012", "2012-12-31", YEAR),
        ("by the end of 2026", "2026-12-31", YEAR),
        ("to 2026", "2026-12-31", YEAR),
        ("early 2027", "2027-03-31", QUARTER),
        ("mid 2027", "2027-06-30", QUARTER),
        ("31/03/26", "2026-03-31", DAY),
        ("20/2/2025", "2025-02-20", DAY),
        ("05/06/2026", "2026-06-05", DAY),
        ("04.09.2023", "2023-09-04", DAY),
        ("27 May 2025", "2025-05-27", DAY),
        ("17th March 2018", "2018-03-17", DAY),
        ("by 14 November 2025", "2025-11-14", DAY),
        ("November 23, 2025", "2025-11-23", DAY),
        ("2025-08-07 (Thursday)", "2025-08-07", DAY),
        ("Thursday, 7th of August 2025.", "2025-08-07", DAY),
        ("2026-03-31 00:00:00", "2026-03-31", DAY),
        ("w/c 8 Sept 2025", "2025-09-14", DAY),
    ],
)
def test_phrase_is_the_last_day_it_names(text: str, end: str, precision: Precision) -> None:
    period = read_period(text)
    assert (period.reading, period.end, period.precision) == (Reading.DATED, date.fromisoformat(end), precision)
    assert period.question == ""
    assert period.text == text


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("19 - 23/2/2018", "2018-02-19", "2018-02-23"),
        ("1-30/4/2018", "2018-04-01", "2018-04-30"),
        ("14-18 July 2025", "2025-07-14", "2025-07-18"),
        ("8 Sept – 3 Oct 2025", "2025-09-08", "2025-10-03"),
        ("April – July 2019", "2019-04-01", "2019-07-31"),
        ("December 2004/ January 2005", "2004-12-01", "2005-01-31"),
        ("September 2020 to July 2021", "2020-09-01", "2021-07-31"),
        ("between April and July 2019", "2019-04-01", "2019-07-31"),
        ("Nov - Feb 2026", "2025-11-01", "2026-02-28"),
        ("Sep - Dec 21", "2021-09-01", "2021-12-31"),
        ("Spring/Summer 2026", "2026-03-01", "2026-08-31"),
        ("Q1-Q2 2025/26", "2025-04-01", "2025-09-30"),
        ("2025-2028", "2025-01-01", "2028-12-31"),
    ],
)
def test_range_is_its_last_day_and_keeps_its_first(text: str, start: str, end: str) -> None:
    period = read_period(text)
    assert (period.start, period.end) == (date.fromisoformat(start), date.fromisoformat(end))
    assert (period.reading, period.question) == (Reading.DATED, "")


@pytest.mark.parametrize(
    "text",
    ["November", "14 November", "End May", "Mid-June", "by end July", "Summer term", "Q2", "March/April", "25/06"],
)
def test_phrase_without_a_year_gets_a_question_and_no_date(text: str) -> None:
    period = read_period(text)
    assert (period.reading, period.end, period.precision) == (Reading.UNDATED, None, NONE)
    assert period.question.startswith("Which year is ")


def test_year_that_the_source_states_elsewhere_completes_a_phrase() -> None:
    assert read_period("End-June (ahead of 4 July Meeting)", year=2012).end == date(2012, 6, 30)
    assert read_period("Mid-June", year=2012).end == date(2012, 6, 15)


@pytest.mark.parametrize("text", ["Easter", "Easter 2026", "by Christmas", "beginning of new academic year"])
def test_feast_or_beginning_gets_a_question_and_no_date(text: str) -> None:
    period = read_period(text)
    assert (period.reading, period.end) == (Reading.UNDATED, None)
    assert period.question.startswith("Which day is meant by ")


@pytest.mark.parametrize(
    "text",
    ["Q2 2005", "bi-annual", "bi-monthly", "Biannually", "Winter 2025", "Sep 25", "05/06", "FY 2025", "2025/28"],
)
def test_phrase_with_two_meanings_is_asked_about(text: str) -> None:
    period = read_period(text)
    assert (period.reading, period.end) == (Reading.AMBIGUOUS, None)
    assert text in period.question


@pytest.mark.parametrize("text", ["03/31/2026", "31 June 2026", "29/02/2027", "00/03/2026", "1 Jan 2525"])
def test_day_that_does_not_exist_is_not_turned_round(text: str) -> None:
    period = read_period(text)
    assert (period.reading, period.end) == (Reading.UNDATED, None)
    assert period.question.endswith("when is it due?")


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
    ("text", "end"),
    [
        ("Meeting held by 28 February 2014", date(2014, 2, 28)),
        ("Report to Cabinet by March 2026 with a plan", date(2026, 3, 31)),
        ("Draft for discussion 4 July 2012 COMPLETED / To be agreed by the Panel by End July.", date(2012, 7, 31)),
        ("Sept 2025 revised to Dec 2025", date(2025, 12, 31)),
        ("Sep 2025, Dec 2025 and Mar 2026", date(2026, 3, 31)),
    ],
)
def test_date_inside_a_sentence_is_taken_with_a_question(text: str, end: date) -> None:
    period = read_period(text)
    assert (period.reading, period.end) == (Reading.DATED, end)
    assert period.question.endswith("is it the deadline?")


@pytest.mark.parametrize("text", ["from Sep 2025", "after March 2026"])
def test_start_alone_is_not_a_deadline(text: str) -> None:
    period = read_period(text)
    assert (period.reading, period.end) == (Reading.UNDATED, None)
    assert "gives a start only" in period.question


def test_text_that_names_no_date_says_so() -> None:
    assert read_period("when the post is filled").question == 'No date could be read in "when the post is filled".'


def test_academic_plan_ends_its_years_in_august() -> None:
    assert read_period("2025/26", year_kind="academic").end == date(2026, 8, 31)
    assert read_period("financial year 2025/26", year_kind="academic").end == date(2026, 3, 31)


def test_terms_end_where_the_plan_says() -> None:
    calendar = TermCalendar(autumn=(12, 19), spring=(4, 2), spring_half=(2, 29))
    assert read_period("Autumn term 2025", calendar=calendar).end == date(2025, 12, 19)
    assert read_period("Summer term 2026", calendar=calendar).start == date(2026, 4, 3)
    assert read_period("Spring half term 2026", calendar=calendar).end == date(2026, 2, 28)


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


@settings(max_examples=150, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_date_that_is_printed_is_read_back(day: date) -> None:
    for text in (show_day(day), show_short(day), day.isoformat(), f"{day:%d/%m/%Y}", f"by {show_day(day)}"):
        assert (read_period(text).start, read_period(text).end) == (day, day)
    month = read_period(show_month(day))
    assert (month.start, month.precision) == (day.replace(day=1), MONTH)


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
