"""Rating schemes: see them, copy one, edit a copy with a preview on a plan, delete one that nobody uses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.schemes import CopyForm, SchemeForm, scheme_form
from tracker.models import FormToken
from tracker.queries.plans import seen_plans
from tracker.queries.schemes import SchemeRow, scheme_row
from tracker.queries.schemes import schemes as all_schemes
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act, scope
from tracker.rules.rating import Rating
from tracker.rules.scheme_edit import LIMITS, edited, shown
from tracker.rules.text import clean
from tracker.services.scheme_preview import Preview, preview
from tracker.services.schemes import copy_scheme, delete_scheme, edit_scheme
from tracker.views.guards import actor, needs, now, signed_in_only, today
from tracker.views.looks import speak

schemes = Blueprint("schemes", __name__, url_prefix="/schemes")


@schemes.get("")
@signed_in_only
def index() -> str:
    """List the rating schemes."""
    return render_template("schemes/index.html", rows=all_schemes(database(), actor()), may_manage=_may_manage())


@schemes.get("/<int:scheme_id>")
@signed_in_only
def show(scheme_id: int) -> str:
    """Show a rating scheme with its key and its thresholds."""
    row = _row(scheme_id)
    speak(row.rating)
    return render_template(
        "schemes/show.html", row=row, thresholds=thresholds(row.rating), may_manage=_may_manage(), form=ActForm()
    )


@schemes.route("/<int:scheme_id>/copy", methods=["GET", "POST"])
@needs(Act.MANAGE_SCHEMES)
def copy(scheme_id: int) -> ResponseReturnValue:
    """Copy a rating scheme under a new name."""
    row = _row(scheme_id)
    form = CopyForm()
    if form.is_submitted() and form.validate():
        try:
            made = copy_scheme(database(), actor(), now(), scheme_id, form.form_token.data or "", form.title.data or "")
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            flash(f"{made.name} is made. Nothing uses it yet.", "success")
            return redirect(url_for("schemes.edit", scheme_id=made.id), 303)
    return render_template("schemes/copy.html", row=row, form=form), 422 if form.error_links else 200


@schemes.route("/<int:scheme_id>/edit", methods=["GET", "POST"])
@needs(Act.MANAGE_SCHEMES)
def edit(scheme_id: int) -> ResponseReturnValue:
    """Edit a copy. "Preview" shows what it would do to a plan; only "Save" saves."""
    row = _row(scheme_id)
    if row.is_preset:
        raise Refusal("This rating scheme ships with the tracker and is read only. Copy it and edit the copy.")
    form = scheme_form(row.rating, **({} if request.method == "POST" else {"version": row.version}))
    plans = seen_plans(database(), actor())
    form.plan.choices = plans
    seen: Preview | None = None
    if form.is_submitted() and form.validate():
        rating, refusals = edited(row.rating, form.typed)
        for field, sentence in refusals:
            form.refuse(field, sentence)
        if refusals:
            g.failed = True
        elif request.form.get("do") == "preview":
            seen = _previewed(form, rating)
        else:
            try:
                return _save(form, row, scheme_id)
            except (AlreadyDone, NotFound, NotPermitted):
                raise
            except Refusal as refusal:
                _refuse(form, refusal)
                if isinstance(refusal, Conflict):
                    form.version.data, form.version.raw_data = refusal.current_version, None
                    return _edit_page(row, form, None), 409
    return _edit_page(row, form, seen), 422 if form.error_links else 200


@schemes.route("/<int:scheme_id>/delete", methods=["GET", "POST"])
@needs(Act.MANAGE_SCHEMES)
def delete(scheme_id: int) -> ResponseReturnValue:
    """Ask, then delete a copy that no plan uses or has used."""
    form = ActForm()
    try:
        row = _row(scheme_id)
    except NotFound:
        if form.is_submitted() and database().get(FormToken, clean(form.form_token.data)) is not None:
            raise AlreadyDone("This scheme was deleted already.") from None
        raise
    if not form.is_submitted():
        form = ActForm(version=row.version)
    if form.is_submitted() and form.validate():
        try:
            token, version = form.form_token.data or "", form.version.data or 0
            name = delete_scheme(database(), actor(), now(), scheme_id, version, token)
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            flash(f"{name} is deleted.", "success")
            return redirect(url_for("schemes.index"), 303)
    return render_template("schemes/delete.html", row=row, form=form), 422 if form.error_links else 200


def thresholds(rating: Rating) -> list[tuple[str, str]]:
    """Return the thresholds of a scheme in words, with their values."""
    found = []
    for name, limit in LIMITS.items():
        value = shown(rating.scheme, name)
        found.append((limit.label, f"{value}%" if limit.percent else f"{value} {limit.unit}"))
    strict = "the worst colour below it" if rating.scheme.strict else "counted shares"
    return [*found, ("A headline of a priority or a plan goes by", strict)]


def _save(form: SchemeForm, row: SchemeRow, scheme_id: int) -> ResponseReturnValue:
    """Save what was typed, against which nothing stands: the version says that the scheme is still what was edited."""
    typed, version, token = form.typed, form.version.data or 0, form.form_token.data or ""
    saved = edit_scheme(database(), actor(), now(), scheme_id, version, token, lambda rating: edited(rating, typed)[0])
    if saved.id == scheme_id:
        flash(f"{saved.name} is saved.", "success")
    else:
        flash(
            f"{saved.name} is made. Plans that use {row.rating.name} go on using it until they choose this.", "success"
        )
    return redirect(url_for("schemes.show", scheme_id=saved.id), 303)


def _previewed(form: SchemeForm, rating: Rating) -> Preview | None:
    """Return the preview on the chosen plan; nothing that it does is kept."""
    g.failed = True
    chosen = dict(form.plan.choices)
    if (form.plan.data or "") not in chosen:
        form.refuse("plan", "Select a plan to preview on")
        return None
    return preview(database(), actor(), int(form.plan.data), rating, today())


def _edit_page(row: SchemeRow, form: SchemeForm, seen: Preview | None) -> str:
    speak(row.rating)
    return render_template("schemes/edit.html", row=row, form=form, preview=seen, limits=list(LIMITS))


def _refuse(form: Any, refusal: Refusal) -> None:
    g.failed = True
    database().rollback()
    form.refuse(refusal.field, refusal.sentence)


def _row(scheme_id: int) -> SchemeRow:
    found = scheme_row(database(), actor(), scheme_id)
    if found is None:
        raise NotFound("There is no such rating scheme.")
    return found


def _may_manage() -> bool:
    return scope(actor(), Act.MANAGE_SCHEMES, None) is not None
