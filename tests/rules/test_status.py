"""Each colour rule alone, each threshold on its last day and the day after, and overrides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings

from tests.rules.builders import CLAIMED, NOTHING, STARTED, any_facts, days, with_
from tracker.rules.colour import RANK, Colour
from tracker.rules.facts import Confidence, Facts, Override, Predecessor, SignOff, Standing
from tracker.rules.scheme import DEFAULT, Scheme
from tracker.rules.status import assess, next_change

DAY = timedelta(days=1)
AUGUST = date(2025, 8, 1)


def colours_around(facts: Facts, last: date, scheme: Scheme = DEFAULT) -> tuple[Colour, Colour]:
    """Return the colour on the last day of something and on the day after."""
    return assess(facts, last, scheme).colour, assess(facts, last + DAY, scheme).colour


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.WITHDRAWN, Standing.SUPERSEDED])
def test_rule_0_takes_the_colour_from_whatever_does_not_count(standing: Standing) -> None:
    verdict = assess(with_(CLAIMED, standing=standing, signoff=SignOff.APPROVED), AUGUST)
    assert (verdict.colour, verdict.rule, verdict.until) == (Colour.NONE, "0", None)


def test_rule_1_stands_for_good() -> None:
    verdict = assess(with_(CLAIMED, signoff=SignOff.APPROVED, signoff_day=AUGUST), AUGUST)
    assert (verdict.colour, verdict.rule, verdict.until) == (Colour.BLUE, "1", None)


def test_rule_1_is_late_only_from_the_day_after_the_original_date() -> None:
    approved = with_(CLAIMED, signoff=SignOff.APPROVED, due=date(2025, 12, 31))
    assert assess(with_(approved, completed=date(2025, 9, 30)), AUGUST).marks == ()
    assert assess(with_(approved, completed=date(2025, 10, 1)), AUGUST).marks == ("late",)


def test_rule_2_takes_a_claim_on_the_deadline_and_not_the_day_after() -> None:
    assert assess(with_(CLAIMED, claimed=date(2025, 9, 30)), date(2025, 10, 2)).colour is Colour.GREEN
    assert assess(with_(CLAIMED, claimed=date(2025, 10, 1)), date(2025, 10, 2)).colour is Colour.AMBER


def test_rule_2_clock_runs_out_after_thirty_days() -> None:
    assert colours_around(CLAIMED, date(2025, 10, 29)) == (Colour.GREEN, Colour.AMBER)


def test_rule_2_clock_of_a_lapsed_sign_off_runs_from_the_lapse() -> None:
    lapsed = with_(CLAIMED, signoff=SignOff.LAPSED, signoff_day=date(2025, 10, 25))
    assert colours_around(lapsed, date(2025, 11, 24)) == (Colour.GREEN, Colour.AMBER)


def test_rule_2_late_and_undecided_too_long_says_both() -> None:
    late = with_(CLAIMED, claimed=date(2025, 10, 10))
    verdict = assess(late, date(2025, 11, 10))
    assert (verdict.marks, verdict.attributed) == (("completed late", "sign-off overdue"), "approver")


def test_rule_2_of_an_undated_milestone_is_green() -> None:
    verdict = assess(with_(CLAIMED, due=None, due_text=""), date(2025, 10, 1))
    assert (verdict.colour, verdict.rule) == (Colour.GREEN, "2")


def test_rule_3_begins_the_day_after_the_deadline() -> None:
    assert colours_around(STARTED, date(2025, 9, 30)) == (Colour.GREEN, Colour.RED)


def test_rule_3_names_a_returned_completion() -> None:
    verdict = assess(with_(signoff=SignOff.RETURNED, signoff_day=date(2025, 10, 3)), date(2025, 10, 4))
    assert verdict.reason == (
        "The deadline, Sep 2025, has passed, the completion was returned on 3 October 2025 "
        "and no new date has been agreed."
    )


def test_rule_3_is_cleared_neither_by_a_request_nor_by_a_forecast() -> None:
    facts = with_(proposed_text="Dec 2025", forecast=date(2025, 12, 31))
    assert assess(facts, date(2025, 10, 1)).colour is Colour.RED


def test_rule_4a_needs_a_forecast_after_the_deadline() -> None:
    assert assess(with_(forecast=date(2025, 9, 30)), AUGUST).colour is Colour.GREEN
    assert assess(with_(forecast=date(2025, 10, 1)), AUGUST).rule == "4a"


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (Confidence.AT_RISK, "The lead says that the deadline, Sep 2025, is at risk: two posts are vacant."),
        (Confidence.WILL_MISS, "The lead says that the deadline, Sep 2025, will be missed: two posts are vacant."),
    ],
)
def test_rule_4b_takes_the_lead_at_their_word(confidence: Confidence, words: str) -> None:
    verdict = assess(with_(confidence=confidence, confidence_reason="two posts are vacant."), AUGUST)
    assert (verdict.rule, verdict.reason) == ("4b", words)


def test_rule_4c_reads_what_blocks() -> None:
    assert assess(with_(blocked="No data from the ICB"), AUGUST).reason == "Work is blocked: No data from the ICB."


def test_rule_4c_looks_at_unfinished_predecessors_only() -> None:
    def after(predecessor: Predecessor) -> str:
        return assess(with_(predecessors=(predecessor,)), AUGUST).rule

    assert after(Predecessor("1a.2", False, Colour.RED, None)) == "4c"
    assert after(Predecessor("1a.2", True, Colour.BLUE, date(2025, 12, 31))) == "6"
    assert after(Predecessor("1a.2", False, Colour.GREEN, date(2025, 9, 30))) == "6"
    assert after(Predecessor("1a.2", False, Colour.GREEN, date(2025, 10, 1))) == "4c"


def test_rule_4d_begins_thirty_days_before_the_deadline() -> None:
    assert colours_around(NOTHING, date(2025, 8, 30)) == (Colour.GREY, Colour.AMBER)


def test_rule_4d_begins_the_day_after_the_planned_start() -> None:
    facts = with_(NOTHING, planned_start=date(2025, 7, 1))
    assert colours_around(facts, date(2025, 7, 1)) == (Colour.GREY, Colour.AMBER)
    assert assess(facts, date(2025, 7, 2)).rule == "4d"


@pytest.mark.parametrize("signoff", [SignOff.RETURNED, SignOff.REVOKED])
def test_rule_4e_stands_until_completion_is_claimed_again(signoff: SignOff) -> None:
    back = with_(signoff=signoff, signoff_day=AUGUST)
    assert assess(back, AUGUST).rule == "4e"
    assert assess(with_(back, claimed=AUGUST, signoff=SignOff.CLAIMED), AUGUST).rule == "2"


def test_rule_4f_begins_with_the_second_move() -> None:
    late = date(2025, 12, 31)
    assert assess(with_(due=late, moves=1), AUGUST).rule == "6"
    assert assess(with_(due=late, moves=2), AUGUST).rule == "4f"


def test_rule_4f_begins_more_than_three_months_past_the_original_date() -> None:
    facts = with_(due=date(2026, 2, 28), due_text="Feb 2026", moves=1)
    assert colours_around(facts, date(2025, 12, 31)) == (Colour.GREEN, Colour.AMBER)
    assert assess(facts, date(2026, 1, 1)).rule == "4f"


def test_rule_4g_needs_a_move() -> None:
    assert assess(with_(confirmed=False), AUGUST).rule == "6"
    assert assess(with_(confirmed=False, moves=1), AUGUST).rule == "4g"


def test_rule_5_and_6_part_at_the_start() -> None:
    assert assess(NOTHING, AUGUST).rule == "5"
    assert assess(STARTED, AUGUST).rule == "6"


def test_first_of_the_amber_rules_decides() -> None:
    everything = with_(
        NOTHING, forecast=date(2025, 12, 1), confidence=Confidence.AT_RISK, blocked="yes", moves=2, confirmed=False
    )
    assert assess(everything, date(2025, 9, 5)).rule == "4a"
    assert assess(with_(everything, forecast=None), date(2025, 9, 5)).rule == "4b"
    assert assess(with_(everything, forecast=None, confidence=None), date(2025, 9, 5)).rule == "4c"
    assert assess(with_(everything, forecast=None, confidence=None, blocked=""), date(2025, 9, 5)).rule == "4d"


def test_undated_milestone_is_never_red_and_its_grey_stands_for_good() -> None:
    undated = Facts(forecast=date(2026, 1, 1))
    verdict = assess(undated, date(2030, 1, 1))
    assert (verdict.colour, verdict.until) == (Colour.GREY, None)
    assert verdict.reason == "Work has not started; no deadline is set."


def test_undated_milestone_that_has_not_begun_as_planned_is_amber_and_never_red() -> None:
    undated = Facts(planned_start=date(2025, 6, 1))
    before = assess(undated, date(2025, 6, 1))
    assert (before.colour, before.until) == (Colour.GREY, date(2025, 6, 1))
    after = assess(undated, date(2025, 6, 2))
    assert (after.colour, after.rule, after.until) == (Colour.AMBER, "4d", None)
    assert after.reason == "The planned start, 1 June 2025, has passed and work has not started."


def test_thresholds_come_from_the_scheme() -> None:
    scheme = Scheme(not_started_days=10, signoff_days=5, cap_months=1, cap_moves=9)
    assert colours_around(NOTHING, date(2025, 9, 19), scheme) == (Colour.GREY, Colour.AMBER)
    assert colours_around(CLAIMED, date(2025, 10, 4), scheme) == (Colour.GREEN, Colour.AMBER)
    moved = with_(due=date(2026, 2, 28), moves=3)
    assert colours_around(moved, date(2025, 10, 31), scheme) == (Colour.GREEN, Colour.AMBER)


def test_override_that_worsens_counts_until_its_last_day() -> None:
    facts = with_(override=Override(Colour.RED, AUGUST, "The funding was withdrawn."))
    verdict = assess(facts, AUGUST)
    assert (verdict.colour, verdict.computed, verdict.rule, verdict.until) == (Colour.RED, Colour.GREEN, "6", AUGUST)
    assert verdict.marks == ("override",)
    assert verdict.reason == (
        "Set to Red until 1 August 2025: The funding was withdrawn; by the rules it is Green: "
        "work has started and no risk to the deadline, Sep 2025, is recorded."
    )
    assert assess(facts, AUGUST + DAY).colour is Colour.GREEN


def test_override_improves_only_where_the_manager_set_it() -> None:
    risky = with_(confidence=Confidence.AT_RISK)
    green = Override(Colour.GREEN, AUGUST, "Agreed at the board")
    assert assess(with_(risky, override=green), AUGUST).colour is Colour.AMBER
    by_manager = Override(Colour.GREEN, AUGUST, "Agreed at the board", improves=True)
    assert assess(with_(risky, override=by_manager), AUGUST).colour is Colour.GREEN


def test_override_to_the_colour_that_the_rules_give_says_nothing() -> None:
    facts = with_(confidence=Confidence.AT_RISK, override=Override(Colour.AMBER, AUGUST, "x", improves=True))
    assert assess(facts, AUGUST).marks == assess(with_(facts, override=None), AUGUST).marks
    assert "Set to" not in assess(facts, AUGUST).reason


def test_override_never_switches_off_rule_3() -> None:
    facts = with_(override=Override(Colour.GREEN, date(2025, 12, 31), "x", improves=True))
    assert assess(facts, date(2025, 10, 1)).marks == ("new date required",)


def test_override_never_touches_blue_or_no_colour() -> None:
    override = Override(Colour.RED, date(2025, 12, 31), "x", improves=True)
    blue = with_(CLAIMED, signoff=SignOff.APPROVED, override=override)
    assert assess(blue, AUGUST).colour is Colour.BLUE
    assert assess(with_(standing=Standing.SUSPENDED, override=override), AUGUST).colour is Colour.NONE


@pytest.mark.parametrize("colour", [Colour.BLUE, Colour.GREY, Colour.NONE])
def test_override_never_sets_what_only_facts_can(colour: Colour) -> None:
    facts = with_(confidence=Confidence.AT_RISK, override=Override(colour, AUGUST, "x", improves=True))
    assert assess(facts, AUGUST).colour is Colour.AMBER


def test_next_change_names_the_day_and_what_comes() -> None:
    found = next_change(NOTHING, date(2025, 7, 31))
    assert found is not None
    assert (found[0], found[1].colour) == (date(2025, 8, 31), Colour.AMBER)
    assert next_change(with_(CLAIMED, signoff=SignOff.APPROVED), AUGUST) is None


@settings(max_examples=200, deadline=None)
@given(any_facts(), days)
def test_verdict_stands_through_until_and_not_a_day_longer(facts: Facts, day: date) -> None:
    verdict = assess(facts, day)
    if verdict.until is None:
        for later in (day + DAY, date(2027, 6, 1), date(2040, 1, 1)):
            assert assess(facts, later) == verdict
        return
    assert verdict.until >= day
    step = day
    while step <= verdict.until:
        assert assess(facts, step) == verdict
        step += DAY
    assert assess(facts, verdict.until + DAY) != verdict


@settings(max_examples=200, deadline=None)
@given(any_facts(override=False), days, days)
def test_time_alone_only_worsens_a_milestone(facts: Facts, day: date, later: date) -> None:
    assume(day < later)
    before, after = assess(facts, day).colour, assess(facts, later).colour
    if before in (Colour.BLUE, Colour.NONE):
        assert after is before
    else:
        assert RANK[after] <= RANK[before]
        assert after in (before, Colour.AMBER, Colour.RED)


@settings(max_examples=100, deadline=None)
@given(any_facts(), days)
def test_reason_is_one_line_that_ends_in_a_full_stop(facts: Facts, day: date) -> None:
    verdict = assess(facts, day)
    assert verdict.reason.endswith(".")
    assert not verdict.reason.endswith("..")
    assert "\n" not in verdict.reason
    assert "None" not in verdict.reason
    assert verdict.reason[0].isupper()


@settings(max_examples=100, deadline=None)
@given(any_facts(), days)
def test_undated_milestone_is_never_red_by_rule(facts: Facts, day: date) -> None:
    assert assess(with_(facts, due=None), day).computed is not Colour.RED
