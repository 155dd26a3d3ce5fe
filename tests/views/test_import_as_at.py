"""An edition of an earlier day, through the screen: it fills in history and changes nothing that stands now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.views.test_import_wizard import upload
from tests.views.visitor import Visitor
from tracker.models import LedgerEntry, Milestone

EDITION = "Ref,Workstream,Milestone,Due date,Lead\n1,Schools ready,Train each school twice,Jun 2025,Head of Inclusion\n"
JULY = {"as_at-day": "1", "as_at-month": "7", "as_at-year": "2025"}


def test_an_edition_of_an_earlier_day_is_brought_in_as_at_that_day(
    visit: Callable[[str], Visitor], watch: Engine
) -> None:
    manager = visit("manager")
    page = upload(manager, EDITION, **JULY)
    assert "plan.csv, for a new plan, as at 1 July 2025" in page.words
    address = page.response.request.path
    done = manager.submit(manager.visit(f"{address}/changes"), {}, to="/apply")
    assert done.status == 200
    with Session(watch) as session:
        row = session.scalars(select(Milestone).where(Milestone.text == "Train each school twice")).one()
        query = select(LedgerEntry).where(LedgerEntry.subject_type == "milestone", LedgerEntry.subject_id == row.id)
        (entry,) = session.scalars(query)
        assert (entry.back_filled, entry.effective_day) == (True, date(2025, 7, 1))
        assert entry.reason == "Back-filled from plan.csv, as at 1 July 2025."


def test_a_day_to_come_is_refused_with_what_was_typed(visit: Callable[[str], Visitor]) -> None:
    page = upload(visit("manager"), EDITION, **{**JULY, "as_at-year": "2031"})
    assert page.status == 422
    assert page.errors == ["The day that the file speaks of must be today or earlier"]
    assert page.find("//input[@name='as_at-year' and @value='2031']")
