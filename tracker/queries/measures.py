"""The measures of a plan as at a day, each with its figures, for the pages on which figures are entered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Measure, Priority, Reading, Voice
from tracker.queries.as_at import Past, past
from tracker.queries.rows import VoiceRow


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One figure that stands."""

    id: int
    period: str
    group: str
    value: str
    taken_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure with its figures in the order in which they came; `priority` is "" for one of the whole plan."""

    id: int
    name: str
    unit: str
    polarity: str
    baseline: str
    target: str
    frequency: str
    notes: str
    priority: str
    readings: tuple[ReadingLine, ...]
    voices: tuple[VoiceRow, ...] = ()

    @property
    def better(self) -> str:
        """Return which way is better, in a word; "" where the plan does not say."""
        return {"up": "higher", "down": "lower"}.get(self.polarity, self.polarity)

    @property
    def latest(self) -> tuple[ReadingLine, ...]:
        """Return the latest figure for each group, in the order of the groups."""
        return tuple({reading.group: reading for reading in self.readings}.values())


def measure_lines(session: Session, plan_id: int, day: date, today: date) -> list[MeasureLine]:
    """Return the measures of a plan, those of the whole plan first. Three statements, one more for an earlier day."""
    then = past(session, plan_id, day, today, (Measure.__tablename__, Reading.__tablename__, Voice.__tablename__))
    said = voices_of(session, plan_id, then)
    figures = select(
        Reading.id,
        Reading.measure_id,
        Reading.period,
        Reading.group,
        Reading.value,
        Reading.taken_on,
        Reading.source,
        Reading.withdrawn_on,
    )
    there: dict[int, list[ReadingLine]] = defaultdict(list)
    query = figures.where(Reading.plan_id == plan_id).order_by(Reading.position, Reading.id)
    for row in session.execute(query).mappings():
        values = {**row, **then.of(Reading.__tablename__, row["id"])}
        if then.had(Reading.__tablename__, row["id"]) and values["withdrawn_on"] is None:
            shown = ("id", "period", "group", "value", "taken_on", "source")
            there[row["measure_id"]].append(ReadingLine(**{name: values[name] for name in shown}))
    names = ("id", "name", "unit", "polarity", "baseline", "target", "frequency", "notes")
    listed = (
        select(*(getattr(Measure, name) for name in names), Priority.ref, Priority.title)
        .outerjoin(Priority, Priority.id == Measure.priority_id)
        .where(Measure.plan_id == plan_id)
        .order_by(Priority.position.is_not(None), Priority.position, Measure.position, Measure.id)
    )
    return [
        MeasureLine(
            **{name: then.of(Measure.__tablename__, row["id"]).get(name, row[name]) for name in names},
            priority=f"{row['ref']} {row['title']}".strip() if row["ref"] is not None else "",
            readings=tuple(there[row["id"]]),
            voices=tuple(said[row["id"]]),
        )
        for row in session.execute(listed).mappings()
        if then.had(Measure.__tablename__, row["id"])
    ]


def voices_of(session: Session, plan_id: int, then: Past) -> defaultdict[int, list[VoiceRow]]:
    """Return what people say, by measure, the newest first. One statement."""
    names = ("id", "who", "text", "source", "heard_on")
    columns = [getattr(Voice, name) for name in (*names, "measure_id", "withdrawn_on")]
    found: defaultdict[int, list[VoiceRow]] = defaultdict(list)
    query = select(*columns).where(Voice.plan_id == plan_id).order_by(Voice.heard_on.desc(), Voice.id.desc())
    for row in session.execute(query).mappings():
        values = {**row, **then.of(Voice.__tablename__, row["id"])}
        if then.had(Voice.__tablename__, row["id"]) and values["withdrawn_on"] is None:
            found[row["measure_id"]].append(VoiceRow(**{name: values[name] for name in names}))
    return found
