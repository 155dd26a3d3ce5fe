"""Every kind of page that each role can reach by links: axe, the house style, and no sideways scrolling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.visitor import ROLES, faults, links, shape, sign_in

MOST = 170
"""More kinds of pages than there are; a crawl that meets this many has lost its way."""
SEEN_NARROW: set[str] = set()
"""Kinds of pages that one role has walked through on a phone: the others look only at what is new to it."""


def crawl(page: Page, start: str, seen: set[str]) -> dict[str, list[str]]:
    """Walk from a page to one page of every kind that seen does not have yet; return the faults by address."""
    found: dict[str, list[str]] = {}
    waiting = [(start, "the start")]
    while waiting and len(found) < MOST:
        address, source = waiting.pop(0)
        kind = shape(address)
        if kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        assert answer, address
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        found[address] = faults(page)
        if answer.status != 200:
            found[address].append(f"answers {answer.status}, linked from {source}")
        waiting += [(link, address) for link in links(page) if shape(link) not in seen]
    assert len(found) < MOST
    return {address: wrong for address, wrong in found.items() if wrong}


@pytest.mark.parametrize("viewport", ["1280", "375"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_a_role_can_reach_is_accessible(
    open_page: Callable[..., Page], role: str, viewport: str
) -> None:
    page = open_page(viewport)
    sign_in(page, role)
    start = page.evaluate("location.pathname")
    seen = SEEN_NARROW if viewport == "375" else set()
    seen.discard(shape(start))
    assert not crawl(page, start, seen)


@pytest.mark.parametrize("viewport", ["1280", "375"])
def test_the_pages_for_everybody_are_accessible(open_page: Callable[..., Page], viewport: str) -> None:
    page = open_page(viewport)
    wrong = {}
    for address in ("/sign-in", "/accessibility", "/privacy", "/cookies", "/no-such-page"):
        page.goto(address)
        if found := faults(page):
            wrong[address] = found
    assert not wrong


@pytest.mark.parametrize("viewport", ["1280", "375"])
@pytest.mark.parametrize("role", ["lead", "manager"])
def test_every_form_that_is_sent_empty_explains_itself_accessibly(
    open_page: Callable[..., Page], role: str, viewport: str
) -> None:
    page = open_page(viewport)
    sign_in(page, role)
    addresses = _pages_with_forms(page)
    assert addresses
    wrong = {}
    for address in addresses:
        page.goto(address)
        page.eval_on_selector_all("details", "all => all.forEach(part => { part.open = true })")
        form = page.locator("main form[method=post]").first
        if not form.count():  # what a form before this one did has left nothing to do here
            continue
        form.evaluate("form => { form.noValidate = true }")
        form.locator("button:not([type=button]), input[type=submit]").first.click()
        page.wait_for_load_state()
        found = faults(page)
        if page.locator(".govuk-error-summary").count():
            if not page.title().startswith("Error: "):
                found.append("the title does not say that there is an error")
            target = page.locator(".govuk-error-summary__list a").first
            if target.count() and not page.locator(target.get_attribute("href") or "#").count():
                found.append("the first error leads to no field")
        if found:
            wrong[address] = found
    assert not wrong


def _pages_with_forms(page: Page) -> list[str]:
    """Return one page of each kind that has a form which writes."""
    seen: set[str] = set()
    waiting = [page.evaluate("location.pathname")]
    found = []
    while waiting:
        address = waiting.pop(0)
        if shape(address) in seen:
            continue
        seen.add(shape(address))
        answer = page.goto(address)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        if page.locator("main form[method=post]").count():
            found.append(address)
        waiting += [link for link in links(page) if shape(link) not in seen]
    return found
