"""Say how the rating of a document differs from the computed colour."""

from __future__ import annotations

import pytest

from tracker.rules.colour import NAMES, Colour
from tracker.rules.said import difference


@pytest.mark.parametrize(
    ("words", "said", "computed", "rule", "sentence"),
    [
        ("Green", "green", Colour.RED, "3", "The plan said Green; the dates say Red."),
        ("green", "green", Colour.AMBER, "4d", "The plan said Green; the dates say Amber."),
        ("On track", "green", Colour.RED, "3", "The plan said “On track” (Green); the dates say Red."),
        ("Completed", "blue", Colour.GREEN, "2", "The plan said “Completed” (Blue); the record says Green."),
        ("On hold", "none", Colour.RED, "3", "The plan said “On hold”; the dates say Red."),
        ("Red", "red", Colour.NONE, "0", "The plan said Red; the record says it is not counted."),
        ("Green", "green", Colour.GREEN, "6", ""),
        ("We met twice", "", Colour.RED, "3", ""),
        ("Mauve", "mauve", Colour.RED, "3", ""),
    ],
)
def test_a_difference_is_one_sentence(words: str, said: str, computed: Colour, rule: str, sentence: str) -> None:
    assert difference(words, said, computed, rule, NAMES.__getitem__) == sentence
