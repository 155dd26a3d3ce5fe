"""Boards that plans report to, who sits on them, when they meet, and the days on which nobody works."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class Board(Base):
    """A board, panel or committee that oversees plans. The numbers are working days before a meeting."""

    __tablename__ = "board"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    about: Mapped[str] = mapped_column(default="")
    """What it is, in a sentence or two."""
    terms: Mapped[str] = mapped_column(default="")
    """Its terms of reference."""
    terms_url: Mapped[str] = mapped_column(default="")
    cycle: Mapped[str] = mapped_column(Short, default="")
    """One of `rules.meeting_dates.Cycle`; empty where meetings are added one by one."""
    anchor: Mapped[date | None]
    """A meeting of the cycle, from which the others are proposed."""
    opens_days: Mapped[int] = mapped_column(default=20)
    closes_days: Mapped[int] = mapped_column(default=10)
    cut_off_days: Mapped[int] = mapped_column(default=8)
    papers_days: Mapped[int] = mapped_column(default=5)
    starts_at: Mapped[str] = mapped_column(Short, default="")
    place: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    """Where it usually meets online."""
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


class BoardPlan(Base):
    """A plan that reports to a board. The row stays when it no longer does."""

    __tablename__ = "board_plan"
    __table_args__ = (UniqueConstraint("board_id", "plan_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    ended: Mapped[date | None]
    """The day from which the plan no longer reports to the board; None while it does."""


class BoardMember(Base):
    """A seat on a board: a post, a person with an account, or both; or whom it is for, in words."""

    __tablename__ = "board_member"
    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"), index=True)
    part: Mapped[str] = mapped_column(Short, default="member")
    """One of `PARTS` in `services/boards.py`."""
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    represents: Mapped[str] = mapped_column(default="")
    """Whom the seat is for, where no post and no account says so ("parents and carers")."""
    since: Mapped[date]
    until: Mapped[date | None]
    """The last day of the seat; None while it is held."""


class ClosureDay(Base):
    """A day on which the council is closed and that is no bank holiday."""

    __tablename__ = "closure_day"
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str]
    removed_on: Mapped[date | None]
    """The day on which it was taken off the list; None while it counts."""


class Meeting(Base):
    """One meeting of a board. A date that is set here stands; one that is empty is worked out from the meeting."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("board_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    day: Mapped[date] = mapped_column(index=True)
    starts_at: Mapped[str] = mapped_column(Short, default="")
    place: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Short, default="planned")
    """One of `rules.meeting_dates.MeetingState`."""
    opens: Mapped[date | None]
    closes: Mapped[date | None]
    cut_off: Mapped[date | None]
    papers: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute
