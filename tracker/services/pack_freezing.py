"""Freeze a pack and issue it: one set of facts, taken at once, kept under its fingerprint for good."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Board, Meeting, Pack, PackContent, Plan
from tracker.queries.boards import MeetingRow, council_days, meeting_row, next_meetings
from tracker.queries.packs import PackRow, WaiverRow, find_pack, last_issued, next_edition, waivers_of
from tracker.queries.plans import find_plan
from tracker.queries.rows import PlanRow
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import Refusal
from tracker.rules.meeting_dates import DATE_WORDS
from tracker.rules.pack_file import FORMAT, VERSION, canonical
from tracker.rules.pack_states import PackAct, PackState
from tracker.rules.permissions import Actor
from tracker.rules.scheme import Schemes
from tracker.services.packs import begin, record


@dataclass(frozen=True, slots=True)
class Cut:
    """All that is known of a pack when its facts are put together."""

    pack: PackRow
    plan: PlanRow
    schemes: Schemes
    meeting: MeetingRow | None
    next_meetings: tuple[date, ...]
    waivers: tuple[WaiverRow, ...]
    today: date
    now: datetime

    @property
    def number_below(self) -> int | None:
        """Return the number of the pack that this one corrects: it is compared with one before that."""
        return self.pack.number if self.pack.corrects_id is not None else None


@dataclass(frozen=True, slots=True)
class Composed:
    """What a pack says: the facts that the next pack is compared with, and the content that is printed."""

    facts: Mapping[str, Any]
    content: Mapping[str, Any]
    compared_with: str  # the fingerprint of the issued pack that movement is against; "" for the first


Compose = Callable[[Session, Cut], Composed]
"""Puts the content together from the database: `exports.packs.compose`."""


def freeze(
    session: Session, actor: Actor, now: datetime, pack_id: int, version: int, token: str, compose: Compose
) -> Pack:
    """Freeze a draft: take its facts at once, give it its number, keep it under its fingerprint.

    The plan is locked before anything is read, so the facts are those of one moment, and of two who freeze at once one
    is refused. Raises Refusal where the day of the data is still to come.
    """
    pack = begin(session, actor, now, pack_id, version, token, PackAct.FREEZE, {})
    today = london_day(now)
    if pack.as_at > today:
        raise Refusal(
            f"The data are to be as at {show_day(pack.as_at)}, which is still to come. Freeze it from that day on, or "
            "change the day of the data."
        )
    last = last_issued(session, pack.plan_id, pack.board_id)
    corrected = session.get(Pack, pack.corrects_id) if pack.corrects_id is not None else None
    number = corrected.number if corrected is not None else (last.number if last else 0) + 1
    values: dict[str, Any] = {
        "state": PackState.FROZEN.value,
        "number": number,
        "edition": next_edition(session, pack.plan_id, pack.board_id, number),
        "previous": last.fingerprint if last else "",
        "frozen_at": now.astimezone(UTC),
        "frozen_by": actor.label,
    }
    cut = _cut(session, pack, values, now)
    composed = compose(session, cut)
    plan = session.get_one(Plan, pack.plan_id)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "meta": _meta(cut, composed, plan, corrected),
        "facts": composed.facts,
        "content": composed.content,
        "waivers": [_waiver(row) for row in cut.waivers],
    }
    text = canonical(document)
    values["fingerprint"] = hashlib.sha256(text).hexdigest()
    record(session, actor, now, pack, "froze the pack", values)
    session.add(PackContent(pack_id=pack.id, canonical=text.decode("utf-8")))
    session.flush()
    return pack


def composed_now(session: Session, pack: Pack, now: datetime, compose: Compose) -> Composed:
    """Return what a draft would say if it were frozen now; nothing is written."""
    return compose(session, cut_now(session, pack, now))


def cut_now(session: Session, pack: Pack, now: datetime) -> Cut:
    """Return what is known of a draft now; nothing is written."""
    return _cut(session, pack, {}, now)


def issue(session: Session, actor: Actor, now: datetime, pack_id: int, version: int, token: str) -> Pack:
    """Issue a frozen pack, for good. It has to follow the last one that was issued, and be what was frozen."""
    pack = begin(session, actor, now, pack_id, version, token, PackAct.ISSUE, {})
    last = last_issued(session, pack.plan_id, pack.board_id)
    if pack.previous != (last.fingerprint if last else ""):
        raise Refusal(
            f"{last.title if last else 'Another pack'} was issued after this one was frozen, so this one does not "
            "follow it. Set it aside, and make and freeze a new draft."
        )
    stored = session.scalar(select(PackContent.canonical).where(PackContent.pack_id == pack.id)) or ""
    if hashlib.sha256(stored.encode("utf-8")).hexdigest() != pack.fingerprint:
        raise Refusal("What is stored of this pack is not what was frozen. Run the verification, and do not issue it.")
    values = {"state": PackState.ISSUED.value, "issued_at": now.astimezone(UTC), "issued_by": actor.label}
    record(session, actor, now, pack, "issued the pack", values)
    return pack


def _cut(session: Session, pack: Pack, values: Mapping[str, Any], now: datetime) -> Cut:
    row = find_pack(session, pack.id)
    assert row is not None
    found = find_plan(session, row.slug)
    assert found is not None
    meeting = None
    if pack.meeting_id is not None:
        stored = session.get_one(Meeting, pack.meeting_id)
        meeting = meeting_row(stored, session.get_one(Board, stored.board_id), council_days(session))
    known = {name: value for name, value in values.items() if name != "state"}
    coming = next_meetings(session, pack.board_id, pack.as_at) if pack.board_id is not None else []
    return Cut(
        pack=replace(row, **known),
        plan=found[0],
        schemes=found[1],
        meeting=meeting,
        next_meetings=tuple(one.day for one in coming),
        waivers=tuple(waivers_of(session, pack.id)),
        today=london_day(now),
        now=now,
    )


def _meta(cut: Cut, composed: Composed, plan: Plan, corrected: Pack | None) -> dict[str, Any]:
    """Return what the pack is, as its JSON says it; the head of the ledger ties it to what was recorded."""
    pack, meeting = cut.pack, cut.meeting
    frozen = pack.frozen_at or cut.now
    days = {name: getattr(meeting.dates, name).isoformat() for name in DATE_WORDS} if meeting else {}
    return {
        "plan": {"slug": pack.slug, "title": pack.plan, "organisation": plan.organisation, "version": plan.version},
        "board": {"name": pack.board} if pack.board else None,
        "meeting": {"starts_at": meeting.starts_at, "place": meeting.place, **days} if meeting else None,
        "as_at": pack.as_at.isoformat(),
        "number": pack.number,
        "version": pack.edition,
        "purpose": pack.purpose,
        "recommendations": list(pack.recommendations),
        "author": pack.author,
        "senior_officer": pack.senior_officer,
        "assurance": pack.assurance,
        "considered_by": list(pack.considered_by),
        "correction": {"of": corrected.fingerprint, "says": pack.correction} if corrected is not None else None,
        "previous": pack.previous,
        "compared_with": composed.compared_with,
        "frozen_at": frozen.astimezone(UTC).isoformat(),
        "frozen_by": pack.frozen_by,
        "ledger": {"entries": plan.ledger_seq, "head": plan.ledger_head},
        "demonstration": plan.demonstration,
    }


def _waiver(row: WaiverRow) -> dict[str, Any]:
    return {
        "check": row.check,
        "subject": row.subject,
        "about": row.about,
        "reason": row.reason,
        "on": row.on.isoformat(),
        "by": row.by,
    }
