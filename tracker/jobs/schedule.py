"""What runs without a visitor: a list. A job is run once for each period, in the transaction that claims the period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.jobs.digest import send_digests
from tracker.jobs.summary import Summary
from tracker.rules.rhythm import Period
from tracker.rules.timetable import DIGEST, HOUSEKEEPING, Timed
from tracker.services.housekeeping import forget_old


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

    def digest(session: Session, period: Period, now: datetime) -> Summary:
        return send_digests(session, settings, period, now)

    return (Job(HOUSEKEEPING, housekeeping), Job(DIGEST, digest))
