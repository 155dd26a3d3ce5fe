"""A lead's update: what was done, what difference it made, and whether the deadline will be met."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import LedgerEntry, Milestone, Plan
from tracker.rules.dates import london_day
from tracker.rules.errors import Refusal
from tracker.rules.facts import Confidence
from tracker.rules.percent import MOST_BEFORE_SIGN_OFF
from tracker.rules.permissions import Act, Actor
from tracker.rules.rating import Ratings
from tracker.rules.text import clean
from tracker.rules.vocabulary import PERCENT, Vocabulary
from tracker.services import colours
from tracker.services.ledger import Recorder, lock_chains, plain, typed
from tracker.services.milestones import (
    Opened,
    act_on,
    begin,
    check_version,
    held,
    open_milestone,
    refuse_closed,
    use_token,
)
from tracker.services.plan_dates import read_in_plan

LABELS = {
    "progress": "What has been done",
    "impact": "What difference it has made",
    "confidence": "How it is going",
    "confidence_reason": "Why",
    "recovery": "What is being done about it",
    "help_needed": "Help needed",
    "consequence": "Impact if not mitigated",
    "forecast_text": "When it will be done",
    "started": "Started",
    "percent": "Per cent done",
    "outcome_confidence": "Confidence in the outcome",
    "outcome_reason": "Why that confidence in the outcome",
}


CONFIRMED, UPDATED = "confirmed on track", "updated"


@dataclass(frozen=True, slots=True)
class Update:
    """What a lead typed. `forecast_text` is a date or a period in words; empty means by the deadline."""

    confidence: str
    progress: str = ""
    impact: str = ""
    started: date | None = None
    forecast_text: str = ""
    confidence_reason: str = ""
    recovery: str = ""
    help_needed: str = ""
    consequence: str | None = None  # None: not asked for, so what stands stays
    blocked: str = ""
    no_change: bool = False
    percent: str | None = None  # None: not asked for
    outcome_confidence: str | None = None
    outcome_reason: str = ""


def update_milestone(
    session: Session, actor: Actor, now: datetime, milestone_id: int, version: int, token: str, typed: Update
) -> Milestone:
    """Record a lead's update. Raises Refusal with the field, Conflict, AlreadyDone, NotFound or NotPermitted."""
    opened = begin(session, actor, Act.UPDATE, now, milestone_id, token)
    values = checked(opened.milestone, opened.plan, typed, london_day(now))
    check_version(opened.milestone, version, {name: values[name] for name in LABELS if name in values}, LABELS)
    act_on(session, opened, actor, now, UPDATED, {**values, **_stamp(actor, now)})
    return opened.milestone


def check_update(session: Session, actor: Actor, now: datetime, milestone_id: int, typed: Update) -> dict[str, Any]:
    """Return what an update would set, without writing anything. Raises Refusal with the field, or NotPermitted."""
    opened = open_milestone(session, actor, Act.UPDATE, milestone_id)
    return checked(opened.milestone, opened.plan, typed, london_day(now)) | _stamp(actor, now)


def record_updates(
    session: Session,
    plan: Plan,
    actor: Actor,
    now: datetime,
    updates: Sequence[tuple[Milestone, Mapping[str, Any]]],
    *,
    reason: str,
    act: str,
) -> None:
    """Record checked updates of milestones of one plan, which is held, as one act, and draw their colours again.

    What somebody else changed meanwhile is for the caller to have looked at.
    """
    recorder = Recorder(session, plan, actor, now, act=act)
    for milestone, values in updates:
        recorder.change(milestone, UPDATED, values, reason)
    recorder.close()
    if updates:
        colours.rebuild(session, plan, [milestone.id for milestone, _ in updates])


def confirm_on_track(session: Session, actor: Actor, now: datetime, milestone_ids: Sequence[int], token: str) -> str:
    """Confirm several milestones as on track, each with its own ledger entry; returns the act, for an undo."""
    use_token(session, token, actor, now)
    if not milestone_ids:
        raise Refusal("Select at least one milestone.")
    act = secrets.token_hex(8)
    for opened in _held(session, actor, milestone_ids):
        values = checked(opened.milestone, opened.plan, Update(Confidence.ON_TRACK, no_change=True), london_day(now))
        act_on(session, opened, actor, now, CONFIRMED, {**values, **_stamp(actor, now)}, act=act)
    return act


def undo_confirmation(session: Session, actor: Actor, now: datetime, act: str, token: str) -> int:
    """Take a bulk confirmation back, as a new entry on each milestone; returns how many were put back.

    What somebody changed since is left as it is now: a Refusal says so, and nothing is undone.
    """
    return _undo(session, actor, now, act, token, CONFIRMED, "undid the confirmation")


def undo_updates(session: Session, actor: Actor, now: datetime, act: str, token: str) -> int:
    """Take the updates of one act back, as `undo_confirmation` does."""
    return _undo(session, actor, now, act, token, UPDATED, "undid the update")


