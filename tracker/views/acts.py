"""How a form that is about no milestone is answered: done and away, or back with the sentence beside the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import WritingForm
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.services.milestones import use_token
from tracker.views.guards import actor, now


def answered(template: str, form: WritingForm, act: Callable[[], str], **shown: Any) -> ResponseReturnValue:
    """Show a form, or do what it asks: `act` returns the address to go to, or raises what stands against it."""
    status = 200
    if form.is_submitted() and form.validate():
        try:
            return redirect(act(), 303)
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            g.failed = True
            database().rollback()
            if isinstance(refusal, Conflict):
                _show_conflict(form, refusal)
            form.refuse(refusal.field, refusal.sentence)
            status = 409 if isinstance(refusal, Conflict) else 422
    elif form.is_submitted():
        status = 422
    return render_template(template, form=form, **shown), status


def _show_conflict(form: WritingForm, conflict: Conflict) -> None:
    """Say what somebody else saved first; the form keeps what was typed, and saving again is meant."""
    form.version.data, form.version.raw_data = conflict.current_version, None
    for field in conflict.fields:
        form.refuse("", f"{field.field}: there now “{field.theirs or 'nothing'}”, yours “{field.yours or 'nothing'}”.")


def once(form: WritingForm) -> None:
    """Use up the token of a form, so that sent twice it counts once."""
    use_token(database(), form.form_token.data or "", actor(), now())


def number(text: Any) -> int:
    """Return the id that a choice sent, 0 where it is none."""
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 10 else 0


def say(sentence: str) -> None:
    """Say on the next page what was done."""
    flash(sentence, "success")
