"""The process that runs the schedule. It only ticks; what is due, and whether it was done, the database says.

So it does not matter how many workers there are, whether one was stopped for a week or killed half way, or what
happened to the clock: each period of each job is done once, and the newest one is caught up with (docs/worker.md).
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apscheduler.schedulers.base import BaseScheduler
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.jobs.schedule import Job
from tracker.models.engine import transaction
from tracker.queries.job_runs import done_runs, waiting_runs
from tracker.rules.rhythm import Period
from tracker.rules.working_days import WorkingDays
from tracker.services import job_runs

_LOG = logging.getLogger("tracker.worker")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one period: its summary, or why it failed."""

    job: str
    period: str
    summary: str = ""
    failure: str = ""


@dataclass
class Worker:
    """One worker. `clock` says what moment it is, so that tests can say it."""

    engine: Engine
    jobs: Sequence[Job]
    calendar: Callable[[Session], WorkingDays]
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    name: str = field(default_factory=lambda: f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(2)}")
    after: Sequence[Callable[[], object]] = ()
    """What else is done at each tick, after the jobs: delivery."""

    def tick(self) -> list[Outcome]:
        """Do everything that is due and not done."""
        with transaction(self.engine) as session:
            job_runs.beat(session, self.name, self.clock())
        outcomes = [found for job, period in self.due() if (found := self.run(job, period)) is not None]
        for more in self.after:
            more()
        return outcomes

    def due(self) -> list[tuple[Job, Period]]:
        """Return what is due: the newest period of each job that nobody has run, what was asked for, what failed."""
        now = self.clock()
        by_name = {job.name: job for job in self.jobs}
        with Session(self.engine) as session:
            calendar = self.calendar(session)
            newest = [(job, job.timed.rhythm.latest(now, calendar)) for job in self.jobs]
            there = done_runs(session, [(job.name, period.key) for job, period in newest])
            waiting = waiting_runs(session, now)
        found = [(job, period) for job, period in newest if (job.name, period.key) not in there]
        found += [(by_name[name], Period(key, now)) for name, key in waiting if name in by_name]
        return found

    def run(self, job: Job, period: Period) -> Outcome | None:
        """Run one period of a job: claim and work in one transaction. None if somebody else has it or has done it."""
        now = self.clock()
        try:
            with transaction(self.engine) as session:
                if not job_runs.claim(session, job.name, period.key, now):
                    return None
                summary = str(job.run(session, period, now))
                job_runs.finish(session, job.name, period.key, summary, self.clock())
        except Exception as error:
            _LOG.exception("%s for %s failed", job.name, period.key)
            failure = f"{type(error).__name__}: {error}"
            with transaction(self.engine) as session:
                job_runs.fail(session, job.name, period.key, failure, now)
            return Outcome(job.name, period.key, failure=failure)
        _LOG.info("%s for %s: %s", job.name, period.key, summary)
        return Outcome(job.name, period.key, summary)


def start(scheduler: BaseScheduler, worker: Worker) -> None:
    """Let a scheduler tick every minute, from now on; a tick that takes longer holds the next ones up."""
    scheduler.configure(
        timezone="Europe/London", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(_steady, "interval", args=[worker], minutes=1, id="tick", next_run_time=datetime.now(UTC))
    scheduler.start()


def _steady(worker: Worker) -> None:
    """Tick; a database that cannot be reached is told of and tried again at the next one."""
    try:
        worker.tick()
    except Exception:
        _LOG.exception("The worker could not do its round")
