"""What a lead comes for: update, claim, ask for a new date, confirm many at once."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from tests.views.sending import valid
from tests.views.visitor import Visitor, target
from tests.views.world import FILE, STORED_NAME, World, contents

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str], Visitor]
DONE = {"completed-day": "9", "completed-month": "September", "completed-year": "2025", "progress": "All is done"}


@pytest.fixture
def lead(visit: Visit) -> Visitor:
    """Return the lead of workstream 1a."""
    return visit("lead")


def test_a_lead_updates_a_milestone_in_one_form_and_sees_the_colour(lead: Visitor, world: World) -> None:
    key = world.milestones["1"]
    opened = lead.visit(f"/milestones/{key}/update")
    page = lead.submit(
        opened,
        {"confidence": "on_track", "progress": "Two schools visited", "impact": "Families know"},
        to="/update",
        follow=False,
    )
    assert page.status == 303
    shown = lead.visit(target(page))
    assert "Saved. 1a.1 is Amber: likely to miss." in shown.words  # it waits for 1b.1, which is late
    milestone = lead.visit(f"/milestones/{key}")
    assert "Two schools visited" in milestone.words
    assert "Families know" in milestone.words
    assert "Amber: " in milestone.words


def test_a_lead_says_that_a_date_is_in_doubt_and_the_milestone_turns_amber(lead: Visitor, world: World) -> None:
    key = world.milestones["1"]
    opened = lead.visit(f"/milestones/{key}/update")
    doubt = {
        "confidence": "will_miss",
        "progress": "One of three",
        "confidence_reason": "No supplier",
        "forecast_text": "Nov 2025",
    }
    page = lead.submit(opened, doubt, to="/update")
    assert "1a.1 is Amber: likely to miss" in page.words
    assert "No supplier" in lead.visit(f"/milestones/{key}").words


def test_after_saving_the_lead_comes_to_the_next_milestone_that_waits(lead: Visitor, world: World) -> None:
    opened = lead.visit(f"/milestones/{world.milestones['5']}/update")
    page = lead.submit(opened, {"confidence": "on_track", "no_change": "y"}, to="/update", follow=False)
    assert target(page).endswith("/update")
    assert target(page) != f"/milestones/{world.milestones['5']}/update"


def test_a_lead_claims_completion_with_a_link(lead: Visitor, world: World) -> None:
    opened = lead.visit(f"/milestones/{world.milestones['5']}/claim")
    page = lead.submit(opened, {**DONE, "evidence_url": "https://testshire.example/a"}, to="/claim")
    assert "The completion is claimed and waits for sign-off by somebody else." in page.words
    assert "awaiting sign-off" in page.words
    assert page.link("https://testshire.example/a") == "https://testshire.example/a"


def test_a_lead_claims_completion_with_a_file_and_anybody_on_the_plan_downloads_it(
    lead: Visitor, visit: Visit, world: World
) -> None:
    key = world.milestones["5"]
    opened = lead.visit(f"/milestones/{key}/claim")
    page = lead.submit(opened, {**DONE, "evidence_file": (BytesIO(FILE), "../../Minutes, ünder 1.pdf")}, to="/claim")
    assert "The completion is claimed" in page.words
    link = page.link("Minutes, ünder 1.pdf")
    answer = visit("board").get(link).response
    assert answer.data == FILE
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "Minutes" in answer.headers["Content-Disposition"]
    assert ".." not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_type == "application/pdf"


def test_a_file_of_several_megabytes_can_be_evidence(lead: Visitor, world: World) -> None:
    opened = lead.visit(f"/milestones/{world.milestones['5']}/claim")
    large = BytesIO(b"%PDF-1.7 " + b"x" * 5_000_000)
    page = lead.submit(opened, {**DONE, "evidence_file": (large, "large.pdf")}, to="/claim")
    assert "The completion is claimed" in page.words


def test_done_in_the_update_form_claims_completion_with_the_file(lead: Visitor, world: World) -> None:
    opened = lead.visit(f"/milestones/{world.milestones['5']}/update")
    done = {"confidence": "done", "progress": "All is done", "evidence_file": (BytesIO(FILE), "minutes.pdf")}
    lead.submit(opened, done, to="/update")
    assert "awaiting sign-off" in lead.visit(f"/milestones/{world.milestones['5']}").words


def test_a_claim_that_is_refused_leaves_no_file_behind(lead: Visitor, world: World, data_folder: Path) -> None:
    opened = lead.visit(f"/milestones/{world.milestones['5']}/claim")
    late = {**DONE, "completed-year": "2026", "evidence_file": (BytesIO(FILE), "minutes.pdf")}
    page = lead.submit(opened, late, to="/claim")
    assert page.status == 422
    assert page.errors == ["Enter a completion date that is today or earlier."]
    assert [path.name for path in (data_folder / "evidence").iterdir()] == [STORED_NAME]


def test_a_claim_without_evidence_is_refused_with_what_was_typed(lead: Visitor, world: World) -> None:
    page = lead.submit(lead.visit(f"/milestones/{world.milestones['5']}/claim"), DONE, to="/claim")
    assert page.status == 422
    assert page.errors == ["Enter a link to the evidence or upload a file"]
    assert page.find("//textarea[@name='progress']")[0].text_content() == "All is done"
    assert page.find("//input[@name='completed-month']/@value") == ["September"]


@pytest.mark.parametrize(("act", "more"), [("claim", {}), ("update", {"confidence": "done"})])
def test_evidence_that_was_given_before_counts_in_a_claim(
    lead: Visitor, world: World, act: str, more: dict[str, str]
) -> None:
    milestone = f"/milestones/{world.milestones['5']}"
    link = {"evidence_url": "https://council.example/minutes"}
    lead.submit(lead.visit(f"{milestone}/evidence"), link, to="/evidence")
    opened = lead.visit(f"{milestone}/{act}")
    assert "Given before, and it still counts: https://council.example/minutes." in opened.words
    lead.submit(opened, {**DONE, **more}, to=f"/{act}")
    assert "awaiting sign-off" in lead.visit(milestone).words


def test_a_lead_asks_for_a_new_date_once(lead: Visitor, world: World) -> None:
    address = f"/milestones/{world.milestones['5']}/new-date"
    asked = {
        "proposed": "Dec 2025",
        "reason_code": "procurement",
        "reason": "No supplier",
        "recovery": "A second supplier",
    }
    page = lead.submit(lead.visit(address), asked, to="/new-date")
    assert "The new date is asked for. The present deadline stands until it is decided." in page.words
    assert any("Dec 2025" in cell for row in page.rows("Requests for a new date") for cell in row)
    again = lead.submit(lead.visit(address), asked, to="/new-date")
    assert again.errors == ["A new date has been asked for already and waits for a decision."]


def test_my_milestones_come_in_the_order_in_which_they_need_doing(lead: Visitor) -> None:
    page = lead.visit("/my-milestones")
    headings = [heading.text_content() for heading in page.find("//main//h2")]
    order = ["Overdue", "Waiting for", "Due within", "Not confirmed", "Later", "Done"]
    places = [next(i for i, name in enumerate(order) if heading.startswith(name)) for heading in headings]
    assert places == sorted(places)
    assert places


def test_a_lead_confirms_all_on_track_and_takes_it_back(lead: Visitor, world: World, watch: Engine) -> None:
    before = contents(watch)["milestone"]
    opened = lead.visit("/my-milestones")
    page = lead.submit(opened, to="/confirm")
    assert "1 confirmed as on track." in page.words
    assert contents(watch)["milestone"] != before
    undone = lead.submit(page, to="/undo/")
    assert "1 confirmation undone." in undone.words
    for was, now in zip(before, contents(watch)["milestone"], strict=True):
        assert [a for a, b in zip(was, now, strict=True) if a != b][1:] == []  # only the version has moved on
    assert not undone.find("//form[contains(@action, '/undo/')]")


def test_confirming_nothing_says_so(lead: Visitor, watch: Engine) -> None:
    before = contents(watch)
    lead.send("/my-milestones/confirm", {"milestones": []})
    assert "Nothing was confirmed" in lead.visit("/my-milestones").words
    lead.send("/my-milestones/confirm", {"milestones": ["999", "x"]})
    assert "Nothing was confirmed" in lead.visit("/my-milestones").words
    assert contents(watch) == before


def test_a_lead_of_another_workstream_is_not_offered_what_he_may_not_do(visit: Visit, world: World) -> None:
    page = visit("other lead").visit(f"/milestones/{world.milestones['5']}")
    assert not page.find("//main//a[contains(@href, '/update') or contains(@href, '/claim')]")


def test_a_confirmation_sent_twice_does_not_say_that_nothing_was_confirmed(
    app: Flask, world: World, watch: Engine, visit: Visit
) -> None:
    form = valid(app, world, "/my-milestones/confirm", watch)
    lead = visit(form.persona)
    values = {**form.values, "form_token": "sent twice"}
    assert lead.send(form.path, values).status == 303
    lead.visit("/my-milestones")
    lead.send(form.path, values)
    words = lead.visit("/my-milestones").words
    assert "Nothing was confirmed" not in words
