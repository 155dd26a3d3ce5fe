"""Import a plan from a file: read it, look at what was understood, apply it."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.imports import ApplyForm, UploadForm
from tracker.imports import read_plan_in_child
from tracker.imports.codec import decoded, encoded
from tracker.imports.result import ImportResult
from tracker.models import ImportBatch
from tracker.queries.plans import all_slugs, managed_plans
from tracker.rules.dates import london_day
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Act
from tracker.rules.security import Kind
from tracker.services.import_batches import apply_batch, batches, find_batch, keep_batch, slug_for
from tracker.services.importing import try_out
from tracker.services.milestones import use_token
from tracker.views.guards import actor, needs, now, takes_files
from tracker.views.refusals import write_refusal

imports = Blueprint("imports", __name__, url_prefix="/import")


@imports.get("")
@needs(Act.IMPORT)
def index() -> str:
    """Ask for a file."""
    return _upload_page(_form())


@imports.post("")
@needs(Act.IMPORT)
@takes_files
def read() -> ResponseReturnValue:
    """Read a file in a process of its own; nothing is written to any plan."""
    form = _form()
    if not form.validate():
        return _upload_page(form), 422
    data, name = _source(form)
    try:
        result = read_plan_in_child(data, name)
    except Refusal as refusal:
        write_refusal(Kind.UPLOAD_REFUSED)
        form.refuse("file", refusal.sentence)
        return _upload_page(form), 422
    slug = form.plan_id.data or _free_slug(result)
    use_token(database(), form.form_token.data or "", actor(), now())
    kept = {"result": encoded(result), "lines": _tried(slug, result)}
    batch = keep_batch(database(), actor(), now(), plan_slug=slug, filename=name, data=data, result=kept)
    return redirect(url_for("imports.preview", import_id=batch.id), 303)


@imports.get("/<int:import_id>")
@needs(Act.IMPORT)
def preview(import_id: int) -> str:
    """Show what was understood, and every line that applying it would change."""
    batch = find_batch(database(), actor(), import_id)
    result = _result(batch)
    titles = dict(managed_plans(database(), actor()))
    return render_template(
        "imports/preview.html",
        batch={"id": batch.id, "filename": batch.filename, "plan_title": titles.get(batch.plan_slug, "a new plan")},
        result=result,
        sheets=[],
        differences=json.loads(batch.result)["lines"],
        form=ApplyForm(),
        may_apply=batch.applied_at is None and result.kind == "plan",
    )


@imports.post("/<int:import_id>/apply")
@needs(Act.IMPORT)
def apply(import_id: int) -> ResponseReturnValue:
    """Write what was read into the plan, in one transaction."""
    form = ApplyForm()
    use_token(database(), form.form_token.data or "", actor(), now())
    batch = find_batch(database(), actor(), import_id)
    result = _result(batch)
    if result.kind != "plan":
        raise Refusal("There is no plan in this file, so nothing can be applied. Choose another file.")
    done = apply_batch(database(), actor(), now(), batch, result.document)
    number = done.count("new") + done.count("changed")
    flash(f"{number} line{'s' if number != 1 else ''} written." if number else "Nothing had changed.", "success")
    return redirect(url_for("imports.done", import_id=batch.id), 303)


@imports.get("/<int:import_id>/done")
@needs(Act.IMPORT)
def done(import_id: int) -> ResponseReturnValue:
    """Show the certificate of an import."""
    batch = find_batch(database(), actor(), import_id)
    if batch.applied_at is None:
        return redirect(url_for("imports.preview", import_id=import_id), 303)
    result = _result(batch)
    workstreams = [w for priority in result.document.priorities for w in priority.workstreams]
    return render_template(
        "imports/done.html",
        batch={
            "id": batch.id,
            "filename": batch.filename,
            "plan_title": dict(managed_plans(database(), actor())).get(batch.plan_slug, batch.plan_slug),
            "slug": batch.plan_slug,
            "on": london_day(batch.applied_at),
            "by": actor().label,
            "sha256": batch.sha256,
        },
        totals=result.totals(),
        counts=[
            ("priorities", len(result.document.priorities)),
            ("workstreams", len(workstreams)),
            ("actions", sum(len(w.actions) for w in workstreams)),
            (
                "milestones",
                sum(len(w.milestones) for w in workstreams) + sum(len(p.unplaced) for p in result.document.priorities),
            ),
        ],
        undo="",
        form=ApplyForm(),
    )


def _form() -> UploadForm:
    form = UploadForm()
    form.plan_id.choices = [SelectChoice("", "A new plan")] + [
        SelectChoice(slug, title) for slug, title in managed_plans(database(), actor())
    ]
    return form


def _upload_page(form: UploadForm) -> str:
    titles = dict(managed_plans(database(), actor()))
    listed = [
        {
            "id": batch.id,
            "filename": batch.filename,
            "plan_title": titles.get(batch.plan_slug, "A new plan"),
            "on": london_day(batch.created_at),
            "by": actor().label,
            "applied": batch.applied_at is not None,
        }
        for batch in batches(database(), actor())
    ]
    return render_template("imports/index.html", form=form, batches=listed)


def _source(form: UploadForm) -> tuple[bytes, str]:
    upload = form.file.data
    if upload:
        return upload.read(), upload.filename or "file"
    return (form.pasted.data or "").encode(), "pasted.csv"


def _free_slug(result: ImportResult) -> str:
    """Return a short name for a new plan that no plan has yet."""
    base = slug_for(result.document.title or result.filename.rsplit(".", 1)[0])
    taken = set(all_slugs(database()))
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, 10_000))
    return next(name for name in names if name not in taken)


def _result(batch: ImportBatch) -> ImportResult:
    return decoded(json.loads(batch.result)["result"])


def _tried(slug: str, result: ImportResult) -> list[dict[str, Any]]:
    """Return line by line what applying would do, tried and taken back; nothing for a file that is no plan."""
    if result.kind != "plan":
        return []
    result.document.slug = slug
    return [
        {
            "state": outcome.state,
            "ref": f"{outcome.what} {outcome.ref}".strip(),
            "text": outcome.text,
            "before": "" if outcome.state == "new" else outcome.detail,
            "after": outcome.text,
            "where": "",
        }
        for outcome in try_out(database(), result.document, actor(), now()).outcomes
    ]
