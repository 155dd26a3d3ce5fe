"""Requests that no page of ours would send: without a token, with another's, by another method, from another site.

And with fields that the page does not have: every column name of every model.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine, inspect

from tests.databases import Databases
from tests.test_routes import MATRIX
from tests.views.sending import PUBLIC, WRITING, another, sent_to_its_end, valid
from tests.views.visitor import Visitor
from tests.views.world import World, contents
from tracker.models import Base

if TYPE_CHECKING:
    from flask import Flask

    from tracker.config import Settings

Visit = Callable[[str], Visitor]


# ------------------------------------------------------------------ tokens, methods, origins
@pytest.mark.parametrize("route", WRITING)
def test_a_form_that_is_not_ours_is_refused_and_changes_nothing(
    route: str, app: Flask, watch: Engine, world: World, visit: Visit
) -> None:
    form = valid(app, world, route, watch)
    before = contents(watch)
    ours, theirs = visit(form.persona), visit("second manager")
    with theirs.http.session_transaction() as kept:
        kept["csrf_token"] = "d" * 40
    stolen = theirs.visit("/people").find("//input[@name='csrf_token']/@value")
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "nonsense"}, {"csrf_token": stolen[0]}):
        assert ours.post(form.path, {**form.values, "form_token": "fresh", **token}).status == 400, token
    for origin in ("https://evil.example", "null", "https://localhost.evil.example", "nonsense", "https://[", ""):
        sent_from = {"Origin": origin}
        assert ours.send(form.path, form.values, headers=sent_from).status == 403, origin
    assert ours.send(form.path, form.values, headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"):
        answer = ours.http.open(form.path, method=method, data=form.values if method[0] in "PD" else None)
        answer.get_data()
        answer.close()
        assert answer.status_code < 500, method
    assert contents(watch) == before


@pytest.mark.parametrize("route", sorted(PUBLIC))
def test_signing_in_and_out_from_another_site_is_refused(route: str, visit: Visit, world: World) -> None:
    page = visit("manager").send(route.replace("<role>", "manager"), headers={"Origin": "https://evil.example"})
    assert page.status == 403


def test_a_form_that_comes_from_here_is_taken(app: Flask, world: World, watch: Engine) -> None:
    form = valid(app, world, "/my-milestones/confirm", watch)
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert Visitor(app, world, form.persona).send(form.path, form.values, headers=headers).status == 303


# ------------------------------------------------------------------ fields that are not on the page
STOLEN: dict[type, str] = {int: "77777", bool: "1", date: "2031-07-07", datetime: "2031-07-07T07:07:07", str: "stolen"}
MARKS = re.compile(r"(?<!\w)77777(?!\w)|2031, 7, 7|2031-07-07|stolen")
NOT_SHOWN = {"/commitments/<int:commitment_id>/rule": {"reason"}}
"""Boxes that a form has and shows only in another state of what it is about."""


def columns() -> dict[str, str]:
    """Return every column name of every model, with something to put there: a number where one of them is a number."""
    found: dict[str, str] = {}
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        for column in mapper.columns:
            try:
                kind = column.type.python_type
            except NotImplementedError:
                kind = str
            if found.get(column.key) != STOLEN[int]:
                found[column.key] = STOLEN.get(kind, "stolen")
    return found


def boxes(visitor: Visitor, path: str) -> set[str]:
    """Return the names of what the page of a form has boxes for, also where the form stands on another page."""
    names: set[str] = set()
    parts = path.split("/")
    for shown in dict.fromkeys([path, *("/".join(parts[:number]) or "/" for number in range(len(parts) - 1, 0, -1))]):
        page = visitor.get(shown)
        if page.status == 200 and page.document is not None:
            for form in page.find("//form[@method='post']"):
                if urlsplit(form.get("action") or shown).path == path:
                    names |= {str(name) for name in form.xpath(".//@name")}
        if names:
            break
    return names


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return which columns of which rows differ; of a new row, that it is there."""
    found = set()
    for name, table in Base.metadata.tables.items():
        if name not in before:
            continue
        keys = [column.key for column in table.columns]
        old = {row[0]: row for row in before[name]}
        for number, row in enumerate(after[name]):
            if row[0] not in old:
                found.add(f"{name}: a new row" if name != "form_token" else f"{name} {number}")
            else:
                found |= {f"{name}.{key}" for key, a, b in zip(keys, old[row[0]], row, strict=True) if a != b}
    return {what for what in found if not what.startswith("form_token")}


@pytest.mark.parametrize("route", WRITING)
def test_a_form_reaches_no_column_that_it_has_no_box_for(
    route: str,
    app: Flask,
    watch: Engine,
    world: World,
    settings: Settings,
    databases: Databases,
    world_template: tuple[str, World],
) -> None:
    plain = databases.copy(world_template[0])
    with another(settings, plain) as (other, engine):
        before = contents(engine)
        form = sent_to_its_end(other, world, valid(other, world, route, engine))
        expected = changed(before, contents(engine))
    databases.drop(plain)
    shown = boxes(Visitor(app, world, form.persona), form.path) | NOT_SHOWN.get(route, set())
    known = {*form.values, *shown, "form_token", "csrf_token"}
    parts = {name.partition("-")[0] for name in known}
    extra = {name: value for name, value in columns().items() if name not in known | parts}
    assert len(extra) > 30
    before = contents(watch)
    page = Visitor(app, world, form.persona).send(form.path, {**extra, **form.values})
    assert page.status == 303
    after = contents(watch)
    assert changed(before, after) == expected
    held = [row for table, rows in after.items() for row in rows if row not in before[table]]
    assert not [row for row in held if MARKS.search(" ".join(row))]


def test_every_model_has_columns_to_try_with() -> None:
    assert {"standing", "signed_by_id", "administrator", "plan_id", "ledger_head", "role"} <= set(columns())
    assert all(inspect(mapper.class_) for mapper in Base.registry.mappers)


def test_what_is_sent_here_is_every_writing_route() -> None:
    assert set(WRITING) | PUBLIC == {route for route, method in MATRIX if method == "POST"}
