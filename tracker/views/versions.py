"""The versions of a plan: their list, what changed between two of them, a review, and taking an adoption back."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.exports.version_text import diff_csv
from tracker.exports.wording import precision_of
from tracker.extensions import database
from tracker.forms.versions import ReviewForm, UndoAdoptionForm
from tracker.models import FormToken
from tracker.queries.restate import baseline_counts, baselines_of
from tracker.queries.rows import MilestoneRow
from tracker.queries.tree import snapshot
from tracker.queries.version_diff import KINDS, VersionDiff, version_diff
from tracker.queries.version_rows import VersionRow, find_version
from tracker.rules.errors import AlreadyDone, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act
from tracker.rules.slippage import slip
from tracker.rules.text import clean
from tracker.services.review import Decision, Preview, preview
from tracker.services.versions import adopt, find_stored, refuse_undo, undo
from tracker.views.filters import as_at
from tracker.views.guards import actor, current_plan, needs, now, today
from tracker.views.plans import frame, plans


@plans.get("/plans/<slug>/versions")
@needs(Act.SEE)
def versions(slug: str) -> str:
    """Show the versions of a plan, and the date of each milestone in each of them."""
    day = as_at()
    plan, scheme = current_plan()
    there = [version for version in plan.versions if version.number == 1 or (version.adopted or day) <= day]
    counted = [version for version in there if version.holds_on(day)]
    rows = snapshot(database(), plan, scheme, day, today(), annexes=False).milestones
    taken = baselines_of(database(), [row.id for row in rows], day) if len(counted) > 1 else {}
    return render_template(
        "versions/index.html",
        **frame(day),
        day=day,
        there=there,
        counted=counted,
        numbers=baseline_counts(database(), plan.id),
        lines=[_line(row, {each.number: each.due_text for each in taken.get(row.id, ())}) for row in rows],
    )


@plans.get("/plans/<slug>/versions/<pair>")
@needs(Act.SEE)
def difference(slug: str, pair: str) -> str:
    """Show what is otherwise in the second of two versions ("1..2")."""
    day = as_at()
    found = _difference(pair, day)
    return render_template(
        "versions/difference.html", **frame(day, found.later.adopted), diff=found, kinds=KINDS, pair=pair
    )


@plans.get("/plans/<slug>/versions/<pair>/changes.csv")
@needs(Act.REPORT)
def difference_file(slug: str, pair: str) -> ResponseReturnValue:
    """Send what is otherwise in the second of two versions as a table."""
    found = _difference(pair, as_at())
    response = Response(diff_csv(found, bom="excel" in request.args), content_type="text/csv; charset=utf-8")
    name = f"{slug}-version-{found.earlier.key}-to-{found.later.key}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@plans.route("/plans/<slug>/review", methods=["GET", "POST"])
@needs(Act.ADOPT)
def review(slug: str) -> ResponseReturnValue:
    """Record a review: the decision, then the list of what becomes of each date, then the adoption."""
    plan, _ = current_plan()
    form = ReviewForm()
    if not form.is_submitted():
        form = ReviewForm(label=_next_label(plan.versions), board=plan.reports_to[0] if plan.reports_to else "")
        return _review_page(form, None)
    if database().get(FormToken, clean(form.form_token.data)) is not None:
        raise AlreadyDone("This review was recorded already.")
    found = None
    if form.validate():
        decision = _decision(form)
        try:
            if form.step.data == "record":
                return _record(form, decision, slug)
            found = preview(database(), actor(), plan.id, decision, today())
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            database().rollback()
            form.refuse(refusal.field, refusal.sentence)
            if refusal.field in {"", "taking"} and form.step.data == "record":
                found = _again(decision)
    return _review_page(form, found)


@plans.route("/plans/<slug>/versions/<int:number>/undo", methods=["GET", "POST"])
@needs(Act.ADOPT)
def undo_adoption(slug: str, number: int) -> ResponseReturnValue:
    """Ask whether an adoption is to be undone, say what stands against it, and undo it."""
    plan, _ = current_plan()
    version = next((version for version in plan.later_versions if version.number == number), None)
    if version is None:
        raise NotFound("There is no such version of this plan that was adopted at a review.")
    form = UndoAdoptionForm()
    against = ""
    if form.is_submitted() and form.validate():
        try:
            undo(database(), actor(), now(), plan.id, number, form.form_token.data or "", form.reason.data or "")
            flash(f"The adoption of {version.words} is undone.", "success")
            return redirect(url_for("plans.versions", slug=slug), 303)
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            database().rollback()
            form.refuse(refusal.field, refusal.sentence)
    elif not form.is_submitted():
        try:
            refuse_undo(database(), find_stored(database(), plan.id, number))
        except NotFound:
            raise
        except Refusal as refusal:
            against = refusal.sentence
    status = 422 if form.is_submitted() and form.error_links else 200
    page = render_template(
        "versions/undo.html",
        plan=plan,
        form=form,
        version=version,
        standing_against=against,
        demonstration=plan.demonstration,
    )
    return page, status


def _record(form: ReviewForm, decision: Decision, slug: str) -> ResponseReturnValue:
    plan, _ = current_plan()
    offered = preview(database(), actor(), plan.id, decision, today())
    left_out = {line.milestone_id for line in offered.taking} - set(form.taking.data or ())
    token, seen = form.form_token.data or "", form.seen.data or ""
    made = adopt(database(), actor(), now(), plan.id, token, decision, left_out=left_out, seen=seen)
    number = len(offered.taking) - len(left_out)
    flash(
        f"Version {made.label} is adopted: {number} milestone{'' if number == 1 else 's'} with a new baseline.",
        "success",
    )
    return redirect(url_for("plans.versions", slug=slug), 303)


def _again(decision: Decision) -> Preview | None:
    """Return the list again after what was ticked on it was refused; None where the decision itself is refused."""
    plan, _ = current_plan()
    try:
        return preview(database(), actor(), plan.id, decision, today())
    except Refusal:
        return None


def _review_page(form: ReviewForm, found: Preview | None) -> ResponseReturnValue:
    plan, _ = current_plan()
    ticked = None
    if form.step.data == "record":
        ticked = set(form.taking.data or ())
    page = render_template(
        "versions/list.html" if found else "versions/review.html",
        plan=plan,
        form=form,
        preview=found,
        ticked=ticked,
        last=plan.version_on(today()),
        demonstration=plan.demonstration,
    )
    return page, 422 if form.is_submitted() and form.error_links else 200


def _decision(form: ReviewForm) -> Decision:
    return Decision(
        label=form.label.data or "",
        adopted=form.adopted.data,
        board=form.board.data or "",
        meeting_on=form.meeting_on.data,
        minute=form.minute.data or "",
        note=form.note.data or "",
    )


def _difference(pair: str, day: date) -> VersionDiff:
    plan, _ = current_plan()
    one, dots, other = pair.partition("..")
    found = [find_version(plan.versions, asked, day) if dots else None for asked in (one, other)]
    if found[0] is None or found[1] is None or found[0].number >= found[1].number:
        raise NotFound("Name two versions of this plan that were there on that day, the earlier one first: 1..2.")
    return version_diff(database(), plan, found[0], found[1])


def _next_label(versions: tuple[VersionRow, ...]) -> str:
    """Return the label that a next version is likely to have."""
    label = [version for version in versions if version.undone_on is None][-1].label
    return str(int(label) + 1) if label.isdecimal() and len(label) < 4 else str(len(versions) + 1)


def _line(row: MilestoneRow, taken: dict[int, str]) -> dict[str, Any]:
    return {
        "row": row,
        "taken": taken,
        "measured": slip(row.measured_due, row.due, precision_of(row.due_precision)).words
        if row.due and row.measured_due
        else "",
        "whole": slip(row.original_due, row.due, precision_of(row.due_precision)).words
        if row.due and row.original_due
        else "",
    }
