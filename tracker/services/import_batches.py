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
from tracker.rules.text import clean
from tracker.services.accounts import give_role
from tracker.services.importing import Import, bring_in
from tracker.services.seed_files import dump_document, read_document

KEPT_FOR = timedelta(days=7)


def keep_batch(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    plan_slug: str,
    filename: str,
    data: bytes,
    document: PlanDocument,
    shown: dict[str, Any],
) -> ImportBatch:
    """Keep what was read of a file until it is applied (at most a week); `shown` is what the dry run says."""
    assert actor.person_id is not None
    session.execute(delete(ImportBatch).where(ImportBatch.created_at < now - KEPT_FOR, ImportBatch.applied_at.is_(None)))
    batch = ImportBatch(
        key=secrets.token_urlsafe(12),
        plan_slug=plan_slug,
        filename=clean(filename)[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        result=json.dumps({"document": dump_document(document), "shown": shown}, ensure_ascii=False),
        person_id=actor.person_id,
        created_at=now,
        applied_at=None,
        act="",
    )
    session.add(batch)
    session.flush()
    return batch


def find_batch(session: Session, actor: Actor, key: str) -> ImportBatch:
    """Return a batch of this person; NotFound for anybody else's."""
    batch = session.scalar(select(ImportBatch).where(ImportBatch.key == key))
    if batch is None or batch.person_id != actor.person_id:
        raise NotFound("There is no such import. Files that were read are kept for a week.")
    return batch


def document_of(batch: ImportBatch) -> PlanDocument:
    """Return what was read."""
    return read_document(json.loads(batch.result)["document"], batch.filename)


def shown_of(batch: ImportBatch) -> dict[str, Any]:
    """Return what the dry run said."""
    found: dict[str, Any] = json.loads(batch.result)["shown"]
    return found


def apply_batch(session: Session, actor: Actor, now: datetime, batch: ImportBatch) -> Import:
    """Apply what was read; a second time changes nothing. Who makes a new plan becomes its manager."""
    if batch.applied_at is not None:
        raise Refusal("This file has been applied already.")
    done = bring_in(session, document_of(batch), actor, now)
    if done.created and actor.person_id is not None:
        give_role(session, actor.person_id, done.plan_id, Role.MANAGER)
    batch.applied_at = now
    session.flush()
    return done


def slug_for(title: str) -> str:
    """Return a short name for the address of a new plan: letters, digits and hyphens."""
    slug = re.sub(r"[^a-z0-9]+", "-", clean(title).casefold()).strip("-")[:60].strip("-")
    if not slug:
        raise Refusal("Enter a name with at least one letter for the new plan.", "new_plan")
    return slug
