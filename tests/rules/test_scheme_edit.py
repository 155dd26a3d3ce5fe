"""What may be typed into a rating scheme, and what is refused beside which box."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.rules.colour import Colour
from tracker.rules.paint import TONES
from tracker.rules.rating import PRESETS, preset
from tracker.rules.scheme_edit import LIMITS, Typed, allowed_paints, edited, shown

BASE = preset("default")


def typed(terms: dict[str, dict[str, str]] | None = None, **thresholds: str) -> Typed:
    """Return the form of the default scheme as it stands, with what a test types."""
    boxes = {
        term.key: {
            "name": term.name, "word": term.word, "letter": term.letter, "paint": term.paint_name,
            "meaning": term.meaning, **(terms or {}).get(term.key, {}),
        }
        for term in BASE.vocabulary.terms
    }  # fmt: skip
    return Typed({name: shown(BASE.scheme, name) for name in LIMITS} | thresholds, False, boxes)


def test_a_form_that_nobody_touched_changes_nothing() -> None:
    rating, refusals = edited(BASE, typed())
    assert refusals == []
    assert rating == BASE


def test_what_is_typed_stands() -> None:
    made = typed({"missed": {"word": "Late", "letter": "L", "name": "Late"}}, share="20", not_started_days="14")
    rating, refusals = edited(BASE, made)
    assert refusals == []
    assert (rating.scheme.share, rating.scheme.not_started_days) == (0.2, 14)
    assert rating.vocabulary.term(Colour.RED).text == "L Late"
    assert rating.scheme.name(Colour.RED) == "Late"


@pytest.mark.parametrize(
    ("terms", "thresholds", "field"),
    [
        ({}, {"not_started_days": "-1"}, "not_started_days"),
        ({}, {"not_started_days": "1e9"}, "not_started_days"),
        ({}, {"signoff_days": ""}, "signoff_days"),
        ({}, {"share": "0"}, "share"),
        ({}, {"share": "101%"}, "share"),
        ({}, {"minimum": "٣"}, "minimum"),
        ({}, {"recurring_red": "95"}, "recurring_red"),
        ({"missed": {"word": ""}}, {}, "word.missed"),
        ({"missed": {"word": "x" * 31}}, {}, "word.missed"),
        ({"complete": {"word": " missed "}}, {}, "word.complete"),
        ({"complete": {"letter": "r"}}, {}, "letter.complete"),
        ({"complete": {"letter": "ABC"}}, {}, "letter.complete"),
        ({"complete": {"letter": "-"}}, {}, "letter.complete"),
        ({"complete": {"meaning": ""}}, {}, "meaning.complete"),
        ({"missed": {"paint": "green"}}, {}, "paint.missed"),
        ({"missed": {"paint": "no such paint"}}, {}, "paint.missed"),
    ],
)
def test_what_will_not_do_is_refused_beside_its_box(
    terms: dict[str, dict[str, str]], thresholds: dict[str, Any], field: str
) -> None:
    _, refusals = edited(BASE, typed(terms, **thresholds))
    assert [name for name, _ in refusals] == [field]


def test_a_paint_that_would_flatter_is_not_offered() -> None:
    for name in PRESETS:
        for term in preset(name).vocabulary.terms:
            offered = allowed_paints(term)
            assert term.paint in offered
            assert all(paint.tone in TONES[colour] for paint in offered for colour in term.colours)


def test_a_second_rating_can_be_switched_on() -> None:
    asked = Typed(typed().thresholds, True, typed().terms, ("percent",), outcome=True)
    rating, _ = edited(BASE, asked)
    assert rating.vocabulary.outcome == preset("two-ratings").vocabulary.outcome
    assert (rating.vocabulary.columns, rating.scheme.strict) == (("percent",), True)
