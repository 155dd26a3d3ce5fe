"""What runs without a visitor, and when. A job is safe to run twice, and says what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.services.housekeeping import Forgotten, forget_old


@dataclass(frozen=True, slots=True)
class Job:
    """One job: `run` writes in the session it is given; `hour` is the London hour at which it runs each day."""

    name: str
    run: Callable[[Session, datetime], object]
    hour: int


def housekeeping(session: Session, now: datetime) -> Forgotten:
    """Forget what is kept only for a while, the security log for as long as the settings say."""
    return forget_old(session, now, timedelta(days=Settings.from_environment().security_days))


# Nothing between 1 and 2 in the morning: that hour comes twice in October and not at all in March.
SCHEDULE = (Job("housekeeping", housekeeping, hour=3),)
