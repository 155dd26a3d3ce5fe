"""What runs without a visitor: a list. A job is run once for each period, in the transaction that claims the period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.jobs.digest import send_digests
from tracker.jobs.escalation import escalate
from tracker.jobs.summary import Summary
from tracker.jobs.windows import tell_of_windows
from tracker.queries.message_settings import as_chosen
from tracker.rules.rhythm import Period
from tracker.rules.timetable import DIGEST, DRAFT_PACKS, ESCALATION, HOUSEKEEPING, WINDOWS, Timed
from tracker.services.housekeeping import forget_old
from tracker.services.pack_schedule import draft_due_packs


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `run` writes in the session it is given, and is told which period it is and what moment it is."""

    timed: Timed
    run: Callable[[Session, Period, datetime], Summary]

    @property
    def name(self) -> str:
        """Return how commands and rows know it."""
        return self.timed.name


def schedule(settings: Settings) -> tuple[Job, ...]:
    """Return every job, in the order in which those due at the same moment run."""

    def housekeeping(session: Session, _period: Period, now: datetime) -> Summary:
        return Summary(str(forget_old(session, now, timedelta(days=settings.security_days))))

    def draft_packs(session: Session, _period: Period, now: datetime) -> Summary:
        return Summary(str(draft_due_packs(session, now)))

    def windows(session: Session, _period: Period, now: datetime) -> Summary:
        return tell_of_windows(session, as_chosen(session, settings), now)

    def escalation(session: Session, period: Period, now: datetime) -> Summary:
        return escalate(session, as_chosen(session, settings), period, now)

    def digest(session: Session, period: Period, now: datetime) -> Summary:
        return send_digests(session, as_chosen(session, settings), period, now)

    return (
        Job(HOUSEKEEPING, housekeeping),
        Job(DRAFT_PACKS, draft_packs),
        Job(WINDOWS, windows),
        Job(ESCALATION, escalation),
        Job(DIGEST, digest),
    )
