"""Completion and sign-off: evidence first, always a second person, and a signature that lapses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tracker.models import Evidence, LedgerEntry
from tracker.rules.errors import AlreadyDone, Conflict, NotPermitted, Refusal
from tracker.rules.permissions import Role
from tracker.services.evidence import NewEvidence
from tracker.services.plan_writer import update_plan
from tracker.services.signatures import signed_hash

AFTER = acts.at(date(2025, 9, 20))


@pytest.mark.parametrize(
    ("said", "sentence", "field"),
    [
        ({"completed": TODAY + timedelta(days=1)}, "Enter a completion date that is today or earlier.", "completed"),
        ({"progress": "  "}, "Say what has been done.", "progress"),
        ({"evidence": ()}, "Add a link or a file that shows the work is complete.", "evidence_url"),
        ({"evidence": (NewEvidence("A title alone"),)}, "Add a link or a file that shows", "evidence_url"),
        (
            {"evidence": (NewEvidence("x", "javascript:alert(1)"),)},
            "Enter a web address that starts with https://",
            "evidence_url",
        ),
    ],
)
def test_a_claim_that_will_not_do_says_which_field_and_what_to_do(session, lead, milestone, said, sentence, field):
    with pytest.raises(Refusal, match=sentence) as refused:
        acts.claim(session, lead, milestone, **said)
    assert refused.value.field == field


def test_a_claim_needs_no_new_evidence_where_some_was_given_before(session, lead, milestone):
    acts.give(session, lead, milestone)
    acts.claim(session, lead, milestone, evidence=())
    assert milestone.signoff == "claimed"


def test_a_claim_says_when_and_by_whom(session, lead, milestone, colour_on):
    acts.claim(session, lead, milestone, completed=date(2025, 9, 8))
    assert (milestone.claimed, milestone.completed) == (TODAY, date(2025, 9, 8))
    assert (milestone.claimed_by_id, milestone.started) == (lead.person_id, date(2025, 9, 8))
    assert colour_on(milestone, TODAY) == ("green", "2", "awaiting sign-off")
    assert colour_on(milestone, TODAY + timedelta(days=31)) == ("amber", "2", "sign-off overdue")
    evidence = session.scalars(select(Evidence)).one()
    assert (evidence.title, evidence.added_by, evidence.added_on) == (acts.MINUTES.title, lead.label, TODAY)


def test_a_completion_is_claimed_once(session, lead, manager, milestone):
    acts.claim(session, lead, milestone)
    with pytest.raises(Refusal, match=r"Completion has been claimed already and waits for sign-off."):
        acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    with pytest.raises(Refusal, match=r"This milestone is complete and signed off."):
        acts.claim(session, lead, milestone)


def test_a_claim_on_an_old_form_is_a_conflict_with_both_texts(session, lead, manager, milestone):
    opened = milestone.version
    acts.update(session, manager, milestone, progress="Half of it is done.")
    with pytest.raises(Conflict) as found:
        acts.claim(session, lead, milestone, version=opened)
    (field,) = found.value.fields
    assert (field.field, field.theirs, field.yours) == ("What has been done", "Half of it is done.", "It is done.")


def test_a_closed_milestone_takes_neither_claim_nor_evidence(session, lead, milestone, withdraw):
    withdraw(milestone)
    for act in (acts.claim, acts.give):
        with pytest.raises(Refusal, match="it takes no updates"):
            act(session, lead, milestone)


def test_an_approved_completion_is_blue_and_bound_to_what_was_signed(session, lead, manager, milestone, colour_on):
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone, AFTER)
    assert (milestone.signoff, milestone.signed_by_id) == ("approved", manager.person_id)
    assert milestone.signed_hash == signed_hash(session, milestone) != ""
    assert colour_on(milestone, AFTER.date()) == ("blue", "1", "")
    assert colour_on(milestone, TODAY) == ("green", "2", "awaiting sign-off")


def test_a_returned_completion_is_open_again_with_the_reason(session, lead, manager, milestone, colour_on):
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone, AFTER, approve=False, note="The minutes are missing.")
    assert (milestone.signoff, milestone.claimed, milestone.completed) == ("returned", None, None)
    assert milestone.signoff_note == "The minutes are missing."
    assert colour_on(milestone, AFTER.date())[1] == "4e"
    acts.claim(session, lead, milestone, AFTER)
    assert milestone.signoff_note == ""


def test_a_completion_is_not_returned_without_a_reason(session, lead, manager, milestone):
    acts.claim(session, lead, milestone)
    with pytest.raises(Refusal, match=r"Say what has to be put right.") as refused:
        acts.decide(session, manager, milestone, approve=False, note=" ")
    assert refused.value.field == "reason"


def test_nothing_is_decided_that_nobody_claimed(session, lead, manager, milestone):
    with pytest.raises(Refusal, match=r"There is no completion here that waits for a decision."):
        acts.decide(session, manager, milestone)
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    with pytest.raises(Refusal, match=r"There is no completion here that waits for a decision."):
        acts.decide(session, manager, milestone, approve=False)


def test_a_decision_on_an_old_form_is_a_conflict(session, lead, manager, milestone):
    acts.claim(session, lead, milestone)
    opened = milestone.version
    acts.override(session, manager, milestone, colour="amber")
    with pytest.raises(Conflict):
        acts.decide(session, manager, milestone, version=opened)


def test_the_same_decision_sent_twice_counts_once(session, plan, lead, manager, milestone):
    acts.claim(session, lead, milestone)
    form = acts.token()
    acts.decide(session, manager, milestone, token=form)
    entries = plan.ledger_seq
    with pytest.raises(AlreadyDone):
        acts.decide(session, manager, milestone, token=form)
    assert plan.ledger_seq == entries


# ------------------------------------------------------------------ a second person, always
def test_nobody_signs_off_what_they_claimed_whatever_roles_they_hold(session, plan, manager, milestone):
    acts.claim(session, manager, milestone)
    with pytest.raises(NotPermitted, match=r"You claimed this completion, so somebody else has to sign it off."):
        acts.decide(session, manager, milestone)
    with pytest.raises(NotPermitted):
        acts.decide(session, manager, milestone, approve=False)
    acts.decide(session, factories.member(session, plan, Role.MANAGER)[1], milestone)


def test_nobody_signs_off_evidence_that_they_changed_last(session, plan, lead, manager, milestone):
    acts.claim(session, lead, milestone)
    acts.give(session, manager, milestone)
    with pytest.raises(NotPermitted, match=r"You changed the evidence last, so somebody else has to sign it off."):
        acts.decide(session, manager, milestone)
    acts.decide(session, factories.member(session, plan, Role.MANAGER)[1], milestone)


def test_a_lapse_does_not_let_the_claimer_sign(session, plan, lead, manager, milestone):
    acts.claim(session, manager, milestone)
    acts.decide(session, factories.member(session, plan, Role.MANAGER)[1], milestone)
    acts.give(session, lead, milestone, item=NewEvidence("Another paper", "https://testshire.example/2"))
    assert milestone.signoff == "lapsed"
    with pytest.raises(NotPermitted, match="You claimed this completion"):
        acts.decide(session, manager, milestone)


# ------------------------------------------------------------------ a signature and its object
def test_evidence_added_after_the_approval_lets_it_lapse_and_keeps_the_completion_date(
    session, lead, manager, milestone, colour_on
):
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    acts.give(session, lead, milestone, AFTER)
    assert (milestone.signoff, milestone.signed_hash, milestone.completed) == ("lapsed", "", TODAY)
    assert colour_on(milestone, AFTER.date()) == ("green", "2", "awaiting sign-off")
    assert colour_on(milestone, AFTER.date() - timedelta(days=1))[0] == "blue"
    reason = session.scalars(select(LedgerEntry.reason).where(LedgerEntry.verb == "sign-off lapsed")).one()
    assert reason == (
        "What was signed off has changed since. "
        "Evidence was added: “Minutes of 29 September” (https://testshire.example/minutes)."
    )
    acts.decide(session, manager, milestone, AFTER)
    assert colour_on(milestone, AFTER.date())[0] == "blue"


def test_a_text_reworded_by_a_file_lets_the_signature_lapse(session, plan, lead, manager, milestone, colour_on):
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    reworded = factories.document(factories.milestone_line(text="Two deliverables"), slug=plan.slug)
    update_plan(session, plan, reworded, manager, AFTER)
    assert (milestone.text, milestone.signoff) == ("Two deliverables", "lapsed")
    assert colour_on(milestone, AFTER.date())[1] == "2"


def test_a_signature_is_taken_back_with_a_reason(session, lead, manager, milestone, colour_on):
    with pytest.raises(Refusal, match=r"This milestone is not signed off, so there is nothing to take back."):
        acts.revoke(session, manager, milestone)
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    with pytest.raises(Refusal, match=r"Say why the sign-off is taken back."):
        acts.revoke(session, manager, milestone, reason="")
    acts.revoke(session, manager, milestone, AFTER)
    assert (milestone.signoff, milestone.completed, milestone.signed_hash) == ("revoked", None, "")
    assert colour_on(milestone, AFTER.date())[1] == "4e"
    assert NOW < AFTER
