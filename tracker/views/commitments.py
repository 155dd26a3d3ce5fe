"""What recurs: one commitment with its strip and history, and what people do to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.commitments import AcceptForm, AttestForm, RecordForm, RuleForm, attest_form, scheduled_in
from tracker.forms.fields import ActForm, WritingForm
from tracker.queries.commitment_page import CommitmentPage, commitment_page, if_attested, plan_of_commitment
from tracker.queries.plans import first_day
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.errors import AlreadyDone, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act, allowed
from tracker.rules.text import clean
from tracker.rules.windows import EVERY_WORDS
from tracker.services import attestation
from tracker.services.commitments import Happened, RuleChoice, confirm_rule, open_commitment, record_occurrence
from tracker.views.filters import as_at, as_at_bar
from tracker.views.guards import actor, needs, now, today
from tracker.views.looks import speak

commitments = Blueprint("commitments", __name__, url_prefix="/commitments")
UNDO = "undo_recorded"
MOST = 26  # windows that one batch offers: half a year of weeks


@commitments.get("/<int:commitment_id>")
@needs(Act.SEE)
def show(commitment_id: int) -> str:
    """Show a commitment with its strip, why it has its colour, and its history."""
    day = as_at()
    return _show(load(commitment_id, day), day, None)


@commitments.route("/<int:commitment_id>/rule", methods=["GET", "POST"])
@needs(Act.KEEP)
def rule(commitment_id: int) -> ResponseReturnValue:
    """Confirm how often a commitment is held, or change it."""
    page = _opened(commitment_id, Act.KEEP)
    form = RuleForm() if request.method == "POST" else RuleForm(**_standing(page))

    def act() -> str:
        choice = RuleChoice(form.every.data or "", form.anchor.data, form.ends.data, form.reason.data or "")
        confirm_rule(database(), actor(), now(), commitment_id, form.form_token.data or "", choice)
        return _said(commitment_id, "The rule is confirmed. Every window from its first day on counts.")

    return _answer("commitments/rule.html", form, page, act)


@commitments.route("/<int:commitment_id>/record", methods=["GET", "POST"])
@needs(Act.KEEP)
def record(commitment_id: int) -> ResponseReturnValue:
    """Record one occurrence: held, planned or skipped."""
    page = _opened(commitment_id, Act.KEEP)
    if page.row.rule is None:
        raise Refusal("Confirm first how often it is held and from when.")
    form = RecordForm()
    waiting = [one.scheduled for one in page.row.unrecorded(today())]
    if request.method == "POST" and not waiting:
        raise Refusal("Every window that has opened is recorded already.")
    form.window.choices = [SelectChoice(day.isoformat(), f"Due {show_day(day)}") for day in waiting]

    def act() -> str:
        scheduled = scheduled_in(form.window.data)
        if scheduled is None:
            raise Refusal("Select one of the windows of this commitment.", "window")
        happened = Happened(scheduled, form.what.data or "", form.day.data, form.note.data or "")
        token = form.form_token.data or ""
        session[UNDO] = record_occurrence(database(), actor(), now(), commitment_id, token, happened)
        return _said(commitment_id, "")

    return _answer("commitments/record.html", form, page, act)


@commitments.post("/<int:commitment_id>/attest")
@needs(Act.KEEP)
def attest_many(commitment_id: int) -> ResponseReturnValue:
    """Attest several occurrences at once."""
    page = _opened(commitment_id, Act.KEEP)
    form = attest_form(_to_attest(page))
    held, skipped = form.held_days, form.skipped
    if "check" in request.form and form.validate():
        return _show(page, today(), form, if_attested(page, held, skipped, today()))
    if form.validate():
        try:
            token = form.form_token.data or ""
            act = attestation.attest(database(), actor(), now(), commitment_id, token, held, skipped)
            session[UNDO] = act
            return redirect(url_for("commitments.show", commitment_id=commitment_id), 303)
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            database().rollback()
            form.refuse(refusal.field, refusal.sentence)
    return _show(load(commitment_id, today()), today(), form), 422


@commitments.post("/<int:commitment_id>/undo/<act>")
@needs(Act.KEEP)
def undo(commitment_id: int, act: str) -> ResponseReturnValue:
    """Take back what one act recorded, as new entries."""
    form = ActForm()
    token = form.form_token.data or ""
    number = attestation.undo(database(), actor(), now(), commitment_id, clean(act), token)
    return redirect(_said(commitment_id, f"{number} taken back. The history keeps both."), 303)


@commitments.route("/<int:commitment_id>/accept", methods=["GET", "POST"])
@needs(Act.ACCEPT)
def accept(commitment_id: int) -> ResponseReturnValue:
    """Record that the board accepts a commitment as business as usual."""
    page = _opened(commitment_id, Act.ACCEPT)
    form = AcceptForm()

    def act() -> str:
        token, minute = form.form_token.data or "", form.minute.data or ""
        attestation.accept_as_usual(database(), actor(), now(), commitment_id, token, minute)
        return _said(commitment_id, "The board's decision is recorded.")

    return _answer("commitments/accept.html", form, page, act)


@commitments.post("/<int:commitment_id>/sign-off")
@needs(Act.DECIDE_COMPLETION)
def sign(commitment_id: int) -> ResponseReturnValue:
    """Sign off a commitment that has ended."""
    form = ActForm()
    attestation.sign_off(database(), actor(), now(), commitment_id, form.form_token.data or "")
    return redirect(_said(commitment_id, "The commitment is signed off."), 303)


def load(commitment_id: int, day: date) -> CommitmentPage:
    """Return the page of a commitment in a plan that the person may see; NotFound otherwise."""
    plan = plan_of_commitment(database(), commitment_id)
    if plan is None or not allowed(actor(), Act.SEE, plan.id):
        raise NotFound("There is no such commitment, or you may not see its plan.")
    found = commitment_page(database(), plan, commitment_id, day, today())
    if found is None:
        raise NotFound("This commitment was not in the plan on that day.")
    speak(plan.ratings.on(day))
    return found


def _opened(commitment_id: int, act: Act) -> CommitmentPage:
    """Return the page of a commitment that the person may do the act on."""
    open_commitment(database(), actor(), act, commitment_id)
    return load(commitment_id, today())


def _show(page: CommitmentPage, day: date, form: AttestForm | None, gives: Any = None) -> str:
    may = _permissions(page, day)
    to_attest = _to_attest(page) if may["keep"] else []
    act = session.pop(UNDO, "") if form is None else ""
    return render_template(
        "commitments/show.html",
        plan=page.plan,
        **as_at_bar(first_day(database(), "commitment", page.row.id)),
        demonstration=page.plan.demonstration,
        may_read_ledger=False,
        page=page,
        day=day,
        may=may,
        form=form or attest_form(to_attest),
        to_attest=to_attest,
        gives=gives,
        history=page.history if may["read_ledger"] else (),
        undo=url_for("commitments.undo", commitment_id=page.row.id, act=act) if act else "",
        EVERY_WORDS=EVERY_WORDS,
    )


def _permissions(page: CommitmentPage, day: date) -> dict[str, bool]:
    """Return what the person may do to a commitment now; a page as at another day is for reading."""
    own = bool(actor().posts & {lead.post_id for lead in page.leads})

    def may(act: Act) -> bool:
        return allowed(actor(), act, page.plan.id, own=own)

    row = page.row
    current, confirmed = day == today(), row.rule is not None
    is_open = confirmed and row.verdict.colour is not Colour.BLUE
    return {
        "rule": current and may(Act.ACCEPT if confirmed else Act.KEEP),
        "keep": current and confirmed and may(Act.KEEP),
        "accept": current and is_open and may(Act.ACCEPT),
        "sign_off": current and "awaiting sign-off" in row.verdict.marks and may(Act.DECIDE_COMPLETION),
        "read_ledger": may(Act.READ_LEDGER),
    }


def _to_attest(page: CommitmentPage) -> list[Any]:
    return [one.window for one in page.row.unrecorded(today())][:MOST]


def _standing(page: CommitmentPage) -> dict[str, Any]:
    """Return what stands in the form of the rule: the rule, or what the source's words propose."""
    if page.row.rule is not None:
        rule = page.row.rule
        return {"every": rule.every.value, "anchor": rule.anchor, "ends": rule.ends}
    asked = page.row.proposal
    every = asked.every.value if asked is not None and asked.every is not None else None
    return {"every": every, "anchor": asked.anchor if asked is not None else None}


def _answer(template: str, form: WritingForm, page: CommitmentPage, act: Callable[[], str]) -> ResponseReturnValue:
    """Show a form, or do what it asks: `act` returns the address to go to, or raises what stands against it."""
    if form.is_submitted() and form.validate():
        try:
            return redirect(act(), 303)
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            database().rollback()
            form.refuse(refusal.field, refusal.sentence)
    status = 422 if form.is_submitted() and form.error_links else 200
    shown = {"plan": page.plan, "demonstration": page.plan.demonstration, "page": page, "form": form}
    return render_template(template, **shown), status


def _said(commitment_id: int, sentence: str) -> str:
    """Say what was done, if there is anything to say, and return the address of the commitment."""
    if sentence:
        flash(sentence, "success")
    return url_for("commitments.show", commitment_id=commitment_id)
