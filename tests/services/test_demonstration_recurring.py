"""What recurs in the demonstration: the five commitments of the SEND plan from the day of adoption on, and its tail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from tests.databases import Databases
from tracker.exports.tree_text import tree_data, tree_lines
from tracker.models.engine import make_engine, writing
from tracker.queries.commitment_rows import CommitmentRow
from tracker.queries.plans import find_plan
from tracker.queries.rows import PlanSnapshot
from tracker.queries.tree import snapshot
from tracker.services.demonstration import add_demo_progress, seed_demo_plans
from tracker.services.seeding import seed_plans
from tracker.services.verification import verify

ADOPTED = date(2025, 5, 28)


def shown(session: Session, day: date, today: date) -> PlanSnapshot:
    found = find_plan(session, "wf-send-2025")
    assert found
    return snapshot(session, *found, day, today)


def commitments(now: PlanSnapshot) -> dict[str, CommitmentRow]:
    return {
        f"{stream.ref}.{row.ref}": row
        for priority in now.priorities
        for stream in priority.workstreams
        for row in stream.commitments
    }


@pytest.fixture(params=[date(2026, 3, 1), date(2026, 11, 21), date(2028, 8, 15)], ids=str)
def seeded(request: pytest.FixtureRequest, databases: Databases, empty_template: str) -> Iterator[tuple[Session, date]]:
    now = datetime(request.param.year, request.param.month, request.param.day, 10, 30, tzinfo=UTC)
    url = databases.copy(empty_template)
    engine = make_engine(url)
    with writing(), Session(engine) as session:
        seed_demo_plans(session, now)
        add_demo_progress(session, now)
        yield session, now.date()
    engine.dispose()
    databases.drop(url)


def test_the_five_commitments_show_strips_from_the_day_of_adoption_on(seeded: tuple[Session, date]) -> None:
    session, today = seeded
    found = commitments(shown(session, today, today))
    assert list(found) == ["1a.5 tail", "4c.1.1", "4c.2.1", "4c.2.2", "4c.3.1", "4c.3.2"]
    weekly = found["4c.1.1"].occurrences(today)
    assert weekly[0].window.opens == ADOPTED
    assert Counter(one.outcome.value for one in weekly).keys() >= {"held", "held late", "missed", "skipped"}
    assert all(row.rule is not None for row in found.values())
    assert {row.rule.anchor for ref, row in found.items() if row.rule and ref != "1a.5 tail"} == {ADOPTED}
    tail = found["1a.5 tail"].rule
    assert tail is not None
    assert (tail.every, tail.anchor) == ("quarterly", date(2026, 7, 1))
    assert verify(session, "wf-send-2025").faults == ()


def test_a_past_day_shows_the_colours_of_that_day(seeded: tuple[Session, date]) -> None:
    session, today = seeded
    first = commitments(shown(session, ADOPTED, today))
    assert {row.verdict.colour.value for ref, row in first.items() if ref != "1a.5 tail"} == {"green"}
    assert first["1a.5 tail"].verdict.rule == "C2"
    winter = commitments(shown(session, date(2025, 12, 29), today))["4c.1.1"]
    assert len(winter.occurrences(date(2025, 12, 29))) == 31
    assert winter.verdict.colour.value in {"green", "amber"}


def test_the_command_line_lists_each_commitment_with_its_occurrences(seeded: tuple[Session, date]) -> None:
    session, today = seeded
    now = shown(session, today, today)
    data = tree_data(now)
    assert (data["counts"]["commitments"], data["counts"]["recurring_tails"]) == (5, 1)
    (stream,) = [w for p in data["priorities"] for w in p["workstreams"] if w["ref"] == "4c"]
    weekly = stream["commitments"][0]
    assert weekly["rule"] == {"every": "weekly", "anchor": "2025-05-28", "ends": None, "confirmed": True}
    assert weekly["colour"] == commitments(now)["4c.1.1"].verdict.colour
    assert weekly["occurrences"][0]["scheduled"] == "2025-06-03"
    assert any("4c.1.1 [Weekly] Attendance" in line for line in tree_lines(now))


def test_without_progress_the_five_are_proposed_and_wait(session: Session) -> None:
    now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    seed_plans(session, now)
    found = commitments(shown(session, now.date(), now.date()))
    waiting = {ref: row.proposal for ref, row in found.items() if row.rule is None}
    assert list(waiting) == ["4c.1.1", "4c.2.1", "4c.2.2", "4c.3.1", "4c.3.2"]
    assert [str(one.every) for one in waiting.values() if one] == [
        "weekly",
        "6-monthly",
        "6-monthly",
        "annual",
        "annual",
    ]
    assert {one.anchor for one in waiting.values() if one} == {ADOPTED}
    assert found["1a.5 tail"].verdict.colour.value == "red"
    assert "30 September 2026" in found["1a.5 tail"].verdict.reason
    early = commitments(shown(session, date(2026, 9, 30), now.date()))["1a.5 tail"]
    assert early.verdict.colour.value == "amber"
