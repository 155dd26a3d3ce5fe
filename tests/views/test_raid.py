"""Stories of the registers: a risk from its form to the milestone it bears on, and a figure that was wrong."""

from __future__ import annotations

from collections.abc import Callable

from tests.views.raid_forms import ENTRY, FIGURE
from tests.views.visitor import Visitor
from tests.views.world import World

Visit = Callable[[str], Visitor]
RISKS, MEASURES = "/plans/alpha/risks", "/plans/alpha/measures"


def test_a_manager_adds_a_risk_and_the_milestone_it_bears_on_carries_the_mark(visit: Visit, world: World) -> None:
    manager = visit("manager")
    opened = manager.visit(f"{RISKS}/add/risk")
    page = manager.submit(opened, ENTRY, to="/add/risk")
    assert "R2 is added." in page.words
    assert "12 high" in page.words
    shown = visit("board").visit(f"/milestones/{world.milestones['3']}")
    assert "linked to a high risk" in shown.words
    assert "R2 The provider may close" in shown.words
    assert "Add a risk" not in visit("board").visit(RISKS).words


def test_what_was_typed_comes_back_with_the_sentence_beside_its_box(visit: Visit) -> None:
    manager = visit("manager")
    opened = manager.visit(f"{RISKS}/add/risk")
    page = manager.submit(opened, {**ENTRY, "milestones": "1a.3, 9z.9"}, to="/add/risk")
    assert "There is no milestone 9z.9 in this plan." in page.words
    assert "The provider may close" in page.text
    page = manager.submit(opened, {"title": "", "milestones": ""}, to="/add/risk")
    assert "Enter what it is" in page.words


def test_an_entry_is_closed_from_its_form_and_stays_listed(visit: Visit, world: World) -> None:
    manager = visit("manager")
    opened = manager.visit(f"{RISKS}/{world.risk}")
    page = manager.submit(opened, {"closed": "y", "outcome": "A second supplier"}, to=f"/risks/{world.risk}")
    assert "R1 is saved." in page.words
    assert "How it ended: A second supplier" in page.words
    assert "linked to a high risk" not in manager.visit(f"/milestones/{world.milestones['2']}").words


def test_an_empty_register_says_so(visit: Visit) -> None:
    words = visit("board").visit(RISKS).words
    assert "No issue is recorded." in words
    assert "No decision is recorded." in words


def test_a_figure_is_entered_taken_back_and_entered_again(visit: Visit, world: World) -> None:
    manager = visit("manager")
    address = f"{MEASURES}/{world.measure}"
    page = manager.submit(manager.visit(address), FIGURE, to=address)
    assert "The figure is entered." in page.words
    again = manager.submit(manager.visit(address), FIGURE, to=address)
    assert "There is a figure for Q2 2025/26 already." in again.words
    gone = f"{address}/{world.reading}/take-back"
    page = manager.submit(manager.visit(gone), {"reason": "Of another school"}, to=gone)
    assert "The figure is taken back." in page.words
    assert "Summer term 2025" not in page.words
    words = visit("board").visit(MEASURES).words
    assert "62%" in words
    assert "Enter a figure" not in words
