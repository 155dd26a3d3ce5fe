"""Import a plan from a file: read it, look at what was understood, apply it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.exports.certificate import FORMATS, certificate_file
from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.imports import AUTO, ApplyForm, UploadForm
from tracker.imports.mapping import MEANINGS
from tracker.models import ImportBatch
from tracker.queries.plans import managed_plans
from tracker.rules.certificate import Fate
from tracker.rules.dates import london_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act
from tracker.rules.security import Kind
from tracker.services.import_batches import batches, certificate, drop_batch, find_batch, keep_batch, open_batch
from tracker.services.import_jobs import cancel_job, latest_job
from tracker.services.import_parts import data_of
from tracker.services.import_profiles import find_profile, profiles
from tracker.services.milestones import use_token
from tracker.services.plan_outcomes import STATES
from tracker.views.filters import settings
from tracker.views.guards import actor, needs, now, only_reads, takes_files, today
from tracker.views.import_work import where_next, work_on
from tracker.views.refusals import write_refusal

imports = Blueprint("imports", __name__, url_prefix="/import")

_PAGE = 100  # lines of a dry run or a certificate on one page
_REFRESH = "3"  # seconds from one look at the progress to the next


# ------------------------------------------------------------------ step 1: the file
@imports.get("")
@needs(Act.IMPORT)
def index() -> str:
    """Ask for a file."""
    return _upload_page(_form())


@imports.post("")
@needs(Act.IMPORT)
@takes_files
def read() -> ResponseReturnValue:
    """Keep a file and begin to read it; nothing is written to any plan."""
    form = _form()
    if not form.validate() or form.speaks_of_later(today()):
        return _upload_page(form), 422
    data, name = _source(form)
    use_token(database(), form.form_token.data or "", actor(), now())
    chosen = form.profile.data if form.profile.data not in {"", AUTO} else ""
    profile = find_profile(database(), int(chosen)) if chosen else None
    batch = keep_batch(
        database(),
        actor(),
        now(),
        plan_slug=form.plan_id.data,
        filename=name,
        data=data,
        said=profile.said if profile is not None else None,
        profile=profile.name if profile is not None else "",
        as_at=form.as_at.data,
    )
    import_id = batch.id
    state = work_on(batch, "read")
    if state.state == "failed":
        drop_batch(database(), batch, form.form_token.data or "")  # a refused file leaves nothing behind
        database().commit()
        write_refusal(Kind.UPLOAD_REFUSED)
        form.refuse("file", state.sentence)
        return _upload_page(form), 422
    return redirect(where_next(import_id, state), 303)


# ------------------------------------------------------------------ while it works
@imports.get("/<int:import_id>/progress")
@needs(Act.IMPORT)
def progress(import_id: int) -> ResponseReturnValue:
    """Show how far the work on a file is; leads on when it is done."""
    batch = find_batch(database(), actor(), import_id)
    state = latest_job(database(), now(), batch.id, settings().data_dir)
    if state is None or state.state == "done":
        return redirect(where_next(import_id, state), 303)
    still = "still" in request.args
    page = Response(
        render_template("imports/progress.html", batch=frame(batch), job=state, form=ActForm(), still=still)
    )
    if state.running and not still:
        page.headers["Refresh"] = _REFRESH
    return page


@imports.post("/<int:import_id>/cancel")
@needs(Act.IMPORT)
@only_reads
def cancel(import_id: int) -> ResponseReturnValue:
    """Ask for the work on a file to stop; twice is as good as once. It may hold the database, so nothing is written."""
    batch = find_batch(database(), actor(), import_id)
    if not cancel_job(database(), now(), batch.id, settings().data_dir):
        flash("There was nothing left to stop.", "success")
    return redirect(url_for("imports.progress", import_id=import_id), 303)


@imports.post("/<int:import_id>/again")
@needs(Act.IMPORT)
def again(import_id: int) -> ResponseReturnValue:
    """Read a file again, or compare it again where it has been read."""
    form = ActForm()
    use_token(database(), form.form_token.data or "", actor(), now())
    batch = open_batch(database(), actor(), import_id)
    kind = "compare" if data_of(database(), batch.id, "summary") and "compare" in request.form else "read"
    return redirect(where_next(import_id, work_on(batch, kind)), 303)


# ------------------------------------------------------------------ step 2: what was understood
@imports.get("/<int:import_id>")
@needs(Act.IMPORT)
def preview(import_id: int) -> ResponseReturnValue:
    """Show what was understood of a file."""
    batch = find_batch(database(), actor(), import_id)
    summary = data_of(database(), batch.id, "summary")
    if summary is None:
        waiting = batch.applied_at is None
        page = "imports.progress" if waiting else "imports.done"
        return redirect(url_for(page, import_id=import_id), 303)
    return render_template(
        "imports/preview.html",
        batch=frame(batch),
        summary=summary,
        sheets=data_of(database(), batch.id, "picture") or [],
        totals=totals_of(batch),
        offered=_offered(batch),
        form=ActForm(),
        questions=question_counts(batch),
        meanings=MEANINGS,
    )


def _offered(batch: ImportBatch) -> list[Any]:
    """Return the profiles that fit a file and that it was not read with."""
    from tracker.views.import_columns import fitting

    return [] if batch.profile or batch.applied_at else fitting(batch)


def totals_of(batch: ImportBatch) -> dict[str, int]:
    """Return how many lines of a batch end how, with the number in all."""
    account = data_of(database(), batch.id, "account") or []
    found = dict.fromkeys((fate.value for fate in Fate), 0)
    for line in account:
        found[line[2]] += 1
    return {"lines": len(account), **found}


def question_counts(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the kinds of questions about a batch, with how many there are and how many are answered."""
    from tracker.views.import_questions import counts

    return counts(batch)


