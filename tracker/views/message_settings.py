"""How the council tells its people: the rhythm, the grace of the ladder, how long links hold; and what goes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.messages import CouncilForm
from tracker.queries.boards import council_days
from tracker.queries.digest import due_digests
from tracker.queries.message_settings import as_chosen, chosen
from tracker.queries.outbox import MASKED
from tracker.rules.permissions import Act
from tracker.rules.rhythm import read_rhythm
from tracker.rules.timetable import DIGEST
from tracker.services import message_settings as service
from tracker.views.acts import answered, once, say
from tracker.views.filters import settings
from tracker.views.guards import actor, needs, now
from tracker.views.worker import worker

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class NextRun:
    """What the next run of the council's rhythm would send: how many people it looks at, and the first messages."""

    at: datetime
    people: int
    total: int
    rows: tuple[tuple[str, str], ...]  # name and subject


@worker.route("/messages", methods=["GET", "POST"])
@needs(Act.MANAGE_MESSAGES)
def messages() -> ResponseReturnValue:
    """Choose how people are told, or look at what the next run would send with what is typed."""
    stands = as_chosen(database(), settings())
    form = CouncilForm(
        digest=stands.digest,
        grace_manager=stands.grace_days[0],
        grace_senior=stands.grace_days[1],
        link_days=stands.link_days,
    )
    shown = {
        "row": chosen(database()),
        "environment": settings(),
        "rhythm": read_rhythm(settings().digest).words(),
        "act_form": ActForm(formdata=None),
    }
    if "preview" in request.form and form.validate():
        return render_template("worker/messages.html", form=form, preview=_next_run(form.choice.digest), **shown)

    def act() -> str:
        once(form)
        service.choose(database(), actor(), now(), form.choice)
        say("Saved. It holds from the next run on.")
        return url_for("worker.messages")

    return answered("worker/messages.html", form, act, preview=None, **shown)


@worker.post("/messages/forget")
@needs(Act.MANAGE_MESSAGES)
def forget_messages() -> ResponseReturnValue:
    """Go back to what the environment says."""
    once(ActForm())
    there = service.forget_choice(database(), actor(), now())
    say("Messages go as the environment says again." if there else "They go as the environment says already.")
    return redirect(url_for("worker.messages"), 303)


def _next_run(rhythm: str) -> NextRun:
    """Return what would go if nothing were recorded until then, and the worker ran on every day before."""
    days = council_days(database())
    at = read_rhythm(rhythm).following(now(), days).at
    before = DIGEST.rhythm.latest(at - timedelta(minutes=1), days).at
    due = due_digests(database(), rhythm, at, before)
    people = due.told.people
    rows = sorted(
        (people[person_id].name, MASKED if digest.sensitive else digest.subject)
        for person_id, digest in due.digests.items()
    )
    return NextRun(at, len(due.periods), len(rows), tuple(rows[:MOST_SHOWN]))
