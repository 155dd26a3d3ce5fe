"""Two editors, two clicks, two tabs: nothing is lost, nothing is done twice, and reading writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from tests.pages import Page
from tests.views.structure_forms import SETTINGS, TREE, structure_forms
from tests.views.visitor import Visitor, target
from tests.views.world import TABLE_OF_IMPORT, World, contents
from tracker.exports.formats import FORMATS

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str], Visitor]


# ------------------------------------------------------------------ two editors
def test_the_second_of_two_editors_sees_both_texts_side_by_side_and_brings_them_together(
    visit: Visit, world: World
) -> None:
    address = f"/milestones/{world.milestones['1']}/update"
    first, second = visit("lead"), visit("manager")
    mine, theirs = first.visit(address), second.visit(address)
    first.submit(mine, {"confidence": "on_track", "progress": "The first text"}, to="/update")
    late = {
        "confidence": "at_risk",
        "progress": "The <second> text\nwith a second line",
        "confidence_reason": "A reason & more",
        "started-day": "1",
        "started-month": "Sept",
        "started-year": "2025",
        "help_needed": "Money",
    }
    page = second.submit(theirs, late, to="/update")
    assert page.status == 409
    assert "SEND Senior Manager changed this milestone while you had it open." in page.words
    rows = {row[0]: row[1:] for row in page.rows("What is there now")}
    assert rows["What has been done"] == ["The first text", "The <second> text with a second line"]
    assert rows["How it is going"] == ["On track", "At risk"]
    assert "The first text" in first.visit(f"/milestones/{world.milestones['1']}").words
    assert page.find("//input[@name='confidence']/@value") == ["at_risk", "on_track"]
    (box,) = page.find("//textarea[@name='progress']")
    together = f"{box.text_content().strip()}\nThe first text too"
    saved = second.submit(page, {"progress": together}, to="/update")
    assert saved.status == 200
    shown = second.visit(f"/milestones/{world.milestones['1']}").words
    assert "The <second> text with a second line The first text too" in shown
    assert "A reason & more" in shown
    assert "1 September 2025" in shown
    assert "The first text" in shown, "the history keeps it"


@pytest.mark.parametrize(
    ("ref", "form", "typed"),
    [
        ("2", "decide", {"decision": "approve"}),
        ("3", "new-date/{change}", {"decision": "approve"}),
        ("1", "new-date", {"proposed": "Dec 2025", "reason_code": "data", "reason": "Late", "recovery": "Faster"}),
        (
            "1",
            "override",
            {"colour": "red", "reason": "So", "until-day": "1", "until-month": "10", "until-year": "2025"},
        ),
        (
            "1",
            "claim",
            {
                "completed-day": "9",
                "completed-month": "9",
                "completed-year": "2025",
                "progress": "Done",
                "evidence_url": "https://testshire.example/a",
            },
        ),
    ],
)
def test_every_form_about_a_milestone_notices_a_change_and_can_be_sent_again(
    visit: Visit, world: World, watch: Engine, ref: str, form: str, typed: dict[str, str]
) -> None:
    manager = visit("manager")
    address = f"/milestones/{world.milestones[ref]}/{form.format(change=world.change)}"
    manager.visit(address)
    before = contents(watch)
    page = manager.send(address, {**typed, "version": "1" if ref != "1" else "99"})
    assert page.status == 409
    assert contents(watch) == before
    done = manager.submit(page, to=address)
    assert done.status == 200
    assert contents(watch) != before


def test_ending_an_override_that_somebody_changed_is_a_conflict(visit: Visit, world: World, watch: Engine) -> None:
    before = contents(watch)
    page = visit("manager").send(f"/milestones/{world.milestones['4']}/override/end", {"version": "1"})
    assert page.status == 409
    assert contents(watch) == before


# ------------------------------------------------------------------ the same form twice
def twice(world: World) -> dict[str, tuple[str, str, dict[str, Any], str]]:
    """Return for each writing form who sends it, where to, what is in it, and where both answers lead."""
    key = {ref: f"/milestones/{number}" for ref, number in world.milestones.items()}
    done = {"completed-day": "9", "completed-month": "9", "completed-year": "2025", "progress": "Done"}
    return {
        "update": ("lead", f"{key['5']}/update", {"confidence": "on_track", "no_change": "y"}, ""),
        "claim": ("lead", f"{key['5']}/claim", {**done, "evidence_url": "https://a.example"}, key["5"]),
        "decide": ("manager", f"{key['2']}/decide", {"decision": "approve"}, key["2"]),
        "new date": (
            "lead",
            f"{key['5']}/new-date",
            {"proposed": "Dec 2025", "reason_code": "data", "reason": "Late", "recovery": "Faster"},
            key["5"],
        ),
        "decide date": ("manager", f"{key['3']}/new-date/{world.change}", {"decision": "approve"}, key["3"]),
        "override": (
            "manager",
            f"{key['1']}/override",
            {"colour": "red", "reason": "So", "until-day": "1", "until-month": "10", "until-year": "2025"},
            key["1"],
        ),
        "end override": ("manager", f"{key['4']}/override/end", {}, key["4"]),
        "confirm": ("lead", "/my-milestones/confirm", {"milestones": [world.milestones["5"]]}, "/my-milestones"),
        "undo": ("lead", f"/my-milestones/undo/{world.confirmation}", {}, "/my-milestones"),
        "read": ("manager", "/import", {"plan_id": "", "pasted": TABLE_OF_IMPORT}, ""),
        "apply": ("manager", f"/import/{world.import_id}/apply", {}, f"/import/{world.import_id}/done"),
        "settings": ("manager", "/plans/alpha/settings", SETTINGS, "/plans/alpha"),
        "evidence": ("lead", f"{key['5']}/evidence", {"evidence_url": "https://a.example"}, key["5"]),
        "withdraw": ("lead", f"{key['2']}/evidence/{world.evidence}/withdraw", {"reason": "Wrong"}, key["2"]),
        "revoke": ("manager", f"{key['8']}/revoke", {"reason": "It was not finished"}, key["8"]),
        "check": ("manager", f"{key['8']}/check", {"answer": "yes", "reason": "A visit"}, key["8"]),
        "queue": ("manager", f"/sign-off/{world.milestones['2']}", {"decision": "approve"}, "/sign-off"),
        "undo a meeting": ("manager", f"/plans/alpha/deadlines/undo/{world.meeting}", {}, "/plans/alpha/deadlines"),
        "end": (
            "manager",
            "/plans/alpha/end",
            {
                "proposed": "Sep 2028",
                "reason_code": "scope",
                "reason": "An inspection",
                "minute": "5.2",
                "meeting_on-day": "9",
                "meeting_on-month": "9",
                "meeting_on-year": "2025",
                "seen": "",
            },
            "/plans/alpha/deadlines",
        ),
        **structure_forms(world),
        "disable": (
            "administrator",
            f"/accounts/{world.people['board']}/disable",
            {},
            f"/accounts/{world.people['board']}",
        ),
        "enable": (
            "administrator",
            f"/accounts/{world.people['disabled']}/enable",
            {},
            f"/accounts/{world.people['disabled']}",
        ),
    }


FORMS = sorted(twice(World(milestones=dict.fromkeys("123456789", 0), people={"board": 0, "disabled": 0})))


def prepared(visit: Visit, world: World, name: str) -> tuple[str, str, dict[str, Any], str]:
    """Return a form as the person has it open, with its token and the version it was opened at."""
    persona, address, fields, leads_to = twice(world)[name]
    visitor = visit(persona)
    pages = {"end override": address.removesuffix("/override/end"), "settings": address, "queue": "/sign-off"}
    of_one = address.startswith(("/milestones/", f"{TREE}/milestone", f"{TREE}/workstream"))
    if of_one or name in {"settings", "queue", "terms"}:
        opened = visitor.visit(pages.get(name, address))
        fields = {**fields, "version": opened.find("//main//input[@name='version']/@value")[0]}
    return persona, address, {**fields, "form_token": f"one form, {name}"}, leads_to


@pytest.mark.parametrize("name", FORMS)
def test_a_form_sent_twice_counts_once_and_both_answers_lead_to_the_page(
    visit: Visit, world: World, watch: Engine, name: str
) -> None:
    persona, address, fields, leads_to = prepared(visit, world, name)
    visitor = visit(persona)
    first = visitor.send(address, fields)
    after = contents(watch)
    second = visitor.send(address, fields)
    assert (first.status, second.status) == (303, 303)
    assert contents(watch) == after
    if leads_to:
        assert (target(first), target(second)) == (leads_to, leads_to)
    visitor.visit(target(second))


@pytest.mark.parametrize("name", FORMS)
def test_a_form_sent_twice_at_once_counts_once(visit: Visit, world: World, watch: Engine, name: str) -> None:
    persona, address, fields, _ = prepared(visit, world, name)
    visitors = [visit(persona), visit(persona)]
    before = contents(watch)
    start = Barrier(2)

    def send(visitor: Visitor) -> Page:
        start.wait()
        return visitor.send(address, fields)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, visitors))
    assert [page.status for page in answers] == [303, 303]
    tokens = [row for row in contents(watch)["form_token"] if "one form" in row[0]]
    assert len(tokens) == 1
    acts = {row[ACT] for row in contents(watch)["ledger_entry"]} - {row[ACT] for row in before["ledger_entry"]}
    assert len(acts) == (0 if name in {"read", "disable", "enable"} else 1)
    added = {table: len(rows) - len(before[table]) for table, rows in contents(watch).items()}
    assert added["deadline_change"] == (name == "new date")
    assert added["evidence"] == (name in {"claim", "evidence"})
    assert added["import_batch"] == (name == "read")


ACT = 3  # the column of a ledger entry that names the act


# ------------------------------------------------------------------ tokens
def test_a_form_without_its_token_is_refused_and_changes_nothing(visit: Visit, world: World, watch: Engine) -> None:
    before = contents(watch)
    for name in FORMS:
        persona, address, fields, _ = twice(world)[name]
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "nonsense"}, {"csrf_token": "\x00" * 40}):
            page = visit(persona).post(address, {**fields, **token, "form_token": "fresh"})
            assert page.status == 400
            assert "This form has expired. Open the page again." in page.words
    assert contents(watch) == before


def test_a_token_of_somebody_elses_session_is_refused(visit: Visit, world: World, watch: Engine) -> None:
    before = contents(watch)
    lead = visit("lead")
    token = lead.visit("/my-milestones").find("//input[@name='csrf_token']/@value")[0]
    manager = visit("manager")
    with manager.http.session_transaction() as kept:
        kept["csrf_token"] = "d" * 40
    page = manager.post("/plans/alpha/settings", {"csrf_token": token, "title": "Taken over", "form_token": "t"})
    assert page.status == 400
    assert contents(watch) == before


def test_a_form_token_that_is_none_is_refused(visit: Visit, world: World, watch: Engine) -> None:
    before = contents(watch)
    address = f"/milestones/{world.milestones['5']}/update"
    version = visit("lead").visit(address).find("//main//input[@name='version']/@value")[0]
    for token in ("", "x" * 121, "\x00", "x" * 100_000):
        fields = {"confidence": "on_track", "no_change": "y", "version": version, "form_token": token}
        assert visit("lead").send(address, fields).status in {400, 422}
    assert contents(watch) == before


# ------------------------------------------------------------------ reading writes nothing
def by_office(address: str) -> bool:
    """Tell whether LibreOffice makes what is there: that takes seconds, and tests/exports/test_office.py tries it."""
    made = tuple(f".{name}" for name, format in FORMATS.items() if format.source)
    return address.partition("?")[0].endswith(made)


def crawl(visitor: Visitor, start: str) -> set[str]:
    """Open every page that links lead to; returns the addresses that answered."""
    seen: set[str] = set()
    left = [start]
    shapes: dict[str, int] = {}
    while left:
        address = left.pop()
        shape = re.sub(r"\d+", "N", address)
        shapes[shape] = shapes.get(shape, 0) + 1
        if address in seen or shapes[shape] > 2:
            continue
        seen.add(address)
        page = visitor.get(address)
        assert page.status in {200, 303}, f"{address} answered {page.status}"
        if page.document is not None:
            links = [str(link).split("#")[0] for link in page.find("//a/@href")]
            left += [link for link in links if link.startswith("/") and link not in seen and not by_office(link)]
    return seen


@pytest.mark.parametrize(
    "persona", ["manager", "lead", "other lead", "board", "auditor", "administrator", "other manager", "anonymous"]
)
def test_no_page_that_one_can_come_to_writes_anything_and_all_keep_the_manners(
    visit: Visit, watch: Engine, persona: str
) -> None:
    before = contents(watch)
    visitor = visit(persona)
    seen = crawl(visitor, "/" if persona != "anonymous" else "/sign-in")
    if persona != "anonymous":
        assert len(seen) > 15
    assert contents(watch) == before


def test_every_page_of_every_route_keeps_the_manners_for_a_manager(visit: Visit, app: Flask, world: World) -> None:
    from tests.test_routes import MATRIX
    from tests.views.valid_requests import address

    visitor = visit("manager")
    for (route, method), answers in MATRIX.items():
        if method == "GET" and answers["manager"] == "yes":
            path = address(world, route, method)
            for more in ("", "?as_at=2025-07-31", "?as_at=2026-02-01&since=2025-08-01"):
                wanted = (
                    {422} if route.endswith("/what-if") and "2025-07" in more else {200, 303}
                )  # it looks ahead only
                asked = f"{path}{more.replace('?', '&') if '?' in path else more}"
                assert visitor.get(asked).status in wanted, asked


def test_a_change_that_cannot_be_stored_at_the_end_says_so_and_is_not_called_done(
    visit: Visit, app: Flask, watch: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.orm import Session

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    visitor = visit("manager")
    opened = visitor.visit("/plans/alpha/settings")
    before = contents(watch)

    def broken(self: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", broken)
        page = visitor.submit(opened, {"title": "Never stored", "reason": "Never"}, to="/settings", follow=False)
    assert page.status == 503
    assert page.response.headers["Retry-After"]
    assert "disk I/O" not in page.text
    assert contents(watch) == before
    assert "The settings are saved." not in visitor.visit("/plans/alpha").words
