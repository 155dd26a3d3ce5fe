"""Outcomes of what recurs as finished markup: shape, letter and word, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from tracker.rules.colour import Colour
from tracker.rules.occurrences import Occurrence, Outcome
from tracker.views.chips import letter_chip

LOOKS: Mapping[Outcome, tuple[Colour, str, str]] = {
    Outcome.HELD: (Colour.GREEN, "H", "Held"),
    Outcome.LATE: (Colour.AMBER, "L", "Held late"),
    Outcome.MISSED: (Colour.RED, "M", "Missed"),
    Outcome.SKIPPED: (Colour.NONE, "S", "Skipped"),
    Outcome.NOT_DUE: (Colour.GREY, "N", "Not due"),
}
OUTCOME_WORDS: Mapping[Outcome, str] = {outcome: word for outcome, (_, _, word) in LOOKS.items()}
OUTCOME_CHIPS: Mapping[Outcome, Markup] = {outcome: letter_chip(*look) for outcome, look in LOOKS.items()}


def outcome_word(one: Occurrence) -> str:
    """Return what became of an occurrence in words; a planned one says so."""
    if one.outcome is Outcome.NOT_DUE and one.recorded is not None and one.recorded.planned_for is not None:
        return "Planned"
    return OUTCOME_WORDS[one.outcome]


TEMPLATE_GLOBALS: Mapping[str, object] = {
    "OUTCOME_CHIPS": OUTCOME_CHIPS,
    "OUTCOME_WORDS": OUTCOME_WORDS,
    "outcome_word": outcome_word,
}
