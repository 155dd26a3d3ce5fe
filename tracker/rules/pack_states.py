"""The states of a board pack, and which act leads from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tracker.rules.errors import Refusal


class PackState(StrEnum):
    """How far a pack is. Issued is for good; a correction is a new version."""

    DRAFT = "draft"
    FROZEN = "frozen"
    ISSUED = "issued"
    SET_ASIDE = "set aside"


class PackAct(StrEnum):
    """What is done to a pack; the value completes "It cannot be ..."."""

    EDIT = "edited"
    FREEZE = "frozen"
    ISSUE = "issued"
    SET_ASIDE = "set aside"
    CORRECT = "corrected"


STATE_WORDS: Mapping[PackState, str] = {
    PackState.DRAFT: "Draft",
    PackState.FROZEN: "Frozen, not issued",
    PackState.ISSUED: "Issued",
    PackState.SET_ASIDE: "Set aside",
}
_ALLOWED: Mapping[PackState, frozenset[PackAct]] = {
    PackState.DRAFT: frozenset({PackAct.EDIT, PackAct.FREEZE, PackAct.SET_ASIDE}),
    PackState.FROZEN: frozenset({PackAct.ISSUE, PackAct.SET_ASIDE}),
    PackState.ISSUED: frozenset({PackAct.CORRECT}),
    PackState.SET_ASIDE: frozenset(),
}
_WHY: Mapping[PackState, str] = {
    PackState.DRAFT: "The pack is a draft: freeze it first.",
    PackState.FROZEN: "The pack is frozen, so what it says stands. Set it aside and make a new draft to change it.",
    PackState.ISSUED: "The pack is issued, and that is for good. Correct it by a new version.",
    PackState.SET_ASIDE: "The pack was set aside. Make a new draft instead.",
}


def may(state: PackState, act: PackAct) -> bool:
    """Return whether an act can be done to a pack in a state."""
    return act in _ALLOWED[state]


def refuse_act(state: PackState, act: PackAct) -> None:
    """Raise Refusal with a sentence unless the act can be done in this state."""
    if not may(state, act):
        raise Refusal(f"It cannot be {act.value} now. {_WHY[state]}")
