"""What pages offer: no link and no button leads where the published matrix says no."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from tests.pages import Page
from tests.test_routes import MATRIX
from tests.views.visitor import Visitor
from tests.views.world import World

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str], Visitor]
INSIDE = ("lead", "other lead", "manager", "other manager", "board", "auditor", "administrator")
ANSWERS = {"yes", "nothing"}


def pages(world: World) -> Iterator[str]:
    """Yield the pages that offer something to do, all about what the matrix is about."""
    yield from ("/", "/plans/alpha", "/plans/alpha/milestones", "/plans/alpha/deadlines", "/plans/alpha/decisions")
    yield from ("/people", f"/people/posts/{world.post}", f"/plans/alpha/workstreams/{world.workstream}")
    yield from (f"/milestones/{key}" for key in world.milestones.values())
    yield from (f"/boards/{world.boards['board']}", "/plans/alpha/packs")
    yield from (f"/meetings/{world.boards[name]}" for name in ("held", "near", "next", "later"))
    yield from (f"/packs/{world.boards[name]}/minutes" for name in ("issued", "draft"))
    yield from (f"/commitments/{key}" for key in (world.commitment, world.finished, world.proposed))


def offered(page: Page) -> Iterator[tuple[str, str]]:
    """Yield what a page offers within its main part and its menu: method and address."""
    for href in page.find("//a/@href"):
        yield "GET", urlsplit(str(href)).path
    for form in page.find("//form"):
        yield (form.get("method") or "get").upper(), urlsplit(form.get("action") or page.response.request.path).path


@pytest.mark.parametrize("persona", INSIDE)
def test_no_page_offers_what_the_matrix_refuses(visit: Visit, app: Flask, world: World, persona: str) -> None:
    visitor = visit(persona)
    routes = app.url_map.bind("localhost")
    wrong = set()
    for path in pages(world):
        page = visitor.get(path)
        if page.status != 200:
            continue
        for method, address in offered(page):
            try:
                rule, _ = routes.match(address, method, return_rule=True)
            except HTTPException:
                continue
            answer = MATRIX[rule.rule, method][persona]
            if answer not in ANSWERS and "beta" not in address:
                wrong.add(f"{path} offers {method} {address}: {answer}")
    assert not wrong


def test_pages_do_offer_what_the_matrix_allows(visit: Visit, world: World) -> None:
    said = {
        "lead": (f"/milestones/{world.milestones['5']}", f"/milestones/{world.milestones['5']}/update"),
        "manager": ("/plans/alpha", "/plans/alpha/settings"),
        "administrator": (f"/accounts/{world.people['board']}", f"/accounts/{world.people['board']}/disable"),
    }
    for persona, (path, wanted) in said.items():
        assert wanted in {address for _, address in offered(visit(persona).visit(path))}
