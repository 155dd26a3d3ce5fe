"""Which acts count once some of them were undone."""

from __future__ import annotations

import pytest

from tracker.rules.undoing import Step, own_id, still_standing, undone_id, why_not_undone


@pytest.mark.parametrize(
    ("acts", "standing"),
    [
        ([], []),
        (["a", "b"], ["a", "b"]),
        (["a", "b~a"], []),
        (["a", "x", "b~a"], ["x"]),
        (["a", "b~a", "c~b"], ["a"]),
        (["a", "b~a", "c~b", "d~a"], []),
        (["b~a"], ["b~a"]),
    ],
)
def test_an_act_and_its_undo_cancel_out(acts: list[str], standing: list[str]) -> None:
    assert still_standing(acts) == standing


def test_the_id_of_an_undo_names_both() -> None:
    assert (own_id("b~a"), undone_id("b~a"), own_id("a"), undone_id("a")) == ("b", "a", "a", "")


@pytest.mark.parametrize(
    ("step", "undone"),
    [
        (Step("milestone", "reworded it", ("text",), False), True),
        (Step("milestone", "added", ("text", "signoff"), True), True),
        (Step("milestone", "sign-off lapsed", ("signoff",), False), True),
        (Step("milestone", "approved the completion", ("signoff",), False), False),
        (Step("evidence", "added evidence", ("title",), True), False),
        (Step("plan", "added", ("title",), True), False),
        (Step("plan", "edited the plan", ("title",), False), True),
        (Step("pack", "froze the pack", ("state",), False), False),
        (Step("pack_waiver", "waived a line of the preflight", ("reason",), True), False),
        (Step("board_plan", "let the plan report to a board", ("board_id",), True), False),
    ],
)
def test_what_has_a_way_of_its_own_is_not_undone_here(step: Step, undone: bool) -> None:
    assert (why_not_undone([step]) == "") is undone
