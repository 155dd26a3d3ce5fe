"""What a manager decides about a milestone: a completion, a new date, a colour."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.milestones import DecideDateForm, DecideForm, OverrideForm
from tracker.queries.boards import next_meeting_of_plan
from tracker.queries.knock_on import NewDate, knock_on
from tracker.rules.colour import Colour
from tracker.rules.errors import NotFound
from tracker.rules.ladder import Level
from tracker.rules.permissions import Act
from tracker.services.completion import decide_completion
from tracker.services.deadlines import Verdict, decide_new_date, rung_of
from tracker.services.overrides import end_override, override_colour
from tracker.views import looks
from tracker.views.guards import actor, needs, now, today
from tracker.views.milestone_forms import answer, opened, said
from tracker.views.milestones import evidence_links, may_see, milestones

OVERRIDES = (Colour.GREEN, Colour.AMBER, Colour.RED)


@milestones.route("/<int:milestone_id>/decide", methods=["GET", "POST"])
@needs(Act.DECIDE_COMPLETION)
def decide(milestone_id: int) -> ResponseReturnValue:
    """Approve a completion or return it."""
    page, _ = opened(milestone_id, Act.DECIDE_COMPLETION)
    form = DecideForm() if request.method == "POST" else DecideForm(version=page.milestone.version)

    def act() -> str:
        approve = form.decision.data == "approve"
        decide_completion(
            database(),
            actor(),
            now(),
            milestone_id,
            form.version.data or 0,
            form.form_token.data or "",
            approve=approve,
            note=form.reason.data or "",
        )
        return said(milestone_id, "The completion is signed off." if approve else "The completion is returned.")

    more = {"evidence": evidence_links(page), "claimed_by": page.milestone.updated_by, "lapsed_by": page.lapsed_by}
    return answer("milestones/decide.html", form, page, act, **more)


@milestones.route("/<int:milestone_id>/new-date/<int:change_id>", methods=["GET", "POST"])
@needs(Act.DECIDE_DATE)
def decide_date(milestone_id: int, change_id: int) -> ResponseReturnValue:
    """Approve or refuse a new date."""
    page, found = opened(milestone_id, Act.DECIDE_DATE)
    move = next((move for move in page.moves if move.id == change_id), None)
    if move is None:
        raise NotFound("There is no such request for a new date.")
    form = DecideDateForm() if request.method == "POST" else DecideDateForm(version=page.milestone.version)

    def act() -> str:
        approve = form.decision.data == "approve"
        note, minute = form.note.data or "", form.minute.data or ""
        decide_new_date(
            database(),
            actor(),
            now(),
            milestone_id,
            change_id,
            form.version.data or 0,
            form.form_token.data or "",
            Verdict(approve, note, minute, form.meeting_on.data),
        )
        return said(milestone_id, "The new date is approved." if approve else "The new date is refused.")

    rung = rung_of(found.plan, found.milestone, move.from_due, move.to_due)
    waiting = knock_on(database(), {milestone_id: NewDate(move.to_due)}, today(), may_see).get(milestone_id, ())
    more = {"move": move, "needs_minute": rung.level is Level.BOARD, "why": rung.why, "waiting": waiting}
    return answer("milestones/decide_date.html", form, page, act, **more)


@milestones.route("/<int:milestone_id>/override", methods=["GET", "POST"])
@needs(Act.OVERRIDE)
def override(milestone_id: int) -> ResponseReturnValue:
    """Set a colour against the computed one, until a day."""
    page, found = opened(milestone_id, Act.OVERRIDE)
    meeting = next_meeting_of_plan(database(), found.plan.id, today())
    given = {} if request.method == "POST" else {"version": page.milestone.version, "until": meeting}
    form = OverrideForm(**given)
    form.colour.choices = [SelectChoice(c.value, looks.colour_choice(c)) for c in OVERRIDES]

    def act() -> str:
        override_colour(
            database(),
            actor(),
            now(),
            milestone_id,
            form.version.data or 0,
            form.form_token.data or "",
            colour=form.colour.data or "",
            until=form.until.data or today(),
            reason=form.reason.data or "",
        )
        return said(milestone_id, "The colour is overridden. The computed colour is printed beside it.")

    return answer("milestones/override.html", form, page, act, meeting=meeting)


@milestones.post("/<int:milestone_id>/override/end")
@needs(Act.OVERRIDE)
def end_override_now(milestone_id: int) -> ResponseReturnValue:
    """Let the computed colour stand again."""
    form = ActForm()
    end_override(database(), actor(), now(), milestone_id, form.version.data or 0, form.form_token.data or "")
    return redirect(said(milestone_id, "The computed colour stands again."), 303)
