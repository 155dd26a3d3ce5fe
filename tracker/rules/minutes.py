"""What a board can say to what it was asked, and what becomes of the actions that it agrees."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

IN_WORDS = "words"
"""What a minute is about that answers nothing the pack asked: a decision in the board's own words."""


class Outcome(StrEnum):
    """What a meeting said to one thing that it was asked."""

    AGREED = "agreed"
    REFUSED = "refused"
    DEFERRED = "deferred"


class MatterKind(StrEnum):
    """What can be put to a board about a milestone, beside a new date and a completion."""

    SUSPENSION = "suspension"
    ESCALATION = "escalation"


class MatterState(StrEnum):
    """How far that is."""

    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


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
MATTER_WORDS: Mapping[MatterKind, str] = {
    MatterKind.SUSPENSION: "Suspend the milestone",
    MatterKind.ESCALATION: "Help that only the board can give",
}
MATTER_STATES: Mapping[MatterState, str] = {
    MatterState.OPEN: "waits for the board",
    MatterState.AGREED: "agreed by the board",
    MatterState.REFUSED: "refused by the board",
    MatterState.WITHDRAWN: "taken back",
}
