"""The deadline ledger of a plan, a meeting's decision on a list of new dates, and the end of the plan itself."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.governance import MeetingForm, PlanEndForm
from tracker.models import FormToken
from tracker.queries.deadline_rows import DeadlineMove
from tracker.queries.deadlines import MoveFilters, deadline_ledger, end_moves, moved_milestones
from tracker.queries.knock_on import NewDate, knock_on
from tracker.rules.errors import AlreadyDone, NotFound, NotPermitted, Refusal
from tracker.rules.ladder import LEVEL_WORDS, who_decides
from tracker.rules.permissions import Act, allowed
from tracker.rules.reason_codes import REASON_CODES
from tracker.rules.text import clean
from tracker.services.deadlines import Verdict
from tracker.services.meetings import Preview, decide_list, preview_list, undo_list
from tracker.services.plan_ends import NewEnd, move_plan_end
from tracker.views.filters import as_at
from tracker.views.guards import actor, current_plan, needs, now, today
from tracker.views.plans import frame, plans

_STATES = {"requested": "Waiting", "approved": "Approved", "refused": "Refused"}


@plans.get("/plans/<slug>/deadlines")
@needs(Act.SEE)
def deadlines(slug: str) -> str:
    """Show the deadline ledger: each move asked for, who decided it and why, and how far dates have slipped."""
    day = as_at()
    plan, _ = current_plan()
    moves = deadline_ledger(database(), plan.id, day, today())
    asked = _asked()
    return render_template(
        "plans/deadlines.html",
        **frame(day),
        moves=asked.narrowed(moves),
        everything=moves,
        slipped=moved_milestones(moves),
        ends=end_moves(database(), plan, day),
        filters=_filters(asked),
        narrowed=asked != MoveFilters(),
        together=next((move for move in moves if move.decision_act), None),
        form=ActForm(),
    )


@plans.route("/plans/<slug>/deadlines/decide", methods=["GET", "POST"])
@needs(Act.DECIDE_DATE)
def meeting(slug: str) -> ResponseReturnValue:
    """Decide a list at a meeting: tick, look at what it does, record it as one act."""
    plan, _ = current_plan()
    form = MeetingForm()
    waiting = [move for move in deadline_ledger(database(), plan.id, today(), today()) if move.state == "requested"]
    if form.is_submitted() and database().get(FormToken, clean(form.form_token.data)) is not None:
        raise AlreadyDone("This decision was recorded already.")  # asked after the list: a copy may empty it meanwhile
    waiting.sort(key=lambda move: (move.to_due or today(), move.id))
    mine = [move for move in waiting if move.requested_by_id is not None and move.requested_by_id == actor().person_id]
    offered = [move for move in waiting if move not in mine]
    form.changes.choices = [SelectChoice(move.id, move.full_ref) for move in offered]
    preview = None
    if form.is_submitted() and form.validate():
        verdict = Verdict(
            form.decision.data == "approve", form.note.data or "", form.minute.data or "", form.meeting_on.data
        )
        try:
            if form.step.data == "record":
                return _record(form, plan.id, verdict, slug)
            preview = preview_list(database(), actor(), plan.id, form.changes.data, verdict, today())
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            database().rollback()
            form.refuse(refusal.field, refusal.sentence)
    return _meeting_page(form, offered, mine, preview)


@plans.post("/plans/<slug>/deadlines/undo/<act>")
@needs(Act.DECIDE_DATE)
def undo(slug: str, act: str) -> ResponseReturnValue:
    """Take a meeting's decision on a list back, where nothing was changed since."""
    plan, _ = current_plan()
    form = ActForm()
    number = undo_list(database(), actor(), now(), plan.id, clean(act), form.form_token.data or "")
    flash(f"Undone: {number} request{'' if number == 1 else 's'} wait{'s' if number == 1 else ''} again.", "success")
    return redirect(url_for("plans.deadlines", slug=slug), 303)


@plans.route("/plans/<slug>/end", methods=["GET", "POST"])
@needs(Act.DECIDE_DATE)
def end(slug: str) -> ResponseReturnValue:
    """Record that the board moved the end of the whole plan."""
    plan, _ = current_plan()
    form = PlanEndForm() if request.method == "POST" else PlanEndForm(seen=plan.ends)
    if form.is_submitted() and form.validate():
        asked = NewEnd(
            form.proposed.data,
            form.reason_code.data,
            form.reason.data,
            form.minute.data,
            form.meeting_on.data,
            form.seen.data or "",
        )
        try:
            move_plan_end(database(), actor(), now(), plan.id, form.form_token.data or "", asked)
            flash("The end of the plan is moved.", "success")
            return redirect(url_for("plans.deadlines", slug=slug), 303)
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            database().rollback()
            form.refuse(refusal.field, refusal.sentence)
    status = 422 if form.is_submitted() and form.error_links else 200
    ends = end_moves(database(), plan, today())
    page = render_template("plans/end.html", plan=plan, form=form, ends=ends, demonstration=plan.demonstration)
    return page, status


def _record(form: MeetingForm, plan_id: int, verdict: Verdict, slug: str) -> ResponseReturnValue:
    decide_list(database(), actor(), now(), plan_id, form.versions(), form.form_token.data or "", verdict)
    number = len(form.changes.data)
    done = "agreed" if verdict.approve else "refused"
    flash(f"{number} new date{'' if number == 1 else 's'} {done}, minute {verdict.minute}.", "success")
    return redirect(url_for("plans.deadlines", slug=slug), 303)


def _meeting_page(
    form: MeetingForm, offered: list[DeadlineMove], mine: list[DeadlineMove], preview: Preview | None
) -> ResponseReturnValue:
    plan, _ = current_plan()
    rungs = {
        move.id: who_decides(
            moves=move.measured_moves,
            critical=move.critical,
            from_due=move.from_due,
            to_due=move.to_due,
            delegated_days=plan.delegated_days,
        ).why
        for move in offered
    }
    shown = [move for move in offered if preview is None or move.id in form.changes.data]
    asked = {move.milestone_id: NewDate(move.to_due) for move in shown}
    page = render_template(
        "plans/meeting_preview.html" if preview else "plans/meeting.html",
        waiting=knock_on(database(), asked, today(), lambda plan_id: allowed(actor(), Act.SEE, plan_id)),
        plan=plan,
        form=form,
        offered=offered,
        mine=mine,
        rungs=rungs,
        preview=preview,
        demonstration=plan.demonstration,
    )
    return page, 422 if form.is_submitted() and form.error_links else 200


def _asked() -> MoveFilters:
    state, reason, level = (request.args.get(name, "") for name in ("state", "reason", "level"))
    return MoveFilters(
        state=state if state in _STATES else "",
        reason=reason if reason in REASON_CODES else "",
        level=level if level in set(LEVEL_WORDS) else "",
    )


def _filters(asked: MoveFilters) -> list[dict[str, Any]]:
    def one(name: str, label: str, pairs: list[tuple[str, str]], chosen: str) -> dict[str, Any]:
        options = [{"value": key, "text": words, "selected": key == chosen} for key, words in [("", "All"), *pairs]]
        return {"name": name, "label": label, "options": options}

    levels = [(level.value, words) for level, words in LEVEL_WORDS.items()]
    return [
        one("state", "State", list(_STATES.items()), asked.state),
        one("reason", "Kind of reason", list(REASON_CODES.items()), asked.reason),
        one("level", "Agreed by", levels, asked.level),
    ]
