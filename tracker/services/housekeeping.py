"""Forget what is kept only for a while: used form tokens, security events, files that were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from tracker.models import FormToken, ImportBatch, OutboxAttachment, OutboxMessage, ReturnedWorkbook, UpdateLink
from tracker.services.import_batches import KEPT_FOR
from tracker.services.security import forget_events
from tracker.services.workbook_batches import KEPT_FOR as WORKBOOKS_FOR

TOKENS_FOR = timedelta(days=7)  # longer than any form stays open in a browser
LINKS_FOR = timedelta(days=90)  # after the last day: until then a link says when it expired
FILES_FOR = timedelta(days=30)  # of messages, after they were sent
EVENTS_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows went."""

    tokens: int
    events: int
    imports: int
    workbooks: int
    links: int
    files: int

    def __str__(self) -> str:
        return (
            f"{self.tokens} form tokens, {self.events} security events, {self.imports} imports not applied, "
            f"{self.workbooks} returned workbooks, {self.links} links, "
            f"{self.files} workbooks of old messages"
        )


def forget_old(session: Session, now: datetime, events_for: timedelta = EVENTS_FOR) -> Forgotten:
    """Delete what is past its time; nothing that the ledger speaks of. Flushes, never commits.

    `events_for` says for how long the security log is kept.
    """
    sent = select(OutboxMessage.dedupe_key).where(OutboxMessage.sent_at < now - FILES_FOR)
    return Forgotten(
        tokens=_delete(session, FormToken, FormToken.used_at < now - TOKENS_FOR),
        events=forget_events(session, now, events_for),
        imports=_delete(
            session, ImportBatch, (ImportBatch.created_at < now - KEPT_FOR) & ImportBatch.applied_at.is_(None)
        ),
        workbooks=_delete(session, ReturnedWorkbook, ReturnedWorkbook.created_at < now - WORKBOOKS_FOR),
        links=_delete(session, UpdateLink, UpdateLink.expires_at < now - LINKS_FOR),
        files=_delete(session, OutboxAttachment, OutboxAttachment.message_key.in_(sent)),
    )


def _delete(session: Session, model: Any, old: ColumnElement[bool]) -> int:
    number = session.scalar(select(func.count()).select_from(model).where(old)) or 0
    if number:
        session.execute(delete(model).where(old))
    return number
