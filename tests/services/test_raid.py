"""Registers of a plan: what an entry needs, who was first, how it ends, and what stood on an earlier day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY, milestone_line
from tests.services import acts
from tracker.exports.gather import report_facts
from tracker.exports.sections.exceptions import exceptions
from tracker.exports.sections.raid import raid
from tracker.models import LedgerEntry, Measure, Plan, RaidItem, Reading
from tracker.queries.measures import measure_lines
from tracker.queries.plan_document import export_document
from tracker.queries.plans import find_plan
from tracker.queries.raid_rows import RaidRow, raid_rows
from tracker.queries.tree import snapshot
from tracker.rules.document import MeasureLine, ReadingLine
from tracker.rules.errors import Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services.measures import Figure, add_reading, take_back_reading
from tracker.services.raid import Entry, add_entry, change_entry
from tracker.services.undo import undo
from tracker.services.verification import verify

NEXT_DAY = acts.at(date(2025, 9, 11))
RISK = Entry("The provider may close", likelihood=4, severity=4, response="A second provider", milestones="1a.1")


@pytest.fixture
def plan(session: Session) -> Plan:
    waits = MeasureLine("Weeks until the first appointment", readings=[ReadingLine("Summer term 2025", "36")])
    lines = (milestone_line("1", date="Aug 2025"), milestone_line("2"))
    return factories.plan(session, *lines, measures=[waits], effective=acts.at(factories.ADOPTED))


def shown(session: Session, plan: Plan, day: date = TODAY) -> list[RaidRow]:
    return raid_rows(session, plan.id, day, date(2025, 9, 11))


def facts(session: Session, plan: Plan):
    found = find_plan(session, plan.slug)
    assert found
    return report_facts(session, *found, TODAY, TODAY, NOW)


# ------------------------------------------------------------------ risks, issues and decisions
def test_a_risk_is_scored_and_bears_on_the_milestones_that_are_named(
    session: Session, plan: Plan, manager: Actor
) -> None:
    add_entry(session, manager, NOW, plan.id, "t1", "risk", RISK)
    (row,) = shown(session, plan)
    assert (row.ref, row.points, row.level, row.high, row.refs) == ("R1", 16, "very high", True, "1a.1")
    assert row.raised_on == TODAY
    assert not verify(session, plan.slug).faults


@pytest.mark.parametrize(
    ("kind", "entry", "field"),
    [
        ("risk", replace(RISK, title=" "), "title"),
        ("risk", replace(RISK, likelihood=0), "likelihood"),
        ("risk", replace(RISK, severity=6), "severity"),
        ("risk", replace(RISK, raised_on=date(2025, 9, 11)), "raised_on"),
        ("risk", replace(RISK, milestones="1a.1, 7z.4"), "milestones"),
        ("issue", replace(RISK, owner=999_999), "owner"),
        ("decision", RISK, "minute"),
    ],
)
def test_an_entry_that_will_not_do_is_refused_beside_its_field_and_nothing_is_stored(
    session: Session, plan: Plan, manager: Actor, kind: str, entry: Entry, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        add_entry(session, manager, NOW, plan.id, "t1", kind, entry)
    assert refused.value.field == field
    assert not session.scalars(select(RaidItem)).all()


def test_only_a_manager_of_the_plan_keeps_its_registers(session: Session, plan: Plan, lead: Actor) -> None:
    for actor in (
        lead,
        factories.member(session, plan, Role.BOARD)[1],
        factories.member(session, plan, Role.AUDITOR)[1],
    ):
        with pytest.raises(NotPermitted):
            add_entry(session, actor, NOW, plan.id, "t1", "risk", RISK)
        with pytest.raises(NotPermitted):
            add_reading(session, actor, NOW, plan.id, 1, "t2", Figure("Q2 2025/26", "30"))


def test_an_entry_of_another_plan_is_not_there(session: Session, plan: Plan, manager: Actor) -> None:
    other = factories.plan(session)
    roles = {each.id: frozenset({Role.MANAGER}) for each in (plan, other)}
    both = Actor(manager.person_id, "The clerk", roles=roles)
    row = add_entry(session, both, NOW, plan.id, "t1", "risk", RISK)
    with pytest.raises(NotFound):
        change_entry(session, both, NOW, other.id, row.id, row.version, "t2", RISK)
    with pytest.raises(NotFound):
        add_entry(session, both, NOW, plan.id, "t3", "wish", RISK)


def test_who_saves_second_sees_both_versions(session: Session, plan: Plan, manager: Actor) -> None:
    row = add_entry(session, manager, NOW, plan.id, "t1", "risk", RISK)
    opened = row.version
    change_entry(session, manager, NOW, plan.id, row.id, opened, "t2", replace(RISK, milestones="1a.2"))
    with pytest.raises(Conflict) as conflict:
        change_entry(session, manager, NOW, plan.id, row.id, opened, "t3", replace(RISK, title="It closes in May"))
    assert [(field.theirs, field.yours) for field in conflict.value.fields] == [
        ("The provider may close", "It closes in May")
    ]


def test_an_entry_is_closed_with_how_it_ended_and_can_be_opened_again(
    session: Session, plan: Plan, manager: Actor
) -> None:
    row = add_entry(session, manager, NOW, plan.id, "t1", "risk", RISK)
    with pytest.raises(Refusal, match="how the risk ended"):
        change_entry(session, manager, NOW, plan.id, row.id, row.version, "t2", replace(RISK, closed=True))
    done = replace(RISK, closed=True, outcome="A second provider was found")
    change_entry(session, manager, NEXT_DAY, plan.id, row.id, row.version, "t3", done)
    (closed,) = shown(session, plan, date(2025, 9, 11))
    assert closed.closed_on == date(2025, 9, 11)
    assert not closed.high
    change_entry(session, manager, NEXT_DAY, plan.id, row.id, row.version, "t4", RISK)
    assert shown(session, plan, date(2025, 9, 11))[0].high
    assert not verify(session, plan.slug).faults


def test_an_earlier_day_shows_the_registers_as_they_stood(session: Session, plan: Plan, manager: Actor) -> None:
    row = add_entry(session, manager, NOW, plan.id, "t1", "risk", RISK)
    later = replace(RISK, title="The provider closes", milestones="1a.2", raised_on=None)
    change_entry(session, manager, NEXT_DAY, plan.id, row.id, row.version, "t2", later)
    add_entry(session, manager, NEXT_DAY, plan.id, "t3", "issue", replace(RISK, title="Nobody answers the phone"))
    (then,) = shown(session, plan, TODAY)
    assert (then.title, then.refs) == ("The provider may close", "1a.1")
    assert shown(session, plan, date(2025, 9, 11))[0].raised_on == TODAY
    assert [(row.ref, row.refs) for row in shown(session, plan, date(2025, 9, 11))] == [("R1", "1a.2"), ("I1", "1a.1")]
    assert shown(session, plan, date(2025, 9, 9)) == []


def test_links_say_in_the_ledger_what_was_linked_and_are_not_undone_from_the_history(
    session: Session, plan: Plan, manager: Actor
) -> None:
    row = add_entry(session, manager, NOW, plan.id, "t1", "risk", RISK)
    change_entry(session, manager, NOW, plan.id, row.id, row.version, "t2", replace(RISK, milestones=""))
    change_entry(session, manager, NOW, plan.id, row.id, row.version, "t3", RISK)
    entries = session.scalars(select(LedgerEntry).where(LedgerEntry.subject_type == "raid_link")).all()
    assert [entry.verb for entry in entries] == ["linked R1 to 1a.1", "took away a link of R1", "linked R1 to 1a.1"]
    with pytest.raises(Refusal, match="on its own page"):
        undo(session, manager, NOW, plan.id, entries[-1].act, "t4")


def test_a_report_tells_open_entries_with_their_scores_and_marks_the_milestone(
    session: Session, plan: Plan, manager: Actor
) -> None:
    assert raid(facts(session, plan)) is None
    add_entry(session, manager, NOW, plan.id, "t1", "risk", RISK)
    minuted = Entry("The panel meets weekly", minute="Board, 5.2", raised_on=date(2025, 9, 9))
    add_entry(session, manager, NOW, plan.id, "t2", "decision", minuted)
    section = raid(facts(session, plan))
    assert section
    assert section.blocks[0].text.startswith("1 open risk, 1 of them high or very high")
    tables = {table.key: table for table in section.tables()}
    assert tables["raid.risk"].rows[0][:5] == ("R1", "The provider may close", "", 16, "very high")
    assert not tables["raid.issue"].rows
    assert tables["raid.decision"].rows[0][10] == "Board, 5.2"
    listed = list(exceptions(facts(session, plan)).tables())
    risks = [column.title for column in listed[0].columns].index("High risks")
    said = [row[risks] for table in listed for row in table.rows if row[0] == "1a.1"]
    assert said == ["R1 The provider may close"]


# ------------------------------------------------------------------ figures of measures
@pytest.fixture
def measure(session: Session, plan: Plan) -> Measure:
    return session.scalars(select(Measure).where(Measure.plan_id == plan.id)).one()


def test_a_figure_is_entered_with_its_day_and_source_and_stands_in_every_report(
    session: Session, plan: Plan, measure: Measure, manager: Actor
) -> None:
    figure = Figure("Q2 2025/26", "30", taken_on=TODAY, source="The waiting list")
    add_reading(session, manager, NOW, plan.id, measure.id, "t1", figure)
    (line,) = measure_lines(session, plan.id, TODAY, TODAY)
    assert [(one.period, one.value, one.source) for one in line.latest] == [("Q2 2025/26", "30", "The waiting list")]
    found = find_plan(session, plan.slug)
    assert found
    assert snapshot(session, *found, TODAY, TODAY).measures[0].readings[-1] == ("Q2 2025/26", "", "30")
    assert not verify(session, plan.slug).faults


@pytest.mark.parametrize(
    ("figure", "field"),
    [
        (Figure(" ", "30"), "period"),
        (Figure("Q2 2025/26", ""), "value"),
        (Figure("Q2 2025/26", "30", taken_on=date(2025, 9, 11)), "taken_on"),
        (Figure("summer term 2025", "35"), "period"),
    ],
)
def test_a_figure_that_will_not_do_is_refused_beside_its_field(
    session: Session, plan: Plan, measure: Measure, manager: Actor, figure: Figure, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        add_reading(session, manager, NOW, plan.id, measure.id, "t1", figure)
    assert refused.value.field == field
    assert len(session.scalars(select(Reading)).all()) == 1


def test_a_figure_is_taken_back_with_a_reason_and_an_earlier_day_still_shows_it(
    session: Session, plan: Plan, measure: Measure, manager: Actor
) -> None:
    reading = session.scalars(select(Reading)).one()
    with pytest.raises(Refusal, match="Say why"):
        take_back_reading(session, manager, NEXT_DAY, plan.id, measure.id, reading.id, "t1", " ")
    take_back_reading(session, manager, NEXT_DAY, plan.id, measure.id, reading.id, "t2", "Of another school")
    with pytest.raises(Refusal, match="already"):
        take_back_reading(session, manager, NEXT_DAY, plan.id, measure.id, reading.id, "t3", "Again")
    with pytest.raises(NotFound):
        take_back_reading(session, manager, NEXT_DAY, plan.id, measure.id, 999_999, "t4", "Nothing")
    add_reading(session, manager, NEXT_DAY, plan.id, measure.id, "t5", Figure("Summer term 2025", "35"))
    later = date(2025, 9, 11)
    (line,) = measure_lines(session, plan.id, later, later)
    assert [one.value for one in line.readings] == ["35"]
    (then,) = measure_lines(session, plan.id, TODAY, later)
    assert [one.value for one in then.readings] == ["36"]
    made = export_document(session, plan.id)
    assert [one.value for one in made.measures[0].readings] == ["35"]
    assert not verify(session, plan.slug).faults
