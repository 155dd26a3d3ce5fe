"""The annual review: a new version with a new baseline, while the first one stays as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tests.services.reviews import DAY, adopt, move, reviewed_plan, spans_before, withdraw
from tracker.models import Baseline, LedgerEntry, Plan
from tracker.rules.permissions import Actor
from tracker.services import colours, versions
from tracker.services.verification import verify


@pytest.fixture
def plan(session: Session) -> Plan:
    return reviewed_plan(session)


def test_a_review_takes_the_current_deadline_of_every_open_milestone_as_its_baseline(
    session: Session, plan: Plan, manager: Actor
) -> None:
    first, second, undated, fourth = factories.milestones_of(session, plan)
    move(session, plan, first, "Mar 2026")
    withdraw(session, plan, fourth)
    version = adopt(session, manager, plan)
    assert (version.number, version.label, version.adopted, version.minute) == (2, "2", TODAY, "5.2")
    assert (first.baseline_due, first.baseline_due_text) == (date(2026, 3, 31), "Mar 2026")
    assert (first.baseline_version, first.baseline_number, first.baseline_moves) == ("2", 2, 1)
    assert (second.baseline_due_text, second.baseline_moves) == ("Dec 2025", 0)
    assert (undated.baseline_version, fourth.baseline_version) == ("", "")
    assert verify(session).faults == ()


def test_the_original_date_the_deadline_and_the_count_of_moves_stay(
    session: Session, plan: Plan, manager: Actor
) -> None:
    first = factories.milestones_of(session, plan)[0]
    move(session, plan, first, "Mar 2026")
    before = (first.original_due, first.original_due_text, first.due, first.due_text, first.moves)
    adopt(session, manager, plan)
    assert (first.original_due, first.original_due_text, first.due, first.due_text, first.moves) == before
    assert before == (date(2025, 9, 30), "Sep 2025", date(2026, 3, 31), "Mar 2026", 1)


def test_there_is_one_ledger_entry_for_the_version_and_one_for_each_milestone_with_a_new_baseline(
    session: Session, plan: Plan, manager: Actor
) -> None:
    version = adopt(session, manager, plan)
    entries = list(session.scalars(select(LedgerEntry).where(LedgerEntry.act == version.adoption_act)))
    assert [entry.subject_type for entry in entries] == ["plan_version", "milestone", "milestone", "milestone"]
    assert entries[1].changes["baseline_due_text"] == ["", "Sep 2025"]
    assert entries[1].reason == "version 2, minute 5.2"
    assert session.scalars(select(Baseline.due_text).order_by(Baseline.milestone_id)).all() == [
        "Sep 2025",
        "Dec 2025",
        "Nov 2025",
    ]


def test_a_milestone_moved_twice_is_no_longer_amber_for_it_under_the_new_version(
    session: Session, plan: Plan, manager: Actor, lead: Actor, colour_on: Any
) -> None:
    first = factories.milestones_of(session, plan)[0]
    move(session, plan, first, "Mar 2026")
    move(session, plan, first, "May 2026", NOW + 5 * DAY)
    acts.update(session, lead, first, NOW + 6 * DAY)
    day = TODAY + 7 * DAY
    assert colour_on(first, day) == ("amber", "4f", "moved x2")
    adopt(session, manager, plan, NOW + 7 * DAY)
    assert colour_on(first, day - DAY) == ("amber", "4f", "moved x2")
    assert colour_on(first, day) == ("green", "6", "")
    move(session, plan, first, "Jul 2026", NOW + 8 * DAY)
    assert colour_on(first, day + DAY)[2] == "moved x1"
    assert first.moves == 3
    assert verify(session).faults == ()


def test_too_far_past_counts_from_the_new_baseline(
    session: Session, plan: Plan, manager: Actor, colour_on: Any
) -> None:
    second = factories.milestones_of(session, plan)[1]
    move(session, plan, second, "Aug 2026")
    lead = factories.lead(session, plan)[1]
    acts.update(session, lead, second, NOW + DAY)
    assert colour_on(second, date(2026, 4, 1))[1] == "4f"
    adopt(session, manager, plan, NOW + 2 * DAY)
    assert colour_on(second, date(2026, 4, 1))[1] == "6"


def test_completed_by_the_new_baseline_is_not_late_and_after_it_is(
    session: Session, plan: Plan, manager: Actor, lead: Actor, colour_on: Any
) -> None:
    first, second, *_ = factories.milestones_of(session, plan)
    move(session, plan, first, "Oct 2025")
    adopt(session, manager, plan)
    acts.claim(session, lead, first, acts.at(date(2025, 10, 20)))
    acts.decide(session, manager, first, acts.at(date(2025, 10, 21)))
    assert colour_on(first, date(2025, 10, 21)) == ("blue", "1", "")
    acts.claim(session, lead, second, acts.at(date(2026, 1, 10)))
    acts.decide(session, manager, second, acts.at(date(2026, 1, 11)))
    assert colour_on(second, date(2026, 1, 11)) == ("blue", "1", "late")
    assert verify(session).faults == ()


def test_a_completion_claimed_before_the_review_is_measured_against_the_first_version(
    session: Session, plan: Plan, manager: Actor, lead: Actor, colour_on: Any
) -> None:
    first = factories.milestones_of(session, plan)[0]
    move(session, plan, first, "Dec 2025")
    later = acts.at(date(2025, 11, 3))
    acts.claim(session, lead, first, later)
    adopt(session, manager, plan, later)
    acts.decide(session, manager, first, later)
    assert first.baseline_version == ""
    assert colour_on(first, later.date()) == ("blue", "1", "late")


def test_a_new_date_that_the_lead_has_not_confirmed_still_has_to_be_confirmed(
    session: Session, plan: Plan, manager: Actor, colour_on: Any
) -> None:
    second = factories.milestones_of(session, plan)[1]
    acts.update(session, factories.lead(session, plan)[1], second)
    move(session, plan, second, "Feb 2026")
    adopt(session, manager, plan, NOW + DAY)
    assert colour_on(second, TODAY + DAY) == ("amber", "4g", "")


def test_a_move_after_the_review_is_a_first_one_for_the_manager(session: Session, plan: Plan, manager: Actor) -> None:
    first = factories.milestones_of(session, plan)[0]
    move(session, plan, first, "Dec 2025")
    lead = factories.lead(session, plan)[1]
    adopt(session, manager, plan)
    change = acts.ask(session, lead, first, NOW, proposed="Jan 2026")
    acts.settle(session, manager, first, change)
    assert (first.due_text, first.moves, change.decision_level) == ("Jan 2026", 2, "manager")


def test_the_colours_of_every_day_before_the_review_stay(session: Session, plan: Plan, manager: Actor) -> None:
    first, second, *_ = factories.milestones_of(session, plan)
    move(session, plan, first, "Mar 2026")
    move(session, plan, second, "Jun 2026", NOW + DAY)
    before = spans_before(session, plan, TODAY + 2 * DAY)
    adopt(session, manager, plan, NOW + 2 * DAY)
    assert spans_before(session, plan, TODAY + 2 * DAY) == before


def test_a_review_recorded_some_days_later_takes_the_deadlines_of_the_day_it_was_adopted(
    session: Session, plan: Plan, manager: Actor
) -> None:
    first = factories.milestones_of(session, plan)[0]
    move(session, plan, first, "Dec 2025", NOW)
    move(session, plan, first, "Mar 2026", NOW + 5 * DAY)
    before = spans_before(session, plan, TODAY + 2 * DAY)
    day = TODAY + 2 * DAY
    version = adopt(session, manager, plan, NOW + 9 * DAY, adopted=day, meeting_on=day)
    assert (first.baseline_due_text, first.baseline_moves) == ("Dec 2025", 1)
    assert (first.due_text, first.moves, first.measured_moves) == ("Mar 2026", 2, 1)
    entries = list(session.scalars(select(LedgerEntry).where(LedgerEntry.act == version.adoption_act)))
    assert {(entry.effective_day, entry.back_filled) for entry in entries} == {(day, True)}
    assert spans_before(session, plan, day) == before
    assert verify(session).faults == ()


def test_those_that_are_left_out_keep_the_baseline_they_have(session: Session, plan: Plan, manager: Actor) -> None:
    first, second, *_ = factories.milestones_of(session, plan)
    adopt(session, manager, plan, left_out={first.id})
    assert (first.baseline_version, second.baseline_version) == ("", "2")


def test_a_third_version_is_measured_against_its_own_baseline(session: Session, plan: Plan, manager: Actor) -> None:
    first = factories.milestones_of(session, plan)[0]
    adopt(session, manager, plan)
    move(session, plan, first, "Mar 2026", NOW + DAY)
    adopt(session, manager, plan, NOW + 2 * DAY, label="3")
    assert (first.baseline_due_text, first.baseline_number, first.baseline_moves) == ("Mar 2026", 3, 1)
    assert session.scalars(select(Baseline.due_text).where(Baseline.milestone_id == first.id)).all() == [
        "Sep 2025",
        "Mar 2026",
    ]
    assert verify(session).faults == ()


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"due": date(2027, 1, 31)}, "Milestone 1a.1: its baseline in version 2 is not what the ledger says."),
        ({"moves": 4}, "Milestone 1a.1: its baseline in version 2 is not what the ledger says."),
    ],
    ids=["a baseline with another date is found", "a baseline with another count of moves is found"],
)
def test_verification_finds(session: Session, plan: Plan, manager: Actor, values: dict[str, Any], fault: str) -> None:
    adopt(session, manager, plan)
    row = session.scalars(select(Baseline).order_by(Baseline.milestone_id)).first()
    assert row
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    assert fault in verify(session).plans[0].faults
    versions.rebuild_baselines(session, plan.id)
    assert verify(session).faults == ()


def test_verification_finds_a_baseline_that_is_gone(session: Session, plan: Plan, manager: Actor) -> None:
    adopt(session, manager, plan)
    session.delete(session.scalars(select(Baseline).order_by(Baseline.milestone_id)).first())
    session.flush()
    assert len(verify(session).faults) == 1


def test_rebuilding_gives_the_same_colours(session: Session, plan: Plan, manager: Actor) -> None:
    move(session, plan, factories.milestones_of(session, plan)[0], "Mar 2026")
    adopt(session, manager, plan, NOW + DAY)
    colours.rebuild(session, plan)
    assert verify(session).faults == ()
