"""One cycle of a board in the browser: preflight, chase, freeze, issue, decisions at the meeting, the next pack."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_governance_paths import day, main
from tests.browser.visitor import faults, sign_in

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


def decide(manager: Page, choice: str, minute: str) -> str:
    """Decide the first new date that waits, as the board did at its meeting; returns the ref of its milestone."""
    manager.goto("/plans/wf-send-2025/deadlines")
    manager.locator("main a[href*='/new-date/']").first.click()
    ref = str(manager.locator("main .govuk-body b").first.inner_text())
    manager.get_by_label(f"{choice} the new date").check()
    if choice == "Refuse":
        manager.get_by_label("Why is it refused?").fill("The board wants a firmer plan first")
    manager.get_by_label("Minute of the board's decision").fill(minute)
    day(manager, "When did the board meet?")
    manager.get_by_role("button", name="Record the decision").click()
    expect(manager.get_by_text("There is a problem")).to_have_count(0)
    return ref


def test_a_board_is_taken_from_preflight_to_the_pack_after_its_decisions(open_page: Opener) -> None:
    manager, member = open_page(), open_page()
    sign_in(manager, "manager")
    sign_in(member, "board")
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

    agreed = decide(manager, "Approve", "5.1")
    decide(manager, "Refuse", "5.2")
    following = begin(manager)
    with manager.expect_download() as found:
        manager.get_by_role("button", name="Download Web page").click()
    words = found.value.path().read_text(encoding="utf-8")
    assert "Since you last met" in words
    assert agreed in words.partition("Since you last met")[2]
    manager.goto(f"{following}/preflight")
    expect(main(manager)).to_contain_text("word for word")
