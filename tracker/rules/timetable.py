"""What the worker runs, and when; `jobs/schedule.py` says what each of them does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tracker.rules.rhythm import Often, Rhythm


@dataclass(frozen=True, slots=True)
class Timed:
    """One job as people see it. `name` is how commands and rows know it."""

    name: str
    title: str
    does: str
    rhythm: Rhythm


HOUSEKEEPING = Timed(
    "housekeeping",
    "Housekeeping",
    "Forgets what is kept only for a while: used form tokens, old security events, files read and never applied.",
    Rhythm(Often.NIGHTLY, hour=3),
)
DIGEST = Timed(
    "digest",
    "Digests",
    "Tells each person in one message what waits for them, on the day of the week that they or the council chose.",
    Rhythm(Often.DAILY),
)
ESCALATION = Timed(
    "escalation",
    "Escalation",
    "Asks the leads of what is overdue, reminds of sign-offs that wait, and tells the next one where nobody answers.",
    Rhythm(Often.DAILY),
)
WINDOWS = Timed(
    "windows",
    "Update windows and packs",
    "Tells leads when an update window opens and when it is about to close, and boards when a pack is issued.",
    Rhythm(Often.DAILY),
)
DRAFT_PACKS = Timed(
    "draft-packs",
    "Draft packs",
    "Begins a draft pack for each plan of a board once the cut-off of its meeting has come.",
    Rhythm(Often.NIGHTLY, hour=6),
)
TIMETABLE = (HOUSEKEEPING, DRAFT_PACKS, WINDOWS, ESCALATION, DIGEST)

_PAUSES = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
_LONGEST = timedelta(hours=4)
SILENT_AFTER = timedelta(minutes=5)
"""A worker that has not been heard of for so long has stopped; it ticks every minute."""


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after a job has failed for the nth time in a row before it is tried again."""
    return _PAUSES[attempts - 1] if 1 <= attempts <= len(_PAUSES) else _LONGEST
