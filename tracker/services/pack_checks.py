"""What a manager does about a line of the preflight: ask its leads to put it right, or let it stand with a reason."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import Board, Holding, Meeting, Pack, PackChase, PackWaiver, Person, Plan
from tracker.queries.boards import council_days, meeting_row
from tracker.queries.plans import find_plan
from tracker.queries.preflight import Line, Preflight, preflight_of
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.pack_states import PackAct, PackState, refuse_act
from tracker.rules.permissions import Act, Actor
from tracker.rules.preflight import TITLES, WHAT_TO_DO, Check
from tracker.rules.text import clean
from tracker.services import outbox
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import use_token
from tracker.services.packs import open_pack


def pack_preflight(session: Session, pack: Pack, today: date) -> Preflight:
    """Return the preflight of a pack, as at the day of its data or as far as that has come."""
    plan = session.get_one(Plan, pack.plan_id)
    found = find_plan(session, plan.slug)
    assert found is not None
    day, window = min(pack.as_at, today), None
    if pack.meeting_id is not None:
        meeting = session.get_one(Meeting, pack.meeting_id)
        board = session.get_one(Board, meeting.board_id)
        opens = meeting_row(meeting, board, council_days(session)).dates.opens
        window = opens if opens <= day else None  # until it opens, what was confirmed since the last pack counts
    return preflight_of(
        session,
        *found,
        day,
        today,
        window=window,
        board_id=pack.board_id,
        pack_id=pack.id,
    )


def waive(
    session: Session, actor: Actor, now: datetime, pack_id: int, token: str, check: str, subject: str, reason: str
) -> PackWaiver:
    """Let a line of the preflight stand, with a reason that the pack prints."""
    pack = _draft(session, actor, now, pack_id, token)
    line = _line(session, pack, check, subject, london_day(now))
    if line.waiver is not None:
        raise Refusal(f"This line was waived on {show_day(line.waiver.on)} already.")
    if not clean(reason):
        raise Refusal("Enter why the line may stand: the pack prints it.", "reason")
    waiver = PackWaiver(
        plan_id=pack.plan_id,
        pack_id=pack.id,
        check=check,
        subject=subject,
        about=line.finding.about,
        reason=clean(reason),
        made_on=london_day(now),
        made_by=actor.label,
    )
    session.add(waiver)
    session.flush()
    recorder = Recorder(session, session.get_one(Plan, pack.plan_id), actor, now)
    recorder.add(waiver, waiver.reason, verb="waived a line of the preflight")
    recorder.close()
    return waiver


def withdraw_waiver(session: Session, actor: Actor, now: datetime, pack_id: int, waiver_id: int, token: str) -> None:
    """Take a waiver back before the pack is frozen."""
    pack = _draft(session, actor, now, pack_id, token)
    waiver = session.get(PackWaiver, waiver_id)
    if waiver is None or waiver.pack_id != pack.id:
        raise NotFound("There is no such waiver.")
    if waiver.withdrawn_on is not None:
        raise Refusal("The waiver was taken back already.")
    recorder = Recorder(session, session.get_one(Plan, pack.plan_id), actor, now)
    recorder.change(waiver, "took a waiver back", {"withdrawn_on": london_day(now)})
    recorder.close()


def chase(
    session: Session, actor: Actor, now: datetime, pack_id: int, token: str, check: str, subject: str, address: str = ""
) -> PackChase:
    """Leave a message to who leads what a line is about, at most one a day; `address` is where it is put right.

    A line that waits for an approver goes to the other improvement managers. Raises Refusal where nobody can be told.
    """
    pack = _draft(session, actor, now, pack_id, token)
    today = london_day(now)
    line = _line(session, pack, check, subject, today)
    if line.chase is not None and london_day(line.chase.chased_at) == today:
        raise Refusal(f"{line.chase.told} was asked today already.")
    plan, finding = session.get_one(Plan, pack.plan_id), line.finding
    title = f"{finding.about[:60]}: {WHAT_TO_DO[finding.check]}"
    until = f"The pack's data are as at {show_day(pack.as_at)}."
    body = "\n\n".join(
        part
        for part in (
            f"{TITLES[finding.check]}. {finding.sentence}",
            WHAT_TO_DO[finding.check],
            until,
            f"Put it right here: {address}" if address else "",
            f"{finding.about}\nPlan: {plan.title}",
        )
        if part
    )
    words = outbox.Words(body + "\n")
    if plan.sensitive:
        title, where = WHAT_TO_DO[finding.check], address or "open the tracker"
        words = outbox.Words(f"{title}\n\n{until}\n\nThe plan is marked as sensitive: {where}\n", sensitive=True)
    key = f"chase:{pack.id}:{check}:{subject}:{today.isoformat()}"
    told: list[str] = []
    if finding.check is Check.APPROVER:
        if outbox.tell_managers(session, plan, actor, key, "chase", title, words, now):
            told = ["The other improvement managers"]
    else:
        for lead in finding.to_chase:
            holders = _holders(session, lead.post_id, today)
            if any(outbox.tell(session, one, actor, key, "chase", title, words, now) for one in holders):
                told.append(lead.post)
    if not told:
        raise Refusal("There is nobody to ask but you. Put it right yourself, or waive the line with a reason.")
    made = PackChase(
        pack_id=pack.id, check=check, subject=subject, told="; ".join(told), chased_at=now, chased_by=actor.label
    )
    session.add(made)
    session.flush()
    return made


def _draft(session: Session, actor: Actor, now: datetime, pack_id: int, token: str) -> Pack:
    pack = open_pack(session, actor, pack_id, Act.PREPARE_PACK)
    use_token(session, token, actor, now)
    lock_chain(session, pack.plan_id)
    session.refresh(pack)
    refuse_act(PackState(pack.state), PackAct.EDIT)
    return pack


def _line(session: Session, pack: Pack, check: str, subject: str, today: date) -> Line:
    line = pack_preflight(session, pack, today).line(check, subject)
    if line is None:
        raise Refusal("This line is no longer on the list: it was put right.")
    return line


def _holders(session: Session, post_id: int, day: date) -> list[int]:
    """Return who holds a post or deputises for it on a day, and can sign in."""
    query = (
        select(Holding.person_id)
        .join(Person, Person.id == Holding.person_id)
        .where(
            Holding.post_id == post_id,
            Holding.from_day <= day,
            or_(Holding.to_day.is_(None), Holding.to_day >= day),
            Person.disabled_at.is_(None),
        )
        .order_by(Holding.deputy, Holding.person_id)
    )
    return list(session.scalars(query))
