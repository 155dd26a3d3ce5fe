"""A plan reported against an earlier version: its baseline, its milestones, and the whole story of each date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tests.services.reviews import adopt, move, reviewed_plan, undo
from tests.services.structure import edits
from tracker.exports import build_report
from tracker.exports.gather import report_facts
from tracker.models import Plan, Workstream
from tracker.queries.deadlines import deadline_ledger, moved_milestones
from tracker.queries.milestone_page import milestone_page
from tracker.queries.movement import coming_changes
from tracker.queries.plans import find_plan
from tracker.queries.rows import MilestoneRow, PlanSnapshot
from tracker.queries.tree import snapshot
from tracker.queries.version_rows import find_version, in_force
from tracker.rules.colour import Colour
from tracker.rules.permissions import Actor, Role

DAY = timedelta(days=1)


@pytest.fixture
def plan(session: Session) -> Plan:
    """Return a plan whose first milestone was moved twice before its review and once after."""
    made = reviewed_plan(session)
    manager = factories.member(session, made, Role.MANAGER)[1]
    first = factories.milestones_of(session, made)[0]
    move(session, made, first, "Mar 2026")
    move(session, made, first, "May 2026", NOW + DAY)
    acts.update(session, factories.lead(session, made)[1], first, NOW + 2 * DAY)
    adopt(session, manager, made, NOW + 10 * DAY)
    move(session, made, first, "Jul 2026", NOW + 20 * DAY)
    acts.update(session, factories.lead(session, made)[1], first, NOW + 21 * DAY)
    return made


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.MANAGER)[1]


def shown(session: Session, plan: Plan, asked: str = "", day: date = TODAY + 25 * DAY) -> PlanSnapshot:
    found = find_plan(session, plan.slug)
    assert found
    row, scheme = found
    against = find_version(row.versions, asked, day) if asked else None
    return snapshot(session, row, scheme, day, TODAY + 25 * DAY, against=against)


def first(found: PlanSnapshot) -> MilestoneRow:
    return found.milestones[0]


def test_against_the_version_in_force_slip_and_moves_count_from_its_baseline(session: Session, plan: Plan) -> None:
    row = first(shown(session, plan))
    assert (row.colour, row.marks) == (Colour.GREEN, ("moved x1",))
    assert (row.original_due_text, row.measured_text, row.due_text) == ("Sep 2025", "May 2026", "Jul 2026")
    assert (row.moves, row.total_moves, row.measured_name) == (1, 3, "baseline of version 2")


def test_against_the_first_version_they_count_from_the_original_date(session: Session, plan: Plan) -> None:
    row = first(shown(session, plan, "1"))
    assert (row.colour, row.rule, row.marks) == (Colour.AMBER, "4f", ("moved x3",))
    assert (row.measured_due, row.measured_name, row.moves) == (date(2025, 9, 30), "original date", 3)
    assert row.reason == "The deadline has been moved 3 times, from Sep 2025 to Jul 2026."


def test_asking_for_the_version_in_force_changes_nothing(session: Session, plan: Plan) -> None:
    assert shown(session, plan, "2") == shown(session, plan)


def test_a_day_before_the_review_is_the_first_versions_however_it_is_asked_for(session: Session, plan: Plan) -> None:
    day = TODAY + 9 * DAY
    assert shown(session, plan, "1", day) == shown(session, plan, day=day)
    assert shown(session, plan, day=day).version.number == 1
    found = find_plan(session, plan.slug)
    assert found
    assert find_version(found[0].versions, "2", day) is None


def test_a_version_is_found_by_its_label_first_and_then_by_its_number(session: Session, plan: Plan) -> None:
    found = find_plan(session, plan.slug)
    assert found
    versions = found[0].versions
    for asked, number in (("Final", 1), ("final", 1), ("1", 1), ("v1", 1), ("2", 2), ("v2", 2)):
        version = find_version(versions, asked, TODAY + 25 * DAY)
        assert version is not None
        assert version.number == number
    assert find_version(versions, "3", TODAY + 25 * DAY) is None
    assert [version.name for version in versions] == ["Version 1 (Final)", "Version 2"]


def test_a_milestone_that_came_with_a_later_version_is_not_in_an_earlier_report(
    session: Session, plan: Plan, manager: Actor
) -> None:
    place = session.query(Workstream).one()
    edits.add(session, manager, plan, "milestone", place, words="Only in version 2", due="Jun 2026", now=NOW + 11 * DAY)
    assert shown(session, plan).counts.total == 5
    assert shown(session, plan, "1").counts.total == 4
    assert "Only in version 2" not in {row.text for row in shown(session, plan, "1").milestones}


def test_what_comes_next_against_the_first_version_is_what_would_come_without_a_review(
    session: Session, plan: Plan
) -> None:
    found = find_plan(session, plan.slug)
    assert found
    now, before = shown(session, plan), shown(session, plan, "1")
    today = TODAY + 25 * DAY
    key = first(now).id
    ahead = [
        [(c.day, c.after) for c in coming_changes(session, each, 400, today, found[1]) if c.milestone.id == key]
        for each in (now, before)
    ]
    assert ahead == [[(date(2026, 8, 1), Colour.RED)], [(date(2026, 8, 1), Colour.RED)]]


def test_after_an_undo_the_days_under_the_version_are_still_reported_against_it(
    session: Session, manager: Actor
) -> None:
    made = reviewed_plan(session)
    actor = factories.member(session, made, Role.MANAGER)[1]
    adopt(session, actor, made, NOW + DAY)
    undo(session, actor, made, NOW + 5 * DAY)
    found = find_plan(session, made.slug)
    assert found
    assert [in_force(found[0].versions, TODAY + days * DAY).number for days in (0, 1, 4, 5, 9)] == [1, 2, 2, 1, 1]


def test_the_deadline_ledger_keeps_the_original_date_and_every_move(session: Session, plan: Plan) -> None:
    moves = deadline_ledger(session, plan.id, TODAY + 25 * DAY, TODAY + 25 * DAY)
    (newest,) = moved_milestones(moves)
    assert len(moves) == 3
    assert {move.original_text for move in moves} == {"Sep 2025"}
    assert (newest.total_slip, newest.times_moved) == ("10 months later", 3)
    assert (newest.baseline_name, newest.baseline_text) == ("baseline of version 2", "May 2026")
    assert (newest.baseline_slip, newest.measured_moves) == ("2 months later", 1)


def test_the_deadline_ledger_of_a_day_before_the_review_knows_of_no_baseline(session: Session, plan: Plan) -> None:
    moves = deadline_ledger(session, plan.id, TODAY + 9 * DAY, TODAY + 25 * DAY)
    assert {(move.baseline_version, move.times_moved, move.measured_moves) for move in moves} == {("", 2, 2)}


def test_the_page_of_a_milestone_has_every_baseline_it_was_given(session: Session, plan: Plan, manager: Actor) -> None:
    adopt(session, manager, plan, NOW + 22 * DAY, label="3")
    found = find_plan(session, plan.slug)
    assert found
    key = factories.milestones_of(session, plan)[0].id
    page = milestone_page(session, found[0], key, TODAY + 25 * DAY, TODAY + 25 * DAY)
    assert page
    assert [(b.label, b.due_text, b.moves) for b in page.baselines] == [("2", "May 2026", 2), ("3", "Jul 2026", 3)]
    then = milestone_page(session, found[0], key, TODAY + 15 * DAY, TODAY + 25 * DAY)
    assert then
    assert [b.label for b in then.baselines] == ["2"]


# ------------------------------------------------------------------ reports
def report(session: Session, plan: Plan, asked: str = "") -> Any:
    found = find_plan(session, plan.slug)
    assert found
    row, scheme = found
    day = TODAY + 25 * DAY
    against = find_version(row.versions, asked, day) if asked else None
    return build_report(report_facts(session, row, scheme, day, day, NOW + 25 * DAY, against=against))


def cell(made: Any, key: str, title: str) -> str:
    table = made.table(key)
    return str(table.rows[0][[column.title for column in table.columns].index(title)])


def test_a_report_says_original_baseline_and_current_deadline_side_by_side(session: Session, plan: Plan) -> None:
    made = report(session, plan)
    titles = ("Original deadline", "Baseline", "Current deadline", "Slipped from baseline", "Slipped from original")
    assert [cell(made, "slippage", title) for title in titles] == [
        "Sep 2025",
        "May 2026",
        "Jul 2026",
        "2 months later",
        "10 months later",
    ]
    assert cell(made, "slippage", "Times moved since") == "1"
    assert cell(made, "slippage", "Times moved in all") == "3"
    assert made.page_text.endswith("Version 2, baseline 20 September 2025")
    said = " ".join(block.text for block in made.section("slippage").blocks if hasattr(block, "text"))
    assert "Milestones with a moved deadline: 1, of which 1 since the baseline." in said
    assert "measured against the baseline of version 2" in said


def test_a_report_against_the_first_version_measures_from_the_original_dates(session: Session, plan: Plan) -> None:
    made = report(session, plan, "1")
    assert cell(made, "slippage", "Slipped") == "10 months later"
    assert cell(made, "slippage", "Times moved") == "3"
    assert made.page_text.endswith("Version 1 (Final), baseline 28 May 2025")
    about = dict(next(block.pairs for block in made.section("front").blocks if hasattr(block, "pairs")))
    assert about["Version"] == "Version 1 (Final), adopted 28 May 2025"
    assert about["Measured against"] == ("The original dates, 28 May 2025. In force on the day of the data: version 2")


def test_the_front_sheet_names_the_decision_that_adopted_the_version(session: Session, plan: Plan) -> None:
    made = report(session, plan)
    about = dict(next(block.pairs for block in made.section("front").blocks if hasattr(block, "pairs")))
    assert about["Decided by"] == "SEND Partnership Board, 20 September 2025, minute 5.2"
    assert about["Measured against"] == "The baseline of this version, 20 September 2025"


def test_every_line_of_the_register_says_what_it_is_reported_against(session: Session, plan: Plan) -> None:
    for asked, words, baseline, slipped in (
        ("", "Version 2, baseline 20 September 2025", "May 2026", 61),
        ("1", "Version 1 (Final), baseline 28 May 2025", "Sep 2025", 304),
    ):
        made = report(session, plan, asked)
        (table,) = made.section("register").tables()
        titles = [column.title for column in table.columns]
        assert {row[titles.index("Reported against")] for row in table.rows} == {words}
        assert str(table.rows[0][titles.index("Baseline deadline")]) == baseline
        assert table.rows[0][titles.index("Days slipped from baseline")] == slipped


def test_figures_of_the_page_and_of_the_report_are_the_same_against_each_version(session: Session, plan: Plan) -> None:
    for asked in ("", "1", "2"):
        assert report(session, plan, asked).headline_sentence == shown(session, plan, asked).headline.reason
