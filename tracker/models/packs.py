"""Board packs: what was frozen for a board as at a day, and what was said about it on the way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class Pack(Base):
    """A pack on one plan for one board (none where it is made to try). Once issued, the database refuses any change.

    `number` and `edition` are given when it is frozen: an issued pack keeps its number through corrections, and each
    frozen attempt at a number has an edition of its own.
    """

    __tablename__ = "pack"
    __table_args__ = (Index("ix_pack_plan_state", "plan_id", "state", "as_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    state: Mapped[str] = mapped_column(Short, default="draft")
    """One of `rules.pack_states.PackState`."""
    as_at: Mapped[date]
    """The day that the data are as at, its evening included."""
    number: Mapped[int] = mapped_column(default=0)
    edition: Mapped[int] = mapped_column(default=0)
    purpose: Mapped[str] = mapped_column(Short, default="decide")
    recommendations: Mapped[list[Any]] = mapped_column(default=list)
    """What the board is asked, in order; empty where it is worked out from the decisions that wait."""
    author: Mapped[str] = mapped_column(default="")
    """The post that answers for the pack."""
    senior_officer: Mapped[str] = mapped_column(default="")
    """The post of the senior responsible officer."""
    assurance: Mapped[str] = mapped_column(default="")
    considered_by: Mapped[list[Any]] = mapped_column(default=list)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("pack.id"))
    correction: Mapped[str] = mapped_column(default="")
    """What a correction changes, in words that are printed."""
    fingerprint: Mapped[str] = mapped_column(default="", index=True)
    previous: Mapped[str] = mapped_column(default="")
    """The fingerprint of the issued pack before it, of the same plan and board; "" for the first."""
    made_on: Mapped[date]
    made_by: Mapped[str] = mapped_column(default="")
    frozen_at: Mapped[datetime | None]
    frozen_by: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


class PackContent(Base):
    """The canonical JSON of a frozen pack. Never changed, never deleted: triggers of the database refuse it."""

    __tablename__ = "pack_content"
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True, autoincrement=False)
    canonical: Mapped[str]


class PackWaiver(Base):
    """A line of the preflight that the manager lets stand, with the reason that the pack prints."""

    __tablename__ = "pack_waiver"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), index=True)
    check: Mapped[str] = mapped_column("check_key", Short)
    """One of `rules.preflight.Check`."""
    subject: Mapped[str] = mapped_column(Short)
    """What it is about: "milestone:12", "measure:3", "post:7"."""
    about: Mapped[str] = mapped_column(default="")
    """The same in words, as they were on the day."""
    reason: Mapped[str]
    made_on: Mapped[date]
    made_by: Mapped[str]
    withdrawn_on: Mapped[date | None]


class PackChase(Base):
    """A lead who was asked, by one click, to put a line of the preflight right."""

    __tablename__ = "pack_chase"
    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), index=True)
    check: Mapped[str] = mapped_column("check_key", Short)
    subject: Mapped[str] = mapped_column(Short)
    told: Mapped[str]
    """To whom the message went: the post."""
    chased_at: Mapped[datetime]
    chased_by: Mapped[str]


class Matter(Base):
    """What is put to the board about a milestone: a suspension to be decided, or an escalation.

    It stands until the board has decided on it or somebody takes it back, and every pack asks for it until then.
    """

    __tablename__ = "matter"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    kind: Mapped[str] = mapped_column(Short)
    """One of `rules.minutes.MatterKind`."""
    text: Mapped[str]
    """Why, or what is needed of the board."""
    put_on: Mapped[date]
    put_by: Mapped[str]
    state: Mapped[str] = mapped_column(Short, default="open")
    """One of `rules.minutes.MatterState`."""
    settled_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    """The minute of the board's decision, or why it was taken back."""


class PackMinute(Base):
    """What a meeting decided on something that an issued pack asked of it; taken back, but never changed otherwise."""

    __tablename__ = "pack_minute"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), index=True)
    subject: Mapped[str] = mapped_column(Short)
    """What was decided: "date:12" (a request for a new date), "sign-off:34" (the completion of a milestone),
    "matter:5" (what was put to the board); "words" for a decision in the board's own words."""
    about: Mapped[str]
    """The same in words, as they were on the day."""
    outcome: Mapped[str] = mapped_column(Short)
    """One of `rules.minutes.Outcome`."""
    minute: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    made_on: Mapped[date]
    made_by: Mapped[str]
    withdrawn_on: Mapped[date | None]


class PackAction(Base):
    """An action that a meeting agreed on an issued pack; the next pack of the board prints it with its state."""

    __tablename__ = "pack_action"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), index=True)
    number: Mapped[str] = mapped_column(Short)
    """Of the pack and within it: "3.2"."""
    text: Mapped[str]
    owner: Mapped[str]
    """The post that does it."""
    due: Mapped[date]
    minute: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Short, default="open")
    """One of `rules.minutes.ActionState`."""
    outcome: Mapped[str] = mapped_column(default="")
    """What has become of it, in words."""
    closed_on: Mapped[date | None]
    made_on: Mapped[date]
    made_by: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


class PackCommentary(Base):
    """What a manager wrote about a part of the plan for a pack; until it is accepted the pack prints it as a draft."""

    __tablename__ = "pack_commentary"
    __table_args__ = (UniqueConstraint("pack_id", "part"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    part: Mapped[str] = mapped_column(Short)
    """"plan", or "priority.3" with the id of the priority."""
    text: Mapped[str]
    accepted: Mapped[bool] = mapped_column(default=False)
    written_by: Mapped[str]
    """The post that wrote it last or accepted it."""
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute
