"""Addresses that are told of plans: registered, changed, deleted; deliveries derived once, taken and recorded."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Plan, Webhook, WebhookDelivery
from tracker.queries.webhooks import happened, newest_entry
from tracker.rules.dates import london_day
from tracker.rules.delivery import Trouble, after_trouble
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.security import Kind
from tracker.rules.text import clean
from tracker.rules.webhook import MOST_FAILURES, SHORTEST_SECRET, Event, Form, read_address, write
from tracker.services.security import Noted, note

_LONGEST = 2000
_WORDS = {"address": "address", "kinds": "what is told", "form": "how it is written", "plan_id": "plan"}
_STUCK = timedelta(minutes=15)
"""A delivery so long in the hands of a worker is taken up again: a second copy has the same id."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery in hand."""

    id: int
    webhook_id: int
    address: str
    secret: str
    cause: str
    body: str


def register(
    session: Session,
    actor: Actor,
    now: datetime,
    address: str,
    secret: str,
    kinds: Sequence[str],
    form: str,
    plan_id: int | None,
    *,
    loopback: bool = False,
) -> Webhook:
    """Register an address for some kinds of events, of one plan or of all; what happened before is not told.

    Without a secret one is made.
    """
    permit(actor, Act.MANAGE_WEBHOOKS, None)
    address, chosen = _checked(session, address, kinds, form, plan_id, loopback=loopback)
    secret = clean(secret) or new_secret()
    if len(secret) < SHORTEST_SECRET:
        raise Refusal(f"Enter a secret of at least {SHORTEST_SECRET} characters, or leave it empty.", "secret")
    made = Webhook(
        plan_id=plan_id,
        address=address,
        secret=secret,
        form=form,
        kinds=chosen,
        created_at=now,
        created_by=actor.label,
        ledger_seen=newest_entry(session),
    )
    session.add(made)
    session.flush()
    _note(session, actor, now, made, "registered")
    return made


def change(
    session: Session,
    actor: Actor,
    now: datetime,
    webhook_id: int,
    address: str,
    kinds: Sequence[str],
    form: str,
    plan_id: int | None,
    *,
    ours: str,
    loopback: bool = False,
) -> list[str]:
    """Change what an address is and is told of, from now on; returns what was changed, in words.

    What has happened until now is written down first, as it was asked for until now; `ours` is the address of the
    tracker. What waits goes to the new address.
    """
    permit(actor, Act.MANAGE_WEBHOOKS, None)
    row = _find(session, webhook_id)
    address, chosen = _checked(session, address, kinds, form, plan_id, loopback=loopback)
    wanted = {"address": address, "kinds": chosen, "form": form, "plan_id": plan_id}
    changed = [words for name, words in _WORDS.items() if getattr(row, name) != wanted[name]]
    if not changed:
        return []
    if row.disabled_at is None:
        derive(session, now, ours)
    row.address, row.kinds, row.form, row.plan_id = address, chosen, form, plan_id
    row.failures, row.created_at, row.ledger_seen = 0, now, newest_entry(session)
    session.flush()
    _note(session, actor, now, row, f"changed: {', '.join(changed)}")
    return changed


def renew_secret(session: Session, actor: Actor, now: datetime, webhook_id: int) -> str:
    """Sign what is sent from now on with a new secret; returns it, for the one time that it is shown."""
    permit(actor, Act.MANAGE_WEBHOOKS, None)
    row = _find(session, webhook_id)
    row.secret = new_secret()
    session.flush()
    _note(session, actor, now, row, "new secret")
    return row.secret


def remove(session: Session, actor: Actor, now: datetime, webhook_id: int) -> None:
    """Delete an address with the log of its deliveries, for good."""
    permit(actor, Act.MANAGE_WEBHOOKS, None)
    row = _find(session, webhook_id)
    _note(session, actor, now, row, "deleted")
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id))
    session.delete(row)
    session.flush()


def new_secret() -> str:
    """Return a secret that nobody guesses."""
    return secrets.token_urlsafe(32)


def switch(session: Session, actor: Actor, now: datetime, webhook_id: int) -> bool:
    """Switch an address off, or on again from now on; returns whether it is on."""
    permit(actor, Act.MANAGE_WEBHOOKS, None)
    row = _find(session, webhook_id)
    if row.disabled_at is None:
        row.disabled_at, row.note = now, f"Switched off by {actor.label}."
    else:
        row.disabled_at, row.note, row.failures = None, "", 0
        row.ledger_seen = newest_entry(session)
        row.created_at = now
    session.flush()
    _note(session, actor, now, row, "switched off" if row.disabled_at else "switched on")
    return row.disabled_at is None


def _checked(
    session: Session, address: str, kinds: Sequence[str], form: str, plan_id: int | None, *, loopback: bool
) -> tuple[str, list[str]]:
    """Return address and kinds as they are stored; raises Refusal for what cannot be."""
    address = clean(address)
    if len(address) > _LONGEST:
        raise Refusal(f"Enter an address of at most {_LONGEST} characters.", "address")
    read_address(address, loopback=loopback)
    chosen = [event.value for event in Event if event in kinds]
    if not chosen:
        raise Refusal("Select at least one kind of event.", "kinds")
    if plan_id is not None and session.get(Plan, plan_id) is None:
        raise Refusal("Select a plan from the list.", "plan")
    if form not in set(Form):
        raise Refusal("Select how events are written.", "form")
    return address, chosen


