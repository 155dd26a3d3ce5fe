"""Each acting route on an object in each state: docs/states.csv is what we publish, and what these tests drive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine

from tests.databases import Databases
from tests.pages import Page
from tests.views.sending import another, valid
from tests.views.states import ABOUT_ONE, ROLES, Case, address, cases, may, published, put_in_states
from tests.views.visitor import Visitor
from tests.views.world import World, contents
from tracker.models.engine import make_engine, transaction

if TYPE_CHECKING:
    from flask import Flask

    from tracker.config import Settings

WORDS = {200: "yes", 303: "yes", 400: "refused", 403: "refused", 404: "nothing", 409: "refused", 422: "refused"}
_made: dict[Databases, str] = {}


@pytest.fixture(scope="session")
def states_template(databases: Databases, world_template: tuple[str, World]) -> str:
    """Return the world with an object in each state."""
    if databases not in _made:
        url = _made[databases] = databases.copy(world_template[0])
        engine = make_engine(url)
        with transaction(engine) as session:
            put_in_states(session, world_template[1])
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
    return _made[databases]


def answer(app: Flask, world: World, engine: Engine, case: Case, role: str) -> Page:
    """Send a request that is valid for the route to the object in a state."""
    form = valid(app, world, case.route, engine)
    path, version = address(form.path, case, world, engine)
    values: dict[str, Any] = {**form.values, **({"version": version} if "version" in form.values else {})}
    if case.route.endswith("/new-date"):
        values["proposed"] = "Dec 2027"  # later than the deadline of each of them
    if path == f"/milestones/{values.get('predecessor')}/predecessors":
        values["predecessor"] = world.others["1b"]  # never itself
    return Visitor(app, world, role).send(path, values)


def sentence(page: Page) -> str:
    """Return what a page says against it."""
    return " ".join(page.errors) or page.words


def test_the_table_of_states_names_every_acting_route_with_every_state_and_no_other() -> None:
    assert set(published()) == set(cases())
    words = {"yes", "refused", "nothing", "no"}
    assert all(tuple(row) == ROLES and set(row.values()) <= words for row in published().values())


def test_a_role_that_the_matrix_keeps_out_stands_as_no_in_every_state() -> None:
    for case, row in published().items():
        for role in ROLES:
            assert (row[role] == "no") != may(case, role), case


@pytest.mark.parametrize("route", ABOUT_ONE)
def test_each_state_allows_or_refuses_with_a_sentence_and_without_a_change(
    route: str, settings: Settings, databases: Databases, world: World, states_template: str
) -> None:
    expected, found = {}, {}
    table = published()
    shared = databases.copy(states_template)
    with another(settings, shared) as (app, engine):
        before = contents(engine)
        for case in (case for case in cases() if case.route == route):
            for role in ROLES:
                said = expected[case.state, role] = table[case][role]
                if said == "no":
                    found[case.state, role] = "no"
                elif said == "yes":
                    found[case.state, role] = _alone(settings, databases, states_template, world, case, role)
                else:
                    page = answer(app, world, engine, case, role)
                    found[case.state, role] = WORDS[page.status]
                    assert len(sentence(page)) > 20
                    assert contents(engine) == before, case
    databases.drop(shared)
    assert found == expected


def _alone(settings: Settings, databases: Databases, template: str, world: World, case: Case, role: str) -> str:
    """Return the answer in a database of this request's own; "yes" only if something was changed."""
    url = databases.copy(template)
    with another(settings, url) as (app, engine):
        before = contents(engine)
        page = answer(app, world, engine, case, role)
        word = WORDS[page.status]
        if word == "yes" and page.status == 303:
            word = "yes" if contents(engine) != before else "nothing changed"
    databases.drop(url)
    return word
