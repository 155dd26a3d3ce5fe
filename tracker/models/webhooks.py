"""Addresses of other systems that are told what happens in plans, and what was or is to be delivered to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class Webhook(Base):
    """An address that is told of some kinds of events, of one plan or of all (`plan_id` is None)."""

    __tablename__ = "webhook"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"), index=True)
    address: Mapped[str]
    secret: Mapped[str]
    """What deliveries are signed with; never shown again."""
    form: Mapped[str] = mapped_column(Short)
    """One of `rules.webhook.Form`."""
    kinds: Mapped[list[Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    ledger_seen: Mapped[int] = mapped_column(default=0)
    """The newest entry of the ledger that was looked at."""
    failures: Mapped[int] = mapped_column(default=0)
    """Attempts in a row that did not succeed."""
    disabled_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    """Why it is switched off."""


class WebhookDelivery(Base):
    """One event for one address. The cause can be there only once, so any number of workers derive it once."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "cause"),
        Index("ix_webhook_delivery_state", "state", "next_try_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    cause: Mapped[str] = mapped_column(Short)
    kind: Mapped[str] = mapped_column(Short)
    body: Mapped[str]
    state: Mapped[str] = mapped_column(Short, default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    detail: Mapped[str] = mapped_column(default="")
