"""Links of a milestone: the actions it belongs to, and what it waits for."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.links import LinkActionsForm, PredecessorForm, StopWaitingForm
from tracker.models import Action, MilestoneAction
from tracker.queries.links import MOST, candidates
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act
from tracker.rules.text import clean
from tracker.services.links import add_predecessor, link_actions, remove_predecessor
from tracker.views.guards import actor, needs, now, today
from tracker.views.milestone_forms import answer, opened, said
from tracker.views.milestones import milestones

_LONGEST_SEARCH = 200


@milestones.route("/<int:milestone_id>/actions", methods=["GET", "POST"])
@needs(Act.EDIT)
def actions(milestone_id: int) -> ResponseReturnValue:
    """Link a milestone to some of the actions of its workstream, or take links away."""
    page, found = opened(milestone_id, Act.EDIT)
    linked = select(MilestoneAction.action_id).where(
        MilestoneAction.milestone_id == milestone_id, MilestoneAction.unlinked_on.is_(None)
    )
    own = (Action.workstream_id == found.milestone.workstream_id) & (Action.standing == "open")
    there = select(Action.id, Action.ref, Action.text).where(own | Action.id.in_(linked))
    rows = database().execute(there.order_by(Action.position, Action.id)).all()
    form = LinkActionsForm()
    if request.method == "GET":
        form = LinkActionsForm(version=page.milestone.version, actions=list(database().scalars(linked)))
    form.actions.choices = [SelectChoice(key, f"{ref} {text}".strip()) for key, ref, text in rows]

    def act() -> str:
        version, token = form.version.data or 0, form.form_token.data or ""
        chosen, reason = form.actions.data or [], form.reason.data or ""
        link_actions(database(), actor(), now(), milestone_id, version, token, chosen, reason)
        return said(milestone_id, "The links to actions are changed.")

    return answer("milestones/actions.html", form, page, act, there=bool(rows))


@milestones.route("/<int:milestone_id>/predecessors", methods=["GET", "POST"])
@needs(Act.EDIT)
def predecessors(milestone_id: int) -> ResponseReturnValue:
    """Search for a milestone, and say that this one waits for it."""
    page, _ = opened(milestone_id, Act.EDIT)
    text = clean(request.args.get("q", ""))[:_LONGEST_SEARCH]
    plans = None if actor().administrator else actor().roles
    found = candidates(database(), milestone_id, page.plan.id, plans, text, today())
    form = PredecessorForm() if request.method == "POST" else PredecessorForm(version=page.milestone.version)
    form.predecessor.choices = [SelectChoice(row.milestone_id, row.name) for row in found.rows]

    def act() -> str:
        version, token = form.version.data or 0, form.form_token.data or ""
        other, reason = form.predecessor.data, form.reason.data or ""
        add_predecessor(database(), actor(), now(), milestone_id, version, token, other, reason)
        return said(milestone_id, "It waits for that milestone now. Its colour follows.")

    here = url_for("milestones.predecessors", milestone_id=milestone_id, q=text or None)
    return answer("milestones/predecessors.html", form, page, act, found=found, text=text, most=MOST, here=here)


@milestones.route("/<int:milestone_id>/predecessors/<int:link_id>/remove", methods=["GET", "POST"])
@needs(Act.EDIT)
def stop_waiting(milestone_id: int, link_id: int) -> ResponseReturnValue:
    """Say that a milestone no longer waits for another."""
    page, _ = opened(milestone_id, Act.EDIT)
    other = next((one for one in page.waits_for if one.link_id == link_id), None)
    if other is None and request.method == "GET":
        raise NotFound("There is no such link, or it has been taken away already.")
    form = StopWaitingForm() if request.method == "POST" else StopWaitingForm(version=page.milestone.version)

    def act() -> str:
        version, token = form.version.data or 0, form.form_token.data or ""
        remove_predecessor(database(), actor(), now(), milestone_id, link_id, version, token, form.reason.data or "")
        return said(milestone_id, "It no longer waits for that milestone.")

    return answer("milestones/stop_waiting.html", form, page, act, other=other, link_id=link_id)
