"""How the person who looks is told: how often, and who gets their messages while they are away."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.messages import AwayForm, MessagesForm
from tracker.queries.message_settings import as_chosen
from tracker.queries.preferences import preferences
from tracker.queries.update_links import live_links
from tracker.rules.errors import AlreadyDone, NotFound, NotPermitted, Refusal
from tracker.rules.rhythm import read_rhythm
from tracker.services import preferences as service
from tracker.services.update_links import withdraw_links as withdraw_all
from tracker.views.acts import number, once, say
from tracker.views.filters import settings
from tracker.views.guards import actor, now, signed_in_only, today

my_messages = Blueprint("my_messages", __name__, url_prefix="/my-messages")


@my_messages.get("")
@signed_in_only
def index() -> ResponseReturnValue:
    """Show what the person chose."""
    return _page()


@my_messages.post("")
@signed_in_only
def choose() -> ResponseReturnValue:
    """Choose how often one is told."""
    form = MessagesForm()
    if not form.validate():
        return _page(form)
    once(form)
    chosen = {"at_once": form.at_once.data, "workbook": form.workbook.data}
    service.choose(database(), actor(), form.digest.data or "", **chosen)
    say("Your choice is saved.")
    return redirect(url_for("my_messages.index"), 303)


@my_messages.post("/away")
@signed_in_only
def away() -> ResponseReturnValue:
    """Note days on which one is away."""
    form = AwayForm()
    if not form.validate():
        return _page(away_form=form)
    try:
        once(form)
        first, last = form.from_day.data, form.to_day.data
        assert first is not None  # the form asks for both
        assert last is not None
        service.go_away(database(), actor(), now(), first, last)
    except (AlreadyDone, NotFound, NotPermitted):
        raise
    except Refusal as refusal:
        database().rollback()
        form.refuse(refusal.field, refusal.sentence)
        return _page(away_form=form)
    say("Noted. Your messages go to who deputises for you on these days; otherwise the improvement manager is told.")
    return redirect(url_for("my_messages.index"), 303)


@my_messages.post("/back")
@signed_in_only
def back() -> ResponseReturnValue:
    """Take days away off one's list."""
    once(ActForm())
    there = service.come_back(database(), actor(), number(request.form.get("days")))
    say("These days are off your list." if there else "These days were not on your list; nothing was changed.")
    return redirect(url_for("my_messages.index"), 303)


@my_messages.post("/links/withdraw")
@signed_in_only
def withdraw_links() -> ResponseReturnValue:
    """Let none of one's links in messages open anything any more."""
    once(ActForm())
    there = withdraw_all(database(), actor(), actor().person_id or 0, now())
    say(f"Withdrawn: {there} link{'' if there == 1 else 's'}. The next message that needs one has a new one.")
    return redirect(url_for("my_messages.index"), 303)


def _page(form: MessagesForm | None = None, away_form: AwayForm | None = None) -> ResponseReturnValue:
    person_id = actor().person_id
    assert person_id is not None  # the door lets nobody in who is not signed in
    found = preferences(database(), person_id, today())
    if form is None:
        form = MessagesForm(formdata=None, digest=found.digest, at_once=found.at_once, workbook=found.workbook)
    wrong = next((one for one in (form, away_form) if one is not None and one.errors), None)
    page = render_template(
        "my_messages/index.html",
        found=found,
        links=live_links(database(), person_id, now()),
        form=form,
        away_form=away_form or AwayForm(formdata=None),
        wrong=wrong,
        act_form=ActForm(formdata=None),
        council_rhythm=read_rhythm(as_chosen(database(), settings()).digest).words(),
    )
    return page, 422 if wrong else 200
