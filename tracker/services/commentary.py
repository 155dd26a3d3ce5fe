"""Write the commentary of a draft pack: a text stays marked as a draft until a manager accepts it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import PackCommentary, Plan, Priority
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.pack_states import PackAct, PackState, refuse_act
from tracker.rules.permissions import Act, Actor
from tracker.rules.text import clean
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import check_version, use_token
from tracker.services.packs import open_pack

WHOLE_PLAN = "plan"


def write(
    session: Session,
    actor: Actor,
    now: datetime,
    pack_id: int,
    part: str,
    version: int,
    token: str,
    text: str,
    *,
    accepted: bool,
) -> PackCommentary:
    """Write what is said about a part ("plan", "priority.3"), `version` 0 where nothing was written before."""
    pack = open_pack(session, actor, pack_id, Act.PREPARE_PACK)
    use_token(session, token, actor, now)
    lock_chain(session, pack.plan_id)
    session.refresh(pack)
    refuse_act(PackState(pack.state), PackAct.EDIT)
    _refuse_unknown(session, pack.plan_id, part)
    if not clean(text):
        raise Refusal("Enter the commentary.", "text")
    query = select(PackCommentary).where(PackCommentary.pack_id == pack.id, PackCommentary.part == part)
    row = session.scalar(query.execution_options(populate_existing=True))
    recorder = Recorder(session, session.get_one(Plan, pack.plan_id), actor, now)
    verb = "accepted the commentary" if accepted else "drafted the commentary"
    if row is None:
        row = PackCommentary(
            plan_id=pack.plan_id,
            pack_id=pack.id,
            part=part,
            text=clean(text),
            accepted=accepted,
            written_by=actor.label,
        )
        session.add(row)
        session.flush()
        recorder.add(row, verb=verb)
    else:
        check_version(row, version, {"text": clean(text)}, {"text": "Commentary"})
        recorder.change(row, verb, {"text": clean(text), "accepted": accepted, "written_by": actor.label})
    recorder.close()
    return row


def _refuse_unknown(session: Session, plan_id: int, part: str) -> None:
    kind, _, key = part.partition(".")
    if part == WHOLE_PLAN:
        return
    found = session.get(Priority, int(key)) if kind == "priority" and key.isdecimal() and len(key) < 10 else None
    if found is None or found.plan_id != plan_id:
        raise NotFound("There is no such part of the plan.")
