"""One file through all five steps of an import: columns named by hand, questions answered, applied, certified."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.visitor import faults, sign_in

Opener = Callable[..., Page]
READ = re.compile(r"/import/\d+$")
FILE = """Our travel plan,,,
Undertaking,Champion,Whenabouts,How it stands
The travel policy is published,Transport,Dec 2026,Bedding in
The routes are reviewed,Transport,November,Bedding in
The board has a report,Estates,Quarterly,
"""


def step(page: Page, heading: str, *, scripts: bool) -> None:
    """Be at a step, and have axe and the house read it in both widths."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    if scripts:
        for viewport in (NARROW, WIDE):
            page.set_viewport_size(viewport)
            assert not faults(page), heading


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_goes_through_all_five_steps(open_page: Opener, tmp_path: Path, scripts: bool) -> None:
    page = open_page(scripts=scripts)
    sign_in(page, "manager")
    page.goto("/import")
    step(page, "Import a plan", scripts=scripts)
    (tmp_path / "travel.csv").write_text(FILE)
    page.get_by_label("Choose a file").set_input_files(tmp_path / "travel.csv")
    page.get_by_role("button", name="Read it").click()
    page.wait_for_url(READ, timeout=60_000)  # by itself, if it took longer than a moment
    step(page, "Check what was understood", scripts=scripts)
    page.get_by_role("link", name="say which row holds the headings").click()
    page.get_by_label("Row with the headings of").fill("2")
    page.get_by_role("button", name="Read it again with this").click()
    page.wait_for_url(READ, timeout=60_000)
    page.goto(f"{page.url}/columns")
    step(page, "Say what the columns hold", scripts=scripts)
    for heading, meaning in (("Undertaking", "Milestone"), ("Champion", "Lead"), ("Whenabouts", "Deadline")):
        page.get_by_label(f"What {heading} holds").select_option(label=meaning)
    page.get_by_label("What How it stands holds").select_option(label="Status or rating")
    page.get_by_role("button", name="Read it again with this").click()
    page.wait_for_url(READ, timeout=60_000)
    step(page, "Check what was understood", scripts=scripts)
    page.get_by_role("link", name="Answer the questions").click()
    step(page, "Dates to decide", scripts=scripts)
    page.get_by_label("Nov 2026", exact=True).check()
    page.get_by_role("button", name="Save and go on").click()
    step(page, "What recurs", scripts=scripts)
    page.get_by_label("It recurs by this rule").check()
    for box, typed in (("Day", "1"), ("Month", "October"), ("Year", "2026")):
        page.get_by_label(box, exact=True).fill(typed)
    page.get_by_role("button", name="Save and go on").click()
    step(page, "Status words that are not known", scripts=scripts)
    page.get_by_label("None of these: keep only the words").check()
    page.get_by_role("button", name="Save and see what would change").click()
    page.wait_for_url("**/changes", timeout=60_000)
    step(page, "What would change", scripts=scripts)
    page.get_by_role("button", name="Apply this import").click()
    page.wait_for_url("**/done", timeout=60_000)
    step(page, "The plan is imported", scripts=scripts)
    expect(page.locator("main")).to_contain_text("0 need a decision")
    with page.expect_download() as download:
        page.get_by_role("link", name="Word", exact=True).click()
    assert download.value.suggested_filename == "certificate-travel.docx"
