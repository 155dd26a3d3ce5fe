"""Who: organisations, posts, the people who hold them, and what they may do on a plan."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Short


class Organisation(Base):
    """A council, an NHS board, a parent carer forum: whoever a post belongs to."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(Short, default="", server_default="")
    """What kind it is, one of `rules/posts.py`; empty where nobody has said."""
    outside: Mapped[bool | None]
    """Whether it is outside the council; None where nobody has said."""


class Post(Base):
    """A post that can lead. It outlives its holders."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("title", "organisation_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    closed_on: Mapped[date | None]
    """The last day on which the post was there; None while it is."""


class Person(Base):
    """A person who can sign in."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str] = mapped_column(default="")
    """An argon2 hash; empty means that the person cannot sign in with a password."""
    administrator: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Counted up to end every session of the person at the next request."""
    digest: Mapped[str] = mapped_column(Short, default="", server_default="")
    """How often they are told, one of `rules.rhythm.CHOICES`; empty for the council's rhythm."""
    at_once: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they want a message of its own for each sign-off and new date that waits for them."""
    workbook: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether their digest brings what they lead as workbooks, to be filled in and sent back."""
    mail_failed_at: Mapped[datetime | None]
    """Since when messages to their address come back; None while they arrive."""
    mail_fault: Mapped[str] = mapped_column(default="", server_default="")
    """What the mail server said of it."""


class Holding(Base):
    """A person in a post, or deputising for it, between two days (inclusive)."""

    __tablename__ = "holding"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    deputy: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="", server_default="")
    """What the holder before left in writing for this one."""


class Membership(Base):
    """A role of a person on one plan: manager, board or auditor. Leads are leads by their post."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("plan_id", "person_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(Short)


class FormToken(Base):
    """The token of a form that has been acted on: a second copy of the form finds it used."""

    __tablename__ = "form_token"
    token: Mapped[str] = mapped_column(Short, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime]
