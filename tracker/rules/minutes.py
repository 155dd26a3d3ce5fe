"""What a board can say to what it was asked, and what becomes of the actions that it agrees."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Outcome(StrEnum):
    """What a meeting said to one thing that it was asked."""

    AGREED = "agreed"
    REFUSED = "refused"
    DEFERRED = "deferred"


class ActionState(StrEnum):
    """How far an action of a meeting is; the next pack prints the word."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"


OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.AGREED: "Agreed",
    Outcome.REFUSED: "Refused",
    Outcome.DEFERRED: "Deferred to a later meeting",
}
ACTION_WORDS: Mapping[ActionState, str] = {
    ActionState.OPEN: "Open",
    ActionState.DONE: "Done",
    ActionState.CLOSED: "Closed without being done",
}
