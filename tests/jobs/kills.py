"""Three workers that are killed at random, period after period: what is left in the outbox.

`python -m tests.jobs 60` runs 60 periods.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tracker.config import Mail, Settings, Smtp
from tracker.jobs.delivery import Drain
from tracker.jobs.schedule import Job
from tracker.jobs.summary import Summary
from tracker.jobs.worker import Worker
from tracker.mail.post_office import PostOffice, make_sender
from tracker.models import JobRun, OutboxMessage
from tracker.models.engine import make_engine, transaction
from tracker.rules.rhythm import Often, Period, Rhythm
from tracker.rules.timetable import Timed
from tracker.rules.working_days import WEEKDAYS

FIRST = date(2026, 1, 1)
MESSAGES = 3
WORKERS = 3
_PAUSE = 0.02
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.jobs.kills"])  # so that a worker is there at once, with everything imported


def moment(number: int) -> datetime:
    """Return the moment of a period: the morning of its day."""
    return datetime(FIRST.year, FIRST.month, FIRST.day, 9, tzinfo=UTC) + timedelta(days=number)


def letters(session: Session, period: Period, now: datetime) -> Summary:
    """Leave messages one after the other, slowly enough to be killed in between."""
    for number in range(MESSAGES):
        key = f"{period.key}:{number}"
        session.add(OutboxMessage(dedupe_key=key, kind="test", to_address="a@b", subject="", body="", created_at=now))
        session.flush()
        time.sleep(_PAUSE)
    return Summary(f"{MESSAGES} letters")


JOB = Job(Timed("letters", "Letters", "Writes letters.", Rhythm(Often.NIGHTLY, 3)), letters)


def work(url: str, clock: str) -> None:
    """Tick without a pause, at the moment that a file says, until killed."""
    worker = Worker(make_engine(url), (JOB,), lambda _: WEEKDAYS, lambda: moment(int(Path(clock).read_text())))
    while True:
        with suppress(OperationalError):  # the database is busy with somebody who was killed
            worker.tick()
        time.sleep(0.04)


def _set(clock: Path, number: int) -> None:
    whole = clock.with_suffix(".new")
    whole.write_text(str(number))
    whole.replace(clock)


def _done(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(JobRun.period).where(JobRun.state == "done")))


def run(url: str, folder: Path, periods: int, luck: random.Random) -> tuple[Counter[str], int, set[str]]:
    """Run so many periods under fire; return the messages by key, how many workers were killed, what was done."""
    engine, clock = make_engine(url), folder / "clock"
    _set(clock, 0)

    def worker() -> Any:
        process = _CONTEXT.Process(target=work, args=(url, str(clock)), daemon=True)
        process.start()
        return process

    there, killed = [worker() for _ in range(WORKERS)], 0
    try:
        for number in range(periods):
            _set(clock, number)
            key, until = (FIRST + timedelta(days=number)).isoformat(), time.monotonic() + 60
            patience = 0.15
            while key not in _done(engine):
                assert time.monotonic() < until, f"{key} was never done"
                time.sleep(luck.uniform(0, 0.08))
                unlucky = luck.randrange(WORKERS)
                there[unlucky].kill()
                there[unlucky].join()
                there[unlucky] = worker()
                killed += 1
                time.sleep(patience)  # long enough for one of the others to get through, now and then
                patience *= 1.2  # and longer where the machine is busy
    finally:
        for process in there:
            process.kill()
            process.join()
    with Session(engine) as session:
        found = Counter(session.scalars(select(OutboxMessage.dedupe_key)))
    done = _done(engine)
    engine.dispose()
    return found, killed, done


def carry(url: str, server: Smtp) -> None:
    """Empty the outbox through a mail server without a pause, until killed."""
    mail = Mail(way="smtp", smtp=server, sender="plans@testshire.example")
    settings = Settings(data_dir=Path(), database_url=url, secret_key="", mail=mail)
    drain = Drain(make_engine(url), PostOffice(settings), make_sender(settings), lambda: datetime.now(UTC))
    while True:
        with suppress(OperationalError):
            drain()
        time.sleep(0.02)


def run_delivery(url: str, server: Smtp, messages: int, luck: random.Random) -> tuple[dict[str, str], int]:
    """Let three workers send so many messages under fire; return each address with its state, and how many died."""
    engine = make_engine(url)
    with transaction(engine) as session:
        for number in range(messages):
            address = f"person-{number:03}@testshire.example"
            session.add(
                OutboxMessage(
                    dedupe_key=address, kind="test", to_address=address, subject="s", body="b", created_at=moment(0)
                )
            )

    def worker() -> Any:
        process = _CONTEXT.Process(target=carry, args=(url, server), daemon=True)
        process.start()
        return process

    there, killed, until = [worker() for _ in range(WORKERS)], 0, time.monotonic() + 60
    pending = select(OutboxMessage.id).where(OutboxMessage.state == "pending").limit(1)
    try:
        while True:
            with Session(engine) as session:
                if session.scalar(pending) is None:
                    break
            assert time.monotonic() < until, "There are messages that nobody sends"
            time.sleep(luck.uniform(0.05, 0.2))
            unlucky = luck.randrange(WORKERS)
            there[unlucky].kill()
            there[unlucky].join()
            there[unlucky] = worker()
            killed += 1
        time.sleep(0.3)  # the last ones in hand are written down
    finally:
        for process in there:
            process.kill()
            process.join()
    with Session(engine) as session:
        columns = select(OutboxMessage.to_address, OutboxMessage.state)
        found = {address: state for address, state in session.execute(columns)}  # noqa: C416  rows are no pairs
    engine.dispose()
    return found, killed


def expected(periods: int) -> Counter[str]:
    """Return every message, once."""
    days = [(FIRST + timedelta(days=number)).isoformat() for number in range(periods)]
    return Counter(f"{day}:{number}" for day in days for number in range(MESSAGES))
