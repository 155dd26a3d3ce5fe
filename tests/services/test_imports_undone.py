"""An import is an act like any other: undone as one, or refused with the reason."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, milestone_line
from tests.services import acts
from tests.services.documents import create, decide, manager_of
from tracker.models import LeadAssignment, Milestone
from tracker.rules.document import LeadLine, PlanDocument, WorkstreamLine
from tracker.rules.errors import Refusal
from tracker.services.importing import bring_in
from tracker.services.undo import undo
from tracker.services.verification import verify


def first() -> PlanDocument:
    made = factories.document(
        milestone_line("1", "Agree one pathway"),
        milestone_line("2", "Publish the offer"),
        milestone_line("3", "Recruit"),
    )
    made.priorities[0].workstreams.append(WorkstreamLine("1b", "Finished"))
    return made


def second() -> PlanDocument:
    """Return the next edition: one reworded, one moved, one gone, one new, another lead."""
    made = first()
    one, other = made.priorities[0].workstreams
    one.milestones[0].text = "Agree one pathway for all"
    other.milestones.append(one.milestones.pop(1))
    one.milestones.pop()
    one.milestones.append(milestone_line("4", "Train every school"))
    one.leads = [LeadLine("Head of Inclusion", "Testshire Council")]
    return made


GIVEN = {
    "*moved": "move",
    "*lead changed": "replace",
    "*missing": "withdraw",
    "*missing:reference": "Board, minute 4",
    "*missing:decided_on": "1 September 2025",
}


def shape(session: Session) -> tuple[object, ...]:
    session.expire_all()
    rows = session.execute(
        select(Milestone.ref, Milestone.text, Milestone.workstream_id, Milestone.standing).order_by(Milestone.id)
    )
    leads = session.execute(select(LeadAssignment.post_id).where(LeadAssignment.ended.is_(None)))
    return (
        [tuple(row) for row in rows if row.standing == "open"],
        [row.post_id for row in leads],
    )


def test_a_later_edition_is_undone_as_one_act(session):
    plan = create(session, first())
    before = shape(session)
    manager = manager_of(session, plan)
    applied = decide(session, plan, second(), manager, GIVEN)
    assert applied.count("needs decision") == 0
    assert shape(session) != before
    undo(session, manager, acts.at(date(2025, 9, 21)), plan.id, applied.act, acts.token())
    assert shape(session) == before
    assert verify(session).faults == ()


def test_an_import_that_wrote_nothing_has_no_act(session):
    plan = create(session, first())
    assert decide(session, plan, first(), manager_of(session, plan), {}).act == ""


@pytest.mark.parametrize(
    ("line", "given", "sentence"),
    [
        (milestone_line("1", fact="completed", status_text="Done"), {"*completed": "claim"}, "returned or revoked"),
        (milestone_line("1", date="Dec 2025"), {"*re-dated": "ask"}, "page of deadlines"),
    ],
)
def test_a_claim_or_a_request_that_an_import_made_is_taken_back_in_its_own_way(session, line, given, sentence):
    plan = create(session, factories.document(milestone_line("1")))
    manager = manager_of(session, plan)
    applied = decide(session, plan, factories.document(line), manager, given)
    with pytest.raises(Refusal, match=sentence):
        undo(session, manager, acts.at(date(2025, 9, 21)), plan.id, applied.act, acts.token())


def test_history_that_was_filled_in_stays(session):
    plan = create(session, factories.document(milestone_line("1"), slug="send"))
    manager = manager_of(session, plan)
    older = factories.document(milestone_line("1", date="Aug 2025"), slug="send")
    done = bring_in(session, older, manager, NOW, as_at=date(2025, 7, 1))
    assert done.act
    with pytest.raises(Refusal, match="History that an earlier edition filled in stays"):
        undo(session, manager, NOW, plan.id, done.act, acts.token())
