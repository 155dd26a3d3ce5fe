"""What runs without a visitor: when each job ran and runs next, what failed, and a button to have one run now."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.queries.boards import council_days
from tracker.queries.job_runs import job_lines, pulse
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act, scope
from tracker.rules.timetable import TIMETABLE
from tracker.services.job_runs import ask_for
from tracker.views.acts import once, say
from tracker.views.guards import actor, needs, now, today

worker = Blueprint("worker", __name__, url_prefix="/worker")
_KNOWN_AHEAD = 365  # days for which bank holidays ought to be known


@worker.get("")
@needs(Act.RUN_JOBS)
def index() -> str:
    """List the jobs."""
    calendar = council_days(database())
    known = calendar.known_until
    return render_template(
        "worker/index.html",
        jobs=job_lines(database(), TIMETABLE, now(), calendar),
        pulse=pulse(database(), now()),
        holidays_end=known if known is not None and (known - today()).days < _KNOWN_AHEAD else None,
        form=ActForm(),
        may_see_outbox=scope(actor(), Act.MANAGE_OUTBOX, None) is not None,
    )


@worker.post("/<job>/run")
@needs(Act.RUN_JOBS)
def run(job: str) -> ResponseReturnValue:
    """Ask for a job to be run now: the worker does so within a minute."""
    found = next((timed for timed in TIMETABLE if timed.name == job), None)
    if found is None:
        raise NotFound("There is no such job.")
    once(ActForm())
    ask_for(database(), actor(), found, now())
    say(f"{found.title}: the worker runs it within a minute, if one is running.")
    return redirect(url_for("worker.index"), 303)
