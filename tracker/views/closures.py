"""The days on which the council is closed: shown, added, taken off the list and put back."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.boards import ClosureForm
from tracker.forms.fields import ActForm, WritingForm
from tracker.queries.boards import closure_days, council_days
from tracker.queries.security import board_changes
from tracker.rules.dates import show_day
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act
from tracker.services import boards as service
from tracker.views.acts import answered, say
from tracker.views.boards import boards
from tracker.views.guards import actor, needs, now


@boards.route("/closures", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def closures() -> ResponseReturnValue:
    """Show and add days on which the council is closed."""
    form = ClosureForm()

    def act() -> str:
        assert form.day.data is not None
        token = form.form_token.data or ""
        service.add_closure(database(), actor(), now(), token, form.day.data, form.name.data or "")
        say("The day is added. Days that are worked out from meetings follow it.")
        return url_for("boards.closures")

    days, listed = council_days(database()), closure_days(database())
    return answered(
        "boards/closures.html",
        form,
        act,
        board=None,
        meeting=None,
        closures=[row for row in listed if row.removed_on is None],
        removed=[row for row in listed if row.removed_on is not None],
        changes=board_changes(database(), None),
        known_until=days.known_until,
        button=ActForm(),
    )


@boards.route("/closures/<int:closure_id>/remove", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def remove_closure(closure_id: int) -> ResponseReturnValue:
    """Ask whether a closure day is to be taken off the list, and take it off."""
    closure = next((row for row in closure_days(database()) if row.id == closure_id), None)
    if closure is None:
        raise NotFound("There is no such closure day.")
    form = WritingForm()

    def act() -> str:
        service.remove_closure(database(), actor(), now(), form.form_token.data or "", closure_id)
        say("The day is off the list. It can be put back below.")
        return url_for("boards.closures")

    return answered(
        "boards/ask.html",
        form,
        act,
        board=None,
        meeting=None,
        question="Take the day off the list",
        said=f"{show_day(closure.day)}, {closure.name}, counts as a working day again. Days of meetings that "
        "are worked out move with it. It can be put back.",
        back=url_for("boards.closures"),
    )


@boards.post("/closures/<int:closure_id>/restore")
@needs(Act.MANAGE_BOARDS)
def restore_closure(closure_id: int) -> ResponseReturnValue:
    """Put a closure day back."""
    service.restore_closure(database(), actor(), now(), ActForm().form_token.data or "", closure_id)
    say("The day is on the list again.")
    return redirect(url_for("boards.closures"), 303)
