"""What the worker did last, what it does next, and whether one is running."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import JobRun, WorkerBeat
from tracker.rules.timetable import SILENT_AFTER, Timed
from tracker.rules.working_days import WorkingDays

RECENT = 5


@dataclass(frozen=True, slots=True)
class RunRow:
    """One period of a job as it went. `state` is done, failed or asked."""

    period: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    attempts: int
    retry_at: datetime | None
    summary: str
    failure: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job with its last periods, newest first, and when it is due next."""

    job: Timed
    runs: tuple[RunRow, ...]
    next_at: datetime

    @property
    def last_done(self) -> RunRow | None:
        """Return the newest run that ended well."""
        return next((run for run in self.runs if run.state == "done"), None)

    @property
    def failed(self) -> RunRow | None:
        """Return the newest run if it failed: what came after it has not put it right."""
        return self.runs[0] if self.runs and self.runs[0].state == "failed" else None

    @property
    def asked(self) -> RunRow | None:
        """Return a run that somebody asked for and that has not begun."""
        return next((run for run in self.runs if run.state == "asked"), None)


@dataclass(frozen=True, slots=True)
class Pulse:
    """Whether a worker runs: when one was last heard of, and how many are."""

    seen_at: datetime | None
    running: int


def job_lines(session: Session, jobs: Sequence[Timed], now: datetime, calendar: WorkingDays) -> list[JobLine]:
    """Return each job with its last runs and the next one. One statement."""
    place = func.row_number().over(partition_by=JobRun.job, order_by=JobRun.started_at.desc()).label("place")
    columns = [getattr(JobRun, name) for name in RunRow.__dataclass_fields__]
    recent = select(JobRun.job, *columns, place).subquery()
    query = select(recent).where(recent.c.place <= RECENT).order_by(recent.c.job, recent.c.place)
    runs: dict[str, list[RunRow]] = {}
    for name, *values, _ in session.execute(query):
        runs.setdefault(name, []).append(RunRow(*values))
    return [JobLine(job, tuple(runs.get(job.name, ())), job.rhythm.following(now, calendar).at) for job in jobs]


def waiting_runs(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Return job and period of what was asked for or failed and may be tried again. One statement."""
    query = (
        select(JobRun.job, JobRun.period)
        .where(JobRun.state.in_(["asked", "failed"]), (JobRun.retry_at.is_(None)) | (JobRun.retry_at <= now))
        .order_by(JobRun.started_at)
    )
    return [(job, period) for job, period in session.execute(query)]


def done_runs(session: Session, periods: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these periods have a row already, whatever it says. One statement."""
    names = {job for job, _ in periods}
    query = select(JobRun.job, JobRun.period).where(
        JobRun.job.in_(names), JobRun.period.in_({period for _, period in periods})
    )
    return {(job, period) for job, period in session.execute(query)}


def pulse(session: Session, now: datetime) -> Pulse:
    """Return whether a worker runs. One statement."""
    seen = list(session.scalars(select(WorkerBeat.seen_at)))
    return Pulse(max(seen, default=None), sum(at >= now - SILENT_AFTER for at in seen))
