"""Whatever people and programs send: a sentence that says what to do, never a 500, and nothing half written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from flask import g
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.pages import Page
from tests.views.structure_forms import SETTINGS
from tests.views.visitor import Visitor, explained, in_the_box
from tests.views.world import World, contents
from tracker.extensions import database
from tracker.models import FormToken
from tracker.views.guards import signed_in_only

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str], Visitor]

TEXTS = {
    "formula": '=HYPERLINK("https://evil.example","x")',
    "markup": "<script>alert(1)</script><b>&amp;",
    "template": "{{ 7 * 7 }}{% raw %}",
    "emoji": "\U0001f469\u200d\U0001f3eb done \u2705",
    "right to left": "\u202eتم \u05d4\u05d5\u05e9\u05dc\u05dd\u202c",
    "line ends": "one\r\ntwo\rthree\x0bfour",
    "quotes": 'O\'Brien "and" -- ; DROP TABLE plan',
    "percent": "%s %(x)s %00 \\0",
    "long": "long " * 6_000,
}
REFUSED = {
    "too long": "x" * 32_768,
    "nothing but controls": "\x00\x01\x02\x1f\x7f",
    "nothing but spaces": " \t\r\n\u00a0",
    "nothing": "",
}
DAY = {"completed-day": "9", "completed-month": "9", "completed-year": "2025"}
UNTIL = {"until-day": "1", "until-month": "10", "until-year": "2025"}
MEETING = {"meeting_on-day": "9", "meeting_on-month": "9", "meeting_on-year": "2025"}


def forms(world: World) -> dict[str, tuple[str, str, dict[str, str], dict[str, str]]]:
    """Return for each form who fills it in, where, its boxes for text ("must" or "may"), and the rest of it."""
    key = {ref: f"/milestones/{number}" for ref, number in world.milestones.items()}
    may = dict.fromkeys(("impact", "recovery", "help_needed", "blocked"), "may")
    return {
        "update": (
            "lead",
            f"{key['5']}/update",
            {"progress": "must", "confidence_reason": "must", **may},
            {"confidence": "at_risk"},
        ),
        "claim": (
            "lead",
            f"{key['5']}/claim",
            {"progress": "must", "impact": "may"},
            {**DAY, "evidence_url": "https://a.example"},
        ),
        "new date": (
            "lead",
            f"{key['5']}/new-date",
            {"reason": "must", "recovery": "must"},
            {"proposed": "Dec 2025", "reason_code": "data"},
        ),
        "return": ("manager", f"{key['2']}/decide", {"reason": "must"}, {"decision": "return"}),
        "refuse": (
            "manager",
            f"{key['3']}/new-date/{world.change}",
            {"note": "must", "minute": "may"},
            {"decision": "refuse", **MEETING},
        ),
        "override": ("manager", f"{key['1']}/override", {"reason": "must"}, {"colour": "red", **UNTIL}),
        "settings": (
            "manager",
            "/plans/alpha/settings",
            {"title": "must", "reason": "must"}
            | dict.fromkeys(("starts", "reports_to", "review_cycle", "marking"), "may"),
            {name: value for name, value in SETTINGS.items() if name not in {"title", "reason"}},
        ),
    }


FORMS = sorted(forms(World(milestones=dict.fromkeys("1234567", 0))))


def filled(visitor: Visitor, address: str, boxes: dict[str, str], rest: dict[str, str], text: str) -> Page:
    """Open a form, put a text into every box, send it and do not follow."""
    opened = visitor.visit(address)
    return visitor.submit(opened, {**rest, **dict.fromkeys(boxes, text)}, to=address, follow=False)


@pytest.mark.parametrize("kind", sorted(TEXTS))
@pytest.mark.parametrize("name", FORMS)
def test_any_text_is_taken_as_text_and_shown_as_text(visit: Visit, world: World, name: str, kind: str) -> None:
    persona, address, boxes, rest = forms(world)[name]
    visitor = visit(persona)
    page = filled(visitor, address, boxes, rest, TEXTS[kind])
    assert page.status == 303, page.errors
    where = address.rsplit("/", 1)[0] if name != "refuse" else address.split("/new-date")[0]
    shown = visitor.visit(where)
    assert "<script>alert" not in shown.text
    assert "49" not in shown.words.split()
    for report in ("csv", "xlsx", "docx"):
        assert visitor.get(f"/plans/alpha/report.{report}").status == 200


@pytest.mark.parametrize("kind", sorted(REFUSED))
@pytest.mark.parametrize("name", FORMS)
def test_a_text_that_will_not_do_is_refused_beside_its_box(
    visit: Visit, world: World, watch: Engine, name: str, kind: str
) -> None:
    before = contents(watch)
    persona, address, boxes, rest = forms(world)[name]
    for box, need in boxes.items():
        if need == "may" and kind != "too long":
            continue
        good = {**dict.fromkeys(boxes, "A text"), box: REFUSED[kind]}
        visitor = visit(persona)
        page = visitor.submit(visitor.visit(address), {**rest, **good}, to=address, follow=False)
        explained(page)
        for other in boxes:
            assert in_the_box(page, other).strip() == good[other].strip("\x00\x01\x02\x1f\x7f").strip()
    assert contents(watch) == before


@pytest.mark.parametrize("name", FORMS)
def test_a_form_with_nothing_in_it_is_explained_or_in_conflict(
    visit: Visit, world: World, watch: Engine, name: str
) -> None:
    before = contents(watch)
    persona, address, _, _ = forms(world)[name]
    explained(visit(persona).send(address))
    assert contents(watch) == before


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("31", "2", "2025"),
        ("1", "13", "2025"),
        ("", "9", "2025"),
        ("1", "", ""),
        ("x", "9", "2025"),
        ("1", "9", "25"),
        ("1", "9", "99999"),
        ("0", "9", "0000"),
        ("-1", "9", "2025"),
        ("٣", "9", "٢٠٢٥"),
        ("1" * 5000, "9", "2025"),
        ("\x00", "\x00", "\x00"),
        ("1e3", "Ma", "2025"),
        ("²", "9", "2025"),
    ],
)
def test_a_day_that_is_none_is_refused_and_stays_as_it_was_typed(
    visit: Visit, world: World, watch: Engine, day: str, month: str, year: str
) -> None:
    before = contents(watch)
    address = f"/milestones/{world.milestones['5']}/claim"
    visitor = visit("lead")
    told = {"completed-day": day, "completed-month": month, "completed-year": year, "progress": "Done"}
    page = visitor.submit(visitor.visit(address), {**told, "evidence_url": "https://a.example"}, to=address)
    explained(page)
    assert in_the_box(page, "completed-year") == year.strip("\x00")
    assert contents(watch) == before


@pytest.mark.parametrize(
    "words",
    [
        "soon",
        "Sep",
        "31 February 2025",
        "x" * 10_000,
        "Dec 99999",
        "\x00",
        "=1+1",
        "٢٠٢٥",
        "32/13/2025",
        "2024",
        "Q9 2025",
    ],
)
def test_a_new_date_that_is_none_is_refused_and_stays_as_it_was_typed(
    visit: Visit, world: World, watch: Engine, words: str
) -> None:
    before = contents(watch)
    address = f"/milestones/{world.milestones['5']}/new-date"
    visitor = visit("lead")
    told = {"proposed": words, "reason": "Late", "recovery": "Faster"}
    page = visitor.submit(visitor.visit(address), told, to=address)
    explained(page)
    assert in_the_box(page, "proposed") == words.strip("\x00")
    assert contents(watch) == before


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", "www.example", "ftp://a"],
)
def test_evidence_is_a_page_of_the_web_or_a_file(visit: Visit, world: World, watch: Engine, link: str) -> None:
    before = contents(watch)
    address = f"/milestones/{world.milestones['5']}/claim"
    visitor = visit("lead")
    page = visitor.submit(visitor.visit(address), {**DAY, "progress": "Done", "evidence_url": link}, to=address)
    explained(page)
    assert contents(watch) == before


@pytest.mark.parametrize("value", ["", "nonsense", "-1", "9" * 30, "\x00", "1.5"])
def test_a_version_or_choice_that_is_none_changes_nothing(
    visit: Visit, world: World, watch: Engine, value: str
) -> None:
    before = contents(watch)
    key = world.milestones["5"]
    told = {"confidence": "on_track", "progress": "Done", "version": value}
    assert visit("lead").send(f"/milestones/{key}/update", told).status in {409, 422}
    assert visit("lead").send(f"/milestones/{key}/update", {**told, "confidence": value}).status == 422
    done = {"decision": value, "version": "1"}
    assert visit("manager").send(f"/milestones/{world.milestones['2']}/decide", done).status == 422
    told = {"title": "Another", "version": value}
    assert visit("manager").send("/plans/alpha/settings", told).status in {409, 422}
    assert contents(watch) == before


@pytest.mark.parametrize(
    ("status", "failed", "kept"), [(200, False, True), (303, False, True), (422, False, False), (200, True, False)]
)
def test_what_a_request_wrote_is_kept_only_if_it_was_not_refused(
    visit: Visit, watch: Engine, app: Flask, monkeypatch: pytest.MonkeyPatch, status: int, failed: bool, kept: bool
) -> None:
    @signed_in_only
    def writes(scheme_id: int) -> tuple[str, int]:
        database().add(FormToken(token="written on the way", used_at=datetime(2025, 9, 10, tzinfo=UTC)))
        database().flush()
        g.failed = failed
        return "", status

    lead = visit("lead")
    monkeypatch.setitem(app.view_functions, "schemes.copy", writes)
    assert lead.send("/schemes/1/copy").status == status
    with Session(watch) as session:
        assert (session.get(FormToken, "written on the way") is not None) is kept
