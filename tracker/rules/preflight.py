"""What a pack is checked for before it is frozen: a list that is computed, each line with what to do about it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.text import fold

PATIENCE = timedelta(days=10)
"""How long a decision may wait before the list says that somebody sits on it."""


class Check(StrEnum):
    """What is looked for, in the order of the list."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    BLUE = "blue"
    COMPLETE = "complete"
    SAME = "same"
    APPROVER = "approver"
    UNDATED = "undated"
    VACANT = "vacant"
    READING = "reading"


TITLES: Mapping[Check, str] = {
    Check.RED: "Deadline passed, and no new date asked for",
    Check.AMBER: "At risk without a reason or a recovery plan",
    Check.GREEN: "On target, but not confirmed in this update window",
    Check.BLUE: "Complete without evidence",
    Check.COMPLETE: "The update says complete, and the milestone is open",
    Check.SAME: "The update is word for word what the last pack said",
    Check.APPROVER: "Waiting for an approver",
    Check.UNDATED: "No date",
    Check.VACANT: "Post without a holder",
    Check.READING: "Measure without a reading",
}
WHAT_TO_DO: Mapping[Check, str] = {
    Check.RED: "Ask for a new date with a recovery plan.",
    Check.AMBER: "Say why it is at risk and how it will be brought back.",
    Check.GREEN: "Confirm that it is on track, or update it.",
    Check.BLUE: "Add what shows that it is done, or revoke the sign-off.",
    Check.COMPLETE: "Claim the completion with evidence, or say what is left to do.",
    Check.SAME: "Say what has happened since.",
    Check.APPROVER: "Decide it.",
    Check.UNDATED: "Agree a date.",
    Check.VACANT: "Say who holds the post, or let another post lead.",
    Check.READING: "Enter the latest figure with its date.",
}


@dataclass(frozen=True, slots=True)
class LeadFact:
    """A post that leads, and why nobody answers for it ("" if somebody does)."""

    post_id: int
    post: str
    accountable: bool = False
    wanting: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneFact:
    """What the checks look at in one milestone. `last_progress` is what the last pack printed, None without one."""

    id: int
    ref: str
    text: str
    colour: Colour
    rule: str = ""
    marks: tuple[str, ...] = ()
    due: date | None = None
    due_text: str = ""
    why: str = ""
    recovery: str = ""
    progress: str = ""
    last_progress: str | None = None
    updated_on: date | None = None
    evidence: int = 0
    claimed: date | None = None
    asked_on: date | None = None  # since when a new date has waited for a decision
    leads: tuple[LeadFact, ...] = ()

    @property
    def open(self) -> bool:
        """Return whether there is still something to do."""
        return self.colour not in (Colour.BLUE, Colour.NONE)

    @property
    def awaiting(self) -> bool:
        """Return whether its completion waits for a sign-off."""
        return self.rule == "2"


@dataclass(frozen=True, slots=True)
class MeasureFact:
    """A measure and how many readings it has."""

    id: int
    name: str
    readings: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the list. `subject` is "milestone:12", "post:7" or "measure:3"; with the check it is its name."""

    check: Check
    subject: str
    about: str
    sentence: str
    leads: tuple[LeadFact, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Return what a waiver or a message about the line is known by."""
        return (self.check.value, self.subject)

    @property
    def subject_id(self) -> int:
        """Return the id of what it is about."""
        return int(self.subject.partition(":")[2])

    @property
    def to_chase(self) -> tuple[LeadFact, ...]:
        """Return the posts that a message goes to: the accountable one, otherwise all; none that nobody holds."""
        if self.check in (Check.VACANT, Check.READING):
            return ()
        there = tuple(lead for lead in self.leads if not lead.wanting)
        return tuple(lead for lead in there if lead.accountable) or there


def preflight(
    milestones: Sequence[MilestoneFact], measures: Iterable[MeasureFact], day: date, window: date
) -> list[Finding]:
    """Return what a pack as at `day` should have put right, in the order of the checks and of the plan.

    `window` is the first day of the update window, or the day of the last pack: what was confirmed before it is not.
    """
    found = [finding for one in milestones for finding in _of_milestone(one, day, window)]
    found += _vacant(milestones)
    found += [
        Finding(Check.READING, f"measure:{one.id}", one.name, "No reading has been recorded.")
        for one in measures
        if not one.readings
    ]
    order = list(Check)
    return sorted(found, key=lambda finding: order.index(finding.check))


