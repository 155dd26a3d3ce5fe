"""Stories of editing a plan: add, reword, merge with somebody else's words, move, split, take out, undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from tests.views.visitor import Visitor, explained, in_the_box
from tests.views.world import World, contents
from tracker.models import LedgerEntry, Milestone

Visit = Callable[[str], Visitor]
TREE = "/plans/alpha/structure"
DECISION = {
    "standing": "withdrawn",
    "reference": "SEND Partnership Board, minute 5.2",
    "decided_on-day": "9",
    "decided_on-month": "9",
    "decided_on-year": "2025",
}


@pytest.fixture
def manager(visit: Visit) -> Visitor:
    """Return the improvement manager of the plan alpha."""
    return visit("manager")


def test_the_tree_lists_everything_with_a_link_to_edit_it(manager: Visitor, world: World) -> None:
    page = manager.visit("/plans/alpha")
    assert page.find(f"//a[@href='{TREE}']")
    tree = manager.visit(TREE)
    assert tree.heading == "Edit the plan"
    for address in (
        f"{TREE}/milestone/{world.milestones['1']}",
        f"{TREE}/workstream/{world.workstream}",
        f"{TREE}/record/{world.withdrawn}",
        f"{TREE}/add/milestone?under={world.workstream}",
    ):
        assert tree.find("//main//a[@href=$address]", address=address), address
    assert "withdrawn" in tree.words


def test_a_manager_adds_a_milestone_as_the_plan_says_it(manager: Visitor, world: World) -> None:
    opened = manager.visit(f"{TREE}/add/milestone?under={world.workstream}")
    assert "Leave empty for 10. It never changes" in opened.words
    wrong = manager.submit(opened, {"text": "Publish the offer", "due": "bi-annual"}, to="/add/milestone")
    explained(wrong)
    assert "mean twice" in wrong.errors[0]
    assert in_the_box(wrong, "text") == "Publish the offer"
    done = manager.submit(wrong, {"due": "Sept 2026"}, to="/add/milestone")
    assert "Added." in done.words
    listed = manager.visit(f"/plans/alpha/workstreams/{world.workstream}")
    assert "Publish the offer" in listed.words
    assert "Sept 2026" in listed.words


def test_what_the_words_of_a_plan_say_of_recurring_is_proposed_and_a_person_makes_a_commitment_of_it(
    manager: Visitor, world: World
) -> None:
    opened = manager.visit(f"{TREE}/add/action?under={world.workstream}")
    manager.submit(opened, {"text": "Meet the forum every half term"}, to="/add/action")
    tree = manager.visit(TREE)
    (asked,) = tree.find("//main//a[contains(., 'Make it a commitment')]/@href")
    form = manager.visit(asked)
    assert in_the_box(form, "text") == "Meet the forum every half term"
    done = manager.submit(form, {}, to="/add/commitment")
    assert "Added." in done.words
    assert not manager.visit(TREE).find("//main//a[contains(., 'Make it a commitment')]")
    listed = manager.visit(f"/plans/alpha/workstreams/{world.workstream}")
    assert "Meet the forum every half term" in listed.words
    assert "rule to confirm" in listed.words


def test_what_is_missing_from_something_new_is_said_at_its_box(manager: Visitor) -> None:
    page = manager.submit(manager.visit(f"{TREE}/add/workstream"), {"under": "1"}, to="/add/workstream")
    explained(page)
    assert page.errors == ["Enter the title."]


def test_the_second_of_two_people_sees_both_texts_and_brings_them_together(
    visit: Visit, world: World, watch: Engine
) -> None:
    first, second = visit("manager"), visit("second manager")
    address = f"{TREE}/milestone/{world.milestones['1']}"
    mine, theirs = first.visit(address), second.visit(address)
    first.submit(mine, {"text": "Deliver the first thing"}, to=address)
    page = second.submit(theirs, {"text": "Deliver it by hand"}, to=address)
    assert page.status == 409
    assert "The manager changed this milestone while you had it open." in page.words
    cells = page.find("//table//td/text()")
    assert cells == ["Deliver the first thing", "Deliver it by hand"]
    assert in_the_box(page, "text") == "Deliver it by hand"
    second.submit(page, {"text": "Deliver the first thing by hand"}, to=address)
    assert "Deliver the first thing by hand" in first.visit(f"/milestones/{world.milestones['1']}").words


def test_a_move_of_a_workstream_is_shown_before_it_is_done(manager: Visitor, world: World, watch: Engine) -> None:
    manager.submit(manager.visit(f"{TREE}/add/priority"), {"text": "Travel"}, to="/add/priority")
    address = f"{TREE}/workstream/{world.workstream}/move"
    opened = manager.visit(address)
    target = opened.find("//select[@name='target']/option[contains(., 'Travel')]/@value")[0]
    before = contents(watch)
    preview = manager.submit(opened, {"target": target, "reason": "The board asked"}, to=address)
    assert preview.heading == "Check what this does"
    assert "Moved workstream 1a from 1 to 2 as 1a" in preview.words
    assert contents(watch) == before
    done = manager.submit(preview, to=address)
    assert "Moved." in done.words
    assert "Priority 2: Travel" in manager.visit(f"/plans/alpha/workstreams/{world.workstream}").words


def test_a_split_is_shown_done_and_undone_from_the_history(manager: Visitor, world: World, watch: Engine) -> None:
    address = f"{TREE}/milestone/{world.milestones['1']}/split"
    typed = {"text": "The first half", "text_1": "The second half", "reason": "It is two things"}
    preview = manager.submit(manager.visit(address), typed, to=address)
    assert "Added milestone 10 of 1a by a split" in preview.words
    manager.submit(preview, to=address)
    with watch.connect() as connection:
        new = connection.execute(select(Milestone.id, Milestone.origin).where(Milestone.origin != "")).one()
        act = connection.scalar(select(LedgerEntry.act).order_by(LedgerEntry.id.desc()).limit(1))
    page = manager.visit(f"/milestones/{new.id}")
    assert "Split from milestone 1 of 1a on 10 September 2025" in page.words
    history = manager.visit("/plans/alpha/history")
    assert "split milestone 1 of 1a" in history.words
    assert history.find(f"//a[@href='/plans/alpha/history/{act}/undo']")
    undo = manager.visit(f"/plans/alpha/history/{act}/undo")
    done = manager.submit(undo, {"reason": "A mistake"}, to="/undo")
    assert "undid: split milestone 1 of 1a" in done.words
    assert "withdrawn" in manager.visit(f"/milestones/{new.id}").words
    again = manager.visit(f"/plans/alpha/history/{act}/undo")
    assert "This act was undone already." in again.words


def test_a_decision_asks_what_becomes_of_the_milestones_and_shows_it(manager: Visitor, world: World) -> None:
    address = f"{TREE}/workstream/{world.workstream}/decision"
    opened = manager.visit(address)
    unsaid = manager.submit(opened, DECISION, to=address)
    explained(unsaid)
    assert unsaid.errors == ["Select what becomes of what stands below it."]
    preview = manager.submit(unsaid, {**DECISION, "below": "with"}, to=address)
    assert preview.heading == "Check what this does"
    assert "Withdrew milestone 1 of 1a" in preview.words
    manager.submit(preview, to=address)
    page = manager.visit(f"/plans/alpha/workstreams/{world.workstream}")
    assert "Withdrawn" in page.words
    assert "minute 5.2, 9 September 2025" in page.words
    tree = manager.visit(TREE)
    assert "Timely assessment (withdrawn)" in tree.words
    back = manager.visit(f"{TREE}/workstream/{world.workstream}/reopen")
    preview = manager.submit(back, {"reason": "The board thought again"}, to="/reopen")
    manager.submit(preview, to="/reopen")
    assert "Timely assessment (withdrawn)" not in manager.visit(TREE).words


def test_a_decision_without_its_reference_is_not_recorded(manager: Visitor, world: World, watch: Engine) -> None:
    address = f"{TREE}/milestone/{world.milestones['6']}/decision"
    before = contents(watch)
    page = manager.submit(manager.visit(address), {**DECISION, "reference": ""}, to=address)
    explained(page)
    assert page.errors == ["Enter what decided it"]
    assert contents(watch) == before


def test_a_critical_milestone_shows_its_mark_wherever_it_stands(manager: Visitor, world: World) -> None:
    key = world.milestones["1"]
    address = f"{TREE}/milestone/{key}/critical"
    manager.submit(manager.visit(address), {"critical": "yes", "reason": "The board asked"}, to=address)
    for page in (f"/milestones/{key}", "/plans/alpha/milestones", f"/plans/alpha/workstreams/{world.workstream}"):
        assert "critical" in manager.visit(page).words
    assert "critical" in manager.http.get("/plans/alpha/report.csv").get_data(as_text=True)


def test_the_terms_of_a_plan_decide_when_a_term_ends(manager: Visitor, world: World, watch: Engine) -> None:
    opened = manager.visit("/plans/alpha/terms")
    assert in_the_box(opened, "autumn") == "31 December"
    wrong = manager.submit(opened, {"autumn": "Christmas", "reason": "The calendar"}, to="/terms")
    explained(wrong)
    manager.submit(wrong, {"autumn": "19 December"}, to="/terms")
    address = f"{TREE}/add/milestone"
    new = manager.visit(f"{address}?under={world.workstream}")
    manager.submit(new, {"text": "Review it", "due": "Autumn term 2026"}, to=address)
    with watch.connect() as connection:
        due = connection.scalar(select(Milestone.due).where(Milestone.text == "Review it"))
    assert str(due) == "2026-12-19"


def test_the_plan_s_own_details_change_with_a_reason(manager: Visitor) -> None:
    opened = manager.visit("/plans/alpha/settings")
    told = {"priority_label": "Area", "reports_to": "The board\nThe cabinet", "starts": "Sep 2025"}
    without = manager.submit(opened, told, to="/settings")
    assert without.errors == ["Enter why it is changed"]
    done = manager.submit(without, {"reason": "The new strategy"}, to="/settings")
    assert "The settings are saved." in done.words
    assert "Area 1" in manager.visit(TREE).words
    assert "The new strategy" in manager.visit("/plans/alpha/history").words


@pytest.mark.parametrize("tail", ["/poem/1", "/milestone/999999", "/action/1/move", "/add/poem"])
def test_what_is_not_there_is_a_page_that_says_so(manager: Visitor, tail: str) -> None:
    assert manager.get(f"{TREE}{tail}").status == 404


def test_what_stands_in_another_plan_is_not_reached_through_this_one(manager: Visitor, world: World) -> None:
    assert manager.get(f"{TREE}/milestone/{world.others['beta']}").status == 404
