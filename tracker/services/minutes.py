"""Minute what a meeting said to an issued pack: decisions flow into the plan, actions into the next pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Meeting, Pack, PackAction, PackMinute, Plan
from tracker.queries.minutes import Asked, actions_of, asked_of
from tracker.queries.packs import PackRow, find_pack
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.minutes import ActionState, Outcome
from tracker.rules.pack_states import PackState
from tracker.rules.permissions import Act, Actor
from tracker.rules.text import clean
from tracker.services.completion import decide_completion
from tracker.services.deadlines import Verdict
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.meetings import decide_list
from tracker.services.milestones import check_version, use_token
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
    """Minute what the meeting said to some of the decisions that its pack asked for, all or none.

    `seen` gives the milestone's version by subject. New dates that are agreed or refused are decided as one list with
    the day of the meeting and its minute; completions are signed off or returned. What is deferred goes on waiting.
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
        if not one.waits:
            raise Refusal(f"{one.about.split(' ')[0]} no longer waits for a decision.", "decisions")
    if outcome is not Outcome.DEFERRED:
        _decide(session, actor, now, row.plan_id, token, chosen, seen, day, outcome, clean(reference), clean(note))
    recorder = Recorder(session, session.get_one(Plan, row.plan_id), actor, now)
    for one in chosen:
        made = PackMinute(
            plan_id=row.plan_id,
            pack_id=row.id,
            subject=one.subject,
            about=one.about,
            outcome=outcome.value,
            minute=clean(reference),
            note=clean(note),
            made_on=london_day(now),
            made_by=actor.label,
        )
        session.add(made)
        session.flush()
        recorder.add(made, made.note, verb=f"minuted that the board {_VERBS[outcome]}")
    recorder.close()


_VERBS = {Outcome.AGREED: "agreed", Outcome.REFUSED: "refused", Outcome.DEFERRED: "deferred a decision"}


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
        return "The pack was made for no meeting, so there is nothing to minute."
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


def _decide(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    token: str,
    chosen: list[Asked],
    seen: Mapping[str, int],
    met: date,
    outcome: Outcome,
    reference: str,
    note: str,
) -> None:
    """Let what the board said take effect: new dates as one list, completions one by one."""
    approve = outcome is Outcome.AGREED
    dates = {one.key: seen[one.subject] for one in chosen if one.is_date}
    if dates:
        verdict = Verdict(approve, note, reference, met)
        decide_list(session, actor, now, plan_id, dates, f"{token}:dates", verdict)
    said = f"{'Ratified' if approve else 'Refused'} by the board on {show_day(met)}, minute {reference}."
    for one in chosen:
        if not one.is_date:
            decide_completion(
                session,
                actor,
                now,
                one.milestone_id,
                seen[one.subject],
                f"{token}:{one.milestone_id}",
                approve=approve,
                note=f"{said} {note}".strip(),
            )
