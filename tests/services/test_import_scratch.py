"""A new plan that is tried beside the database ends as it does when it is made."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import NOW, milestone_line
from tracker.models import LedgerEntry, Organisation, Plan, Post
from tracker.rules.document import ActionLine, LeadLine, PlanDocument, PriorityLine, WorkstreamLine
from tracker.rules.errors import NotPermitted
from tracker.rules.permissions import SYSTEM, Actor
from tracker.services.import_scratch import try_new
from tracker.services.importing import bring_in


def document() -> PlanDocument:
    """Return a new document of a plan, with two lines of one ref and one without a text."""
    lines = [milestone_line("1"), milestone_line("2", text=""), milestone_line("2"), milestone_line("3", date="soon")]
    stream = WorkstreamLine("1a", "Travel", [LeadLine("Clerk", "Council")], [ActionLine("A", "Begin")], lines)
    return PlanDocument("Travel", slug="travel", priorities=[PriorityLine("1", "Travel", workstreams=[stream])])


def test_what_is_tried_beside_the_database_is_what_happens(session: Session) -> None:
    council = Organisation(name="Council")
    session.add(council)
    session.flush()
    session.add(Post(title="Clerk", organisation_id=council.id))
    session.flush()
    heard: list[int] = []
    tried = try_new(session, document(), SYSTEM, NOW, heard.append)
    assert session.scalar(select(func.count()).select_from(Plan)) == 0
    assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 0
    assert bring_in(session, document(), SYSTEM, NOW).outcomes == tried.outcomes
    assert {outcome.state for outcome in tried.outcomes} > {"new"}
    assert heard


def test_who_may_make_no_plan_tries_none(session: Session) -> None:
    with pytest.raises(NotPermitted):
        try_new(session, document(), Actor(1, "A lead"), NOW, lambda done: None)