# ------------------------------------------------------------------ step 4: what would change
@imports.get("/<int:import_id>/changes")
@needs(Act.IMPORT)
def changes(import_id: int) -> ResponseReturnValue:
    """Show line by line what applying a file would do."""
    batch = find_batch(database(), actor(), import_id)
    tried = data_of(database(), batch.id, "tried")
    if tried is None:
        return redirect(url_for("imports.preview", import_id=import_id), 303)
    state = latest_job(database(), now(), batch.id, settings().data_dir)
    lines = tried["lines"]
    counts = {name: sum(line["state"] == name for line in lines) for name in STATES}
    only = request.args.get("state", "")
    chosen = [line for line in lines if line["state"] == only] if only in STATES else lines
    if only not in STATES:
        only = ""
        chosen = sorted(lines, key=lambda line: line["state"] == "unchanged")
    number, pages, shown = paged(chosen)
    return render_template(
        "imports/changes.html",
        batch=frame(batch),
        counts=counts,
        only=only,
        lines=shown,
        page=number,
        pages=pages,
        number=len(chosen),
        stale=tried["answers"] != batch.answers,
        refused=state.sentence if state is not None and state.state == "failed" else "",
        questions=question_counts(batch),
        created=tried["created"],
        form=ApplyForm(),
    )


def paged(lines: list[Any]) -> tuple[int, int, list[Any]]:
    """Return the page that is asked for, the number of pages, and its lines."""
    pages = max(1, -(-len(lines) // _PAGE))
    asked = request.args.get("page", "1")
    number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 9 else 1
    return number, pages, lines[(number - 1) * _PAGE : number * _PAGE]


@imports.post("/<int:import_id>/apply")
@needs(Act.IMPORT)
def apply(import_id: int) -> ResponseReturnValue:
    """Write what was read into the plan, in one transaction."""
    form = ApplyForm()
    use_token(database(), form.form_token.data or "", actor(), now())
    batch = open_batch(database(), actor(), import_id)
    summary = data_of(database(), batch.id, "summary")
    if summary is None or summary["kind"] != "plan":
        raise Refusal("There is no plan in this file, so nothing can be applied. Choose another file.")
    state = work_on(batch, "apply")
    if state.state == "failed":
        return redirect(url_for("imports.changes", import_id=import_id), 303)
    return redirect(where_next(import_id, state), 303)


# ------------------------------------------------------------------ step 5: the certificate
@imports.get("/<int:import_id>/done")
@needs(Act.IMPORT)
def done(import_id: int) -> ResponseReturnValue:
    """Show the certificate of an import."""
    batch = find_batch(database(), actor(), import_id)
    if batch.applied_at is None:
        return redirect(url_for("imports.preview", import_id=import_id), 303)
    tried = data_of(database(), batch.id, "tried") or {"lines": []}
    found = certificate(database(), batch, actor().label, _plan_title(batch))
    only = request.args.get("fate", "")
    chosen = [line for line in found.lines if line.fate.value == only]
    if only not in set(Fate):
        only, chosen = "", [line for line in found.lines if line.fate is not Fate.IMPORTED]
    number, pages, shown = paged(chosen)
    counts = {name: sum(line["state"] == name for line in tried["lines"]) for name in STATES}
    return render_template(
        "imports/done.html",
        batch=frame(batch),
        certificate=found,
        counts=counts,
        only=only,
        lines=shown,
        page=number,
        pages=pages,
        number=len(chosen),
        formats=FORMATS,
        undo=url_for("plans.undo_act", slug=batch.plan_slug, act=batch.act)
        if batch.act and not tried.get("created")
        else "",
    )


@imports.get("/<int:import_id>/certificate/<format>")
@needs(Act.IMPORT)
def certificate_of(import_id: int, format: str) -> ResponseReturnValue:
    """Give the certificate as a file; before a file is applied, what it would be."""
    batch = find_batch(database(), actor(), import_id)
    if format not in FORMATS or data_of(database(), batch.id, "account") is None:
        raise NotFound("There is no such certificate.")
    found = certificate(database(), batch, actor().label, _plan_title(batch))
    content, mime, name = certificate_file(found, format, now())
    return Response(content, mimetype=mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})


# ------------------------------------------------------------------ what all pages of a batch show
def frame(batch: ImportBatch) -> dict[str, Any]:
    """Return what every page about a batch says of it."""
    return {
        "id": batch.id,
        "filename": batch.filename,
        "plan_title": _plan_title(batch),
        "slug": batch.plan_slug,
        "profile": batch.profile,
        "said": bool(batch.said),
        "applied": batch.applied_at is not None,
        "on": london_day(batch.applied_at or batch.created_at),
        "by": actor().label,
        "sha256": batch.sha256,
        "version": batch.version,
        "as_at": batch.as_at,
    }


def _plan_title(batch: ImportBatch) -> str:
    return dict(managed_plans(database(), actor())).get(batch.plan_slug, "a new plan")


def _form() -> UploadForm:
    form = UploadForm()
    form.plan_id.choices = [SelectChoice("", "A new plan")] + [
        SelectChoice(slug, title) for slug, title in managed_plans(database(), actor())
    ]
    form.profile.choices = [
        SelectChoice(AUTO, "Find out by its headings"),
        *(SelectChoice(str(row.id), f"As {row.name}") for row in profiles(database())),
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
    return render_template(
        "imports/index.html", form=form, batches=listed, has_profiles=len(form.profile.choices or ()) > 1
    )


def _source(form: UploadForm) -> tuple[bytes, str]:
    upload = form.file.data
    if upload:
        return upload.read(), upload.filename or "file"
    return (form.pasted.data or "").encode(), "pasted.csv"
