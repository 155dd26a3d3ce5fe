"""Outcomes of what recurs as finished markup: shape, letter and word, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from tracker.rules.occurrences import Occurrence, Outcome
from tracker.rules.paint import PAINTS
from tracker.views.looks import letter_chip

# An outcome is no rating: it looks the same in every plan.
LOOKS: Mapping[Outcome, tuple[str, str, str]] = {
    Outcome.HELD: ("green", "H", "Held"),
    Outcome.LATE: ("amber", "L", "Held late"),
    Outcome.MISSED: ("red", "M", "Missed"),
    Outcome.SKIPPED: ("none", "S", "Skipped"),
    Outcome.NOT_DUE: ("grey", "N", "Not due"),
}
OUTCOME_WORDS: Mapping[Outcome, str] = {outcome: word for outcome, (_, _, word) in LOOKS.items()}
OUTCOME_CHIPS: Mapping[Outcome, Markup] = {
    outcome: letter_chip(paint, PAINTS[paint].shape, letter, word) for outcome, (paint, letter, word) in LOOKS.items()
}


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