def _of_milestone(one: MilestoneFact, day: date, window: date) -> Iterator[Finding]:
    def line(check: Check, sentence: str) -> Finding:
        return Finding(check, f"milestone:{one.id}", f"{one.ref} {one.text}", sentence, one.leads)

    if one.colour is Colour.RED and "new date required" in one.marks:
        passed = f"The deadline, {show_day(one.due)}, has passed" if one.due else "The deadline has passed"
        yield line(Check.RED, f"{passed}, and no new date has been asked for.")
    if one.colour is Colour.AMBER and not one.awaiting:
        wanting = [word for word, text in (("reason", one.why), ("recovery plan", one.recovery)) if not text]
        if wanting:
            yield line(Check.AMBER, f"There is no {' and no '.join(wanting)} from the lead.")
    if one.colour is Colour.GREEN and not one.awaiting and (one.updated_on is None or one.updated_on < window):
        last = f"last confirmed on {show_day(one.updated_on)}" if one.updated_on else "never confirmed"
        yield line(Check.GREEN, f"Not confirmed since {show_day(window)}: {last}.")
    if one.colour is Colour.BLUE and not one.evidence:
        yield line(Check.BLUE, "It is signed off, and no evidence is kept with it.")
    if one.open and not one.awaiting and (word := says_complete(one.progress)):
        yield line(Check.COMPLETE, f"Its update says “{word}”, and no completion is claimed.")
    if one.open and one.progress and one.last_progress is not None and fold(one.progress) == fold(one.last_progress):
        yield line(Check.SAME, f"The update reads the same as in the last pack: “{_cut(one.progress)}”")
    yield from _waiting(one, day, line(Check.APPROVER, ""))
    if one.open and one.due is None:
        yield line(Check.UNDATED, f"Written as “{one.due_text}”." if one.due_text else "No date is written.")


def _waiting(one: MilestoneFact, day: date, line: Finding) -> Iterator[Finding]:
    waits = [
        (one.claimed if one.awaiting else None, "Its completion has waited for a sign-off"),
        (one.asked_on, "A new date has waited for a decision"),
    ]
    for since, words in waits:
        if since is not None and day - since >= PATIENCE:
            sentence = f"{words} since {show_day(since)}, {(day - since).days} days."
            yield Finding(line.check, line.subject, line.about, sentence)


def _vacant(milestones: Sequence[MilestoneFact]) -> list[Finding]:
    led: dict[int, list[MilestoneFact]] = defaultdict(list)
    posts: dict[int, LeadFact] = {}
    for one in milestones:
        for lead in one.leads if one.open else ():
            if lead.wanting:
                led[lead.post_id].append(one)
                posts[lead.post_id] = lead
    return [
        Finding(
            Check.VACANT,
            f"post:{key}",
            posts[key].post,
            f"{posts[key].wanting}; it leads {len(rows)} open milestone{'' if len(rows) == 1 else 's'}: "
            f"{_some([row.ref for row in rows])}.",
            (posts[key],),
        )
        for key, rows in sorted(led.items(), key=lambda item: (-len(item[1]), posts[item[0]].post))
    ]


_COMPLETE = re.compile(r"\b(?:fully |now )?complet(?:e|ed)\b(?! by| on time| in full by)", re.IGNORECASE)
_NOT_YET = re.compile(
    r"\b(?:not|yet|to|be|will|when|once|until|till|before|partly|partially|nearly|almost|for|if|should|can|cannot|"
    r"\d+ ?%|percent|per cent)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)


def says_complete(text: str) -> str:
    """Return the words with which a text says that something is complete, "" if it does not, or says that it is not."""
    for match in _COMPLETE.finditer(text):
        if not _NOT_YET.search(text[: match.start()]):
            return match.group(0)
    return ""


def _some(refs: Sequence[str], most: int = 6) -> str:
    more = len(refs) - most
    return ", ".join(refs[:most]) + (f" and {more} more" if more > 0 else "")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return f"{line[:80]}…" if len(line) > 80 else line
