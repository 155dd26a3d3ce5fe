"""Forget what is kept only for a while: used form tokens, sign-in attempts, files read and never applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from tracker.models import FormToken, ImportBatch, SignInAttempt
from tracker.services.import_batches import KEPT_FOR

TOKENS_FOR = timedelta(days=7)  # longer than any form stays open in a browser
ATTEMPTS_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows went."""

    tokens: int
    attempts: int
    imports: int

    def __str__(self) -> str:
        return f"{self.tokens} form tokens, {self.attempts} sign-in attempts, {self.imports} imports not applied"


def forget_old(session: Session, now: datetime) -> Forgotten:
    """Delete what is past its time; nothing that the ledger speaks of. Flushes, never commits."""
    return Forgotten(
        tokens=_delete(session, FormToken, FormToken.used_at < now - TOKENS_FOR),
        attempts=_delete(session, SignInAttempt, SignInAttempt.at < now - ATTEMPTS_FOR),
        imports=_delete(
            session, ImportBatch, (ImportBatch.created_at < now - KEPT_FOR) & ImportBatch.applied_at.is_(None)
        ),
    )


def _delete(session: Session, model: Any, old: ColumnElement[bool]) -> int:
    number = session.scalar(select(func.count()).select_from(model).where(old)) or 0
    if number:
        session.execute(delete(model).where(old))
    return number
