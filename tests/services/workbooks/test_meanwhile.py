"""What somebody changed while a workbook was out, and workbooks that come back twice or are taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.lead_workbooks import (
    LATER,
    SECRET,
    bring_back,
    cell,
    outcomes,
    read,
    send,
    tried,
)
from tests.services import acts
from tracker.models import Milestone, Plan
from tracker.rules.errors import Refusal
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.rules.workbook import FIELDS, values_of
from tracker.rules.workbook_keys import read_key
from tracker.rules.workbook_return import Outcome, Result, Returned
from tracker.services.updates import undo_updates
from tracker.services.verification import verify

LINK = "https://testshire.example/minutes"


# ------------------------------------------------------------------ what somebody changed meanwhile
@pytest.fixture
def overtaken(session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]) -> object:
    """Return a workbook in which the lead changed what a manager has changed since."""
    acts.update(session, lead, rows["1a.1"], impact="Fewer calls")
    book = send(session, plan).set("1a.1", progress="Three schools", help="A room")
    manager = factories.member(session, plan, Role.MANAGER)[1]
    acts.update(session, manager, rows["1a.1"], NOW + timedelta(days=1), progress="Four schools", impact="Fewer calls")
    return book


def test_a_cell_that_both_changed_is_in_conflict_and_both_are_shown(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone], overtaken: object
) -> None:
    result = bring_back(session, lead, plan, overtaken)  # type: ignore[arg-type]
    assert outcomes(result) == {"applied": 1, "conflict": 1}
    found = cell(result, "1a.1", "progress")
    assert (found.sent, found.now, found.typed) == ("The panel met twice.", "Four schools", "Three schools")
    assert "11 September 2025" in found.why
    assert (rows["1a.1"].progress, rows["1a.1"].help_needed) == ("Four schools", "A room")


def test_a_person_may_take_what_the_workbook_says_for_what_they_saw(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone], overtaken: object
) -> None:
    shown = cell(tried(session, lead, plan, overtaken), "1a.1", "progress")  # type: ignore[arg-type]
    choices = {(rows["1a.1"].id, "progress"): shown.seen}
    result = bring_back(session, lead, plan, overtaken, choices=choices)  # type: ignore[arg-type]
    assert outcomes(result) == {"applied": 2}
    assert rows["1a.1"].progress == "Three schools"


def test_a_choice_does_not_hold_for_what_was_changed_again(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone], overtaken: object
) -> None:
    shown = cell(tried(session, lead, plan, overtaken), "1a.1", "progress")  # type: ignore[arg-type]
    acts.update(session, lead, rows["1a.1"], NOW + timedelta(days=2), progress="Five schools")
    choices = {(rows["1a.1"].id, "progress"): shown.seen}
    result = bring_back(session, lead, plan, overtaken, choices=choices)  # type: ignore[arg-type]
    assert cell(result, "1a.1", "progress").outcome is Outcome.CONFLICT
    assert rows["1a.1"].progress == "Five schools"


def test_an_old_workbook_is_in_conflict_only_where_both_changed_the_same(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.1", impact="Fewer calls")
    for day in range(1, 4):
        acts.update(session, lead, rows["1a.1"], NOW + timedelta(days=day), progress=f"Day {day}")
    result = bring_back(session, lead, plan, book, NOW + timedelta(days=60))
    assert outcomes(result) == {"applied": 1}
    assert (rows["1a.1"].progress, rows["1a.1"].impact) == ("Day 3", "Fewer calls")


def test_the_same_change_by_somebody_else_is_no_conflict(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.1", state="On track", progress="Two schools")
    acts.update(session, lead, rows["1a.1"], NOW + timedelta(days=1), progress="Two schools")
    result = bring_back(session, lead, plan, book)
    assert outcomes(result) == {}
    assert cell(result, "1a.1", "progress").why == "It is so already."


def test_a_claim_that_was_returned_meanwhile_is_not_claimed_again_by_an_old_workbook(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.1", state="Done", progress="All is done", evidence=LINK)
    bring_back(session, lead, plan, book)
    acts.decide(session, factories.member(session, plan, Role.MANAGER)[1], rows["1a.1"], LATER, approve=False)
    result = bring_back(session, lead, plan, book, LATER + timedelta(days=1))
    assert cell(result, "1a.1", "state").outcome is Outcome.CONFLICT
    assert rows["1a.1"].signoff == "returned"


# ------------------------------------------------------------------ tried, applied twice, undone
def test_trying_says_what_applying_does_and_changes_nothing(session: Session, lead: Actor, plan: Plan) -> None:
    book = send(session, plan).set("1a.1", state="On track", progress="Begun").set("1a.2", state="Nearly")
    seq = plan.ledger_seq
    shown = tried(session, lead, plan, book)
    assert plan.ledger_seq == seq
    done = bring_back(session, lead, plan, book)
    assert [(row.ref, row.cells, row.colour) for row in shown.rows] == [
        (row.ref, row.cells, row.colour) for row in done.rows
    ]


def test_a_workbook_that_is_returned_twice_changes_nothing_more(session: Session, lead: Actor, plan: Plan) -> None:
    book = send(session, plan)
    book.set("1a.1", state="At risk", reason="Staff", progress="Begun", forecast="Jan 2026").set("1a.2", state="Maybe")
    bring_back(session, lead, plan, book)
    seq = plan.ledger_seq
    again = bring_back(session, lead, plan, book, LATER + timedelta(days=1))
    assert outcomes(again) == {"refused": 1}
    assert plan.ledger_seq == seq


def test_what_a_workbook_changed_can_be_undone_at_once(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    acts.update(session, lead, rows["1a.1"])
    before = values_of(rows["1a.1"])
    book = (
        send(session, plan).set("1a.1", progress="More", help="A room").set("1a.2", state="On track", progress="Begun")
    )
    result = bring_back(session, lead, plan, book)
    assert undo_updates(session, lead, LATER, result.act, "undo-1") == 2
    assert values_of(rows["1a.1"]) == before
    assert (rows["1a.2"].confidence, rows["1a.2"].started) == ("", None)
    assert verify(session, plan.slug).faults == ()


def test_an_undo_is_refused_where_somebody_changed_the_same_since(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    result = bring_back(session, lead, plan, send(session, plan).set("1a.1", state="On track", progress="Begun"))
    acts.update(session, lead, rows["1a.1"], LATER, progress="Later words")
    with pytest.raises(Refusal, match="was changed since"):
        undo_updates(session, lead, LATER, result.act, "undo-1")


# ------------------------------------------------------------------ keys, and what is kept
def test_a_key_that_was_changed_does_not_hold(session: Session, plan: Plan) -> None:
    book = send(session, plan)
    key = str(book.sheet.cell(book.rows[0], book.columns["key"]).value)
    good = read_key(SECRET, key)
    assert not isinstance(good, str)
    assert (good.plan_id, good.count, len(good.prints)) == (plan.id, 5, len(FIELDS))
    for at in (5, len(key) // 2, len(key) - 1):
        changed = key[:at] + ("0" if key[at] != "0" else "1") + key[at + 1 :]
        assert isinstance(read_key(SECRET, changed), str)


def test_what_was_read_and_what_became_of_it_can_be_kept(session: Session, lead: Actor, plan: Plan) -> None:
    book = send(session, plan).set("1a.1", state="On track", progress="=1/0")
    returned = read(book.saved())
    assert Returned.from_data(returned.as_data()) == returned
    result = tried(session, lead, plan, book)
    assert Result.from_data(result.as_data()) == result


def test_the_system_may_bring_a_workbook_back_for_anybody(
    session: Session, plan: Plan, rows: dict[str, Milestone]
) -> None:
    bring_back(session, SYSTEM, plan, send(session, plan).set("1a.1", state="On track", progress="Begun"))
    assert rows["1a.1"].updated_by == "The tracker"
