"""Spans of colour as verification compares and names them: one colour kept in two pieces is the same colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.rules.colour import NAMES, Colour
from tracker.rules.dates import show_day
from tracker.rules.timeline import FOREVER
from tracker.services.colours import ONE_DAY


def append_span(found: list[dict[str, Any]], span: dict[str, Any]) -> None:
    """Add a span, or lengthen the last one where it goes on with nothing but the days different."""
    before = found[-1] if found else None
    if before is not None and before["to_day"] != FOREVER and before["to_day"] + ONE_DAY == span["from_day"]:
        merged = {**span, "from_day": before["from_day"]}
        if merged == {**before, "to_day": span["to_day"]}:
            found[-1] = merged
            return
    found.append(span)


def span_at(found: Sequence[dict[str, Any]], index: int) -> dict[str, Any] | None:
    """Return a span by its place; None beyond the last."""
    return found[index] if index < len(found) else None


def span_words(span: dict[str, Any] | None) -> str:
    """Return a span as a sentence has it."""
    if span is None:
        return "nothing"
    until = "" if span["to_day"] == FOREVER else f" until {show_day(span['to_day'])}"
    colour = NAMES[Colour(span["colour"])] if span["colour"] in set(Colour) else span["colour"]
    return f"{colour}{until} by rule {span['rule']} ({span['reason']})"
