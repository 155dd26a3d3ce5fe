"""Work on a file beside the request that began it: how far it is, stopping it, and what becomes of it when it dies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.views.visitor import Visitor, target
from tests.views.world import World
from tracker.imports.background import Work
from tracker.models import ImportBatch, ImportJob, ImportPart, LedgerEntry, Milestone, Plan
from tracker.models.engine import transaction
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services.housekeeping import forget_old
from tracker.services.import_batches import keep_batch
from tracker.services.import_jobs import Cancelled, begin_job, hear, latest_job
from tracker.services.import_progress import FOLDER
from tracker.services.plan_milestones import Milestones

if TYPE_CHECKING:
    from flask import Flask

STRANGE = "Undertaking,Champion,Whenabouts\nRecruit a chair,Director,Mar 2026\nAgree the budget,Clerk,November\n"


@pytest.fixture
def manager(visit: Callable[[str], Visitor]) -> Visitor:
    """Return the improvement manager of the plan alpha, signed in."""
    return visit("manager")


@pytest.fixture
def batch(watch: Engine, world: World) -> int:
    """Keep a file of the manager that nobody has read yet."""
    with transaction(watch) as session:
        owner = Actor(world.people["manager"], "The manager")
        return keep_batch(session, owner, NOW, plan_slug="", filename="plan.csv", data=STRANGE.encode()).id


def begun(watch: Engine, batch_id: int, data_folder: Path, kind: str = "read") -> int:
    with transaction(watch) as session:
        return begin_job(session, NOW, session.get_one(ImportBatch, batch_id), kind, data_folder).id


def test_the_progress_is_shown_by_any_process_and_any_may_stop_it(
    manager: Visitor, watch: Engine, batch: int, data_folder: Path
) -> None:
    job = begun(watch, batch, data_folder)
    with transaction(watch) as session:
        hear(session, NOW, job, "reading", 250, 1000)
    page = manager.visit(f"/import/{batch}/progress")
    assert "Reading the file, line by line: 25 % (250 of 1,000 rows)" in page.words
    assert page.response.headers["Refresh"] == "3"
    assert "Refresh" not in manager.get(f"/import/{batch}/progress?still=1").response.headers
    stopping = manager.submit(page, to="/cancel")
    assert "It is being stopped." in stopping.words
    assert manager.send(f"/import/{batch}/cancel").status == 303, "asking twice is as good as once"
    Work(watch, job, batch, "read", SYSTEM, data_folder).run()
    stopped = manager.visit(f"/import/{batch}/progress")
    assert stopped.heading == "Stopped"
    assert "It was stopped, and nothing was changed." in stopped.words
    read = manager.submit(stopped, to="/again")
    assert read.heading == "Check what was understood"


def test_while_a_plan_is_written_its_progress_is_shown_and_it_can_be_stopped_until_the_end(
    manager: Visitor, watch: Engine, world: World, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work holds the database meanwhile; on SQLite nobody else could write there."""
    address, seen = f"/import/{world.import_id}", []
    monkeypatch.setattr("tracker.imports.background._OFTEN", 0.0)
    before = rows_of(watch)
    colour = Milestones.colour

    def look(self: Milestones) -> None:
        colour(self)
        assert seen == []
        page = manager.visit(f"{address}/progress")
        seen.append(page.words)
        assert "It is being stopped." in manager.submit(page, to="/cancel").words

    monkeypatch.setattr(Milestones, "colour", look)
    Work(watch, begun(watch, world.import_id, data_folder, "apply"), world.import_id, "apply",
         manager_of(world), data_folder).run()  # fmt: skip
    assert "All lines are written; storing their history and colours: 100 % (" in seen[0]
    stopped = manager.visit(f"{address}/progress")
    assert "It was stopped, and nothing was changed." in stopped.words
    assert rows_of(watch) == before
    assert not list((data_folder / FOLDER).iterdir()), "nothing is left of the job"


