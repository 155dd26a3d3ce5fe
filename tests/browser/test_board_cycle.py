"""One cycle of a board in the browser: update, preflight, chase, freeze, issue, minutes of the meeting, next pack."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_governance_paths import a_milestone, day, main
from tests.browser.visitor import faults, sign_in
from tracker.rules.meeting_dates import DATE_WORDS

Opener = Callable[..., Page]
PACKS = "/plans/wf-send-2025/packs"


def begin(manager: Page) -> str:
    """Begin the pack for the next meeting that has none, as at today; returns its address."""
    manager.goto(PACKS)
    manager.get_by_role("button", name="Begin the pack").first.click()
    expect(main(manager)).to_contain_text("The draft is ready.")
    address = manager.url
    manager.get_by_role("link", name="What it says of itself").click()
    day(manager, "Data as at")
    manager.get_by_role("button", name="Save the draft").click()
    expect(main(manager)).to_contain_text("The draft is saved.")
    return address


def meet_today(manager: Page) -> None:
    """Plan a meeting of the board for today, with its window open until today."""
    manager.goto("/boards")
    manager.locator("main").get_by_role("link", name="SEND Partnership Board").first.click()
    manager.get_by_role("button", name="Add a meeting").click()
    day(manager, "Day of the meeting")
    for name in ("closes", "cut_off", "papers"):
        day(manager, DATE_WORDS[name])
    manager.get_by_role("button", name="Save the meeting").click()
    expect(manager.get_by_text("There is a problem")).to_have_count(0)


def update(lead: Page) -> str:
    """Say that one of the lead's milestones is at risk, while the window is open; returns what was said of it."""
    lead.goto(f"{a_milestone(lead)}/update")
    said = "The supplier has given notice"
    lead.get_by_label("At risk").check()
    lead.get_by_label("Why?").fill(said)
    lead.get_by_label("What has been done?").fill("A second supplier was asked")
    lead.get_by_role("button", name="Save the update").click()
    expect(lead.get_by_text("There is a problem")).to_have_count(0)
    return said


def minute(manager: Page, pack: str, outcome: str, number: str, note: str = "") -> str:
    """Minute what the board said to the first thing that still waits; returns the ref of its milestone."""
    manager.goto(f"{pack}/minutes")
    manager.get_by_role("button", name="Minute a decision").click()
    first = manager.get_by_role("group", name="Which decisions?").get_by_role("checkbox").first
    asked = str(manager.locator(f"label[for='{first.get_attribute('id')}']").inner_text())
    first.check()
    manager.get_by_label(outcome).check()
    manager.get_by_label("Minute", exact=True).fill(number)
    manager.get_by_label("What was said").fill(note)
    manager.get_by_role("button", name="Minute the decision").click()
    expect(main(manager)).to_contain_text(f"{outcome}, minute {number}.")
    return asked.split()[0].rstrip(":,")


def test_a_board_is_taken_from_preflight_to_the_pack_after_its_decisions(open_page: Opener) -> None:
    manager, member, lead = open_page(), open_page(), open_page()
    for page, role in ((manager, "manager"), (member, "board"), (lead, "lead")):
        sign_in(page, role)
    meet_today(manager)
    said = update(lead)
    pack = begin(manager)

    manager.goto(f"{pack}/preflight")
    assert not faults(manager)
    manager.get_by_role("button", name="Chase").first.click()
    expect(main(manager)).to_contain_text("A message is on its way to")
    expect(main(manager)).to_contain_text("Chased on")
    manager.get_by_role("link", name="Waive").first.click()
    manager.get_by_label("Why may it stand?").fill("It is on the agenda of this meeting")
    manager.get_by_role("button", name="Waive the line").click()
    expect(main(manager)).to_contain_text("It is on the agenda of this meeting")
    manager.get_by_role("button", name="Go on to freezing").click()
    manager.get_by_role("button", name="Freeze the pack").click()
    expect(main(manager)).to_contain_text("The pack is frozen")
    member.goto(PACKS)
    expect(main(member)).not_to_contain_text("Pack 3")
    manager.get_by_role("button", name="Issue it").click()
    manager.get_by_role("button", name="Issue it for good").click()
    expect(main(manager)).to_contain_text("Pack 3 is issued.")
    assert not faults(manager)

    member.goto(PACKS)
    member.get_by_role("link", name="Pack 3", exact=True).click()
    member.get_by_role("link", name="Verify").click()
    expect(main(member)).to_contain_text("Proved.")
    with member.expect_download() as found:
        member.get_by_role("button", name="Download Web page").click()
    assert found.value.suggested_filename.startswith("wf-send-2025-pack-3-")

    minute(manager, pack, "Deferred to a later meeting", "5.2", "The board wants a firmer plan first")
    agreed = minute(manager, pack, "Agreed", "5.1")
    assert not faults(manager)
    following = begin(manager)
    with manager.expect_download() as found:
        manager.get_by_role("button", name="Download Web page").click()
    words = found.value.path().read_text(encoding="utf-8")
    assert "Since you last met" in words
    assert agreed in words.partition("Since you last met")[2]
    assert said in words
    manager.goto(f"{following}/preflight")
    expect(main(manager)).to_contain_text("Each line is put right, or its lead is asked, or it is waived")
    assert not faults(manager)

    manager.goto(f"{pack}/minutes")
    manager.get_by_role("button", name="Minute another decision").click()
    manager.get_by_label("What did the board decide?").fill("The board thanks the Parent Carer Forum")
    manager.get_by_label("Minute", exact=True).fill("6.1")
    manager.get_by_role("button", name="Minute the decision").click()
    expect(main(manager)).to_contain_text("Minute 6.1 The board thanks the Parent Carer Forum")
    manager.get_by_role("link", name=re.compile(r"Take it back.*minute 5\.1")).click()
    assert not faults(manager)
    manager.get_by_label("Why is it taken back?").fill("It was the minute of another board")
    manager.get_by_role("button", name="Take it back").click()
    expect(main(manager)).to_contain_text("The minute is taken back.")
    expect(main(manager)).to_contain_text("taken back on")
    assert not faults(manager)