def _note(session: Session, actor: Actor | None, now: datetime, row: Webhook, what: str) -> None:
    """Write into the security log what was done with an address: its host alone, for the rest may hold a key."""
    said = f"{what}, webhook {row.id} ({urlsplit(row.address).hostname})"
    note(session, now, Kind.WEBHOOK_CHANGED, actor, Noted(plan_id=row.plan_id, detail=said))


def send_again(session: Session, actor: Actor, now: datetime, webhook_id: int, delivery_id: int) -> None:
    """Have a delivery sent once more."""
    permit(actor, Act.MANAGE_WEBHOOKS, None)
    webhook, row = _find(session, webhook_id), session.get(WebhookDelivery, delivery_id)
    if row is None or row.webhook_id != webhook.id:
        raise NotFound("There is no such delivery.")
    if webhook.disabled_at is not None:
        raise Refusal("This address is switched off. Switch it on first.")
    if row.state == "sending":
        raise Refusal("A worker has this delivery in hand. Look again in a few minutes.")
    row.state, row.next_try_at, row.attempts, row.created_at = "pending", None, 0, now
    row.detail = f"{actor.label} had it sent again."
    session.flush()


def derive(session: Session, now: datetime, address: str) -> int:
    """Write down what has to be delivered of all that has happened; returns how many deliveries are new."""
    new = 0
    newest = newest_entry(session)
    for webhook in session.scalars(select(Webhook).where(Webhook.disabled_at.is_(None)).order_by(Webhook.id)).all():
        found = {
            one.cause: one
            for one in happened(session, webhook.created_at, webhook.ledger_seen, london_day(now), address)
            if one.event in webhook.kinds and webhook.plan_id in (None, one.plan_id)
        }
        known = select(WebhookDelivery.cause).where(
            WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.cause.in_(list(found))
        )
        there = set(session.scalars(known)) if found else set()
        for cause, one in found.items():
            if cause in there:
                continue
            body = write(one, Form(webhook.form))
            made = WebhookDelivery(webhook_id=webhook.id, cause=cause, kind=one.event.value, body=body, created_at=now)
            try:
                with session.begin_nested():
                    session.add(made)
            except IntegrityError:  # another worker wrote it a moment ago
                continue
            new += 1
        if webhook.ledger_seen < newest:
            webhook.ledger_seen = newest
    session.flush()
    return new


def due(session: Session, now: datetime) -> list[tuple[int, int]]:
    """Return what is to be sent now, oldest first, as delivery and address."""
    query = (
        select(WebhookDelivery.id, WebhookDelivery.webhook_id)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(Webhook.disabled_at.is_(None), _ready(now))
        .order_by(WebhookDelivery.id)
        .limit(500)
    )
    return [(key, webhook_id) for key, webhook_id in session.execute(query)]


def take(session: Session, delivery_id: int, now: datetime) -> Taken | None:
    """Take a delivery in hand; None if another worker did. Commit before it is sent."""
    mine = (
        update(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, _ready(now))
        .values(state="sending", taken_at=now, attempts=WebhookDelivery.attempts + 1)
    )
    if not session.execute(mine).rowcount:  # type: ignore[attr-defined]
        return None
    row = session.get_one(WebhookDelivery, delivery_id, populate_existing=True)
    webhook = session.get_one(Webhook, row.webhook_id)
    return Taken(row.id, webhook.id, webhook.address, webhook.secret, row.cause, row.body)


def record(session: Session, taken: Taken, now: datetime, trouble: Trouble | None, detail: str, *, gone: bool) -> None:
    """Write down what came of a delivery; switches an address off that is gone or has failed too often in a row."""
    row, webhook = session.get(WebhookDelivery, taken.id), session.get(Webhook, taken.webhook_id)
    if row is None or webhook is None:  # deleted while it was sent
        return
    row.detail, row.taken_at = detail, None
    if trouble is None:
        row.state, row.sent_at, row.next_try_at, webhook.failures = "sent", now, None, 0
        return
    then = after_trouble(trouble, row.attempts, row.created_at, now)
    row.state, row.next_try_at = then.state.value, then.at
    webhook.failures += 1
    if gone or webhook.failures >= MOST_FAILURES:
        webhook.disabled_at = now
        why = "the answer that it is gone" if gone else f"{webhook.failures} attempts without success"
        webhook.note = f"Switched off by the tracker after {why}. {detail}."
        _note(session, None, now, webhook, f"switched off after {why}")


def _ready(now: datetime) -> ColumnElement[bool]:
    waits = (WebhookDelivery.state == "pending") & or_(
        WebhookDelivery.next_try_at.is_(None), WebhookDelivery.next_try_at <= now
    )
    return or_(waits, (WebhookDelivery.state == "sending") & (WebhookDelivery.taken_at < now - _STUCK))


def _find(session: Session, webhook_id: int) -> Webhook:
    row = session.get(Webhook, webhook_id)
    if row is None:
        raise NotFound("There is no such webhook.")
    return row
