"""Dates of one cell that say which they are."""

from __future__ import annotations

import pytest

from tracker.imports.duetext import due_of_text


@pytest.mark.parametrize(
    ("text", "words", "starts", "status"),
    [
        ("Start: 04/01/2021\nEnd: 26/02/2021", "26/02/2021", "04/01/2021", ""),
        ("Start: 01/02/2021\nRev: 30/06/2021\nEnd: 30/04/2021", "30/06/2021", "01/02/2021", ""),
        ("Baseline: Q1 2024/25; Forecast: Q3 2024/25", "Q3 2024/25", "", ""),
        ("Target: 31/12/2024 Actual: 15/01/2025", "31/12/2024", "", "Actual: 15/01/2025"),
        ("Start: April 2025\nEnd: Ongoing", "Ongoing", "April 2025", ""),
        ("End 2012", "End 2012", "", ""),
    ],
)
def test_the_last_revised_date_counts_and_what_was_done_is_no_deadline(
    text: str, words: str, starts: str, status: str
) -> None:
    due = due_of_text(text)
    assert (due.words, due.starts, due.status) == (words, starts, status)


def test_a_start_alone_is_no_deadline() -> None:
    assert not due_of_text("Start: 04/01/2021").dated
