"""A lead's workbook comes back: what was typed is applied, through the services of the forms."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.lead_workbooks import (
    LATER,
    bring_back,
    cell,
    outcomes,
    send,
    sent,
)
from tests.services import acts
from tracker.models import Evidence, LedgerEntry, Milestone, Plan
from tracker.rules.permissions import Actor, Role
from tracker.rules.workbook_return import Outcome
from tracker.services.verification import verify

LINK = "https://testshire.example/minutes"


def entries(session: Session, row: Milestone) -> list[LedgerEntry]:
    query = select(LedgerEntry).where(LedgerEntry.subject_type == "milestone", LedgerEntry.subject_id == row.id)
    return list(session.scalars(query.order_by(LedgerEntry.seq)))


def test_a_workbook_that_nobody_filled_in_changes_nothing(session: Session, lead: Actor, plan: Plan) -> None:
    seq = plan.ledger_seq
    result = bring_back(session, lead, plan, sent(session, plan))
    assert outcomes(result) == {}
    assert not result.remarks
    assert plan.ledger_seq == seq


def test_what_a_lead_typed_is_applied_and_the_rest_of_the_row_stands(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    acts.update(session, lead, rows["1a.1"], help_needed="A room")
    book = send(session, plan)
    assert book.get("1a.1", "help") == "A room"
    book.set("1a.1", state="At risk", reason="The post is vacant", forecast="Jan 2026", recovery="An agency")
    book.set("1a.2", state="On track", progress="Two schools are trained", impact="Fewer complaints")
    result = bring_back(session, lead, plan, book)
    assert outcomes(result) == {"applied": 7}
    first, second = rows["1a.1"], rows["1a.2"]
    assert (first.confidence, first.confidence_reason, first.recovery) == ("at_risk", "The post is vacant", "An agency")
    assert (first.forecast, first.forecast_text, first.help_needed) == (date(2026, 1, 31), "Jan 2026", "A room")
    assert first.progress == "The panel met twice."
    assert (second.confidence, second.progress, second.impact) == (
        "on_track",
        "Two schools are trained",
        "Fewer complaints",
    )
    assert second.started == LATER.date()
    assert next(row for row in result.rows if row.ref == "1a.1").colour == "A Likely to miss"
    assert verify(session, plan.slug).faults == ()


def test_the_ledger_says_that_it_comes_from_a_workbook_and_whose(
    session: Session, plan: Plan, rows: dict[str, Milestone]
) -> None:
    manager = factories.member(session, plan, Role.MANAGER)[1]
    bring_back(session, manager, plan, send(session, plan).set("1a.3", state="On track", progress="It began"))
    last = entries(session, rows["1a.3"])[-1]
    assert last.reason == "From a workbook returned by SEND Senior Manager (Testshire Council)"
    assert (last.actor, last.verb) == (manager.label, "updated")


def test_a_workbook_of_the_whole_plan_names_the_leads_and_comes_back_as_well(
    session: Session, plan: Plan, rows: dict[str, Milestone]
) -> None:
    manager = factories.member(session, plan, Role.MANAGER)[1]
    book = send(session, plan, post=0)
    assert book.get("1a.1", "lead") == "SEND Senior Manager"
    result = bring_back(session, manager, plan, book.set("1a.1", state="On track", progress="It began"))
    assert outcomes(result) == {"applied": 2}
    assert entries(session, rows["1a.1"])[-1].reason == "From a returned workbook of the whole plan"


def test_red_and_amber_milestones_come_first_and_finished_ones_are_left_out(
    session: Session, lead: Actor, manager: Actor
) -> None:
    plan = factories.plan(
        session,
        milestone_line("1", date="Dec 2026"),
        milestone_line("2", date="Mar 2026"),
        milestone_line("3", date="Jul 2025"),
        milestone_line("4", date="Dec 2025"),
        effective=acts.at(factories.ADOPTED),
    )
    actor = factories.lead(session, plan)[1]
    done = factories.milestones_of(session, plan)[3]
    acts.claim(session, actor, done)
    acts.decide(session, factories.member(session, plan, Role.MANAGER)[1], done)
    book = send(session, plan)
    assert [book.sheet.cell(row, book.columns["ref"]).value for row in book.rows] == ["1a.3", "1a.2", "1a.1"]


def test_a_row_that_is_done_is_claimed_with_its_day_and_its_link(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan)
    book.set("1a.1", state="Done", progress="All is done", completed="12 September 2025", evidence=LINK)
    result = bring_back(session, lead, plan, book)
    assert outcomes(result) == {"applied": 4}
    assert result.claims == 1
    row = rows["1a.1"]
    assert (row.signoff, row.completed, row.claimed) == ("claimed", date(2025, 9, 12), LATER.date())
    assert session.scalars(select(Evidence.url)).all() == [LINK]
    again = bring_back(session, lead, plan, book, LATER + timedelta(days=1))
    assert outcomes(again) == {}


@pytest.mark.parametrize(
    "typed",
    [datetime(2025, 9, 12), "12/9/2025", "12/09/25", " 12 Sept 2025 ", "2025-09-12"],  # noqa: DTZ001
)
def test_a_day_is_read_as_a_date_cell_and_as_people_write_it(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone], typed: object
) -> None:
    book = send(session, plan).set("1a.1", state="Done", progress="Done", completed=typed, evidence=LINK)
    assert outcomes(bring_back(session, lead, plan, book)) == {"applied": 4}
    assert rows["1a.1"].completed == date(2025, 9, 12)


def test_a_forecast_in_a_date_cell_is_the_day_or_the_month_that_it_shows(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan)
    for ref, shows in (("1a.1", "dd/mm/yyyy"), ("1a.2", "mmm-yy")):
        book.set(ref, state="At risk", reason="Staff", progress="Begun", forecast=datetime(2026, 2, 1))  # noqa: DTZ001
        book.sheet.cell(book.row_of(ref), book.columns["forecast"]).number_format = shows
    bring_back(session, lead, plan, book)
    assert (rows["1a.1"].forecast, rows["1a.1"].forecast_text) == (date(2026, 2, 1), "1 February 2026")
    assert (rows["1a.2"].forecast, rows["1a.2"].forecast_text) == (date(2026, 2, 28), "Feb 2026")


def test_no_change_confirms_what_stands_once(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    acts.update(session, lead, rows["1a.1"])
    book = send(session, plan).set("1a.1", no_change="No change")
    assert outcomes(bring_back(session, lead, plan, book)) == {"applied": 1}
    assert rows["1a.1"].updated_on == LATER.date()
    assert rows["1a.1"].progress == "The panel met twice."
    again = bring_back(session, lead, plan, book, LATER + timedelta(days=9))
    assert outcomes(again) == {}
    assert "after the workbook went out" in cell(again, "1a.1", "no_change").why
    assert rows["1a.1"].updated_on == LATER.date()


def test_no_change_of_what_was_never_said_asks_how_it_is_going(session: Session, lead: Actor, plan: Plan) -> None:
    result = bring_back(session, lead, plan, send(session, plan).set("1a.1", no_change="No change"))
    assert cell(result, "1a.1", "state").why == "Select how it is going."
    assert cell(result, "1a.1", "no_change").outcome is Outcome.REFUSED


def test_spaces_and_line_ends_that_a_program_adds_are_no_change(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    acts.update(session, lead, rows["1a.1"], progress="One line\nand another")
    book = send(session, plan).set("1a.1", progress=" One line\r\nand  another \u00a0", state="On track ")
    assert outcomes(bring_back(session, lead, plan, book)) == {}


def test_text_that_begins_like_a_formula_stays_text(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    acts.update(session, lead, rows["1a.1"], progress="=1+1", impact="- a list\n@home")
    book = send(session, plan)
    assert book.sheet.cell(book.row_of("1a.1"), book.columns["progress"]).data_type == "s"
    assert outcomes(bring_back(session, lead, plan, book)) == {}


def test_what_blocks_the_work_is_not_asked_and_stays(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    acts.update(session, lead, rows["1a.1"], blocked="The lease is not signed")
    bring_back(session, lead, plan, send(session, plan).set("1a.1", help="A lawyer"))
    assert (rows["1a.1"].blocked, rows["1a.1"].help_needed) == ("The lease is not signed", "A lawyer")


def test_an_emptied_cell_is_emptied_where_that_means_something(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    acts.update(session, lead, rows["1a.1"], impact="Fewer calls", help_needed="A room")
    book = send(session, plan).set("1a.1", help=None, progress=None, state=None)
    result = bring_back(session, lead, plan, book)
    assert outcomes(result) == {"applied": 1, "refused": 2}
    assert (rows["1a.1"].help_needed, rows["1a.1"].progress) == ("", "The panel met twice.")
