"""The outbox: what was sent and what was not, one message as it is sent, and what a person decides of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.queries.outbox import WAITING, messages, preview
from tracker.rules.delivery import Mail
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act
from tracker.services import delivery
from tracker.views.acts import once, say
from tracker.views.filters import asked_number, settings
from tracker.views.guards import actor, needs, now

outbox = Blueprint("outbox", __name__, url_prefix="/outbox")
_STATES = {"": "All", WAITING: "Waiting for a person", **{state.value: state.value.capitalize() for state in Mail}}


@outbox.get("")
@needs(Act.MANAGE_OUTBOX)
def index() -> str:
    """List the messages, newest first."""
    state = request.args.get("state", "") if request.args.get("state", "") in _STATES else ""
    return render_template(
        "outbox/index.html",
        found=messages(database(), now(), state, asked_number("page") or 1),
        state=state,
        states=_STATES,
        here=url_for("outbox.index", state=state or None),
        mail=settings().mail,
    )


@outbox.get("/<int:message_id>")
@needs(Act.MANAGE_OUTBOX)
def show(message_id: int) -> str:
    """Show one message as it is sent; what is about a sensitive plan is masked."""
    found = preview(database(), message_id, now())
    if found is None:
        raise NotFound("There is no such message.")
    return render_template("outbox/show.html", message=found, form=ActForm())


@outbox.post("/<int:message_id>/again")
@needs(Act.MANAGE_OUTBOX)
def again(message_id: int) -> ResponseReturnValue:
    """Have a message sent once more."""
    once(ActForm())
    delivery.send_again(database(), actor(), message_id, now())
    say("The worker sends the message at its next round.")
    return redirect(url_for("outbox.show", message_id=message_id), 303)


@outbox.post("/<int:message_id>/give-up")
@needs(Act.MANAGE_OUTBOX)
def give_up(message_id: int) -> ResponseReturnValue:
    """Say that a message is not to be sent."""
    once(ActForm())
    delivery.give_up(database(), actor(), message_id, now())
    say("The message is given up. It can still be sent from here.")
    return redirect(url_for("outbox.show", message_id=message_id), 303)
