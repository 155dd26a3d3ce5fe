"""What runs without a visitor, from the command line: the worker, its jobs one by one."""

from __future__ import annotations

import logging
import signal
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.cli.console import database, fail, print_json
from tracker.config import Settings
from tracker.models.engine import transaction, writing
from tracker.rules.dates import LONDON, show_day
from tracker.rules.rhythm import Period

if TYPE_CHECKING:
    from tracker.jobs.schedule import Job
    from tracker.jobs.worker import Worker

_DAY = "%Y-%m-%d"


class Moment(click.DateTime):
    """A moment in London; a day alone is its noon, when what is done in the morning is due."""

    def __init__(self) -> None:
        super().__init__(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", _DAY])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment that was typed."""
        found: datetime = super().convert(value, param, ctx)
        alone = isinstance(value, str) and len(value.strip()) == len("2026-12-07")
        return found.replace(hour=12) if alone else found


def show_moment(instant: datetime) -> str:
    """Return an instant as London has it, "21 November 2026, 14:05"."""
    local = instant.astimezone(LONDON)
    return f"{show_day(local.date())}, {local:%H:%M}"


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and end, for cron or the Windows Task Scheduler.")
def worker(once: bool) -> None:
    """Run what has to be done without a visitor, until stopped."""
    from apscheduler.schedulers.blocking import BlockingScheduler

    from tracker.jobs.worker import start

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    with database() as engine:
        made = make_worker(engine, Settings.from_environment())
        if once:
            outcomes = made.tick()
            for outcome in outcomes:
                click.echo(f"{outcome.job} for {outcome.period}: {outcome.summary or outcome.failure}")
            if not outcomes:
                click.echo("Nothing was due.")
            sys.exit(1 if any(outcome.failure for outcome in outcomes) else 0)
        scheduler = BlockingScheduler()
        signal.signal(signal.SIGTERM, lambda *_: scheduler.shutdown(wait=False))
        click.echo("The worker runs. Stop it with Ctrl+C.")
        start(scheduler, made)


def make_worker(engine: Engine, settings: Settings) -> Worker:
    """Return the worker of an installation."""
    from tracker.jobs.delivery import Drain
    from tracker.jobs.schedule import schedule
    from tracker.jobs.webhooks import Hooks
    from tracker.jobs.worker import Worker
    from tracker.mail.post_office import PostOffice, make_sender
    from tracker.queries.boards import council_days

    drain = Drain(engine, PostOffice(settings), make_sender(settings), lambda: datetime.now(UTC))
    hooks = Hooks(engine, settings, lambda: datetime.now(UTC))
    return Worker(engine, schedule(settings), council_days, after=(drain, hooks))


@click.group()
def jobs() -> None:
    """Show and run the jobs of the worker."""


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def list_jobs(as_json: bool) -> None:
    """List the jobs: when each runs, what it did last, when it is due next."""
    from tracker.queries.boards import council_days
    from tracker.queries.job_runs import job_lines, pulse
    from tracker.rules.timetable import TIMETABLE

    now = datetime.now(UTC)
    with database() as engine, Session(engine) as session:
        lines = job_lines(session, TIMETABLE, now, council_days(session))
        beat = pulse(session, now)
    if as_json:
        found = [
            {
                "name": line.job.name,
                "does": line.job.does,
                "rhythm": line.job.rhythm.words(),
                "next_at": line.next_at.isoformat(),
                "runs": [_plain(asdict(run)) for run in line.runs],
            }
            for line in lines
        ]
        seen = beat.seen_at.isoformat() if beat.seen_at else None
        print_json({"jobs": found, "workers": beat.running, "worker_seen_at": seen})
        return
    for line in lines:
        click.echo(f"{line.job.name}: {line.job.rhythm.words()}, next on {show_moment(line.next_at)}. {line.job.does}")
        for run in line.runs[:1]:
            said = run.failure if run.state == "failed" else run.summary
            click.echo(f"  {run.state} for {run.period}, {show_moment(run.started_at)}: {said}")
    seen_at = f"last heard of on {show_moment(beat.seen_at)}" if beat.seen_at else "none has ever run"
    click.echo(f"Workers that run: {beat.running}; {seen_at}.")


@jobs.command("run")
@click.argument("name")
@click.option(
    "--as-at",
    "as_at",
    type=Moment(),
    required=True,
    help="The moment it is taken to be, in London; of a day alone, noon.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; print what would be sent.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def run_job(name: str, as_at: datetime, dry_run: bool, as_json: bool) -> None:
    """Run the period of a job that is due at a moment, unless it was run already."""
    moment = as_at.replace(tzinfo=LONDON).astimezone(UTC)
    with database() as engine:
        made = make_worker(engine, Settings.from_environment())
        job = _named(made, name)
        with Session(engine) as session:
            period = job.timed.rhythm.latest(moment, made.calendar(session))
        told = _run(engine, job, period, moment, dry_run=dry_run)
    told = {"job": name, "period": period.key, "as_at": moment.isoformat(), "dry_run": dry_run, **told}
    if as_json:
        print_json(told)
        return
    if not told["ran"]:
        click.echo(f"{name} was run for {period.key} already; nothing was done again.")
        return
    for message in told["messages"]:
        click.echo(f"To {message['to']}: {message['subject']}\n\n{message['body']}\n{'-' * 72}")
    click.echo(f"{name} for {period.key}{' (nothing was written)' if dry_run else ''}: {told['summary']}")


def _run(engine: Engine, job: Job, period: Period, moment: datetime, *, dry_run: bool) -> dict[str, Any]:
    """Run a job in one transaction, which a dry run takes back; returns what it did and which messages it left."""
    from tracker.queries.outbox import left_after, newest_id
    from tracker.services import job_runs

    now = datetime.now(UTC)
    if not dry_run:
        with transaction(engine) as session:
            before = newest_id(session)
            if not job_runs.claim(session, job.name, period.key, now, moment):
                return {"ran": False, "summary": "", "messages": []}
            summary = str(job.run(session, period, moment))
            job_runs.finish(session, job.name, period.key, summary, datetime.now(UTC))
            return {"ran": True, "summary": summary, "messages": left_after(session, before)}
    with writing(), Session(engine) as session:
        before = newest_id(session)
        summary = str(job.run(session, period, moment))
        messages = left_after(session, before)
        session.rollback()
    return {"ran": True, "summary": summary, "messages": messages}


def _named(made: Worker, name: str) -> Job:
    found = next((job for job in made.jobs if job.name == name), None)
    if found is None:
        fail(f"There is no job {name}. Jobs: {', '.join(job.name for job in made.jobs)}.")
    return found


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in values.items()}


COMMANDS = (worker, jobs)
