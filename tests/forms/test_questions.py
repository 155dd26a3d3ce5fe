"""What the answers to questions about a file need, and how long the name of a profile may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.factories import TODAY
from tracker.forms.imports import ProfileForm, questions_form

QUESTION: dict[str, Any] = {"key": "q", "options": [], "types": "", "proposed": "", "others": ()}
RULE, REF = QUESTION | {"types": "rule"}, QUESTION | {"types": "ref"}
AGREED = QUESTION | {
    "options": [["agreed", "Record it"], ["keep", "Keep it"]],
    "asks": {"agreed": ["minute", "meeting_on"]},
}
FROM = {"from_0-day": "1", "from_0-month": "9", "from_0-year": "2025"}
WITH_MINUTE = {"answer_0": "agreed", "ask_0_minute": "5.2"}
MINUTE = "Enter the minute of the meeting, or decide later"
MEETING = "Enter a day of the meeting, or decide later"
NO_DAY = "Enter a day of the meeting like 14 October 2025 instead of “{}”"
TO_COME = "Enter a day of the meeting that is today or earlier; 11 September 2025 is to come"
OFTEN, DAY = "Choose how often it is held", "Enter the day from which it counts"


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield app


def said(app: Flask, question: dict[str, Any], typed: dict[str, str]) -> list[tuple[str, str]]:
    """Return what a page with one question says against the answer, with the box."""
    with app.test_request_context(method="POST", data=typed):
        form = questions_form([question], {}, {"minute": "Minute", "meeting_on": "Day of the meeting"}, TODAY)
        assert form.validate() is not bool(form.error_links)
        return [(address, sentence) for address, sentence in form.error_links]


@pytest.mark.parametrize(
    ("question", "typed", "expected"),
    [
        (RULE, {"answer_0": "typed"}, [("#every_0", OFTEN), ("#from_0-day", DAY)]),
        (RULE, {"answer_0": "typed", **FROM}, [("#every_0", OFTEN)]),
        (RULE, {"answer_0": "typed", "every_0": "monthly"}, [("#from_0-day", DAY)]),
        (RULE, {"answer_0": "typed", "every_0": "monthly", **FROM}, []),
        (REF, {"answer_0": "typed"}, [("#typed_0", "Enter a new reference")]),
        (REF, {"answer_0": "typed", "typed_0": "7b"}, []),
        (AGREED, {"answer_0": "agreed", "ask_0_meeting_on": "2025-09-02"}, [("#ask_0_minute", MINUTE)]),
        (AGREED, {"answer_0": "agreed", "ask_0_minute": "5.2"}, [("#ask_0_meeting_on", MEETING)]),
        (AGREED, {**WITH_MINUTE, "ask_0_meeting_on": "soon"}, [("#ask_0_meeting_on", NO_DAY.format("soon"))]),
        (AGREED, {**WITH_MINUTE, "ask_0_meeting_on": "Sep 2025"}, [("#ask_0_meeting_on", NO_DAY.format("Sep 2025"))]),
        (AGREED, {**WITH_MINUTE, "ask_0_meeting_on": "11 September 2025"}, [("#ask_0_meeting_on", TO_COME)]),
        (AGREED, {**WITH_MINUTE, "ask_0_meeting_on": "10 September 2025"}, []),
        (AGREED, {"answer_0": "keep"}, []),
        (AGREED, {"answer_0": "later"}, []),
    ],
)
def test_a_chosen_answer_asks_for_what_it_needs(
    app: Flask, question: dict[str, Any], typed: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert said(app, question, typed) == expected


def test_the_name_of_a_profile_fits_a_list(app: Flask) -> None:
    for length, errors in ((80, []), (81, ["The name must be 80 characters or fewer"])):
        with app.test_request_context(method="POST", data={"name": "x" * length}):
            form = ProfileForm()
            assert form.validate() is not bool(errors)
            assert [sentence for _, sentence in form.error_links] == errors
