"""Update one's own milestones by a link, without signing in. Opening it changes nothing; saving the form does."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.queries.mine import mine
from tracker.rules.errors import NotFound, NotPermitted
from tracker.rules.permissions import Act
from tracker.services.milestones import open_milestone
from tracker.services.update_links import use_link
from tracker.views.guards import actor, by_a_link, now, takes_files, today, who
from tracker.views.updates import Places, answer_update

by_link = Blueprint("by_link", __name__, url_prefix="/u")


@by_link.get("/<token>")
@by_a_link
def index(token: str) -> str:
    """Show what waits for the person whose link it is."""
    found = mine(database(), actor(), today(), today())
    return render_template(
        "by_link/index.html",
        token=token,
        name=who().name,
        waiting=found.waiting,
        leads=found.total,
        demonstration=any(row.demonstration for _, _, rows in found.groups for row in rows),
    )


@by_link.route("/<token>/<int:milestone_id>", methods=["GET", "POST"])
@by_a_link
@takes_files
def update(token: str, milestone_id: int) -> ResponseReturnValue:
    """Update one of the person's milestones: the one-minute form. Those of others are not there."""
    try:
        open_milestone(database(), actor(), Act.UPDATE, milestone_id)
    except (NotFound, NotPermitted):  # alike, so that nobody learns what there is
        raise NotFound("There is no such milestone, or it is not one of yours.") from None
    if request.method == "POST":
        use_link(database(), g.link_id, now())
    home = url_for("by_link.index", token=token)
    places = Places(
        form=lambda key: url_for("by_link.update", token=token, milestone_id=key),
        shown=lambda _: home,
        template="by_link/update.html",
    )
    return answer_update(milestone_id, places)
