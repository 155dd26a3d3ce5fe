"""Dates in sentences that are no deadlines, and titles that have one."""

from __future__ import annotations

import pytest

from tracker.imports.charts import days_of_chart, key_beside
from tracker.imports.dated_titles import dated_title, says_its_date
from tracker.imports.duetext import deadline_in, due_of_text
from tracker.imports.grid import Cell
from tracker.imports.leads import leads_of


@pytest.mark.parametrize(
    "text",
    [
        "Make sure that all staff know the Equality Act (2010)",
        "Meet the Fire Safety Order 2005",
        "Rebuild the risk register; done September 2026",
        "Publish the report (completed March 2026)",
    ],
)
def test_the_year_of_a_law_and_the_day_on_which_something_was_done_are_no_deadlines(text: str) -> None:
    assert deadline_in(text) == ""


def test_a_date_in_brackets_still_is() -> None:
    assert deadline_in("Publish the housing strategy (March 2026)") == "March 2026"


@pytest.mark.parametrize(
    ("text", "title", "when"),
    [
        ("Reduce energy use by 15% TARGET DATE: End of March 2005", "Reduce energy use by 15%", "End of March 2005"),
        ("Better homes (deadline: June 2027)", "Better homes", "June 2027"),
        ("Reduce water use TARGET DATE: Ongoing", "Reduce water use TARGET DATE: Ongoing", ""),
        ("Improve timeliness: June 2027", "Improve timeliness: June 2027", ""),
    ],
)
def test_a_title_may_end_with_the_date_of_the_whole(text: str, title: str, when: str) -> None:
    assert dated_title(text) == (title, when)


def test_a_title_may_say_that_its_whole_goes_on() -> None:
    assert says_its_date("Reduce water use TARGET DATE: Ongoing")
    assert not says_its_date("Reduce water use")


def test_days_on_which_weeks_begin_are_a_chart() -> None:
    cells = [
        Cell(1, at, str(value), value) for at, value in enumerate(("Task", "Lead", 2.0, 9.0, 16.0, 23.0, 30.0, 7.0), 1)
    ]
    assert days_of_chart(cells) == cells[:1:-1]
    assert days_of_chart(cells[:4]) == []


def test_a_key_after_an_empty_column_is_no_part_of_the_headings() -> None:
    cells = [Cell(3, at, text, text) for at, text in ((1, "Action"), (2, "Lead"), (4, "BLUE"), (5, "Delivered"))]
    assert key_beside(cells) == cells[2:]
    assert key_beside([*cells[:2], Cell(3, 3, "BLUE", "BLUE")]) == []


def test_who_leads_now_is_named_and_who_did_is_kept_beside() -> None:
    leads, aside = leads_of("Previously Cllr Orme, now Mayor")
    assert [lead.post for lead in leads] == ["Mayor"]
    assert aside == "Previously Cllr Orme"


def test_the_mark_of_a_footnote_is_no_part_of_a_name() -> None:
    assert [lead.post for lead in leads_of("Head of Libraries[ii]")[0]] == ["Head of Libraries"]


@pytest.mark.parametrize(
    ("text", "due", "status"),
    [
        ("29/01/27 IN PROGRESS", "2027-01-29", "IN PROGRESS"),
        ("31/03/27 not started", "2027-03-31", "not started"),
        ("Start Apr 2026\nRev Jan 2027\nEnd Sept 2026", "2027-01-31", ""),
        ("31/01/2022 (completed); refresh due 31/01/2025", "2025-01-31", ""),
        ("Before expiry 24.3.2020", "2020-03-24", ""),
    ],
)
def test_a_cell_of_dates_may_say_more(text: str, due: str, status: str) -> None:
    read = due_of_text(text)
    assert (str(read.period.end), read.status) == (due, status)


def test_a_date_that_goes_on_has_no_status() -> None:
    assert due_of_text("Sept 2026 ongoing").status == ""


def test_months_above_each_other_are_not_labels() -> None:
    read = due_of_text("End May 2026\nEnd June 2026")
    assert read.left == ""
    assert read.question
