"""The door alone: whom it lets in to each route, with nothing behind it, held to docs/permissions.csv.

A route's view is taken away, so that what a service refuses again cannot hide a door that stands open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories import person
from tests.test_routes import MATRIX
from tests.views.conftest import (  # noqa: F401  fixtures
    _on_the_day,
    app,
    database_url,
    visit,
    watch,
    world,
    world_template,
)
from tests.views.valid_requests import address
from tests.views.visitor import Visitor
from tests.views.world import PERSONAS, World

if TYPE_CHECKING:
    from flask import Flask

    from tracker.views.guards import Policy

OUTSIDE = ("anonymous", "disabled", "expired")
INSIDE = tuple(persona for persona in PERSONAS if persona not in OUTSIDE)
LET_IN = {"yes", "nothing"}
ONES_OWN = {("/calendars/<int:feed_id>/withdraw", "POST")}
"""What is about a thing of one's own that the address names: the door does not know whose it is; the view does."""
NOTHING_BEHIND = "There is nothing behind this door."


@pytest.fixture
def bare(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:  # noqa: F811
    """Return the application with nothing behind its doors."""
    for endpoint, view in list(app.view_functions.items()):
        if endpoint != "static":
            monkeypatch.setitem(app.view_functions, endpoint, _nothing(view))
    return app


def _nothing(view: Callable[..., object]) -> Callable[..., object]:
    def behind(**_: object) -> object:
        return NOTHING_BEHIND, 200, {"Content-Type": "text/plain"}

    behind.__dict__.update(view.__dict__)
    return behind


def policies(app: Flask) -> dict[tuple[str, str], Policy]:  # noqa: F811
    """Return what each route of the matrix states."""
    from tracker.views.guards import policy_of

    stated = {}
    for rule in app.url_map.iter_rules():
        for method in rule.methods or ():
            policy = policy_of(app, rule.endpoint)
            if (rule.rule, method) in MATRIX and policy is not None and rule.endpoint != "static":
                stated[rule.rule, method] = policy
    return stated


def let_in(visitor: Visitor, route: str, method: str) -> bool:
    """Tell whether a request gets past the door."""
    path = address(visitor.world, route, method)
    answer = visitor.http.get(path) if method == "GET" else visitor.send(path).response
    return answer.get_data(as_text=True) == NOTHING_BEHIND


@pytest.mark.parametrize("persona", OUTSIDE)
def test_nobody_who_is_not_signed_in_gets_past_a_door_that_is_not_public(
    bare: Flask,
    visit: Callable[[str], Visitor],  # noqa: F811
    persona: str,
) -> None:
    wrong = []
    for (route, method), policy in policies(bare).items():
        if let_in(visit(persona), route, method) != policy.public:
            wrong.append(f"{method} {route}")
    assert not wrong


def test_no_door_is_public_that_the_matrix_keeps_from_strangers(app: Flask) -> None:  # noqa: F811
    public = {place for place, policy in policies(app).items() if policy.public}
    open_to_all = {place for place, row in MATRIX.items() if row["anonymous"] in {"yes", "hidden"}}
    assert public <= open_to_all
    assert open_to_all <= public | {("/static/<path:filename>", "GET")}


@pytest.mark.parametrize("persona", INSIDE)
def test_a_door_lets_in_whom_the_matrix_names_and_leads_for_what_they_may_lead(
    bare: Flask,
    visit: Callable[[str], Visitor],  # noqa: F811
    world: World,  # noqa: F811
    persona: str,
) -> None:
    from tracker.rules.permissions import TABLE, Role, Scope

    wrong = []
    for (route, method), policy in policies(bare).items():
        if policy.public:
            continue
        answer = MATRIX[route, method][persona]
        may_lead = policy.act is not None and TABLE[policy.act].get(Role.LEAD) is Scope.OWN
        if answer == "no" and persona in {"lead", "other lead"} and may_lead:
            continue  # the door does not know whose it is; the service does
        if answer == "hidden" and "<slug>" not in route:
            continue  # the door does not know whose plan it is; the service does
        if let_in(visit(persona), route, method) != (answer in LET_IN):
            wrong.append(f"{method} {route}: {answer}")
    assert not wrong


def _for_everybody(place: tuple[str, str]) -> bool:
    """Tell whether the matrix lets everybody past the door who is signed in."""
    return place in ONES_OWN or all(MATRIX[place][persona] in LET_IN for persona in INSIDE)


def test_a_person_without_any_role_gets_only_to_what_is_about_oneself(
    bare: Flask,
    watch: Engine,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    with Session(watch) as session:
        nobody = person(session, "Nobody in particular").id
        session.commit()
    visitor = Visitor(bare, world, "anonymous")
    visitor.sign_in(nobody)
    wrong = []
    for (route, method), policy in policies(bare).items():
        if not policy.public and let_in(visitor, route, method) != _for_everybody((route, method)):
            wrong.append(f"{method} {route}")
    assert not wrong


def test_a_route_that_states_no_act_is_about_whoever_asks(app: Flask) -> None:  # noqa: F811
    wrong = [
        f"{method} {route}"
        for (route, method), policy in policies(app).items()
        if not policy.public and policy.act is None and not _for_everybody((route, method))
    ]
    assert not wrong
