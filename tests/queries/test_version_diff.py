"""What changed between two versions, against a history that is known line by line."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tests.services.reviews import adopt, undo
from tests.services.structure import edits
from tracker.exports.version_text import diff_csv, diff_data, diff_lines
from tracker.models import Plan, Post
from tracker.queries.plans import find_plan
from tracker.queries.version_diff import VersionDiff, version_diff
from tracker.rules.document import LeadLine
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services.plan_writer import update_plan
from tracker.services.structure import wording

DAY = timedelta(days=1)


@pytest.fixture
def plan(session: Session) -> Plan:
    return edits.make(session)


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.MANAGER)[1]


def diff(session: Session, plan: Plan, one: int = 1, other: int = 2) -> VersionDiff:
    found = find_plan(session, plan.slug)
    assert found
    row = found[0]
    versions = {version.number: version for version in row.versions}
    return version_diff(session, row, versions[one], versions[other])


def told(found: VersionDiff) -> list[tuple[str, str, str, str, str]]:
    return [(c.kind, c.what, c.ref, c.before, c.after) for c in found.changes]


def test_every_kind_of_change_is_told_once_with_how_it_was_and_is(session: Session, plan: Plan, manager: Actor) -> None:
    first, second, third = (edits.milestone(session, words) for words in ("Agree", "Publish", "Review"))
    buses = edits.milestone(session, "Buy")
    edits.add(
        session, manager, plan, "milestone", edits.workstream(session, "1b"), words="Visit schools", due="Mar 2026"
    )
    edits.reword(session, manager, first, "Agree one pathway with parents")
    edits.reword(session, manager, edits.workstream(session, "1b"), "Inclusion everywhere")
    edits.move(session, manager, second, edits.workstream(session, "2a"))
    edits.decide(session, manager, third)
    wording.set_critical(
        session, manager, NOW, plan.id, buses.id, edits.form(buses), critical=True, reason="The whole plan waits for it"
    )
    schools = edits.milestone(session, "Train")
    change = acts.ask(session, SYSTEM, schools, NOW, proposed="Mar 2026")
    acts.settle(session, manager, schools, change, NOW, minute="4.1")
    adopt(session, manager, plan, NOW + DAY)
    assert told(diff(session, plan)) == [
        ("added", "milestone", "1b.2", "", "Mar 2026"),
        ("withdrawn", "milestone", "1a.3", "open", f"withdrawn: {third.standing_reference}"),
        ("reworded", "workstream", "1b", "Inclusion", "Inclusion everywhere"),
        ("reworded", "milestone", "1a.1", "Agree the pathway", "Agree one pathway with parents"),
        ("moved", "milestone", f"2a.{second.ref}", "workstream 1a, ref 2", f"workstream 2a, ref {second.ref}"),
        ("redated", "milestone", "1b.1", "Jan 2026", "Mar 2026 (2 months later)"),
        ("critical", "milestone", "2a.1", "not critical", "critical"),
    ]


def test_what_changed_after_the_later_version_is_not_told(session: Session, plan: Plan, manager: Actor) -> None:
    adopt(session, manager, plan)
    edits.reword(session, manager, edits.milestone(session, "Agree"), "Agree two pathways", NOW + DAY)
    assert diff(session, plan).changes == ()
    assert list(diff_lines(diff(session, plan)))[1:] == ["Nothing is otherwise."]


def test_what_was_changed_and_put_back_is_no_difference(session: Session, plan: Plan, manager: Actor) -> None:
    row = edits.milestone(session, "Agree")
    before = row.text
    edits.reword(session, manager, row, "Agree two pathways")
    edits.reword(session, manager, row, before)
    adopt(session, manager, plan, NOW + DAY)
    assert diff(session, plan).changes == ()


def test_what_was_added_and_withdrawn_between_the_two_is_not_told(session: Session, plan: Plan, manager: Actor) -> None:
    made = edits.add(session, manager, plan, "milestone", edits.workstream(session, "1b"), words="For a week only")
    edits.decide(session, manager, made, now=NOW + DAY)
    adopt(session, manager, plan, NOW + 2 * DAY)
    assert diff(session, plan).changes == ()


def test_the_second_and_the_third_version_are_compared_by_themselves(
    session: Session, plan: Plan, manager: Actor
) -> None:
    edits.reword(session, manager, edits.milestone(session, "Agree"), "Agree two pathways")
    adopt(session, manager, plan)
    edits.reword(session, manager, edits.milestone(session, "Publish"), "Print the pathway", NOW + DAY)
    adopt(session, manager, plan, NOW + 2 * DAY, label="3")
    assert [change.ref for change in diff(session, plan, 2, 3).changes] == ["1a.2"]
    assert [change.ref for change in diff(session, plan, 1, 3).changes] == ["1a.1", "1a.2"]


def test_other_leads_are_told_with_those_before(session: Session, plan: Plan, manager: Actor) -> None:
    document = edits.two_priorities()
    document.priorities[0].workstreams[0].leads = [LeadLine("Head of Inclusion", "Testshire Council")]
    update_plan(session, plan, document, SYSTEM, NOW)
    adopt(session, manager, plan, NOW + DAY)
    assert told(diff(session, plan)) == [("leads", "workstream", "1a", "", "Head of Inclusion")]
    assert session.scalars(select(Post.title)).all() == ["Head of Inclusion"]


def test_a_difference_does_not_change_when_the_later_adoption_is_undone(
    session: Session, plan: Plan, manager: Actor
) -> None:
    edits.reword(session, manager, edits.milestone(session, "Agree"), "Agree two pathways")
    adopt(session, manager, plan, NOW + DAY)
    before = told(diff(session, plan))
    undo(session, manager, plan, NOW + 2 * DAY)
    assert told(diff(session, plan)) == before


def test_the_same_difference_is_data_lines_and_a_table(session: Session, plan: Plan, manager: Actor) -> None:
    edits.reword(session, manager, edits.milestone(session, "Agree"), "=Agree two pathways")
    adopt(session, manager, plan, NOW + DAY)
    found = diff(session, plan)
    data = diff_data(found)
    assert data["from"] == {"number": 1, "label": "1", "as_at": "2025-05-28"}
    assert data["to"] == {"number": 2, "label": "2", "as_at": (TODAY + DAY).isoformat()}
    assert data["counts"]["reworded"] == len(data["changes"]) == 1
    assert list(diff_lines(found))[1:] == [
        "Reworded: 1",
        "  milestone 1a.1: =Agree two pathways [Agree the pathway -> =Agree two pathways]",
    ]
    head, row = csv.reader(io.StringIO(diff_csv(found).decode()))
    assert len(head) == len(row) == 10
    assert row[:6] == [
        "Reworded",
        "milestone",
        "1a.1",
        "'=Agree two pathways",
        "Agree the pathway",
        "'=Agree two pathways",
    ]
    assert row[6:] == ["Version 1", "2025-05-28", "Version 2", (TODAY + DAY).isoformat()]


def test_a_plan_without_a_day_of_adoption_begins_when_anything_is_recorded(session: Session) -> None:
    plan = factories.plan(session, adopted="", slug="late")
    manager = factories.member(session, plan, Role.MANAGER)[1]
    adopt(session, manager, plan, NOW + DAY)
    found = diff(session, plan)
    assert (found.from_day, found.changes) == (date(2025, 9, 10), ())
