"""Work on a batch in the background: begun, heard from, cancelled, ended, or lost with its process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.models import ImportBatch, ImportJob
from tracker.rules.errors import Refusal
from tracker.services.import_progress import Progress

# Seconds within which work is heard from again. While a plan is written nothing else can be on SQLite, this neither.
PATIENCE = {"opening": 60, "reading": 60, "comparing": 600, "writing": 600}
STAGES = {
    "opening": "Opening the file",
    "reading": "Reading the file, line by line",
    "comparing": "Comparing the lines with the plan",
    "writing": "Writing the lines to the plan",
}
_LAST = "All lines are written; storing their history and colours"
_LOST = (
    "The work stopped before it was finished, because the service was restarted. Nothing was changed. Start it again."
)
_BUSY = "This file is being worked on. Wait for it, or cancel it first."


class Cancelled(Exception):
    """A person asked for the work to stop."""


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as a page shows it. `state` is that of the job, or "lost"; `share` is per cent, None while unknown."""

    id: int
    kind: str
    state: str
    stage: str
    done: int
    total: int
    cancelling: bool
    seconds: int
    sentence: str

    @property
    def running(self) -> bool:
        """Return whether it is worth waiting for."""
        return self.state == "running"

    @property
    def share(self) -> int | None:
        """Return how much of the lines is done, 0 to 100; None where that is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def words(self) -> str:
        """Return what it is at."""
        if self.stage == "writing" and self.total and self.done >= self.total:
            return _LAST
        return STAGES.get(self.stage, "Starting")


def begin_job(session: Session, now: datetime, batch: ImportBatch, kind: str, data_dir: Path) -> ImportJob:
    """Note that work on a batch begins; Refusal while other work on it goes on."""
    state = latest_job(session, now, batch.id, data_dir)
    if state is not None and state.running:
        raise Refusal(_BUSY)
    stage = {"read": "opening", "compare": "comparing", "apply": "writing"}[kind]
    job = ImportJob(
        batch_id=batch.id,
        kind=kind,
        state="running",
        stage=stage,
        heard_by=now + timedelta(seconds=PATIENCE[stage]),
        started_at=now,
    )
    session.add(job)
    session.flush()
    Progress(data_dir, job.id).forget()  # of an older job that had its number
    return job


def latest_job(session: Session, now: datetime, batch_id: int, data_dir: Path) -> JobState | None:
    """Return the last work on a batch, None if there was none."""
    query = select(ImportJob).where(ImportJob.batch_id == batch_id).order_by(ImportJob.id.desc()).limit(1)
    job = session.scalar(query.execution_options(populate_existing=True))
    if job is None:
        return None
    lost = job.state == "running" and job.heard_by < now
    progress = Progress(data_dir, job.id)
    done, total = progress.noted() or (job.done, job.total)
    return JobState(
        job.id,
        job.kind,
        "lost" if lost else job.state,
        job.stage,
        done,
        total,
        progress.is_stopping(),
        max(0, int((now - job.started_at).total_seconds())),
        _LOST if lost else job.sentence,
    )


def hear(session: Session, now: datetime, job_id: int, stage: str, done: int = 0, total: int = 0) -> None:
    """Note how far work is; raises Cancelled where it was given up for lost."""
    job = session.get(ImportJob, job_id)
    if job is None or job.state != "running":
        raise Cancelled
    job.stage, job.done, job.total = stage, done, total
    job.heard_by = now + timedelta(seconds=PATIENCE[stage])


def end_job(session: Session, job_id: int, state: str, sentence: str = "") -> None:
    """Note that work ended: "done", "failed" or "cancelled"."""
    running = (ImportJob.id == job_id) & (ImportJob.state == "running")
    session.execute(update(ImportJob).where(running).values(state=state, sentence=sentence))


def cancel_job(session: Session, now: datetime, batch_id: int, data_dir: Path) -> bool:
    """Ask for the work on a batch to stop; returns whether there was any to stop. Writes nothing to the database."""
    state = latest_job(session, now, batch_id, data_dir)
    if state is None or not state.running:
        return False
    Progress(data_dir, state.id).stop()
    return True
