"""Undoing an act: a new entry, everything as it was, refused where somebody changed the same since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.services import acts
from tests.services.structure import edits
from tests.services.structure.conftest import board, manager, plan  # noqa: F401  fixtures
from tests.services.structure.edits import undo
from tracker.models import Commitment, LedgerEntry, Milestone, Occurrence, Plan
from tracker.queries.history import plan_history
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Actor
from tracker.services.attestation import attest
from tracker.services.commitments import RuleChoice, confirm_rule
from tracker.services.structure.splitting import Part
from tracker.services.undo import check_undo
from tracker.services.updates import confirm_on_track

LATER = NOW + timedelta(days=3)


def entries(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(LedgerEntry)) or 0


def test_a_reworded_text_goes_back_as_a_new_entry(session: Session, manager: Actor, plan: Plan) -> None:  # noqa: F811
    row = edits.milestone(session, "Agree")
    act = edits.reword(session, manager, row, "Agree two pathways")
    before = entries(session)
    undo(session, manager, plan, act, LATER)
    assert (row.text, entries(session)) == ("Agree the pathway", before + 1)
    history, _ = plan_history(session, plan.id, LATER.date(), 1, 0)
    assert history[0].sentence == "Manager undid: reworded milestone 1 of 1a: “Agree the pathway”"
    assert not edits.whole(session)


def test_a_move_a_split_an_order_and_a_withdrawal_go_back(
    session: Session,
    manager: Actor,  # noqa: F811
    plan: Plan,  # noqa: F811
) -> None:
    def state() -> list[tuple[object, ...]]:
        rows = factories.milestones_of(session, plan)
        return [(row.ref, row.text, row.workstream_id, row.position, row.standing) for row in rows if not row.origin]

    row, before = edits.milestone(session, "Agree"), state()
    for act in (
        lambda: edits.move(session, manager, row, edits.workstream(session, "1b")),
        lambda: edits.split(session, manager, row, Part("Consult"), first="Draft"),
        lambda: edits.put(session, manager, edits.milestone(session, "Review")),
        lambda: edits.decide(session, manager, edits.workstream(session, "1a"), below="with"),
        lambda: edits.decide(
            session,
            manager,
            edits.workstream(session, "1a"),
            below="move",
            target_id=edits.workstream(session, "1b").id,
        ),
        lambda: edits.decide(session, manager, edits.priority(session, "1"), below="with"),
    ):
        done = act()
        assert state() != before
        undo(session, manager, plan, done)
        assert state() == before
        assert not edits.whole(session)


def test_what_was_added_is_withdrawn_and_its_ref_stays_taken(
    session: Session,
    manager: Actor,  # noqa: F811
    plan: Plan,  # noqa: F811
) -> None:
    place = edits.workstream(session, "1b")
    row = edits.add(session, manager, plan, "milestone", place)
    act = session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.seq.desc()).limit(1)).one()
    undo(session, manager, plan, act)
    assert (row.standing, edits.colour(session, row)) == ("withdrawn", "none")
    assert edits.add(session, manager, plan, "milestone", place).ref == "3"
    assert not edits.whole(session)


def test_nothing_is_undone_where_the_same_was_changed_since(
    session: Session,
    manager: Actor,  # noqa: F811
    plan: Plan,  # noqa: F811
) -> None:
    row = edits.milestone(session, "Agree")
    act = edits.reword(session, manager, row, "Agree two pathways")
    second = edits.reword(session, manager, row, "Agree three pathways", LATER)
    with pytest.raises(Refusal, match=r"Milestone 1 of 1a was changed since: Manager reworded on 13 September 2025"):
        undo(session, manager, plan, act, LATER)
    undo(session, manager, plan, second, LATER)
    undo(session, manager, plan, act, LATER)
    assert row.text == "Agree the pathway"
    assert not edits.whole(session)


def test_another_field_that_was_changed_since_stays(session: Session, manager: Actor, plan: Plan) -> None:  # noqa: F811
    row = edits.milestone(session, "Agree")
    act = edits.reword(session, manager, row, "Agree two pathways")
    acts.update(session, manager, row, LATER, progress="A first meeting")
    undo(session, manager, plan, act, LATER)
    assert (row.text, row.progress) == ("Agree the pathway", "A first meeting")
    assert not edits.whole(session)


def test_an_act_is_undone_once_and_an_undo_can_be_undone(
    session: Session,
    manager: Actor,  # noqa: F811
    plan: Plan,  # noqa: F811
) -> None:
    row = edits.milestone(session, "Agree")
    act = edits.reword(session, manager, row, "Agree two pathways")
    back = undo(session, manager, plan, act)
    with pytest.raises(Refusal, match="undone already"):
        undo(session, manager, plan, act)
    undo(session, manager, plan, back)
    assert row.text == "Agree two pathways"
    undo(session, manager, plan, act)
    assert row.text == "Agree the pathway"
    assert not edits.whole(session)


def test_confirming_all_on_track_is_undone_and_colours_are_drawn_again(
    session: Session,
    manager: Actor,  # noqa: F811
    plan: Plan,  # noqa: F811
) -> None:
    rows = [edits.milestone(session, text) for text in ("Agree", "Publish")]
    acts.update(session, manager, rows[0], confidence="at_risk", confidence_reason="Late", started=date(2025, 9, 1))
    before = [edits.colour(session, row) for row in rows]
    act = confirm_on_track(session, manager, NOW, [row.id for row in rows], acts.token())
    assert edits.colour(session, rows[0]) == "green"
    undo(session, manager, plan, act)
    assert [edits.colour(session, row) for row in rows] == before
    assert rows[0].confidence == "at_risk"
    assert not edits.whole(session)


def test_an_attestation_of_several_is_undone(session: Session, manager: Actor, plan: Plan) -> None:  # noqa: F811
    weekly = session.scalars(select(Commitment).where(Commitment.ref == "4")).one()
    confirm_rule(session, manager, NOW, weekly.id, acts.token(), RuleChoice("weekly", date(2025, 8, 6)))
    days = [date(2025, 8, 12), date(2025, 8, 19)]
    act = attest(session, manager, NOW, weekly.id, acts.token(), days, {date(2025, 8, 26): "Holiday"})
    undo(session, manager, plan, act)
    assert [row.outcome for row in session.scalars(select(Occurrence))] == ["", "", ""]
    assert not edits.whole(session)
    attest(session, manager, NOW, weekly.id, acts.token(), days, {})
    assert not edits.whole(session)


def test_a_parent_that_has_got_children_since_is_not_taken_back(
    session: Session,
    manager: Actor,  # noqa: F811
    plan: Plan,  # noqa: F811
) -> None:
    place = edits.add(session, manager, plan, "workstream", edits.priority(session, "1"))
    act = session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.seq.desc()).limit(1)).one()
    edits.add(session, manager, plan, "milestone", place)
    with pytest.raises(Refusal, match="Milestone 1 of 1c stands below workstream 1c now"):
        undo(session, manager, plan, act)


def test_nothing_goes_back_to_a_place_that_is_closed(session: Session, manager: Actor, plan: Plan) -> None:  # noqa: F811
    row = edits.milestone(session, "Train")
    act = edits.move(session, manager, row, edits.workstream(session, "1a"))
    edits.decide(session, manager, edits.workstream(session, "1b"))
    with pytest.raises(Refusal, match="Workstream 1b is withdrawn, so nothing can go back"):
        undo(session, manager, plan, act)


def test_a_lapse_that_came_with_a_rewording_goes_back_with_it(
    session: Session,
    manager: Actor,  # noqa: F811
    plan: Plan,  # noqa: F811
) -> None:
    row = edits.milestone(session, "Agree")
    acts.claim(session, edits.second_manager(session, plan), row)
    acts.decide(session, manager, row)
    act = edits.reword(session, manager, row, "Agree two pathways")
    assert row.signoff == "lapsed"
    undo(session, manager, plan, act)
    assert (row.signoff, edits.colour(session, row)) == ("approved", "blue")
    assert not edits.whole(session)


def test_a_rewording_that_was_signed_off_since_lapses_when_it_is_undone(
    session: Session,
    manager: Actor,  # noqa: F811
    plan: Plan,  # noqa: F811
) -> None:
    row = edits.milestone(session, "Agree")
    act = edits.reword(session, manager, row, "Agree two pathways")
    acts.claim(session, edits.second_manager(session, plan), row)
    acts.decide(session, manager, row)
    assert row.signoff == "approved"
    undo(session, manager, plan, act)
    assert (row.text, row.signoff) == ("Agree the pathway", "lapsed")
    assert edits.colour(session, row) != "blue"
    assert not edits.whole(session)


def test_sign_offs_requests_and_the_plan_itself_have_ways_of_their_own(
    session: Session,
    manager: Actor,  # noqa: F811
    plan: Plan,  # noqa: F811
) -> None:
    row = edits.milestone(session, "Agree")
    made = session.scalars(select(LedgerEntry.act).where(LedgerEntry.seq == 1)).one()
    acts.ask(session, manager, edits.milestone(session, "Publish"), proposed="Jan 2026")
    asked = session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.seq.desc()).limit(1)).one()
    acts.claim(session, manager, row)
    claimed = session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.seq.desc()).limit(1)).one()
    for act, sentence in ((made, "the plan itself"), (asked, "new date"), (claimed, "Evidence|claimed")):
        with pytest.raises(Refusal, match=sentence):
            check_undo(session, manager, plan.id, act)


def test_only_who_may_edit_the_plan_undoes(session: Session, manager: Actor, board: Actor, plan: Plan) -> None:  # noqa: F811
    act = edits.reword(session, manager, edits.milestone(session, "Agree"), "Otherwise")
    with pytest.raises(NotPermitted):
        undo(session, board, plan, act)
    with pytest.raises(NotFound):
        undo(session, manager, plan, "nothing")
    assert session.query(Milestone).filter(Milestone.text == "Otherwise").count() == 1
