"""The register of who answers: posts by organisation, one post with its history, and what each answers for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.queries.gaps import gaps, unanswered
from tracker.queries.my_posts import my_posts
from tracker.queries.people import failing_addresses
from tracker.queries.posts import PostLine, holdings, led_by_posts, organisations, post_line, posts
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act, scope
from tracker.rules.posts import ORGANISATION_KINDS
from tracker.rules.text import clean, fold
from tracker.views.guards import actor, needs, signed_in_only, today

people = Blueprint("people", __name__, url_prefix="/people")

SHOWN = {
    "": "Every open post",
    "vacant": "Vacant posts",
    "leading": "Posts that lead something",
    "closed": "Closed posts",
}


@people.get("")
@needs(Act.SEE_PEOPLE)
def index() -> str:
    """List posts by organisation with who holds them and what they answer for."""
    found = posts(database(), today(), actor())
    shown = request.args.get("show", "") if request.args.get("show", "") in SHOWN else ""
    words = clean(request.args.get("q", ""))[:100]
    lines = [line for line in found if _fits(line, shown, words)]
    kept = {line.organisation_id for line in lines}
    return render_template(
        "people/index.html",
        organisations=[line for line in organisations(database()) if line.id in kept or not (shown or words)],
        posts=lines,
        everything=found,
        failing=failing_addresses(database()),
        gaps=gaps(found, unanswered(database(), actor())),
        shown=shown,
        choices=SHOWN,
        words=words,
        kinds=ORGANISATION_KINDS,
        **may(),
    )


@people.get("/posts/<int:post_id>")
@needs(Act.SEE_PEOPLE)
def post(post_id: int) -> str:
    """Show a post: who held it when, who deputised, and what it leads and led."""
    found = find(post_id)
    led = led_by_posts(database(), today(), actor(), post_id, past=True)
    return render_template(
        "people/post.html",
        post=found,
        holdings=holdings(database(), post_id),
        led=led.get(post_id, []),
        form=ActForm(),
        today=today(),
        **may(),
    )


@people.get("/mine")
@signed_in_only
def mine() -> ResponseReturnValue:
    """Show the posts that the person holds or deputises for: what is open, and what the one before left in writing."""
    found = my_posts(database(), actor(), today())
    if not found:
        return redirect(url_for("mine.index"), 303)
    return render_template("people/mine.html", mine=found, today=today())


def find(post_id: int) -> PostLine:
    """Return a post; NotFound if there is none."""
    found = post_line(database(), post_id, today(), actor())
    if found is None:
        raise NotFound("There is no such post.")
    return found


def may() -> dict[str, Any]:
    """Return what the person may do in the register, for its pages."""
    return {
        "may_manage": scope(actor(), Act.MANAGE_PEOPLE, None) is not None,
        "may_read_security": scope(actor(), Act.READ_SECURITY, None) is not None,
    }


def _fits(line: PostLine, shown: str, words: str) -> bool:
    """Return whether a post is among those asked for."""
    if fold(words) and fold(words) not in fold(" ".join((line.title, line.organisation, *line.holders))):
        return False
    if shown == "closed":
        return line.closed_on is not None
    if line.closed_on is not None:
        return False
    return {"vacant": line.vacant, "leading": bool(line.leads)}.get(shown, True)
