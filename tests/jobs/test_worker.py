"""The schedule, and what housekeeping forgets and keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from tracker.jobs.schedule import SCHEDULE
from tracker.jobs.worker import make_scheduler, run_job
from tracker.models import FormToken, ImportBatch, SecurityEvent
from tracker.rules.security import Kind
from tracker.services.housekeeping import forget_old
from tracker.services.security import Noted, note

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def fill(session: Session, age: timedelta) -> None:
    """Add one of each thing that is kept for a while, of an age."""
    person = factories.person(session)
    at = NOW - age
    session.add(FormToken(token=f"token-{age.days}", person_id=person.id, used_at=at))
    note(session, at, Kind.SIGN_IN_FAILED, None, Noted("someone@testshire.example"))
    session.add(
        ImportBatch(
            key=f"key-{age.days}",
            plan_slug="a-plan",
            filename="plan.xlsx",
            sha256="",
            result="{}",
            person_id=person.id,
            created_at=at,
            applied_at=None,
        )
    )
    session.flush()


def counts(session: Session) -> list[int]:
    """Return how many tokens, security events and imports there are."""
    return [session.scalar(select(func.count()).select_from(m)) or 0 for m in (FormToken, SecurityEvent, ImportBatch)]


def test_what_is_past_its_time_is_forgotten_and_the_rest_stays(session: Session) -> None:
    for days in (1, 8, 366):
        fill(session, timedelta(days=days))
    assert str(forget_old(session, NOW)) == "2 form tokens, 1 security events, 2 imports not applied"
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


def test_a_job_commits_what_it_wrote(session: Session, engine: Engine) -> None:
    person = factories.person(session)
    session.add(FormToken(token="old", person_id=person.id, used_at=datetime(2020, 1, 1, tzinfo=UTC)))
    session.commit()
    run_job(engine, SCHEDULE[0])
    assert counts(session)[0] == 0


def test_every_job_has_its_hour_in_london_and_none_in_the_hour_that_comes_twice(engine: Engine) -> None:
    scheduler = make_scheduler(engine)
    jobs = scheduler.get_jobs()
    assert [job.id for job in jobs] == [job.name for job in SCHEDULE]
    assert all(str(job.trigger.timezone) == "Europe/London" for job in jobs)
    assert all(job.hour != 1 for job in SCHEDULE)