def test_who_applies_a_large_file_sees_the_progress_and_does_not_wait_for_the_end(
    app: Flask, manager: Visitor, watch: Engine, world: World, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, go_on, colour = f"/import/{world.import_id}", Event(), Milestones.colour

    def slow(self: Milestones) -> None:
        go_on.wait(60)
        colour(self)

    monkeypatch.setattr(Milestones, "colour", slow)
    monkeypatch.setitem(app.config, "IMPORT_PATIENCE", 0.2)
    changes = manager.visit(f"{address}/changes")
    start = monotonic()
    sent = manager.submit(changes, to="/apply", follow=False)
    took = monotonic() - start
    page = manager.visit(f"{address}/progress")
    go_on.set()
    assert target(sent) == f"{address}/progress"
    assert page.heading == "Writing to the plan"
    assert took < 4, "SQLite would have let it wait until the plan is written"
    until = monotonic() + 60
    while monotonic() < until and manager.get(f"{address}/progress").status == 200:
        sleep(0.1)
    assert manager.visit(f"{address}/done").heading == "The plan is imported"


def test_the_lines_that_are_written_are_counted(watch: Engine, world: World, data_folder: Path) -> None:
    told: list[tuple[int, int]] = []
    work = Work(watch, begun(watch, world.import_id, data_folder, "apply"), world.import_id, "apply",
                manager_of(world), data_folder)  # fmt: skip
    check = work._checker(400)
    for done in (0, 200, sys.maxsize):
        check(done)
        told.append(work._progress.noted() or (-1, -1))
    assert told == [(0, 400), (0, 400), (400, 400)], "and seldom enough to cost nothing"
    work._progress.stop()
    with pytest.raises(Cancelled):
        check(sys.maxsize)


def rows_of(watch: Engine) -> list[int | None]:
    with Session(watch) as session:
        return [session.scalar(select(func.count()).select_from(model)) for model in (LedgerEntry, Plan, Milestone)]


def manager_of(world: World) -> Actor:
    return Actor(world.people["manager"], "The manager", roles={world.alpha: frozenset({Role.MANAGER})})


def test_work_whose_process_died_is_found_by_its_silence(
    manager: Visitor, watch: Engine, batch: int, data_folder: Path
) -> None:
    job = begun(watch, batch, data_folder)
    with transaction(watch) as session:
        session.get_one(ImportJob, job).heard_by = NOW - timedelta(minutes=1)
    page = manager.visit(f"/import/{batch}/progress")
    assert page.heading == "It did not work"
    assert "The work stopped before it was finished, because the service was restarted." in page.words
    assert manager.submit(page, to="/again").heading == "Check what was understood"


def test_a_file_that_is_being_worked_on_is_not_worked_on_twice(
    manager: Visitor, watch: Engine, batch: int, data_folder: Path
) -> None:
    begun(watch, batch, data_folder)
    refused = manager.send(f"/import/{batch}/again")
    assert refused.status == 400
    assert "This file is being worked on." in refused.words


def test_an_error_of_our_own_is_said_without_details_and_ends_the_work(
    watch: Engine, batch: int, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a secret of a cell")

    monkeypatch.setattr("tracker.imports.background.read_file", broken)
    job = begun(watch, batch, data_folder)
    Work(watch, job, batch, "read", SYSTEM, data_folder).run()
    with Session(watch) as session:
        state = latest_job(session, NOW, batch, data_folder)
    assert state is not None
    assert state.state == "failed"
    assert state.sentence.startswith("Something went wrong on our side")


def test_files_that_were_not_applied_are_forgotten_after_a_week_with_all_that_was_kept_of_them(
    watch: Engine, batch: int, data_folder: Path
) -> None:
    begun(watch, batch, data_folder)
    with transaction(watch) as session:
        forgotten = forget_old(session, NOW + timedelta(days=8))
        assert forgotten.imports == 2
        for model in (ImportBatch, ImportPart, ImportJob):
            assert session.scalar(select(func.count()).select_from(model)) == 0
