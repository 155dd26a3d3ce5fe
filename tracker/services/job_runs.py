"""Claim a period of a job, so that it runs once whoever asks; record failures; keep the pulse of workers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import JobRun, WorkerBeat
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.timetable import Timed, pause_after

DONE, FAILED, ASKED = "done", "failed", "asked"
_FORGOTTEN_AFTER = timedelta(days=1)
_LONGEST_FAILURE = 2_000


def claim(session: Session, job: str, period: str, now: datetime, as_at: datetime | None = None) -> bool:
    """Take a period of a job for this transaction; False if it is done, or taken by somebody else, or waits.

    What the job writes belongs into the same transaction: then either both are there or neither is. A claim of a
    transaction that is still open holds the next one up until it ends.
    """
    values = {"state": DONE, "started_at": now, "as_at": as_at or now}
    waiting = update(JobRun).where(
        JobRun.job == job,
        JobRun.period == period,
        JobRun.state.in_([FAILED, ASKED]),
        (JobRun.retry_at.is_(None)) | (JobRun.retry_at <= now),
    )
    if session.execute(waiting.values(**values, attempts=JobRun.attempts + 1, retry_at=None)).rowcount:  # type: ignore[attr-defined]
        return True
    if session.get(JobRun, (job, period)) is not None:
        return False
    try:
        with session.begin_nested():
            session.execute(insert(JobRun).values(job=job, period=period, attempts=1, **values))
    except IntegrityError:  # somebody else took it a moment ago
        return False
    return True


def finish(session: Session, job: str, period: str, summary: str, now: datetime) -> None:
    """Write down what a claimed period came to, in the transaction of the claim."""
    done = {"summary": summary, "ended_at": now, "failure": ""}
    session.execute(update(JobRun).where(JobRun.job == job, JobRun.period == period).values(**done))


def fail(session: Session, job: str, period: str, failure: str, now: datetime) -> datetime | None:
    """Write down that a period failed, in a transaction of its own; returns when it is tried again.

    None if somebody else has done it in the meantime.
    """
    row = session.get(JobRun, (job, period))
    if row is not None and row.state == DONE:
        return None
    if row is None:
        row = JobRun(job=job, period=period, state=FAILED, as_at=now, started_at=now, attempts=0)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # somebody else was quicker, and has done it or says that it failed
            return None
    row.state, row.ended_at, row.attempts = FAILED, now, row.attempts + 1
    row.failure = failure[:_LONGEST_FAILURE]
    row.retry_at = now + pause_after(row.attempts)
    session.flush()
    return row.retry_at


def ask_for(session: Session, actor: Actor, job: Timed, now: datetime) -> str:
    """Ask for a job to be run now: at once what has failed, otherwise a run of its own. Returns its period."""
    permit(actor, Act.RUN_JOBS, None)
    failed = select(JobRun).where(JobRun.job == job.name, JobRun.state == FAILED).order_by(JobRun.period.desc())
    row = session.scalars(failed.limit(1)).first()
    if row is not None:
        row.retry_at, row.asked_by = now, actor.label
    else:
        period = f"asked {now:%Y-%m-%dT%H:%M:%S.%f}"
        row = JobRun(job=job.name, period=period, state=ASKED, as_at=now, started_at=now, attempts=0)
        row.asked_by = actor.label
        session.add(row)
    session.flush()
    return row.period


def beat(session: Session, name: str, now: datetime) -> None:
    """Write down that a worker runs, and forget those that were not heard of for a day."""
    row = session.get(WorkerBeat, name)
    if row is None:
        session.add(WorkerBeat(name=name, started_at=now, seen_at=now))
    else:
        row.seen_at = now
    session.execute(delete(WorkerBeat).where(WorkerBeat.seen_at < now - _FORGOTTEN_AFTER))


def last_done(session: Session, job: str, now: datetime, besides: str = "") -> datetime | None:
    """Return the last moment up to `now` for which a job was done, one period left aside; None if it never was."""
    query = select(JobRun.as_at).where(
        JobRun.job == job, JobRun.state == DONE, JobRun.period != besides, JobRun.as_at <= now
    )
    return session.scalar(query.order_by(JobRun.as_at.desc()).limit(1))
