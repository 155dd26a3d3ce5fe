"""Files that were read and wait for a person to say that they should be applied."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.models import FormToken, ImportBatch, LedgerEntry, Plan
from tracker.rules.certificate import Certificate, Fate, PlanFate, SourceFate, reconciled
from tracker.rules.document import PlanDocument
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.rules.security import Kind
from tracker.rules.text import clean
from tracker.services.import_parts import data_of, forget, keep_bytes, keep_data
from tracker.services.importing import Import, bring_in
from tracker.services.roles import give_role
from tracker.services.security import Noted, note

KEPT_FOR = timedelta(days=7)
ANOTHER = "The plan has changed since the lines were compared with it. Nothing was written. Look at the lines again."
_APPLIED = "This file has been applied already."


def keep_batch(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    plan_slug: str,
    filename: str,
    data: bytes,
    said: Mapping[str, Any] | None = None,
    profile: str = "",
    as_at: date | None = None,
) -> ImportBatch:
    """Keep a file until it is read and applied (at most a week); `plan_slug` is "" for a new plan."""
    assert actor.person_id is not None
    old = delete(ImportBatch).where(ImportBatch.created_at < now - KEPT_FOR, ImportBatch.applied_at.is_(None))
    session.execute(old)
    batch = ImportBatch(
        key=secrets.token_urlsafe(12),
        plan_slug=plan_slug,
        filename=clean(filename)[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        person_id=actor.person_id,
        created_at=now,
        applied_at=None,
        act="",
        said=dict(said or {}),
        profile=profile,
        as_at=as_at,
        answers={},
    )
    session.add(batch)
    session.flush()
    keep_bytes(session, batch.id, "file", data)
    return batch


def find_batch(session: Session, actor: Actor, batch_id: int) -> ImportBatch:
    """Return a batch of this person; NotFound for anybody else's."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None or batch.person_id != actor.person_id:
        raise NotFound("There is no such import. Files that were read are kept for a week.")
    return batch


def open_batch(session: Session, actor: Actor, batch_id: int) -> ImportBatch:
    """Return a batch of this person that is not applied yet; Refusal if it is."""
    batch = find_batch(session, actor, batch_id)
    if batch.applied_at is not None:
        raise Refusal(_APPLIED)
    return batch


def drop_batch(session: Session, batch: ImportBatch, token: str) -> None:
    """Forget a file that could not be read, with all that was kept of it and the token of the form that sent it."""
    session.execute(delete(FormToken).where(FormToken.token == token))
    session.execute(delete(ImportBatch).where(ImportBatch.id == batch.id))
    session.expunge(batch)


def batches(session: Session, actor: Actor, limit: int = 20) -> list[ImportBatch]:
    """Return this person's imports, newest first."""
    query = select(ImportBatch).where(ImportBatch.person_id == actor.person_id).order_by(ImportBatch.id.desc())
    return list(session.scalars(query.limit(limit)))


def say_columns(session: Session, batch: ImportBatch, said: Mapping[str, Any], profile: str = "") -> None:
    """Keep what a person said of a file's columns."""
    batch.said, batch.profile = dict(said), profile
    batch.version += 1
    session.flush()


def answer(session: Session, batch: ImportBatch, answers: Mapping[str, str]) -> None:
    """Keep answers by the key of their question; an empty one takes an answer back."""
    kept = {**batch.answers, **{key: clean(value) for key, value in answers.items()}}
    batch.answers = {key: value for key, value in kept.items() if value}
    batch.version += 1
    session.flush()


def mark_of(session: Session, slug: str, *, hold: bool = False) -> str:
    """Return what a plan's ledger ends with: as long as it is the same, nothing of the plan has changed.

    With `hold` nobody else writes to the plan until the transaction ends.
    """
    query = select(Plan.ledger_head).where(Plan.slug == slug)
    return session.scalar(query.with_for_update(key_share=True) if hold else query) or ""


def is_there(session: Session, slug: str) -> bool:
    """Return whether there is a plan of this short name."""
    return session.scalar(select(Plan.id).where(Plan.slug == slug)) is not None


def keep_tried(session: Session, batch: ImportBatch, tried: Import, mark: str, answers: Mapping[str, Any]) -> None:
    """Keep what applying a batch would do, with the state of the plan and the answers that this holds for."""
    lines = [_line(outcome) for outcome in tried.outcomes]
    found = {"mark": mark, "created": tried.created, "lines": lines, "answers": dict(answers)}
    keep_data(session, batch.id, "tried", found)


def _line(outcome: Any) -> dict[str, Any]:
    return {
        "state": outcome.state,
        "what": outcome.what,
        "ref": outcome.ref,
        "text": outcome.text,
        "detail": outcome.detail,
        "key": outcome.key,
        "where": outcome.where,
        "before": outcome.before,
        "after": outcome.after,
        "question": outcome.question,
        "choices": [[choice.value, choice.label, list(choice.asks)] for choice in outcome.choices],
    }


def apply_batch(
    session: Session,
    actor: Actor,
    now: datetime,
    batch: ImportBatch,
    document: PlanDocument,
    decisions: Mapping[str, str] | None = None,
) -> Import:
    """Apply what was read; a second time changes nothing. Who makes a new plan becomes its manager."""
    if batch.applied_at is not None:
        raise Refusal(_APPLIED)
    document.slug = batch.plan_slug
    before = session.scalar(select(func.max(LedgerEntry.id))) or 0
    done = bring_in(session, document, actor, now, decisions=decisions, as_at=batch.as_at)
    if done.created and actor.person_id is not None:
        give_role(session, actor.person_id, done.plan_id, Role.MANAGER)
        told = Noted(subject_id=actor.person_id, plan_id=done.plan_id, detail=Role.MANAGER.value)
        note(session, now, Kind.ROLE_GRANTED, actor, told)
    own = select(LedgerEntry.act).where(LedgerEntry.plan_id == done.plan_id, LedgerEntry.id > before)
    plan = session.get_one(Plan, done.plan_id)
    batch.act, batch.plan_version = session.scalar(own.limit(1)) or "", plan.version
    batch.applied_at = now
    session.flush()
    keep_tried(session, batch, done, "", batch.answers)
    forget(session, batch.id, "file", "mark", "answer")
    return done


def certificate(session: Session, batch: ImportBatch, by: str, plan: str) -> Certificate:
    """Return what became of every line of a batch, in the plan if it was applied and in the dry run if not."""
    account = data_of(session, batch.id, "account") or []
    tried = data_of(session, batch.id, "tried") or {"lines": []}
    read = [SourceFate(where, text, Fate(fate), reason) for where, text, fate, reason in account]
    applied = [PlanFate(line["where"], line["text"], line["state"], line["detail"]) for line in tried["lines"]]
    return Certificate(
        batch.filename,
        batch.sha256,
        batch.applied_at,
        by,
        plan,
        batch.plan_version,
        batch.profile,
        reconciled(read, applied),
    )


def slug_for(title: str) -> str:
    """Return a short name for the address of a new plan: letters, digits and hyphens."""
    slug = re.sub(r"[^a-z0-9]+", "-", clean(title).casefold()).strip("-")[:60].strip("-")
    return slug or "plan"