def _undo(session: Session, actor: Actor, now: datetime, act: str, token: str, verb: str, undone: str) -> int:
    use_token(session, token, actor, now)
    query = select(LedgerEntry).where(LedgerEntry.act == act, LedgerEntry.verb == verb)
    entries = {
        entry.subject_id: entry for entry in session.scalars(query.where(LedgerEntry.actor_id == actor.person_id))
    }
    if not entries:
        raise Refusal("There is nothing to undo.")
    for opened in _held(session, actor, entries):
        row = opened.milestone
        entry = entries[row.id]
        if any(plain(getattr(row, name)) != pair[1] for name, pair in entry.changes.items()):
            raise Refusal(f"{row.ref} was changed since, so nothing was undone. Update it instead.")
        values = {name: typed(Milestone, name, pair[0]) for name, pair in entry.changes.items()}
        act_on(session, opened, actor, now, undone, values)
    return len(entries)


def _held(session: Session, actor: Actor, milestone_ids: Iterable[int]) -> list[Opened]:
    """Open several milestones and hold their plans, always in one order, so that no two acts wait for each other."""
    opened = [open_milestone(session, actor, Act.UPDATE, milestone_id) for milestone_id in dict.fromkeys(milestone_ids)]
    lock_chains(session, {one.plan.id for one in opened})
    return [held(session, one) for one in sorted(opened, key=lambda one: (one.plan.id, one.milestone.id))]


def checked(milestone: Milestone, plan: Plan, typed: Update, day: date) -> dict[str, Any]:
    """Return the values of an update as columns, or raise Refusal with the field and what to do."""
    refuse_closed(milestone)
    if typed.confidence not in set(Confidence):
        raise Refusal("Select how it is going.", "confidence")
    if milestone.signoff in {"claimed", "approved", "lapsed"}:
        raise Refusal(
            "Completion has been claimed for this milestone. It takes updates again if the claim is returned."
        )
    at_risk = typed.confidence != Confidence.ON_TRACK
    if at_risk and not clean(typed.confidence_reason):
        raise Refusal("Say why it may miss its deadline.", "confidence_reason")
    if typed.started and typed.started > day:
        raise Refusal("Enter a start date that is today or earlier.", "started")
    if not typed.no_change and not clean(typed.progress):
        raise Refusal('Say what has been done, or select "No change since the last update".', "progress")
    forecast, forecast_text = _forecast(plan, typed.forecast_text, day)
    values: dict[str, Any] = {
        "confidence": str(typed.confidence),
        "confidence_reason": clean(typed.confidence_reason) if at_risk else "",
        "recovery": clean(typed.recovery) if at_risk else "",
        "help_needed": clean(typed.help_needed),
        "blocked": clean(typed.blocked),
        "forecast": forecast,
        "forecast_text": forecast_text,
        "confirmed": True,
    }
    if not at_risk or typed.consequence is not None:
        values["consequence"] = clean(typed.consequence or "") if at_risk else ""
    if typed.started:
        values["started"] = typed.started
    elif milestone.started is None and clean(typed.progress) and not typed.no_change:
        values["started"] = day  # work that has made progress has started
    if not typed.no_change:
        values["progress"] = clean(typed.progress)
        values["impact"] = clean(typed.impact)
    words = Ratings.from_data(plan.ratings).on(day).vocabulary
    return values | _percent(words, typed) | _outcome(words, typed)


def _percent(words: Vocabulary, typed: Update) -> dict[str, Any]:
    """Return the lead's own percentage where the plan's scheme has one; empty leaves what stands."""
    text = clean(typed.percent or "").removesuffix("%").strip()
    if not words.has(PERCENT) or not text:
        return {}
    if not (text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= MOST_BEFORE_SIGN_OFF):
        raise Refusal("Enter a whole number from 0 to 99. It is 100 once the completion is signed off.", "percent")
    return {"percent": int(text)}


def _outcome(words: Vocabulary, typed: Update) -> dict[str, Any]:
    """Return the lead's confidence in the outcome, with its reason, where the plan's scheme asks for it."""
    if not words.outcome or not typed.outcome_confidence:
        return {}
    if words.outcome_term(typed.outcome_confidence) is None:
        raise Refusal("Select how confident you are in the outcome.", "outcome_confidence")
    if not clean(typed.outcome_reason):
        raise Refusal("Enter why you are that confident in the outcome.", "outcome_reason")
    return {"outcome_confidence": typed.outcome_confidence, "outcome_reason": clean(typed.outcome_reason)}


def _forecast(plan: Plan, text: str, day: date) -> tuple[date | None, str]:
    words = clean(text)
    if not words:
        return None, ""
    period = read_in_plan(plan, words)
    if period.dated is None:
        raise Refusal('Enter the forecast as a date or a month with its year, for example "Nov 2026".', "forecast_text")
    if period.dated < day:
        raise Refusal("Enter a forecast date that is today or later.", "forecast_text")
    return period.dated, words


def _stamp(actor: Actor, now: datetime) -> dict[str, Any]:
    return {"updated_on": london_day(now), "updated_by": actor.label}
