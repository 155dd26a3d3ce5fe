"""The roll-up: worst-of for a workstream, counted shares for a headline, and the invariants of both."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.colour import RANK, Colour
from tracker.rules.rollup import Counts, Direction, Item, count, direction, headline, workstream_colour
from tracker.rules.scheme import Scheme

DAY = date(2025, 10, 1)
PAST, LATER = date(2025, 9, 30), date(2025, 12, 31)
R, A, G, Y, B, N = Colour.RED, Colour.AMBER, Colour.GREEN, Colour.GREY, Colour.BLUE, Colour.NONE


def items(*wanted: tuple[int, Colour], critical: bool = False) -> list[Item]:
    """Return so many items of each colour; Red and Blue ones were due, the others are due later."""
    return [
        Item(colour, PAST if colour in (R, B) else LATER, critical) for number, colour in wanted for _ in range(number)
    ]


@pytest.mark.parametrize(
    ("colours", "expected"),
    [
        ([], Y),
        ([N, N], Y),
        ([B, B, N], B),
        ([B, R, A], R),
        ([B, A, G, Y], A),
        ([Y, Y, N], Y),
        ([Y, B], G),
        ([Y, G], G),
        ([G, B], G),
    ],
)
def test_workstream_takes_the_worst_of_what_counts(colours: list[Colour], expected: Colour) -> None:
    assert workstream_colour(colours) is expected


def test_headline_of_nothing_is_grey() -> None:
    found = headline([], DAY)
    assert (found.colour, found.reason) == (Y, "No milestones yet.")
    assert headline(items((2, N)), DAY).reason == "Every milestone is suspended, withdrawn or superseded."


def test_headline_is_red_at_the_share_of_those_due_and_not_below() -> None:
    found = headline(items((3, R), (17, B)), DAY)
    assert found.colour is R
    assert found.reason == "3 of 20 milestones due to date are Red (15%); the threshold is 15%."
    below = headline(items((3, R), (18, B)), DAY)
    assert below.colour is A
    assert below.reason == "3 of 21 milestones due to date are Red (14%); Red needs 15% and at least 2."


def test_headline_is_red_with_two_reds_and_not_with_one() -> None:
    assert headline(items((2, R)), DAY).colour is R
    assert headline(items((1, R)), DAY).colour is A


def test_headline_is_red_over_one_critical_red() -> None:
    found = headline([*items((1, R), critical=True), *items((30, B))], DAY)
    assert (found.colour, found.reason) == (R, "1 critical milestone is Red.")


def test_headline_counts_a_red_that_is_not_yet_due_as_amber_at_most() -> None:
    assert headline([Item(R, LATER)] * 5, DAY).colour is A
    assert headline([Item(R, LATER)] * 5, DAY).reason == "5 of 5 milestones are Red, none of them due to date."


def test_headline_is_amber_at_the_share_of_the_unfinished_and_not_below() -> None:
    found = headline(items((3, A), (17, G), (40, B)), DAY)
    assert found.colour is A
    assert found.reason == "3 of 20 unfinished milestones are Amber (15%); the threshold is 15%."
    below = headline(items((3, A), (18, G), (40, B)), DAY)
    assert below.colour is G
    assert (
        below.reason == "No milestone is Red; 3 of 21 unfinished milestones are Amber (14%); "
        "Amber needs 15% and at least 2."
    )


def test_headline_is_amber_with_two_ambers_and_not_with_one() -> None:
    assert headline(items((2, A)), DAY).colour is A
    assert headline(items((1, A)), DAY).colour is G


def test_headline_is_amber_over_one_critical_amber() -> None:
    found = headline([*items((1, A), critical=True), *items((30, G))], DAY)
    assert (found.colour, found.reason) == (A, "1 critical milestone is Amber.")


def test_headline_is_blue_or_grey_over_all_and_green_over_a_mixture() -> None:
    assert headline(items((2, B), (1, N)), DAY).reason == "All 2 milestones are complete and signed off."
    assert headline(items((1, Y)), DAY).reason == "The only milestone is not started."
    assert headline(items((1, B), (1, Y)), DAY).colour is G


def test_strict_scheme_takes_the_worst() -> None:
    strict = Scheme(strict=True)
    assert headline(items((1, R), (40, B)), DAY, strict).colour is R
    found = headline(items((1, A), (40, B)), DAY, strict)
    assert (found.colour, found.reason) == (A, "1 of 41 milestones is Amber; the worst colour is the headline.")


def test_due_to_date_includes_the_day_itself() -> None:
    assert count([Item(B, DAY), Item(B, DAY + timedelta(days=1)), Item(B, None), Item(N, PAST)], DAY) == Counts(
        blue=3, none=1, due_to_date=1, delivered_of_due=1
    )


def test_counts_name_their_totals() -> None:
    counts = count(items((1, R), (2, A), (3, G), (4, Y), (5, B), (6, N)), DAY)
    assert (counts.total, counts.unfinished) == (15, 10)
    assert [counts.of(colour) for colour in (R, A, G, Y, B, N)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (R, A, Direction.BETTER),
        (A, G, Direction.BETTER),
        (G, B, Direction.BETTER),
        (Y, G, Direction.SAME),
        (B, G, Direction.WORSE),
        (G, A, Direction.WORSE),
        (None, R, Direction.NEW),
        (N, R, Direction.NEW),
        (R, None, Direction.CLOSED),
        (R, N, Direction.CLOSED),
        (N, None, Direction.SAME),
    ],
)
def test_direction_follows_the_order_of_the_colours(
    before: Colour | None, after: Colour | None, expected: Direction
) -> None:
    assert direction(before, after) is expected


any_items = st.lists(
    st.builds(Item, st.sampled_from(Colour), st.none() | st.dates(PAST, LATER), st.booleans()), max_size=40
)
schemes = st.sampled_from([Scheme(), Scheme(strict=True), Scheme(share=0.3, minimum=1)])


@settings(max_examples=200, deadline=None)
@given(any_items, schemes)
def test_no_green_blue_or_grey_stands_above_a_red(listed: list[Item], scheme: Scheme) -> None:
    colours = [item.colour for item in listed]
    if R in colours:
        assert headline(listed, DAY, scheme).colour in (R, A)
        assert workstream_colour(colours) is R


@settings(max_examples=200, deadline=None)
@given(any_items, schemes)
def test_blue_stands_only_over_all_blue(listed: list[Item], scheme: Scheme) -> None:
    counted = [item.colour for item in listed if item.colour is not N]
    all_blue = bool(counted) and set(counted) == {B}
    assert (headline(listed, DAY, scheme).colour is B) == all_blue
    assert (workstream_colour(counted) is B) == all_blue


@settings(max_examples=100, deadline=None)
@given(any_items, st.randoms(use_true_random=False), st.integers(0, 40))
def test_grouping_and_order_change_no_count(listed: list[Item], shuffler: Random, cut: int) -> None:
    shuffled = list(listed)
    shuffler.shuffle(shuffled)
    assert headline(shuffled, DAY) == headline(listed, DAY)
    assert count(listed[:cut], DAY) + count(listed[cut:], DAY) == count(listed, DAY)


@settings(max_examples=200, deadline=None)
@given(any_items, st.none() | st.dates(PAST, LATER), schemes)
def test_adding_a_blue_child_never_worsens_a_headline(listed: list[Item], due: date | None, scheme: Scheme) -> None:
    before = headline(listed, DAY, scheme).colour
    after = headline([*listed, Item(B, due)], DAY, scheme).colour
    assert RANK[after] >= RANK[before]


@settings(max_examples=100, deadline=None)
@given(any_items.filter(lambda listed: any(item.colour is not N for item in listed)), st.integers(1, 5))
def test_suspended_items_change_no_percentage(listed: list[Item], more: int) -> None:
    before = headline(listed, DAY)
    after = headline([*listed, *[Item(N, PAST, critical=True)] * more], DAY)
    assert (after.colour, after.reason) == (before.colour, before.reason)
    assert (after.counts.total, after.counts.due_to_date) == (before.counts.total, before.counts.due_to_date)
