"""Who each route answers: docs/permissions.csv is what we publish, and what these tests drive.

Words of the table: "yes" (answers), "sign in" (leads to the sign-in page), "no" (403), "hidden" (404, as for what does
not exist), "nothing" (400: the request is about something of one's own, and there is none).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from tests.applications import application
from tests.databases import Databases
from tests.pages import Page
from tests.views import register_requests
from tests.views.boxes import versions
from tests.views.conftest import (  # noqa: F401  fixtures
    _on_the_day,
    app,
    database_url,
    visit,
    watch,
    world,
    world_template,
)
from tests.views.security_log import one_event_where_refused, security_log
from tests.views.valid_requests import address, fields
from tests.views.visitor import Visitor, target
from tests.views.world import PERSONAS, World, contents, keep_the_file

if TYPE_CHECKING:
    from flask import Flask

    from tracker.config import Settings

PERMISSIONS = Path(__file__).resolve().parent.parent / "docs" / "permissions.csv"
AUTOMATIC = {"HEAD", "OPTIONS"}  # made by Flask from the rule, and held by the same door


def table() -> dict[tuple[str, str], dict[str, str]]:
    """Return the published matrix: route and method to persona to answer."""
    with PERMISSIONS.open(newline="", encoding="utf-8") as file:
        return {(row.pop("route"), row.pop("method")): row for row in csv.DictReader(file)}


MATRIX = table()


def routes(app: Flask) -> set[tuple[str, str]]:  # noqa: F811
    """Return every rule with every method that it names."""
    return {(rule.rule, method) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - AUTOMATIC}


def sent(visitor: Visitor, route: str, method: str, engine: Engine) -> Page:
    """Send a valid request to a route and return its answer."""
    path = address(visitor.world, route, method)
    if method == "GET":
        return visitor.get(path)
    values = fields(visitor.world, route, versions(engine))
    if route in register_requests.OPENED_FIRST and not target(opened := visitor.get(path)) and opened.status == 200:
        values["version"] = opened.find("//input[@name='version']/@value")[0]
    return visitor.send(path, values)


def word_for(page: Page) -> str:
    """Return the answer in the words of the table."""
    if page.status == 303 and target(page).startswith("/sign-in?"):
        return "sign in"
    words = {200: "yes", 303: "yes", 400: "nothing", 403: "no", 404: "hidden"}
    return words.get(page.status, str(page.status))


# ------------------------------------------------------------------ tests
def test_every_route_and_method_states_who_it_answers(app: Flask) -> None:  # noqa: F811
    from tracker.views.guards import policy_of

    silent = [
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if policy_of(app, rule.endpoint) is None
    ]
    assert not silent, f"State @needs, @signed_in_only or @public for: {', '.join(silent)}"


def test_the_published_matrix_names_every_route_and_no_other(app: Flask) -> None:  # noqa: F811
    assert set(MATRIX) == routes(app)
    assert all(tuple(row) == PERSONAS for row in MATRIX.values())
    assert {word for row in MATRIX.values() for word in row.values()} <= {"yes", "sign in", "no", "hidden", "nothing"}


@pytest.mark.own_application
def test_a_route_that_states_nothing_answers_nobody(app: Flask, visit: Callable[[str], Visitor]) -> None:  # noqa: F811
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret", methods=["GET", "POST"])
    for persona in ("administrator", "manager", "anonymous"):
        assert visit(persona).get("/forgotten").status == 403
        assert visit(persona).send("/forgotten").status == 403
    assert b"secret" not in visit("administrator").http.get("/forgotten").data


@pytest.mark.parametrize(("route", "method"), sorted(MATRIX), ids=lambda part: str(part))
def test_each_persona_gets_the_published_answer(
    route: str,
    method: str,
    app: Flask,  # noqa: F811
    watch: Engine,  # noqa: F811
    visit: Callable[[str], Visitor],  # noqa: F811
    settings: Settings,
    databases: Databases,
    world_template: tuple[str, World],  # noqa: F811
) -> None:
    expected = MATRIX[route, method]
    before = contents(watch)
    log = security_log(watch)
    writes = [persona for persona in PERSONAS if method == "POST" and expected[persona] == "yes"]
    answers = {}
    for persona in PERSONAS:
        if persona not in writes:
            answers[persona] = word_for(sent(visit(persona), route, method, watch))
            assert contents(watch) == before, f"{persona} changed something"
            log = one_event_where_refused(log, security_log(watch), answers[persona], persona, route, method)
    for persona in writes:
        url = databases.copy(world_template[0])
        answers[persona] = _answer_in_a_copy(settings, url, world_template[1], persona, route, method)
        databases.drop(url)
    assert answers == expected


def _answer_in_a_copy(settings: Settings, url: str, world: World, persona: str, route: str, method: str) -> str:  # noqa: F811
    """Return the answer in a database of this request's own, so that each finds the world as it was."""
    from dataclasses import replace

    from tracker.extensions import db

    keep_the_file(settings.data_dir)
    app = application(replace(settings, database_url=url))  # noqa: F811
    try:
        with app.app_context():
            engine = db.engine
        return word_for(sent(Visitor(app, world, persona), route, method, engine))
    finally:
        engine.dispose()


