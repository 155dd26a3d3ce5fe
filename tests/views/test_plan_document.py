"""What the plan's document says, on the page of the plan and of a milestone, beside the computed colour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.statements import counted
from tests.views.visitor import Visitor
from tracker.models import Milestone, Plan
from tracker.models.engine import transaction
from tracker.queries.document_page import differences, editions
from tracker.queries.plan_document import export_document
from tracker.queries.plans import find_plan
from tracker.rules.permissions import SYSTEM
from tracker.services.importing import bring_in


def rated(engine: Engine) -> int:
    """Let an edition of the plan rate its first milestone Green; returns the milestone's id."""
    with transaction(engine) as session:
        plan = session.scalars(select(Plan).where(Plan.slug == "alpha")).one()
        document = export_document(session, plan.id)
        document.source_note = "Imported from tracker-july.xlsx"
        line = document.priorities[0].workstreams[0].milestones[0]
        line.status_text, line.rating = "On track", "green"
        bring_in(session, document, SYSTEM, NOW)
        return session.scalars(select(Milestone.id).where(Milestone.rating == "green")).one()


def test_the_page_lists_what_the_document_rates_otherwise_and_its_editions(
    visit: Callable[[str], Visitor], engine: Engine
) -> None:
    milestone = rated(engine)
    visitor = visit("board")
    page = visitor.visit("/plans/alpha/document")
    (said,) = page.rows("Milestones that the document rates otherwise")
    assert "“On track”tracker-july.xlsx, as at 10 September 2025" in " ".join(said)
    assert "The plan said “On track” (Green); the dates say Amber." in " ".join(said)
    assert page.rows("Files that were read into this plan")[0][:2] == ["10 September 2025", "tracker-july.xlsx"]
    assert "1 rated otherwise by the plan’s document" in visitor.visit("/plans/alpha").words
    own = visitor.visit(f"/milestones/{milestone}").words
    assert "The plan said “On track” (Green); the dates say Amber." in own
    assert "tracker-july.xlsx, as at 10 September 2025, has “On track”." in own
    assert "no ratings" in visitor.visit("/plans/alpha/document?as_at=2025-08-01").words


def test_the_page_costs_few_statements(engine: Engine) -> None:
    rated(engine)
    with Session(engine) as session, counted(session) as statements:
        known = find_plan(session, "alpha")
        assert known is not None
        plan = known[0]
        before = len(statements)
        found, number = differences(session, plan, date(2025, 9, 10), NOW.date())
        assert (len(found), number) == (1, 1)
        assert editions(session, plan.id)
        assert len(statements) - before <= 6
