"""The test vectors of the domain, one test each, named by its case. The deadline is "Sep 2025"."""

from __future__ import annotations

from datetime import date

from tests.rules.builders import CLAIMED, NOTHING, STARTED, with_
from tracker.rules.colour import Colour
from tracker.rules.facts import Confidence, Facts, SignOff, Standing
from tracker.rules.status import Verdict, assess


def on(facts: Facts, day: date) -> Verdict:
    return assess(facts, day)


def test_nothing_entered_on_31_july_is_grey() -> None:
    assert on(NOTHING, date(2025, 7, 31)).colour is Colour.GREY


def test_nothing_entered_on_5_september_is_amber_by_rule_4d() -> None:
    verdict = on(NOTHING, date(2025, 9, 5))
    assert (verdict.colour, verdict.rule) == (Colour.AMBER, "4d")


def test_started_on_30_september_is_green() -> None:
    assert on(STARTED, date(2025, 9, 30)).colour is Colour.GREEN


def test_started_on_1_october_is_red_and_needs_a_new_date() -> None:
    verdict = on(STARTED, date(2025, 10, 1))
    assert (verdict.colour, verdict.marks) == (Colour.RED, ("new date required",))
    assert verdict.reason == "The deadline, Sep 2025, has passed and no new date has been agreed."


def test_started_with_a_forecast_of_november_on_10_september_is_amber_by_rule_4a() -> None:
    verdict = on(with_(forecast=date(2025, 11, 30), forecast_text="Nov 2025"), date(2025, 9, 10))
    assert (verdict.colour, verdict.rule) == (Colour.AMBER, "4a")
    assert verdict.reason == "The forecast, Nov 2025, is after the deadline, Sep 2025."


def test_forecast_of_november_on_1_october_is_red() -> None:
    assert on(with_(forecast=date(2025, 11, 30)), date(2025, 10, 1)).colour is Colour.RED


def test_claimed_on_29_september_and_undecided_on_1_october_is_green_awaiting_sign_off() -> None:
    verdict = on(CLAIMED, date(2025, 10, 1))
    assert (verdict.colour, verdict.rule, verdict.marks) == (Colour.GREEN, "2", ("awaiting sign-off",))


def test_claimed_on_29_september_and_undecided_on_5_november_is_amber_for_the_approver() -> None:
    verdict = on(CLAIMED, date(2025, 11, 5))
    assert (verdict.colour, verdict.marks) == (Colour.AMBER, ("sign-off overdue",))
    assert verdict.attributed == "approver"


def test_claimed_on_10_october_on_12_october_is_amber_completed_late_awaiting_sign_off() -> None:
    facts = with_(CLAIMED, claimed=date(2025, 10, 10), completed=date(2025, 10, 10))
    verdict = on(facts, date(2025, 10, 12))
    assert (verdict.colour, verdict.marks) == (Colour.AMBER, ("completed late", "awaiting sign-off"))


def test_claimed_on_29_september_and_returned_on_3_october_is_red_on_4_october() -> None:
    facts = with_(signoff=SignOff.RETURNED, signoff_day=date(2025, 10, 3))
    assert on(facts, date(2025, 10, 4)).colour is Colour.RED


def test_claimed_on_29_september_and_approved_on_20_october_is_blue_on_21_october() -> None:
    facts = with_(CLAIMED, signoff=SignOff.APPROVED, signoff_day=date(2025, 10, 20))
    verdict = on(facts, date(2025, 10, 21))
    assert (verdict.colour, verdict.marks) == (Colour.BLUE, ())
    assert verdict.reason == "Completed on 29 September 2025 and signed off on 20 October 2025."


def test_completed_on_10_october_and_approved_on_20_october_is_blue_and_late() -> None:
    done = date(2025, 10, 10)
    facts = with_(CLAIMED, claimed=done, completed=done, signoff=SignOff.APPROVED, signoff_day=date(2025, 10, 20))
    verdict = on(facts, date(2025, 10, 21))
    assert (verdict.colour, verdict.marks) == (Colour.BLUE, ("late",))


def test_extension_to_december_requested_is_red_with_a_new_date_proposed_on_8_october() -> None:
    verdict = on(with_(proposed_text="Dec 2025"), date(2025, 10, 8))
    assert (verdict.colour, verdict.marks) == (Colour.RED, ("new date proposed",))


EXTENDED = with_(due=date(2025, 12, 31), due_text="Dec 2025", moves=1, confirmed=False)


def test_extension_approved_and_not_confirmed_is_amber_by_rule_4g_on_15_october() -> None:
    verdict = on(EXTENDED, date(2025, 10, 15))
    assert (verdict.colour, verdict.rule, verdict.marks) == (Colour.AMBER, "4g", ("moved x1",))


def test_extension_confirmed_on_track_is_green_and_moved_once_on_20_october() -> None:
    verdict = on(with_(EXTENDED, confirmed=True, confidence=Confidence.ON_TRACK), date(2025, 10, 20))
    assert (verdict.colour, verdict.marks) == (Colour.GREEN, ("moved x1",))


def test_second_extension_confirmed_is_amber_by_rule_4f_on_15_january() -> None:
    facts = with_(EXTENDED, due=date(2026, 2, 28), due_text="Feb 2026", moves=2, confirmed=True)
    verdict = on(facts, date(2026, 1, 15))
    assert (verdict.colour, verdict.rule, verdict.marks) == (Colour.AMBER, "4f", ("moved x2",))


def test_evidence_changed_after_approval_is_awaiting_sign_off_again_with_its_completion_date() -> None:
    facts = with_(CLAIMED, signoff=SignOff.LAPSED, signoff_day=date(2025, 10, 25))
    verdict = on(facts, date(2025, 10, 26))
    assert (verdict.colour, verdict.rule, verdict.marks) == (Colour.GREEN, "2", ("awaiting sign-off",))
    assert facts.completed == date(2025, 9, 29)
    assert "lapsed on 25 October 2025" in verdict.reason


def test_withdrawn_by_decision_has_no_colour() -> None:
    verdict = on(with_(standing=Standing.WITHDRAWN, standing_reference="minute 5.2"), date(2025, 10, 1))
    assert (verdict.colour, verdict.rule) == (Colour.NONE, "0")
    assert verdict.reason == "Withdrawn by decision: minute 5.2; it is listed and left out of percentages."


def test_due_before_adoption_is_red_and_says_so() -> None:
    facts = with_(NOTHING, due=date(2025, 4, 30), due_text="Apr 2025", original_due=date(2025, 4, 30))
    verdict = on(facts, date(2025, 7, 1))
    assert (verdict.colour, verdict.marks) == (Colour.RED, ("new date required", "due before adoption"))
