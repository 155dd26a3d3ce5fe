"""Whole paths through the browser: one milestone from its start to a second approval, one deadline to its cap."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import faults, sign_in

Opener = Callable[..., Page]


def main(page: Page) -> Locator:
    """Return the main part of the page."""
    return page.locator("main")


def verdict(page: Page, milestone: str) -> Locator:
    """Open a milestone and return the colour it has, with its sentence and marks."""
    page.goto(milestone)
    return main(page).locator(".verdict")


def a_milestone(lead: Page) -> str:
    """Return the address of one of the lead's milestones that takes an update, that nothing is asked of or holds up."""
    lead.goto("/my-milestones")
    links = lead.locator("main a[href$='/update']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for link in reversed(list(dict.fromkeys(links))):
        milestone = str(link).removesuffix("/update")
        words = verdict(lead, milestone).inner_text()
        held_up = main(lead).locator("tr.fired").inner_text().startswith("4c")
        if not held_up and not any(word in words for word in ("proposed", "awaiting", "Complete")):
            return milestone
    raise AssertionError("None of the lead's milestones is untouched.")


def day(page: Page, group: str) -> None:
    """Fill a date with the day that it is."""
    today = page.evaluate("new Date().toISOString().slice(0, 10)").split("-")
    for label, part in zip(("Day", "Month", "Year"), reversed(today), strict=True):
        page.get_by_role("group", name=group).get_by_label(label).fill(part)


def claim(lead: Page, milestone: str, evidence: str) -> None:
    """Claim a completion with a link as evidence."""
    lead.goto(f"{milestone}/claim")
    lead.get_by_label("What was delivered?").fill("The pathway is published and in use")
    day(lead, "When was the work complete?")
    lead.get_by_label("Link to the evidence").fill(evidence)
    lead.get_by_role("button", name="Claim completion").click()
    expect(lead.get_by_text("There is a problem")).to_have_count(0)


def decide(manager: Page, milestone: str, choice: str, reason: str = "") -> None:
    """Approve or return a completion from the milestone's own page."""
    manager.goto(f"{milestone}/decide")
    manager.get_by_label(choice).check()
    if reason:
        manager.get_by_label("What has to be put right?").fill(reason)
    manager.get_by_role("button", name="Record the decision").click()
    expect(manager.get_by_text("There is a problem")).to_have_count(0)


def test_a_milestone_goes_from_its_start_through_return_approval_and_lapse_to_a_second_approval(
    open_page: Opener,
) -> None:
    lead, manager = open_page(), open_page()
    sign_in(lead, "lead")
    sign_in(manager, "manager")
    milestone = a_milestone(lead)

    lead.goto(f"{milestone}/update")
    lead.get_by_label("On track").check()
    lead.get_by_label("What has been done?").fill("The working group has met")
    lead.get_by_role("button", name="Save the update").click()
    lead.goto(milestone)
    expect(main(lead)).to_contain_text("The working group has met")

    claim(lead, milestone, "https://council.example/first")
    expect(verdict(lead, milestone)).to_contain_text("awaiting sign-off")
    assert lead.goto(f"{milestone}/decide").status == 403  # type: ignore[union-attr]

    decide(manager, milestone, "Return it to the lead", "The equality assessment is missing")
    expect(main(lead)).not_to_contain_text("The equality assessment is missing")
    expect(verdict(lead, milestone)).not_to_contain_text("awaiting sign-off")
    expect(main(lead)).to_contain_text("The equality assessment is missing")

    claim(lead, milestone, "https://council.example/second")
    manager.goto("/sign-off")
    waiting = main(manager).get_by_role("listitem").filter(has=manager.locator(f"a[href='{milestone}']"))
    waiting.get_by_role("button", name="Approve").click()
    expect(verdict(manager, milestone)).to_contain_text("Complete")

    lead.goto(f"{milestone}/evidence")
    lead.get_by_label("Link to the evidence").fill("https://council.example/third")
    lead.get_by_role("button", name="Add the evidence").click()
    expect(verdict(lead, milestone)).to_contain_text("awaiting sign-off")
    expect(main(lead)).to_contain_text("https://council.example/third")
    manager.goto(f"{milestone}/decide")
    expect(main(manager)).to_contain_text("because what was signed has changed")
    assert not faults(manager)

    decide(manager, milestone, "Approve the completion")
    expect(verdict(manager, milestone)).to_contain_text("Complete")
    expect(main(manager)).to_contain_text("The equality assessment is missing")
    assert not faults(manager)


def ask(lead: Page, milestone: str, new: str) -> None:
    """Ask for a new date."""
    lead.goto(f"{milestone}/new-date")
    lead.get_by_label("What new date do you ask for?").fill(new)
    lead.get_by_role("radio").first.check()
    lead.get_by_label("Why will the present date be missed?").fill("The provider left")
    lead.get_by_label("What will you do to meet the new date?").fill("A new provider starts in January")
    lead.get_by_role("button", name="Ask for the new date").click()
    expect(lead.get_by_text("There is a problem")).to_have_count(0)


def test_a_deadline_goes_from_a_request_through_the_boards_decision_to_the_cap(open_page: Opener) -> None:
    lead, manager = open_page(), open_page()
    sign_in(lead, "lead")
    sign_in(manager, "manager")
    milestone = a_milestone(lead)
    before = re.search(r"moved x(\d+)", verdict(lead, milestone).inner_text())
    moved = int(before.group(1)) if before else 0

    for number, new in ((1, "Jun 2030"), (2, "Dec 2030")):
        moved += 1
        ask(lead, milestone, new)
        manager.goto(milestone)
        manager.get_by_role("button", name="Decide the new date").click()
        manager.get_by_label("Approve the new date").check()
        manager.get_by_role("button", name="Record the decision").click()
        expect(main(manager)).to_contain_text("Enter the board's minute")
        manager.get_by_label("Minute of the board's decision").fill(f"5.{number} of the partnership board")
        day(manager, "When did the board meet?")
        manager.get_by_role("button", name="Record the decision").click()
        expect(manager.get_by_text("There is a problem")).to_have_count(0)
        colour = verdict(manager, milestone)
        expect(colour).to_contain_text("Likely to miss")
        expect(colour).to_contain_text(f"moved x{moved}")
        # 4f after one move too, where the original date is three months past on the day of the test.
        rule = "4f" if moved >= 2 else re.compile("4[fg]")
        expect(main(manager).locator("tr.fired")).to_contain_text(rule)

        lead.goto(f"{milestone}/update")
        lead.get_by_label("On track").check()
        lead.get_by_label("What has been done?").fill(f"The plan for {new} is agreed with the provider")
        lead.get_by_role("button", name="Save the update").click()
        expect(lead.get_by_text("There is a problem")).to_have_count(0)

    expect(verdict(lead, milestone)).to_contain_text("Likely to miss")
    expect(main(lead).locator("tr.fired")).to_contain_text("4f")
    lead.goto("/plans/wf-send-2025/deadlines")
    expect(main(lead)).to_contain_text("5.2 of the partnership board")
    assert not faults(lead)


def test_filters_above_a_list_open_with_the_mouse_on_a_wide_screen_too(open_page: Opener) -> None:
    manager = open_page()
    sign_in(manager, "manager")
    for page, box in (("deadlines", "State"), ("changes/60", "Lead")):
        manager.goto(f"/plans/wf-send-2025/{page}")
        manager.get_by_text("Filters", exact=True).click()
        expect(manager.get_by_label(box, exact=True)).to_be_visible()
