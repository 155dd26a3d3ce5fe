"""Workbooks that came back and wait for a person: kept for a week, applied once, taken back while nothing changed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.models import Milestone, Plan, ReturnedWorkbook
from tracker.queries.register import led_by
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, scope
from tracker.rules.text import clean
from tracker.rules.workbook_keys import RowKey, read_key
from tracker.rules.workbook_return import Outcome, Remark, Result, Returned
from tracker.services.ledger import lock_chain
from tracker.services.milestones import use_token
from tracker.services.updates import undo_updates
from tracker.services.workbooks import apply_workbook, try_workbook

KEPT_FOR = timedelta(days=7)
_MOST = 20


def keep_returned(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    returned: Returned,
    secret: bytes,
    *,
    by_link: bool = False,
) -> ReturnedWorkbook:
    """Keep a workbook that came back, with what applying it would do. Raises Refusal if it is not of this plan."""
    assert actor.person_id is not None
    session.execute(delete(ReturnedWorkbook).where(ReturnedWorkbook.created_at < now - KEPT_FOR))
    result = try_workbook(session, actor, now, plan_id, returned, secret)
    batch = ReturnedWorkbook(
        plan_id=plan_id,
        person_id=actor.person_id,
        filename=clean(returned.filename)[:200],
        lead=clean(result.lead)[:300],
        content=json.dumps(returned.as_data(), ensure_ascii=False),
        result=json.dumps(result.as_data(), ensure_ascii=False),
        seq=_seq(session, plan_id),
        created_at=now,
        applied_at=None,
        act="",
        undone_at=None,
        by_link=by_link,
    )
    session.add(batch)
    session.flush()
    return batch


def keep_linked(session: Session, actor: Actor, now: datetime, returned: Returned, secret: bytes) -> ReturnedWorkbook:
    """Keep a workbook that came back by a link of the actor: of it, the rows of milestones that their posts lead.

    Whose milestone a row is of, its sealed key says; of those of others nothing is read, compared or shown.
    """
    keys = {row.place: key for row in returned.rows if isinstance(key := read_key(secret, row.key), RowKey)}
    if not keys:
        raise Refusal("This is not a workbook of this tracker, or its hidden keys were changed. Download a new one.")
    led = select(Milestone.id, Milestone.plan_id).where(
        Milestone.id.in_({key.milestone_id for key in keys.values()}), led_by(sorted(actor.posts))
    )
    plan_of = {key: plan_id for key, plan_id in session.execute(led)}  # noqa: C416  rows
    if not plan_of:
        raise Refusal("None of the milestones of this workbook is one of yours.")
    mine = tuple(row for row in returned.rows if row.place not in keys or keys[row.place].milestone_id in plan_of)
    remarks = returned.remarks
    if len(mine) < len(returned.rows):
        number = len(returned.rows) - len(mine)
        remarks += (Remark("The file", f"{number} row{'' if number == 1 else 's'} left out: not of your milestones."),)
    sent = {key: ref for key, ref in returned.sent.items() if key in plan_of}
    own = replace(returned, rows=mine, sent=sent, remarks=remarks)
    plan_id = next(plan_of[key.milestone_id] for key in keys.values() if key.milestone_id in plan_of)
    return keep_returned(session, actor, now, plan_id, own, secret, by_link=True)


def find_returned(
    session: Session, actor: Actor, batch_id: int, *, by_link: bool = False
) -> tuple[ReturnedWorkbook, str]:
    """Return a workbook that this person uploaded, and the slug of its plan; NotFound for anybody else's.

    By a link only what came by one is found: it was read for the lead, not for what else its person is.
    """
    batch = session.get(ReturnedWorkbook, batch_id)
    if batch is None or batch.person_id != actor.person_id or scope(actor, Act.UPDATE, batch.plan_id) is None:
        raise NotFound("There is no such workbook. Workbooks that came back are kept for a week.")
    if by_link and not batch.by_link:
        raise NotFound("There is no such workbook. Workbooks that came back are kept for a week.")
    return batch, session.scalars(select(Plan.slug).where(Plan.id == batch.plan_id)).one()


def returned_workbooks(session: Session, actor: Actor, plan_id: int | None) -> list[ReturnedWorkbook]:
    """Return what this person uploaded to a plan, newest first; for None what they uploaded by a link, to any."""
    which = ReturnedWorkbook.by_link if plan_id is None else ReturnedWorkbook.plan_id == plan_id
    query = select(ReturnedWorkbook).where(ReturnedWorkbook.person_id == actor.person_id, which)
    return list(session.scalars(query.order_by(ReturnedWorkbook.id.desc()).limit(_MOST)))


def result_of(batch: ReturnedWorkbook) -> Result:
    """Return what applying a workbook would do, or did."""
    return Result.from_data(json.loads(batch.result))


def is_stale(session: Session, batch: ReturnedWorkbook) -> bool:
    """Return whether the plan has changed since it was said what applying the workbook would do."""
    return batch.applied_at is None and _seq(session, batch.plan_id) != batch.seq


def look_again(
    session: Session, actor: Actor, now: datetime, batch: ReturnedWorkbook, secret: bytes, token: str
) -> Result:
    """Say anew what applying a workbook would do."""
    use_token(session, token, actor, now)
    _refuse_applied(batch)
    result = try_workbook(session, actor, now, batch.plan_id, _content(batch), secret)
    session.refresh(batch)
    return _keep(session, batch, result)


def apply_returned(
    session: Session,
    actor: Actor,
    now: datetime,
    batch: ReturnedWorkbook,
    secret: bytes,
    token: str,
    choices: Mapping[tuple[int, str], str],
) -> bool:
    """Apply a workbook with what was chosen; returns False, and applies nothing, where there is something new to see.

    That is a conflict that came up after the person was shown what would become of the workbook.
    """
    use_token(session, token, actor, now)
    lock_chain(session, batch.plan_id)
    session.refresh(batch)
    _refuse_applied(batch)
    shown = _conflicts(result_of(batch))
    with session.begin_nested() as savepoint:
        result = apply_workbook(session, actor, now, batch.plan_id, _content(batch), secret, choices)
        unseen = _conflicts(result) - shown
        if unseen:
            savepoint.rollback()
    if unseen:
        session.expire_all()  # what was flushed inside is gone
        again = try_workbook(session, actor, now, batch.plan_id, _content(batch), secret)
        session.refresh(batch)
        _keep(session, batch, again)
        return False
    batch.applied_at = now
    batch.act = result.act if _can_be_undone(result) else ""
    _keep(session, batch, result)
    return True


def undo_returned(session: Session, actor: Actor, now: datetime, batch: ReturnedWorkbook, token: str) -> int:
    """Take the updates of an applied workbook back; returns of how many milestones. Completions stay claimed."""
    use_token(session, token, actor, now)
    session.refresh(batch)
    if batch.undone_at is not None:
        raise Refusal("There is nothing to undo.")
    number = undo_updates(session, actor, now, batch.act, f"undo-{secrets.token_urlsafe(12)}")
    batch.undone_at = now
    session.flush()
    return number


def _can_be_undone(result: Result) -> bool:
    """Return whether a workbook changed more than it claimed as complete."""
    return len(result.rows_with(Outcome.APPLIED)) > result.claims


def _keep(session: Session, batch: ReturnedWorkbook, result: Result) -> Result:
    batch.result = json.dumps(result.as_data(), ensure_ascii=False)
    batch.seq = _seq(session, batch.plan_id)
    session.flush()
    return result


def _conflicts(result: Result) -> set[tuple[int, str, str]]:
    return {
        (row.milestone_id, cell.key, cell.seen)
        for row in result.rows
        for cell in row.cells
        if cell.outcome is Outcome.CONFLICT
    }


def _content(batch: ReturnedWorkbook) -> Returned:
    return Returned.from_data(json.loads(batch.content))


def _refuse_applied(batch: ReturnedWorkbook) -> None:
    if batch.applied_at is not None:
        raise Refusal("This workbook has been applied already. Upload it again to see what is left of it.")


def _seq(session: Session, plan_id: int) -> int:
    return session.scalars(select(Plan.ledger_seq).where(Plan.id == plan_id)).one()
