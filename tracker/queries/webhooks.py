"""Webhooks as the administrator sees them, and what has happened that their addresses are told of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tracker.models import ColourSpan, LedgerEntry, Milestone, Pack, Plan, Webhook, WebhookDelivery, Workstream
from tracker.queries.digest_rows import MASKED_PLAN
from tracker.rules.dates import london_day, show_day
from tracker.rules.refs import whole_ref
from tracker.rules.webhook import Event, Happened

_BACK = timedelta(days=7)
"""How far back changes of colour are caught up with after a worker did not run."""
_OVERLAP = 500
"""Entries of the ledger that are looked at again: a lower number may be stored a moment after a higher one."""
_SIGNED_OFF = "approved the completion"
_DATES = {"approved the new date": "A new date was agreed", "refused the new date": "A new date was refused"}
PAGE = 50


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """An address with its plan ("" for all), and how many deliveries wait, failed, and are there in all."""

    webhook: Webhook
    plan: str
    waiting: int
    failed: int
    total: int


def webhooks(session: Session, webhook_id: int | None = None) -> list[WebhookRow]:
    """Return all addresses, or one, oldest first. One statement."""

    def number(*which: Any) -> Any:
        mine = (WebhookDelivery.webhook_id == Webhook.id, *which)
        return select(func.count()).select_from(WebhookDelivery).where(*mine).scalar_subquery()

    counts = [number(WebhookDelivery.state == state) for state in ("pending", "failed")]
    query = select(Webhook, Plan.title, *counts, number()).outerjoin(Plan, Plan.id == Webhook.plan_id)
    if webhook_id is not None:
        query = query.where(Webhook.id == webhook_id)
    return [
        WebhookRow(one, title or "", *numbers) for one, title, *numbers in session.execute(query.order_by(Webhook.id))
    ]


def deliveries(session: Session, webhook_id: int, page: int) -> tuple[Sequence[WebhookDelivery], int, int]:
    """Return one page of what was or is to be delivered, newest first, with its number and that of the last page."""
    mine = WebhookDelivery.webhook_id == webhook_id
    total = session.scalar(select(func.count()).select_from(WebhookDelivery).where(mine)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(page, pages)
    query = (
        select(WebhookDelivery).where(mine).order_by(WebhookDelivery.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    )
    return session.scalars(query).all(), page, pages


def happened(session: Session, since: datetime, seen: int, today: date, address: str) -> Iterator[Happened]:
    """Yield what has happened since a moment, of the ledger after entry `seen`. Three statements; `address`: ours."""
    yield from _colours(session, london_day(since), today, address)
    yield from _acts(session, since, seen, address)


def newest_entry(session: Session) -> int:
    """Return the number of the newest entry of the ledger."""
    return session.scalar(select(func.max(LedgerEntry.id))) or 0


def _colours(session: Session, since: date, today: date, address: str) -> Iterator[Happened]:
    before = aliased(ColourSpan)
    query = (
        select(
            Milestone.id,
            Milestone.plan_id,
            Milestone.ref,
            Workstream.ref,
            Plan.title,
            Plan.sensitive,
            before.colour,
            ColourSpan.colour,
            ColourSpan.from_day,
            before.to_day,
        )
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .join(before, before.milestone_id == Milestone.id)
        .join(Plan, Plan.id == Milestone.plan_id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(
            ColourSpan.from_day <= today,
            ColourSpan.from_day > max(since, today - _BACK),
            before.to_day < ColourSpan.from_day,
            before.to_day >= max(since, today - _BACK),
            before.colour != ColourSpan.colour,
        )
        .order_by(ColourSpan.from_day, Milestone.id)
    )
    for key, plan_id, ref, workstream, title, sensitive, was, colour, day, until in session.execute(query):
        if until != day - timedelta(days=1):
            continue
        full = whole_ref(workstream, ref)
        says = f"{full} became {colour} on {show_day(day)}; it was {was}."
        name, link = MASKED_PLAN if sensitive else title, f"{address}/milestones/{key}"
        yield Happened(Event.COLOUR, f"colour:{key}:{day}:{colour}", plan_id, name, full, says, day, link)


def _acts(session: Session, since: datetime, seen: int, address: str) -> Iterator[Happened]:
    entries = (
        select(LedgerEntry, Plan.title, Plan.sensitive)
        .join(Plan, Plan.id == LedgerEntry.plan_id)
        .where(LedgerEntry.id > seen - _OVERLAP, LedgerEntry.recorded_at >= since, LedgerEntry.back_filled.is_(False))
    )
    acts = entries.add_columns(Milestone.ref, Workstream.ref).join(Milestone, Milestone.id == LedgerEntry.subject_id)
    acts = acts.outerjoin(Workstream, Workstream.id == Milestone.workstream_id).where(
        LedgerEntry.subject_type == "milestone", LedgerEntry.verb.in_([_SIGNED_OFF, *_DATES])
    )
    for entry, title, sensitive, ref, workstream in session.execute(acts.order_by(LedgerEntry.id)):
        full = whole_ref(workstream, ref)
        day, name = entry.effective_day, MASKED_PLAN if sensitive else title
        event = Event.SIGNED_OFF if entry.verb == _SIGNED_OFF else Event.DATE
        what = "The completion was signed off" if event is Event.SIGNED_OFF else _DATES[entry.verb]
        says, link = f"{what}: {full}, on {show_day(day)}.", f"{address}/milestones/{entry.subject_id}"
        yield Happened(event, f"ledger:{entry.id}", entry.plan_id, name, full, says, day, link)
    issued = entries.add_columns(Pack.number).join(Pack, Pack.id == LedgerEntry.subject_id)
    issued = issued.where(LedgerEntry.subject_type == "pack")
    for entry, title, sensitive, number in session.execute(issued.order_by(LedgerEntry.id)):
        if (entry.changes.get("state") or [None])[-1] != "issued":
            continue
        day, name, ref = entry.effective_day, MASKED_PLAN if sensitive else title, f"Pack {number}"
        says, link = f"{ref} was issued on {show_day(day)}.", f"{address}/packs/{entry.subject_id}"
        yield Happened(Event.ISSUED, f"ledger:{entry.id}", entry.plan_id, name, ref, says, day, link)
