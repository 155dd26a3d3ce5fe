"""Calendars to subscribe to, each at a secret address that its person can withdraw."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.exports.ical import to_ical
from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.queries.calendars import offers, opened_calendar
from tracker.rules.errors import NotFound
from tracker.rules.security import Kind
from tracker.rules.text import clean
from tracker.services.calendars import give_address, withdraw_address
from tracker.views.acts import once, say
from tracker.views.filters import settings
from tracker.views.guards import actor, now, public, signed_in_only, today
from tracker.views.refusals import write_refusal

calendars = Blueprint("calendars", __name__, url_prefix="/calendars")


@calendars.get("")
@signed_in_only
def index() -> str:
    """Show the calendars that a person may have, with their addresses."""
    found = offers(database(), str(current_app.secret_key), actor(), today())
    return render_template(
        "calendars/index.html", offers=found, address=settings().address, act_form=ActForm(formdata=None)
    )


@calendars.get("/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """Send a calendar to whoever has its address."""
    g.person = None
    try:
        found = opened_calendar(database(), str(current_app.secret_key), token, now())
    except NotFound:
        write_refusal(Kind.LINK_REFUSED)
        raise
    response = Response(to_ical(found, settings().address, now()), content_type="text/calendar; charset=utf-8")
    response.headers.set("Content-Disposition", "inline", filename="improvement-plans.ics")
    return response


@calendars.post("")
@signed_in_only
def give() -> ResponseReturnValue:
    """Give a calendar an address."""
    once(ActForm())
    give_address(database(), actor(), now(), today(), clean(request.form.get("of", "")))
    say("The calendar has an address now. Keep it to yourself: who has it reads the calendar.")
    return redirect(url_for("calendars.index"), 303)


@calendars.post("/<int:feed_id>/withdraw")
@signed_in_only
def withdraw(feed_id: int) -> ResponseReturnValue:
    """Take an address back."""
    once(ActForm())
    withdraw_address(database(), actor(), now(), feed_id)
    say("The address opens nothing any more. You can get a new one.")
    return redirect(url_for("calendars.index"), 303)
