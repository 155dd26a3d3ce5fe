"""What an answer makes necessary."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tracker.forms.fields import WritingForm
from tracker.forms.milestones import DecideDateForm, DecideForm, UpdateForm


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield app


def links(app: Flask, kind: type[WritingForm], **typed: str) -> list[str]:
    with app.test_request_context(method="POST", data=typed):
        form = kind()
        assert form.validate() is not bool(form.error_links)
        return [address for address, _ in form.error_links]


def test_an_update_on_track_needs_only_what_was_done(app: Flask) -> None:
    assert links(app, UpdateForm, confidence="on_track", progress="Two sessions") == []


def test_no_change_is_an_answer_of_its_own(app: Flask) -> None:
    assert links(app, UpdateForm, confidence="on_track", no_change="y") == []
    assert links(app, UpdateForm, confidence="on_track") == ["#progress"]


def test_an_update_without_an_answer_to_the_first_question_is_refused(app: Flask) -> None:
    assert links(app, UpdateForm, progress="x") == ["#confidence"]


def test_at_risk_needs_a_reason_and_will_miss_a_forecast(app: Flask) -> None:
    assert links(app, UpdateForm, confidence="at_risk", progress="x") == ["#confidence_reason"]
    wanted = ["#forecast_text", "#confidence_reason"]
    assert links(app, UpdateForm, confidence="will_miss", progress="x") == wanted


def test_done_needs_evidence_that_a_browser_can_open(app: Flask) -> None:
    assert links(app, UpdateForm, confidence="done", progress="x") == ["#evidence_url"]
    assert links(app, UpdateForm, confidence="done", progress="x", evidence_url="javascript:1") == ["#evidence_url"]
    assert links(app, UpdateForm, confidence="done", progress="x", evidence_url="https://council.example/a") == []


@pytest.mark.parametrize(
    ("kind", "answer", "field"), [(DecideForm, "return", "reason"), (DecideDateForm, "refuse", "note")]
)
def test_a_no_needs_a_reason(app: Flask, kind: type[WritingForm], answer: str, field: str) -> None:
    assert links(app, kind, decision=answer) == [f"#{field}"]
    assert links(app, kind, decision="approve") == []
