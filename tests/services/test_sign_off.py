"""After the sign-off: evidence taken back, a lapse that says why, and the check some months later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import TODAY
from tests.services import acts
from tracker.models import Evidence, OutboxMessage
from tracker.queries.milestone_page import milestone_page, plan_of
from tracker.queries.sign_offs import count_waiting, queue
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Role
from tracker.rules.signature import Signed
from tracker.services.evidence import NewEvidence
from tracker.services.plans import edit_plan
from tracker.services.verification import verify

AFTER = acts.at(date(2025, 9, 20))
LATER = acts.at(date(2025, 12, 20))
CONTRACT = NewEvidence("The contract", "https://testshire.example/contract")


@pytest.fixture
def second(session, plan):
    return factories.member(session, plan, Role.MANAGER)[1]


@pytest.fixture
def signed(session, lead, manager, milestone):
    acts.claim(session, lead, milestone, evidence=(acts.MINUTES, CONTRACT))
    return acts.decide(session, manager, milestone)


@pytest.fixture
def checked(session, plan, manager, signed):
    """A milestone that was signed off in a plan that checks after three months."""
    acts.revoke(session, manager, signed)
    edit_plan(session, manager, factories.NOW, plan.id, {"check_months": 3}, "The board asked")
    return signed


# ------------------------------------------------------------------ what was signed
def test_all_that_was_signed_is_kept(session, signed):
    kept = Signed.from_data(signed.signed_content)
    assert (kept.ref, kept.text, kept.due, kept.due_text, kept.completed) == (
        signed.ref, signed.text, signed.due, "Sep 2025", TODAY,
    )  # fmt: skip
    assert [item.title for item in kept.evidence] == [acts.MINUTES.title, CONTRACT.title]
    assert kept.hash == signed.signed_hash


@pytest.mark.parametrize("way", ["return", "revoke"])
def test_nothing_of_a_sign_off_is_left_once_it_is_taken_back(session, lead, manager, signed, way):
    if way == "return":
        acts.give(session, lead, signed)
        acts.decide(session, manager, signed, approve=False)
    else:
        acts.revoke(session, manager, signed)
    assert (signed.signed_hash, signed.signed_content, signed.check_due) == ("", None, None)
    assert verify(session).faults == ()


# ------------------------------------------------------------------ evidence taken back
def test_evidence_is_withdrawn_with_a_reason_and_stays_stored(session, lead, milestone):
    acts.give(session, lead, milestone)
    acts.take(session, lead, milestone, AFTER)
    row = session.scalars(select(Evidence)).one()
    assert (row.withdrawn, row.withdrawn_on, row.withdrawn_by) == (True, AFTER.date(), lead.label)
    assert row.withdrawn_reason == "It was of another school."
    assert verify(session).faults == ()


def test_evidence_is_not_withdrawn_twice_or_without_a_reason_or_from_elsewhere(session, plan, lead, milestone):
    acts.give(session, lead, milestone)
    with pytest.raises(Refusal, match=r"Say why the evidence is withdrawn.") as refused:
        acts.take(session, lead, milestone, reason=" ")
    assert refused.value.field == "reason"
    key = session.scalars(select(Evidence.id)).one()
    acts.take(session, lead, milestone)
    with pytest.raises(Refusal, match="withdrawn already"):
        acts.take(session, lead, milestone, evidence_id=key)
    with pytest.raises(NotFound):
        acts.take(session, lead, milestone, evidence_id=key + 1)


def test_a_claim_keeps_at_least_one_piece_of_evidence(session, lead, milestone):
    acts.claim(session, lead, milestone)
    with pytest.raises(Refusal, match="The claim rests on this evidence alone"):
        acts.take(session, lead, milestone)
    acts.give(session, lead, milestone, item=CONTRACT)
    acts.take(session, lead, milestone)
    assert milestone.signoff == "claimed"


def test_evidence_withdrawn_after_the_approval_lets_it_lapse_and_the_page_says_so(
    session, lead, manager, signed, colour_on
):
    acts.take(session, lead, signed, AFTER)
    assert (signed.signoff, signed.completed) == ("lapsed", TODAY)
    assert colour_on(signed, AFTER.date()) == ("green", "2", "awaiting sign-off")
    page = milestone_page(session, plan_of(session, signed.id), signed.id, AFTER.date(), AFTER.date())
    assert page.lapsed_by == ("Evidence that was signed is gone: “The contract” (https://testshire.example/contract).",)
    assert [item.title for item in page.withdrawn] == ["The contract"]
    before = milestone_page(session, plan_of(session, signed.id), signed.id, TODAY, AFTER.date())
    assert (before.lapsed_by, before.withdrawn, len(before.evidence)) == ((), (), 2)
    subjects = session.scalars(select(OutboxMessage.subject).order_by(OutboxMessage.id)).all()
    assert subjects[-1] == "A sign-off has lapsed: 1a.1"
    acts.decide(session, manager, signed, AFTER)
    assert verify(session).faults == ()


def test_a_completion_without_any_evidence_left_is_not_approved(session, lead, manager, signed):
    acts.take(session, lead, signed)
    acts.decide(session, manager, signed)
    acts.take(session, lead, signed)
    with pytest.raises(Refusal, match="All its evidence has been withdrawn"):
        acts.decide(session, manager, signed)
    acts.decide(session, manager, signed, approve=False)


def test_nobody_signs_off_after_withdrawing_the_evidence_last(session, manager, second, lead, signed):
    acts.take(session, manager, signed)
    with pytest.raises(NotPermitted, match="You changed the evidence last"):
        acts.decide(session, manager, signed)
    acts.decide(session, second, signed)


# ------------------------------------------------------------------ still true?
def finish(session, lead, manager, milestone):
    """Claim and sign off."""
    acts.claim(session, lead, milestone, AFTER)
    return acts.decide(session, manager, milestone, AFTER)


def test_no_check_is_due_in_a_plan_that_asks_for_none(session, manager, signed):
    assert signed.check_due is None
    with pytest.raises(Refusal, match=r"No check of a completion is due here."):
        acts.check(session, manager, signed, LATER)


def test_a_completion_is_found_embedded_after_three_months(session, lead, manager, checked, colour_on):
    finish(session, lead, manager, checked)
    assert checked.check_due == date(2025, 12, 20)
    assert colour_on(checked, date(2025, 12, 19)) == ("blue", "1", "")
    assert colour_on(checked, date(2025, 12, 20)) == ("blue", "1", "check due")
    with pytest.raises(Refusal, match="The check is due on 20 December 2025"):
        acts.check(session, manager, checked, acts.at(date(2025, 12, 19)))
    with pytest.raises(Refusal, match=r"Say how you know."):
        acts.check(session, manager, checked, LATER, reason="")
    acts.check(session, manager, checked, LATER)
    assert (checked.embedded, checked.check_due) == (LATER.date(), None)
    assert colour_on(checked, LATER.date()) == ("blue", "1", "embedded")
    with pytest.raises(Refusal):
        acts.check(session, manager, checked, LATER)
    assert verify(session).faults == ()


def test_a_completion_that_is_no_longer_true_is_open_again_with_the_reason(session, lead, manager, checked, colour_on):
    finish(session, lead, manager, checked)
    with pytest.raises(Refusal, match=r"Say what is no longer true."):
        acts.check(session, manager, checked, LATER, still_true=False, reason="")
    acts.check(session, manager, checked, LATER, still_true=False, reason="Two schools have stopped.")
    assert (checked.signoff, checked.signoff_note) == ("revoked", "Two schools have stopped.")
    assert (checked.completed, checked.signed_content) == (None, None)
    assert colour_on(checked, LATER.date())[0] == "red"
    subjects = session.scalars(select(OutboxMessage.subject).order_by(OutboxMessage.id)).all()
    assert subjects[-1] == "The sign-off is taken back: 1a.1"


def test_nobody_checks_what_they_claimed_themselves(session, manager, second, checked):
    finish(session, manager, second, checked)
    for still_true in (True, False):
        with pytest.raises(NotPermitted, match="You claimed this completion"):
            acts.check(session, manager, checked, LATER, still_true=still_true)
    acts.check(session, second, checked, LATER)


def test_a_check_on_an_old_form_is_a_conflict_and_a_second_copy_counts_once(session, lead, manager, checked):
    finish(session, lead, manager, checked)
    with pytest.raises(Conflict):
        acts.check(session, manager, checked, LATER, version=1)
    form = acts.token()
    acts.check(session, manager, checked, LATER, token=form)
    with pytest.raises(AlreadyDone):
        acts.check(session, manager, checked, LATER, token=form)


def test_a_lapse_ends_what_was_found_embedded(session, lead, manager, checked, colour_on):
    finish(session, lead, manager, checked)
    acts.check(session, manager, checked, LATER)
    acts.give(session, lead, checked, LATER)
    assert (checked.signoff, checked.embedded) == ("lapsed", None)
    acts.decide(session, manager, checked, LATER)
    assert checked.check_due == date(2026, 3, 20)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"check_months": 4}, "Select never, after 3 months or after 6 months."),
        ({"delegated_days": -1}, "Enter a number of days from 0 to 366."),
        ({"delegated_days": 400}, "Enter a number of days from 0 to 366."),
    ],
)
def test_a_plan_takes_only_limits_that_mean_something(session, plan, manager, values, sentence):
    with pytest.raises(Refusal, match=sentence):
        edit_plan(session, manager, factories.NOW, plan.id, {"title": "x", **values}, "The board asked")


# ------------------------------------------------------------------ the queue
def test_the_queue_holds_every_plan_that_the_approver_manages_oldest_first(session, plan, lead, manager, milestone):
    other = factories.plan(session)
    foreign = factories.milestones_of(session, other)[0]
    acts.claim(session, factories.member(session, other, Role.MANAGER)[1], foreign)
    acts.claim(session, lead, milestone, AFTER)
    day = AFTER.date() + timedelta(days=31)
    assert [row.milestone_id for row in queue(session, manager, day).rows] == [milestone.id]
    both = factories.Actor(
        manager.person_id, "Both", frozenset(), {p.id: frozenset({Role.MANAGER}) for p in (plan, other)}
    )
    found = queue(session, both, day)
    assert [row.milestone_id for row in found.rows] == [foreign.id, milestone.id]
    assert [(row.age, row.left) for row in found.rows] == [(41, -11), (31, -1)]
    assert [row.milestone_id for row in queue(session, both, day, other.slug).rows] == [foreign.id]
    assert (found.total, count_waiting(session, both, day)) == (2, 2)
    assert queue(session, lead, day).rows == ()


def test_the_queue_says_what_is_not_for_this_approver(session, plan, manager, second, milestone):
    acts.claim(session, manager, milestone)
    assert queue(session, manager, TODAY).rows[0].mine
    assert not queue(session, second, TODAY).rows[0].mine


def test_a_check_that_is_due_comes_into_the_queue_and_leaves_it(session, lead, manager, checked):
    finish(session, lead, manager, checked)
    assert queue(session, manager, date(2025, 12, 19)).rows == ()
    (row,) = queue(session, manager, LATER.date()).rows
    assert (row.check, row.age, row.left, row.evidence) == (True, 0, None, 3)
    acts.check(session, manager, checked, LATER)
    assert queue(session, manager, LATER.date()).rows == ()
