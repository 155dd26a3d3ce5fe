"""The page on which an administrator chooses how people are told, and what the next run would send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.views.visitor import Visitor, explained, in_the_box
from tests.views.world import World, contents
from tracker.config import Settings
from tracker.jobs.schedule import schedule
from tracker.models import MessageSettings, OutboxMessage, Plan, SecurityEvent
from tracker.models.engine import transaction
from tracker.queries.message_settings import as_chosen
from tracker.rules.rhythm import Period
from tracker.services import job_runs

Visit = Callable[[str], Visitor]
HOME = "/worker/messages"
TYPED = {"digest": "daily", "grace_manager": "3", "grace_senior": "4", "link_days": "7"}


def logged(watch: Engine) -> list[tuple[str, str]]:
    with Session(watch) as session:
        query = select(SecurityEvent.actor, SecurityEvent.detail).where(
            SecurityEvent.kind == "message settings changed"
        )
        return [tuple(row) for row in session.execute(query.order_by(SecurityEvent.id))]


def test_until_somebody_chooses_the_environment_says_it(visit: Visit, settings: Settings, watch: Engine) -> None:
    page = visit("administrator").get(HOME)
    assert "nobody has chosen otherwise here" in page.words
    assert [in_the_box(page, name) for name in ("grace_manager", "grace_senior", "link_days")] == ["5", "5", "14"]
    assert page.find("//select[@name='digest']/option[@selected]/@value") == ["weekly monday"]
    assert not page.find("//form[contains(@action, 'forget')]")
    with Session(watch) as session:
        assert as_chosen(session, settings) == settings


def test_what_is_chosen_holds_everywhere_and_stands_in_the_security_log(
    visit: Visit, settings: Settings, watch: Engine
) -> None:
    visitor = visit("administrator")
    visitor.send(HOME, TYPED)
    page = visitor.get(HOME)
    assert "Chosen by The administrator on 10 September 2025" in page.words
    assert "every Monday at 07:00; 5 and 5 working days of grace; links for 14 days" in page.words
    assert "every working day at 07:00" in visitor.get("/my-messages").words
    with Session(watch) as session:
        told = as_chosen(session, settings)
        assert (told.digest, told.grace_days, told.link_days) == ("daily", (3, 4), 7)
    visitor.send(f"{HOME}/forget")
    assert "nobody has chosen otherwise here" in visitor.get(HOME).words
    assert logged(watch) == [
        ("The administrator", "daily; grace 3 and 4 working days; links for 7 days"),
        ("The administrator", "as the environment says"),
    ]
    visitor.send(f"{HOME}/forget")
    assert len(logged(watch)) == 2


def test_the_jobs_go_by_what_was_chosen(settings: Settings, watch: Engine, world: World) -> None:
    digest = next(job for job in schedule(replace(settings, digest="weekly friday")) if job.name == "digest")

    def sent(day: int) -> int:
        now = NOW.replace(day=day)
        with transaction(watch) as session:
            digest.run(session, Period(f"{now:%Y-%m-%d}", now), now)
            query = select(OutboxMessage.id).where(OutboxMessage.kind == "digest")
            return len(session.scalars(query).all())

    first = sent(5)  # a Friday, and the first run ever
    assert first
    with transaction(watch) as session:
        session.add(
            MessageSettings(
                id=1, digest="daily", grace_manager=5, grace_senior=5, link_days=0, changed_at=NOW, changed_by="A"
            )
        )
    assert sent(9) > first
    with Session(watch) as session:
        last = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
        assert last.link == ""


@pytest.mark.parametrize(
    ("typed", "box"),
    [
        ({"grace_manager": "0"}, "grace_manager"),
        ({"grace_senior": "61"}, "grace_senior"),
        ({"link_days": "91"}, "link_days"),
        ({"link_days": "a week"}, "link_days"),
        ({"grace_manager": ""}, "grace_manager"),
    ],
)
def test_what_cannot_be_comes_back_as_it_was_typed(
    visit: Visit, watch: Engine, typed: dict[str, str], box: str
) -> None:
    page = visit("administrator").send(HOME, TYPED | typed)
    explained(page)
    assert page.find(f"//input[@name='{box}']/@aria-describedby")
    with Session(watch) as session:
        assert session.get(MessageSettings, 1) is None


def test_the_next_run_is_shown_before_anything_is_saved(visit: Visit, world: World, watch: Engine) -> None:
    before = contents(watch)
    visitor = visit("administrator")
    page = visitor.send(HOME, TYPED | {"preview": "1"})
    assert page.status == 200
    assert "The next run, on 11 September 2025 at 07:00" in page.words
    assert "Nothing is saved yet." in page.words
    rows = page.rows("Messages of the next run")
    assert rows
    assert all(subject.startswith("Improvement plans: ") for _, subject in rows)
    assert contents(watch) == before
    page = visitor.send(HOME, TYPED | {"digest": "weekly friday", "preview": "1"})
    assert "The next run, on 12 September 2025 at 07:00" in page.words
    with transaction(watch) as session:
        for plan in session.scalars(select(Plan)):
            plan.sensitive = True
    page = visitor.send(HOME, TYPED | {"preview": "1"})
    assert {subject for _, subject in page.rows("Messages of the next run")} == {"A message about a sensitive plan"}


def test_the_preview_says_what_the_run_then_sends(
    visit: Visit, world: World, watch: Engine, settings: Settings
) -> None:
    rows = visit("administrator").send(HOME, TYPED | {"preview": "1"}).rows("Messages of the next run")
    job = next(job for job in schedule(replace(settings, digest="daily")) if job.name == "digest")
    for now in (NOW.replace(hour=6), NOW.replace(hour=6) + timedelta(days=1)):
        with transaction(watch) as session:
            assert job_runs.claim(session, "digest", f"{now:%Y-%m-%d}", now, now)
            job.run(session, Period(f"{now:%Y-%m-%d}", now), now)
    with Session(watch) as session:
        query = select(OutboxMessage.subject).where(
            OutboxMessage.kind == "digest", OutboxMessage.created_at == NOW.replace(hour=6) + timedelta(days=1)
        )
        assert sorted(session.scalars(query)) == sorted(subject for _, subject in rows)
