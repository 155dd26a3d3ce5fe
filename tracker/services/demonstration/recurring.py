"""The fixed rule of the demonstration for what recurs: confirmed when the plan begins, and kept with a few gaps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Commitment, Plan
from tracker.rules.dates import london_day, london_midnight
from tracker.rules.occurrences import Outcome
from tracker.rules.permissions import Actor
from tracker.rules.windows import Rule, Window, propose, windows
from tracker.services.commitments import Kept, rule_of, write
from tracker.services.ledger import Recorder

Deed: TypeAlias = tuple[datetime, Callable[[Recorder], None]]
_LEAD = "SEND Senior Manager"
MANAGER = "SEND Partnership & Improvement Manager"
_HOLIDAY = "No panel: schools are closed."
_NOTES = ("Reviewed and actions agreed.", "Held with the Parent Carer Forum.", "Held; findings shared with leads.")


def recurring_deeds(session: Session, plan: Plan, now: datetime, since: datetime) -> list[Deed]:
    """Return what is done about the commitments of a plan up to now, each deed with its instant.

    What is late, missed or skipped follows from the number of the window, so it is the same whoever looks. The
    remark of a dated milestone has its rule already, and is kept from its first window on.
    """
    deeds: list[Deed] = []
    query = select(Commitment).where(Commitment.plan_id == plan.id).order_by(Commitment.id)
    for number, row in enumerate(session.scalars(query).all(), 1):
        kept = Kept(row, plan, {})
        rule = rule_of(row, plan)
        if rule is None:
            asked = propose(row.frequency, plan.adopted)
            if asked.every is None or asked.anchor is None:
                continue
            rule = Rule(asked.every, asked.anchor)
            deeds.append((since, partial(_confirm, kept, rule, since)))
        for place, window in enumerate(windows(rule, london_day(now)), 1):
            day, values = _frequent(window, place) if rule.frequent else _rare(window, place + number)
            if day is None or day > london_day(now):
                continue
            if values["outcome"] == Outcome.HELD:
                values["held_on"] = day
            at = min(max(london_midnight(day) + timedelta(hours=15, minutes=number), since), now)
            deeds.append((at, partial(_keep, kept, window, values, at)))
    return deeds


def _confirm(kept: Kept, rule: Rule, at: datetime, recorder: Recorder) -> None:
    begin_deed(recorder, f"recurring rule {kept.commitment.ref}", at, MANAGER)
    values = {"every": rule.every.value, "anchor": rule.anchor, "confirmed": recorder.today}
    recorder.change(kept.commitment, "confirmed the rule", values)


def _keep(kept: Kept, window: Window, values: dict[str, Any], at: datetime, recorder: Recorder) -> None:
    begin_deed(recorder, f"recurring {kept.commitment.ref} {window.scheduled}", at, _LEAD)
    write(recorder, kept, window, values, values["note"])


def begin_deed(recorder: Recorder, name: str, at: datetime, label: str) -> None:
    """Begin an act of a post, with a number that is the same every time."""
    recorder.actor = Actor(None, label)
    recorder.effective = at
    recorder.act = hashlib.sha256(f"{recorder.plan.slug} {name}".encode()).hexdigest()[:16]


def _held(note: str) -> dict[str, Any]:
    return {"outcome": Outcome.HELD.value, "note": note}


def _frequent(window: Window, place: int) -> tuple[date | None, dict[str, Any]]:
    """Return day and record of a weekly window: none at Christmas and in the summer, now and then missed or late."""
    if _closed(window):
        return window.closes, {"outcome": Outcome.SKIPPED.value, "note": _HOLIDAY}
    if place % 11 == 7:
        return None, {}
    if place % 13 == 10:
        return window.closes + timedelta(days=2), _held("Moved by two days: the chair was ill.")
    return window.opens + timedelta(days=2), _held("")


def _rare(window: Window, place: int) -> tuple[date | None, dict[str, Any]]:
    """Return day and record of a window of months: every fourth is late, the others are held in good time."""
    if place % 4 == 0:
        return window.closes + timedelta(days=12), _held("Held late: figures arrived after the window had closed.")
    third = window.days // 3
    return window.opens + timedelta(days=third + place % 5), _held(_NOTES[place % len(_NOTES)])


def _closed(window: Window) -> bool:
    """Return whether a week falls into the Christmas holiday, or into the middle of August."""
    days = ((12, 25), (8, 15), (8, 22))
    return any(window.opens <= date(window.opens.year, *day) <= window.closes for day in days)
