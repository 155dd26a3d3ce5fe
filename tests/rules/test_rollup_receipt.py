"""Receipts of a roll-up: the same verdict as the headline, honest figures, and changes that would do what they say."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings

from tests.rules.test_rollup import DAY, LATER, PAST, A, B, G, N, R, Y, any_items, items, schemes
from tracker.rules.colour import Colour
from tracker.rules.rollup import Item, headline, workstream_colour, workstream_headline
from tracker.rules.rollup_change import RollupChange
from tracker.rules.rollup_receipt import RollupReceipt, headline_receipt, worst_receipt
from tracker.rules.scheme import Scheme
from tracker.rules.tally import Group, When, group_of


def made(listed: list[Item], change: RollupChange, fewer: int = 0) -> list[Item]:
    """Return the milestones after a change, or with so many fewer in its last move."""
    groups = [group_of(item, DAY) for item in listed]
    for position, move in enumerate(change.moves):
        left = move.number - (fewer if position == len(change.moves) - 1 else 0)
        # As the rule takes them: one group after the other.
        for index in sorted(range(len(groups)), key=lambda index: groups[index]):
            if left and move.pick(groups[index]):
                groups[index] = move.to(groups[index])
                left -= 1
    return [_item(group) for group in groups]


def _item(group: Group) -> Item:
    due = {When.DUE: PAST, When.LATER: LATER, When.UNDATED: None}[group.when]
    return Item(group.colour, due, group.critical)


def sentences(receipt: RollupReceipt) -> list[str]:
    """Return what would change a colour, in words."""
    return [change.sentence for change in receipt.changes]


def line(receipt: RollupReceipt, number: str):  # type: ignore[no-untyped-def]
    """Return the line of one rule."""
    return next(line for line in receipt.lines if line.rule == number)


@settings(max_examples=100, deadline=None)
@given(any_items, schemes)
def test_the_verdict_of_a_receipt_is_the_headline_and_its_fired_rule_has_that_colour(
    listed: list[Item], scheme: Scheme
) -> None:
    receipt = headline_receipt(listed, DAY, scheme)
    assert receipt.headline == headline(listed, DAY, scheme)
    assert sum(line.fired for line in receipt.lines) == 1
    assert (receipt.fired.colour, receipt.fired.rule) == (receipt.headline.colour, receipt.headline.rule)
    fired = [line.rule for line in receipt.lines].index(receipt.fired.rule)
    assert not any(line.holds for line in receipt.lines[:fired])


@settings(max_examples=100, deadline=None)
@given(any_items)
def test_the_receipt_of_a_workstream_has_the_worst_colour(listed: list[Item]) -> None:
    receipt = worst_receipt(listed, DAY)
    assert receipt.headline == workstream_headline(listed, DAY)
    assert receipt.headline.colour is workstream_colour(item.colour for item in listed) is receipt.fired.colour


@settings(max_examples=100, deadline=None)
@given(any_items, schemes)
def test_behind_each_figure_stand_just_the_milestones_that_it_counts_worst_first(
    listed: list[Item], scheme: Scheme
) -> None:
    receipt = headline_receipt(listed, DAY, scheme)
    for each in receipt.lines:
        assert len(each.behind) == len(set(each.behind)) == each.counted <= each.of
    counts = Counter(item.colour for item in listed)
    if not scheme.strict:
        assert len(line(receipt, "P4").behind) == counts[R]
        assert len(line(receipt, "P6").behind) == counts[A]
        behind = [listed[position] for position in line(receipt, "P3").behind]
        assert all(item.colour is R and item.due == PAST for item in behind if item.due != DAY)


@settings(max_examples=100, deadline=None)
@given(any_items, schemes)
def test_each_change_makes_the_colour_that_it_says_and_one_fewer_does_not(listed: list[Item], scheme: Scheme) -> None:
    now = headline(listed, DAY, scheme).colour
    for change in headline_receipt(listed, DAY, scheme).changes:
        assert headline(made(listed, change), DAY, scheme).colour is change.colour, change.sentence
        fewer = headline(made(listed, change, fewer=1), DAY, scheme).colour
        assert fewer is not change.colour or fewer is now, change.sentence


@settings(max_examples=100, deadline=None)
@given(any_items)
def test_each_change_of_a_workstream_makes_the_colour_that_it_says(listed: list[Item]) -> None:
    for change in worst_receipt(listed, DAY).changes:
        assert workstream_headline(made(listed, change), DAY).colour is change.colour, change.sentence


def test_one_more_red_of_those_due_to_date_makes_it_red() -> None:
    receipt = headline_receipt([*items((2, R), (16, B)), Item(G, PAST), *items((5, G))], DAY)
    assert receipt.headline.colour is A
    assert "One more Red of those due to date would make it Red." in sentences(receipt)
    assert line(receipt, "P3").inputs == "2 of 19 milestones due to date are Red, 10%."
    assert line(receipt, "P3").threshold == "15% and at least 2"
    assert line(receipt, "P3").change == "One more of those due to date turning Red."


def test_the_last_amber_completing_makes_it_green() -> None:
    receipt = headline_receipt([Item(A, LATER, critical=True), *items((9, G))], DAY)
    assert "The last critical Amber being completed and signed off would make it Green." in sentences(receipt)
    receipt = worst_receipt(items((1, A), (2, G)), DAY)
    assert "The last Amber being completed and signed off would make it Green." in sentences(receipt)


def test_a_red_plan_names_how_many_reds_have_to_go() -> None:
    receipt = headline_receipt(items((4, R), (16, B)), DAY)
    assert receipt.fired.rule == "P3"
    assert sentences(receipt) == ["2 of the 4 Reds being completed and signed off would make it Amber."]
    assert receipt.fired.change == "2 of these 4 being completed and signed off."


def test_a_critical_red_decides_before_the_share() -> None:
    receipt = headline_receipt([Item(R, PAST, critical=True), *items((30, B))], DAY)
    assert receipt.fired.rule == "P2"
    assert receipt.fired.inputs == "1 of 1 critical milestone is Red."
    assert [each.rule for each in receipt.lines if each.holds] == ["P2", "P4"]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], []),
        (items((3, N)), []),
        (
            items((2, B)),
            ["One sign-off being revoked, or one milestone added, would end it: Blue stands only over all Blue."],
        ),
        (items((1, Y)), ["2 more"]),
    ],
)
def test_what_would_change_the_simple_colours(listed: list[Item], said: list[str]) -> None:
    found = sentences(headline_receipt(listed, DAY))
    if said == ["2 more"]:
        assert "One of them being started would make it Green." in found
        assert "One deadline passing without completion or an agreed new date would make it Amber." in found
    else:
        assert found == said


def test_a_strict_scheme_is_named_and_has_its_own_rules() -> None:
    receipt = headline_receipt(items((1, A), (4, B)), DAY, Scheme(strict=True))
    assert [each.rule for each in receipt.lines] == ["P0", "P1", "S1", "S2", "P7", "P8"]
    assert receipt.fired.rule == "S2"
    assert dict(receipt.scheme)["Roll-up"].startswith("strict")


def test_the_thresholds_are_those_of_the_scheme() -> None:
    receipt = headline_receipt(items((1, R)), date(2025, 10, 1), Scheme(share=0.3, minimum=1))
    assert line(receipt, "P3").threshold == "30% and at least 1"
    assert dict(receipt.scheme)["Red"] == "from 30% of those due to date, at least 1, or one critical"


def test_colours_have_no_other_rules_than_these() -> None:
    assert {each.colour for each in headline_receipt([], DAY).lines} <= set(Colour)
