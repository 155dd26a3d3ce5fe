"""The rating scheme of a plan: see what another one would do to it, then choose it with a reason."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.schemes import SchemeChoiceForm
from tracker.queries.plans import scheme_id_of
from tracker.queries.schemes import SchemeRow
from tracker.queries.schemes import schemes as all_schemes
from tracker.rules.errors import AlreadyDone, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act
from tracker.services.scheme_preview import preview
from tracker.services.schemes import choose_scheme
from tracker.views.guards import actor, current_plan, needs, now, today
from tracker.views.plans import plans


@plans.route("/plans/<slug>/scheme", methods=["GET", "POST"])
@needs(Act.CHOOSE_SCHEME)
def scheme(slug: str) -> ResponseReturnValue:
    """Choose the rating scheme of the plan. "Preview" shows what it would do; only "Choose" does it."""
    plan, _ = current_plan()
    present = scheme_id_of(database(), plan.id)
    rows = _offered(all_schemes(database(), actor()), present)
    current = plan.ratings.now
    chosen = present or next((row.id for row in rows if row.rating == current), None)
    form = SchemeChoiceForm()
    if request.method == "GET":
        form = SchemeChoiceForm(version=present, scheme=chosen)
    form.scheme.choices = [SelectChoice(row.id, row.rating.name) for row in rows]
    seen = None
    if form.is_submitted() and form.validate():
        wanted = next((row for row in rows if row.id == form.scheme.data), None)
        if request.form.get("do") == "preview":
            g.failed = True
            if wanted is None:
                form.refuse("scheme", "Select a rating scheme.")
            else:
                seen = preview(database(), actor(), plan.id, wanted.rating, today())
        else:
            try:
                choose_scheme(
                    database(),
                    actor(),
                    now(),
                    plan.id,
                    form.form_token.data or "",
                    form.version.data or 0,
                    form.scheme.data or 0,
                    form.reason.data or "",
                )
            except (AlreadyDone, NotFound, NotPermitted):
                raise
            except Refusal as refusal:
                g.failed = True
                database().rollback()
                form.refuse(refusal.field, refusal.sentence)
            else:
                name = wanted.rating.name if wanted else ""
                flash(
                    f"From today on the plan is rated by {name}. Its past keeps the words and colours it had.",
                    "success",
                )
                return redirect(url_for("plans.summary", slug=slug), 303)
    body = render_template(
        "plans/scheme.html",
        plan=plan,
        form=form,
        rows=rows,
        hints={row.id: row.rating.summary for row in rows},
        present=current.name,
        preview=seen,
        demonstration=plan.demonstration,
    )
    return body, 422 if form.error_links else 200


def _offered(rows: list[SchemeRow], present: int) -> list[SchemeRow]:
    """Return the newest version of each scheme, and the one that the plan uses."""
    return [row for row in rows if row.newest or row.id == present]
