"""The process that runs the schedule: it only ticks, each job is a transaction of its own."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import Engine

from tracker.jobs.schedule import SCHEDULE, Job
from tracker.models.engine import transaction

_LOG = logging.getLogger("tracker.worker")


def run_job(engine: Engine, job: Job) -> object:
    """Run one job now and commit what it wrote; returns its summary."""
    with transaction(engine) as session:
        summary = job.run(session, datetime.now(UTC))
    _LOG.info("%s: %s", job.name, summary)
    return summary


def make_scheduler(engine: Engine) -> BlockingScheduler:
    """Return a scheduler for the whole schedule, in London time; a job that was missed runs once, late."""
    scheduler = BlockingScheduler(
        timezone="Europe/London", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for job in SCHEDULE:
        scheduler.add_job(run_job, "cron", args=[engine, job], id=job.name, hour=job.hour)
    return scheduler
