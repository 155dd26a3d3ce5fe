"""Enter a figure of a measure, or take one back. Measures themselves come from the plan's document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Measure, Plan, Reading
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.text import clean
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import use_token


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: of which period (in words), for whom ("" for all), what, of which day and where from."""

    period: str
    value: str
    group: str = ""
    taken_on: date | None = None
    source: str = ""


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
    row = session.get(Reading, reading_id, populate_existing=True)
    if row is None or row.measure_id != measure.id:
        raise NotFound("There is no such figure of this measure.")
    if row.withdrawn_on is not None:
        raise Refusal("This figure has been taken back already.")
    if not clean(reason):
        raise Refusal("Say why the figure is taken back.", "reason")
    verb = f"took back a figure of {measure.name}"[:120]
    recorder.change(row, verb, {"withdrawn_on": recorder.today}, clean(reason))
    recorder.close()
    return row


def _begin(
    session: Session, actor: Actor, now: datetime, plan_id: int, measure_id: int, token: str
) -> tuple[Plan, Measure, Recorder]:
    permit(actor, Act.KEEP_REGISTERS, plan_id)
    plan, measure = session.get(Plan, plan_id), session.get(Measure, measure_id)
    if plan is None or measure is None or measure.plan_id != plan.id:
        raise NotFound("There is no such measure in this plan.")
    use_token(session, token, actor, now)
    lock_chain(session, plan.id)
    return plan, measure, Recorder(session, plan, actor, now)
