"""`python -m benchmarks.digest [PEOPLE MILESTONES]`: the morning's messages of a large council, in seconds."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine, event, func, insert, select
from sqlalchemy.orm import Session

from benchmarks.dataset import build
from tracker.config import Settings
from tracker.jobs.digest import send_digests
from tracker.jobs.escalation import escalate
from tracker.jobs.summary import Summary
from tracker.models import Holding, Membership, OutboxMessage, Person, Plan, Post
from tracker.models.engine import transaction
from tracker.rules.rhythm import Period

PEOPLE, MILESTONES = 5_000, 100_000
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # a Monday
Job = Callable[[Session, Settings, Period, datetime], Summary]


def populate(engine: Engine, people: int) -> None:
    """Give every post a holder, in turn, until there are so many people; every fiftieth manages plans besides."""
    with transaction(engine) as session:
        first = (session.scalar(select(func.max(Person.id))) or 0) + 1
        posts, plans = list(session.scalars(select(Post.id))), list(session.scalars(select(Plan.id)))
        keys = range(first, first + people)
        named = [{"id": key, "name": f"Person {key}", "email": f"person{key}@benchmark.example"} for key in keys]
        session.execute(insert(Person), named)
        held = [
            {"post_id": posts[number % len(posts)], "person_id": key, "from_day": date(2025, 1, 1)}
            for number, key in enumerate(keys)
        ]
        session.execute(insert(Holding), held)
        managers = list(keys)[::50]
        roles = [
            {"plan_id": plan, "person_id": managers[number % len(managers)], "role": "manager"}
            for number, plan in enumerate(plans)
        ]
        session.execute(insert(Membership), roles)


def measure(engine: Engine, name: str, job: Job, settings: Settings) -> None:
    """Run a job as the worker does, and print what it cost."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    began = time.perf_counter()
    with transaction(engine) as session:
        summary = job(session, settings, Period("2026-11-30", NOW), NOW)
    took = time.perf_counter() - began
    event.remove(engine, "before_cursor_execute", note)
    with Session(engine) as session:
        mails = session.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == name)) or 0
    each = f", {1000 * took / mails:.2f} ms a message" if mails else ""
    print(f"{name}: {took:.1f} s, {len(statements)} statements, {mails} messages{each}. {summary}", flush=True)


def main(people: int, milestones: int) -> None:
    """Make a council of a size and run its morning."""
    with tempfile.TemporaryDirectory() as folder:
        engine = build(Path(folder) / "council.sqlite3", milestones, NOW.date())
        populate(engine, people)
        print(f"{people} people, {milestones} milestones, SQLite")
        settings = Settings(data_dir=Path(folder), database_url="", secret_key="", council_name="The council")
        measure(engine, "digest", send_digests, settings)
        measure(engine, "escalation", escalate, settings)
        engine.dispose()


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (PEOPLE, MILESTONES))
