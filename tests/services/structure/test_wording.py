"""Rewording, and the mark critical."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.services import acts
from tests.services.structure import edits
from tracker.models import LedgerEntry, Plan
from tracker.queries.history import plan_history
from tracker.rules.errors import Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services.structure.wording import set_critical


def test_rewording_keeps_the_ref_and_reads_well_as_history(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Review")
    edits.reword(session, manager, row, "Review the pathway with families", reason="Families asked")
    assert (row.ref, row.text) == ("3", "Review the pathway with families")
    history, _ = plan_history(session, plan.id, NOW.date(), 10, 0)
    assert history[0].sentence == "Manager reworded milestone 3 of 1a: “Review the pathway with families”"
    assert history[0].reason == "Families asked"
    assert not edits.whole(session)


def test_every_kind_of_thing_can_be_reworded(session: Session, manager: Actor, plan: Plan) -> None:
    rows = [edits.priority(session, "1"), edits.workstream(session, "1a"), edits.action(session, "A")]
    rows.append(edits.add(session, manager, plan, "record", rows[0], record_kind="interdependency"))
    rows.append(edits.add(session, manager, plan, "commitment", rows[1], frequency="Weekly"))
    for row in rows:
        edits.reword(session, manager, row, "In other words")
        assert (getattr(row, "title", "") or row.text) == "In other words"
    assert not edits.whole(session)


def test_a_sign_off_lapses_when_what_was_signed_is_reworded(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Agree")
    lead = factories.member(session, plan, Role.MANAGER)[1]
    acts.claim(session, lead, row)
    acts.decide(session, manager, row)
    assert edits.colour(session, row) == "blue"
    edits.reword(session, manager, row, "Agree two pathways")
    assert row.signoff == "lapsed"
    assert not edits.whole(session)


def test_words_that_are_the_same_are_refused(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.workstream(session, "1a")
    with pytest.raises(Refusal, match="Nothing was changed"):
        edits.reword(session, manager, row, row.title)


@pytest.mark.parametrize("ref", ["1", "1a", "A"])
def test_the_second_of_two_people_sees_both_versions(session: Session, manager: Actor, plan: Plan, ref: str) -> None:
    find = {"1": edits.priority, "1a": edits.workstream, "A": edits.action}[ref]
    row = find(session, ref)
    opened = row.version
    edits.reword(session, manager, row, "Theirs")
    with pytest.raises(Conflict, match="Manager changed this") as conflict:
        edits.reword(session, manager, row, "Mine", version=opened)
    assert [(field.theirs, field.yours) for field in conflict.value.fields] == [("Theirs", "Mine")]
    assert conflict.value.current_version == row.version


def test_a_critical_milestone_turns_the_headline_and_says_why(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Agree")
    set_critical(session, manager, NOW, plan.id, row.id, edits.form(row), critical=True, reason="The board asked")
    assert row.critical
    with pytest.raises(Refusal, match="critical already"):
        set_critical(session, manager, NOW, plan.id, row.id, edits.form(row), critical=True, reason="Again")
    with pytest.raises(Refusal, match="Say why"):
        set_critical(session, manager, NOW, plan.id, row.id, edits.form(row), critical=False, reason=" ")
    entry = session.query(LedgerEntry).order_by(LedgerEntry.seq.desc()).first()
    assert entry
    assert (entry.verb, entry.changes) == ("marked it as critical", {"critical": [False, True]})
    assert not edits.whole(session)


def test_what_stands_in_another_plan_cannot_be_reached(session: Session, manager: Actor, plan: Plan) -> None:
    other = factories.plan(session)
    row = factories.milestones_of(session, other)[0]
    with pytest.raises(NotPermitted):
        edits.reword(session, manager, row, "Mine now")
    with pytest.raises(NotFound):
        set_critical(session, manager, NOW, plan.id, row.id, edits.form(row), critical=True, reason="Mine")
