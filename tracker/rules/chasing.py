"""What the lead of something owes today: one answer for each milestone, the one that presses most.

Pure: what is known of a milestone is an argument, and so is today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.facts import SignOff


class Owes(StrEnum):
    """What somebody owes, in the order of lists and messages."""

    OVERDUE = "overdue"
    NEW_DATE = "new-date"
    EVIDENCE = "evidence"
    RECURRING = "recurring"
    UNCONFIRMED = "unconfirmed"


OWES_WORDS = {
    Owes.OVERDUE: "Overdue without an update",
    Owes.NEW_DATE: "New date required",
    Owes.EVIDENCE: "Evidence missing",
    Owes.RECURRING: "Recurring commitment behind",
    Owes.UNCONFIRMED: "Not confirmed in this window",
}
WHAT_TO_DO = {
    Owes.OVERDUE: "Update it, claim its completion or ask for a new date.",
    Owes.NEW_DATE: "Ask for a new date with a recovery plan.",
    Owes.EVIDENCE: "Add what shows that it is done.",
    Owes.RECURRING: "Record what was held, or say why it was not.",
    Owes.UNCONFIRMED: "Confirm that it is on track, or update it.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an open milestone on a day. `evidence` is how many pieces are kept with it."""

    colour: Colour
    rule: str
    due: date | None
    updated_on: date | None
    signoff: str
    asked: bool
    evidence: int


def owed(one: Standing, window: date) -> Owes | None:
    """Return what the lead of a milestone owes, None if nothing.

    What was confirmed from `window` on counts. What waits for somebody else, a sign-off or a new date that was asked
    for, is not owed by the lead.
    """
    if one.asked or one.signoff in {SignOff.CLAIMED, SignOff.LAPSED}:
        return None
    if one.rule == "3" and one.due is not None:
        answered = one.updated_on is not None and one.updated_on > one.due
        return Owes.NEW_DATE if answered else Owes.OVERDUE
    if one.colour is Colour.BLUE:
        return None if one.evidence else Owes.EVIDENCE
    if one.colour is Colour.NONE:
        return None
    return Owes.UNCONFIRMED if one.updated_on is None or one.updated_on < window else None


def confirmed_words(updated_on: date | None) -> str:
    """Say when something was confirmed last."""
    return f"Last updated on {show_day(updated_on)}." if updated_on else "Never updated."
