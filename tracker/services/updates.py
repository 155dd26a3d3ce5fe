"""A lead's update: what was done, what difference it made, and whether the deadline will be met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Milestone, Plan
from tracker.rules.dates import Reading, london_day, read_period
from tracker.rules.errors import Refusal
from tracker.rules.facts import Confidence
from tracker.rules.permissions import Act, Actor
from tracker.rules.status import Verdict, assess
from tracker.rules.text import clean
from tracker.services import colours
from tracker.services.milestones import act_on, check_version, open_milestone, refuse_closed, use_token

LABELS = {
    "progress": "What has been done",
    "impact": "What difference it has made",
    "confidence": "How it is going",
    "confidence_reason": "Why",
    "recovery": "What is being done about it",
    "help_needed": "Help needed",
    "forecast_text": "When it will be done",
    "started": "Started",
}


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
    blocked: str = ""
    no_change: bool = False


def update_milestone(
    session: Session, actor: Actor, now: datetime, milestone_id: int, version: int, token: str, typed: Update
) -> Milestone:
    """Record a lead's update. Raises Refusal with the field, Conflict, AlreadyDone, NotFound or NotPermitted."""
    opened = open_milestone(session, actor, Act.UPDATE, milestone_id)
    use_token(session, token, actor, now)
    values = checked(opened.milestone, opened.plan, typed, london_day(now))
    check_version(opened.milestone, version, {name: values[name] for name in LABELS if name in values}, LABELS)
    act_on(session, opened, actor, now, "updated", {**values, **_stamp(actor, now)})
    return opened.milestone


def confirm_on_track(
    session: Session, actor: Actor, now: datetime, milestone_ids: Sequence[int], token: str
) -> int:
    """Confirm several milestones as on track in one act, each with its own ledger entry; returns how many."""
    use_token(session, token, actor, now)
    for milestone_id in milestone_ids:
        opened = open_milestone(session, actor, Act.UPDATE, milestone_id)
        values = checked(opened.milestone, opened.plan, Update(Confidence.ON_TRACK, no_change=True), london_day(now))
        act_on(session, opened, actor, now, "confirmed on track", {**values, **_stamp(actor, now)})
    return len(milestone_ids)


def preview(session: Session, milestone: Milestone, plan: Plan, typed: Update, day: date) -> Verdict:
    """Return the colour that an update will give, without saving anything."""
    values = checked(milestone, plan, typed, day)
    with session.no_autoflush:
        before = {name: getattr(milestone, name) for name in values}
        try:
            for name, value in values.items():
                setattr(milestone, name, value)
            return assess(colours.facts_now(milestone, plan), day, colours.scheme_of(session, plan))
        finally:
            for name, value in before.items():
                setattr(milestone, name, value)


def checked(milestone: Milestone, plan: Plan, typed: Update, day: date) -> dict[str, Any]:
    """Return the values of an update as columns, or raise Refusal with the field and what to do."""
    refuse_closed(milestone)
    if typed.confidence not in set(Confidence):
        raise Refusal("Select how it is going.", "confidence")
    if milestone.signoff in {"claimed", "approved", "lapsed"}:
        raise Refusal("Completion has been claimed for this milestone. It takes updates again if the claim is returned.")
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
    if typed.started:
        values["started"] = typed.started
    elif milestone.started is None and clean(typed.progress) and not typed.no_change:
        values["started"] = day  # work that has made progress has started
    if not typed.no_change:
        values["progress"] = clean(typed.progress)
        values["impact"] = clean(typed.impact)
    return values


def _forecast(plan: Plan, text: str, day: date) -> tuple[date | None, str]:
    words = clean(text)
    if not words:
        return None, ""
    period = read_period(words, year_kind=plan.year_kind)
    if period.reading is not Reading.DATED or period.end is None:
        raise Refusal('Enter the forecast as a date or a month with its year, for example "Nov 2026".', "forecast_text")
    if period.end < day:
        raise Refusal("Enter a forecast date that is today or later.", "forecast_text")
    return period.end, words


def _stamp(actor: Actor, now: datetime) -> dict[str, Any]:
    return {"updated_on": london_day(now), "updated_by": actor.label}
