"""The last days of terms as a manager types them: what is kept, and what is refused beside the box that it is in."""

from __future__ import annotations

import pytest

from tracker.rules.errors import Refusal
from tracker.rules.terms import read_terms, show_terms


def test_only_what_differs_from_the_ordinary_terms_is_kept() -> None:
    typed = {**show_terms({}), "autumn": "19 December", "spring": "2nd of April"}
    assert read_terms(typed) == {"autumn": [12, 19], "spring": [4, 2]}


@pytest.mark.parametrize("words", ["soon", "31 June", "3 Ju", "3 xyz", "0 May", "19.12."])
def test_what_is_no_day_of_a_year_is_refused_beside_its_term(words: str) -> None:
    with pytest.raises(Refusal, match=f'like 19 December, not "{words}"') as refused:
        read_terms({"summer": words})
    assert refused.value.field == "summer"


@pytest.mark.parametrize(
    ("term", "words"), [("spring", "12 February"), ("summer_half", "1 April"), ("summer", "1 May")]
)
def test_a_term_ends_after_the_one_before_it(term: str, words: str) -> None:
    with pytest.raises(Refusal, match="has to end after") as refused:
        read_terms({"spring_half": "13 February", term: words})
    assert refused.value.field == term
