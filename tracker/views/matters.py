"""Put a milestone to the board, and take that back."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.governance import MatterForm
from tracker.forms.raid import TakeBackForm
from tracker.queries.matters import matters_of
from tracker.rules.errors import NotFound
from tracker.rules.minutes import MATTER_WORDS
from tracker.rules.permissions import Act
from tracker.services.matters import put_to_board, take_back
from tracker.views.guards import actor, needs, now, today
from tracker.views.milestone_forms import answer, opened, said
from tracker.views.milestones import milestones


@milestones.route("/<int:milestone_id>/board", methods=["GET", "POST"])
@needs(Act.PUT_TO_BOARD)
def put(milestone_id: int) -> ResponseReturnValue:
    """Propose to suspend a milestone, or ask the board for help."""
    page, _ = opened(milestone_id, Act.PUT_TO_BOARD)
    form = MatterForm()
    if not form.is_submitted():
        form.text.data = page.milestone.help_needed

    def act() -> str:
        token, kind, text = form.form_token.data or "", form.kind.data or "", form.text.data or ""
        put_to_board(database(), actor(), now(), milestone_id, token, kind, text)
        return said(milestone_id, "It is put to the board: the next pack asks for its decision.")

    return answer("milestones/put.html", form, page, act)


@milestones.route("/<int:milestone_id>/board/<int:matter_id>", methods=["GET", "POST"])
@needs(Act.PUT_TO_BOARD)
def put_back(milestone_id: int, matter_id: int) -> ResponseReturnValue:
    """Take back what was put to the board."""
    page, _ = opened(milestone_id, Act.PUT_TO_BOARD)
    found = matters_of(database(), page.plan, today(), milestone_id)
    item = next((row for row in found if row.id == matter_id), None)
    if item is None:
        raise NotFound("There is nothing of this kind that was put to the board.")
    form = TakeBackForm()

    def act() -> str:
        token, reason = form.form_token.data or "", form.reason.data or ""
        take_back(database(), actor(), now(), milestone_id, matter_id, token, reason)
        return said(milestone_id, "It is taken back from the board. It stays on the record.")

    return answer("milestones/put_back.html", form, page, act, item=item, words=MATTER_WORDS)
