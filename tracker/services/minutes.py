"""Minute what a meeting said to an issued pack: decisions flow into the plan, actions into the next pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Meeting, Pack, PackAction, PackMinute, Plan
from tracker.queries.minutes import actions_of, asked_of
from tracker.queries.packs import PackRow, find_pack
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.minutes import IN_WORDS, ActionState, Outcome
from tracker.rules.pack_states import PackState
from tracker.rules.permissions import Act, Actor
from tracker.rules.text import clean
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import check_version, use_token
from tracker.services.minuted import Said, decide
from tracker.services.packs import open_pack


def minute(
    session: Session,
    actor: Actor,
    now: datetime,
    pack_id: int,
    token: str,
    seen: Mapping[str, int],
    outcome: Outcome,
    reference: str,
    note: str = "",
) -> None:
    """Minute what the meeting said to some of the decisions that its pack asked for, all or none, as one act.

    `seen` gives the milestone's version by subject. New dates that are agreed or refused are decided as one list with
    the day of the meeting and its minute; completions are signed off or returned; a milestone that the board agreed to
    suspend is suspended. What is deferred goes on waiting.
    """
    row, day = _begin(session, actor, now, pack_id, token)
    if not clean(reference):
        raise Refusal("Enter the number of the minute.", "minute")
    if not seen:
        raise Refusal("Select at least one decision.", "decisions")
    if outcome is not Outcome.AGREED and not clean(note):
        raise Refusal(f"Say why it was {outcome.value}.", "note")
    known = {one.subject: one for one in asked_of(session, row)}
    if not known.keys() >= seen.keys():
        raise NotFound("The pack did not ask for this decision.")
    chosen = [one for subject, one in known.items() if subject in seen]
    for one in chosen:
        ref = one.about.split(" ")[0]
        if not one.waits:
            raise Refusal(f"{ref} no longer waits for a decision.", "decisions")
        if one.version != seen[one.subject]:
            raise Refusal(f"{ref} was changed while you looked. Look at it again before you minute it.", "decisions")
    said = Said(outcome, clean(reference), clean(note))
    recorder = Recorder(session, session.get_one(Plan, row.plan_id), actor, now)
    if outcome is not Outcome.DEFERRED:
        decide(recorder, row.board, chosen, day, said, token)
    for one in chosen:
        _write(recorder, row, one.subject, one.about, said, f"minuted that the board {_VERBS[outcome]}")
    recorder.close()


_VERBS = {Outcome.AGREED: "agreed", Outcome.REFUSED: "refused", Outcome.DEFERRED: "deferred a decision"}


def minute_words(
    session: Session, actor: Actor, now: datetime, pack_id: int, token: str, text: str, reference: str
) -> PackMinute:
    """Minute a decision that the pack did not ask for, in the board's own words. Nothing in the plan changes by it."""
    row, _ = _begin(session, actor, now, pack_id, token)
    if not clean(text):
        raise Refusal("Enter what the board decided.", "text")
    if not clean(reference):
        raise Refusal("Enter the number of the minute.", "minute")
    recorder = Recorder(session, session.get_one(Plan, row.plan_id), actor, now)
    said = Said(Outcome.AGREED, clean(reference), "")
    made = _write(recorder, row, IN_WORDS, clean(text), said, "minuted a decision of the board")
    recorder.close()
    return made


def _write(recorder: Recorder, row: PackRow, subject: str, about: str, said: Said, verb: str) -> PackMinute:
    made = PackMinute(
        plan_id=row.plan_id,
        pack_id=row.id,
        subject=subject,
        about=about,
        outcome=said.outcome.value,
        minute=said.minute,
        note=said.note,
        made_on=recorder.today,
        made_by=recorder.actor.label,
    )
    recorder.session.add(made)
    recorder.session.flush()
    recorder.add(made, made.note, verb=verb)
    return made


def add_action(
    session: Session, actor: Actor, now: datetime, pack_id: int, token: str, values: Mapping[str, Any]
) -> PackAction:
    """Record an action that the meeting agreed: what (`text`), which post (`owner`), by when (`due`), `minute`."""
    row, met = _begin(session, actor, now, pack_id, token)
    text, owner, due = clean(values.get("text", "")), clean(values.get("owner", "")), values.get("due")
    if not text:
        raise Refusal("Enter what is to be done.", "text")
    if not owner:
        raise Refusal("Enter the post that does it.", "owner")
    if due is None:
        raise Refusal("Enter by when it is to be done.", "due")
    if due < met:
        raise Refusal(f"Enter a day that is not before the meeting of {show_day(met)}.", "due")
    made = PackAction(
        plan_id=row.plan_id,
        pack_id=row.id,
        number=f"{row.number}.{len(actions_of(session, row)) + 1}",
        text=text,
        owner=owner,
        due=due,
        minute=clean(values.get("minute", "")),
        state=ActionState.OPEN.value,
        made_on=london_day(now),
        made_by=actor.label,
    )
    session.add(made)
    session.flush()
    recorder = Recorder(session, session.get_one(Plan, row.plan_id), actor, now)
    recorder.add(made, verb="recorded")
    recorder.close()
    return made


def settle_action(
    session: Session,
    actor: Actor,
    now: datetime,
    pack_id: int,
    action_id: int,
    version: int,
    token: str,
    state: ActionState,
    outcome: str,
) -> PackAction:
    """Say what has become of an action: done, closed with a reason, or open again."""
    pack = open_pack(session, actor, pack_id, Act.MINUTE)
    use_token(session, token, actor, now)
    lock_chain(session, pack.plan_id)
    action = session.get(PackAction, action_id)
    if action is None or action.pack_id != pack.id:
        raise NotFound("There is no such action.")
    session.refresh(action)
    if state is not ActionState.OPEN and not clean(outcome):
        raise Refusal("Say what has become of it: the next pack prints it.", "outcome")
    check_version(action, version, {"outcome": clean(outcome)}, {"outcome": "Outcome"})
    values = {
        "state": state.value,
        "outcome": clean(outcome),
        "closed_on": None if state is ActionState.OPEN else action.closed_on or london_day(now),
    }
    recorder = Recorder(session, session.get_one(Plan, pack.plan_id), actor, now)
    recorder.change(action, _SETTLED[state], values, clean(outcome))
    recorder.close()
    return action


_SETTLED = {ActionState.OPEN: "opened", ActionState.DONE: "finished", ActionState.CLOSED: "closed"}


def why_no_minutes(pack: Pack | PackRow, met: date | None, today: date) -> str:
    """Return why nothing can be minuted on a pack, in one sentence; "" if it can."""
    if pack.state != PackState.ISSUED:
        return "The pack is not issued, so no meeting can have decided on it."
    if met is None:
        return "The pack was made for no meeting, so nothing can be minuted on it."
    if met > today:
        return f"The meeting is on {show_day(met)}. Minute it from that day on."
    return ""


def _begin(session: Session, actor: Actor, now: datetime, pack_id: int, token: str) -> tuple[PackRow, date]:
    """Open an issued pack whose meeting has been; returns it with the day of the meeting."""
    pack = open_pack(session, actor, pack_id, Act.MINUTE)
    use_token(session, token, actor, now)
    lock_chain(session, pack.plan_id)
    met = session.get_one(Meeting, pack.meeting_id).day if pack.meeting_id is not None else None
    why = why_no_minutes(pack, met, london_day(now))
    if why:
        raise Refusal(why)
    row = find_pack(session, pack_id)
    assert row is not None
    assert met is not None
    return row, met
