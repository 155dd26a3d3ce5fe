"""The as-at control stands on every page that shows the data of a plan, and every shortcut of it leads somewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.test_routes import MATRIX, routes
from tests.views.valid_requests import address
from tests.views.visitor import Visitor
from tests.views.world import World

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str], Visitor]
PAST, AHEAD = "2025-09-05", "2026-03-01"
# Pages with colours that are about now, each with its reason.
NOW_ONLY = {
    "/plans/<slug>/what-if": "looks ahead only: a past day is refused in a sentence, see test_what_if",
    "/schemes": "the words of rating schemes, no data of a plan",
    "/schemes/<int:scheme_id>": "the words of a rating scheme",
    "/plans/<slug>/scheme": "an act, with what it would do",
    "/meetings/<int:meeting_id>": "what the issued pack says as at its own day",
    "/u/<token>": "what waits for one person now, to be answered",
    "/people": "who answers now; who answered then stands on the pages of the plan as at that day",
    "/people/mine": "what one answers for now",
    "/people/posts/<int:post_id>": "a post with its whole history and what it leads now",
}


def pages_with_colours(app: Flask, visit: Visit, world: World) -> dict[str, str]:
    """Return the address of every page that shows a colour and is not a form that does something."""
    rules = {rule for rule, method in routes(app) if method == "POST"}
    found = {}
    visitor = visit("manager")
    for rule, method in sorted(routes(app)):
        if method != "GET" or rule in rules or MATRIX.get((rule, "GET"), {}).get("manager") != "yes":
            continue
        path = address(world, rule, "GET")
        page = visitor.get(path)
        if page.status == 200 and page.document is not None and page.find("//main//*[contains(@class, 'chip--')]"):
            found[rule] = path
    return found


def test_every_page_with_colours_has_the_control_and_answers_for_a_past_and_a_coming_day(
    app: Flask, visit: Visit, world: World
) -> None:
    pages = pages_with_colours(app, visit, world)
    assert {
        "/", "/my-milestones", "/plans/<slug>", "/plans/<slug>/board", "/plans/<slug>/milestones",
        "/plans/<slug>/timeline",
        "/plans/<slug>/decisions", "/plans/<slug>/document",
        "/plans/<slug>/workstreams/<int:workstream_id>", "/milestones/<int:milestone_id>",
        "/commitments/<int:commitment_id>", "/plans/<slug>/receipt", "/plans/<slug>/priorities/<priority>/receipt",
        "/plans/<slug>/changes/<int:days>", "/changes/<int:days>", "/plans/<slug>/what-if",
    } <= {*pages, "/my-milestones"}  # fmt: skip
    visitor = visit("manager")
    for rule, path in pages.items():
        if rule in NOW_ONLY:
            continue
        assert visitor.get(path).find("//form//input[@name='as_at' and @type='date']"), f"{rule} has no control"
        for day, words in ((PAST, "as it was on"), (AHEAD, "as it will be if nothing more is recorded")):
            page = visitor.get(f"{path}?as_at={day}")
            assert page.status == 200, f"{rule} on {day}"
            banner = page.find("//*[contains(@class, 'as-at-past')]")
            assert banner, f"{rule} on {day} has no banner"
            assert words in " ".join(" ".join(part.text_content() for part in banner).split()), rule


@pytest.mark.parametrize(
    "path", ["/plans/alpha/deadlines", "/plans/alpha/history", "/plans/alpha/reports", "/my-milestones"]
)
def test_pages_of_a_plan_without_colours_have_the_control_too(visit: Visit, path: str) -> None:
    visitor = visit("manager" if "plans" in path else "lead")
    for day in (PAST, AHEAD):
        page = visitor.get(f"{path}?as_at={day}")
        assert page.status == 200
        assert page.find("//*[contains(@class, 'as-at-past')]")
        assert page.find("//form//input[@name='as_at' and @type='date']")


@pytest.mark.parametrize("format", ["docx", "xlsx", "csv"])
def test_papers_are_made_for_a_past_and_a_coming_day(visit: Visit, format: str) -> None:
    for day in (PAST, AHEAD):
        assert visit("manager").get(f"/plans/alpha/report.{format}?as_at={day}").status == 200


def test_every_shortcut_leads_to_a_page(app: Flask, visit: Visit, world: World) -> None:
    visitor = visit("manager")
    followed = 0
    for rule, path in pages_with_colours(app, visit, world).items():
        if rule in NOW_ONLY:
            continue
        for href in visitor.get(path).find("//ul[@class='as-at__links']//a/@href"):
            assert visitor.get(href).status == 200, f"{rule}: {href}"
            followed += 1
    assert followed > 20
