"""The deadline ledger on the command line: who agreed which date, why, and how far dates have slipped."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tracker.cli import cli
from tracker.models.engine import transaction
from tracker.queries.deadlines import deadline_ledger
from tracker.rules.permissions import Role
from tracker.services.plan_ends import NewEnd, move_plan_end

Run = Callable[..., Result]
ASKED, MET, LATER = date(2025, 9, 8), date(2025, 9, 16), date(2026, 1, 5)


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command line on a plan with an agreed date, a refused one, one that waits, and an end moved."""
    with transaction(engine) as session:
        lines = (milestone_line(ref, f"Milestone {ref}") for ref in "123")
        plan = factories.plan(session, *lines, slug="moved", ends="Mar 2026")
        plan.ends = "Mar 2026"
        lead, manager = factories.lead(session, plan)[1], factories.member(session, plan, Role.MANAGER)[1]
        first, second, third = factories.milestones_of(session, plan)
        far = acts.ask(session, lead, first, acts.at(ASKED), proposed="Dec 2025")
        acts.settle(session, manager, first, far, acts.at(MET), minute="5.2", meeting_on=MET)
        near = acts.ask(session, lead, second, acts.at(ASKED))
        acts.settle(session, manager, second, near, acts.at(MET), approve=False)
        acts.ask(session, lead, third, acts.at(date(2025, 9, 20)), proposed="Nov 2025")
        end = NewEnd("Sep 2026", "scope", "The inspection moved.", "5.3", MET, "Mar 2026")
        move_plan_end(session, manager, acts.at(MET), plan.id, acts.token(), end)
    monkeypatch.setenv("TRACKER_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    return lambda *typed: CliRunner().invoke(cli, ["deadlines", *typed])


def test_each_move_is_one_object_with_who_agreed_it_when_and_why(run: Run, engine: Engine) -> None:
    found = json.loads(run("moved", "--json").output)
    assert [(one["milestone"].split(".")[-1], one["state"]) for one in found["moves"]] == [
        ("3", "requested"),
        ("2", "refused"),
        ("1", "approved"),
    ]
    agreed = found["moves"][2]
    assert (agreed["original"], agreed["from"], agreed["to"], agreed["to_due"]) == (
        "Sep 2025",
        "Sep 2025",
        "Dec 2025",
        "2025-12-31",
    )
    assert (agreed["level"], agreed["minute"], agreed["meeting_on"]) == ("board", "5.2", "2025-09-16")
    assert (agreed["reason"], agreed["reason_code"]) == ("The post was vacant.", "capacity")
    assert (agreed["requested_on"], agreed["decided_on"]) == ("2025-09-08", "2025-09-16")
    assert found["moves"][0]["decided_on"] is None
    with transaction(engine) as session:
        seen = deadline_ledger(session, 1, LATER, LATER)
    assert [one["decided_by"] for one in found["moves"]] == [move.decided_by or None for move in seen]


def test_what_the_moves_add_up_to_counts_only_those_that_were_agreed(run: Run) -> None:
    (total,) = json.loads(run("moved", "--json").output)["milestones"]
    assert (total["original"], total["current"]) == ("Sep 2025", "Dec 2025")
    assert (total["slipped"], total["slipped_days"], total["times_moved"]) == ("3 months later", 92, 1)


def test_the_ledger_is_shown_as_it_was_on_an_earlier_day(run: Run) -> None:
    found = json.loads(run("moved", "--as-at", "2025-09-10", "--json").output)
    assert [one["state"] for one in found["moves"]] == ["requested", "requested"]
    assert found["milestones"] == found["plan_end"] == []


def test_the_ledger_is_printed_in_lines(run: Run) -> None:
    words = run("moved").output
    assert "1 waiting for a decision, 1 approved, 1 refused" in words
    assert "Mar 2026 to Sep 2026 (6 months later): agreed by the board, minute 5.3, meeting of 16/09/2025" in words
    assert "Sep 2025 to Dec 2025 (3 months later), moved once" in words
    assert "(board), minute 5.2, meeting of 16/09/2025" in words
    assert "Recovery: It is filled from 1 October." in words


def test_a_plan_that_is_not_there_and_a_day_that_is_none_are_refused_in_a_sentence(run: Run) -> None:
    missing = run("nowhere")
    assert (missing.exit_code, missing.output) == (1, "There is no plan nowhere. Plans: moved.\n")
    assert run("moved", "--as-at", "soon").exit_code == 2
