"""The ladder for silence: the lead is asked, then the improvement manager is told, then the senior responsible officer.

A sign-off that waits has a ladder of its own: the improvement managers, who sign off, and then the senior officer.

Pure: what was asked and answered is an argument. An answer is anything recorded by the lead: an update, a completion, a
request for a new date. It takes the matter back to the lead; a new deadline begins a new ladder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.working_days import WorkingDays


class About(StrEnum):
    """What a step of a ladder is about."""

    DEADLINE = "deadline"
    SIGN_OFF = "sign-off"


class Rung(StrEnum):
    """Who is told."""

    LEAD = "lead"
    MANAGER = "manager"
    SENIOR = "senior officer"


RUNG_WORDS = {
    Rung.LEAD: "Lead",
    Rung.MANAGER: "Improvement manager",
    Rung.SENIOR: "Senior responsible officer",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One rung of a milestone's ladder, and the day on which it was told."""

    rung: Rung
    on: date


def next_rung(
    due: date,
    asked: Sequence[Asked],
    answered_on: date | None,
    today: date,
    grace: tuple[int, int],
    days: WorkingDays,
) -> Rung | None:
    """Return who is told of an overdue milestone today, None if nobody.

    `asked` is what was told of this deadline, oldest first; `answered_on` the day of the last answer. `grace` is in
    working days: after the lead until the manager, and after the manager until the senior officer. After an answer
    that left the milestone overdue the lead is asked anew once the first grace has gone by.
    """
    if today <= due:
        return None
    last = asked[-1] if asked else None
    if answered_on is not None and answered_on > due and (last is None or answered_on >= last.on):
        return Rung.LEAD if days.between(answered_on, today) >= grace[0] else None
    if last is None:
        return Rung.LEAD
    waited = days.between(last.on, today)
    if last.rung is Rung.LEAD:
        return Rung.MANAGER if waited >= grace[0] else None
    if last.rung is Rung.MANAGER:
        return Rung.SENIOR if waited >= grace[1] else None
    return None


def next_reminder(
    since: date, asked: Sequence[Asked], today: date, grace: tuple[int, int], days: WorkingDays
) -> Rung | None:
    """Return who is told today of a sign-off that waits since a day, None if nobody.

    Those who sign off are reminded once the first grace has gone by, the senior officer is told after the second.
    """
    last = asked[-1] if asked else None
    if last is None:
        return Rung.MANAGER if days.between(since, today) >= grace[0] else None
    if last.rung is Rung.MANAGER and days.between(last.on, today) >= grace[1]:
        return Rung.SENIOR
    return None


def next_step(asked: Sequence[Asked], grace: tuple[int, int], days: WorkingDays) -> tuple[Rung, date] | None:
    """Return which rung comes next and from which day on, if nobody answers; None at the top of the ladder."""
    if not asked:
        return None
    last = asked[-1]
    if last.rung is Rung.LEAD:
        return Rung.MANAGER, days.add(last.on, grace[0])
    if last.rung is Rung.MANAGER:
        return Rung.SENIOR, days.add(last.on, grace[1])
    return None


def coming_step(
    due: date,
    asked: Sequence[Asked],
    answered_on: date | None,
    today: date,
    grace: tuple[int, int],
    days: WorkingDays,
) -> tuple[Rung, date] | None:
    """Return which rung `next_rung` will name next and on which working day from today on, if nothing is recorded.

    None at the top of the ladder. The arguments are those of `next_rung`.
    """
    last = asked[-1] if asked else None
    if answered_on is not None and answered_on > due and (last is None or answered_on >= last.on):
        step = Rung.LEAD, days.add(answered_on, grace[0])
    elif last is None:
        step = Rung.LEAD, due + timedelta(days=1)
    else:
        found = next_step(asked, grace, days)
        if found is None:
            return None
        step = found
    return step[0], days.on_or_after(max(step[1], today))
