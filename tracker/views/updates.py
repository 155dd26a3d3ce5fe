"""What a lead does: update a milestone, claim its completion, ask for a new date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.milestones import ClaimForm, NewDateForm, UpdateForm
from tracker.models import Milestone
from tracker.queries.knock_on import KnockOn, NewDate, knock_on
from tracker.queries.milestone_page import MilestonePage
from tracker.queries.milestone_rows import milestone_query, rows_of
from tracker.queries.mine import next_of_mine
from tracker.queries.plans import ratings_of
from tracker.rules.dates import read_period
from tracker.rules.facts import Confidence, SignOff
from tracker.rules.permissions import Act
from tracker.rules.status import assess
from tracker.services.completion import Claim, claim_completion
from tracker.services.deadlines import DateRequest, request_new_date
from tracker.services.milestones import open_milestone
from tracker.services.updates import Update, update_milestone
from tracker.views import looks
from tracker.views.evidence import forget_unless_kept, sent_evidence
from tracker.views.guards import actor, needs, now, takes_files, today
from tracker.views.milestone_forms import answer, opened, said
from tracker.views.milestones import evidence_links, load, may_see, milestones

CLAIMED = "The completion is claimed and waits for sign-off by somebody else."


@dataclass(frozen=True, slots=True)
class Places:
    """Where the one-minute form leads: the addresses of the form and of the page of a milestone; its template."""

    form: Callable[[int], str]
    shown: Callable[[int], str]
    template: str = "milestones/update.html"


_HERE = Places(
    form=lambda key: url_for("milestones.update", milestone_id=key),
    shown=lambda key: url_for("milestones.show", milestone_id=key),
)


@milestones.route("/<int:milestone_id>/update", methods=["GET", "POST"])
@needs(Act.UPDATE)
@takes_files
def update(milestone_id: int) -> ResponseReturnValue:
    """Update a milestone: the one-minute form."""
    return answer_update(milestone_id, _HERE)


def answer_update(milestone_id: int, places: Places) -> ResponseReturnValue:
    """Show the one-minute form, or save what was sent with it and go on to the next of the person's."""
    found = open_milestone(database(), actor(), Act.UPDATE, milestone_id)
    page = cache(lambda: load(milestone_id, today()))  # an update that is saved never needs it
    form = UpdateForm() if request.method == "POST" else _filled(page())
    form.speak(ratings_of(found.plan.ratings).on(today()).vocabulary)
    form.supported = form.confidence.data == "done" and bool(page().evidence)
    waiting = _waiting(milestone_id, form)

    def act() -> str:
        if form.confidence.data == "done":
            _claim(form, milestone_id)
            flash(CLAIMED, "success")
        else:
            token = form.form_token.data or ""
            update_milestone(database(), actor(), now(), milestone_id, form.version.data or 0, token, _typed(form))
            (row,) = rows_of(database(), milestone_query(today()).where(Milestone.id == milestone_id), today())
            held_up = " ".join(_held_up(one) for one in waiting if one.turns_amber)
            told = f"Saved. {row.full_ref} is {looks.called(row)}. {held_up}"
            flash(told.strip(), "success")
        following, _ = next_of_mine(database(), actor(), today(), milestone_id)
        if following is not None:
            return places.form(following)
        return places.shown(milestone_id)

    def more() -> dict[str, Any]:
        left = next_of_mine(database(), actor(), today(), milestone_id)[1]
        where = {"action": places.form(milestone_id), "back": places.shown(milestone_id)}
        shown = {"gives": _gives(page()), "evidence": evidence_links(page())}
        return {**shown, "more": left, "waiting": waiting, **where}

    return answer(places.template, form, page, act, more)


@milestones.route("/<int:milestone_id>/claim", methods=["GET", "POST"])
@needs(Act.CLAIM)
@takes_files
def claim(milestone_id: int) -> ResponseReturnValue:
    """Claim completion with evidence."""
    page, _ = opened(milestone_id, Act.CLAIM)
    row = page.milestone
    form = ClaimForm()
    if request.method == "GET":
        form = ClaimForm(version=row.version, progress=row.progress, impact=row.impact)
    form.supported = bool(page.evidence)

    def act() -> str:
        _claim(form, milestone_id)
        return said(milestone_id, CLAIMED)

    approvers = "The improvement manager, or another manager of the plan,"
    return answer("milestones/claim.html", form, page, act, approvers=approvers, evidence=evidence_links(page))


@milestones.route("/<int:milestone_id>/new-date", methods=["GET", "POST"])
@needs(Act.REQUEST_DATE)
def new_date(milestone_id: int) -> ResponseReturnValue:
    """Ask for a new date."""
    page, found = opened(milestone_id, Act.REQUEST_DATE)
    form = NewDateForm() if request.method == "POST" else NewDateForm(version=page.milestone.version)
    if "check" in request.form:
        form.proposed.validate(form)  # only the date, and nothing is sent yet

    def act() -> str:
        asked = DateRequest(form.proposed.data, form.reason.data, form.recovery.data, form.reason_code.data)
        token = form.form_token.data or ""
        request_new_date(database(), actor(), now(), milestone_id, form.version.data or 0, token, asked)
        return said(milestone_id, "The new date is asked for. The present deadline stands until it is decided.")

    days = found.plan.delegated_days
    limit = (
        f"A first move of up to {days} days is decided by the improvement manager. "
        "Anything longer, a second move or a critical milestone goes to the board."
    )
    period = form.proposed.period
    waiting = knock_on(database(), {milestone_id: NewDate(period.end if period else None)}, today(), may_see)
    more = {"limit": limit, "waiting": waiting.get(milestone_id, ())}
    return answer("milestones/new_date.html", form, page, act, **more)


def _waiting(milestone_id: int, form: UpdateForm) -> tuple[KnockOn, ...]:
    """Return what waits for a milestone, and what the forecast that is typed means for it."""
    words = read_period(form.forecast_text.data or "")
    forecast = NewDate(words.end, forecast=True)
    return knock_on(database(), {milestone_id: forecast}, today(), may_see).get(milestone_id, ())


def _held_up(one: KnockOn) -> str:
    name = one.other.name
    return f"{name[0].upper()}{name[1:]} waits for it and turns Amber."


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
    for name, then in answers.items():
        verdict = assess(then, today(), page.scheme)
        found.append({"answer": name, "verdict": verdict})
    return found


def _filled(page: MilestonePage) -> UpdateForm:
    """Return the form with what stands; what was done starts empty, last time's text is shown above it."""
    row = page.milestone
    return UpdateForm(
        version=row.version,
        confidence=row.confidence or None,
        started=row.started,
        forecast_text=row.forecast_text,
        confidence_reason=row.confidence_reason,
        recovery=row.recovery,
        consequence=row.consequence,
        help_needed=row.help_needed,
        blocked=row.blocked,
        percent="" if row.percent is None else str(row.percent),
        outcome_confidence=row.outcome_confidence or None,
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
        consequence=form.consequence.data or "",
        blocked=form.blocked.data or "",
        no_change=bool(form.no_change.data),
        percent=form.given("percent"),
        outcome_confidence=form.given("outcome_confidence"),
        outcome_reason=form.given("outcome_reason"),
    )


def _claim(form: UpdateForm | ClaimForm, milestone_id: int) -> None:
    found = sent_evidence(form)
    told = Claim(form.completed.data or today(), form.progress.data or "", form.impact.data or "", found)
    token = form.form_token.data or ""
    with forget_unless_kept(found):
        claim_completion(database(), actor(), now(), milestone_id, form.version.data or 0, token, told)
