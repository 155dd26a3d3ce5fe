"""Whether the service answers and reaches its database, for whoever watches it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from tracker.extensions import database
from tracker.queries.job_runs import pulse
from tracker.views.guards import now, public

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Answer while the process lives."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@health.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Answer while the database answers, and say when a worker was last heard of; otherwise the 503 page."""
    database().execute(text("SELECT 1 FROM plan LIMIT 1"))
    found = pulse(database(), now())
    seen = f"{found.seen_at:%Y-%m-%dT%H:%M:%SZ}" if found.seen_at else "never"
    return (
        f"ready\nworkers running: {found.running}\nworker last seen: {seen}\n",
        200,
        {"Content-Type": "text/plain; charset=utf-8"},
    )
