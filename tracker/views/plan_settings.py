"""What is written about a plan itself: title, version, review cycle, protective marking."""

from __future__ import annotations

from zlib import crc32

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.plans import PlanForm
from tracker.queries.plans import find_plan
from tracker.queries.rows import PlanRow
from tracker.rules.permissions import Act
from tracker.services.ledger import lock_chain
from tracker.services.milestones import use_token
from tracker.services.plans import edit_plan
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
    edit_plan(database(), actor(), now(), plan.id, values)
    flash("The settings are saved.", "success")
    return redirect(url_for("plans.summary", slug=slug), 303)


def _written(plan: PlanRow) -> dict[str, str | int]:
    """Return what stands in each box."""
    return {
        "title": plan.title,
        "plan_version": plan.version,
        "review_cycle": plan.review_cycle,
        "marking": plan.marking,
        "delegated_days": plan.delegated_days,
        "check_months": plan.check_months,
    }


def _stamp(plan: PlanRow) -> int:
    """Return a number that is another one as soon as somebody changes one of the boxes."""
    return crc32("\x00".join(str(value) for value in _written(plan).values()).encode())


def _show_both(form: PlanForm, plan: PlanRow) -> None:
    """Say beside each box what somebody else put there; what was typed stays, and can be saved over it."""
    form.refuse("", "Somebody else changed these settings while you had them open. Compare both and save again.")
    for name, there in _written(plan).items():
        if form[name].data != there:
            form.refuse(name, f"There now: {'nothing' if there == '' else there}")
    stamp = form.version
    stamp.data, stamp.raw_data = _stamp(plan), None


def _page(plan: PlanRow, form: PlanForm, status: int) -> ResponseReturnValue:
    return render_template("plans/edit.html", plan=plan, form=form, demonstration=plan.demonstration), status
