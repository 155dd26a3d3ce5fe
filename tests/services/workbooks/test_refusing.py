"""What a returned workbook is refused for, cell by cell and as a whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.lead_workbooks import (
    bring_back,
    cell,
    outcomes,
    read,
    send,
    sent,
)
from tests.services import acts
from tracker.models import Evidence, Milestone, Plan
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.rules.workbook_keys import workbook_secret
from tracker.rules.workbook_return import Outcome

LINK = "https://testshire.example/minutes"


def test_a_forecast_that_is_no_date_is_refused_and_holds_back_what_belongs_to_it(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    acts.update(session, lead, rows["1a.1"])
    book = send(session, plan)
    book.set(
        "1a.1", state="Will miss its date", reason="Staff", forecast="soonish", progress="A third panel", help="Staff"
    )
    result = bring_back(session, lead, plan, book)
    assert "date or a month with its year" in cell(result, "1a.1", "forecast").why
    assert "because of “When do you now expect it?”" in cell(result, "1a.1", "state").why
    assert outcomes(result) == {"refused": 3, "applied": 2}
    row = rows["1a.1"]
    assert (row.confidence, row.progress, row.help_needed) == ("on_track", "A third panel", "Staff")


_BEGUN = {"state": "At risk", "reason": "Staff", "progress": "Begun"}
_MISSED, _ON_TRACK = {**_BEGUN, "state": "Will miss its date"}, {"state": "On track", "progress": "Begun"}
_DONE = {"state": "Done", "progress": "Done", "evidence": LINK}
REFUSED: dict[str, tuple[dict[str, str], str, str]] = {
    "a state that is not on the list": ({"state": "Fine"}, "state", "is not on the list"),
    "at risk without a reason": ({**_BEGUN, "reason": ""}, "reason", "Say why"),
    "missing its date without a forecast": (_MISSED, "forecast", "Enter a forecast date"),
    "a forecast that has passed": ({**_BEGUN, "forecast": "Jan 2025"}, "forecast", "today or later"),
    "done without evidence": ({**_DONE, "evidence": ""}, "evidence", "Add a link or a file"),
    "evidence that is no address": ({**_DONE, "evidence": "on my desk"}, "evidence", "starts with https"),
    "done without saying what": ({**_DONE, "progress": ""}, "progress", "Say what has been done"),
    "completed in the future": ({**_DONE, "completed": "1 Dec 2025"}, "completed", "today or earlier"),
    "completed on no day": ({**_DONE, "completed": "31/9/2025"}, "completed", "30 days"),
    "evidence without done": ({**_ON_TRACK, "evidence": LINK}, "evidence", "Choose “Done”"),
    "a reason though on track": ({**_ON_TRACK, "reason": "?"}, "reason", "Only asked for"),
    "a formula that ends in an error": ({**_ON_TRACK, "progress": "=1/0"}, "progress", "formula"),
    "more than a tick where nothing is new": ({"state": "On track", "no_change": "maybe"}, "no_change", "leave the"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_each_refusal_stands_beside_its_cell_with_a_reason(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone], case: str
) -> None:
    answers, key, why = REFUSED[case]
    result = bring_back(session, lead, plan, send(session, plan).set("1a.1", **answers))
    found = cell(result, "1a.1", key)
    assert found.outcome is Outcome.REFUSED
    assert why in found.why
    assert rows["1a.1"].signoff == "none"
    assert not session.scalars(select(Evidence.id)).all()


def test_a_milestone_that_was_withdrawn_is_refused_with_the_decision(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone], withdraw: Callable[[Milestone], None]
) -> None:
    book = (
        send(session, plan)
        .set("1a.1", state="On track", progress="Begun")
        .set("1a.2", state="On track", progress="Too")
    )
    withdraw(rows["1a.1"])
    result = bring_back(session, lead, plan, book)
    assert cell(result, "1a.1", "progress").why == "This milestone is withdrawn (minute 4.2); it takes no updates."
    assert cell(result, "1a.2", "progress").outcome is Outcome.APPLIED


def test_a_milestone_that_is_claimed_takes_no_update(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.1", help="A room")
    acts.claim(session, lead, rows["1a.1"])
    result = bring_back(session, lead, plan, book)
    assert "Completion has been claimed" in cell(result, "1a.1", "help").why


def test_a_lead_may_return_only_what_their_posts_lead(session: Session, plan: Plan, rows: dict[str, Milestone]) -> None:
    person = factories.person(session)
    stranger = Actor(person.id, "Head of Transport", frozenset({999}), {plan.id: frozenset({Role.LEAD})})
    result = bring_back(session, stranger, plan, send(session, plan).set("1a.1", state="On track", progress="Mine"))
    assert "You may not update this milestone" in cell(result, "1a.1", "progress").why
    assert rows["1a.1"].progress == ""


def test_who_may_not_see_the_plan_learns_nothing(session: Session, plan: Plan) -> None:
    stranger = factories.member(session, factories.plan(session), Role.MANAGER)[1]
    with pytest.raises(NotFound):
        bring_back(session, stranger, plan, sent(session, plan))


def test_a_workbook_of_another_plan_is_refused_by_name(session: Session, lead: Actor, plan: Plan) -> None:
    other = factories.plan(session, title="The travel plan")
    with pytest.raises(Refusal, match="another plan, “The travel plan”, and not of “A plan for tests”"):
        bring_back(session, lead, plan, sent(session, other))


def test_a_workbook_of_another_tracker_is_refused(session: Session, lead: Actor, plan: Plan) -> None:
    with pytest.raises(Refusal, match="another tracker"):
        bring_back(session, lead, plan, sent(session, plan, secret=workbook_secret("another")))


def test_a_workbook_of_an_older_kind_is_refused(session: Session, lead: Actor, plan: Plan) -> None:
    book = send(session, plan)
    for row in book.rows:
        key = book.sheet.cell(row, book.columns["key"])
        key.value = str(key.value).replace("T1.", "T0.")
    with pytest.raises(Refusal, match="older kind"):
        bring_back(session, lead, plan, book)


def test_any_other_workbook_is_refused(session: Session, lead: Actor, plan: Plan) -> None:
    book = send(session, plan)
    for name in book.book.sheetnames[1:]:
        del book.book[name]
    book.sheet.delete_cols(book.columns["key"])
    with pytest.raises(Refusal, match="not a workbook that was sent out"):
        bring_back(session, lead, plan, book)
    with pytest.raises(Refusal, match="not a workbook"):
        read(b"Ref,Milestone\n1,Travel\n", "plan.csv")
