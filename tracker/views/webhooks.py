"""Webhooks: the addresses that are told of plans, what was delivered to each, and what a person decides of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.webhooks import ChangeForm, WebhookForm
from tracker.queries.plans import seen_plans
from tracker.queries.webhooks import WebhookRow, deliveries
from tracker.queries.webhooks import webhooks as rows_of
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act
from tracker.rules.webhook import EVENT_WORDS, FORM_WORDS
from tracker.services import webhooks as service
from tracker.views.acts import answered, number, once, say
from tracker.views.filters import asked_number, settings
from tracker.views.guards import actor, needs, now

webhooks = Blueprint("webhooks", __name__, url_prefix="/webhooks")


@webhooks.get("")
@needs(Act.MANAGE_WEBHOOKS)
def index() -> str:
    """List the addresses."""
    return render_template("webhooks/index.html", rows=rows_of(database()), events=EVENT_WORDS, forms=FORM_WORDS)


@webhooks.route("/new", methods=["GET", "POST"])
@needs(Act.MANAGE_WEBHOOKS)
def create() -> ResponseReturnValue:
    """Register an address."""
    form = WebhookForm()
    _offer_plans(form)

    def act() -> str:
        once(form)
        made = service.register(
            database(),
            actor(),
            now(),
            form.address.data or "",
            form.secret.data or "",
            form.kinds.data or [],
            form.form.data or "",
            number(form.plan.data) if form.plan.data else None,
            loopback=settings().webhook_loopback,
        )
        say("The address is registered. It is told of what happens from now on.")
        if not form.secret.data:
            _show_once(made.secret)
        return url_for("webhooks.show", webhook_id=made.id)

    return answered("webhooks/form.html", form, act, hook=None)


@webhooks.get("/<int:webhook_id>")
@needs(Act.MANAGE_WEBHOOKS)
def show(webhook_id: int) -> str:
    """Show one address with what was or is to be delivered to it."""
    row = _find(webhook_id)
    found, page, pages = deliveries(database(), webhook_id, asked_number("page") or 1)
    return render_template(
        "webhooks/show.html",
        row=row,
        deliveries=found,
        page=page,
        pages=pages,
        here=url_for("webhooks.show", webhook_id=webhook_id),
        events=EVENT_WORDS,
        forms=FORM_WORDS,
        form=ActForm(),
    )


@webhooks.route("/<int:webhook_id>/edit", methods=["GET", "POST"])
@needs(Act.MANAGE_WEBHOOKS)
def edit(webhook_id: int) -> ResponseReturnValue:
    """Change where an address leads, and what it is told of."""
    hook = _find(webhook_id).webhook
    form = ChangeForm(
        address=hook.address, plan=str(hook.plan_id or ""), kinds=list(map(str, hook.kinds)), form=hook.form
    )
    _offer_plans(form)

    def act() -> str:
        once(form)
        changed = service.change(
            database(),
            actor(),
            now(),
            webhook_id,
            form.address.data or "",
            form.kinds.data or [],
            form.form.data or "",
            number(form.plan.data) if form.plan.data else None,
            ours=settings().address,
            loopback=settings().webhook_loopback,
        )
        say(f"Changed: {', '.join(changed)}. It holds from now on." if changed else "Nothing was changed.")
        return url_for("webhooks.show", webhook_id=webhook_id)

    return answered("webhooks/form.html", form, act, hook=hook)


@webhooks.route("/<int:webhook_id>/secret", methods=["GET", "POST"])
@needs(Act.MANAGE_WEBHOOKS)
def secret(webhook_id: int) -> ResponseReturnValue:
    """Make a new secret, and show it once."""
    form, row = ActForm(), _find(webhook_id)

    def act() -> str:
        once(form)
        _show_once(service.renew_secret(database(), actor(), now(), webhook_id))
        return url_for("webhooks.show", webhook_id=webhook_id)

    return answered("webhooks/secret.html", form, act, row=row)


@webhooks.route("/<int:webhook_id>/delete", methods=["GET", "POST"])
@needs(Act.MANAGE_WEBHOOKS)
def delete(webhook_id: int) -> ResponseReturnValue:
    """Delete an address for good."""
    form = ActForm()
    if request.method == "POST":
        once(form)  # before it is looked for: sent twice, it is gone
    row = _find(webhook_id)

    def act() -> str:
        service.remove(database(), actor(), now(), webhook_id)
        say("The address is deleted, with the log of its deliveries.")
        return url_for("webhooks.index")

    return answered("webhooks/delete.html", form, act, row=row)


@webhooks.post("/<int:webhook_id>/switch")
@needs(Act.MANAGE_WEBHOOKS)
def switch(webhook_id: int) -> ResponseReturnValue:
    """Switch an address off or on again."""
    once(ActForm())
    on = service.switch(database(), actor(), now(), webhook_id)
    say("The address is told again of what happens from now on." if on else "The address is told of nothing any more.")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id), 303)


@webhooks.post("/<int:webhook_id>/deliveries/<int:delivery_id>/again")
@needs(Act.MANAGE_WEBHOOKS)
def again(webhook_id: int, delivery_id: int) -> ResponseReturnValue:
    """Have a delivery sent once more."""
    once(ActForm())
    service.send_again(database(), actor(), now(), webhook_id, delivery_id)
    say("The worker sends it at its next round.")
    page = number(request.form.get("page", ""))
    return redirect(url_for("webhooks.show", webhook_id=webhook_id, page=page or None), 303)


def _find(webhook_id: int) -> WebhookRow:
    found = rows_of(database(), webhook_id)
    if not found:
        raise NotFound("There is no such webhook.")
    return found[0]


def _offer_plans(form: ChangeForm) -> None:
    form.plan.choices = [
        SelectChoice("", "All plans"),
        *(SelectChoice(key, title) for key, title in seen_plans(database(), actor())),
    ]


def _show_once(made: str) -> None:
    """Show a secret on the next page, and on no other."""
    say(f"The secret is {made}. Copy it to the receiver now: it is not shown again.")
