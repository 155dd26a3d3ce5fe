"""People and posts, plainly."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.queries.people import people as everybody
from tracker.queries.posts import holdings, post_line, posts
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act, scope
from tracker.services.accounts import disable, enable
from tracker.services.milestones import use_token
from tracker.views.guards import actor, needs, now, today

people = Blueprint("people", __name__, url_prefix="/people")


@people.get("")
@needs(Act.SEE_PEOPLE)
def index() -> str:
    """List posts with their holders, and people with their roles."""
    return render_template(
        "people/index.html",
        posts=posts(database(), today(), actor()),
        people=everybody(database(), today(), actor()),
        may_manage=scope(actor(), Act.MANAGE_PEOPLE, None) is not None,
        form=ActForm(),
    )


@people.get("/posts/<int:post_id>")
@needs(Act.SEE_PEOPLE)
def post(post_id: int) -> str:
    """Show a post: who held it when, and what it leads."""
    found = post_line(database(), post_id, today(), actor())
    if found is None:
        raise NotFound("There is no such post.")
    return render_template(
        "people/post.html",
        post=found,
        holdings=holdings(database(), post_id),
        today=today(),
    )


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
        person = enable(database(), actor(), person_id, now())
        flash(f"{person.name} can sign in again.", "success")
    return redirect(url_for("people.index"), 303)
