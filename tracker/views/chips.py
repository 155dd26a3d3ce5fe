"""Colours as finished markup: shape, word and letter, made once so that a long table only looks them up.

A colour never stands alone: every chip carries its word, and every letter its word for a screen reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from flask import Flask
from markupsafe import Markup

from tracker.exports.report import Cell, Column
from tracker.rules.colour import BAR_ORDER, LETTERS, NAMES, WORDS, Colour

# Drawn in a box of 12 by 12. Ring, tick, disc, triangle, diamond; a dash for what is not counted.
_PATHS = {
    Colour.RED: "M6 0l6 6-6 6-6-6z",
    Colour.AMBER: "M6 .6 12 11.4H0z",
    Colour.GREEN: "M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z",
    Colour.GREY: "M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zm0 2.2a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6z",
    Colour.BLUE: "M1.7 5 0 6.8l4.3 4.4L12 3.1l-1.7-1.7-6 6.3z",
    Colour.NONE: "M1 5h10v2H1z",
}
_ARROWS = {
    "better": ("Better", "M6 0l5.5 6H8v6H4V6H.5z"),
    "worse": ("Worse", "M6 12L.5 6H4V0h4v6h3.5z"),
    "same": ("No change", "M0 4h6V.5L12 6l-6 5.5V8H0z"),
    "new": ("New", "M5 0h2v5h5v2H7v5H5V7H0V5h5z"),
    "closed": ("Closed", "M1 1h10v10H1zm2 2v6h6V3z"),
}


def _drawing(path: str, classes: str = "") -> Markup:
    """Return a small drawing that a screen reader passes over."""
    attribute = Markup(' class="{}"').format(classes) if classes else Markup("")
    return Markup('<svg{} viewBox="0 0 12 12" aria-hidden="true" focusable="false"><path d="{}"/></svg>').format(
        attribute, path
    )


def _chip(colour: Colour, size: str = "") -> Markup:
    """Return the chip of a colour with its shape and word."""
    return Markup('<span class="chip chip--{}{}">{}{}</span>').format(
        colour.value, size, _drawing(_PATHS[colour]), WORDS[colour]
    )


def letter_chip(colour: Colour, letter: str, word: str) -> Markup:
    """Return the short chip of a grid or a strip: shape and letter, with the word for a screen reader."""
    return Markup(
        '<span class="chip chip--letter chip--{}">{}<span aria-hidden="true">{}</span>'
        '<span class="govuk-visually-hidden">{}</span></span>'
    ).format(colour.value, _drawing(_PATHS[colour]), letter, word)


def _direction(value: str) -> Markup:
    """Return the arrow of a direction with its word."""
    word, path = _ARROWS[value]
    return Markup('<span class="direction direction--{}">{}{}</span>').format(value, _drawing(path), word)


CHIPS: Mapping[Colour, Markup] = {colour: _chip(colour) for colour in Colour}
LARGE_CHIPS: Mapping[Colour, Markup] = {colour: _chip(colour, " chip--large") for colour in Colour}
LETTER_CHIPS: Mapping[Colour, Markup] = {
    colour: letter_chip(colour, LETTERS[colour], WORDS[colour]) for colour in Colour
}
SHAPES: Mapping[Colour, Markup] = {colour: _drawing(_PATHS[colour], f"shape-{colour.value}") for colour in Colour}
DIRECTIONS: Mapping[str, Markup] = {value: _direction(value) for value in _ARROWS}


def said(colour: Colour, reason: str) -> str:
    """Return the colour and its sentence as one: "Red: the deadline, Sep 2025, has passed ..."."""
    lower = reason[:1].lower() if reason[1:2].islower() or reason[1:2] == " " else reason[:1]
    return f"{NAMES[colour]}: {lower}{reason[1:]}"


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
    "CHIPS": CHIPS,
    "LARGE_CHIPS": LARGE_CHIPS,
    "LETTER_CHIPS": LETTER_CHIPS,
    "SHAPES": SHAPES,
    "DIRECTIONS": DIRECTIONS,
    "BAR_ORDER": BAR_ORDER,
    "COLOUR_NAMES": NAMES,
    "COLOUR_WORDS": WORDS,
    "COLOUR_LETTERS": LETTERS,
    "said": said,
    "segments": segments,
    "tally": tally,
    "timeline_bar": timeline_bar,
}


def register_chips(app: Flask) -> None:
    """Let every template use the colours by name."""
    app.jinja_env.globals.update(TEMPLATE_GLOBALS)
