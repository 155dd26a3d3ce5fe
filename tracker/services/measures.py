"""Enter a figure of a measure or what people say beside it, or take it back. Measures come from the plan's document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Measure, Plan, Reading, Voice
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.text import clean
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import use_token

_Row = TypeVar("_Row", Reading, Voice)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: of which period (in words), for whom ("" for all), what, of which day and where from."""

    period: str
    value: str
    group: str = ""
    taken_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What people say: which group of them, what, where it is from, of which day."""

    who: str
    text: str
    source: str
    heard_on: date | None


def add_reading(
    session: Session, actor: Actor, now: datetime, plan_id: int, measure_id: int, token: str, figure: Figure
) -> Reading:
    """Add a figure after those that are there. Raises Refusal for one that says nothing, or that stands already."""
    plan, measure, recorder = _begin(session, actor, now, plan_id, measure_id, token)
    period, value, group = clean(figure.period), clean(figure.value), clean(figure.group)
    if not period:
        raise Refusal("Enter the period that the figure is of, such as Q2 2025/26 or Autumn term 2025.", "period")
    if not value:
        raise Refusal("Enter the figure.", "value")
    if figure.taken_on is not None and figure.taken_on > recorder.today:
        raise Refusal("Enter a day that is today or earlier.", "taken_on")
    there = session.scalars(select(Reading).where(Reading.measure_id == measure.id)).all()
    same = [row for row in there if row.withdrawn_on is None]
    if any(row.period.casefold() == period.casefold() and row.group.casefold() == group.casefold() for row in same):
        raise Refusal(f"There is a figure for {period} already. Take that one back first if it is wrong.", "period")
    row = Reading(
        plan_id=plan.id,
        measure_id=measure.id,
        period=period,
        group=group,
        value=value,
        taken_on=figure.taken_on,
        source=clean(figure.source),
        position=(session.scalar(select(func.max(Reading.position)).where(Reading.measure_id == measure.id)) or 0) + 1,
    )
    session.add(row)
    session.flush()
    recorder.add(row, verb=f"entered a figure of {measure.name}"[:120])
    recorder.close()
    return row


def add_voice(
    session: Session, actor: Actor, now: datetime, plan_id: int, measure_id: int, token: str, heard: Heard
) -> Voice:
    """Enter what people say about what a measure counts: a group of them, never a name."""
    plan, measure, recorder = _begin(session, actor, now, plan_id, measure_id, token)
    words = {name: clean(getattr(heard, name)) for name in ("who", "text", "source")}
    asked = {"who": "whose voice it is, as a group", "text": "what they say", "source": "where it is from"}
    for name, what in asked.items():
        if not words[name]:
            raise Refusal(f"Enter {what}.", name)
    if heard.heard_on is None or heard.heard_on > recorder.today:
        raise Refusal("Enter the day on which it was heard: today or earlier.", "heard_on")
    row = Voice(plan_id=plan.id, measure_id=measure.id, heard_on=heard.heard_on, **words)
    session.add(row)
    session.flush()
    recorder.add(row, verb=f"entered what people say of {measure.name}"[:120])
    recorder.close()
    return row


def take_back_reading(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    measure_id: int,
    reading_id: int,
    token: str,
    reason: str,
) -> Reading:
    """Take a figure back; it stays in the history. Raises Refusal without a reason, or where it was taken back."""
    _, measure, recorder = _begin(session, actor, now, plan_id, measure_id, token)
    return _take_back(recorder, measure, Reading, reading_id, "figure", reason)


def take_back_voice(
    session: Session, actor: Actor, now: datetime, plan_id: int, measure_id: int, voice_id: int, token: str, reason: str
) -> Voice:
    """Take back what people say, as a figure is taken back."""
    _, measure, recorder = _begin(session, actor, now, plan_id, measure_id, token)
    return _take_back(recorder, measure, Voice, voice_id, "voice", reason)


def _take_back(recorder: Recorder, measure: Measure, model: type[_Row], key: int, what: str, reason: str) -> _Row:
    row = recorder.session.get(model, key, populate_existing=True)
    if row is None or row.measure_id != measure.id:
        raise NotFound(f"There is no such {what} of this measure.")
    if row.withdrawn_on is not None:
        raise Refusal(f"This {what} has been taken back already.")
    if not clean(reason):
        raise Refusal(f"Say why the {what} is taken back.", "reason")
    verb = f"took back a {what} of {measure.name}"[:120]
    recorder.change(row, verb, {"withdrawn_on": recorder.today}, clean(reason))
    recorder.close()
    return row


def _begin(
    session: Session, actor: Actor, now: datetime, plan_id: int, measure_id: int, token: str
) -> tuple[Plan, Measure, Recorder]:
    permit(actor, Act.KEEP_REGISTERS, plan_id)
    measure = session.get(Measure, measure_id)
    if measure is None or measure.plan_id != plan_id:
        raise NotFound("There is no such measure in this plan.")
    use_token(session, token, actor, now)
    lock_chain(session, plan_id)
    plan = session.get_one(Plan, plan_id)
    return plan, measure, Recorder(session, plan, actor, now)