def test_a_plan_that_one_may_not_see_looks_like_one_that_is_not_there(visit: Callable[[str], Visitor]) -> None:  # noqa: F811
    visitor = visit("other manager")
    for tail in ("", "/milestones", "/board", "/reports", "/report.csv", "/settings", "/history", "/workstreams/1"):
        hidden, missing = visitor.get(f"/plans/alpha{tail}"), visitor.get(f"/plans/nothing{tail}")
        assert (hidden.status, missing.status) == (404, 404)
        assert _bytes(hidden) == _bytes(missing)


def test_a_milestone_of_a_plan_that_one_may_not_see_looks_like_one_that_is_not_there(
    visit: Callable[[str], Visitor],  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    visitor = visit("other manager")
    there, nowhere = world.milestones["3"], 999_999
    tails = ("", "/update", "/claim", "/decide", "/new-date", f"/new-date/{world.change}", "/override", "/evidence/1")
    for tail in tails:
        hidden, missing = visitor.get(f"/milestones/{there}{tail}"), visitor.get(f"/milestones/{nowhere}{tail}")
        assert (hidden.status, missing.status) == (404, 404)
        assert _bytes(hidden) == _bytes(missing)
    for tail in (*tails[1:-1], "/override/end"):
        hidden, missing = visitor.send(f"/milestones/{there}{tail}"), visitor.send(f"/milestones/{nowhere}{tail}")
        assert (hidden.status, missing.status) == (404, 404)
        assert _bytes(hidden) == _bytes(missing)


def _bytes(page: Page) -> str:
    """Return a page without what is new in every answer: the nonce of its script and its form token."""
    return re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"', "", page.text)


def test_a_form_reaches_no_column_that_it_does_not_show(visit: Callable[[str], Visitor], watch: Engine) -> None:  # noqa: F811
    from tracker.models import Milestone, Plan

    visitor = visit("lead")
    key = visitor.world.milestones["5"]
    stolen = {
        column.key: "2025-01-01" if "day" in column.key or column.key in {"due", "claimed", "original_due"} else "1"
        for column in (*Milestone.__table__.columns, *Plan.__table__.columns)
    }
    before = contents(watch)["milestone"]
    page = visitor.send(
        f"/milestones/{key}/update",
        {**stolen, "version": versions(watch)(key), "confidence": "on_track", "progress": "Mine", "started": ""},
    )
    assert page.status in {303, 422}
    if page.status == 422:
        assert contents(watch)["milestone"] == before
        return
    names = [column.key for column in Milestone.__table__.columns]
    was, now = (dict(zip(names, row, strict=True)) for row in (before[key - 1], contents(watch)["milestone"][key - 1]))
    changed = {name for name in names if was[name] != now[name]}
    allowed = {"progress", "impact", "updated_on", "updated_by", "version", "forecast", "forecast_text", "blocked"}
    assert changed <= allowed | {"help_needed", "confidence_reason", "recovery", "confirmed"}
