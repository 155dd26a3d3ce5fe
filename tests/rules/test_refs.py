"""Refs that are proposed follow those there, and are never one that was used."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.refs import next_ref, why_not_a_ref
from tracker.rules.text import fold


@pytest.mark.parametrize(
    ("used", "follows"),
    [
        ([], "1"),
        (["1", "2"], "3"),
        (["1", "10", "9"], "11"),
        (["A", "B"], "C"),
        (["a", "z"], "aa"),
        (["1a", "1b"], "1c"),
        (["6.1", "6.2"], "6.3"),
        (["M1", "M2"], "M3"),
        (["1.", "2."], "3."),
        (["one", "two words"], "onf"),
    ],
)
def test_a_proposed_ref_follows_those_there(used: list[str], follows: str) -> None:
    assert next_ref(used) == follows


@settings(max_examples=100)
@given(st.lists(st.text(alphabet="aAbBzZ019. ", min_size=1, max_size=4)))
def test_a_proposed_ref_is_never_one_that_was_used(used: list[str]) -> None:
    found = next_ref(used)
    assert found
    assert fold(found) not in {fold(ref) for ref in used}


@pytest.mark.parametrize(("ref", "ok"), [("1a", True), ("", False), ("x" * 41, False), ("1\n2", False)])
def test_a_ref_is_short_and_stands_on_one_line(ref: str, ok: bool) -> None:
    assert (why_not_a_ref(ref) == "") is ok
