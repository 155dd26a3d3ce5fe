"""One milestone: what it is, why it has its colour, and every act on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import ActForm, WritingForm
from tracker.forms.milestones import (
    ClaimForm,
    DecideDateForm,
    DecideForm,
    NewDateForm,
    OverrideForm,
    UpdateForm,
)
from tracker.models import Evidence
from tracker.queries.milestone_page import MilestonePage, milestone_page, plan_of
from tracker.queries.mine import mine
from tracker.queries.rows import ComingChange
from tracker.rules.colour import NAMES, WORDS, Colour
from tracker.rules.errors import Conflict, NotFound, Refusal
from tracker.rules.facts import Confidence, SignOff
from tracker.rules.permissions import Act, allowed
from tracker.rules.status import assess
from tracker.services.completion import Claim, NewEvidence, claim_completion, decide_completion
from tracker.services.deadlines import DateRequest, decide_new_date, request_new_date, within_delegation
from tracker.services.evidence_files import keep_file, read_file
from tracker.services.milestones import Opened, open_milestone
from tracker.services.overrides import end_override, override_colour
from tracker.services.updates import Update, update_milestone
from tracker.views.filters import as_at, settings
from tracker.views.guards import actor, needs, new_form_token, now, today

milestones = Blueprint("milestones", __name__, url_prefix="/milestones")


def load(milestone_id: int, day: date) -> MilestonePage:
    """Return the page of a milestone in a plan that the person may see; NotFound otherwise."""
    plan = plan_of(database(), milestone_id)
    if plan is None or not allowed(actor(), Act.SEE, plan.id):
        raise NotFound("There is no such milestone, or you may not see its plan.")
    found = milestone_page(database(), plan, milestone_id, day, today())
    if found is None:
        raise NotFound("This milestone was not in the plan on that day.")
    return found


def frame(page: MilestonePage, day: date) -> dict[str, Any]:
    """Return what every page about a milestone shows."""
    return {
        "plan": page.plan,
        "milestone": page.milestone,
        "tab": "",
        "may_attach": True,
        "today": today(),
        "day": day,
        "as_at": g.get("as_at"),
        "as_at_shortcuts": [],
        "demonstration": page.plan.demonstration,
    }


def permissions(page: MilestonePage, day: date) -> dict[str, bool]:
    """Return what the person may do to a milestone now; a page as at another day is for reading."""
    row = page.milestone
    own = bool(actor().posts & {lead.post_id for lead in row.leads})
    pending = any(move.state == "requested" for move in page.moves)
    is_open = row.signoff not in {"claimed", "approved", "lapsed"}
    waiting = row.signoff in {"claimed", "lapsed"} and page.claimed_by_id != actor().person_id
    possible = {
        "update": (Act.UPDATE, is_open),
        "claim": (Act.CLAIM, is_open),
        "new_date": (Act.REQUEST_DATE, is_open and not pending),
        "decide": (Act.DECIDE_COMPLETION, waiting),
        "decide_date": (Act.DECIDE_DATE, pending),
        "override": (Act.OVERRIDE, row.computed not in {Colour.BLUE, Colour.NONE} and row.rule != "3"),
        "end_override": (Act.OVERRIDE, page.override_until is not None),
        "read_ledger": (Act.READ_LEDGER, True),
    }
    current = day == today() and row.standing == "open"
    return {
        name: (current or act is Act.READ_LEDGER) and state and allowed(actor(), act, page.plan.id, own=own)
        for name, (act, state) in possible.items()
    }


@milestones.get("/<int:milestone_id>")
@needs(Act.SEE)
def show(milestone_id: int) -> str:
    """Show a milestone with its receipt, timeline and history."""
    day = as_at()
    page = load(milestone_id, day)
    row = page.milestone
    may = permissions(page, day)
    waiting = next((move for move in page.moves if move.state == "requested"), None)
    last_days = [found for found in (row.due, row.original_due, row.forecast, today()) if found is not None]
    return render_template(
        "milestones/show.html",
        **frame(page, day),
        change=_coming(page),
        receipt=page.receipt,
        scheme=_thresholds(page),
        spans=page.spans,
        line_start=min(span.from_day for span in page.spans),
        line_end=max(last_days) + timedelta(days=60),
        updates=page.updates,
        actions=page.actions,
        predecessors=(),
        evidence=evidence_links(page),
        moves=page.moves,
        history=page.history if may["read_ledger"] else (),
        override_reason=page.override_reason,
        override_until=page.override_until,
        may=may,
        waiting=waiting,
        may_decide_date=may["decide_date"],
        form=ActForm(version=row.version),
    )


def _coming(page: MilestonePage) -> ComingChange | None:
    if page.next_change is None:
        return None
    day, verdict = page.next_change
    return ComingChange(page.milestone, day, page.milestone.colour, verdict.colour, verdict.reason)


def _thresholds(page: MilestonePage) -> list[tuple[str, str]]:
    scheme = page.scheme
    return [
        ("Not started is Amber from", f"{scheme.not_started_days} days before the deadline"),
        ("Sign-off within", f"{scheme.signoff_days} days"),
        ("Moved too often from", f"{scheme.cap_moves} moves, or {scheme.cap_months} months past the original date"),
    ]


def evidence_links(page: MilestonePage) -> list[dict[str, Any]]:
    """Return the evidence of a milestone as links."""
    return [
        {
            "title": item.title,
            "href": item.url
            or url_for("milestones.evidence", milestone_id=page.milestone.id, evidence_id=item.id),
            "added_on": item.added_on,
            "added_by": item.added_by,
        }
        for item in page.evidence
    ]


@milestones.route("/<int:milestone_id>/update", methods=["GET", "POST"])
@needs(Act.UPDATE)
def update(milestone_id: int) -> ResponseReturnValue:
    """Update a milestone: the one-minute form."""
    page, _ = _opened(milestone_id, Act.UPDATE)
    form = UpdateForm() if request.method == "POST" else _update_form(page)
    if form.is_submitted() and form.validate():
        try:
            return _save_update(form, milestone_id)
        except Conflict as conflict:
            return _conflict(form, page, conflict)
        except Refusal as refusal:
            _refused(form, refusal)
    left = [row for row in mine(database(), actor(), today()).waiting if row.milestone.id != milestone_id]
    return _form_page("milestones/update.html", form, page, gives=_gives(page), more=len(left))


def _gives(page: MilestonePage) -> list[dict[str, Any]]:
    """Return the colour that each answer to "How is it going?" would give today."""
    facts = replace(page.facts, started=page.facts.started or today(), confirmed=True, blocked="")
    answers = {
        Confidence.ON_TRACK.value: replace(facts, confidence=Confidence.ON_TRACK, forecast=None),
        Confidence.AT_RISK.value: replace(facts, confidence=Confidence.AT_RISK),
        Confidence.WILL_MISS.value: replace(facts, confidence=Confidence.WILL_MISS),
        "done": replace(facts, claimed=today(), completed=today(), signoff=SignOff.CLAIMED, signoff_day=today()),
    }
    found = []
    for answer, then in answers.items():
        verdict = assess(then, today(), page.scheme)
        found.append({"answer": answer, "colour": verdict.colour, "reason": verdict.reason})
    return found


@milestones.route("/<int:milestone_id>/claim", methods=["GET", "POST"])
@needs(Act.CLAIM)
def claim(milestone_id: int) -> ResponseReturnValue:
    """Claim completion with evidence."""
    page, _ = _opened(milestone_id, Act.CLAIM)
    row = page.milestone
    form = ClaimForm()
    if request.method == "GET":
        form = ClaimForm(version=row.version, progress=row.progress, impact=row.impact)
    if form.is_submitted() and form.validate():
        try:
            _save_claim(form, milestone_id)
            return _done(milestone_id, "The completion is claimed and waits for sign-off by somebody else.")
        except Conflict as conflict:
            return _conflict(form, page, conflict)
        except Refusal as refusal:
            _refused(form, refusal)
    return _form_page("milestones/claim.html", form, page, approvers="The improvement manager, or another manager of the plan,")


@milestones.route("/<int:milestone_id>/decide", methods=["GET", "POST"])
@needs(Act.DECIDE_COMPLETION)
def decide(milestone_id: int) -> ResponseReturnValue:
    """Approve a completion or return it."""
    page, _ = _opened(milestone_id, Act.DECIDE_COMPLETION)
    form = DecideForm() if request.method == "POST" else DecideForm(version=page.milestone.version)
    if form.is_submitted() and form.validate():
        approve = form.decision.data == "approve"
        try:
            decide_completion(
                database(),
                actor(),
                now(),
                milestone_id,
                form.version.data,
                form.form_token.data,
                approve=approve,
                note=form.reason.data,
            )
            return _done(milestone_id, "The completion is signed off." if approve else "The completion is returned.")
        except Conflict as conflict:
            return _conflict(form, page, conflict)
        except Refusal as refusal:
            _refused(form, refusal)
    return _form_page(
        "milestones/decide.html", form, page, evidence=evidence_links(page), claimed_by=page.milestone.updated_by
    )


@milestones.route("/<int:milestone_id>/new-date", methods=["GET", "POST"])
@needs(Act.REQUEST_DATE)
def new_date(milestone_id: int) -> ResponseReturnValue:
    """Ask for a new date."""
    page, _ = _opened(milestone_id, Act.REQUEST_DATE)
    form = NewDateForm() if request.method == "POST" else NewDateForm(version=page.milestone.version)
    if form.is_submitted() and form.validate():
        asked = DateRequest(form.proposed.data, form.reason.data, form.recovery.data)
        try:
            request_new_date(database(), actor(), now(), milestone_id, form.version.data, form.form_token.data, asked)
            return _done(milestone_id, "The new date is asked for. The present deadline stands until it is decided.")
        except Conflict as conflict:
            return _conflict(form, page, conflict)
        except Refusal as refusal:
            _refused(form, refusal)
    return _form_page("milestones/new_date.html", form, page, limit=_limit(page))


@milestones.route("/<int:milestone_id>/new-date/<int:change_id>", methods=["GET", "POST"])
@needs(Act.DECIDE_DATE)
def decide_date(milestone_id: int, change_id: int) -> ResponseReturnValue:
    """Approve or refuse a new date."""
    page, opened = _opened(milestone_id, Act.DECIDE_DATE)
    move = next((move for move in page.moves if move.id == change_id), None)
    if move is None:
        raise NotFound("There is no such request for a new date.")
    form = DecideDateForm() if request.method == "POST" else DecideDateForm(version=page.milestone.version)
    if form.is_submitted() and form.validate():
        approve = form.decision.data == "approve"
        try:
            decide_new_date(
                database(),
                actor(),
                now(),
                milestone_id,
                change_id,
                form.version.data,
                form.form_token.data,
                approve=approve,
                note=form.note.data,
                minute=form.minute.data,
            )
            return _done(milestone_id, "The new date is approved." if approve else "The new date is refused.")
        except Conflict as conflict:
            return _conflict(form, page, conflict)
        except Refusal as refusal:
            _refused(form, refusal)
    alone = within_delegation(opened.plan, opened.milestone, move.from_due, move.to_due)
    return _form_page("milestones/decide_date.html", form, page, move=move, needs_minute=not alone)


@milestones.route("/<int:milestone_id>/override", methods=["GET", "POST"])
@needs(Act.OVERRIDE)
def override(milestone_id: int) -> ResponseReturnValue:
    """Set a colour against the computed one, until a day."""
    page, _ = _opened(milestone_id, Act.OVERRIDE)
    form = OverrideForm() if request.method == "POST" else OverrideForm(version=page.milestone.version)
    if form.is_submitted() and form.validate():
        try:
            override_colour(
                database(),
                actor(),
                now(),
                milestone_id,
                form.version.data,
                form.form_token.data,
                colour=form.colour.data,
                until=form.until.data or today(),
                reason=form.reason.data,
            )
            return _done(milestone_id, "The colour is overridden. The computed colour is printed beside it.")
        except Conflict as conflict:
            return _conflict(form, page, conflict)
        except Refusal as refusal:
            _refused(form, refusal)
    return _form_page("milestones/override.html", form, page)


@milestones.post("/<int:milestone_id>/override/end")
@needs(Act.OVERRIDE)
def end_override_now(milestone_id: int) -> ResponseReturnValue:
    """Let the computed colour stand again."""
    form = ActForm()
    end_override(database(), actor(), now(), milestone_id, form.version.data or 0, form.form_token.data or "")
    return _done(milestone_id, "The computed colour stands again.")


@milestones.get("/<int:milestone_id>/evidence/<int:evidence_id>")
@needs(Act.SEE)
def evidence(milestone_id: int, evidence_id: int) -> ResponseReturnValue:
    """Download a file of evidence: always as an attachment, never run in the page."""
    load(milestone_id, today())
    item = database().get(Evidence, evidence_id)
    if item is None or item.milestone_id != milestone_id or not item.stored_name or item.withdrawn:
        raise NotFound("There is no such file.")
    response = Response(read_file(_folder(), item.stored_name, item.sha256), mimetype=item.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=item.title)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _folder() -> Any:
    return settings().data_dir / "evidence"


def _opened(milestone_id: int, act: Act) -> tuple[MilestonePage, Opened]:
    """Return page and rows of a milestone that the person may do the act on."""
    opened = open_milestone(database(), actor(), act, milestone_id)
    return load(milestone_id, today()), opened


def _form_page(template: str, form: WritingForm, page: MilestonePage, **more: Any) -> ResponseReturnValue:
    status = 422 if form.is_submitted() and form.error_links else 200
    return render_template(template, **frame(page, today()), form=form, **more), status


def _refused(form: WritingForm, refusal: Refusal) -> None:
    database().rollback()
    form.refuse(refusal.field, refusal.sentence)


def _done(milestone_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("milestones.show", milestone_id=milestone_id), 303)


def _limit(page: MilestonePage) -> str:
    return (
        "A first move of up to a month is decided by the improvement manager. "
        "Anything later, a second move or a critical milestone goes to the board."
    )


_NOT_TYPED = {"version", "form_token", "csrf_token"}


def _conflict(form: WritingForm, page: MilestonePage, conflict: Conflict) -> ResponseReturnValue:
    """Show both texts; the page holds everything that was typed and sends it again with the present version."""
    g.failed = True
    database().rollback()
    body = render_template(
        "milestones/conflict.html",
        **frame(page, today()),
        sentence=conflict.sentence,
        fields=conflict.fields,
        labels={},
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_TYPED],
        version=conflict.current_version,
        form_token=new_form_token(),
        act=request.path,
    )
    return body, 409


def _update_form(page: MilestonePage) -> UpdateForm:
    row = page.milestone
    return UpdateForm(
        version=row.version,
        confidence=row.confidence or None,
        progress="",
        impact="",
        started=row.started,
        forecast_text=row.forecast_text,
        confidence_reason=row.confidence_reason,
        recovery=row.recovery,
        help_needed=row.help_needed,
        blocked=row.blocked,
    )


def _typed(form: UpdateForm) -> Update:
    return Update(
        confidence=form.confidence.data or "",
        progress=form.progress.data or "",
        impact=form.impact.data or "",
        started=form.started.data,
        forecast_text=form.forecast_text.data or "",
        confidence_reason=form.confidence_reason.data or "",
        recovery=form.recovery.data or "",
        help_needed=form.help_needed.data or "",
        blocked=form.blocked.data or "",
        no_change=bool(form.no_change.data),
    )


def _save_update(form: UpdateForm, milestone_id: int) -> ResponseReturnValue:
    if form.confidence.data == "done":
        _save_claim(form, milestone_id)
        flash("The completion is claimed and waits for sign-off by somebody else.", "success")
    else:
        token = form.form_token.data or ""
        update_milestone(database(), actor(), now(), milestone_id, form.version.data or 0, token, _typed(form))
        row = load(milestone_id, today()).milestone
        flash(f"Saved. {row.full_ref} is {NAMES[row.colour]}: {WORDS[row.colour].lower()}.", "success")
    left = [row for row in mine(database(), actor(), today()).waiting if row.milestone.id != milestone_id]
    if left:
        return redirect(url_for("milestones.update", milestone_id=left[0].milestone.id), 303)
    return redirect(url_for("milestones.show", milestone_id=milestone_id), 303)


def _save_claim(form: UpdateForm | ClaimForm, milestone_id: int) -> None:
    found: list[NewEvidence] = []
    if form.evidence_url.data:
        found.append(NewEvidence(title=form.evidence_url.data, url=form.evidence_url.data))
    upload = form.evidence_file.data
    if upload:
        found.append(keep_file(_folder(), upload.filename or "file", upload.read()))
    told = Claim(form.completed.data or today(), form.progress.data or "", form.impact.data or "", tuple(found))
    claim_completion(database(), actor(), now(), milestone_id, form.version.data or 0, form.form_token.data or "", told)
