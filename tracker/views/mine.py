"""My milestones, over all plans, in the order in which they need doing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.milestones import ConfirmAllForm
from tracker.models import FormToken
from tracker.queries.commitment_page import my_commitments
from tracker.queries.mine import Mine
from tracker.queries.mine import mine as my_milestones
from tracker.rules.errors import AlreadyDone
from tracker.rules.text import clean
from tracker.services.updates import confirm_on_track, undo_confirmation
from tracker.views.filters import as_at, as_at_bar
from tracker.views.guards import actor, now, signed_in_only, today

mine = Blueprint("mine", __name__, url_prefix="/my-milestones")
UNDO = "undo"


@mine.get("")
@signed_in_only
def index() -> str:
    """Show what the person's posts lead."""
    day = as_at()
    found = my_milestones(database(), actor(), day, today())
    recurring = my_commitments(database(), actor(), day, today())
    act, number = session.pop(UNDO, ("", 0))
    return render_template(
        "mine/index.html",
        mine=found,
        recurring=recurring,
        day=day,
        **as_at_bar(),
        confirmable=found.confirmable if day == today() else [],
        form=_form(found),
        undo=url_for("mine.undo", act=act) if act else "",
        undo_text=f"{number} confirmed as on track." if act else "",
        demonstration=any(row.demonstration for _, _, rows in found.groups for row in rows)
        or any(one.demonstration for one in recurring),
    )


@mine.post("/confirm")
@signed_in_only
def confirm() -> ResponseReturnValue:
    """Confirm the ticked milestones as on track."""
    form = _form(my_milestones(database(), actor(), today(), today()))
    if database().get(FormToken, clean(form.form_token.data)) is not None:
        raise AlreadyDone("These were confirmed already.")
    if not form.validate_on_submit() or not form.milestones.data:
        flash("Nothing was confirmed: tick at least one milestone that can be confirmed.", "notice")
        return redirect(url_for("mine.index"), 303)
    chosen = form.milestones.data
    act = confirm_on_track(database(), actor(), now(), chosen, form.form_token.data or "")
    session[UNDO] = (act, len(chosen))
    return redirect(url_for("mine.index"), 303)


@mine.post("/undo/<act>")
@signed_in_only
def undo(act: str) -> ResponseReturnValue:
    """Take the last confirmation back."""
    form = ActForm()
    number = undo_confirmation(database(), actor(), now(), clean(act), form.form_token.data or "")
    flash(f"{number} confirmation{'s' if number != 1 else ''} undone.", "success")
    return redirect(url_for("mine.index"), 303)


def _form(found: Mine) -> ConfirmAllForm:
    form = ConfirmAllForm()
    form.milestones.choices = [SelectChoice(row.milestone.id, row.milestone.full_ref) for row in found.confirmable]
    return form
