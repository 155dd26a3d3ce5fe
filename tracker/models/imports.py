"""Files that were read: the batch that waits for a person, what was understood of it, the work on it, profiles."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class ImportBatch(Base):
    """A file that was read and waits for a person to apply it, or was applied."""

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Short, unique=True)
    plan_slug: Mapped[str] = mapped_column(Short)
    filename: Mapped[str]
    sha256: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    act: Mapped[str] = mapped_column(default="")
    """The act of the ledger that applying it was, for its undo; empty where nothing was written."""
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What a person said of the file's columns (`imports/mapping.py`)."""
    as_at: Mapped[date | None]
    """The day that the file speaks of, where that is an earlier one than that on which it is applied."""
    profile: Mapped[str] = mapped_column(Short, default="")
    """The name of the profile that it was read with."""
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What a person answered, by the key of the question."""
    plan_version: Mapped[str] = mapped_column(Short, default="")
    """The version of the plan in force when it was applied."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts what a person said and answered, so that nobody's answer is overwritten unseen."""


class ImportPart(Base):
    """A large piece of a batch, by name: the file's bytes, or plain data, packed (`services/import_parts.py`)."""

    __tablename__ = "import_part"
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Short, primary_key=True)
    content: Mapped[bytes]


class PlanReading(Base):
    """What was read of the file that a plan was last imported from: the same file need not be read again."""

    __tablename__ = "plan_reading"
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(Short, index=True)
    """What the reading depends on: the file, its name, what was said of its columns, and the reader itself."""
    content: Mapped[bytes]
    """The answer of the reading process, packed (`imports/readings.py`)."""


class ImportJob(Base):
    """Work on a batch in the background: reading the file, comparing it with the plan, applying it."""

    __tablename__ = "import_job"
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(Short)
    """One of "read", "compare" and "apply"."""
    state: Mapped[str] = mapped_column(Short, default="running")
    """One of "running", "done", "failed" and "cancelled"."""
    stage: Mapped[str] = mapped_column(Short, default="")
    """What it is at: "opening", "reading", "comparing", "writing"."""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """Lines; 0 while nobody knows."""
    heard_by: Mapped[datetime]
    """The instant by which it will be heard from again; after that it is known to have been lost."""
    started_at: Mapped[datetime]
    sentence: Mapped[str] = mapped_column(default="")
    """Why it failed, for the person who waits."""


class ImportProfile(Base):
    """How this council's files of one kind are read: what was said of the columns, under a name."""

    __tablename__ = "import_profile"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Short, unique=True)
    said: Mapped[dict[str, Any]]
    headings: Mapped[list[Any]]
    """The headings of the file that it was made from, as they are compared: a file with the same ones is offered it."""
    made_by: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
