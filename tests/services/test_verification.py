"""Verification finds every quiet edit, and says where it is."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tests import factories
from tests.services import acts
from tests.statements import counted
from tracker.models import ColourSpan, Evidence, LeadAssignment, LedgerEntry, Milestone, Plan, Workstream
from tracker.models.ledger import LedgerEntry as Entry
from tracker.services import colours
from tracker.services.ledger import entry_hash
from tracker.services.plan_checker import TRACKED
from tracker.services.verification import verify


@pytest.fixture
def opened(session: Session) -> Session:
    """Take the trigger away, as somebody with the database in their hands can."""
    if session.connection().dialect.name == "postgresql":
        session.execute(text("DROP TRIGGER ledger_entry_append_only ON ledger_entry"))
    else:
        for verb in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER ledger_entry_no_{verb}"))
    return session


@pytest.fixture
def signed(session, lead, manager, milestone) -> Milestone:
    acts.update(session, lead, milestone)
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    return milestone


def test_a_plan_with_a_history_is_whole(session, plan, signed):
    found = verify(session)
    assert found.faults == ()
    (check,) = found.plans
    assert (check.slug, check.entries) == (plan.slug, plan.ledger_seq)
    assert check.chain
    assert check.projection
    assert check.spans
    assert check.signatures
    assert json.loads(json.dumps(found.as_data()))["ok"] is True
    lines = list(found.to_lines())
    assert lines[0] == f"{plan.slug}: whole"
    assert f"{plan.ledger_seq} entries" in lines[1]
    assert lines[1].endswith(plan.ledger_head)
    assert [line.split()[1] for line in lines[1:7]] == ["OK", "OK", "OK", "OK", "NOT", "OK"]
    assert lines[-1] == "Verdict: WHOLE. Nothing was found wrong in 1 plan."


def test_one_plan_is_checked_where_one_is_asked_for(session, plan):
    factories.plan(session)
    assert [check.slug for check in verify(session, plan.slug).plans] == [plan.slug]
    assert len(verify(session).plans) == 2
    assert list(verify(session, "unknown").to_lines()) == ["There are no plans."]


@pytest.mark.parametrize(
    "values",
    [
        {"changes": {"text": [None, "Another text"]}},
        {"reason": "Another reason"},
        {"actor": "Somebody else"},
        {"verb": "edited"},
        {"recorded_at": acts.at(factories.ADOPTED)},
        {"effective_at": acts.at(factories.TODAY)},
        {"effective_day": factories.TODAY},
        {"back_filled": False},
        {"subject_id": 77},
        {"hash": "00"},
        {"previous_hash": "00"},
        {"seq": 500},
        {"act": "x"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_each_edit_of_an_entry_is_found(opened, plan, signed, values):
    entry = opened.scalars(select(Entry).where(Entry.subject_type == "milestone", Entry.verb == "added")).one()
    seq = entry.seq
    opened.execute(update(LedgerEntry).where(LedgerEntry.id == entry.id).values(**values))
    found = verify(opened)
    assert not found.plans[0].chain
    assert f"{plan.slug}: Ledger entry {seq} " in "\n".join(found.faults)
    lines = list(found.to_lines())
    assert lines[0].split(": ")[1] == f"{len(found.faults)} fault{'' if len(found.faults) == 1 else 's'}"
    assert "FAULTY" in lines[1]
    assert lines[-1].startswith("Verdict: NOT WHOLE. ")


@pytest.mark.parametrize(
    "changes",
    [
        {"signoff": [None, "blue"]},
        {"due": [None, "soon"]},
        {"moves": [0, "x"]},
        {"baseline_number": [0, 2], "baseline_due": [None, "soon"]},
        {"baseline_moves": [0, "x"]},
        {"text": "x"},
        [],
        "x",
        None,
    ],
    ids=str,
)
def test_an_entry_made_senseless_is_found_and_stops_nothing(opened, plan, signed, changes):
    entry = opened.scalars(select(Entry).where(Entry.subject_type == "milestone", Entry.verb == "added")).one()
    seq = entry.seq
    opened.execute(update(LedgerEntry).where(LedgerEntry.id == entry.id).values(changes=changes))
    (check,) = verify(opened).plans
    assert any(fault.startswith(f"Ledger entry {seq} ") for fault in check.faults)
    assert not check.spans


def test_what_the_database_cannot_give_back_is_a_fault_too(opened, plan, signed):
    if opened.connection().dialect.name == "postgresql":
        return  # it refuses to store what it could not give back
    opened.flush()
    opened.execute(text("UPDATE milestone SET due = 'soon'"))
    opened.execute(text("UPDATE ledger_entry SET changes = '{' WHERE seq = 5"))
    opened.expire_all()
    faults = "\n".join(verify(opened).faults)
    assert "cannot be read" in faults
    assert "The table milestone cannot be read" in faults


def test_an_edit_with_a_hash_made_to_fit_breaks_the_chain_after_it(opened, plan, signed):
    entry = opened.scalars(select(Entry).where(Entry.seq == 3)).one()
    data = {column.key: getattr(entry, column.key) for column in Entry.__table__.columns} | {"reason": "Another"}
    fitted = update(Entry).where(Entry.id == entry.id).values(reason="Another", hash=entry_hash(data))
    opened.execute(fitted)
    assert "Ledger entry 4" in verify(opened).faults[0]
    assert "does not follow from the one before it" in verify(opened).faults[0]


def test_an_entry_taken_out_is_missed(opened, plan, signed):
    opened.execute(text("DELETE FROM ledger_entry WHERE seq = 4"))
    assert f"{plan.slug}: Ledger entry 4 is missing." in verify(opened).faults


def test_a_tail_cut_off_is_missed(opened, plan, signed):
    last = plan.ledger_seq
    opened.execute(text(f"DELETE FROM ledger_entry WHERE seq = {last}"))
    assert f"{plan.slug}: Ledger entry {last} is missing at the end of the ledger." in verify(opened).faults


def test_a_tail_cut_off_with_the_plan_made_to_fit_does_not_fit_the_rows(opened, plan, signed):
    before = opened.scalars(select(Entry).where(Entry.seq == plan.ledger_seq - 1)).one()
    opened.execute(text(f"DELETE FROM ledger_entry WHERE seq = {plan.ledger_seq}"))
    plan.ledger_seq, plan.ledger_head = before.seq, before.hash
    opened.flush()
    (check,) = verify(opened).plans
    assert check.chain
    assert not check.projection
    assert not check.spans


def test_another_last_entry_than_the_plan_knows_is_found(session, plan, signed):
    plan.ledger_head = "00"
    assert "is not the one that the plan holds as its last" in verify(session).faults[0]
    plan.ledger_seq -= 1
    assert "is more than the plan knows of" in verify(session).faults[0]


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("text", "Another deliverable", '"Another deliverable"'),
        ("due", "2026-03-31", '"2026-03-31"'),
        ("signoff", "claimed", '"claimed"'),
        ("progress", "", "empty"),
        ("moves", 3, '"3"'),
        ("critical", True, '"True"'),
    ],
)
def test_each_edit_of_a_milestone_is_found(session, plan, signed, column, value, shown):
    session.flush()
    session.execute(text(f"UPDATE milestone SET {column} = :value"), {"value": value})
    session.expire_all()
    found = verify(session)
    assert not found.plans[0].projection
    assert f"{plan.slug}: Milestone 1a.1: {column} is {shown} in the table, and the ledger says " in found.faults[0]


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE plan SET title = 'Another'", "Plan: title is "),
        ("UPDATE workstream SET title = 'Another'", "Workstream 1a: title is "),
        ("UPDATE action SET text = 'Another'", "Action 1a.A: text is "),
        ("UPDATE evidence SET url = 'https://elsewhere.example'", "of milestone 1a.1: url is "),
        ("UPDATE lead_assignment SET accountable = NOT accountable", "of workstream 1a: accountable is "),
        ("DELETE FROM evidence", "has ledger entries and is not in the table."),
    ],
)
def test_edits_of_other_tables_are_found(session, plan, signed, statement, sentence):
    session.flush()
    session.execute(text(statement))
    session.expire_all()
    assert any(sentence in fault for fault in verify(session).faults)


def test_a_row_that_nobody_recorded_is_found(session, plan, milestone):
    session.add(Workstream(plan_id=plan.id, priority_id=milestone.priority_id, ref="1b", title="Quiet", position=2))
    session.flush()
    assert verify(session).faults == (f"{plan.slug}: Workstream 1b has no ledger entry.",)


def test_evidence_changed_in_the_table_breaks_the_signature(session, plan, signed):
    session.execute(update(Evidence).values(title="Other minutes"))
    assert any("1a.1 is signed off, and what was signed has changed." in fault for fault in verify(session).faults)
    assert not verify(session).plans[0].signatures


@pytest.mark.parametrize(
    "values",
    [
        {"colour": "green"},
        {"rule": "6"},
        {"reason": "All is well."},
        {"marks": ["late"]},
        {"computed": "green"},
        {"attributed": "approver"},
        {"due": None},
        {"due_text": "Dec 2026"},
        {"moves": 4},
        {"from_day": factories.TODAY},
        {"to_day": factories.TODAY},
    ],
    ids=lambda values: next(iter(values)),
)
def test_each_edit_of_a_colour_is_found(session, plan, milestone, values):
    first = session.scalars(select(ColourSpan.id).order_by(ColourSpan.from_day)).first()
    session.execute(update(ColourSpan).where(ColourSpan.id == first).values(**values))
    (fault,) = verify(session).faults
    assert fault.startswith(f"{plan.slug}: Milestone 1a.1: from ")
    assert "the table says " in fault
    assert "and the ledger gives Grey until 30 August 2025 by rule 5" in fault


def test_colours_missing_or_left_over_are_found_and_rebuilding_mends_them(session, plan, milestone):
    session.execute(text("DELETE FROM colour_span"))
    assert "the table says nothing, and the ledger gives Grey" in verify(session).faults[0]
    colours.rebuild(session, plan)
    assert verify(session).faults == ()


def test_a_colour_kept_in_two_pieces_is_the_same_colour(session, plan, milestone):
    span = session.scalars(select(ColourSpan).order_by(ColourSpan.from_day)).first()
    values = {column.key: getattr(span, column.key) for column in ColourSpan.__table__.columns if column.key != "id"}
    middle = factories.date(2025, 7, 1)
    span.to_day = middle - colours.ONE_DAY
    session.add(ColourSpan(**values | {"from_day": middle}))
    session.flush()
    assert verify(session).faults == ()


def test_leads_of_another_plan_are_not_looked_at(session, plan):
    other = factories.plan(session)
    session.execute(update(LeadAssignment).where(LeadAssignment.plan_id == other.id).values(accountable=False))
    assert verify(session, plan.slug).faults == ()
    assert verify(session, other.slug).faults != ()


def test_it_takes_as_many_statements_at_any_size(session: Session, make_plan: Callable[[int], Plan]) -> None:
    small, large = make_plan(10), make_plan(200)
    with counted(session) as few:
        assert verify(session, small.slug).faults == ()
    with counted(session) as many:
        assert verify(session, large.slug).faults == ()
    assert len(many) == len(few) <= len(TRACKED) + 8  # one for each table, and what is looked up beside them


def test_a_thousand_milestones_take_about_a_second(session: Session, make_plan: Callable[[int], Plan]) -> None:
    make_plan(1000)
    start = time.perf_counter()
    assert verify(session).faults == ()
    assert time.perf_counter() - start < 5, "some ten times what it takes on a small machine"


@pytest.fixture
def make_plan(session: Session) -> Callable[[int], Plan]:
    def make(number: int) -> Plan:
        return factories.plan(session, *(factories.milestone_line(str(ref)) for ref in range(number)))

    return make
