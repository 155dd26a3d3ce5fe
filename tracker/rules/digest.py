"""One message for one person that holds everything: what stands in it, in which order, and whether it goes at all.

Pure: what was found is an argument. A part is shown in full whenever the message goes; it goes only if something in it
calls for that. What falls due calls at 30, 7 and 1 days before, so a rhythm of every day sends no mail a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.text import fold

THRESHOLDS = (30, 7, 1)
"""So many days before a deadline its lead is told."""
MOST = 25
"""How many items of one part are named; of more the number is given."""
_LONGEST = 140


class Part(StrEnum):
    """A part of the message, in its order."""

    OVERDUE = "overdue"
    RETURNED = "returned"
    CONFIRM = "confirm"
    SIGN_OFF = "sign-off"
    CHECK = "check"
    NEW_DATE = "new date"
    QUESTION = "question"
    TOMORROW = "tomorrow"
    WEEK = "week"
    MONTH = "month"
    RECURRING = "recurring"
    TURNING = "turning"
    NOBODY = "nobody"
    IN_PLANS = "in plans"


TITLES = {
    Part.OVERDUE: "Overdue",
    Part.RETURNED: "Returned to you: put right and claim again",
    Part.CONFIRM: "New date agreed: confirm that you can keep it",
    Part.SIGN_OFF: "Waiting for your sign-off",
    Part.CHECK: "Signed off some time ago: is it still true?",
    Part.NEW_DATE: "New dates to decide",
    Part.QUESTION: "Questions about the plan",
    Part.TOMORROW: "Due today or tomorrow",
    Part.WEEK: "Due within 7 days",
    Part.MONTH: "Due within 30 days",
    Part.RECURRING: "Recurring commitments that are behind",
    Part.TURNING: "About to change colour",
    Part.NOBODY: "Posts where nobody answers",
    Part.IN_PLANS: "Overdue in plans that you manage",
}
_SAID = {
    Part.OVERDUE: "{} overdue",
    Part.RETURNED: "{} returned",
    Part.CONFIRM: "{} to confirm",
    Part.SIGN_OFF: "{} to sign off",
    Part.CHECK: "{} to check",
    Part.NEW_DATE: "{} new date{s} to decide",
    Part.QUESTION: "{} question{s}",
}
_SOON = (Part.TOMORROW, Part.WEEK, Part.MONTH)
LEADS_UPDATE = frozenset({Part.OVERDUE, Part.RETURNED, Part.CONFIRM, *_SOON})
"""Parts that hold a lead's own milestones, which an update answers."""
_MANAGER = frozenset({Part.SIGN_OFF, Part.CHECK, Part.NEW_DATE, Part.QUESTION, Part.NOBODY, Part.IN_PLANS})


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what it is about, in the words that the message may say, and the page of the tracker it leads to."""

    part: Part
    ref: str
    text: str
    plan: str
    says: str
    path: str
    calls: bool = True
    milestone_id: int | None = None
    sensitive: bool = False
    order: tuple[date, int] = (date.max, 0)
    begun: date = date.min
    """Since when it is so; it calls on that day and after each week that goes by."""
    not_for: int | None = None
    """A person who is not told of it: nobody signs off their own claim."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part with its items; `more` is how many are not named."""

    title: str
    items: tuple[Item, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Digest:
    """What a message holds."""

    subject: str
    sections: tuple[Section, ...]
    sensitive: bool


def crossed(due: date, since: date, today: date) -> bool:
    """Return whether a deadline came to 30, 7 or 1 days ahead after the day of the last message, up to today."""
    return any(since < due - timedelta(days=ahead) <= today for ahead in THRESHOLDS)


def part_of(due: date, today: date) -> Part | None:
    """Return in which part a deadline that has not passed stands; None if it is more than 30 days ahead."""
    ahead = (due - today).days
    if ahead < 0 or ahead > THRESHOLDS[0]:
        return None
    return Part.TOMORROW if ahead <= 1 else Part.WEEK if ahead <= 7 else Part.MONTH


def make(items: Iterable[Item]) -> Digest | None:
    """Return the message of one person; None where nothing calls for one."""
    sorted_items: dict[Part, list[Item]] = {part: [] for part in Part}
    for item in items:
        sorted_items[item.part].append(item)
    found = [item for part in sorted_items.values() for item in part]
    if not any(item.calls for item in found):
        return None
    sections = []
    for part, there in sorted_items.items():
        if there:
            there.sort(key=lambda item: (item.order, fold(item.plan), item.ref))
            sections.append(Section(TITLES[part], tuple(there[:MOST]), max(len(there) - MOST, 0)))
    return Digest(_subject(sorted_items), tuple(sections), any(item.sensitive for item in found))


def _subject(found: dict[Part, list[Item]]) -> str:
    """Return the subject: what presses most, in numbers."""
    said = [
        words.format(len(found[part]), s="" if len(found[part]) == 1 else "s")
        for part, words in _SAID.items()
        if found[part]
    ]
    soon = sum(len(found[part]) for part in _SOON)
    if soon:
        said.append(f"{soon} due soon")
    if not said:
        said = ["what needs you"] if any(found[part] for part in _MANAGER) else ["what comes next"]
    return f"Improvement plans: {', '.join(said[:3])}"


def shorten(text: str, longest: int = _LONGEST) -> str:
    """Return text in one line, cut at a word where it is long."""
    words = " ".join(text.split())
    return words if len(words) <= longest else words[: longest - 1].rsplit(" ", 1)[0] + "…"


def days_words(number: int) -> str:
    """Return "1 day", "5 days"."""
    return f"{number} day{'' if number == 1 else 's'}"
