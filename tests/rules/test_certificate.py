"""The certificate of an import: every line ends in one way, and the parts add up to the whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.certificate import Certificate, Fate, PlanFate, SourceFate, reconciled

LINE = SourceFate("Plan B2", "Sep 2025: Recruit a chair", Fate.IMPORTED)


@pytest.mark.parametrize(
    ("state", "fate", "reason"),
    [
        ("new", Fate.IMPORTED, ""),
        ("unchanged", Fate.IMPORTED, ""),
        ("needs decision", Fate.NEEDS_DECISION, "Which?"),
        ("refused", Fate.LEFT_OUT, "Which?"),
    ],
)
def test_a_line_ends_as_the_plan_took_it(state: str, fate: Fate, reason: str) -> None:
    [line] = reconciled([LINE], [PlanFate("Plan B2", "Recruit a chair", state, "Which?")])
    assert (line.fate, line.reason) == (fate, reason)


def test_of_two_entries_of_one_cell_only_the_refused_one_is_left_out() -> None:
    other = SourceFate("Plan B2", "Oct 2025: Find a room", Fate.IMPORTED)
    lines = reconciled([LINE, other], [PlanFate("Plan B2", "Find a room", "refused", "It stands twice.")])
    assert [line.fate for line in lines] == [Fate.IMPORTED, Fate.LEFT_OUT]


def test_what_reading_left_out_stays_left_out() -> None:
    out = SourceFate("Plan A1", "Ref | Action", Fate.LEFT_OUT, "column headings")
    assert reconciled([out], [PlanFate("Plan A1", "Ref", "needs decision")]) == (out,)


def test_a_question_weighs_more_than_a_refusal() -> None:
    outcomes = [PlanFate("Plan B2", "x", "refused", "no"), PlanFate("Plan B2", "y", "needs decision", "Which?")]
    assert reconciled([LINE], outcomes)[0].fate is Fate.NEEDS_DECISION


_LINES = st.builds(SourceFate, st.sampled_from(["A1", "A2", "A3"]), st.text(max_size=8), st.sampled_from(Fate))
_STATES = st.sampled_from(["new", "changed", "unchanged", "needs decision", "refused"])
_OUTCOMES = st.builds(PlanFate, st.sampled_from(["A1", "A2", "A9", ""]), st.text(max_size=8), _STATES)


@given(st.lists(_LINES), st.lists(_OUTCOMES))
def test_no_line_is_lost_or_made_and_the_totals_add_up(read: list[SourceFate], outcomes: list[PlanFate]) -> None:
    lines = reconciled(read, outcomes)
    assert [(line.where, line.text) for line in lines] == [(line.where, line.text) for line in read]
    made = Certificate("plan.xlsx", "0" * 64, None, "Manager", "Plan", "", "", lines)
    assert sum(made.totals.values()) == len(read)
    assert all(
        line.reason or line.fate is before.fate
        for line, before in zip(lines, read, strict=True)
        if line.fate is Fate.LEFT_OUT
    )
