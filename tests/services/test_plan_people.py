"""The posts that a document names: found where they are the same, never taken from another plan."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.services.documents import bring, create
from tracker.models import LeadAssignment, Organisation, Plan, Post
from tracker.rules import document as lines


def led_by(session: Session, plan: Plan) -> list[tuple[str, str, bool]]:
    query = (
        select(Post.title, Organisation.name, LeadAssignment.organisation_named)
        .join(Post, Post.id == LeadAssignment.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(LeadAssignment.plan_id == plan.id)
        .order_by(LeadAssignment.id)
    )
    return [tuple(row) for row in session.execute(query)]


def test_a_post_of_the_same_title_elsewhere_is_somebody_elses(session):
    theirs = factories.plan(session, organisation="Elsewhere Council", lead="Head of Inclusion")
    made = factories.document(organisation="Testshire Council")
    made.priorities[0].workstreams[0].leads = [lines.LeadLine("Head of Inclusion")]
    ours = create(session, made)
    assert led_by(session, theirs) == [("Head of Inclusion", "Testshire Council", True)]
    made.organisation, made.slug = "A third council", "third"
    third = create(session, made)
    assert led_by(session, ours) == [("Head of Inclusion", "Testshire Council", False)]
    assert led_by(session, third) == [("Head of Inclusion", "A third council", False)]


def test_a_post_named_with_its_organisation_once_is_known_without_it(session):
    plan = create(session, factories.document(organisation="Testshire Council", lead="Clinical Officer"))
    made = factories.document(milestone_line("1", leads=[lines.LeadLine("Clinical Officer")]))
    made.priorities[0].workstreams[0].leads = [lines.LeadLine("clinical  officer", "TESTSHIRE Council")]
    bring(session, plan, made)
    assert session.scalar(select(func.count()).select_from(Post)) == 1
    assert len(led_by(session, plan)) == 2


def test_a_lead_without_any_organisation_is_kept_as_one(session):
    made = factories.document()
    made.priorities[0].workstreams[0].leads = [lines.LeadLine("Head Teacher"), lines.LeadLine(" ")]
    assert led_by(session, create(session, made)) == [("Head Teacher", "Organisation not named", False)]
