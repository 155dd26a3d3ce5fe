"""What every form about a milestone shares: who may open it, how it is answered, what a conflict looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from tracker.extensions import database
from tracker.forms.fields import LineField, WordsField, WritingForm
from tracker.queries.milestone_page import MilestonePage
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act
from tracker.services.milestones import Opened, open_milestone
from tracker.views.guards import actor, new_form_token, today
from tracker.views.milestones import frame, load

_NOT_TYPED = {"version", "form_token", "csrf_token"}


def opened(milestone_id: int, act: Act) -> tuple[MilestonePage, Opened]:
    """Return page and rows of a milestone that the person may do the act on."""
    found = open_milestone(database(), actor(), act, milestone_id)
    return load(milestone_id, today()), found


def answer(
    template: str,
    form: WritingForm,
    page: MilestonePage | Callable[[], MilestonePage],
    act: Callable[[], str],
    late: Callable[[], dict[str, Any]] | None = None,
    /,
    **more: Any,
) -> ResponseReturnValue:
    """Show a form, or do what it asks: `act` returns the address to go to, or raises what stands against it.

    `page`, and what `late` adds to the template, may be made only where the form has to be shown.
    With "check" among what was sent, the form comes back with what was typed, and nothing is done.
    """
    only_look = "check" in request.form
    if form.is_submitted() and not only_look and form.validate():
        try:
            return redirect(act(), 303)
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Conflict as conflict:
            g.failed = True
            database().rollback()
            return _conflict(page() if callable(page) else page, conflict, form)
        except Refusal as refusal:
            database().rollback()
            form.refuse(refusal.field, refusal.sentence)
    status = 422 if form.is_submitted() and form.error_links else 200
    shown = page() if callable(page) else page
    return render_template(template, **frame(shown, today()), form=form, **(late() if late else {}), **more), status


def said(milestone_id: int, sentence: str) -> str:
    """Say what was done and return the address of the milestone."""
    flash(sentence, "success")
    return url_for("milestones.show", milestone_id=milestone_id)


def _conflict(page: MilestonePage, conflict: Conflict, form: WritingForm) -> ResponseReturnValue:
    """Show both side by side, to be brought together in a box or by a choice.

    The page holds all else that was typed, and sends it again with the present version.
    """
    sent = [each for each in conflict.fields if each.name in request.form and each.name in form]
    boxes = [each for each in sent if type(form[each.name]) in (WordsField, LineField)]
    choices = [
        each for each in sent if each not in boxes and (each.value or not isinstance(form[each.name], RadioField))
    ]
    open_ones = {each.name for each in (*boxes, *choices)} | _NOT_TYPED
    body = render_template(
        "milestones/conflict.html",
        **frame(page, today()),
        sentence=conflict.sentence,
        fields=conflict.fields,
        boxes=boxes,
        choices=choices,
        asked=request.form,
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in open_ones],
        version=conflict.current_version,
        form_token=new_form_token(),
        act=request.path,
    )
    return body, 409
