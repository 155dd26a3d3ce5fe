"""What a minute does to the plan, and how it is taken back: one act with the minute itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import DeadlineChange, LedgerEntry, Matter, Milestone, Pack, PackMinute, Plan
from tracker.queries.as_at import as_stored
from tracker.queries.minutes import Asked
from tracker.queries.packs import PackRow
from tracker.rules.dates import show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.facts import Standing
from tracker.rules.minutes import IN_WORDS, MatterKind, MatterState, Outcome
from tracker.rules.pack_states import PackState
from tracker.rules.permissions import Act, Actor
from tracker.rules.text import clean
from tracker.services import colours, outbox
from tracker.services.completion import decide_completion
from tracker.services.deadlines import Verdict
from tracker.services.ledger import Recorder, lock_chain, plain
from tracker.services.matters import settled
from tracker.services.meetings import decide_list
from tracker.services.milestones import use_token
from tracker.services.packs import open_pack
from tracker.services.structure.standing import VERBS

_MODELS: dict[str, Any] = {model.__tablename__: model for model in (DeadlineChange, Matter, Milestone)}
_EMPTY = (None, "")
_BEFORE = "This was minuted before minutes could be taken back. Put right by hand what it decided."


@dataclass(frozen=True, slots=True)
class Said:
    """What a meeting said, with the number of its minute."""

    outcome: Outcome
    minute: str
    note: str


def decide(recorder: Recorder, board: str, chosen: Sequence[Asked], met: date, said: Said, token: str) -> None:
    """Let what the board said take effect within the act of its minute: dates as one list, the others one by one."""
    session, actor, now, plan = recorder.session, recorder.actor, recorder.now, recorder.plan
    approve = said.outcome is Outcome.AGREED
    dates = {one.key: one.version for one in chosen if one.kind == "date"}
    if dates:
        verdict = Verdict(approve, said.note, said.minute, met)
        decide_list(session, actor, now, plan.id, dates, f"{token}:dates", verdict, recorder.act)
    words = f"{'Ratified' if approve else 'Refused'} by the board on {show_day(met)}, minute {said.minute}."
    for one in chosen:
        if one.kind == "sign-off":
            decide_completion(
                session,
                actor,
                now,
                one.milestone_id,
                one.version,
                f"{token}:{one.milestone_id}",
                approve=approve,
                note=f"{words} {said.note}".strip(),
                act=recorder.act,
            )
    suspended: list[Milestone] = []
    for one in chosen:
        if one.kind == "matter":
            matter = session.get_one(Matter, one.key)
            state = MatterState.AGREED if approve else MatterState.REFUSED
            outcome = f"{board}, {show_day(met)}, minute {said.minute}. {said.note}"
            recorder.change(matter, f"recorded that the board {state.value} it", settled(recorder, state, outcome))
            if approve and matter.kind == MatterKind.SUSPENSION:
                suspended.append(_suspend(recorder, matter, f"{board}, minute {said.minute}, {show_day(met)}"))
    for row in suspended:
        colours.refresh(session, plan, row, recorder.today)


def _suspend(recorder: Recorder, matter: Matter, reference: str) -> Milestone:
    row = recorder.session.get_one(Milestone, matter.milestone_id)
    if row.standing != Standing.OPEN:
        raise Refusal(f"{outbox.named(recorder.session, row)} is {row.standing} already.", "decisions")
    values = {"standing": Standing.SUSPENDED.value, "standing_reference": reference}
    recorder.change(row, VERBS[Standing.SUSPENDED], values, reference)
    return row


def take_back(
    session: Session, actor: Actor, now: datetime, pack_id: int, minute_id: int, token: str, reason: str
) -> list[PackMinute]:
    """Take a minute back with all that was minuted with it and what it did to the plan, as new entries.

    Possible until the next pack of the board is issued. Where something was changed since, a Refusal says what.
    """
    pack = open_pack(session, actor, pack_id, Act.MINUTE)
    use_token(session, token, actor, now)
    lock_chain(session, pack.plan_id)
    together = minuted_together(session, pack, minute_id)
    if any(row.withdrawn_on is not None for row in together):
        raise Refusal("This minute was taken back already.")
    why = why_no_take_back(session, pack)
    if why:
        raise Refusal(why)
    if not clean(reason):
        raise Refusal("Enter why it is taken back.", "reason")
    plan = session.get_one(Plan, pack.plan_id)
    entries = _entries(session, pack.plan_id, together[0])
    done = [entry for entry in entries if entry.subject_type in _MODELS]
    decided = any(row.outcome != Outcome.DEFERRED and row.subject != IN_WORDS for row in together)
    if decided and not done:
        raise Refusal(_BEFORE)
    recorder = Recorder(session, plan, actor, now)
    touched: dict[int, Milestone] = {}
    for entry in reversed(done):
        row: Any = session.get_one(_MODELS[entry.subject_type], entry.subject_id, populate_existing=True)
        recorder.change(row, "took back what was minuted", _before(session, row, entry), clean(reason))
        if isinstance(row, Milestone):
            touched[row.id] = row
    for one in together:
        recorder.change(one, "took the minute back", {"withdrawn_on": recorder.today}, clean(reason))
    recorder.close()
    for milestone in touched.values():
        colours.refresh(session, plan, milestone, recorder.today)
    return together


def why_no_take_back(session: Session, pack: Pack | PackRow) -> str:
    """Return why the minutes of a pack stand for good, in one sentence; "" while they can be taken back."""
    following = select(Pack.number).where(
        Pack.plan_id == pack.plan_id,
        Pack.board_id == pack.board_id,
        Pack.state == PackState.ISSUED.value,
        Pack.number > pack.number,
    )
    number = session.scalar(following.order_by(Pack.number).limit(1))
    if number is None:
        return ""
    return f"Pack {number} is issued and says what became of this meeting, so its minutes stand."


def minuted_together(session: Session, pack: Pack, minute_id: int) -> list[PackMinute]:
    """Return what was minuted by one act, by one of it; NotFound for a minute of another pack."""
    row = session.get(PackMinute, minute_id)
    if row is None or row.pack_id != pack.id:
        raise NotFound("There is no such minute.")
    entries = _entries(session, pack.plan_id, row)
    keys = {entry.subject_id for entry in entries if entry.subject_type == PackMinute.__tablename__}
    query = select(PackMinute).where(PackMinute.id.in_(keys)).order_by(PackMinute.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _entries(session: Session, plan_id: int, minute: PackMinute) -> list[LedgerEntry]:
    """Return the entries of the act that minuted something, oldest first."""
    act = (
        select(LedgerEntry.act)
        .where(LedgerEntry.subject_type == PackMinute.__tablename__, LedgerEntry.subject_id == minute.id)
        .order_by(LedgerEntry.seq)
        .limit(1)
        .scalar_subquery()
    )
    query = select(LedgerEntry).where(LedgerEntry.plan_id == plan_id, LedgerEntry.act == act)
    return list(session.scalars(query.order_by(LedgerEntry.seq)))


def _before(session: Session, row: Any, entry: LedgerEntry) -> dict[str, Any]:
    """Return what a row goes back to; a Refusal where it is neither as the minute left it nor as it was before."""
    for name, pair in entry.changes.items():
        there = plain(getattr(row, name))
        same = any(there == side or (there in _EMPTY and side in _EMPTY) for side in pair)
        if not same:
            milestone = row if isinstance(row, Milestone) else session.get_one(Milestone, row.milestone_id)
            ref = outbox.named(session, milestone)
            raise Refusal(f"{ref} was changed since it was minuted, so nothing was taken back. Change it by hand.")
    return {name: as_stored(entry.subject_type, name, pair[0]) for name, pair in entry.changes.items()}
