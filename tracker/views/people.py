"""People and posts, plainly."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.people import HoldingForm
from tracker.queries.people import holdings, post_line, posts, workstreams_led
from tracker.queries.people import people as everybody
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, permit, scope
from tracker.services.accounts import disable, enable, hold_post
from tracker.services.milestones import use_token
from tracker.views.guards import actor, needs, now, today

people = Blueprint("people", __name__, url_prefix="/people")


@people.get("")
@needs(Act.SEE_PEOPLE)
def index() -> str:
    """List posts with their holders, and people with their roles."""
    return render_template(
        "people/index.html",
        posts=posts(database(), today()),
        people=everybody(database(), today()),
        may_manage=scope(actor(), Act.MANAGE_PEOPLE, None) is not None,
        form=ActForm(),
    )


@people.route("/posts/<int:post_id>", methods=["GET", "POST"])
@needs(Act.SEE_PEOPLE)
def post(post_id: int) -> ResponseReturnValue:
    """Show a post: who held it when and what it leads; an administrator records who holds it."""
    found = post_line(database(), post_id, today())
    if found is None:
        raise NotFound("There is no such post.")
    form = _holding_form() if scope(actor(), Act.MANAGE_PEOPLE, None) is not None else None
    if request.method == "POST":
        permit(actor(), Act.MANAGE_PEOPLE, None)
        assert form is not None
        if form.validate():
            try:
                return _record(form, post_id)
            except Refusal as refusal:
                database().rollback()
                form.refuse(refusal.field, refusal.sentence)
    led = [
        {
            "plan_title": line.plan_title,
            "text": f"{line.ref} {line.title}",
            "href": url_for("plans.workstream", slug=line.plan_slug, workstream_id=line.workstream_id),
        }
        for line in workstreams_led(database(), post_id)
    ]
    held = [
        {"name": line.person, "from_day": line.from_day, "to_day": line.to_day, "deputy": line.deputy}
        for line in holdings(database(), post_id)
    ]
    body = render_template("people/post.html", post=found, holdings=held, led=led, form=form)
    return body, 422 if form is not None and form.error_links else 200


def _holding_form() -> HoldingForm:
    form = HoldingForm()
    active = [line for line in everybody(database(), today()) if not line.disabled]
    form.person_id.choices = [SelectChoice("", "Choose a person")] + [SelectChoice(str(p.id), p.name) for p in active]
    return form


def _record(form: HoldingForm, post_id: int) -> ResponseReturnValue:
    use_token(database(), form.form_token.data or "", actor(), now())
    hold_post(
        database(),
        int(form.person_id.data),
        post_id,
        form.from_day.data or today(),
        to_day=form.to_day.data,
        deputy=bool(form.deputy.data),
    )
    flash("The holder is recorded.", "success")
    return redirect(url_for("people.post", post_id=post_id), 303)


@people.post("/<int:person_id>/disable")
@needs(Act.MANAGE_PEOPLE)
def disable_person(person_id: int) -> ResponseReturnValue:
    """Disable an account: its sessions end at their next request."""
    return _act(person_id, off=True)


@people.post("/<int:person_id>/enable")
@needs(Act.MANAGE_PEOPLE)
def enable_person(person_id: int) -> ResponseReturnValue:
    """Let a person sign in again."""
    return _act(person_id, off=False)


def _act(person_id: int, *, off: bool) -> ResponseReturnValue:
    form = ActForm()
    use_token(database(), form.form_token.data or "", actor(), now())
    if off:
        person = disable(database(), actor(), person_id, now())
        flash(f"{person.name} is disabled. You can enable the account again.", "success")
    else:
        person = enable(database(), actor(), person_id)
        flash(f"{person.name} can sign in again.", "success")
    return redirect(url_for("people.index"), 303)
