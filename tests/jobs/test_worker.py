"""The worker does each period once, catches up, and tries again what failed; what housekeeping forgets and keeps."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from tracker.config import Settings
from tracker.jobs.schedule import Job, schedule
from tracker.jobs.summary import Summary
from tracker.jobs.worker import Worker, start
from tracker.models import (
    FormToken,
    ImportBatch,
    JobRun,
    OutboxAttachment,
    OutboxMessage,
    ReturnedWorkbook,
    SecurityEvent,
    UpdateLink,
    WorkerBeat,
)
from tracker.models.engine import transaction
from tracker.queries.job_runs import job_lines, pulse
from tracker.rules.permissions import Actor, Role
from tracker.rules.rhythm import Often, Period, Rhythm
from tracker.rules.security import Kind
from tracker.rules.timetable import HOUSEKEEPING, TIMETABLE, Timed
from tracker.rules.working_days import WEEKDAYS
from tracker.services import job_runs
from tracker.services.housekeeping import forget_old
from tracker.services.security import Noted, note

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def fill(session: Session, age: timedelta) -> None:
    """Add one of each thing that is kept for a while, of an age."""
    person = factories.person(session)
    at = NOW - age
    key = f"message-{age.days}"
    words = {"kind": "digest", "to_address": person.email, "subject": "News", "body": "It is so."}
    session.add(OutboxMessage(dedupe_key=key, created_at=at, sent_at=at, **words))
    session.flush()
    session.add(OutboxAttachment(message_key=key, name="mine.xlsx", content=b"a workbook"))
    session.add(FormToken(token=f"token-{age.days}", person_id=person.id, used_at=at))
    note(session, at, Kind.SIGN_IN_FAILED, None, Noted("someone@testshire.example"))
    session.add(
        ImportBatch(
            key=f"key-{age.days}",
            plan_slug="a-plan",
            filename="plan.xlsx",
            sha256="",
            person_id=person.id,
            created_at=at,
            applied_at=None,
        )
    )
    session.add(UpdateLink(person_id=person.id, token_hash=f"{age.days}", made_at=at, expires_at=at))
    session.flush()


def counts(session: Session) -> list[int]:
    """Return how many tokens, security events and imports there are."""
    return [session.scalar(select(func.count()).select_from(m)) or 0 for m in (FormToken, SecurityEvent, ImportBatch)]


def test_what_is_past_its_time_is_forgotten_and_the_rest_stays(session: Session) -> None:
    for days in (1, 8, 366):
        fill(session, timedelta(days=days))
    assert str(forget_old(session, NOW)) == (
        "2 form tokens, 1 security events, 2 imports not applied, 0 returned workbooks, 1 links, "
        "1 workbooks of old messages"
    )
    assert counts(session) == [1, 3, 1]  # and one event that says what was forgotten


def test_housekeeping_twice_forgets_nothing_more(session: Session) -> None:
    fill(session, timedelta(days=30))
    forget_old(session, NOW)
    assert str(forget_old(session, NOW)).startswith("0 form tokens, 0 security")


def test_an_import_that_was_applied_is_kept(session: Session) -> None:
    fill(session, timedelta(days=30))
    session.scalars(select(ImportBatch)).one().applied_at = NOW
    session.flush()
    assert forget_old(session, NOW).imports == 0


# ------------------------------------------------------------------ the worker
DAILY = Timed("letters", "Letters", "Writes letters.", Rhythm(Often.DAILY))


class Clock:
    """A clock that tests set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def letters(session: Session, period: Period, now: datetime) -> Summary:
    """Leave one message for the period; the database holds that there is no second one."""
    session.add(
        OutboxMessage(
            dedupe_key=f"letters:{period.key}", kind="test", to_address="a@b", subject="", body="", created_at=now
        )
    )
    session.flush()
    return Summary("1 letter")


def worker(engine: Engine, clock: Clock, run: Callable[..., Summary] = letters) -> Worker:
    """Return a worker with one job."""
    return Worker(engine, (Job(DAILY, run),), lambda _: WEEKDAYS, clock)


def keys(engine: Engine) -> list[str]:
    """Return the messages that there are."""
    with engine.connect() as connection:
        return list(connection.scalars(select(OutboxMessage.dedupe_key).order_by(OutboxMessage.id)))


def runs(engine: Engine) -> list[tuple[str, str, int]]:
    """Return period, state and attempts of each claim."""
    with engine.connect() as connection:
        query = select(JobRun.period, JobRun.state, JobRun.attempts).order_by(JobRun.started_at)
        return [tuple(row) for row in connection.execute(query)]


def test_the_timetable_and_the_schedule_are_one_list(settings: Settings) -> None:
    assert tuple(job.timed for job in schedule(settings)) == TIMETABLE
    assert len({timed.name for timed in TIMETABLE}) == len(TIMETABLE)


def test_a_period_is_run_once_and_its_claim_says_what_it_did(engine: Engine) -> None:
    clock = Clock()
    made = worker(engine, clock)
    assert [outcome.summary for outcome in made.tick()] == ["1 letter"]
    assert made.tick() == worker(engine, clock).tick() == []
    assert keys(engine) == ["letters:2026-11-20"]  # NOW is a Saturday
    assert runs(engine) == [("2026-11-20", "done", 1)]


def test_of_many_workers_at_once_one_runs_the_period(engine: Engine) -> None:
    clock = Clock()
    with ThreadPoolExecutor(6) as pool:
        found = [outcome for each in pool.map(lambda _: worker(engine, clock).tick(), range(6)) for outcome in each]
    assert [outcome.failure for outcome in found] == [""]
    assert keys(engine) == ["letters:2026-11-20"]


