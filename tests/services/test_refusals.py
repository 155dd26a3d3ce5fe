"""What no other test of a service says: old forms, doors inside the service, things of another milestone or person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.services import acts
from tracker.models import FormToken, LedgerEntry, Milestone, Plan
from tracker.rules.errors import Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services import accounts, meetings, plan_ends
from tracker.services.deadlines import Verdict
from tracker.services.milestones import use_token


@pytest.fixture
def second(session: Session, plan: Plan) -> Actor:
    """Return a second manager."""
    return factories.member(session, plan, Role.MANAGER)[1]


@pytest.fixture
def administrator(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.ADMINISTRATOR)[1]


# ------------------------------------------------------------------ old forms
def test_every_act_on_a_milestone_with_an_old_form_is_a_conflict(session, plan, lead, manager, milestone):
    plan.check_months = 3
    with pytest.raises(Conflict):
        acts.override(session, manager, milestone, version=0)
    acts.override(session, manager, milestone)
    stale = milestone.version - 1
    acts.end(session, manager, milestone)
    for act in (acts.update, acts.claim, acts.ask):
        with pytest.raises(Conflict):
            act(session, lead, milestone, version=stale)
    change = acts.ask(session, lead, milestone)
    with pytest.raises(Conflict):
        acts.settle(session, manager, milestone, change, version=stale)
    acts.claim(session, lead, milestone)
    with pytest.raises(Conflict):
        acts.decide(session, manager, milestone, version=stale)
    acts.decide(session, manager, milestone)
    with pytest.raises(Conflict):
        acts.revoke(session, manager, milestone, version=stale)
    with pytest.raises(Conflict):
        acts.check(session, manager, milestone, NOW + timedelta(days=100), version=stale)


def test_an_override_that_changed_is_not_ended_with_an_old_form(session, manager, milestone):
    from tracker.services.overrides import end_override

    acts.override(session, manager, milestone)
    with pytest.raises(Conflict):
        end_override(session, manager, NOW, milestone.id, milestone.version - 1, acts.token())
    assert milestone.override_colour == "red"


# ------------------------------------------------------------------ sign-off
def test_a_revocation_needs_a_sign_off_and_a_reason(session, lead, manager, milestone):
    with pytest.raises(Refusal, match="not signed off"):
        acts.revoke(session, manager, milestone)
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    with pytest.raises(Refusal, match="Say why") as refused:
        acts.revoke(session, manager, milestone, reason=" ")
    assert refused.value.field == "reason"
    assert milestone.signoff == "approved"


def test_a_check_needs_a_completion_that_is_due_and_what_one_knows(session, plan, lead, manager, milestone):
    later = NOW + timedelta(days=100)
    with pytest.raises(Refusal, match="No check"):
        acts.check(session, manager, milestone)
    plan.check_months = 3
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    with pytest.raises(Refusal, match="The check is due on"):
        acts.check(session, manager, milestone)
    for still_true, sentence in ((True, "Say how you know"), (False, "Say what is no longer true")):
        with pytest.raises(Refusal, match=sentence):
            acts.check(session, manager, milestone, later, still_true=still_true, reason=" ")
    assert milestone.signoff == "approved"


def test_nobody_checks_evidence_that_they_changed_last(session, plan, lead, manager, second, milestone):
    plan.check_months = 3
    acts.claim(session, lead, milestone)
    acts.give(session, second, milestone)
    acts.decide(session, manager, milestone)
    with pytest.raises(NotPermitted, match="changed the evidence"):
        acts.check(session, second, milestone, NOW + timedelta(days=100))


# ------------------------------------------------------------------ doors inside the services
def test_accounts_are_for_administrators_whichever_way_they_are_reached(session, plan, manager, administrator):
    person = factories.person(session)
    for act in (
        lambda actor: accounts.disable(session, actor, person.id, NOW),
        lambda actor: accounts.enable(session, actor, person.id, NOW),
    ):
        with pytest.raises(NotPermitted):
            act(manager)
    with pytest.raises(NotFound):
        accounts.disable(session, administrator, 999_999, NOW)
    with pytest.raises(Refusal, match="your own account"):
        accounts.disable(session, administrator, administrator.person_id, NOW)


def test_only_managers_decide_lists_undo_them_and_move_the_end(session, plan, lead, milestone):
    for act in (
        lambda: meetings.decide_list(session, lead, NOW, plan.id, {}, acts.token(), Verdict(True)),
        lambda: meetings.undo_list(session, lead, NOW, plan.id, "act", acts.token()),
        lambda: plan_ends.move_plan_end(
            session, lead, NOW, plan.id, acts.token(), plan_ends.NewEnd("Sep 2028", "scope", "So", "5", NOW.date(), "")
        ),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_a_form_has_a_token_of_a_sensible_length(session, manager):
    for token in ("", "x" * 121):
        with pytest.raises(Refusal, match="expired"):
            use_token(session, token, manager, NOW)
    use_token(session, "x" * 120, manager, NOW)
    assert session.scalars(select(FormToken.token)).all() == ["x" * 120]


# ------------------------------------------------------------------ the ledger
def test_each_act_leaves_one_entry_with_the_fields_that_it_changed(session, plan, lead, manager, milestone):
    acts.update(session, lead, milestone)
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    acts.revoke(session, manager, milestone)
    change = acts.ask(session, lead, milestone)
    acts.settle(session, manager, milestone, change)
    acts.override(session, manager, milestone)
    acts.end(session, manager, milestone)
    query = select(LedgerEntry).where(LedgerEntry.subject_type == Milestone.__tablename__)
    entries = session.scalars(query.where(LedgerEntry.subject_id == milestone.id).order_by(LedgerEntry.seq)).all()
    assert [entry.verb for entry in entries][-8:] == [
        "updated",
        "claimed completion",
        "approved the completion",
        "revoked the sign-off",
        "requested a new date",
        "approved the new date",
        "overrode the colour",
        "ended the override",
    ]
