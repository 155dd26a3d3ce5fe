"""Addresses and choices that no page offers: a sentence or "no such page", and nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from tests.factories import person
from tests.views.visitor import Visitor, explained
from tests.views.world import World, contents
from tracker.models.engine import transaction
from tracker.rules.errors import NotPermitted

if TYPE_CHECKING:
    from flask import Flask

    from tracker.config import Settings

Visit = Callable[[str], Visitor]


# ------------------------------------------------------------------ accounts
@pytest.mark.parametrize(
    "path", ["/accounts/{board}/roles/{alpha}/nobody/remove", "/accounts/{board}/administrator/perhaps"]
)
def test_a_role_or_a_state_that_there_is_not_changes_no_account(
    visit: Visit, world: World, watch: Engine, path: str
) -> None:
    before = contents(watch)
    where = path.format(board=world.people["board"], alpha=world.alpha)
    assert visit("administrator").send(where).status == 404
    assert contents(watch) == before


def test_an_account_that_is_not_there_has_no_page(visit: Visit) -> None:
    assert visit("administrator").get("/accounts/999999").status == 404


def test_a_role_that_nobody_can_have_on_a_plan_is_refused_beside_the_choice(visit: Visit, world: World) -> None:
    where = f"/accounts/{world.people['board']}/roles"
    for role in ("administrator", "nobody"):
        page = visit("administrator").send(where, {"plan": world.alpha, "role": role})
        explained(page)
        assert "Select a role that a person can have on a plan." in page.errors


def test_nobody_is_offered_to_change_their_own_account(visit: Visit, world: World) -> None:
    administrator = visit("administrator")
    own = administrator.get(f"/accounts/{world.people['administrator']}")
    assert "This is your own account." in own.words
    assert not own.find("//form[contains(@action, '/administrator/')]")
    other = administrator.get(f"/accounts/{world.people['board']}")
    assert "This is your own account." not in other.words
    assert other.find("//form[contains(@action, '/administrator/')]")


def test_a_demonstration_signs_in_only_as_who_is_in_it(
    app: Flask, settings: Settings, world: World, watch: Engine
) -> None:
    from tracker.app import create_app

    with transaction(watch) as session:
        for role in ("auditor", "nobody"):
            person(session, role, email=f"{role}@demo.invalid")
    assert Visitor(app, world, "anonymous").send("/demo/auditor").status == 404  # this is none
    demonstration = create_app(replace(settings, demo=True))
    for role in ("nobody", "manager"):  # the second is a role of a demonstration, and nobody here is made for it
        assert Visitor(demonstration, world, "anonymous").send(f"/demo/{role}").status == 404


def test_who_asks_is_a_person_wherever_that_is_needed(app: Flask) -> None:
    from tracker.views.guards import who

    with app.test_request_context(), pytest.raises(NotPermitted, match="Sign in first"):
        who()


# ------------------------------------------------------------------ plans
@pytest.mark.parametrize(
    ("persona", "path"),
    [
        ("manager", "/changes/17"),
        ("manager", "/plans/alpha/versions/7/undo"),
        ("manager", "/milestones/{milestone}/evidence/999999"),
    ],
)
def test_what_is_not_there_has_no_page(visit: Visit, world: World, persona: str, path: str) -> None:
    assert visit(persona).get(path.format(milestone=world.milestones["5"])).status == 404


def test_a_scheme_that_is_not_there_is_not_tried_on_a_plan(visit: Visit) -> None:
    page = visit("manager").send("/plans/alpha/scheme", {"scheme": 999_999, "do": "preview"})
    assert "Select a rating scheme." in page.errors


def test_a_scheme_is_tried_on_one_of_the_plans_that_are_offered(visit: Visit, world: World) -> None:
    administrator = visit("administrator")
    page = administrator.visit(f"/schemes/{world.scheme}/edit")
    tried = administrator.submit(page, {"plan": "999999", "do": "preview"}, to="/edit", follow=False)
    assert "Select a plan to preview on" in tried.errors


def test_a_scheme_that_says_what_it_may_not_is_not_saved(visit: Visit, world: World) -> None:
    administrator = visit("administrator")
    page = administrator.visit(f"/schemes/{world.scheme}/edit")
    saved = administrator.submit(page, {"signoff_days": "many"}, to="/edit", follow=False)
    explained(saved)
    assert not administrator.visit(f"/schemes/{world.scheme}").find("//*[contains(text(), 'many')]")


def test_terms_that_somebody_changed_meanwhile_are_shown_beside_what_was_typed(visit: Visit) -> None:
    first, second = visit("manager"), visit("manager")
    opened = first.visit("/plans/alpha/terms")
    second.submit(second.visit("/plans/alpha/terms"), {"autumn": "18 December", "reason": "So"}, to="/terms")
    page = first.submit(opened, {"autumn": "19 December", "reason": "The calendar"}, to="/terms", follow=False)
    assert page.status == 409
    assert "There now: 18 December" in page.errors
    assert len([said for said in page.errors if said.startswith("There now")]) == 1
    saved = first.submit(page, {}, to="/terms", follow=False)
    assert saved.status == 303
