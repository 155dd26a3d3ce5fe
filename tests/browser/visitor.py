"""What a visitor does in the browser: sign in as a role, walk through pages, have axe read them."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import Page

from tests.pages import house_faults

ROLES = ("lead", "manager", "board", "auditor", "administrator")
LEADS_OUT = ("/static/", "/healthz", "/readyz", "/sign-out", "/demo/")
_axe = Axe()


def sign_in(page: Page, role: str) -> None:
    """Become a role of the demonstration by its button."""
    page.goto("/sign-in")
    page.locator(f"form[action='/demo/{role}'] button").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def faults(page: Page) -> list[str]:
    """Return what axe and the house find wrong with the page as it stands, and whether it is too wide."""
    found = []
    for violation in _axe.run(page).response["violations"]:
        places = "; ".join(str(node["target"][0]) for node in violation["nodes"][:3])
        found.append(f"{violation['id']} ({violation['impact']}): {places}")
    found += house_faults(html.document_fromstring(page.content()))
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found.append(f"The page is {wide} pixels wider than the window")
    return found


def shape(address: str) -> str:
    """Return what kind of page an address is: numbers, slugs, refs, acts, days and values of a query do not matter."""
    parts = urlsplit(address)
    path = re.sub(r"/\d+(?=/|$)", "/N", parts.path)
    path = re.sub(r"^/plans/[^/]+", "/plans/SLUG", path)
    path = re.sub(r"/(priorities|workstreams|actions)/[^/]+", r"/\1/REF", path)
    path = re.sub(r"/[0-9a-f]{16}(?=/|$)", "/ACT", path)
    path = re.sub(r"/risks/add/[a-z]+(?=/|$)", "/risks/add/KIND", path)
    path = re.sub(r"/structure/(add/)?[a-z]+(?=/|$)", r"/structure/\1KIND", path)
    names = sorted({name for name, _ in parse_qsl(parts.query) if name != "page"})
    return path + ("?" + "&".join(names) if names else "")


def links(page: Page) -> list[str]:
    """Return the addresses within the product that the page links to, without downloads."""
    hrefs = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.getAttribute('href'))")
    inside = [urlsplit(href)._replace(fragment="").geturl() for href in hrefs if href.startswith(("/", "?"))]
    here = urlsplit(page.url).path
    whole = [f"{here}{href}" if href.startswith("?") else href for href in inside]
    return [href for href in dict.fromkeys(whole) if not any(part in href for part in LEADS_OUT)]
