"""What recurs, as people keep it: confirm, record, attest, take back, sign off, accept; every act in the ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.services.acts import at, token
from tracker.models import Commitment, LedgerEntry, Occurrence, Plan
from tracker.queries.plans import find_plan
from tracker.queries.tree import snapshot
from tracker.rules.document import CommitmentLine
from tracker.rules.errors import AlreadyDone, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services import attestation, commitments
from tracker.services.commitments import Happened, RuleChoice
from tracker.services.plan_writer import create_plan
from tracker.services.plans import edit_terms
from tracker.services.verification import verify

NOW, TODAY = factories.NOW, factories.TODAY  # Wednesday 10 September 2025
FIRST = date(2025, 8, 6)  # five weeks before
WEEKS = [date(2025, 8, 12), date(2025, 8, 19), date(2025, 8, 26), date(2025, 9, 2), date(2025, 9, 9)]


def plan_with(session: Session, frequency: str = "Weekly", **more: Any) -> Plan:
    document = factories.document(factories.milestone_line("1", **more))
    document.priorities[0].workstreams[0].commitments = [CommitmentLine("1.1", frequency, "Hold the panel")]
    applied = create_plan(session, document, SYSTEM, NOW, effective=at(factories.ADOPTED))
    return session.get_one(Plan, applied.plan_id)


@pytest.fixture
def plan(session: Session) -> Plan:
    return plan_with(session)


@pytest.fixture
def panel(session: Session, plan: Plan) -> Commitment:
    return session.scalars(select(Commitment).where(Commitment.milestone_id.is_(None))).one()


@pytest.fixture
def weekly(session: Session, panel: Commitment, lead: Actor) -> Commitment:
    return confirm(session, lead, panel)


def confirm(session: Session, actor: Actor, row: Commitment, now: datetime = NOW, **more: Any) -> Commitment:
    choice = RuleChoice(**{"every": "weekly", "anchor": FIRST, **more})
    return commitments.confirm_rule(session, actor, now, row.id, token(), choice)


def record(
    session: Session,
    actor: Actor,
    row: Commitment,
    scheduled: date,
    what: str = "held",
    now: datetime = NOW,
    **more: Any,
) -> str:
    happened = Happened(scheduled, what, more.pop("day", None), more.pop("note", ""))
    return commitments.record_occurrence(session, actor, now, row.id, more.pop("token", token()), happened)


def attest(session: Session, actor: Actor, row: Commitment, held: list[date], skipped: Any = None, **more: Any) -> str:
    return attestation.attest(session, actor, more.pop("now", NOW), row.id, token(), held, skipped or {})


def shown(session: Session, plan: Plan, day: date, today: date = TODAY) -> Any:
    found = find_plan(session, plan.slug)
    assert found
    return snapshot(session, *found, day, today).priorities[0].workstreams[0].commitments[0]


def outcomes(session: Session, plan: Plan, day: date, today: date = TODAY) -> list[str]:
    return [one.outcome.value for one in shown(session, plan, day, today).occurrences(day)]


def test_a_commitment_waits_with_a_proposal_until_a_person_confirms_it(
    session: Session, plan: Plan, panel: Commitment, lead: Actor
) -> None:
    waiting = shown(session, plan, TODAY)
    assert (waiting.verdict.colour, waiting.verdict.marks) == ("grey", ("rule to confirm",))
    assert (waiting.proposal.every, waiting.proposal.anchor) == ("weekly", factories.ADOPTED)
    with pytest.raises(Refusal, match="Confirm first how often"):
        record(session, lead, panel, WEEKS[0], day=WEEKS[0])
    confirm(session, lead, panel)
    assert (panel.every, panel.anchor, panel.confirmed) == ("weekly", FIRST, TODAY)
    assert shown(session, plan, TODAY).verdict.colour == "red"
    assert verify(session).faults == ()


def test_a_day_before_the_confirmation_still_shows_the_proposal(
    session: Session, plan: Plan, weekly: Commitment
) -> None:
    assert shown(session, plan, date(2025, 9, 9)).rule is None
    assert shown(session, plan, TODAY).rule is not None


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"every": "bi-annual"}, "Select how often"),
        ({"anchor": None}, "Enter the first day"),
        ({"anchor": date(1066, 10, 14)}, "between 1990 and 2100"),
        ({"ends": date(2025, 8, 1)}, "an end after the first day"),
    ],
)
def test_a_rule_that_gives_no_windows_is_refused(
    session: Session, panel: Commitment, lead: Actor, choice: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        confirm(session, lead, panel, **choice)


def test_a_confirmed_rule_is_corrected_by_the_manager_with_a_reason_while_nothing_is_recorded(
    session: Session, plan: Plan, weekly: Commitment, lead: Actor, manager: Actor
) -> None:
    with pytest.raises(NotPermitted):
        confirm(session, lead, weekly, anchor=date(2025, 9, 1), reason="Wrong")
    with pytest.raises(Refusal, match="Say why"):
        confirm(session, manager, weekly, anchor=date(2025, 9, 1))
    confirm(session, manager, weekly, anchor=date(2025, 9, 1), reason="It began in September")
    assert weekly.anchor == date(2025, 9, 1)
    record(session, lead, weekly, date(2025, 9, 7), day=date(2025, 9, 3))
    with pytest.raises(Refusal, match="only its end can change"):
        confirm(session, manager, weekly, reason="Hide the misses")
    with pytest.raises(Refusal, match="an end that is today or later"):
        confirm(session, manager, weekly, anchor=date(2025, 9, 1), ends=date(2025, 9, 8), reason="Over")
    confirm(session, manager, weekly, anchor=date(2025, 9, 1), ends=date(2025, 9, 30), reason="The board ends it")
    later = at(date(2025, 10, 5))
    with pytest.raises(Refusal, match="It has ended already"):
        confirm(session, manager, weekly, later, anchor=date(2025, 9, 1), ends=None, reason="Go on")


def test_an_occurrence_is_held_in_time_late_planned_or_skipped(
    session: Session, plan: Plan, weekly: Commitment, lead: Actor
) -> None:
    record(session, lead, weekly, WEEKS[0], day=date(2025, 8, 8))
    record(session, lead, weekly, WEEKS[1], day=date(2025, 8, 21))
    record(session, lead, weekly, WEEKS[2], "skipped", note="Summer holiday")
    record(session, lead, weekly, date(2025, 9, 16), "planned", day=date(2025, 9, 15))
    assert outcomes(session, plan, TODAY) == ["held", "held late", "skipped", "missed", "missed", "not due"]
    record(session, lead, weekly, date(2025, 9, 16), day=TODAY)
    rows = session.scalars(select(Occurrence).order_by(Occurrence.scheduled)).all()
    assert [(row.opens, row.outcome, row.held_on) for row in rows][-1] == (date(2025, 9, 10), "held", TODAY)
    assert verify(session).faults == ()


@pytest.mark.parametrize(
    ("scheduled", "what", "more", "sentence"),
    [
        (date(2025, 8, 13), "held", {"day": FIRST}, "one of the windows"),
        (date(2025, 9, 23), "held", {"day": TODAY}, "opens on 17 September 2025"),
        (WEEKS[1], "held", {}, "the day on which it was held"),
        (WEEKS[1], "held", {"day": date(2025, 9, 11)}, "today or earlier"),
        (WEEKS[1], "held", {"day": WEEKS[0]}, "from 13 August 2025 on"),
        (WEEKS[1], "skipped", {"note": " "}, "Say why it was skipped"),
        (WEEKS[1], "planned", {"day": TODAY}, "the end of the window"),
        (date(2025, 9, 16), "planned", {"day": date(2025, 9, 17)}, "16 September 2025"),
        (date(2025, 9, 16), "planned", {"day": date(2025, 9, 11), "now": at(date(2025, 9, 12))}, "from today to"),
        (WEEKS[1], "planned", {}, "the end of the window"),
        (WEEKS[1], "forgotten", {}, "Select what happened"),
        (WEEKS[0], "held", {"day": WEEKS[0]}, "recorded as held by SEND Senior Manager already"),
    ],
)
def test_what_cannot_have_happened_is_refused(
    session: Session, weekly: Commitment, lead: Actor, scheduled: date, what: str, more: Any, sentence: str
) -> None:
    record(session, lead, weekly, WEEKS[0], day=WEEKS[0])
    with pytest.raises(Refusal, match=sentence):
        record(session, lead, weekly, scheduled, what, **more)


def test_holding_it_late_leaves_the_days_before_as_they_were(
    session: Session, plan: Plan, weekly: Commitment, lead: Actor
) -> None:
    today = date(2025, 9, 20)
    record(session, lead, weekly, WEEKS[4], now=at(today), day=today)
    assert outcomes(session, plan, date(2025, 9, 19), today)[4:] == ["missed", "missed", "not due"]
    assert outcomes(session, plan, today, today)[4:] == ["held late", "missed", "not due"]


def test_a_batch_is_attested_with_reasons_for_those_cancelled_and_taken_back_as_new_entries(
    session: Session, plan: Plan, weekly: Commitment, lead: Actor
) -> None:
    act = attest(session, lead, weekly, WEEKS[:3], {WEEKS[3]: "Holiday"})
    assert outcomes(session, plan, TODAY) == ["held", "held", "held", "skipped", "missed", "not due"]
    assert shown(session, plan, TODAY).adherence.text == "3 of 4 held"
    entries = select(LedgerEntry).where(LedgerEntry.act == act)
    assert [entry.verb for entry in session.scalars(entries)] == ["recorded as held"] * 3 + ["skipped"]
    assert attestation.undo(session, lead, NOW, weekly.id, act, token()) == 4
    assert outcomes(session, plan, TODAY) == ["missed"] * 5 + ["not due"]
    assert len(session.scalars(entries).all()) == 4
    assert verify(session).faults == ()
    attest(session, lead, weekly, WEEKS)
    assert shown(session, plan, TODAY).verdict.colour == "green"
    assert verify(session).faults == ()


def test_a_batch_is_taken_whole_or_not_at_all(session: Session, weekly: Commitment, lead: Actor) -> None:
    for held, skipped, sentence in (
        ([], {}, "Tick what was held"),
        (WEEKS[:2], {WEEKS[1]: "Holiday"}, "ticked as held and has a reason"),
        (WEEKS[:1], {WEEKS[1]: " "}, "Say why the one due 19 August 2025"),
        ([date(2025, 9, 23)], {}, "opens on"),
    ):
        with pytest.raises(Refusal, match=sentence):
            attest(session, lead, weekly, held, skipped)


def test_undo_is_for_who_did_it_and_the_manager_and_never_over_a_later_change(
    session: Session, plan: Plan, weekly: Commitment, lead: Actor, manager: Actor
) -> None:
    act = attest(session, manager, weekly, WEEKS[:1])
    with pytest.raises(NotPermitted, match="Somebody else recorded this"):
        attestation.undo(session, lead, NOW, weekly.id, act, token())
    with pytest.raises(Refusal, match="nothing to undo"):
        attestation.undo(session, lead, NOW, weekly.id, "no such act", token())
    mine = attest(session, lead, weekly, WEEKS[1:2])
    assert attestation.undo(session, manager, NOW, weekly.id, mine, token()) == 1
    attest(session, lead, weekly, [], {WEEKS[1]: "Holiday"})
    with pytest.raises(Refusal, match="changed since"):
        attestation.undo(session, lead, NOW, weekly.id, mine, token())


def test_nothing_is_recorded_of_what_a_decision_has_taken_out(
    session: Session, weekly: Commitment, lead: Actor
) -> None:
    weekly.standing, weekly.standing_reference = "withdrawn", "minute 4.2"
    with pytest.raises(Refusal, match=r"is withdrawn \(minute 4.2\); nothing is recorded of it"):
        record(session, lead, weekly, WEEKS[0], day=WEEKS[0])


def test_terms_stay_while_what_was_held_in_them_is_recorded(session: Session, lead: Actor, manager: Actor) -> None:
    plan = plan_with(session, "Termly")
    row = session.scalars(select(Commitment).where(Commitment.plan_id == plan.id)).one()
    both = Actor(manager.person_id, manager.label, roles={plan.id: frozenset({Role.MANAGER})})
    confirm(session, both, row, every="termly", anchor=date(2025, 4, 30))
    record(session, both, row, date(2025, 8, 31), day=date(2025, 8, 20))
    with pytest.raises(Refusal, match="follows the terms"):
        edit_terms(session, both, NOW, plan.id, {"autumn": "19 December"}, "The calendar")
    assert not plan.term_calendar


def test_a_form_sent_twice_counts_once(session: Session, weekly: Commitment, lead: Actor) -> None:
    record(session, lead, weekly, WEEKS[0], day=WEEKS[0], token="once")
    with pytest.raises(AlreadyDone):
        record(session, lead, weekly, WEEKS[1], day=WEEKS[1], token="once")


def test_leads_keep_their_own_managers_all_and_nobody_else_any(
    session: Session, plan: Plan, weekly: Commitment, manager: Actor
) -> None:
    record(session, manager, weekly, WEEKS[0], day=WEEKS[0])
    for role in (Role.BOARD, Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            record(session, factories.member(session, plan, role)[1], weekly, WEEKS[1], day=WEEKS[1])
    stranger = Actor(manager.person_id, "Another lead", frozenset({999}), {plan.id: frozenset({Role.LEAD})})
    with pytest.raises(NotPermitted):
        record(session, stranger, weekly, WEEKS[1], day=WEEKS[1])
    with pytest.raises(NotFound):
        record(session, Actor(None, "Nobody"), weekly, WEEKS[1], day=WEEKS[1])
    with pytest.raises(NotFound):
        commitments.open_commitment(session, manager, commitments.Act.SEE, 999_999)


def test_the_board_accepts_it_as_business_as_usual_with_a_minute(
    session: Session, plan: Plan, panel: Commitment, lead: Actor, manager: Actor
) -> None:
    with pytest.raises(Refusal, match="Confirm first"):
        attestation.accept_as_usual(session, manager, NOW, panel.id, token(), "6.1")
    confirm(session, lead, panel)
    with pytest.raises(NotPermitted):
        attestation.accept_as_usual(session, lead, NOW, panel.id, token(), "6.1")
    with pytest.raises(Refusal, match="the minute"):
        attestation.accept_as_usual(session, manager, NOW, panel.id, token(), " ")
    attestation.accept_as_usual(session, manager, NOW, panel.id, token(), "6.1")
    assert shown(session, plan, TODAY).verdict.colour == "blue"
    assert shown(session, plan, date(2025, 9, 9)).verdict.rule == "C0"
    with pytest.raises(Refusal, match="already"):
        attestation.accept_as_usual(session, manager, NOW, panel.id, token(), "6.2")


def test_what_has_ended_is_signed_off_by_somebody_who_recorded_none_of_it(
    session: Session, plan: Plan, panel: Commitment, lead: Actor, manager: Actor
) -> None:
    def sign(actor: Actor = manager, now: datetime = NOW) -> None:
        attestation.sign_off(session, actor, now, panel.id, token())

    other = factories.member(session, plan, Role.MANAGER)[1]
    confirm(session, lead, panel)
    with pytest.raises(Refusal, match="It has no end"):
        sign()
    confirm(session, manager, panel, ends=date(2025, 9, 16), reason="The pilot ends")
    with pytest.raises(Refusal, match="closes on 16 September 2025"):
        sign()
    then = at(date(2025, 9, 17))
    attest(session, lead, panel, WEEKS, now=then)
    with pytest.raises(Refusal, match="16 September 2025 was missed"):
        sign(now=then)
    last = record(session, other, panel, date(2025, 9, 16), now=then, day=date(2025, 9, 17))
    with pytest.raises(NotPermitted, match="You recorded some of it"):
        sign(other, then)
    with pytest.raises(NotPermitted):
        sign(lead, then)
    assert shown(session, plan, then.date(), then.date()).verdict.colour == "amber"
    sign(now=then)
    assert shown(session, plan, then.date(), then.date()).verdict.colour == "blue"
    with pytest.raises(Refusal, match="signed off already"):
        sign(now=then)
    with pytest.raises(Refusal, match="is signed off"):
        attestation.undo(session, other, then, panel.id, last, token())
    assert verify(session).faults == ()


def test_the_remark_of_a_dated_milestone_is_a_rule_at_once(session: Session) -> None:
    line = factories.milestone_line("5", date="Jun 2026", tail="quarterly reviews following this")
    made = factories.plan(session, line)
    row = shown(session, made, date(2026, 10, 1))
    assert row.rule is not None
    assert (row.rule.every, row.rule.anchor, row.tail_of) == ("quarterly", date(2026, 7, 1), "1a.5")
    assert [one.scheduled for one in row.occurrences(date(2026, 9, 30))] == [date(2026, 9, 30)]
    assert (shown(session, made, TODAY).verdict.rule, row.verdict.colour) == ("C2", "red")


def test_words_with_two_meanings_ask(session: Session) -> None:
    made = plan_with(session, "bi-annual")
    proposal = shown(session, made, TODAY).proposal
    assert proposal.every is None
    assert proposal.question
