"""Bring the lines of a later edition together with those of the earlier one."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.likeness import How, Known, match


def pairs(lines: list[tuple[str, str]], known: list[tuple[str, str]]) -> list[tuple[str, str | None]]:
    """Return how each line was found, and the ref of what it is."""
    there = [Known(ref, text) for ref, text in known]
    found = match(lines, there)
    return [(one.how.value, None if one.index is None else there[one.index].ref) for one in found]


OLD = [("1", "Agree one pathway for assessment"), ("2", "Publish the local offer"), ("3", "Recruit two caseworkers")]


def test_a_line_that_is_put_in_between_renumbers_the_others_and_changes_none():
    new = [OLD[0], ("2", "Train every school in the graduated approach"), ("3", OLD[1][1]), ("4", OLD[2][1])]
    assert pairs(new, OLD) == [("same", "1"), ("new", None), ("same", "2"), ("same", "3")]


def test_a_reworded_line_with_its_ref_is_the_same_and_without_it_a_question():
    reworded = "Agree one pathway for all assessments"
    assert pairs([("1", reworded)], OLD) == [("same", "1")]
    assert pairs([("9", reworded)], OLD) == [("maybe", "1")]
    assert pairs([("", reworded)], OLD) == [("maybe", "1")]


def test_a_ref_that_stands_at_other_words_is_a_question():
    assert pairs([("3.1", "Open the new school")], [("3.1", "Recruit two caseworkers")]) == [("maybe", "3.1")]


def test_lines_that_are_only_counted_through_are_known_by_their_words():
    new = [("1", "Recruit two caseworkers"), ("2", "Buy a new case system")]
    assert pairs(new, OLD) == [("same", "3"), ("new", None)]


def test_words_that_stand_twice_stay_two_by_their_refs():
    twice = [("1", "Review"), ("2", "Review")]
    assert pairs(twice, twice) == [("same", "1"), ("same", "2")]
    assert pairs([("", "Review"), ("", "Review"), ("", "Review")], twice) == [
        ("same", "1"),
        ("same", "2"),
        ("new", None),
    ]


def test_punctuation_and_capitals_make_no_other_line():
    assert pairs([("", "Publish the Local Offer.")], OLD) == [("same", "2")]


def test_a_ref_twice_is_said():
    assert pairs([OLD[0], ("1", "Another one")], OLD) == [("same", "1"), ("twice", None)]


def test_earlier_words_are_known():
    there = [Known("a", "What a person made of it", ("What the document said",))]
    assert match([("b", "What the document said")], there)[0].how is How.SAME


words = st.sampled_from(["Agree", "Publish", "Recruit", "one", "two", "pathway", "offer", "staff"])
lines = st.lists(
    st.tuples(st.sampled_from(["", "1", "2", "3", "4.1", "x"]), st.lists(words, max_size=5).map(" ".join)), max_size=8
)


@given(lines, lines)
def test_nothing_answers_to_two_lines_and_every_line_has_an_answer(new, old):
    there = [Known(ref, text) for ref, text in old]
    found = match(new, there)
    assert len(found) == len(new)
    indexes = [one.index for one in found if one.index is not None]
    assert len(indexes) == len(set(indexes))
    assert all((one.index is None) == (one.how in (How.NEW, How.TWICE)) for one in found)


@given(st.lists(st.lists(words, min_size=1, max_size=5).map(" ".join), max_size=8))
def test_the_same_lines_are_the_same(texts):
    rows = [(str(number), text) for number, text in enumerate(texts, 1)]
    assert [one.index for one in match(rows, [Known(*row) for row in rows])] == list(range(len(rows)))


def test_many_reworded_lines_cost_little():
    old = [
        (f"A{n}", f"Action {n} of the register for team {n % 7} about subject number {n * 31}") for n in range(3_000)
    ]
    new = [
        (f"B{n}", f"Action {n} in the register for team {n % 7} about the subject number {n * 31}")
        for n in range(3_000)
    ]
    begun = time.process_time()
    found = match(new, [Known(*row) for row in old])
    assert time.process_time() - begun < 10
    assert all(one.how is How.MAYBE and one.index == number for number, one in enumerate(found))
