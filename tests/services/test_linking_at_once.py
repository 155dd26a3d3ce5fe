"""Several people link milestones and change them at once: no circle, and no colour that is behind."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.services import acts
from tests.services.test_concurrency import at_once, whole
from tracker.models import Milestone, MilestonePredecessor
from tracker.models.engine import transaction
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services.ledger import lock_chains
from tracker.services.updates import confirm_on_track


@pytest.fixture
def two(engine: Engine) -> tuple[list[int], Actor]:
    """Store two plans of two milestones each; return the milestones' ids and a manager of both."""
    with transaction(engine) as session:
        plans = [
            factories.plan(session, *(factories.milestone_line(number) for number in ("1", "2")), slug=slug)
            for slug in ("one", "other")
        ]
        ids = [milestone.id for plan in plans for milestone in factories.milestones_of(session, plan)]
        person, _ = factories.member(session, plans[0], Role.MANAGER)
        roles = {plan.id: frozenset({Role.MANAGER}) for plan in plans}
        return ids, Actor(person.id, "Improvement manager", roles=roles)


def waits(engine: Engine, actor: Actor, one: int, other: int) -> str:
    with transaction(engine) as session:
        acts.wait(session, actor, session.get_one(Milestone, one), session.get_one(Milestone, other))
    return "linked"


def links(engine: Engine) -> set[tuple[int, int]]:
    with Session(engine) as session:
        rows = session.scalars(select(MilestonePredecessor)).all()
        return {(row.milestone_id, row.predecessor_id) for row in rows}


def test_of_two_who_make_the_two_halves_of_a_circle_one_is_refused(engine: Engine, two) -> None:
    (a, _, c, _), actor = two
    halves = [(a, c), (c, a)]
    assert at_once(2, lambda index: waits(engine, actor, *halves[index])) == {"linked": 1, Refusal.__name__: 1}
    assert len(links(engine)) == 1
    assert whole(engine)


def test_of_four_who_make_the_parts_of_a_circle_through_two_plans_one_is_refused(engine: Engine, two) -> None:
    (a, b, c, d), actor = two
    parts = [(a, b), (b, c), (c, d), (d, a)]
    assert at_once(4, lambda index: waits(engine, actor, *parts[index])) == {"linked": 3, Refusal.__name__: 1}
    assert whole(engine)


def test_what_waits_is_right_when_both_ends_change_while_they_are_linked(engine: Engine, two) -> None:
    (a, b, c, d), actor = two
    waits(engine, actor, a, c)
    waits(engine, actor, d, b)

    def change(index: int) -> str:
        key = (a, b, c, d, a, b, c, d)[index]
        try:
            with transaction(engine) as session:
                milestone = session.get_one(Milestone, key)
                acts.update(session, actor, milestone, forecast_text=f"{'Nov' if index < 4 else 'Dec'} 2025")
        except Refusal:
            return "refused"
        if index in (0, 3):
            with suppress(Refusal):  # somebody else may have changed the milestone in between
                waits(engine, actor, *((a, d) if index == 0 else (c, b)))
        return "saved"

    found = at_once(8, change)
    assert found["saved"] >= 4
    assert whole(engine)


def test_lists_of_two_plans_that_wait_for_each_other_both_ways_are_all_saved(engine: Engine, two) -> None:
    (a, b, c, d), actor = two
    waits(engine, actor, a, d)
    waits(engine, actor, c, b)

    def confirm(index: int) -> str:
        with transaction(engine) as session:
            confirm_on_track(session, actor, NOW, [a, b] if index % 2 else [c, d], acts.token())
        return "saved"

    assert at_once(8, confirm) == {"saved": 8}
    assert whole(engine)


def test_who_changes_a_plan_holds_those_that_wait_for_it_in_the_order_of_all(engine: Engine, two) -> None:
    (a, _, c, _), actor = two
    waits(engine, actor, a, c)
    with transaction(engine) as session:
        here, there = (session.get_one(Milestone, key).plan_id for key in (a, c))
        assert lock_chains(session, [there]) == sorted([here, there])
        assert lock_chains(session, [here]) == [here]
