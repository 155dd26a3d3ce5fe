"""Begin a pack, change its draft, set it aside, or begin a correction; freezing is in `services/pack_freezing.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Board, BoardPlan, Meeting, Pack, PackCommentary, Plan
from tracker.queries.boards import MeetingRow, council_days, meeting_row
from tracker.queries.packs import last_issued
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.meeting_dates import MeetingState
from tracker.rules.pack_states import PackAct, PackState, refuse_act
from tracker.rules.permissions import Act, Actor, allowed, permit
from tracker.rules.text import clean
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import check_version, use_token

PURPOSES: Mapping[str, str] = {"decide": "To decide", "discuss": "To discuss", "note": "To note"}
_TEXTS = ("author", "senior_officer", "assurance")
_LABELS = {"purpose": "Purpose", "author": "Author", "senior_officer": "Senior responsible officer"}
_ISSUED = "A pack was issued for this meeting already. Correct that one instead."
_NAMED = 8  # meetings that a refusal names
_OPEN = (PackState.DRAFT.value, PackState.FROZEN.value)


def open_pack(session: Session, actor: Actor, pack_id: int, act: Act) -> Pack:
    """Return a pack for an act. One that is not issued is not there for who may not prepare it."""
    pack = session.get(Pack, pack_id)
    if pack is not None:
        reads = pack.state == PackState.ISSUED and allowed(actor, Act.READ_PACK, pack.plan_id)
        if reads or allowed(actor, Act.PREPARE_PACK, pack.plan_id):
            permit(actor, act, pack.plan_id)
            return pack
    raise NotFound("There is no such pack, or it has not been issued to you.")


def draft(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    token: str,
    *,
    meeting_id: int | None = None,
    as_at: date | None = None,
) -> Pack:
    """Begin a pack for a meeting of a board that the plan reports to, or for none.

    The data are as at the cut-off of the meeting unless another day is given, without a meeting as at today. Author,
    senior responsible officer and purpose are those of the last pack of the same board.
    """
    permit(actor, Act.PREPARE_PACK, plan_id)
    use_token(session, token, actor, now)
    lock_chain(session, plan_id)
    plan, today = session.get_one(Plan, plan_id), london_day(now)
    meeting, board_id = _meeting(session, plan, meeting_id)
    day = as_at or (meeting.dates.cut_off if meeting else today)
    for there in under_way(session, plan_id, meeting_id):
        if there.meeting_id == meeting_id:
            raise Refusal(
                f"There is a pack under way already: number {there.id}, {PackState(there.state).value}, as at "
                f"{show_day(there.as_at)}. Issue it or set it aside first."
            )
    if meeting_id is not None and _issued_for(session, plan_id, meeting_id):
        raise Refusal(_ISSUED)
    last = last_issued(session, plan_id, board_id)
    pack = Pack(
        plan_id=plan_id,
        board_id=board_id,
        meeting_id=meeting_id,
        as_at=day,
        state=PackState.DRAFT.value,
        purpose=last.purpose if last else "decide",
        recommendations=[],
        considered_by=[],
        author=last.author if last else (actor.label if actor.posts else ""),
        senior_officer=last.senior_officer if last else "",
        made_on=today,
        made_by=actor.label,
    )
    session.add(pack)
    session.flush()
    recorder = Recorder(session, plan, actor, now)
    recorder.add(pack, _for(meeting), verb="began a pack")
    recorder.close()
    return pack


def try_out(session: Session, actor: Actor, now: datetime, plan_id: int, token: str, as_at: date) -> Pack:
    """Begin a pack for no meeting although another one may be under way, for a transaction that is taken back."""
    for other in under_way(session, plan_id, None):
        if other.meeting_id is None:
            set_aside(session, actor, now, other.id, other.version, f"{token}:{other.id}", "To try another one")
    return draft(session, actor, now, plan_id, token, as_at=as_at)


def under_way(session: Session, plan_id: int, meeting_id: int | None) -> list[Pack]:
    """Return the packs of a plan that are drafts or frozen, of a meeting or, without one, of any."""
    query = select(Pack).where(Pack.plan_id == plan_id, Pack.state.in_(_OPEN)).order_by(Pack.id)
    if meeting_id is not None:
        query = query.where(Pack.meeting_id == meeting_id)
    return list(session.scalars(query))


def edit_draft(
    session: Session, actor: Actor, now: datetime, pack_id: int, version: int, token: str, values: Mapping[str, Any]
) -> Pack:
    """Change what a draft says of itself: day, purpose, recommendations, who answers for it, and the meeting it is for.

    Of what is not among the values, day, purpose, correction and meeting stay.
    """
    pack = begin(session, actor, now, pack_id, version, token, PackAct.EDIT, values)
    wanted: dict[str, Any] = {name: clean(values.get(name, "")) for name in _TEXTS}
    wanted["purpose"] = values.get("purpose") or pack.purpose
    if wanted["purpose"] not in PURPOSES:
        raise Refusal("Select what the pack is for.", "purpose")
    wanted["as_at"] = values.get("as_at") or pack.as_at
    for name in ("recommendations", "considered_by"):
        wanted[name] = [clean(line) for line in values.get(name, ()) if clean(line)]
    if "meeting_id" in values and values["meeting_id"] != pack.meeting_id:
        wanted |= _attached(session, pack, values["meeting_id"])
    if pack.corrects_id is not None:
        wanted["correction"] = clean(values.get("correction", pack.correction))
        if not wanted["correction"]:
            raise Refusal("Enter what this version changes.", "correction")
    record(session, actor, now, pack, "edited the draft pack", wanted)
    return pack


def _attached(session: Session, pack: Pack, meeting_id: int | None) -> dict[str, Any]:
    """Return what a draft holds that is made for another meeting, or for none."""
    if pack.corrects_id is not None:
        raise Refusal("A correction is for the meeting of what it corrects.", "meeting")
    _, board_id = _meeting(session, session.get_one(Plan, pack.plan_id), meeting_id)
    if any(other.meeting_id == meeting_id for other in under_way(session, pack.plan_id, meeting_id)):
        which = "this meeting" if meeting_id is not None else "no meeting"
        raise Refusal(f"Another pack is under way for {which}. Set one of the two aside first.", "meeting")
    if meeting_id is not None and _issued_for(session, pack.plan_id, meeting_id):
        raise Refusal(_ISSUED, "meeting")
    return {"meeting_id": meeting_id, "board_id": board_id}


def set_aside(
    session: Session, actor: Actor, now: datetime, pack_id: int, version: int, token: str, reason: str
) -> Pack:
    """Set a pack aside that is not issued, with a reason; what was frozen is kept, and never issued."""
    pack = begin(session, actor, now, pack_id, version, token, PackAct.SET_ASIDE, {})
    if not clean(reason):
        raise Refusal("Enter why the pack is set aside.", "reason")
    record(session, actor, now, pack, "set the pack aside", {"state": PackState.SET_ASIDE.value}, clean(reason))
    return pack


def correct(session: Session, actor: Actor, now: datetime, pack_id: int, token: str, correction: str) -> Pack:
    """Begin a correction of the pack that was issued last: a new version of its number that says what it changes."""
    issued = open_pack(session, actor, pack_id, Act.PREPARE_PACK)
    use_token(session, token, actor, now)
    lock_chain(session, issued.plan_id)
    session.refresh(issued)
    refuse_act(PackState(issued.state), PackAct.CORRECT)
    if not clean(correction):
        raise Refusal("Enter what this version changes.", "correction")
    last = last_issued(session, issued.plan_id, issued.board_id)
    assert last is not None
    if last.id != issued.id:
        raise Refusal(f"{last.title} was issued since. Correct that one, or say it in the next pack.")
    under_way = session.scalar(select(Pack.id).where(Pack.corrects_id == issued.id, Pack.state.in_(_OPEN)))
    if under_way is not None:
        raise Refusal("A correction of this pack is under way already.")
    today = london_day(now)
    names = ("plan_id", "board_id", "meeting_id", "as_at", "purpose", "author", "senior_officer", "assurance")
    pack = Pack(
        **{name: getattr(issued, name) for name in names},
        state=PackState.DRAFT.value,
        recommendations=list(issued.recommendations),
        considered_by=list(issued.considered_by),
        corrects_id=issued.id,
        correction=clean(correction),
        made_on=today,
        made_by=actor.label,
    )
    session.add(pack)
    session.flush()
    recorder = Recorder(session, session.get_one(Plan, issued.plan_id), actor, now)
    recorder.add(pack, clean(correction), verb="began a correction of the pack")
    _carry_commentary(recorder, issued, pack)
    recorder.close()
    return pack


def _carry_commentary(recorder: Recorder, issued: Pack, pack: Pack) -> None:
    """Give a correction the commentary of the pack that it corrects."""
    names = ("plan_id", "part", "text", "accepted", "written_by")
    for row in recorder.session.scalars(select(PackCommentary).where(PackCommentary.pack_id == issued.id)):
        kept = PackCommentary(pack_id=pack.id, **{name: getattr(row, name) for name in names})
        recorder.session.add(kept)
        recorder.session.flush()
        recorder.add(kept, verb="kept the commentary")


def begin(
    session: Session,
    actor: Actor,
    now: datetime,
    pack_id: int,
    version: int,
    token: str,
    act: PackAct,
    typed: Mapping[str, Any],
) -> Pack:
    """Open a pack to change it: permission, the form's token, the lock of the plan, then what may be done to it."""
    needed = Act.ISSUE_PACK if act in (PackAct.FREEZE, PackAct.ISSUE) else Act.PREPARE_PACK
    pack = open_pack(session, actor, pack_id, needed)
    use_token(session, token, actor, now)
    lock_chain(session, pack.plan_id)
    session.refresh(pack)
    refuse_act(PackState(pack.state), act)
    check_version(pack, version, typed, _LABELS)
    return pack


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    pack: Pack,
    verb: str,
    values: Mapping[str, Any],
    reason: str = "",
) -> None:
    """Write what was done to a pack into the ledger of its plan."""
    recorder = Recorder(session, session.get_one(Plan, pack.plan_id), actor, now)
    recorder.change(pack, verb, values, reason)
    recorder.close()


