"""Who leads a workstream, an action or a milestone: several posts, and of them exactly one accountable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Action, LeadAssignment, Milestone, Plan, Post, Workstream
from tracker.rules.errors import Conflict, NotFound, Refusal
from tracker.rules.permissions import Act, Actor, allowed, permit
from tracker.rules.text import clean
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import use_token

_MODELS: dict[str, Any] = {"workstream": Workstream, "action": Action, "milestone": Milestone}


@dataclass(frozen=True, slots=True)
class Leads:
    """Who is to lead: ids of posts in their order, and the one that is accountable (None where nobody leads)."""

    posts: tuple[int, ...]
    accountable: int | None


@dataclass(frozen=True, slots=True)
class Led:
    """What is led, with its plan and what it is called ("Workstream 1a")."""

    plan: Plan
    kind: str
    id: int
    name: str
    text: str
    workstream_id: int | None


def open_led(session: Session, actor: Actor, plan_id: int, kind: str, subject_id: int) -> Led:
    """Return what is led, for an actor who may change its leads; NotFound before NotPermitted."""
    row = session.get(_MODELS[kind], subject_id) if kind in _MODELS else None
    if row is None or row.plan_id != plan_id or not allowed(actor, Act.SEE, plan_id):
        raise NotFound("There is no such part of this plan, or you may not see it.")
    permit(actor, Act.EDIT, plan_id)
    plan = session.get_one(Plan, plan_id)
    workstream_id = row.id if kind == "workstream" else row.workstream_id
    workstream = session.get(Workstream, workstream_id) if workstream_id is not None else None
    label = plan.workstream_label if kind == "workstream" else kind.capitalize()
    ref = row.ref if kind == "workstream" or workstream is None else f"{workstream.ref}.{row.ref}"
    text = row.title if kind == "workstream" else row.text
    return Led(plan, kind, subject_id, f"{label} {ref}", text, workstream_id)


def leads_now(session: Session, kind: str, subject_id: int) -> list[LeadAssignment]:
    """Return the assignments that stand, in their order."""
    query = select(LeadAssignment).where(
        getattr(LeadAssignment, f"{kind}_id") == subject_id, LeadAssignment.ended.is_(None)
    )
    return list(session.scalars(query.order_by(LeadAssignment.position, LeadAssignment.id)))


def stamp(rows: Sequence[LeadAssignment]) -> int:
    """Return a number that is another one as soon as somebody changes the leads."""
    changed = 0
    for row in rows:
        changed = (changed * 31 + row.id * 2 + row.accountable) % (2**31 - 1)
    return changed


def set_leads(
    session: Session, actor: Actor, now: datetime, led: Led, wanted: Leads, seen: int, token: str, reason: str = ""
) -> int:
    """Let exactly these posts lead, one of them accountable; returns how many assignments changed.

    Who led before stays in the ledger with the day. Refused with a sentence where several lead and nobody, or
    somebody else, is accountable.
    """
    permit(actor, Act.EDIT, led.plan.id)
    use_token(session, token, actor, now)
    lock_chain(session, led.plan.id)
    rows = leads_now(session, led.kind, led.id)
    if stamp(rows) != seen:
        raise Conflict("Somebody else changed who leads this while you had it open. Look at it again.", (), 0)
    posts = dict.fromkeys(wanted.posts)
    titles = _titles(session, posts, {row.post_id for row in rows})
    if posts and wanted.accountable not in posts:
        raise Refusal("Say which one of those who lead is accountable. There has to be exactly one.", "accountable")
    recorder = Recorder(session, led.plan, actor, now)
    why, what, changed = clean(reason), led.name[:40], 0
    kept = {row.post_id: row for row in rows if row.post_id in posts}
    for row in rows:
        if row.post_id not in posts:
            verb = f"ended the lead of {_short(titles[row.post_id])} on {what}"
            changed += bool(recorder.change(row, verb, {"ended": recorder.today}, why))
        elif row.accountable and row.post_id != wanted.accountable:
            verb = f"made {_short(titles[row.post_id])} no longer accountable for {what}"
            changed += bool(recorder.change(row, verb, {"accountable": False}, why))
    session.flush()  # before another one becomes accountable: the database lets only one be
    place = max((row.position for row in rows), default=0)
    for post_id in posts:
        accountable = post_id == wanted.accountable
        if post_id in kept:
            verb = f"made {_short(titles[post_id])} accountable for {what}"
            if accountable:
                changed += bool(recorder.change(kept[post_id], verb, {"accountable": True}, why))
            continue
        place += 1
        row = LeadAssignment(
            plan_id=led.plan.id,
            **{f"{led.kind}_id": led.id},
            post_id=post_id,
            accountable=accountable,
            organisation_named=True,
            position=place,
        )
        session.add(row)
        session.flush()
        verb = f"made {_short(titles[post_id])} {'the accountable' if accountable else 'a'} lead of {what}"
        recorder.add(row, why, verb)
        changed += 1
    recorder.close()
    return changed


def _titles(session: Session, wanted: dict[int, None], there: set[int]) -> dict[int, str]:
    """Return the titles of posts; refuses one that is not there or newly given although it is closed."""
    query = select(Post.id, Post.title, Post.closed_on).where(Post.id.in_([*wanted, *there]))
    found = {post_id: (title, closed) for post_id, title, closed in session.execute(query)}
    for post_id in wanted:
        if post_id not in found:
            raise Refusal("Select a post from the list.", "add")
        if found[post_id][1] is not None and post_id not in there:
            raise Refusal(f"The post {found[post_id][0]} is closed. Select another one.", "add")
    return {post_id: title for post_id, (title, _) in found.items()}


def _short(title: str) -> str:
    return title if len(title) <= 40 else title[:39] + "…"
