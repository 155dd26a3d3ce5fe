"""Colour changes ahead on the screen: by day, by horizon, narrowed, over all plans; counted in the navigation."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.views.test_statements import make, statements
from tests.views.visitor import Visitor
from tests.views.world import World
from tracker.models.engine import transaction
from tracker.queries.commitment_page import my_commitments
from tracker.queries.mine import count_due, mine, next_of_mine
from tracker.queries.people import signed_in
from tracker.rules.colour import Colour

Visit = Callable[[str], Visitor]
TODAY = NOW.date()
DAYS = ["", "?as_at=2025-08-20", "?as_at=2026-03-01"]


@pytest.mark.parametrize("path", ["/plans/alpha/changes/{}", "/changes/{}"])
@pytest.mark.parametrize("day", DAYS)
def test_changes_stand_under_their_days_and_a_longer_horizon_holds_a_shorter(visit: Visit, path: str, day: str) -> None:
    visitor = visit("board")
    found = []
    for days in (30, 60, 90):
        page = visitor.get(path.format(days) + day)
        assert page.status == 200
        assert f"the next {days} days" in page.heading
        found.append([heading.text_content() for heading in page.find("//section[@class='block']/h2")])
    assert found[0] == found[1][: len(found[0])]
    assert found[1] == found[2][: len(found[1])]
    assert day or found[2]


def test_a_horizon_that_is_not_offered_is_refused_in_a_sentence(visit: Visit) -> None:
    page = visit("board").get("/plans/alpha/changes/45")
    assert page.status == 404
    assert "30, 60 or 90 days" in page.words


def test_changes_are_narrowed_by_workstream_and_lead_and_the_horizons_keep_it(visit: Visit, world: World) -> None:
    visitor = visit("board")
    every = visitor.get("/plans/alpha/changes/90?as_at=2025-11-25")
    own = visitor.get(f"/plans/alpha/changes/90?as_at=2025-11-25&workstream={world.workstream}")
    assert "1b.1" in every.words
    assert "1b.1" not in own.words.partition("Apply")[2]
    assert f"workstream={world.workstream}" in own.link("30 days")
    lead = visitor.get(f"/plans/alpha/changes/90?as_at=2025-11-25&lead={world.post}")
    assert "1b.1" not in lead.words.partition("Apply")[2]


def test_the_plan_page_counts_the_changes_of_each_horizon(visit: Visit) -> None:
    visitor = visit("board")
    summary = visitor.get("/plans/alpha")
    for days in (30, 60, 90):
        page = visitor.get(f"/plans/alpha/changes/{days}")
        shown = page.find("//p[@class='figures']/b")[0].text
        assert f"{days} days ({shown if shown != 'No' else 0})" in summary.words


def test_all_plans_are_those_that_the_person_sees(visit: Visit) -> None:
    assert "beta" not in visit("board").get("/changes/90?as_at=2025-11-25").words
    assert "beta" in visit("administrator").get("/changes/90?as_at=2025-11-25").words


def test_changes_take_at_most_twelve_statements(app, visit: Visit, watch: Engine, world: World) -> None:
    make(watch, world, 400)
    for path in ("/plans/size-400/changes/90", "/changes/90", "/changes/90?as_at=2025-08-20"):
        visitor = visit("manager")
        with statements(app) as found:
            assert visitor.get(path).status == 200
        assert len(found) <= (13 if "as_at" in path else 12), path


# ------------------------------------------------------------------ what recurs counts too
def test_the_board_view_names_the_windows_that_close_and_builds_no_annex(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.exports import content

    built: list[str] = []
    made = content.build_report

    def watched(*arguments: object) -> object:
        report = made(*arguments)  # type: ignore[arg-type]
        built.extend(section.key for section in report.sections)
        return report

    monkeypatch.setattr(sys.modules["tracker.views.board"], "build_report", watched)
    page = visit("board").get("/plans/alpha/board")
    assert "Recurring commitments" in page.words
    assert "Hold the panel" in page.words
    assert built == ["one-page", "decisions", "exceptions", "movement", "ahead"]


def test_the_navigation_counts_what_recurs_with_what_is_due(visit: Visit, watch: Engine, world: World) -> None:
    with Session(watch) as session:
        found = signed_in(session, world.people["lead"], TODAY)
        assert found is not None
        rows = [row for _, _, group in mine(session, found.actor, TODAY, TODAY).groups for row in group]
        pressing = sum(row.milestone.colour in (Colour.RED, Colour.AMBER) for row in rows)
        recurring = my_commitments(session, found.actor, TODAY, TODAY)
        late = sum(one.row.verdict.colour in (Colour.RED, Colour.AMBER) for one in recurring)
        assert late
        number = count_due(session, found.actor, TODAY)
    assert number == pressing + late
    assert str(number) in visit("lead").get("/plans/alpha").find("//span[@class='nav-count']")[0].text


# ------------------------------------------------------------------ the update route
def test_the_next_of_mine_is_the_first_that_waits(watch: Engine, world: World) -> None:
    make(watch, world, 10)
    for day in (TODAY, date(2025, 10, 2), date(2025, 12, 1), date(2026, 2, 20)):
        with Session(watch) as session:
            found = signed_in(session, world.people["lead"], day)
            assert found is not None
            waiting = [row.milestone.id for row in mine(session, found.actor, day, day).waiting]
            assert waiting
            for besides in (0, waiting[0], waiting[-1]):
                left = [key for key in waiting if key != besides]
                key, number = next_of_mine(session, found.actor, day, besides)
                assert (key, number) == (left[0] if left else None, len(left))


def test_a_saved_update_reads_no_page_and_no_list(app, visit: Visit, watch: Engine, world: World) -> None:
    make(watch, world, 400)
    visitor = visit("lead")
    key = world.milestones["5"]
    with Session(watch) as session:
        from tracker.models import Milestone

        version = session.get_one(Milestone, key).version
    with statements(app) as found:
        page = visitor.send(
            f"/milestones/{key}/update",
            {"version": version, "confidence": "on_track", "progress": "The second school is done"},
        )
    assert page.status == 303
    assert page.response.headers["Location"].endswith("/update")
    assert not [line for line in found if "deadline_change" in line or "evidence" in line.lower()]
    assert len([line for line in found if line.startswith("SELECT")]) <= 16
    with transaction(watch) as session:
        assert session.get_one(Milestone, key).progress == "The second school is done"


def test_a_refused_update_shows_the_page_with_what_was_typed(visit: Visit, world: World) -> None:
    page = visit("lead").send(f"/milestones/{world.milestones['5']}/update", {"version": 1, "confidence": "at_risk"})
    assert page.status == 422
    assert "left" in page.words


# ------------------------------------------------------------------ on the command line
def test_the_command_prints_movements_with_their_causes(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    from tracker.cli import cli

    monkeypatch.setenv("TRACKER_DATABASE_URL", database_url)
    run = CliRunner()
    result = run.invoke(cli, ["changes", "alpha", "--from", "2025-09-01", "--to", "2026-02-28", "--json"])
    assert result.exit_code == 0, result.output
    data = json.loads(result.output)
    assert data["changes"]
    for change in data["changes"]:
        assert {"workstream", "milestone", "from", "to", "on", "cause"} <= set(change)
        assert change["to_come"] == (change["on"] > TODAY.isoformat())
        assert "2025-09-01" <= change["on"] <= "2026-02-28"
    plain = run.invoke(cli, ["changes", "alpha", "--from", "2025-09-01", "--to", "2026-02-28"]).output
    assert "(to come)" in plain
    assert run.invoke(cli, ["changes", "alpha", "--from", "2025-09-02", "--to", "2025-09-01"]).exit_code == 2
