"""An adoption taken back, and what keeps it from being taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tests.services.reviews import DAY, adopt, move, reviewed_plan, spans_before, undo
from tests.services.structure import edits
from tracker.models import LedgerEntry, Plan
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Actor
from tracker.services.structure.splitting import Part
from tracker.services.verification import verify


@pytest.fixture
def plan(session: Session) -> Plan:
    return reviewed_plan(session)


def test_an_adoption_is_undone_as_new_entries_and_the_days_under_it_stay(
    session: Session, plan: Plan, manager: Actor
) -> None:
    first = factories.milestones_of(session, plan)[0]
    move(session, plan, first, "Mar 2026")
    move(session, plan, first, "May 2026", NOW + DAY)
    version = adopt(session, manager, plan, NOW + 2 * DAY)
    before = spans_before(session, plan, TODAY + 5 * DAY)
    entries = len(session.scalars(select(LedgerEntry)).all())
    undo(session, manager, plan, NOW + 5 * DAY)
    assert (first.baseline_version, first.baseline_number, first.baseline_due) == ("", 0, None)
    assert version.undone_on == TODAY + 5 * DAY
    assert len(session.scalars(select(LedgerEntry)).all()) == entries + 4
    assert spans_before(session, plan, TODAY + 5 * DAY) == before
    assert verify(session).faults == ()


def test_after_an_undo_the_label_can_be_used_again_and_the_number_is_a_new_one(
    session: Session, plan: Plan, manager: Actor
) -> None:
    adopt(session, manager, plan)
    undo(session, manager, plan, NOW + DAY)
    again = adopt(session, manager, plan, NOW + DAY)
    assert (again.label, again.number) == ("2", 3)
    assert verify(session).faults == ()


def test_undoing_the_third_version_gives_back_the_baseline_of_the_second(
    session: Session, plan: Plan, manager: Actor
) -> None:
    first = factories.milestones_of(session, plan)[0]
    move(session, plan, first, "Dec 2025")
    adopt(session, manager, plan)
    adopt(session, manager, plan, NOW + DAY, label="3")
    undo(session, manager, plan, NOW + DAY, number=3)
    assert (first.baseline_version, first.baseline_number, first.baseline_moves) == ("2", 2, 1)
    assert verify(session).faults == ()


def test_an_adoption_that_a_later_version_rests_on_is_not_undone(session: Session, plan: Plan, manager: Actor) -> None:
    adopt(session, manager, plan)
    adopt(session, manager, plan, NOW + DAY, label="3")
    with pytest.raises(Refusal, match=r"Version 3 was adopted after version 2\. Undo that one first"):
        undo(session, manager, plan, NOW + DAY)


def test_an_adoption_is_not_undone_once_a_new_date_was_agreed_on_it(
    session: Session, plan: Plan, manager: Actor
) -> None:
    adopt(session, manager, plan)
    move(session, plan, factories.milestones_of(session, plan)[0], "Dec 2025", NOW + DAY)
    with pytest.raises(
        Refusal, match=r"For 1a\.1 a new date was agreed on 11 September 2025, and it rests on version 2"
    ):
        undo(session, manager, plan, NOW + 2 * DAY)


def test_an_adoption_is_not_undone_once_a_completion_was_signed_off_on_it(
    session: Session, plan: Plan, manager: Actor, lead: Actor
) -> None:
    first = factories.milestones_of(session, plan)[0]
    adopt(session, manager, plan)
    acts.claim(session, lead, first, NOW + DAY)
    acts.decide(session, manager, first, NOW + DAY)
    with pytest.raises(Refusal, match=r"For 1a\.1 a completion was signed off"):
        undo(session, manager, plan, NOW + 2 * DAY)


def test_updates_made_since_do_not_keep_an_adoption_from_being_undone(
    session: Session, plan: Plan, manager: Actor, lead: Actor
) -> None:
    adopt(session, manager, plan)
    acts.update(session, lead, factories.milestones_of(session, plan)[0], NOW + DAY)
    assert undo(session, manager, plan, NOW + 2 * DAY).undone_on == TODAY + 2 * DAY


def test_an_adoption_is_undone_once(session: Session, plan: Plan, manager: Actor) -> None:
    adopt(session, manager, plan)
    undo(session, manager, plan)
    with pytest.raises(Refusal, match=r"was undone on 10 September 2025 already"):
        undo(session, manager, plan)


def test_an_undo_without_a_reason_is_refused(session: Session, plan: Plan, manager: Actor) -> None:
    adopt(session, manager, plan)
    with pytest.raises(Refusal, match="Say why the adoption is undone"):
        undo(session, manager, plan, reason=" ")


def test_the_first_version_is_not_undone(session: Session, plan: Plan, manager: Actor) -> None:
    with pytest.raises(NotFound):
        undo(session, manager, plan, number=1)


def test_only_the_improvement_manager_may_undo_an_adoption(
    session: Session, plan: Plan, manager: Actor, lead: Actor
) -> None:
    adopt(session, manager, plan)
    with pytest.raises(NotPermitted):
        undo(session, lead, plan)


def test_what_was_split_off_since_keeps_the_baseline_and_keeps_the_adoption(
    session: Session, plan: Plan, manager: Actor
) -> None:
    second = factories.milestones_of(session, plan)[1]
    move(session, plan, second, "Mar 2026")
    adopt(session, manager, plan)
    edits.split(session, manager, second, Part("The other half"), now=NOW + DAY)
    half = edits.milestone(session, "The other half")
    assert (half.baseline_version, half.baseline_due_text, half.measured_moves) == ("2", "Mar 2026", 0)
    assert verify(session).faults == ()
    with pytest.raises(Refusal, match=r"1a\.\d was split off since, with the baseline of version 2"):
        undo(session, manager, plan, NOW + 2 * DAY)


def test_a_part_that_is_split_off_with_an_earlier_date_is_measured_against_that(
    session: Session, plan: Plan, manager: Actor
) -> None:
    second = factories.milestones_of(session, plan)[1]
    adopt(session, manager, plan)
    edits.split(session, manager, second, Part("The first half", "Oct 2025"), now=NOW + DAY)
    half = edits.milestone(session, "The first half")
    assert (half.due_text, half.baseline_due_text, half.original_due_text) == ("Oct 2025",) * 3
    assert verify(session).faults == ()


def test_an_adoption_is_not_undone_from_the_history_past_what_rests_on_it(
    session: Session, plan: Plan, manager: Actor
) -> None:
    version = adopt(session, manager, plan)
    with pytest.raises(Refusal, match="The adoption of a version is undone on the page of versions"):
        edits.undo(session, manager, plan, version.adoption_act, NOW + DAY)
    undone = undo(session, manager, plan, NOW + DAY)
    entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq.desc())).first()
    assert entry
    with pytest.raises(Refusal, match="on the page of versions"):
        edits.undo(session, manager, plan, entry.act, NOW + DAY)
    assert undone.undone_on == TODAY + DAY
