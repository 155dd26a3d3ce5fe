"""What the worker did and when, and which workers are running."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class JobRun(Base):
    """One period of one job. The primary key is the claim: whoever stores the row runs the period, nobody else does.

    A row that says "done" was stored in the transaction that wrote what the job did, messages included. A row that
    says "failed" waits for `retry_at`; one that says "asked" is a person's wish to have the job run now.
    """

    __tablename__ = "job_run"
    __table_args__ = (Index("ix_job_run_job_started", "job", "started_at"),)
    job: Mapped[str] = mapped_column(Short, primary_key=True)
    period: Mapped[str] = mapped_column(Short, primary_key=True)
    state: Mapped[str] = mapped_column(Short)
    as_at: Mapped[datetime]
    """The moment that the job was told it is."""
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=1)
    retry_at: Mapped[datetime | None]
    summary: Mapped[str] = mapped_column(default="")
    failure: Mapped[str] = mapped_column(default="")
    asked_by: Mapped[str] = mapped_column(default="")


class WorkerBeat(Base):
    """A worker that runs: it says so each minute."""

    __tablename__ = "worker_beat"
    name: Mapped[str] = mapped_column(Short, primary_key=True)
    """Machine and process."""
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
