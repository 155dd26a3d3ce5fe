"""Editions of earlier days: what was so then fills in history, and changes nothing of what is so now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, milestone_line
from tests.services import acts
from tests.services.documents import asked, manager_of
from tracker.models import ColourSpan, Edition, LedgerEntry, Milestone, Plan
from tracker.queries.history import milestone_history
from tracker.queries.tree import snapshot
from tracker.rules.document import MilestoneLine, PlanDocument
from tracker.rules.errors import Refusal
from tracker.rules.permissions import SYSTEM
from tracker.services.colours import schemes_of
from tracker.services.importing import Import, bring_in
from tracker.services.verification import verify

MARCH, JUNE, TODAY = date(2025, 3, 31), date(2025, 6, 30), NOW.date()


def edition(*lines: MilestoneLine, source: str = "plan.xlsx", adopted: str = "2025-01-06") -> PlanDocument:
    made = factories.document(*lines, slug="send", adopted=adopted)
    made.source_note = f"Imported from {source}"
    return made


MARCH_PLAN = (
    milestone_line("1", "Agree one pathway", "Apr 2025"),
    milestone_line("2", "Publish the local offer", "Dec 2025", status_text="Green", rating="green", fact=""),
)
JUNE_PLAN = (
    milestone_line("1", "Agree one pathway", "Jul 2025"),
    milestone_line("2", "Publish the local offer", "Dec 2025", status_text="Red", rating="red"),
)
NOW_PLAN = (
    milestone_line("1", "Agree one pathway", "Dec 2025"),
    milestone_line("2", "Publish the local offer", "Dec 2025"),
    milestone_line("3", "Recruit two caseworkers", "Mar 2026"),
)


def bring(session: Session, made: PlanDocument, as_at: date | None = None, given: Mapping[str, str] = {}) -> Import:
    return bring_in(session, made, SYSTEM, NOW, as_at=as_at, decisions=given)


def the_plan(session: Session) -> Plan:
    return session.scalars(select(Plan).where(Plan.slug == "send")).one()


def spans(session: Session) -> list[tuple[str, date, str, str]]:
    query = select(Milestone.ref, ColourSpan.from_day, ColourSpan.colour, ColourSpan.due_text)
    rows = session.execute(query.join(Milestone, Milestone.id == ColourSpan.milestone_id))
    return sorted(tuple(row) for row in rows)


def rows(session: Session) -> list[tuple[object, ...]]:
    session.flush()
    session.expire_all()
    columns = [c for c in Milestone.__table__.columns if c.key != "version"]
    return [tuple(row) for row in session.execute(select(*columns).order_by(Milestone.id))]


def test_an_earlier_edition_gives_colours_of_its_day_and_changes_no_row(session, colour_on):
    bring(session, edition(*NOW_PLAN))
    before = rows(session)
    first, *_ = factories.milestones_of(session, the_plan(session))
    done = bring(session, edition(*MARCH_PLAN, source="march.xlsx"), MARCH)
    assert rows(session) == before
    assert [(o.ref, o.state) for o in done.outcomes if o.what == "milestone"] == [
        ("1a.1", "changed"),
        ("1a.2", "changed"),
    ]
    assert colour_on(first, date(2025, 4, 30))[0] == "amber"
    assert colour_on(first, date(2025, 5, 1))[0] == "red", "by the deadline that the edition of March gives"
    assert colour_on(first, TODAY)[0] == "grey"
    assert {day for _, day, _, _ in spans(session)} >= {MARCH, date(2025, 5, 1), TODAY}
    assert next(day for ref, day, _, _ in spans(session) if ref == "3") == TODAY
    entries = session.scalars(select(LedgerEntry).where(LedgerEntry.back_filled)).all()
    assert {entry.reason for entry in entries} == {"Back-filled from march.xlsx, as at 31 March 2025."}
    assert {entry.effective_day for entry in entries} == {MARCH, TODAY}
    history = milestone_history(session, first.id, MARCH)
    assert [(row.reason, row.back_filled) for row in history] == [(entries[0].reason, True)]
    assert verify(session).faults == ()


def test_the_same_earlier_edition_again_writes_nothing(session):
    bring(session, edition(*NOW_PLAN))
    bring(session, edition(*MARCH_PLAN), MARCH)
    entries = the_plan(session).ledger_seq
    done = bring(session, edition(*MARCH_PLAN), MARCH)
    assert {outcome.state for outcome in done.outcomes} == {"unchanged"}
    assert the_plan(session).ledger_seq == entries


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_editions_may_be_read_in_any_order(session, order):
    """Where the newest one is read first or last, its dates are the agreed ones; moves by then are recorded as such."""
    editions = [(MARCH_PLAN, MARCH), (JUNE_PLAN, JUNE), (NOW_PLAN, None)]
    for number in order:
        lines, day = editions[number]
        bring(session, edition(*lines), day, {"*re-dated": "edition"})
    found = {(ref, day, colour) for ref, day, colour, _ in spans(session) if day < TODAY}
    by_day = {
        day: [
            session.scalars(
                select(ColourSpan.due_text).where(
                    ColourSpan.milestone_id == one.id, ColourSpan.from_day <= day, ColourSpan.to_day >= day
                )
            ).one_or_none()
            for one in session.scalars(select(Milestone).where(Milestone.ref.in_(["1", "2"])).order_by(Milestone.ref))
        ]
        for day in (MARCH, JUNE)
    }
    assert by_day == {MARCH: ["Apr 2025", "Dec 2025"], JUNE: ["Jul 2025", "Dec 2025"]}
    assert ("1", date(2025, 5, 1), "red") in found
    assert session.scalars(select(Edition.as_at).order_by(Edition.as_at)).all() == [MARCH, JUNE, TODAY]
    assert verify(session).faults == ()


def test_a_newer_fact_stands_and_a_start_holds_on(session, colour_on):
    bring(session, edition(*NOW_PLAN))
    (first, *_) = factories.milestones_of(session, the_plan(session))
    line = milestone_line("1", "Agree a pathway", "Dec 2025", fact="started", status_text="In progress")
    done = bring(session, edition(line), MARCH, {"*started": "start"})
    session.refresh(first)
    assert (first.text, first.started, first.status_text) == ("Agree one pathway", MARCH, "")
    assert colour_on(first, date(2025, 5, 1))[0] == "green"
    assert [o.state for o in done.outcomes if o.what == "milestone"] == ["changed"]
    assert verify(session).faults == ()


def test_a_completion_of_then_is_claimed_then_and_not_now(session, colour_on):
    bring(session, edition(*NOW_PLAN))
    (first, *_) = factories.milestones_of(session, the_plan(session))
    line = milestone_line("1", "Agree one pathway", "Apr 2025", fact="completed", status_text="Completed")
    (question,) = asked(bring(session, edition(line), MARCH), "completed")
    assert question.detail == 'On 31 March 2025 the file said "Completed".'
    bring(session, edition(line), MARCH, {"*completed": "claim"})
    session.refresh(first)
    assert (first.signoff, first.completed) == ("none", None)
    assert colour_on(first, date(2025, 4, 10))[0] == "green"
    assert colour_on(first, TODAY)[0] == "green", "that it had started holds on, that it was finished does not"
    assert verify(session).faults == ()


def test_what_stood_only_then_may_be_shown_until_the_next_edition(session, colour_on):
    bring(session, edition(*NOW_PLAN))
    line = milestone_line("9", "Set up a parents' forum", "May 2025")
    (question,) = asked(bring(session, edition(*MARCH_PLAN, line), MARCH), "only then")
    assert [choice.value for choice in question.choices] == ["leave", "history"]
    bring(session, edition(*MARCH_PLAN, line, source="march.xlsx"), MARCH, {"*only then": "history"})
    row = session.scalars(select(Milestone).where(Milestone.text == line.text)).one()
    assert (row.standing, row.due_text) == ("withdrawn", "May 2025")
    assert row.standing_reference == "Not in plan.xlsx any more, 10 September 2025"
    told = session.scalars(select(LedgerEntry.verb).where(LedgerEntry.subject_id == row.id).order_by(LedgerEntry.seq))
    assert "withdrew it" in told.all()
    assert colour_on(row, date(2025, 6, 1))[0] == "red"
    assert colour_on(row, TODAY)[0] == "none"
    assert verify(session).faults == ()


def test_the_plan_as_at_the_day_of_an_edition_is_shown_whole(session):
    bring(session, edition(*NOW_PLAN))
    bring(session, edition(*MARCH_PLAN), MARCH)
    plan = the_plan(session)
    found = snapshot(session, plan, schemes_of(plan), date(2025, 4, 10), TODAY)
    shown = [
        (stream.ref, milestone.ref, milestone.due_text, [lead.post for lead in stream.leads])
        for priority in found.priorities
        for stream in priority.workstreams
        for milestone in stream.milestones
    ]
    assert shown == [
        ("1a", "1", "Apr 2025", ["SEND Senior Manager"]),
        ("1a", "2", "Dec 2025", ["SEND Senior Manager"]),
    ]


def test_an_edition_that_is_newer_than_the_last_moves_dates_by_then(session):
    bring(session, edition(*MARCH_PLAN), MARCH)
    (question, *_) = asked(bring(session, edition(*JUNE_PLAN), JUNE), "re-dated")
    assert [choice.value for choice in question.choices] == ["edition", "agreed", "keep"]
    bring(session, edition(*JUNE_PLAN, source="june.xlsx"), JUNE, {"*re-dated": "edition"})
    (first, *_) = factories.milestones_of(session, the_plan(session))
    assert (first.due_text, first.original_due_text, first.moves) == ("Jul 2025", "Apr 2025", 1)
    assert verify(session).faults == ()


def test_a_day_to_come_is_refused(session):
    with pytest.raises(Refusal, match="today or earlier"):
        bring(session, edition(*NOW_PLAN), date(2026, 1, 1))


def test_what_a_person_recorded_since_stays_over_an_earlier_edition(session):
    bring(session, edition(*NOW_PLAN))
    plan = the_plan(session)
    manager = manager_of(session, plan)
    (first, *_) = factories.milestones_of(session, plan)
    at = datetime(2025, 9, 10, 12, tzinfo=UTC)
    acts.update(
        session, manager, first, at, progress="Agreed with schools", confidence="at_risk", confidence_reason="Staff"
    )
    before = rows(session)
    bring(session, edition(*MARCH_PLAN), MARCH)
    assert rows(session) == before
    assert verify(session).faults == ()
