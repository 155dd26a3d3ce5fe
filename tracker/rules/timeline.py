"""The colour timeline: a milestone's colour over all time as a short list of spans (domain, section 4)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.rules.colour import Colour
from tracker.rules.facts import Facts
from tracker.rules.findings import ONE_DAY
from tracker.rules.fold import fold
from tracker.rules.scheme import DEFAULT, Thresholds, in_force, scheme_on
from tracker.rules.status import Verdict, assess

FOREVER = date(9999, 12, 31)

History = Sequence[tuple[date, Facts]]
__all__ = ["FOREVER", "History", "Span", "assess_on", "change_after", "fold", "spans"]


@dataclass(frozen=True, slots=True)
class Span:
    """A verdict with the first and last day on which it stands, and the deadline as it was then.

    `to_day` is FOREVER where nothing but a new entry ends it.
    """

    from_day: date
    to_day: date
    colour: Colour
    rule: str
    reason: str
    marks: tuple[str, ...]
    computed: Colour
    attributed: str
    due: date | None
    due_text: str
    moves: int


def spans(history: History, scheme: Thresholds = DEFAULT, start: date | None = None) -> list[Span]:
    """Return the spans of a history from `start` (or its first day) to FOREVER, without gap or overlap.

    `history` gives the facts that hold from each day on, ascending, one per day. There is no span before its
    first day. Each day is judged by the thresholds that stood on it.
    """
    found: list[Span] = []
    for position, (first, facts) in enumerate(history):
        last = history[position + 1][0] - ONE_DAY if position + 1 < len(history) else FOREVER
        day = first if start is None else max(first, start)
        while day <= last:
            thresholds, stand = in_force(scheme, day)
            verdict = assess(facts, day, thresholds)
            end = min(last, stand, verdict.until or last)
            _append(found, _span(day, end, verdict, facts))
            if end == FOREVER:
                break
            day = end + ONE_DAY
    return found


def assess_on(history: History, day: date, scheme: Thresholds = DEFAULT) -> Verdict | None:
    """Return the verdict on `day` from the facts that held then, or None before the history begins."""
    position = bisect_right(history, day, key=lambda entry: entry[0])
    return assess(history[position - 1][1], day, scheme_on(scheme, day)) if position else None


def change_after(history: History, day: date, scheme: Thresholds = DEFAULT) -> tuple[date, Verdict] | None:
    """Return the first day after `day` on which the verdict is another, and what it is then; None if it never is.

    The history has what a predecessor does by time alone as entries of days to come (see `rules.waiting`).
    """
    found = spans(history, scheme, day)
    if len(found) < 2:
        return None
    verdict = assess_on(history, found[1].from_day, scheme)
    return (found[1].from_day, verdict) if verdict else None


def _span(day: date, end: date, verdict: Verdict, facts: Facts) -> Span:
    return Span(
        from_day=day,
        to_day=end,
        colour=verdict.colour,
        rule=verdict.rule,
        reason=verdict.reason,
        marks=verdict.marks,
        computed=verdict.computed,
        attributed=verdict.attributed,
        due=facts.due,
        due_text=facts.due_text,
        moves=facts.measured_moves,
    )


def _append(found: list[Span], span: Span) -> None:
    """Add a span, or lengthen the last one where nothing but the days differs."""
    if found and replace(found[-1], to_day=span.to_day) == replace(span, from_day=found[-1].from_day):
        found[-1] = replace(found[-1], to_day=span.to_day)
    else:
        found.append(span)
