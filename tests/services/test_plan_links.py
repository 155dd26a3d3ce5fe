"""What a milestone waits for in a plan's document: brought in, brought in again, and written out the same."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tests.services.documents import bring, create, told
from tracker.models import ColourSpan, LedgerEntry, MilestonePredecessor
from tracker.queries.plan_document import export_document
from tracker.rules.permissions import Actor, Role
from tracker.services.plan_writer import create_plan
from tracker.services.seed_files import dump_document, read_document
from tracker.services.verification import verify

LINES = (
    milestone_line("1", waits_for=["1a.2", "1a.3"], actions=["A"]),
    milestone_line("2", date="Nov 2025"),
    milestone_line("3", waits_for=["1A.2"]),
)


def links(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(MilestonePredecessor).order_by(MilestonePredecessor.id)).all()
    return [(str(row.milestone_id), str(row.predecessor_id)) for row in rows if row.unlinked_on is None]


def test_a_plan_comes_out_with_the_links_it_went_in_with(session: Session) -> None:
    made = factories.document(*LINES, slug="linked")
    plan = create(session, made)
    assert len(links(session)) == 3
    out = export_document(session, plan.id)
    lines = out.priorities[0].workstreams[0].milestones
    assert [line.waits_for for line in lines] == [["1a.2", "1a.3"], [], ["1a.2"]]
    assert lines[0].actions == ["A"]
    again = read_document(dump_document(out), "plan.yaml")
    assert [line.waits_for for line in again.priorities[0].workstreams[0].milestones] == [
        ["1a.2", "1a.3"],
        [],
        ["1a.2"],
    ]
    assert "waits_for" not in dump_document(export_document(session, factories.plan(session).id))
    assert verify(session).faults == ()


def test_each_link_of_a_document_is_an_entry_with_a_reason_and_colours_follow_at_once(session: Session) -> None:
    plan = create(session, factories.document(*LINES, slug="linked"))
    reasons = session.scalars(
        select(LedgerEntry.reason).where(LedgerEntry.subject_type.in_(["milestone_predecessor", "milestone_action"]))
    ).all()
    assert list(reasons) == ["The plan's document says so."] * 4
    first = factories.milestones_of(session, plan)[0]
    found = session.scalars(select(ColourSpan.rule).where(ColourSpan.milestone_id == first.id)).all()
    assert "4c" in found  # the one it waits for is due after it


def test_the_same_document_again_links_nothing_more_and_keeps_away_what_was_taken_away(session: Session) -> None:
    made = factories.document(*LINES, slug="linked")
    plan = create(session, made)
    manager = factories.member(session, plan, Role.MANAGER)[1]
    first = factories.milestones_of(session, plan)[0]
    link = session.scalars(select(MilestonePredecessor).order_by(MilestonePredecessor.id)).first()
    assert link
    acts.stop_waiting(session, manager, first, link)
    entries = plan.ledger_seq
    bring(session, plan, made)
    assert plan.ledger_seq == entries
    assert len(links(session)) == 2


def test_a_link_to_what_the_plan_does_not_have_and_a_circle_are_refused_line_by_line(session: Session) -> None:
    lines = (milestone_line("1", waits_for=["1a.2", "9z.1"]), milestone_line("2", waits_for=["1a.1", "1a.2"]))
    applied = create_plan(
        session, factories.document(*lines, slug="linked"), Actor(None, "Somebody", system=True), factories.NOW
    )
    assert told(applied, "refused") == [("predecessor", "1a.1"), ("predecessor", "1a.2"), ("predecessor", "1a.2")]
    details = [outcome.detail for outcome in applied.outcomes if outcome.what == "predecessor"]
    assert details[0] == 'There is no milestone "9z.1" in this plan that it could wait for.'
    assert details[1] == "That would go round in a circle: 1a.2 waits for 1a.1, which waits for 1a.2."
    assert verify(session).faults == ()
