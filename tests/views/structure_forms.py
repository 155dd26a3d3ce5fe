"""What a person enters in each form that edits a plan: for the tests that drive every form and every route."""

from __future__ import annotations

from typing import Any

from tests.factories import ADOPTED
from tests.views.world import World
from tracker.rules.terms import show_terms

TREE = "/plans/alpha/structure"
SETTINGS = {
    "title": "Another title",
    "adopted-day": str(ADOPTED.day),
    "adopted-month": str(ADOPTED.month),
    "adopted-year": str(ADOPTED.year),
    "priority_label": "Priority",
    "workstream_label": "Workstream",
    "reason": "The board asked",
}
_ITEM = "/plans/<slug>/structure/<kind>/<int:item_id>"
STAMPED = {"/plans/<slug>/settings", "/plans/<slug>/terms"}  # their version is known from their page alone
STRUCTURE: dict[str, dict[str, Any]] = {
    "/plans/<slug>/settings": SETTINGS,
    "/plans/<slug>/terms": {**show_terms({}), "autumn": "19 December", "reason": "The council's calendar"},
    _ITEM: {"text": "Deliverable 6, again", "reason": "Clearer"},
    f"{_ITEM}/decision": {
        "standing": "withdrawn",
        "reference": "Board, 6.2",
        "decided_on-day": "9",
        "decided_on-month": "9",
        "decided_on-year": "2025",
    },
    f"{_ITEM}/move": {"target": "2", "reason": "It belongs there"},
    f"{_ITEM}/order": {"after": "0"},
    f"{_ITEM}/reopen": {"reason": "The board thought again", "version": "2"},
    "/plans/<slug>/structure/add/<kind>": {"under": "1", "text": "Something new", "due": "Sep 2026"},
    "/plans/<slug>/structure/milestone/<int:item_id>/critical": {"critical": "yes", "reason": "The board asked"},
    "/plans/<slug>/structure/milestone/<int:item_id>/split": {
        "text": "The first half",
        "text_1": "The second half",
        "reason": "It is two things",
    },
}


def structure_forms(world: World) -> dict[str, tuple[str, str, dict[str, Any], str]]:
    """Return for each form who sends it, where to, what is in it, and where the answer leads."""
    return {
        "add": ("manager", f"{TREE}/add/milestone", {"under": "1", "text": "New", "due": "Sep 2026"}, TREE),
        "reword": ("manager", f"{TREE}/milestone/{world.milestones['6']}", {"text": "In other words"}, TREE),
        "move": (
            "manager",
            f"{TREE}/milestone/{world.milestones['6']}/move",
            {"target": "2", "reason": "It belongs there"},
            TREE,
        ),
        "split": (
            "manager",
            f"{TREE}/milestone/{world.milestones['6']}/split",
            {"text": "One", "text_1": "Two", "reason": "It is two things", "step": "do"},
            TREE,
        ),
        "critical": (
            "manager",
            f"{TREE}/milestone/{world.milestones['6']}/critical",
            {"critical": "yes", "reason": "The board asked"},
            TREE,
        ),
        "decision": (
            "manager",
            f"{TREE}/workstream/{world.workstream}/decision",
            {
                "standing": "withdrawn",
                "reference": "Board, 5.2",
                "decided_on-day": "9",
                "decided_on-month": "9",
                "decided_on-year": "2025",
                "below": "with",
                "step": "do",
            },
            TREE,
        ),
        "undo an act": ("manager", f"/plans/alpha/history/{world.confirmation}/undo", {}, "/plans/alpha/history"),
        "terms": (
            "manager",
            "/plans/alpha/terms",
            {**show_terms({}), "autumn": "19 December", "reason": "The council's calendar"},
            TREE,
        ),
    }
