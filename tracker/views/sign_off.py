"""The approver's queue: what waits for sign-off or a check, over all the plans that a person manages."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.governance import QueueForm
from tracker.queries.sign_offs import queue
from tracker.rules.permissions import Act
from tracker.rules.text import clean
from tracker.services.completion import decide_completion
from tracker.services.outbox import named
from tracker.views.guards import actor, needs, now, today

sign_off = Blueprint("sign_off", __name__, url_prefix="/sign-off")


@sign_off.get("")
@needs(Act.DECIDE_COMPLETION)
def index() -> ResponseReturnValue:
    """Show what waits, oldest first, in one plan or in all."""
    return _page(clean(request.args.get("plan", "")))


@sign_off.post("/<int:milestone_id>")
@needs(Act.DECIDE_COMPLETION)
def decide(milestone_id: int) -> ResponseReturnValue:
    """Approve a completion or return it with a reason, and come back to the queue."""
    form = QueueForm()
    slug = form.plan.data or ""
    approve = form.decision.data == "approve"
    if not form.validate_on_submit() or form.decision.data not in {"approve", "return"}:
        return _page(slug, milestone_id, "Approve the completion or return it.")
    if not approve and not form.reason.data:
        return _page(slug, milestone_id, "Enter what has to be put right")
    milestone = decide_completion(
        database(),
        actor(),
        now(),
        milestone_id,
        form.version.data or 0,
        form.form_token.data or "",
        approve=approve,
        note="" if approve else form.reason.data or "",
    )
    ref = named(database(), milestone)
    flash(f"The completion of {ref} is {'signed off' if approve else 'returned'}.", "success")
    return redirect(url_for("sign_off.index", plan=slug or None), 303)


def _page(slug: str, wrong: int = 0, sentence: str = "") -> ResponseReturnValue:
    """Return the queue; `wrong` is the milestone whose form has a mistake, which `sentence` explains."""
    found = queue(database(), actor(), today(), slug)
    known = slug if slug in {name for name, _ in found.plans} else ""
    page = render_template(
        "sign_off/index.html",
        queue=found,
        chosen=known,
        form=QueueForm(formdata=None),
        wrong=wrong,
        sentence=sentence,
        demonstration=any(row.demonstration for row in found.rows),
    )
    return page, 422 if sentence else 200
