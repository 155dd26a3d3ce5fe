"""Files that were read and wait for a person to say that they should be applied."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.models import ImportBatch
from tracker.rules.document import PlanDocument
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.rules.security import Kind
from tracker.rules.text import clean
from tracker.services.importing import Import, bring_in
from tracker.services.roles import give_role
from tracker.services.security import Noted, note

KEPT_FOR = timedelta(days=7)


def keep_batch(
    session: Session, actor: Actor, now: datetime, *, plan_slug: str, filename: str, data: bytes, result: dict[str, Any]
) -> ImportBatch:
    """Keep what was read of a file, as plain data, until it is applied (at most a week)."""
    assert actor.person_id is not None
    old = delete(ImportBatch).where(ImportBatch.created_at < now - KEPT_FOR, ImportBatch.applied_at.is_(None))
    session.execute(old)
    batch = ImportBatch(
        key=secrets.token_urlsafe(12),
        plan_slug=plan_slug,
        filename=clean(filename)[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        result=json.dumps(result, ensure_ascii=False),
        person_id=actor.person_id,
        created_at=now,
        applied_at=None,
        act="",
    )
    session.add(batch)
    session.flush()
    return batch


def find_batch(session: Session, actor: Actor, batch_id: int) -> ImportBatch:
    """Return a batch of this person; NotFound for anybody else's."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None or batch.person_id != actor.person_id:
        raise NotFound("There is no such import. Files that were read are kept for a week.")
    return batch


def batches(session: Session, actor: Actor, limit: int = 20) -> list[ImportBatch]:
    """Return this person's imports, newest first."""
    query = select(ImportBatch).where(ImportBatch.person_id == actor.person_id).order_by(ImportBatch.id.desc())
    return list(session.scalars(query.limit(limit)))


def apply_batch(session: Session, actor: Actor, now: datetime, batch: ImportBatch, document: PlanDocument) -> Import:
    """Apply what was read; a second time changes nothing. Who makes a new plan becomes its manager."""
    if batch.applied_at is not None:
        raise Refusal("This file has been applied already.")
    document.slug = batch.plan_slug
    done = bring_in(session, document, actor, now)
    if done.created and actor.person_id is not None:
        give_role(session, actor.person_id, done.plan_id, Role.MANAGER)
        told = Noted(subject_id=actor.person_id, plan_id=done.plan_id, detail=Role.MANAGER.value)
        note(session, now, Kind.ROLE_GRANTED, actor, told)
    batch.applied_at = now
    session.flush()
    return done


def slug_for(title: str) -> str:
    """Return a short name for the address of a new plan: letters, digits and hyphens."""
    slug = re.sub(r"[^a-z0-9]+", "-", clean(title).casefold()).strip("-")[:60].strip("-")
    return slug or "plan"
