"""What is written about a plan itself: its title, its dates, its words, who it reports to, its school terms."""

from __future__ import annotations

from datetime import date
from typing import Any
from zlib import crc32

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.plans import PlanForm, TermsForm
from tracker.queries.plans import find_plan
from tracker.queries.posts import open_posts
from tracker.queries.rows import PlanRow
from tracker.rules.dates import show_day
from tracker.rules.errors import Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act
from tracker.rules.terms import show_terms
from tracker.services.ledger import lock_chain
from tracker.services.milestones import use_token
from tracker.services.plans import edit_plan, edit_terms
from tracker.views.guards import actor, current_plan, needs, now
from tracker.views.plans import plans


@plans.route("/plans/<slug>/settings", methods=["GET", "POST"])
@needs(Act.EDIT)
def edit(slug: str) -> ResponseReturnValue:
    """Change what is written about the plan itself."""
    plan, _ = current_plan()
    if request.method == "GET":
        return _page(plan, PlanForm(**_written(plan), version=_stamp(plan)), 200)
    form = PlanForm()
    if not form.validate():
        return _page(plan, form, 422)
    use_token(database(), form.form_token.data or "", actor(), now())
    lock_chain(database(), plan.id)
    found = find_plan(database(), slug)
    assert found is not None
    plan = found[0]
    if form.version.data != _stamp(plan):
        g.failed = True
        _show_both(form, plan)
        return _page(plan, form, 409)
    values = {name: form[name].data for name in _written(plan)}
    values["version"] = values.pop("plan_version")
    values["reports_to"] = (form.reports_to.data or "").split("\n")
    try:
        edit_plan(database(), actor(), now(), plan.id, values, form.reason.data or "")
    except (NotFound, NotPermitted):
        raise
    except Refusal as refusal:
        database().rollback()
        form.refuse("plan_version" if refusal.field == "version" else refusal.field, refusal.sentence)
        return _page(plan, form, 422)
    flash("The settings are saved.", "success")
    return redirect(url_for("plans.summary", slug=slug), 303)


@plans.route("/plans/<slug>/terms", methods=["GET", "POST"])
@needs(Act.EDIT)
def terms(slug: str) -> ResponseReturnValue:
    """Change the last days of the plan's school terms."""
    plan, _ = current_plan()
    there = show_terms(dict(plan.terms))
    stamp = crc32(str(there).encode())
    form = TermsForm() if request.method == "POST" else TermsForm(version=stamp, **there)
    status = 200
    if form.is_submitted() and form.validate():
        use_token(database(), form.form_token.data or "", actor(), now())
        lock_chain(database(), plan.id)
        try:
            if form.version.data != stamp:
                raise Conflict("Somebody else changed the terms while you had them open.", (), stamp)
            words = {name: form[name].data or "" for name in there}
            edit_terms(database(), actor(), now(), plan.id, words, form.reason.data or "")
            flash("The school terms are saved.", "success")
            return redirect(url_for("structure.index", slug=slug), 303)
        except (NotFound, NotPermitted):
            raise
        except Conflict as conflict:
            database().rollback()
            g.failed = True
            status = 409
            form.refuse("", f"{conflict.sentence} Compare both and save again.")
            for name, words_there in there.items():
                if form[name].data != words_there:
                    form.refuse(name, f"There now: {words_there}")
            form.version.data, form.version.raw_data = stamp, None
        except Refusal as refusal:
            database().rollback()
            form.refuse(refusal.field, refusal.sentence)
    if form.is_submitted() and form.error_links and status == 200:
        status = 422
    page = render_template(
        "structure/terms.html", plan=plan, form=form, names=list(there), demonstration=plan.demonstration, conflict=None
    )
    return page, status


def _written(plan: PlanRow) -> dict[str, Any]:
    """Return what stands in each box."""
    return {
        "title": plan.title,
        "plan_version": plan.version,
        "adopted": plan.adopted,
        "starts": plan.starts,
        "reports_to": "\n".join(plan.reports_to),
        "priority_label": plan.priority_label,
        "workstream_label": plan.workstream_label,
        "review_cycle": plan.review_cycle,
        "marking": plan.marking,
        "delegated_days": plan.delegated_days,
        "check_months": plan.check_months,
        "senior_post_id": plan.senior_post_id or 0,
        "sensitive": plan.sensitive,
    }


def _stamp(plan: PlanRow) -> int:
    """Return a number that is another one as soon as somebody changes one of the boxes."""
    return crc32("\x00".join(str(value) for value in _written(plan).values()).encode())


def _show_both(form: PlanForm, plan: PlanRow) -> None:
    """Say beside each box what somebody else put there; what was typed stays, and can be saved over it."""
    form.refuse("", "Somebody else changed these settings while you had them open. Compare both and save again.")
    for name, there in _written(plan).items():
        if form[name].data != there:
            shown = show_day(there) if isinstance(there, date) else there
            form.refuse(name, f"There now: {'nothing' if shown in ('', None) else shown}")
    stamp = form.version
    stamp.data, stamp.raw_data = _stamp(plan), None


def _page(plan: PlanRow, form: PlanForm, status: int) -> ResponseReturnValue:
    form.senior_post_id.choices = [SelectChoice(0, "Nobody"), *(SelectChoice(*post) for post in open_posts(database()))]
    return render_template("plans/edit.html", plan=plan, form=form, demonstration=plan.demonstration), status
