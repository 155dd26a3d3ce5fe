"""The lead workbook: its columns, what each is asked for, and how what stands is written into its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tracker.rules.dates import show_day
from tracker.rules.facts import Confidence, SignOff
from tracker.rules.text import fold

DONE = "done"
STATES = {
    Confidence.ON_TRACK.value: "On track",
    Confidence.AT_RISK.value: "At risk",
    Confidence.WILL_MISS.value: "Will miss its date",
    DONE: "Done",
}
NO_CHANGE = "No change"
CLAIMED = frozenset({SignOff.CLAIMED.value, SignOff.APPROVED.value, SignOff.LAPSED.value})
"""States of the sign-off in which a milestone takes no updates."""
_ALSO = {
    "will miss": Confidence.WILL_MISS.value,
    "will miss the deadline": Confidence.WILL_MISS.value,
    "complete": DONE,
    "completed": DONE,
}
_KNOWN_STATES = {fold(word): key for key, word in STATES.items()} | _ALSO
_TICKS = frozenset({"no change", "no changes", "nothing new", "yes", "y", "x", "true", "✓", "✔"})
_TAG = re.compile("<[^<>]*>")
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a lead fills in.

    `group` joins cells that say one thing together: where one of them is refused, none of the group is applied.
    `refusals` are the names under which the services refuse it.
    """

    key: str
    title: str
    hint: str
    width: int
    group: str
    refusals: tuple[str, ...]
    column: str = ""  # of the milestone in which it stands


FIELDS = (
    Field(
        "state",
        "How is it going?",
        "Choose from the list. Choose Done only when it is complete.",
        14,
        "course",
        ("confidence",),
        "confidence",
    ),
    Field(
        "no_change",
        "Nothing new?",
        "If nothing has changed, choose No change and leave the rest of the row as it is.",
        11,
        "words",
        ("no_change",),
    ),
    Field(
        "progress",
        "What has been done?",
        "What has been done. Last time's text stands here: change it or write over it.",
        34,
        "words",
        ("progress",),
        "progress",
    ),
    Field(
        "impact",
        "What difference has it made?",
        "What is different for children, families or staff because of it.",
        28,
        "words",
        ("impact",),
        "impact",
    ),
    Field(
        "forecast",
        "When do you now expect it?",
        "Only if it is not on track. A date or a month with its year, such as 14 November 2027 or Nov 2027.",
        15,
        "course",
        ("forecast_text",),
        "forecast_text",
    ),
    Field(
        "reason",
        "Why?",
        "Only if it is at risk or will miss its date: why.",
        24,
        "course",
        ("confidence_reason",),
        "confidence_reason",
    ),
    Field(
        "recovery",
        "What are you doing about it?",
        "Only if it is at risk or will miss its date: what you are doing about it.",
        24,
        "course",
        ("recovery",),
        "recovery",
    ),
    Field("help", "What help do you need?", "Leave empty if none.", 20, "help", ("help_needed",), "help_needed"),
    Field(
        "completed",
        "Completed on",
        "Only if it is done: the day on which it was complete, such as 27 March 2027.",
        14,
        "course",
        ("completed",),
        "completed",
    ),
    Field(
        "evidence",
        "Link to the evidence",
        "Only if it is done: a web address that starts with https://",
        22,
        "course",
        ("evidence_url", "evidence_file"),
    ),
)
BY_KEY: Mapping[str, Field] = {field.key: field for field in FIELDS}
OFF_TRACK = ("reason", "recovery")
"""Cells that are asked for only where the date is in doubt."""


class Standing(Protocol):
    """What a workbook needs of a milestone, whether it is a row of a list or the stored object."""

    @property
    def confidence(self) -> str:
        """Return how it is going."""

    @property
    def progress(self) -> str:
        """Return what has been done."""

    @property
    def impact(self) -> str:
        """Return what difference it made."""

    @property
    def forecast_text(self) -> str:
        """Return when it is expected, in words."""

    @property
    def confidence_reason(self) -> str:
        """Return why the date is in doubt."""

    @property
    def recovery(self) -> str:
        """Return what is being done about it."""

    @property
    def help_needed(self) -> str:
        """Return what help is needed."""

    @property
    def completed(self) -> date | None:
        """Return the day on which it was complete, if that is claimed."""

    @property
    def signoff(self) -> str:
        """Return the state of its sign-off."""


def values_of(row: Standing) -> dict[str, str]:
    """Return what stands of a milestone as the cells of a workbook show it, by the key of the column."""
    return {
        "state": STATES[DONE] if row.signoff in CLAIMED else STATES.get(row.confidence, ""),
        "no_change": "",
        "progress": row.progress,
        "impact": row.impact,
        "forecast": row.forecast_text,
        "reason": row.confidence_reason,
        "recovery": row.recovery,
        "help": row.help_needed,
        "completed": show_day(row.completed) if row.completed else "",
        "evidence": "",
    }


def shown(key: str, value: str) -> str:
    """Return a stored value of a field (as the ledger has it) as a cell shows it."""
    if key == "state":
        return STATES.get(value, value)
    if key == "completed" and value:
        return show_day(date.fromisoformat(value))
    return value


def comparable(text: str) -> str:
    """Return a text without what a spreadsheet program may change by itself: white space, escapes, invisible signs."""
    text = _INVISIBLE.sub("", _ESCAPE.sub(" ", _TAG.sub(" ", text)))
    return re.sub(r"[\s\u00a0]+", " ", text).strip()


def state_of(text: str) -> str | None:
    """Return the key of a state in words, None for what is not on the list."""
    return _KNOWN_STATES.get(fold(text).rstrip("."))


def is_tick(text: str) -> bool:
    """Return whether a cell says that nothing has changed."""
    return fold(text).rstrip(".") in _TICKS