def test_after_a_week_without_a_worker_one_period_is_caught_up_with(engine: Engine) -> None:
    clock = Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))
    worker(engine, clock).tick()
    clock.now = datetime(2026, 11, 11, 15, tzinfo=UTC)
    worker(engine, clock).tick()
    assert keys(engine) == ["letters:2026-11-02", "letters:2026-11-11"]


def test_what_fails_leaves_nothing_behind_and_is_tried_again_later(engine: Engine) -> None:
    clock, well = Clock(), []

    def falters(session: Session, period: Period, now: datetime) -> Summary:
        summary = letters(session, period, now)
        if not well:
            raise OSError("the disk is full")
        return summary

    made = worker(engine, clock, falters)
    (outcome,) = made.tick()
    assert outcome.failure == "OSError: the disk is full"
    assert keys(engine) == []
    assert runs(engine) == [("2026-11-20", "failed", 1)]
    assert made.tick() == []  # it waits
    clock.now += timedelta(minutes=6)
    assert len(made.tick()) == 1
    assert runs(engine) == [("2026-11-20", "failed", 2)]
    with Session(engine) as session:
        (line,) = job_lines(session, [DAILY], clock.now, WEEKDAYS)
    assert line.failed is not None
    assert line.failed.retry_at == clock.now + timedelta(minutes=15)
    well.append(True)
    clock.now += timedelta(minutes=16)
    made.tick()
    assert keys(engine) == ["letters:2026-11-20"]
    assert runs(engine) == [("2026-11-20", "done", 3)]


def test_a_failure_that_somebody_else_has_put_right_is_not_written_over_it(engine: Engine) -> None:
    worker(engine, Clock()).tick()
    with transaction(engine) as session:
        assert job_runs.fail(session, "letters", "2026-11-20", "late", NOW) is None
    assert runs(engine) == [("2026-11-20", "done", 1)]


def test_a_run_that_a_manager_asks_for_is_done_at_the_next_tick_and_once(engine: Engine) -> None:
    clock = Clock()
    made = worker(engine, clock)
    made.tick()
    manager = Actor(None, "SEND Programme Manager", roles={1: frozenset({Role.MANAGER})})
    with transaction(engine) as session:
        asked = job_runs.ask_for(session, manager, DAILY, NOW)
    assert [outcome.period for outcome in made.tick()] == [asked]
    assert made.tick() == []
    with Session(engine) as session:
        (line,) = job_lines(session, [DAILY], NOW, WEEKDAYS)
    assert line.last_done is not None
    assert [run.asked_by for run in line.runs if run.asked_by] == ["SEND Programme Manager"]


def test_asking_for_what_failed_tries_that_again_at_once(engine: Engine) -> None:
    def breaks(*_: object) -> Summary:
        raise ValueError("a bad day")

    clock = Clock()
    worker(engine, clock, breaks).tick()
    manager = Actor(None, "SEND Programme Manager", roles={1: frozenset({Role.MANAGER})})
    with transaction(engine) as session:
        assert job_runs.ask_for(session, manager, DAILY, NOW) == "2026-11-20"
    worker(engine, clock).tick()
    assert runs(engine) == [("2026-11-20", "done", 2)]


def test_a_worker_is_heard_of_and_forgotten_a_day_later(engine: Engine) -> None:
    clock = Clock()
    made = worker(engine, clock)
    made.tick()
    with Session(engine) as session:
        assert pulse(session, NOW).running == 1
        assert pulse(session, NOW + timedelta(minutes=6)).running == 0
        assert pulse(session, NOW + timedelta(minutes=6)).seen_at == NOW
    clock.now += timedelta(days=2)
    Worker(engine, (), lambda _: WEEKDAYS, clock, name="another").tick()
    with engine.connect() as connection:
        assert list(connection.scalars(select(WorkerBeat.name))) == ["another"]


def test_housekeeping_commits_what_it_forgot(session: Session, engine: Engine, settings: Settings) -> None:
    person = factories.person(session)
    session.add(FormToken(token="old", person_id=person.id, used_at=datetime(2020, 1, 1, tzinfo=UTC)))
    session.commit()
    made = Worker(engine, schedule(settings)[:1], lambda _: WEEKDAYS, Clock())
    assert [outcome.job for outcome in made.tick()] == [HOUSEKEEPING.name]
    assert counts(session)[0] == 0


def test_the_scheduler_only_ticks_and_survives_a_bad_tick(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    from threading import Event

    ticked = Event()

    def broken() -> None:
        ticked.set()
        raise RuntimeError("no database")

    scheduler = BackgroundScheduler()
    start(scheduler, Worker(engine, (), lambda _: WEEKDAYS, Clock(), after=(broken,)))
    try:
        (tick,) = scheduler.get_jobs()
        assert (tick.id, tick.coalesce, tick.max_instances, tick.misfire_grace_time) == ("tick", True, 1, None)
        assert tick.trigger.interval == timedelta(minutes=1)
        assert ticked.wait(10)
    finally:
        scheduler.shutdown()
    assert "could not do its round" in caplog.text


def test_a_workbook_that_came_back_is_forgotten_after_a_week(session: Session) -> None:
    plan, person = factories.plan(session), factories.person(session)
    for days in (1, 8):
        session.add(
            ReturnedWorkbook(
                plan_id=plan.id,
                person_id=person.id,
                filename="returned.xlsx",
                lead="",
                content="{}",
                result="{}",
                seq=0,
                created_at=NOW - timedelta(days=days),
                applied_at=None,
                act="",
                undone_at=None,
            )
        )
    session.flush()
    assert forget_old(session, NOW).workbooks == 1
    assert len(session.scalars(select(ReturnedWorkbook)).all()) == 1
