"""A lead's update: what is refused, what is kept, and what happens when two people save at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tracker.models import LedgerEntry, Milestone, Plan
from tracker.rules.errors import AlreadyDone, Conflict, NotPermitted, Refusal
from tracker.rules.permissions import Actor
from tracker.services.updates import confirm_on_track, undo_confirmation


@pytest.mark.parametrize(
    ("typed", "sentence", "field"),
    [
        ({"confidence": ""}, "Select how it is going.", "confidence"),
        ({"confidence": "fine"}, "Select how it is going.", "confidence"),
        ({"confidence": "at_risk"}, "Say why it may miss its deadline.", "confidence_reason"),
        ({"confidence": "will_miss", "confidence_reason": " "}, "Say why it may miss", "confidence_reason"),
        ({"started": TODAY + timedelta(days=1)}, "Enter a start date that is today or earlier.", "started"),
        ({"progress": " \x0b "}, "Say what has been done, or select", "progress"),
        ({"forecast_text": "soon"}, "Enter the forecast as a date or a month with its year", "forecast_text"),
        ({"forecast_text": "November"}, "Enter the forecast as a date or a month with its year", "forecast_text"),
        ({"forecast_text": "Aug 2025"}, "Enter a forecast date that is today or later.", "forecast_text"),
    ],
)
def test_an_update_that_will_not_do_says_which_field_and_what_to_do(
    session: Session, lead: Actor, milestone: Milestone, typed: dict[str, object], sentence: str, field: str
) -> None:
    with pytest.raises(Refusal, match=sentence) as refused:
        acts.update(session, lead, milestone, **typed)
    assert refused.value.field == field


def test_a_milestone_taken_out_of_the_plan_takes_no_updates(session, lead, milestone, withdraw) -> None:
    withdraw(milestone)
    with pytest.raises(Refusal, match=r"This milestone is withdrawn \(minute 4.2\); it takes no updates."):
        acts.update(session, lead, milestone)


def test_a_claimed_completion_takes_no_updates_until_it_is_returned(session, lead, manager, milestone) -> None:
    acts.claim(session, lead, milestone)
    with pytest.raises(Refusal, match="It takes updates again if the claim is returned"):
        acts.update(session, lead, milestone)
    acts.decide(session, manager, milestone, approve=False)
    acts.update(session, lead, milestone)


def test_a_form_without_a_token_has_expired(session: Session, lead: Actor, milestone: Milestone) -> None:
    for form in ("", "x" * 121):
        with pytest.raises(Refusal, match="This form has expired"):
            acts.update(session, lead, milestone, token=form)


def test_an_update_is_cleaned_kept_and_recorded_in_one_entry(session, plan, lead, milestone, colour_on) -> None:
    entries = plan.ledger_seq
    acts.update(
        session,
        lead,
        milestone,
        confidence="at_risk",
        confidence_reason="Two of five assessors\x0bare in post.",
        progress=" Panel\r\nset up\x00 ",
        impact="Fewer complaints",
        forecast_text="November 2025",
        recovery="An agency is asked.",
        help_needed="Money for the agency.",
    )
    assert (milestone.progress, milestone.impact) == ("Panel\nset up", "Fewer complaints")
    assert milestone.confidence_reason == "Two of five assessors\nare in post."
    assert (milestone.forecast, milestone.forecast_text) == (date(2025, 11, 30), "November 2025")
    assert (milestone.updated_on, milestone.updated_by) == (TODAY, lead.label)
    assert milestone.started == TODAY, "work that has made progress has started"
    assert plan.ledger_seq == entries + 1
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.seq == plan.ledger_seq)).one()
    assert (entry.verb, entry.actor, entry.actor_id) == ("updated", lead.label, lead.person_id)
    assert entry.changes["forecast"] == [None, "2025-11-30"]
    assert colour_on(milestone, TODAY) == ("amber", "4a", "")


def test_no_change_keeps_what_was_said_before(session: Session, lead: Actor, milestone: Milestone) -> None:
    acts.update(session, lead, milestone, progress="The panel met.", impact="Plans are on time.")
    acts.update(session, lead, milestone, progress="", no_change=True, help_needed="A room.")
    assert (milestone.progress, milestone.impact, milestone.help_needed) == (
        "The panel met.",
        "Plans are on time.",
        "A room.",
    )


def test_saving_the_same_again_records_nothing(session: Session, plan: Plan, lead: Actor, milestone: Milestone) -> None:
    acts.update(session, lead, milestone)
    entries, version = plan.ledger_seq, milestone.version
    acts.update(session, lead, milestone)
    assert (plan.ledger_seq, milestone.version) == (entries, version)


def test_who_saves_second_sees_both_texts_and_overwrites_nothing(session, lead, manager, milestone) -> None:
    opened = milestone.version
    acts.update(session, lead, milestone, progress="The panel met twice.")
    with pytest.raises(Conflict) as found:
        acts.update(
            session,
            manager,
            milestone,
            version=opened,
            confidence="at_risk",
            confidence_reason="No assessors",
            progress="The panel met once.",
            started=date(2025, 9, 1),
        )
    conflict = found.value
    assert conflict.sentence.startswith(f"{lead.label} changed this milestone while you had it open.")
    assert conflict.current_version == milestone.version > opened
    both = {field.field: (field.theirs, field.yours) for field in conflict.fields}
    assert both["What has been done"] == ("The panel met twice.", "The panel met once.")
    assert both["How it is going"] == ("On track", "At risk")
    assert both["Started"] == ("10 September 2025", "1 September 2025")
    assert milestone.progress == "The panel met twice."


def test_the_conflict_names_who_changed_it_last_whatever_they_did(session, lead, manager, milestone) -> None:
    acts.update(session, lead, milestone)
    opened = milestone.version
    acts.override(session, manager, milestone)
    with pytest.raises(Conflict, match=f"^{manager.label} changed this milestone"):
        acts.update(session, lead, milestone, version=opened)


def test_the_same_form_sent_twice_counts_once(session: Session, plan: Plan, lead: Actor, milestone: Milestone) -> None:
    form = acts.token()
    acts.update(session, lead, milestone, token=form)
    entries = plan.ledger_seq
    with pytest.raises(AlreadyDone, match=r"This was already saved; nothing was changed a second time."):
        acts.update(session, lead, milestone, token=form, progress="Something else")
    assert plan.ledger_seq == entries
    assert milestone.progress == "The panel met twice."


# ------------------------------------------------------------------ several at once
@pytest.fixture
def three(session: Session) -> tuple[Plan, list[Milestone]]:
    made = factories.plan(session, *(factories.milestone_line(str(number)) for number in (1, 2, 3)))
    return made, factories.milestones_of(session, made)


def test_confirming_several_is_one_act_with_an_entry_each(session: Session, three) -> None:
    plan, milestones = three
    lead = factories.lead(session, plan)[1]
    act = confirm_on_track(session, lead, NOW, [m.id for m in reversed(milestones)], acts.token())
    query = select(LedgerEntry.subject_id, LedgerEntry.verb).where(LedgerEntry.act == act).order_by(LedgerEntry.seq)
    assert session.execute(query).all() == [(m.id, "confirmed on track") for m in milestones]
    assert {(m.confidence, m.updated_on) for m in milestones} == {("on_track", TODAY)}


def test_confirming_nothing_is_refused(session: Session, lead: Actor) -> None:
    with pytest.raises(Refusal, match=r"Select at least one milestone."):
        confirm_on_track(session, lead, NOW, [], acts.token())


def test_confirming_one_that_is_not_mine_is_refused_for_all(session: Session, three) -> None:
    plan, milestones = three
    lead = factories.lead(session, plan)[1]
    other = factories.plan(session, lead="Head of Finance")
    foreign = factories.milestones_of(session, other)[0]
    lead = Actor(lead.person_id, lead.label, lead.posts, {**lead.roles, other.id: lead.roles[plan.id]})
    with pytest.raises(NotPermitted, match="You may not update this milestone"):
        confirm_on_track(session, lead, NOW, [milestones[0].id, foreign.id], acts.token())
    assert milestones[0].updated_on is None


def test_a_confirmation_is_undone_as_a_whole(session: Session, three) -> None:
    plan, milestones = three
    lead = factories.lead(session, plan)[1]
    act = confirm_on_track(session, lead, NOW, [m.id for m in milestones], acts.token())
    assert undo_confirmation(session, lead, NOW, act, acts.token()) == 3
    assert {(m.confidence, m.updated_on, m.updated_by) for m in milestones} == {("", None, "")}


def test_what_somebody_changed_since_is_not_undone(session: Session, three) -> None:
    plan, milestones = three
    lead = factories.lead(session, plan)[1]
    act = confirm_on_track(session, lead, NOW, [m.id for m in milestones], acts.token())
    acts.update(session, lead, milestones[1], confidence="at_risk", confidence_reason="No room")
    with pytest.raises(Refusal, match="2 was changed since, so nothing was undone"):
        undo_confirmation(session, lead, NOW, act, acts.token())


def test_only_who_confirmed_undoes_it(session: Session, three, manager: Actor) -> None:
    plan, milestones = three
    lead = factories.lead(session, plan)[1]
    act = confirm_on_track(session, lead, NOW, [milestones[0].id], acts.token())
    for actor, key in ((manager, act), (lead, ""), (lead, "unknown")):
        with pytest.raises(Refusal, match=r"There is nothing to undo."):
            undo_confirmation(session, actor, NOW, key, acts.token())
    assert session.scalar(select(func.count()).where(LedgerEntry.verb == "undid the confirmation")) == 0
