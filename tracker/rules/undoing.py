"""What can be taken back as one act, and what has a way of its own to be taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

UNDO = "undo of: "
FILLED_IN = ("filled in from an earlier edition", "as it was recorded for this day")
"""What an edition of an earlier day records: how something was then, and that it was otherwise later."""

_OWN_WAY = {
    "deadline_change": "A decision on a new date is taken back on the page of deadlines, or decided again.",
    "plan_end_change": "The end of a plan is moved again on the page of deadlines.",
    "evidence": "Evidence is withdrawn on the page of its milestone.",
    "plan_version": "The adoption of a version is undone on the page of versions.",
    "measure": "Measures come from the plan's document, so they are not undone here.",
    "reading": "A figure of a measure is taken back on the page of its measure.",
    "voice": "What people say is taken back on the page of its measure.",
    "raid_item": "Risks, issues and decisions are changed on their own page.",
    "raid_link": "What a risk, an issue or a decision bears on is changed on its own page.",
    "period_state": "The document's period grid is not undone here.",
    "pack": "A pack is set aside or corrected on its own page; what was issued stays.",
    "pack_commentary": "The commentary of a pack is changed on the page of its pack.",
    "pack_minute": "What a meeting decided is taken back in the minutes of its pack.",
    "matter": "What was put to the board is taken back on the page of its milestone.",
    "pack_action": "An action of a meeting is opened or closed in the minutes of its pack.",
    "pack_waiver": "A waiver is taken back in the preflight of its pack.",
    "board_plan": "Which board a plan reports to is changed on the page of the board.",
}
_SIGNING = frozenset({"claimed", "completed", "signoff", "signoff_day", "signed_hash", "embedded"})
LAPSED = "sign-off lapsed"


@dataclass(frozen=True, slots=True)
class Step:
    """One ledger entry as this decision sees it. `added` says that the entry made the row."""

    subject_type: str
    verb: str
    fields: Collection[str]
    added: bool


def why_not_undone(steps: Iterable[Step]) -> str:
    """Return why an act cannot be undone as a whole, in one sentence; "" if it can.

    A sign-off is revoked and a claim is returned by who may do so; a plan that was made stays.
    """
    for step in steps:
        if step.verb in FILLED_IN or (step.verb == "added" and not step.added):
            return "History that an earlier edition filled in stays. Read a better edition of that day instead."
        if step.added and step.subject_type == "plan":
            return "This made the plan itself, so there is nothing to go back to."
        if step.subject_type in _OWN_WAY:
            return _OWN_WAY[step.subject_type]
        if step.subject_type == "milestone" and not step.added and step.verb != LAPSED:
            undone_lapse = step.verb.startswith(UNDO) and LAPSED in step.verb
            if _SIGNING & set(step.fields) and not undone_lapse:
                return "A completion that was claimed or signed off is returned or revoked on its milestone's page."
    return ""


def own_id(act: str) -> str:
    """Return the part of an act's id that is its own."""
    return act.partition("~")[0]


def undone_id(act: str) -> str:
    """Return the own id of the act that an act undid, "" if it undid none."""
    return act.partition("~")[2]


def still_standing(acts: Iterable[str]) -> list[str]:
    """Return which acts count, of some in the order of the ledger: an act and the one that undid it cancel out."""
    order = list(dict.fromkeys(acts))
    gone: set[str] = set()
    for act in reversed(order):
        target = undone_id(act)
        if own_id(act) not in gone and target and any(own_id(other) == target for other in order):
            gone |= {own_id(act), target}
    return [act for act in order if own_id(act) not in gone]
