"""Verification of decisions: what was signed, the files of evidence, and how often deadlines were moved."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from tests import factories
from tests.services import acts
from tracker.models import DeadlineChange, Evidence, Milestone, Plan
from tracker.rules.permissions import Role
from tracker.services import ledger
from tracker.services.evidence_files import keep_file
from tracker.services.verification import verify


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "evidence"


@pytest.fixture
def stored(session, lead, milestone, folder):
    """Give a file as evidence; return where it is kept."""
    item = keep_file(folder, "minutes.pdf", b"%PDF-1.7 minutes")
    acts.give(session, lead, milestone, item=item)
    return folder / item.stored_name


def test_files_that_are_what_was_stored_are_whole(session, plan, stored, folder):
    found = verify(session, folder=folder)
    assert found.faults == ()
    assert found.plans[0].evidence is True
    assert any(line.split()[:3] == ["Evidence", "OK", "1"] for line in found.to_lines())
    assert verify(session).plans[0].evidence is None


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_file_that_is_gone_or_changed_is_found_withdrawn_or_not(
    session, plan, lead, milestone, stored, folder, withdrawn
):
    if withdrawn:
        acts.take(session, lead, milestone)
    stored.write_bytes(b"%PDF-1.7 other minutes")
    (fault,) = verify(session, folder=folder).faults
    assert fault.endswith("of milestone 1a.1: its file is not what was stored.")
    stored.unlink()
    found = verify(session, folder=folder)
    assert found.faults[0].endswith("of milestone 1a.1: its file is gone.")
    assert not found.plans[0].evidence
    assert verify(session).faults == ()


def test_a_name_that_leads_out_of_the_folder_is_not_followed(session, plan, stored, folder, tmp_path):
    (tmp_path / "elsewhere").write_bytes(b"%PDF-1.7 minutes")
    session.execute(update(Evidence).values(stored_name="../elsewhere"))
    assert any("its file is gone." in fault for fault in verify(session, folder=folder).faults)


def test_a_count_of_moves_that_nobody_approved_is_found(session, plan, lead, manager, milestone):
    acts.settle(session, manager, milestone, acts.ask(session, lead, milestone))
    assert verify(session).plans[0].moves
    session.flush()
    session.execute(text("UPDATE milestone SET moves = 0"))
    session.expire_all()
    found = verify(session)
    assert not found.plans[0].moves
    assert f"{plan.slug}: Milestone 1a.1 is counted as moved 0 times, and 1 new dates were approved." in found.faults


def test_a_request_approved_in_the_table_alone_is_found(session, plan, lead, milestone):
    acts.ask(session, lead, milestone)
    session.execute(update(DeadlineChange).values(state="approved"))
    assert not verify(session).plans[0].moves


def test_a_first_date_is_no_move(session):
    made = factories.plan(session, factories.milestone_line(date="Ongoing"))
    milestone = factories.milestones_of(session, made)[0]
    lead, manager = factories.lead(session, made)[1], factories.member(session, made, factories.Role.MANAGER)[1]
    acts.settle(session, manager, milestone, acts.ask(session, lead, milestone, proposed="Sep 2026"))
    assert verify(session, made.slug).faults == ()


def test_what_was_kept_of_a_signature_is_what_was_signed(session, plan, lead, manager, milestone):
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    kept = {**milestone.signed_content, "text": "Another text"}
    session.execute(update(Milestone).values(signed_content=kept))
    session.expire_all()
    faults = verify(session).faults
    assert any("what was kept of it is not what was signed." in fault for fault in faults)


@pytest.mark.parametrize("kept", [[1], "words", {"ref": "1"}, {"evidence": [{"shape": "another"}]}])
def test_what_was_kept_of_a_signature_and_is_none_is_a_fault_and_no_crash(
    session, plan, lead, manager, milestone, kept
):
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    session.execute(update(Milestone).values(signed_content=kept))
    found = verify(session)
    assert found.faults[-1].endswith("Milestone 1a.1 is signed off, and what was kept of it is not what was signed.")


def test_rating_schemes_that_cannot_be_read_are_a_fault_and_no_crash(session):
    plan = factories.plan(session, factories.milestone_line("1"), factories.milestone_line("2"))
    manager = factories.member(session, plan, Role.MANAGER)[1]
    acts.wait(session, manager, *factories.milestones_of(session, plan))
    session.execute(update(Plan).values(ratings=[{}]))
    faults = verify(session).faults
    assert any("Plan: ratings is " in fault for fault in faults)
    assert any("What milestones of the plan wait for cannot be read" in fault for fault in faults)


def test_fields_that_came_with_a_migration_need_no_entry_while_nobody_has_set_them(session, monkeypatch):
    later = {"check_months", "check_due", "embedded", "signed_content", "reason_code", "decision_act", "withdrawn_by"}
    ledger.tracked.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "UNTRACKED", ledger.UNTRACKED | later)
        plan = factories.plan(session)
        milestone = factories.milestones_of(session, plan)[0]
        acts.claim(session, factories.lead(session, plan)[1], milestone)
    ledger.tracked.cache_clear()
    assert verify(session).faults == ()
    session.execute(update(Plan).values(check_months=3))
    session.expire_all()
    assert verify(session).faults == (
        f'{session.scalars(select(Plan.slug)).one()}: Plan: check_months is "3" in the table, and the ledger says "0".',
    )
