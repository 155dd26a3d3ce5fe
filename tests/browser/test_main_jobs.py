"""Each role does what it comes for, as a person would: by labels and buttons, from signing in to seeing it done."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import faults, sign_in

Opener = Callable[..., Page]
SEND = "/plans/wf-send-2025"


def main(page: Page) -> Locator:
    """Return the main part of the page."""
    return page.locator("main")


def open_update(page: Page) -> str:
    """Open the update form of the first of my milestones that takes one; return the address of the milestone."""
    page.goto("/my-milestones")
    page.locator("main a[href$='/update']").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Update a milestone")
    return page.url.removesuffix("/update")


@pytest.mark.parametrize(("viewport", "scripts"), [("1280", True), ("375", True), ("375", False)])
def test_a_lead_updates_a_milestone_in_under_a_minute(open_page: Opener, viewport: str, scripts: bool) -> None:
    page = open_page(viewport, scripts=scripts)
    sign_in(page, "lead")
    expect(page.get_by_role("heading", level=1)).to_have_text("My milestones")
    began = time.monotonic()
    milestone = open_update(page)
    page.get_by_label("At risk").check()
    said = f"Two of three schools visited ({viewport}, {'with' if scripts else 'without'} scripts)"
    page.get_by_label("What has been done?").fill(said)
    page.get_by_label("What difference has it made?").fill("Families hear back a week sooner.")
    page.get_by_label("Why?").fill("The third school has no date yet")
    page.get_by_label("What are you doing about it?").fill("Asked the head teacher for a date")
    page.get_by_role("button", name="Save the update").click()
    expect(page.get_by_text("There is a problem")).to_have_count(0)
    assert time.monotonic() - began < 60
    page.goto(milestone)
    expect(main(page)).to_contain_text(said)
    expect(main(page)).to_contain_text("Families hear back a week sooner.")
    if scripts:
        assert not faults(page)


def test_a_mistake_in_an_update_is_explained_and_nothing_typed_is_lost(open_page: Opener) -> None:
    page = open_page()
    sign_in(page, "lead")
    open_update(page)
    page.get_by_label("At risk").check()
    page.get_by_label("Why?").fill("")
    page.get_by_label("What has been done?").fill("A long text that took an evening")
    page.get_by_role("button", name="Save the update").click()
    expect(page).to_have_title(re.compile("^Error: "))
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is a problem")
    summary.get_by_role("link").first.click()
    expect(page.locator(":focus")).to_have_attribute("name", "confidence_reason")
    expect(page.get_by_label("What has been done?")).to_have_value("A long text that took an evening")
    assert not faults(page)


def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(open_page: Opener) -> None:
    first, second = open_page(), open_page()
    for page in (first, second):
        sign_in(page, "lead")
        page.goto("/my-milestones")
    address = open_update(first)
    second.goto(f"{address}/update")
    for page, text in ((first, "The first editor's text"), (second, "The second editor's text")):
        page.get_by_label("On track").check()
        page.get_by_label("What has been done?").fill(text)
        page.get_by_role("button", name="Save the update").click()
    expect(main(second)).to_contain_text("The first editor's text")
    expect(second.get_by_text("The second editor's text").first).to_be_attached()
    assert not faults(second)


def test_a_completion_is_claimed_by_a_lead_and_signed_off_by_somebody_else(open_page: Opener) -> None:
    lead, manager = open_page(), open_page()
    sign_in(lead, "lead")
    milestone = open_update(lead)
    lead.get_by_label("Done", exact=True).check()
    lead.get_by_label("What has been done?").fill("Published and in use")
    day = lead.get_by_role("group", name="When was the work complete?")
    today = lead.evaluate("new Date().toISOString().slice(0, 10)").split("-")
    for label, part in zip(("Day", "Month", "Year"), reversed(today), strict=True):
        day.get_by_label(label).fill(part)
    lead.get_by_label("Link to the evidence").fill("https://council.example/evidence")
    lead.get_by_role("button", name="Save the update").click()
    lead.goto(milestone)
    expect(main(lead)).to_contain_text("awaiting sign-off")
    expect(lead.get_by_role("button", name="Decide the completion")).to_have_count(0)
    assert lead.goto(f"{milestone}/decide").status == 403  # type: ignore[union-attr]

    sign_in(manager, "manager")
    manager.goto(milestone)
    manager.get_by_role("button", name="Decide the completion").click()
    expect(main(manager)).to_contain_text("https://council.example/evidence")
    manager.get_by_label("Approve the completion").check()
    manager.get_by_role("button", name="Record the decision").click()
    manager.goto(milestone)
    expect(main(manager).locator(".verdict")).to_contain_text("Complete")
    expect(main(manager).locator(".verdict")).to_contain_text("signed off")
    assert not faults(manager)


def test_a_new_date_is_asked_for_by_a_lead_and_decided_by_the_manager(open_page: Opener) -> None:
    lead, manager = open_page(), open_page()
    sign_in(lead, "lead")
    milestone = open_update(lead)
    lead.goto(f"{milestone}/new-date")
    lead.get_by_label("What new date do you ask for?").fill("Dec 2029")
    lead.get_by_role("radio").first.check()
    lead.get_by_label("Why will the present date be missed?").fill("The provider left")
    lead.get_by_label("What will you do to meet the new date?").fill("A new provider starts in January")
    lead.get_by_role("button", name="Ask for the new date").click()
    lead.goto(milestone)
    expect(main(lead)).to_contain_text("Dec 2029")

    sign_in(manager, "manager")
    manager.goto(milestone)
    manager.get_by_role("button", name="Decide the new date").click()
    expect(main(manager)).to_contain_text("The provider left")
    assert not faults(manager)


def test_a_manager_looks_at_a_plan_on_another_day_and_finds_the_reason_of_a_colour(open_page: Opener) -> None:
    page = open_page()
    sign_in(page, "manager")
    expect(page.get_by_role("heading", level=1)).to_have_text("Plans")
    page.locator(f"main a[href='{SEND}']").click()
    expect(page).to_have_url(re.compile(SEND))
    page.goto(f"{SEND}?as_at=2025-10-15")
    expect(main(page)).to_contain_text("as it was on 15 October 2025")
    page.goto(f"{SEND}/milestones?colour=red")
    page.locator("main a[href^='/milestones/']").first.click()
    receipt = page.get_by_role("table", name="Rules of the colour")
    expect(receipt.get_by_text("this one decided")).to_have_count(1)
    expect(receipt.locator("tr.fired")).to_contain_text("3. The current deadline has passed")


def test_a_manager_downloads_the_board_report_in_word_and_excel(open_page: Opener) -> None:
    page = open_page()
    sign_in(page, "manager")
    page.goto(f"{SEND}/reports")
    for ending, first_bytes in (("docx", b"PK"), ("xlsx", b"PK"), ("csv", b"")):
        link = page.locator(f"main a[href*='{ending}']").first
        with page.expect_download() as started:
            link.click()
        path = started.value.path()
        assert started.value.suggested_filename.endswith(ending)
        assert path.read_bytes().startswith(first_bytes)
        assert path.stat().st_size > 2_000


def test_a_board_member_reads_the_board_view_and_finds_no_controls(open_page: Opener) -> None:
    page = open_page()
    sign_in(page, "board")
    page.goto(f"{SEND}/board")
    expect(page.locator("main form[method=post]")).to_have_count(0)
    expect(main(page)).to_contain_text(re.compile("exception", re.IGNORECASE))
    page.emulate_media(media="print")
    assert page.pdf(format="A4")[:5] == b"%PDF-"


def test_an_auditor_reads_the_history_and_cannot_change_anything(open_page: Opener) -> None:
    page = open_page()
    sign_in(page, "auditor")
    page.goto(f"{SEND}/history")
    expect(page.get_by_role("table").first).to_be_visible()
    page.goto(f"{SEND}/milestones")
    page.locator("main a[href^='/milestones/']").first.click()
    expect(page.locator("main form[method=post]")).to_have_count(0)
    assert page.goto(f"{page.url}/update").status == 403  # type: ignore[union-attr]


def test_an_administrator_sees_people_and_posts(open_page: Opener) -> None:
    page = open_page()
    sign_in(page, "administrator")
    expect(page).to_have_url(re.compile("/people"))
    expect(main(page)).to_contain_text("SEND Senior Manager")


def test_a_page_can_be_walked_through_by_keyboard_alone(open_page: Opener) -> None:
    page = open_page()
    sign_in(page, "lead")
    page.goto("/my-milestones")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href') || ''").endswith("/update"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Update a milestone")
