"""Whatever stands in an address: left aside where it is a filter, a plain page where it leads nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.views.visitor import Visitor
from tests.views.world import World

Visit = Callable[[str], Visitor]

NONSENSE = [
    "as_at=nonsense",
    "as_at=2025-02-31",
    "as_at=0001-01-01",
    "as_at=9999-12-31",
    "as_at=1990-01-01",
    "as_at=2100-12-31",
    "as_at=2025-W30-1",
    "as_at=%00",
    "as_at=" + "9" * 5000,
    "since=nonsense",
    "since=0001-01-01",
    "since=9999-12-31",
    "since=0001-01-01&as_at=1990-01-01",
    "page=-1",
    "page=0",
    "page=99999999999999999999999",
    "page=2147483648",
    "page=2147483647",
    "page=x",
    "page=" + "9" * 5000,
    "lead=99999999999999999999999",
    "lead=-1",
    "lead=x",
    "lead=999",
    "priority=99999999999999999999999",
    "priority=999",
    "colour=puce",
    "colour=red&colour=red&colour=\x00",
    "sort=nonsense",
    "due=nonsense",
    "due=30&sort=updated&colour=grey",
    "due=undated",
    "due=overdue&as_at=2100-12-31",
    "due=90&as_at=2100-12-31",
    "q=%00",
    "q=%25_%5C",
    "q=" + "x" * 5000,
    "q=%ff%fe",
    "kind=nonsense",
    "kind=month",
    "kind=term&as_at=2100-12-31",
    "a" * 3000,
    "&&&===",
]
PAGES = [
    "/",
    "/my-milestones",
    "/people",
    "/import",
    "/plans/alpha",
    "/plans/alpha/milestones",
    "/plans/alpha/timeline",
    "/plans/alpha/deadlines",
    "/plans/alpha/decisions",
    "/plans/alpha/document",
    "/plans/alpha/history",
    "/plans/alpha/board",
    "/plans/alpha/reports",
    "/plans/alpha/report.csv",
    "/plans/alpha/settings",
    "/plans/alpha/workstreams/{workstream}",
    "/milestones/{milestone}",
    "/sign-in",
]


@pytest.mark.parametrize("page", PAGES)
def test_nonsense_in_the_address_is_left_aside(visit: Visit, world: World, page: str) -> None:
    visitor = visit("manager")
    path = page.format(workstream=world.workstream, milestone=world.milestones["5"])
    for query in NONSENSE:
        answer = visitor.get(f"{path}?{query}")
        assert answer.status in {200, 303, 404}, f"{path}?{query[:60]}"
        assert answer.status != 404 or "as_at=" in query, f"{path}?{query[:60]}"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/plans",
        "/plans/",
        "/plans/alpha/nothing",
        "/plans/%00",
        "/plans/alpha%00",
        "/plans/" + "a" * 3000,
        "/plans/%F0%9F%98%80",
        "/plans/%ED%A0%80",
        "/plans/%ff",
        "/plans/alpha'--",
        "/plans/../../etc/passwd",
        "/plans/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/plans/alpha/workstreams/0",
        "/plans/alpha/workstreams/-1",
        "/plans/alpha/workstreams/9999999999999999999999999",
        "/plans/alpha/report.",
        "/plans/alpha/report.%00",
        "/milestones",
        "/milestones/0",
        "/milestones/999999",
        "/milestones/2147483648",
        "/milestones/99999999999999999999999999",
        "/milestones/1/evidence/99999999999999999999",
        "/milestones/1/evidence/1",
        "/milestones/x",
        "/milestones/1/nothing",
        "/import/99999999999999999999",
        "/import/999",
        "/people/posts/99999999999999999999",
        "/static/nothing.css",
        "/static/../config.py",
        "/static/%2e%2e/config.py",
        "/static/..%2fconfig.py",
        "/static/%00",
        "/static/",
        "/favicon.ico",
        "/.git/config",
        "/robots.txt.bak",
    ],
)
def test_an_address_that_leads_nowhere_says_so(visit: Visit, path: str) -> None:
    page = visit("manager").get(path)
    assert page.status == 404
    assert page.heading == "Page not found"


def test_a_method_that_an_address_does_not_take_is_named(visit: Visit) -> None:
    page = visit("manager").get("/my-milestones/confirm")
    assert page.status == 405
    assert "POST" in page.response.headers["Allow"]
