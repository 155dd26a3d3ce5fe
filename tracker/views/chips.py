"""Bars and timelines, drawn to scale. What a colour is called and how it is painted is in `views.looks`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from flask import Flask

from tracker.exports.report import Cell, Column
from tracker.rules.colour import BAR_ORDER, Colour
from tracker.views import looks
from tracker.views.looks import CHIPS, DIRECTIONS, LARGE_CHIPS, LETTER_CHIPS, SHAPES, letter_chip, said

__all__ = [
    "CHIPS",
    "DIRECTIONS",
    "LARGE_CHIPS",
    "LETTER_CHIPS",
    "SHAPES",
    "TEMPLATE_GLOBALS",
    "letter_chip",
    "register_chips",
    "said",
    "segments",
    "tally",
    "timeline_bar",
]


class Counted(Protocol):
    """Anything that knows how many it has of each colour (`rules.rollup.Counts`)."""

    def of(self, colour: Colour) -> int:
        """Return how many have `colour`."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts read from a row of a report's table, so that a bar shows what the paper says."""

    numbers: Mapping[Colour, int]

    def of(self, colour: Colour) -> int:
        """Return how many have `colour`."""
        return self.numbers.get(colour, 0)

    @property
    def total(self) -> int:
        """Return how many count."""
        return sum(self.of(colour) for colour in BAR_ORDER)


def tally(columns: Sequence[Column], row: Sequence[Cell]) -> Tally:
    """Return the counts in a row of a report's table whose columns count milestones of a colour."""
    pairs = zip(columns, row, strict=True)
    return Tally({column.colour: cell for column, cell in pairs if column.colour is not None and isinstance(cell, int)})


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a drawn bar: where it starts and how wide it is, in per cent of the bar."""

    colour: Colour
    number: int
    x: float
    width: float


def segments(counts: Counted) -> tuple[Segment, ...]:
    """Return the parts of a distribution bar in the fixed order, without those that are empty."""
    total = sum(counts.of(colour) for colour in BAR_ORDER)
    parts = []
    x = 0.0
    for colour in BAR_ORDER:
        number = counts.of(colour)
        if number:
            width = 100 * number / total
            parts.append(Segment(colour, number, round(x, 3), round(width, 3)))
            x += width
    return tuple(parts)


class Coloured(Protocol):
    """A colour that stands from one day to another, both included (`rules.timeline.Span`)."""

    @property
    def from_day(self) -> date:
        """The first day."""

    @property
    def to_day(self) -> date:
        """The last day."""

    @property
    def colour(self) -> Colour:
        """The colour on those days."""

    @property
    def reason(self) -> str:
        """The sentence that explains it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One part of a timeline bar, in per cent of the whole life, with the days it really covers."""

    colour: Colour
    x: float
    width: float
    from_day: date
    to_day: date | None  # None: until something is recorded
    reason: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under the timeline bar."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """A milestone's colours over the life of its plan, ready to be drawn."""

    stretches: tuple[Stretch, ...]
    ticks: tuple[Tick, ...]
    today_x: float | None
    due_x: float | None
    start: date
    end: date


def timeline_bar(
    spans: Sequence[Coloured], start: date, end: date, today: date, due: date | None = None
) -> TimelineBar:
    """Return what a timeline drawing needs; neighbouring spans of one colour and reason become one stretch."""
    length = max((end - start).days + 1, 1)

    def place(day: date) -> float:
        return round(100 * min(max((day - start).days, 0), length) / length, 3)

    def mark(day: date | None) -> float | None:
        return place(day) if day is not None and start <= day <= end else None

    stretches: list[Stretch] = []
    for span in spans:
        if span.from_day > end or span.to_day < start:
            continue
        first = place(span.from_day)
        last = 100.0 if span.to_day >= end else round(100 * ((span.to_day - start).days + 1) / length, 3)
        until = None if span.to_day == date.max else span.to_day
        before = stretches[-1] if stretches else None
        if before is not None and (before.colour, before.reason) == (span.colour, span.reason):
            stretches[-1] = Stretch(span.colour, before.x, last - before.x, before.from_day, until, span.reason)
        else:
            stretches.append(Stretch(span.colour, first, round(last - first, 3), span.from_day, until, span.reason))
    ticks = tuple(Tick(place(day), f"{day:%b} {day.year}") for day in _tick_days(start, end))
    return TimelineBar(tuple(stretches), ticks, mark(today), mark(due), start, end)


def _tick_days(start: date, end: date) -> Iterable[date]:
    """Return a handful of firsts of a month between two days, evenly apart."""
    months = max((end.year - start.year) * 12 + end.month - start.month, 1)
    step = next((n for n in (1, 2, 3, 6, 12, 24, 60) if months / n <= 5), 120)
    year, month = start.year, start.month
    while (day := date(year, month, 1)) <= end:
        if day >= start:
            yield day
        year, month = year + (month - 1 + step) // 12, (month - 1 + step) % 12 + 1


# What templates may use by name.
TEMPLATE_GLOBALS: Mapping[str, object] = {
    **looks.TEMPLATE_GLOBALS,
    "segments": segments,
    "tally": tally,
    "timeline_bar": timeline_bar,
}


def register_chips(app: Flask) -> None:
    """Let every template use the colours by name."""
    app.jinja_env.globals.update(TEMPLATE_GLOBALS)