def _meeting(session: Session, plan: Plan, meeting_id: int | None) -> tuple[MeetingRow | None, int | None]:
    """Return a meeting of a board that the plan reports to, with the board's id."""
    if meeting_id is None:
        return None, None
    query = select(Meeting, Board).join(Board, Board.id == Meeting.board_id).where(Meeting.id == meeting_id)
    found = session.execute(query).first()
    if found is None:
        raise NotFound(f"There is no meeting with the number {meeting_id}. {_known_meetings(session, plan)}")
    meeting, board = found
    reports = select(BoardPlan.id).where(
        BoardPlan.plan_id == plan.id, BoardPlan.board_id == board.id, BoardPlan.ended.is_(None)
    )
    if session.scalar(reports) is None:
        raise Refusal(f"{plan.title} does not report to {board.name}. Let it report to the board first.")
    if meeting.state == MeetingState.CANCELLED:
        raise Refusal(f"The meeting of {show_day(meeting.day)} is cancelled.")
    return meeting_row(meeting, board, council_days(session)), board.id


def _known_meetings(session: Session, plan: Plan) -> str:
    """Return which meetings there are for a plan's packs, the last one and those ahead, with their numbers."""
    query = (
        select(Meeting.id, Meeting.day, Board.name)
        .join(Board, Board.id == Meeting.board_id)
        .join(BoardPlan, BoardPlan.board_id == Board.id)
        .where(BoardPlan.plan_id == plan.id, BoardPlan.ended.is_(None), Meeting.state != MeetingState.CANCELLED.value)
        .order_by(Meeting.day.desc(), Meeting.id)
        .limit(_NAMED)
    )
    found = [f"{key} ({board}, {show_day(day)})" for key, day, board in session.execute(query)]
    if not found:
        return f"{plan.title} reports to no board that has meetings."
    return f"The last ones of its boards are {', '.join(reversed(found))}."


def _issued_for(session: Session, plan_id: int, meeting_id: int) -> bool:
    query = select(Pack.id).where(
        Pack.plan_id == plan_id, Pack.meeting_id == meeting_id, Pack.state == PackState.ISSUED.value
    )
    return session.scalar(query.limit(1)) is not None


def _for(meeting: MeetingRow | None) -> str:
    return f"for {meeting.board}, {show_day(meeting.day)}" if meeting else ""
