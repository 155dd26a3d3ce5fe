"""Stories of links: a milestone and its actions, what it waits for, and what a new date does to what waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import NOW, milestone_line
from tests.views.visitor import Visitor
from tests.views.world import START, World, contents
from tracker.models import Membership, Milestone, MilestonePredecessor
from tracker.models.engine import transaction
from tracker.rules.document import PlanDocument, PriorityLine, WorkstreamLine
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services.links import add_predecessor
from tracker.services.plan_writer import create_plan

Visit = Callable[[str], Visitor]


@pytest.fixture
def manager(visit: Visit) -> Visitor:
    """Return the improvement manager of the plan alpha."""
    return visit("manager")


@pytest.fixture
def beta_waits(watch: Engine, world: World) -> None:
    """Let the milestone of beta, due in January 2026, wait for 1a.5 of alpha, and one of alpha for it."""
    with transaction(watch) as session:
        roles = {key: frozenset({Role.MANAGER}) for key in (world.alpha, world.beta)}
        both = Actor(world.people["manager"], "The board's clerk", roles=roles)
        for waits, other in (("beta", "5"), ("6", "beta")):
            key = world.others.get(waits) or world.milestones[waits]
            before = world.others.get(other) or world.milestones[other]
            version = session.get_one(Milestone, key).version
            add_predecessor(session, both, NOW, key, version, f"wait-{waits}", before, "Both need the same bus")


# ------------------------------------------------------------------ actions
def test_a_manager_links_a_milestone_to_an_action_and_takes_the_link_away(manager: Visitor, world: World) -> None:
    key = world.milestones["5"]
    assert "Linked to none." in manager.visit(f"/milestones/{key}").words
    opened = manager.visit(f"/milestones/{key}/actions")
    assert opened.heading == "Link to actions"
    page = manager.submit(opened, {"actions": [str(world.action)], "reason": "Minute 3"}, to="/actions")
    assert "The links to actions are changed." in page.words
    assert "A Agree one pathway" in page.words
    assert "linked 1a.5 to action A" in page.words
    page = manager.submit(
        manager.visit(f"/milestones/{key}/actions"), {"actions": [], "reason": "A mistake"}, to="/actions"
    )
    assert "Linked to none." in page.words
    assert "took away the link of 1a.5 to action A" in page.words


def test_an_action_takes_the_colour_of_what_is_linked_and_is_else_via_workstream(
    manager: Visitor, world: World
) -> None:
    address = f"/plans/alpha/workstreams/{world.workstream}"
    assert "via workstream" in manager.visit(address).words
    opened = manager.visit(f"/milestones/{world.milestones['5']}/actions")
    manager.submit(opened, {"actions": [str(world.action)], "reason": "Minute 3"}, to="/actions")
    assert "via workstream" not in manager.visit(address).words


def test_links_without_a_reason_come_back_with_what_was_ticked(manager: Visitor, world: World) -> None:
    opened = manager.visit(f"/milestones/{world.milestones['5']}/actions")
    page = manager.submit(opened, {"actions": [str(world.action)], "reason": ""}, to="/actions")
    assert page.status == 422
    assert page.errors == ["Enter why the links change"]
    assert page.find("//input[@name='actions' and @checked]/@value") == [str(world.action)]


# ------------------------------------------------------------------ what it waits for
def test_a_manager_finds_a_milestone_by_its_ref_and_lets_another_wait_for_it(manager: Visitor, world: World) -> None:
    key = world.milestones["5"]
    opened = manager.visit(f"/milestones/{key}/predecessors?q=1b.1")
    assert "1 milestone found." in opened.words
    sent = {"predecessor": str(world.others["1b"]), "reason": "Schools come first"}
    page = manager.submit(opened, sent, to=f"/milestones/{key}/predecessors")
    assert "It waits for that milestone now." in page.words
    assert "1b.1 Train every school" in page.words
    assert "said that 1a.5 waits for 1b.1" in page.words
    assert "Is waited for by" in manager.visit(f"/milestones/{world.others['1b']}").words


def test_a_manager_takes_away_what_a_milestone_waits_for(manager: Visitor, world: World) -> None:
    key = world.milestones["1"]
    page = manager.submit(
        manager.visit(f"/milestones/{key}/predecessors/{world.link}/remove"),
        {"reason": "It can begin without"},
        to="/remove",
    )
    assert "It no longer waits for that milestone." in page.words
    assert "said that 1a.1 no longer waits for 1b.1" in page.words
    assert manager.get(f"/milestones/{key}/predecessors/{world.link}/remove").status == 404


def test_a_circle_is_refused_on_the_page_with_the_way_round(manager: Visitor, world: World) -> None:
    opened = manager.visit(f"/milestones/{world.others['1b']}/predecessors?q=1a.1")
    sent = {"predecessor": str(world.milestones["1"]), "reason": "Why not"}
    page = manager.submit(opened, sent, to=f"/milestones/{world.others['1b']}/predecessors")
    assert page.status == 422
    assert page.errors == ["That would go round in a circle: 1b.1 waits for 1a.1, which waits for 1b.1."]
    assert "Why not" in page.text


def test_what_the_search_does_not_find_is_said_and_so_is_too_much(
    manager: Visitor, world: World, watch: Engine
) -> None:
    page = manager.visit(f"/milestones/{world.milestones['5']}/predecessors?q=elephant")
    assert "Nothing found for “elephant”." in page.words
    lines = [milestone_line(str(n), f"A thing {n}") for n in range(400)]
    workstream = WorkstreamLine(ref="9z", title="Much", milestones=lines)
    priority = PriorityLine(ref="9", title="Much", workstreams=[workstream])
    with transaction(watch) as session:
        made = create_plan(session, PlanDocument("Much", slug="much", priorities=[priority]), SYSTEM, START)
        session.add(Membership(plan_id=made.plan_id, person_id=world.people["manager"], role=Role.MANAGER.value))
    page = manager.visit(f"/milestones/{world.milestones['5']}/predecessors?q=thing")
    assert "400 milestones found; here are the first 20." in page.words
    assert len(page.find("//input[@name='predecessor']")) == 20
    page = manager.visit(f"/milestones/{world.milestones['5']}/predecessors?q=9z.399")
    assert page.find("//label[contains(., '9z.399 of Much')]")


def test_the_search_goes_by_the_order_of_the_plan(manager: Visitor, world: World) -> None:
    page = manager.visit(f"/milestones/{world.milestones['5']}/predecessors")
    labels = [label.text_content() for label in page.find("//form[@method='post']//label[@for]")]
    assert labels[:7] == ["1a.1", "1a.2", "1a.3", "1a.4", "1a.6", "1a.7", "1a.8"]
    assert "1b.1" in labels


def test_the_search_finds_nothing_of_a_plan_that_one_may_not_see(manager: Visitor, world: World) -> None:
    page = manager.visit(f"/milestones/{world.milestones['5']}/predecessors?q=minibuses")
    assert "Nothing found" in page.words
    sent = {"predecessor": str(world.others["beta"]), "reason": "Guessed"}
    page = manager.send(f"/milestones/{world.milestones['5']}/predecessors", {**sent, "version": "9"})
    assert page.status == 422
    assert page.errors == ["There is no such milestone, or you may not see its plan."]


def test_a_reader_who_may_not_see_the_other_plan_sees_no_text_of_it(
    visit: Visit, world: World, beta_waits: None
) -> None:
    for persona in ("manager", "board", "lead", "auditor"):
        visitor = visit(persona)
        for ref in ("5", "6"):
            page = visitor.visit(f"/milestones/{world.milestones[ref]}")
            assert "A milestone of another plan" in page.words
            assert "minibuses" not in page.text
            assert "beta" not in page.text
            assert f"/milestones/{world.others['beta']}" not in page.text
    for address in ("/plans/alpha/history", "/plans/alpha/report.csv", "/plans/alpha/board"):
        assert "minibuses" not in visit("manager").get(address).text
    page = visit("other manager").visit(f"/milestones/{world.others['beta']}")
    assert "A milestone of another plan" in page.words
    assert "Deliverable" not in page.text


def test_the_list_of_a_meeting_names_no_milestone_of_a_plan_that_one_may_not_see(
    visit: Visit, world: World, beta_waits: None
) -> None:
    asked = {"proposed": "Dec 2027", "reason_code": "data", "reason": "Late figures", "recovery": "A second analyst"}
    for ref in ("5", "6"):
        address = f"/milestones/{world.milestones[ref]}/new-date"
        lead = visit("lead")
        lead.submit(lead.visit(address), asked, to=address)
    page = visit("manager").visit("/plans/alpha/deadlines/decide")
    assert "another plan" in page.words
    assert "minibuses" not in page.text


def test_a_page_as_at_a_past_day_shows_the_links_of_that_day(manager: Visitor, world: World) -> None:
    key = world.milestones["1"]
    assert "1b.1 Train every school" not in manager.visit(f"/milestones/{key}?as_at=2025-09-09").words
    assert "1b.1 Train every school" in manager.visit(f"/milestones/{key}?as_at=2025-09-10").words


# ------------------------------------------------------------------ knock-on
def test_the_form_for_a_new_date_shows_what_waits_and_what_the_date_does_to_it(
    visit: Visit, world: World, watch: Engine, manager: Visitor
) -> None:
    key = world.others["1b"]
    lead = visit("other lead")
    page = lead.visit(f"/milestones/{key}/new-date")
    assert "1 milestone waits for this one" in page.words
    assert "1a.1 Deliverable 1, due Sep 2025. It turns Amber if the new date is after its deadline, Sep 2025." in (
        page.words
    )
    before = contents(watch)
    page = lead.submit(page, {"proposed": "Mar 2026", "check": "1"}, to=f"/milestones/{key}/new-date")
    assert page.status == 200
    assert "The new date is after its deadline, Sep 2025" in page.words
    assert page.find("//input[@name='proposed']/@value") == ["Mar 2026"]
    assert contents(watch) == before


def test_who_decides_a_new_date_sees_what_it_does_to_what_waits_alone_and_on_a_list(
    manager: Visitor, world: World, watch: Engine
) -> None:
    with Session(watch) as session:
        version = session.get_one(Milestone, world.milestones["5"]).version
    sent = {"predecessor": str(world.milestones["3"]), "reason": "It comes first", "version": str(version)}
    assert manager.send(f"/milestones/{world.milestones['5']}/predecessors", sent).status == 303
    page = manager.visit(f"/milestones/{world.milestones['3']}/new-date/{world.change}")
    assert "1a.5 Deliverable 5, due Oct 2025. The new date is after its deadline, Oct 2025" in page.words
    page = manager.visit("/plans/alpha/deadlines/decide")
    assert "1a.5 Deliverable 5, due Oct 2025. The new date is after its deadline, Oct 2025" in page.words


def test_the_forecast_form_shows_what_waits_and_saving_says_what_turns_amber(
    manager: Visitor, visit: Visit, world: World, watch: Engine
) -> None:
    with Session(watch) as session:
        version = session.get_one(Milestone, world.milestones["7"]).version
    sent = {"predecessor": str(world.milestones["5"]), "reason": "It comes first", "version": str(version)}
    assert manager.send(f"/milestones/{world.milestones['7']}/predecessors", sent).status == 303
    lead = visit("lead")
    opened = lead.visit(f"/milestones/{world.milestones['5']}/update")
    assert "1 milestone waits for this one" in opened.words
    told = {
        "confidence": "will_miss",
        "progress": "Slow",
        "forecast_text": "Jan 2026",
        "confidence_reason": "No room",
        "recovery": "A second room",
    }
    page = lead.submit(opened, told, to=f"/milestones/{world.milestones['5']}/update")
    assert "1a.7 waits for it and turns Amber." in page.words
    page = lead.visit(f"/milestones/{world.milestones['7']}")
    assert "It depends on 1a.5, which is expected on 31 January 2026, after the deadline, Nov 2025." in page.words


def test_a_link_is_kept_when_its_form_is_sent_twice(manager: Visitor, world: World, watch: Engine) -> None:
    sent = {"predecessor": str(world.others["1b"]), "reason": "Once", "form_token": "the-same"}
    with Session(watch) as session:
        sent["version"] = str(session.get_one(Milestone, world.milestones["5"]).version)
    manager.send(f"/milestones/{world.milestones['5']}/predecessors", sent)
    manager.send(f"/milestones/{world.milestones['5']}/predecessors", sent)
    with Session(watch) as session:
        mine = MilestonePredecessor.milestone_id == world.milestones["5"]
        assert len(session.scalars(select(MilestonePredecessor).where(mine)).all()) == 1


def test_a_what_if_tells_what_a_date_does_to_milestones_of_other_plans(
    visit: Visit, world: World, beta_waits: None
) -> None:
    address = f"/plans/alpha/what-if?change={world.milestones['5']}:move:"
    manager = visit("manager")
    page = manager.visit(f"{address}Mar 2026")
    assert "What waits for it in other plans" in page.words
    assert "A milestone of another plan. The new date is after its deadline" in page.words
    assert "The new date is not after its deadline" in manager.visit(f"{address}Dec 2025").words
    claimed = manager.visit(f"/plans/alpha/what-if?change={world.milestones['5']}:claim")
    assert "in other plans" not in claimed.words
