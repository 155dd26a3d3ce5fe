"""A review before it is recorded: its list, and every reason for which it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tests.services.reviews import DAY, DECISION, adopt, looked, move, reviewed_plan, withdraw
from tracker.models import Plan, PlanVersion
from tracker.rules.errors import AlreadyDone, NotPermitted, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services.review import preview


@pytest.fixture
def plan(session: Session) -> Plan:
    return reviewed_plan(session)


def test_the_preview_lists_what_takes_a_new_baseline_and_what_keeps_its_own_and_why(
    session: Session, plan: Plan, manager: Actor, lead: Actor
) -> None:
    first, second, _undated, fourth = factories.milestones_of(session, plan)
    move(session, plan, first, "Mar 2026")
    acts.claim(session, lead, second)
    withdraw(session, plan, fourth)
    found = looked(session, manager, plan)
    assert [(line.ref, line.original_text, line.due_text) for line in found.taking] == [
        ("1a.1", "Sep 2025", "Mar 2026")
    ]
    assert [(line.ref, line.why_kept) for line in found.keeping] == [
        ("1a.2", "completion is claimed and waits for sign-off"),
        ("1a.3", "no deadline"),
        ("1a.4", "withdrawn by decision, so it does not count"),
    ]
    assert session.scalars(select(PlanVersion)).all() == []


def test_the_preview_says_where_a_deadline_has_passed_or_a_new_date_is_asked_for(
    session: Session, plan: Plan, manager: Actor, lead: Actor
) -> None:
    second = factories.milestones_of(session, plan)[1]
    acts.ask(session, lead, second, proposed="Feb 2026")
    day = date(2025, 10, 6)
    found = preview(session, manager, plan.id, replace(DECISION, adopted=day, meeting_on=day), day)
    assert [line.remark for line in found.taking] == [
        "its deadline has passed, so it stays Red until a new date is agreed",
        "a new date, Feb 2026, is asked for and not decided",
        "",
    ]


def test_a_red_milestone_stays_red_with_a_new_baseline(
    session: Session, plan: Plan, manager: Actor, colour_on: Any
) -> None:
    first, later = factories.milestones_of(session, plan)[0], acts.at(date(2025, 10, 6))
    adopt(session, manager, plan, later)
    assert colour_on(first, later.date())[:2] == ("red", "3")


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"label": " "}, "label", "Enter the label of the new version"),
        ({"label": "2" * 41}, "label", "at most 40 characters"),
        ({"label": "2\nof 3"}, "label", "a label of one line"),
        ({"label": "final"}, "label", "This plan has a version final already"),
        ({"label": "1"}, "label", "This plan has a version 1 already"),
        ({"adopted": None}, "adopted", "Enter the day on which the version was adopted"),
        ({"adopted": TODAY + DAY}, "adopted", "Enter a day of adoption that is today or earlier"),
        ({"adopted": factories.ADOPTED}, "adopted", "Version 1 (Final) was adopted on 28 May 2025. Enter a later day"),
        ({"board": ""}, "board", "Enter the board or meeting that decided"),
        ({"meeting_on": None}, "meeting_on", "Enter the day of the meeting that decided"),
        ({"meeting_on": TODAY + DAY}, "meeting_on", "Enter a day of the meeting that is today or earlier"),
        ({"adopted": TODAY - DAY}, "adopted", "that is not before it: days before the decision keep their colours"),
        ({"minute": ""}, "minute", "Enter the minute of the decision"),
    ],
    ids=[
        "a version without a label is refused",
        "a label too long to print is refused",
        "a label of two lines is refused",
        "the label of the first version is refused",
        "the number of the first version is refused as a label",
        "a version without a day of adoption is refused",
        "a day of adoption to come is refused",
        "a day of adoption not after the last version is refused",
        "a decision of nobody is refused",
        "a decision without the day of the meeting is refused",
        "a meeting to come is refused",
        "a day of adoption before the decision is refused",
        "a decision without a minute is refused",
    ],
)
def test_an_adoption_is_refused(
    session: Session, plan: Plan, manager: Actor, more: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        adopt(session, manager, plan, **more)
    assert refused.value.field == field
    assert sentence in refused.value.sentence
    assert session.scalars(select(PlanVersion)).all() == []


def test_a_label_that_a_later_version_has_is_refused(session: Session, plan: Plan, manager: Actor) -> None:
    adopt(session, manager, plan)
    with pytest.raises(Refusal, match="has a version 2 already"):
        adopt(session, manager, plan, NOW + DAY)


def test_a_day_of_adoption_not_after_the_last_review_is_refused(session: Session, plan: Plan, manager: Actor) -> None:
    adopt(session, manager, plan, NOW + DAY)
    with pytest.raises(Refusal, match=r"Version 2 was adopted on 11 September 2025\. Enter a later day"):
        adopt(session, manager, plan, NOW + DAY, label="3")


def test_a_day_of_adoption_before_anything_is_recorded_is_refused(session: Session, manager: Actor) -> None:
    late = factories.plan(session, adopted=None)
    actor = factories.member(session, late, Role.MANAGER)[1]
    with pytest.raises(Refusal, match=r"Nothing is recorded of this plan before 10 September 2025"):
        adopt(session, actor, late, NOW + DAY, adopted=TODAY - DAY, meeting_on=TODAY - DAY)


def test_a_plan_whose_milestones_are_all_withdrawn_has_nothing_to_take_a_baseline_of(
    session: Session, plan: Plan, manager: Actor
) -> None:
    for milestone in factories.milestones_of(session, plan):
        withdraw(session, plan, milestone)
    with pytest.raises(Refusal, match="No milestone is open and has a deadline"):
        adopt(session, manager, plan)


def test_leaving_out_every_milestone_is_refused(session: Session, plan: Plan, manager: Actor) -> None:
    every = {milestone.id for milestone in factories.milestones_of(session, plan)}
    with pytest.raises(Refusal, match="Leave at least one milestone ticked"):
        adopt(session, manager, plan, left_out=every)


def test_a_list_that_was_looked_at_before_somebody_changed_the_plan_is_refused(
    session: Session, plan: Plan, manager: Actor
) -> None:
    stamp = looked(session, manager, plan).stamp
    move(session, plan, factories.milestones_of(session, plan)[0], "Dec 2025")
    session.flush()
    with pytest.raises(Refusal, match="The plan was changed while you looked at the list"):
        adopt(session, manager, plan, seen=stamp)


def test_a_list_that_is_still_what_was_looked_at_is_recorded(session: Session, plan: Plan, manager: Actor) -> None:
    assert adopt(session, manager, plan, seen=looked(session, manager, plan).stamp).number == 2


def test_the_same_form_adopts_once(session: Session, plan: Plan, manager: Actor) -> None:
    adopt(session, manager, plan, token="once")
    with pytest.raises(AlreadyDone):
        adopt(session, manager, plan, NOW + DAY, token="once", label="3")


@pytest.mark.parametrize("role", [Role.BOARD, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_the_improvement_manager_may_adopt_a_version(session: Session, plan: Plan, role: Role) -> None:
    with pytest.raises(NotPermitted):
        adopt(session, factories.member(session, plan, role)[1], plan)


def test_a_lead_may_not_adopt_a_version(session: Session, plan: Plan, lead: Actor) -> None:
    with pytest.raises(NotPermitted):
        adopt(session, lead, plan)
