"""Write the security log, and forget what is past its time. Nothing else touches it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tracker.models import Person, SecurityEvent, SecurityRetention
from tracker.rules.permissions import Actor
from tracker.rules.security import BOARDS, FOLDED, ONE_MINUTE, Kind

_LONGEST = 254  # of an e-mail address, and of what else is written down
_LONGEST_CHANGE = 4_000  # of what a board was and is


@dataclass(frozen=True, slots=True)
class Noted:
    """What is said of an event beside its kind: text that a person wrote only of what is in `rules.security.BOARDS`."""

    email: str = ""
    subject_id: int | None = None
    plan_id: int | None = None
    board_id: int | None = None
    detail: str = ""
    device: str = ""


def note(session: Session, now: datetime, kind: Kind, actor: Actor | None = None, about: Noted | None = None) -> None:
    """Write one event; of kinds that can be repeated at will, the same within a minute is counted in one row.

    Flushes, never commits: an event goes with the change that it tells of. What tells of a refusal is written in a
    transaction of its own by the edge, because that of the request is undone.
    """
    about = about or Noted()
    values = {
        "kind": kind.value,
        "actor": (actor.label if actor else "")[:_LONGEST],
        "person_id": actor.person_id if actor else None,
        "email": about.email[:_LONGEST],
        "subject_id": about.subject_id,
        "plan_id": about.plan_id,
        "board_id": about.board_id,
        "detail": about.detail[: _LONGEST_CHANGE if kind in BOARDS else _LONGEST],
        "device": about.device,
    }
    if kind in FOLDED:
        same = [getattr(SecurityEvent, name).is_not_distinct_from(value) for name, value in values.items()]
        recent = select(SecurityEvent.id).where(SecurityEvent.at > now - ONE_MINUTE, SecurityEvent.at <= now, *same)
        known = session.scalar(recent.order_by(SecurityEvent.id.desc()).limit(1))
        if known is not None:
            again = update(SecurityEvent).where(SecurityEvent.id == known)
            session.execute(again.values(times=SecurityEvent.times + 1, last_at=now))
            return
    session.add(SecurityEvent(at=now, last_at=now, times=1, **values))
    session.flush()


def about_person(person: Person, *, plan_id: int | None = None, detail: str = "") -> Noted:
    """Return what is said of an event that is about a person."""
    return Noted(email=person.email, subject_id=person.id, plan_id=plan_id, detail=detail)


def forget_events(session: Session, now: datetime, kept_for: timedelta) -> int:
    """Delete events older than the time for which they are kept, and write that it was done; returns how many."""
    before = now - kept_for
    old = SecurityEvent.at < before
    number = session.scalar(select(func.count()).select_from(SecurityEvent).where(old)) or 0
    if not number:
        return 0
    mark = session.get(SecurityRetention, 1)
    if mark is None:
        session.add(SecurityRetention(id=1, forget_before=before))
    elif mark.forget_before < before:
        mark.forget_before = before
    session.flush()
    session.execute(delete(SecurityEvent).where(old))
    note(session, now, Kind.FORGOTTEN, None, Noted(detail=f"{number} from before {before:%d/%m/%Y}"))
    return number
