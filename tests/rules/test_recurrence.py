"""The colour of what recurs: shares and runs for what is weekly, the latest windows for the rest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.colour import RANK, Colour
from tracker.rules.recurrence import (
    Every,
    Outcome,
    Recorded,
    Rule,
    adherence,
    assess_commitment,
    occurrences,
    rules_for,
    strip,
    windows,
)

ANCHOR = date(2025, 5, 28)
WEEKLY, QUARTERLY, ANNUAL = (Rule(every, ANCHOR) for every in (Every.WEEKLY, Every.QUARTERLY, Every.ANNUAL))
ONE_DAY = timedelta(days=1)
KINDS = {"h": Outcome.HELD, "l": Outcome.HELD, "s": Outcome.SKIPPED}


def told(rule: Rule, letters: str) -> tuple[list[Recorded], date]:
    """Return what is recorded of the first windows (h held, l late, s skipped, m nothing), and the day after them."""
    found = windows(rule, rule.anchor + timedelta(days=400 * len(letters)))[: len(letters)]
    made = [
        Recorded(
            window.scheduled,
            KINDS[letter],
            window.closes + ONE_DAY if letter == "l" else window.opens if letter == "h" else None,
            "Holiday" if letter == "s" else "",
        )
        for window, letter in zip(found, letters, strict=True)
        if letter != "m"
    ]
    return made, found[-1].closes + ONE_DAY + (ONE_DAY if letters.endswith("l") else timedelta())


def colour(rule: Rule, letters: str, **more: object) -> str:
    recorded, day = told(rule, letters)
    verdict = assess_commitment(rule, recorded, day)
    return f"{verdict.colour.value} {verdict.rule}"


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [
        ("h", "green C5"),
        ("m", "amber C4"),  # the last one missed
        ("hm", "amber C4"),
        ("mmm", "red C3"),  # three running
        ("hhhhhhhhhhmmm", "red C3"),
        ("mmmh", "red C3"),  # 1 of 4
        ("hhhhhhhhhhhhh", "green C5"),
        ("mhhhhhhhhhhhh", "green C5"),  # 12 of 13, 92%
        ("hmhmhhhhhhhhh", "amber C4"),  # 11 of 13, 84%
        ("hmhmhmhhhhhhh", "amber C4"),  # 10 of 13, 76%
        ("hmhmhmhmhhhhh", "red C3"),  # 9 of 13, 69%
        ("hshshshhhhhhh", "green C5"),  # what was skipped was not due
        ("hhhhhhhhhhmsm", "amber C4"),  # a skip neither ends a run nor adds to it
        ("hhhhhhhhhmsmm", "red C3"),
        ("hhhhhhhhhhlll", "red C3"),  # held late is a miss
        ("hhhhhhhhhhhhl", "amber C4"),
        ("mmmmmmmmmmmmmhhhhhhhhhhhhh", "green C5"),  # thirteen weeks later they are gone
    ],
)
def test_a_weekly_commitment_is_judged_by_runs_and_shares(letters: str, wanted: str) -> None:
    assert colour(WEEKLY, letters) == wanted


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [
        ("h", "green C5"),
        ("m", "red C3"),
        ("hm", "red C3"),
        ("hms", "red C3"),  # a skip does not cover the miss before it
        ("mh", "amber C4"),
        ("l", "amber C4"),
        ("lhhh", "amber C4"),
        ("lhhhh", "green C5"),
        ("mhhhh", "green C5"),
        ("s", "green C5"),
    ],
)
@pytest.mark.parametrize("rule", [QUARTERLY, ANNUAL], ids=["quarterly", "annual"])
def test_what_is_rarer_is_judged_by_its_latest_windows(rule: Rule, letters: str, wanted: str) -> None:
    assert colour(rule, letters) == wanted


def test_before_the_first_window_it_is_grey_and_in_it_green() -> None:
    assert assess_commitment(WEEKLY, [], ANCHOR - ONE_DAY).colour is Colour.GREY
    assert assess_commitment(WEEKLY, [], ANCHOR).colour is Colour.GREEN
    assert assess_commitment(WEEKLY, [], date(2025, 6, 3)).colour is Colour.GREEN  # the last day still counts
    assert assess_commitment(WEEKLY, [], date(2025, 6, 4)).colour is Colour.AMBER


def test_a_rule_that_nobody_confirmed_gives_no_verdict() -> None:
    verdict = assess_commitment(Rule(Every.WEEKLY, ANCHOR, confirmed=False), [], date(2026, 1, 1))
    assert (verdict.colour, verdict.rule, verdict.marks) == (Colour.GREY, "C0", ("rule to confirm",))


def test_two_thirds_of_a_window_gone_with_nothing_arranged_is_amber() -> None:
    rule = Rule(Every.MONTHLY, date(2025, 9, 1))  # thirty days: two thirds are gone at the end of the 20th
    plan = [Recorded(date(2025, 9, 30), planned_for=date(2025, 9, 25))]
    assert assess_commitment(rule, [], date(2025, 9, 19)).colour is Colour.GREEN
    assert assess_commitment(rule, [], date(2025, 9, 20)).colour is Colour.AMBER
    assert assess_commitment(rule, plan, date(2025, 9, 25)).colour is Colour.GREEN
    assert assess_commitment(rule, plan, date(2025, 9, 26)).colour is Colour.AMBER
    held = [Recorded(date(2025, 9, 30), Outcome.HELD, date(2025, 9, 3))]
    assert assess_commitment(rule, held, date(2025, 9, 30)).colour is Colour.GREEN


def test_blue_is_for_what_has_ended_and_is_signed_off_or_is_business_as_usual() -> None:
    rule = Rule(Every.QUARTERLY, ANCHOR, ends=date(2025, 11, 27))
    recorded, day = told(rule, "hh")
    signed = [Recorded(one.scheduled, one.outcome, one.held_on, signed=True) for one in recorded]
    waiting = assess_commitment(rule, recorded, day)
    assert (waiting.colour, waiting.marks) == (Colour.GREEN, ("awaiting sign-off",))
    assert assess_commitment(rule, signed, day).colour is Colour.BLUE
    assert assess_commitment(rule, signed, day - ONE_DAY).colour is Colour.GREEN
    assert assess_commitment(rule, signed[:1], day).colour is Colour.RED
    usual = Rule(Every.WEEKLY, ANCHOR, accepted=date(2026, 3, 2), minute="6.1")
    assert assess_commitment(usual, [], date(2026, 3, 1)).colour is Colour.RED
    blue = assess_commitment(usual, [], date(2026, 3, 2))
    assert (blue.colour, blue.until) == (Colour.BLUE, None)
    assert blue.reason == "The board accepted it as business as usual on 2 March 2026, minute 6.1."


def test_eleven_of_thirteen_held_and_two_cancelled_is_a_full_share() -> None:
    recorded, day = told(WEEKLY, "hhhhshhhhhshh")
    found = adherence(WEEKLY, recorded, day)
    assert (found.held, found.due, found.skipped, found.text) == (11, 11, 2, "11 of 11 held")
    assert found.sentence == "11 of 11 due were held in time (100%), 2 skipped with a reason, over the last 13 weeks."
    rare = adherence(QUARTERLY, *_with_day(QUARTERLY, "mhlh"))
    assert rare.sentence == "2 of 4 due were held in time (50%), 1 held late, 1 missed, over the last 4."
    assert adherence(WEEKLY, [], ANCHOR).sentence == "No occurrence has been due yet."


def _with_day(rule: Rule, letters: str) -> tuple[list[Recorded], date]:
    return told(rule, letters)


def test_the_strip_ends_with_the_window_of_the_day_and_one_that_is_not_due() -> None:
    recorded, _ = told(WEEKLY, "hlms")
    shown = strip(WEEKLY, recorded, date(2025, 6, 26), 3)
    assert [one.outcome.value for one in shown] == ["missed", "skipped", "not due", "not due"]
    assert [one.current for one in shown] == [False, False, True, False]
    early = strip(WEEKLY, recorded, date(2025, 6, 10))
    assert [one.outcome.value for one in early][:2] == ["held", "not due"]


def test_what_was_held_afterwards_was_missed_until_then() -> None:
    recorded = [Recorded(date(2025, 6, 3), Outcome.HELD, date(2025, 6, 9))]
    assert [occurrences(WEEKLY, recorded, date(2025, 6, day))[0].outcome for day in (3, 4, 8, 9)] == [
        Outcome.NOT_DUE, Outcome.MISSED, Outcome.MISSED, Outcome.LATE,
    ]  # fmt: skip


def test_every_rule_is_told_in_its_order() -> None:
    for rule in (None, WEEKLY, ANNUAL):
        assert [line[0] for line in rules_for(rule)] == ["C0", "C1", "C2", "C3", "C4", "C5"]


letters = st.text("hlsm", min_size=1, max_size=16)
rules = st.builds(
    Rule,
    st.sampled_from([Every.WEEKLY, Every.FORTNIGHTLY, Every.MONTHLY, Every.HALF_TERMLY]),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)


@settings(max_examples=60, deadline=None)
@given(rule=rules, letters=letters, days=st.integers(0, 60))
def test_a_verdict_stands_until_the_day_it_names_and_not_longer(rule: Rule, letters: str, days: int) -> None:
    recorded, day = told(rule, letters)
    day += timedelta(days=days - 30)
    verdict = assess_commitment(rule, recorded, day)
    bare = (verdict.colour, verdict.rule, verdict.reason)
    last = verdict.until or day + timedelta(days=40)
    for number in range(0, (last - day).days + 1, 3):
        then = assess_commitment(rule, recorded, day + timedelta(days=number))
        assert (then.colour, then.rule, then.reason) == bare
    if verdict.until is not None:
        after = assess_commitment(rule, recorded, verdict.until + ONE_DAY)
        assert (after.colour, after.rule, after.reason) != bare


@settings(max_examples=60, deadline=None)
@given(rule=rules, letters=letters, days=st.integers(1, 90))
def test_holding_late_never_erases_a_miss_and_never_swallows_the_next_window(
    rule: Rule, letters: str, days: int
) -> None:
    recorded, day = told(rule, letters + "m")
    missed = occurrences(rule, recorded, day)[len(letters)]
    late = [*recorded, Recorded(missed.scheduled, Outcome.HELD, missed.window.closes + timedelta(days=days))]
    then = day + timedelta(days=days)
    before, after = occurrences(rule, recorded, then), occurrences(rule, late, then)
    assert after[len(letters)].outcome is Outcome.LATE
    assert [one for one in before if one.scheduled != missed.scheduled] == [
        one for one in after if one.scheduled != missed.scheduled
    ]
    assert adherence(rule, late, then).held == adherence(rule, recorded, then).held
    assert occurrences(rule, late, day)[len(letters)].outcome in (Outcome.MISSED, Outcome.LATE)


@settings(max_examples=60, deadline=None)
@given(rule=rules, letters=letters, which=st.integers(0, 15), late=st.booleans())
def test_to_hold_what_was_missed_never_worsens_a_colour(rule: Rule, letters: str, which: int, late: bool) -> None:
    recorded, day = told(rule, letters)
    found = occurrences(rule, recorded, day)
    missed = [one for one in found if one.outcome is Outcome.MISSED]
    if not missed:
        return
    one = missed[which % len(missed)]
    on = one.window.closes + ONE_DAY if late else one.window.opens
    more = [*recorded, Recorded(one.scheduled, Outcome.HELD, on)]
    was, now = (assess_commitment(rule, each, day).colour for each in (recorded, more))
    assert RANK[now] >= RANK[was]


@settings(max_examples=40, deadline=None)
@given(rule=rules, letters=letters)
def test_the_order_in_which_things_were_recorded_changes_nothing(rule: Rule, letters: str) -> None:
    recorded, day = told(rule, letters)
    assert assess_commitment(rule, recorded, day) == assess_commitment(rule, recorded[::-1], day)
