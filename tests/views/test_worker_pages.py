"""The pages of the worker and of the outbox: what ran, what failed, what was sent, what waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.views.test_statements import statements
from tests.views.visitor import Visitor, explained, target
from tests.views.world import World
from tracker.models import JobRun, OutboxMessage, Person, SecurityEvent
from tracker.models.engine import transaction
from tracker.rules.timetable import TIMETABLE
from tracker.services import job_runs

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str], Visitor]


def test_without_a_worker_the_page_says_that_nothing_happens(visit: Visit) -> None:
    page = visit("manager").get("/worker")
    assert "No worker runs. None has ever been started." in page.words
    for timed in TIMETABLE:
        assert timed.title in page.words
        assert timed.rhythm.words() in page.words
    assert "Outbox" not in page.words  # that is for administrators


def test_the_page_shows_what_ran_what_failed_and_when_it_is_tried_again(visit: Visit, watch: Engine) -> None:
    with transaction(watch) as session:
        job_runs.beat(session, "server:1", NOW)
        assert job_runs.claim(session, "housekeeping", "2025-09-09", NOW - timedelta(days=1))
        job_runs.finish(session, "housekeeping", "2025-09-09", "3 form tokens", NOW - timedelta(days=1))
        job_runs.fail(session, "housekeeping", "2025-09-10", "OSError: the disk is full", NOW)
    page = visit("administrator").get("/worker")
    assert "One worker runs, last heard of on 10 September 2025 at 10:00." in page.words
    assert "Failed on 10 September 2025 at 10:00 for 2025-09-10: OSError: the disk is full" in page.words
    assert "It is tried again on 10 September 2025 at 10:05." in page.words
    assert "3 form tokens" in page.words
    assert "Try again now" in page.words


def test_a_manager_has_a_job_run(visit: Visit, watch: Engine) -> None:
    visitor = visit("manager")
    answer = visitor.send("/worker/housekeeping/run")
    assert target(answer) == "/worker"
    page = visitor.get("/worker")
    assert "Housekeeping: the worker runs it within a minute, if one is running." in page.words
    assert "asked for a run on 10 September 2025 at 10:00; it has not begun." in page.words
    with Session(watch) as session:
        assert session.scalars(select(JobRun.state)).one() == "asked"
    assert visitor.send("/worker/nothing/run").status == 404


def test_the_health_page_says_when_a_worker_was_heard_of(visit: Visit, watch: Engine) -> None:
    visitor = visit("anonymous")
    assert visitor.http.get("/readyz").text == "ready\nworkers running: 0\nworker last seen: never\n"
    with transaction(watch) as session:
        job_runs.beat(session, "server:1", NOW)
    assert "workers running: 1\nworker last seen: 2025-09-10T09:00:00Z\n" in visitor.http.get("/readyz").text


def test_the_outbox_lists_messages_and_what_waits_for_a_person(visit: Visit, world: World) -> None:
    visitor = visit("administrator")
    page = visitor.get("/outbox")
    assert "1 message waits for a person" in page.words
    assert "550 There is nobody of this name" in page.words
    assert "leave for nobody" in page.words
    only = visitor.get("/outbox?state=waiting")
    assert len(only.find("//tbody/tr")) == 1
    assert visitor.get("/outbox?state=given+up").words.count("No message is in this state.") == 1
    assert visitor.get("/outbox?state=nonsense").find("//tbody/tr") != []


def test_a_message_is_shown_as_it_is_sent_and_a_person_decides(visit: Visit, world: World, watch: Engine) -> None:
    visitor = visit("administrator")
    address = f"/outbox/{world.message}"
    page = visitor.get(address)
    assert "The completion is signed off" in page.words
    assert "550 There is nobody of this name" in page.words
    visitor.send(f"{address}/give-up")
    page = visitor.get(address)
    assert "Given up by The administrator (550" in page.words
    assert not page.find("//form[contains(@action, 'give-up')]")
    again = visitor.send(f"{address}/give-up")
    assert "there is nothing to decide about it" in again.words
    visitor.send(f"{address}/again")
    with Session(watch) as session:
        assert session.get_one(OutboxMessage, world.message).state == "pending"
    assert visitor.get("/outbox/999999").status == 404


def test_the_words_about_a_sensitive_plan_are_shown_to_no_administrator(
    visit: Visit, world: World, watch: Engine
) -> None:
    with watch.begin() as connection:
        connection.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == world.message)
            .values(sensitive=True, subject="Canary subject", body="Canary body")
        )
    visitor = visit("administrator")
    for path in ("/outbox", f"/outbox/{world.message}"):
        page = visitor.get(path)
        assert "Canary" not in page.text
        assert "A message about a sensitive plan" in page.words


@pytest.mark.parametrize("path", ["/outbox", "/worker"])
def test_the_lists_cost_the_same_however_much_there_is(app: Flask, visit: Visit, watch: Engine, path: str) -> None:
    def cost() -> int:
        visitor = visit("administrator")
        with statements(app) as found:
            visitor.get(path)
        return len(found)

    few = cost()
    with transaction(watch) as session:
        for number in range(120):
            key = f"more-{number}"
            session.add(
                OutboxMessage(dedupe_key=key, kind="test", to_address="a@b", subject=key, body="", created_at=NOW)
            )
            job_runs.claim(session, "housekeeping", key, NOW + timedelta(seconds=number))
    assert cost() == few <= 12


def test_an_address_that_does_not_work_is_on_the_list_of_people_until_it_is_mended(
    visit: Visit, world: World, watch: Engine
) -> None:
    board = world.people["board"]
    with transaction(watch) as session:
        person = session.get_one(Person, board)
        person.mail_failed_at, person.mail_fault = NOW, "550 5.1.1 User unknown"
        name, address = person.name, person.email
    page = visit("manager").get("/people")
    assert f"{name}, {address}, since 10 September 2025 at 10:00. 550 5.1.1 User unknown" in page.words
    visitor = visit("administrator")
    opened = visitor.visit(visitor.get("/people").link(name))
    assert "Messages come back since 10 September 2025 at 10:00: 550 5.1.1 User unknown." in opened.words
    assert "Messages come back" in visitor.get(f"/accounts/{board}").words
    explained(visitor.send(f"/accounts/{board}/email", {"email": "manager@testshire.example"}))
    visitor.send(f"/accounts/{board}/email", {"email": "Board.New@testshire.example"})
    assert "Messages that come back" not in visitor.get("/people").words
    with Session(watch) as session:
        assert session.get_one(Person, board).email == "board.new@testshire.example"
        event = session.scalars(select(SecurityEvent).where(SecurityEvent.kind == "address changed")).one()
        assert (event.email, event.detail) == (address, "to board.new@testshire.example")
