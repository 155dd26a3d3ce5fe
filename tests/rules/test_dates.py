"""Date phrases as plans write them, and what each is read as."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.dates import (
    Precision,
    Reading,
    TermCalendar,
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
        ("By Feb half term 2025", "2025-02-28", TERM),
        ("Oct half-term 2025", "2025-10-31", TERM),
        ("Half term Feb 2023", "2023-02-28", TERM),
        ("20251231", "2025-12-31", DAY),
        ("31Mar2026", "2026-03-31", DAY),
        ("Mar2026", "2026-03-31", MONTH),
        ("H1 2025/26", "2025-09-30", QUARTER),
        ("second half of 2025/26", "2026-03-31", QUARTER),
        ("Apr 25 - Mar 26", "2026-03-31", MONTH),
        ("Ongoing until March 2026", "2026-03-31", MONTH),
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
        ("start of the 2027/28 academic year", "2027-09-30", QUARTER),
        ("early in the 2027/28 academic year", "2027-11-30", QUARTER),
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
    ["bi-annual", "bi-monthly", "Biannually", "Winter 2025", "Sep 25", "05/06", "FY 2025", "2025/28"],
)
def test_phrase_with_two_meanings_is_asked_about(text: str) -> None:
    period = read_period(text)
    assert (period.reading, period.end) == (Reading.AMBIGUOUS, None)
    assert text in period.question


@pytest.mark.parametrize(
    ("text", "end"), [("Q2 2005", date(2005, 6, 30)), ("Q4 25", date(2025, 12, 31)), ("2026 Q1", date(2026, 3, 31))]
)
def test_a_quarter_with_one_year_is_read_by_the_calendar_and_asked_about(text: str, end: date) -> None:
    period = read_period(text)
    assert (period.reading, period.end) == (Reading.DATED, end)
    assert period.question == f'"{text}" was read as a quarter of the calendar year: is it one of the financial year?'


@pytest.mark.parametrize("text", ["03/31/2026", "31 June 2026", "29/02/2027", "00/03/2026", "1 Jan 2525"])
def test_day_that_does_not_exist_is_not_turned_round(text: str) -> None:
    period = read_period(text)
    assert (period.reading, period.end) == (Reading.UNDATED, None)
    assert period.question.endswith("when is it due?")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("Meeting held by 28 February 2014", date(2014, 2, 28)),
        ("Report to Cabinet by March 2026 with a plan", date(2026, 3, 31)),
        ("Draft for discussion 4 July 2012 COMPLETED / To be agreed by the Panel by End July.", date(2012, 7, 31)),
        ("Sept 2025 revised to Dec 2025", date(2025, 12, 31)),
        ("Sep 2025, Dec 2025 and Mar 2026", date(2026, 3, 31)),
        ("June 2025 (slipped to September 2025)", date(2025, 9, 30)),
        ("May-25 Aug-25", date(2025, 8, 31)),
    ],
)
def test_date_inside_a_sentence_is_taken_with_a_question(text: str, end: date) -> None:
    period = read_period(text)
    assert (period.reading, period.end) == (Reading.DATED, end)
    assert period.question.endswith("is it the deadline?")


@pytest.mark.parametrize(
    "text",
    [
        "from Sep 2025", "after March 2026", "April 2025 onwards", "From 2025 onward", "Commenced April 2025",
        "From 1 February 2024 until conclusion", "From 2025 (30 June)",
    ],
)  # fmt: skip
def test_start_alone_is_not_a_deadline(text: str) -> None:
    period = read_period(text)
    assert (period.reading, period.end) == (Reading.UNDATED, None)
    assert "gives a start only" in period.question


def test_a_half_of_one_year_is_read_by_the_calendar_and_asked_about() -> None:
    period = read_period("H1 2026")
    assert (period.reading, period.end) == (Reading.DATED, date(2026, 6, 30))
    assert period.question == '"H1 2026" was read as a half of the calendar year: is it one of the financial year?'


@pytest.mark.parametrize(
    ("text", "last", "precision"),
    [
        ("Easter 2025 (20 April)", date(2025, 4, 20), DAY),
        ("Easter 2025 (20 April 2025)", date(2025, 4, 20), DAY),
        ("2023 (27 March – 2 April)", date(2023, 4, 2), DAY),
        ("Summer 2025 (July)", date(2025, 7, 31), MONTH),
        ("2025/26 (March)", date(2026, 3, 31), MONTH),
        ("2025/26 (Q3)", date(2025, 12, 31), QUARTER),
        ("September 2025 (June)", date(2025, 9, 30), MONTH),
        ("2025-2027 (June)", date(2027, 12, 31), YEAR),
        ("January 2026 (Cabinet 14 January)", date(2026, 1, 31), MONTH),
    ],
)
def test_brackets_that_say_when_more_exactly_count_where_they_lie_within_the_period(
    text: str, last: date, precision: Precision
) -> None:
    period = read_period(text)
    assert (period.end, period.precision, period.question) == (last, precision, "")


def test_brackets_never_decide_which_year_is_meant() -> None:
    assert read_period("Winter 2025 (February)").end is None


def test_a_day_in_brackets_behind_a_year_is_asked_about() -> None:
    period = read_period("Week 13 2023 (27 March – 2 April)")
    assert (period.end, bool(period.question)) == (date(2023, 4, 2), True)


@pytest.mark.parametrize(
    "text", ["Aug 2025 (was May 2025)", "Aug 2025 (revised May 2025)", "Aug 2025 (moved from Sep 2025)"]
)
def test_an_earlier_date_in_brackets_is_a_note(text: str) -> None:
    assert read_period(text).end == date(2025, 8, 31)
    assert read_period(text).question == ""


@pytest.mark.parametrize(
    "text", ["Phase 2 December 2025", "Phase 1 June 2025; Phase 2 December 2025", "Stage 2 December 2025"]
)
def test_the_number_of_a_phase_is_no_day(text: str) -> None:
    assert read_period(text).end == date(2025, 12, 31)


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


@settings(max_examples=150, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_date_that_is_printed_is_read_back(day: date) -> None:
    for text in (show_day(day), show_short(day), day.isoformat(), f"{day:%d/%m/%Y}", f"by {show_day(day)}"):
        assert (read_period(text).start, read_period(text).end) == (day, day)
    month = read_period(show_month(day))
    assert (month.start, month.precision) == (day.replace(day=1), MONTH)
