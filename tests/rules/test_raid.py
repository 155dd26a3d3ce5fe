"""What a risk scores, what the score is called, and how refs are read."""

from __future__ import annotations

import pytest

from tracker.rules.raid import level, next_ref, read_refs, score


@pytest.mark.parametrize(
    ("likelihood", "impact", "word"),
    [(1, 4, "low"), (1, 5, "medium"), (3, 3, "medium"), (2, 5, "high"), (3, 5, "very high"), (5, 5, "very high")],
)
def test_a_risk_scores_likelihood_times_impact_and_has_a_word(likelihood: int, impact: int, word: str) -> None:
    assert score(likelihood, impact) == likelihood * impact
    assert level(score(likelihood, impact)) == word


@pytest.mark.parametrize(("likelihood", "impact"), [(0, 5), (5, 0), (6, 1), (-1, -1)])
def test_what_is_not_on_the_scale_has_no_score(likelihood: int, impact: int) -> None:
    assert level(score(likelihood, impact)) == "not scored"


def test_refs_count_up_and_one_that_was_used_is_not_used_again() -> None:
    assert next_ref("risk", []) == "R1"
    assert next_ref("risk", ["R1", "R7", "I9", "Rx"]) == "R8"
    assert next_ref("issue", ["R1", "I9"]) == "I10"


def test_refs_are_read_as_people_type_them_and_each_counts_once() -> None:
    read = read_refs("1A.3; 2b.1, 1a.3.\n9z.9", {"1a.3": 3, "2b.1": 7})
    assert read.known == (3, 7)
    assert read.unknown == ("9z.9",)
