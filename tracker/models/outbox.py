"""What has to be sent, was sent, or waits for a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class OutboxMessage(Base):
    """Something to be sent. Written with the change, or the run of a job, that causes it; the key makes it go once.

    The key is also what a receiver can know a second copy by: the Message-ID and the reference are made of it.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_state", "state", "next_try_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(Short)
    period: Mapped[str] = mapped_column(Short, default="")
    """The period of the job that it comes from; empty where an act of a person caused it."""
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    html: Mapped[str] = mapped_column(default="")
    """The same words for programs that show pages; made of the body when it is sent, where it is empty."""
    path: Mapped[str] = mapped_column(default="")
    """The page that it is about, within the tracker; empty where the body has its own links."""
    link: Mapped[str] = mapped_column(default="", server_default="")
    """The link of its reader without our signature; put into the words, signed, when it is sent ("" for none)."""
    sensitive: Mapped[bool] = mapped_column(default=False)
    """Whether it is about a sensitive plan: its words are shown to nobody but whom it is sent to."""
    state: Mapped[str] = mapped_column(Short, default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    """When a worker took it in hand."""
    sent_at: Mapped[datetime | None]
    detail: Mapped[str] = mapped_column(default="")
    """What the receiving side said, or who decided what about it."""


class OutboxAttachment(Base):
    """A file that goes with a message: made once, so that a second copy has the same."""

    __tablename__ = "outbox_attachment"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_key: Mapped[str] = mapped_column(ForeignKey("outbox_message.dedupe_key"), index=True)
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class MessageSettings(Base):
    """What an administrator chose about messages: one row; until there is one the environment says it."""

    __tablename__ = "message_settings"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Short)
    grace_manager: Mapped[int]
    grace_senior: Mapped[int]
    link_days: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
