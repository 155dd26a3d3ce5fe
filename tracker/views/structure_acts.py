"""What every page that edits a plan shares: preview, both versions side by side, refusals at their boxes; and undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.structure import StructureForm, UndoForm
from tracker.queries.act_preview import before_act, preview_act
from tracker.queries.history import act_history
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act
from tracker.rules.text import clean
from tracker.services.structure.items import Item, name_of
from tracker.services.undo import check_undo, undo
from tracker.views.guards import actor, current_plan, needs, now, today
from tracker.views.plans import plans

DO = "do"
_HIDDEN = frozenset({"csrf_token", "step"})


def plan_frame() -> dict[str, Any]:
    """Return what every page that edits a plan shows."""
    plan, _ = current_plan()
    return {"plan": plan, "demonstration": plan.demonstration}


def item_frame(item: Item) -> dict[str, Any]:
    """Return what every page about one thing shows."""
    name = name_of(database(), item.row)
    words = getattr(item.row, "title", "") or getattr(item.row, "text", "")
    return {**plan_frame(), "kind": item.kind, "item": item.row, "name": f"{name[0].upper()}{name[1:]}", "words": words}


def answer(
    template: str,
    form: StructureForm,
    act: Callable[[], str],
    done: str,
    *,
    aliases: Mapping[str, str] | None = None,
    back: str = "",
    **more: Any,
) -> ResponseReturnValue:
    """Show a form, or do what it asks: `act` returns the act, or raises what stands against it.

    An act that touches more than one thing is shown first, from the entries that it would write; nothing of it stays.
    """
    plan, scheme = current_plan()
    conflict = None
    if form.is_submitted() and form.validate():
        try:
            was = before_act(database(), plan.id, today(), scheme)
            made = act()
            preview = preview_act(database(), plan.id, made, was, today(), scheme)
            if form.step.data != DO and len(preview.lines) > 1:
                g.failed = True
                typed = [pair for pair in request.form.items(multi=True) if pair[0] not in _HIDDEN]
                more |= {"preview": preview, "typed": typed, "step": DO, "address": request.path}
                page = render_template("structure/preview.html", **more, form=form)
                database().rollback()
                return page
            flash(done, "success")
            return redirect(back or url_for("structure.index", slug=plan.slug), 303)
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Conflict as found:
            g.failed = True
            database().rollback()
            conflict = found
            form.version.data, form.version.raw_data = found.current_version, None
        except Refusal as refusal:
            database().rollback()
            form.refuse((aliases or {}).get(refusal.field, refusal.field), refusal.sentence)
    status = 409 if conflict else 422 if form.is_submitted() and form.error_links else 200
    return render_template(template, **more, form=form, conflict=conflict), status


@plans.route("/plans/<slug>/history/<act>/undo", methods=["GET", "POST"])
@needs(Act.EDIT)
def undo_act(slug: str, act: str) -> ResponseReturnValue:
    """Show what an act did, and undo it."""
    plan, _ = current_plan()
    form = UndoForm()
    act = clean(act)
    refusal = ""
    if request.method == "GET":
        try:
            check_undo(database(), actor(), plan.id, act)
        except (NotFound, NotPermitted):
            raise
        except Refusal as found:
            refusal = found.sentence
    rows = act_history(database(), plan.id, act)

    def take_back() -> str:
        form.step.data = DO  # the page itself shows what is undone
        return undo(database(), actor(), now(), plan.id, act, form.form_token.data or "", form.reason.data or "")

    return answer(
        "structure/undo.html",
        form,
        take_back,
        "Undone. The history shows both.",
        back=url_for("plans.history", slug=slug),
        **plan_frame(),
        rows=rows,
        refusal=refusal,
        undone=act,
    )
