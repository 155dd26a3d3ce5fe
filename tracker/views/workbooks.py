"""Workbooks of a plan's leads: out to one lead or to all, and back with what they filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from tracker.exports.lead_workbook import Sending, render_lead_workbook
from tracker.exports.lead_workbook_zip import workbook_name, zip_name, zip_workbooks
from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.workbooks import ReturnForm
from tracker.imports.returned_workbook import read_returned
from tracker.models import ReturnedWorkbook
from tracker.queries.lead_workbooks import LeadSheet, LeadSheets, lead_counts, lead_sheets
from tracker.queries.plans import find_plan
from tracker.rules.dates import london_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Scope, permit, scope
from tracker.rules.security import Kind
from tracker.rules.workbook_keys import workbook_secret
from tracker.rules.workbook_return import Outcome, Returned
from tracker.services.milestones import use_token
from tracker.services.workbook_batches import (
    apply_returned,
    find_returned,
    is_stale,
    keep_returned,
    look_again,
    result_of,
    returned_workbooks,
    undo_returned,
)
from tracker.views.filters import settings
from tracker.views.guards import actor, current_plan, needs, now, takes_files, today
from tracker.views.plans import frame
from tracker.views.refusals import write_refusal

workbooks = Blueprint("workbooks", __name__)
_OF_PLAN, _RETURNED = "/plans/<slug>/workbooks", "/workbooks/<int:returned_id>"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TAKE = "take"
_LONGEST_NAME = 80
_MOST_SHOWN = 300


@workbooks.get(_OF_PLAN)
@needs(Act.UPDATE)
def index(slug: str) -> str:
    """Offer the workbooks that the person may take out, and ask for those that came back."""
    return _index(ReturnForm())


@workbooks.post(_OF_PLAN)
@needs(Act.UPDATE)
@takes_files
def bring_back(slug: str) -> ResponseReturnValue:
    """Read workbooks that came back, each in a process of its own; nothing is written to the plan."""
    form = ReturnForm()
    if not form.validate():
        return _index(form), 422
    plan, _ = current_plan()
    read, refused = read_chosen(form)
    use_token(database(), form.form_token.data or "", actor(), now())
    kept: list[ReturnedWorkbook] = []
    for returned in read:
        try:
            kept.append(keep_returned(database(), actor(), now(), plan.id, returned, secret()))
        except Refusal as refusal:
            refused.append(f"{returned.filename}: {refusal.sentence}")
    if not kept:
        for sentence in refused:
            form.refuse("files", sentence)
        return _index(form), 422
    for sentence in refused:
        flash(sentence, "notice")
    if len(kept) == 1:
        return redirect(url_for("workbooks.returned", returned_id=kept[0].id), 303)
    flash(f"{len(kept)} workbooks were read. Look at each and apply it.", "success")
    return redirect(url_for("workbooks.index", slug=slug), 303)


def read_chosen(form: ReturnForm) -> tuple[list[Returned], list[str]]:
    """Read the files of a form, each in a process of its own; return them, and the sentences of those refused."""
    files = [(file.filename[:_LONGEST_NAME], file.read()) for file in form.chosen]
    database().rollback()  # nobody has to wait for a file to be read
    read: list[Returned] = []
    refused: list[str] = []
    for name, data in files:
        try:
            read.append(read_returned(data, name))
        except Refusal as refusal:
            write_refusal(Kind.UPLOAD_REFUSED)
            refused.append(f"{name}: {refusal.sentence}")
    return read, refused


@workbooks.get(f"{_OF_PLAN}/<int:post_id>.xlsx")
@needs(Act.UPDATE)
def of_lead(slug: str, post_id: int) -> ResponseReturnValue:
    """Send the workbook of one lead."""
    plan, _ = current_plan()
    if post_id not in actor().posts:
        permit(actor(), Act.UPDATE, plan.id)
    sheets = lead_sheets(database(), plan.id, today(), frozenset({post_id}))
    sheet = sheets.of(post_id)
    if sheet is None:
        raise NotFound("This post leads nothing that is open in this plan.")
    return _sent(sheets, sheet)


@workbooks.get(f"{_OF_PLAN}/plan.xlsx")
@needs(Act.UPDATE)
def of_plan(slug: str) -> ResponseReturnValue:
    """Send one workbook of the whole plan."""
    plan, _ = current_plan()
    permit(actor(), Act.UPDATE, plan.id)
    sheets = lead_sheets(database(), plan.id, today())
    return _sent(sheets, sheets.whole)


@workbooks.get(f"{_OF_PLAN}/all.zip")
@needs(Act.UPDATE)
def of_all(slug: str) -> ResponseReturnValue:
    """Send the workbooks of all leads as one archive, made while it is sent."""
    plan, _ = current_plan()
    permit(actor(), Act.UPDATE, plan.id)
    sheets = lead_sheets(database(), plan.id, today())
    pieces: Iterator[bytes] = stream_with_context(zip_workbooks(_sending(sheets), sheets.leads))
    response = Response(pieces, content_type="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=zip_name(plan.slug, today()))
    return response


@dataclass(frozen=True, slots=True)
class Places:
    """Where a workbook that came back leads: its own page, undoing it, the list; and the template of its page."""

    page: str
    undo: str
    home: str
    template: str = "workbooks/returned.html"


def _here(returned_id: int, slug: str) -> Places:
    return Places(
        url_for("workbooks.returned", returned_id=returned_id),
        url_for("workbooks.undo", returned_id=returned_id),
        url_for("workbooks.index", slug=slug),
    )


@workbooks.get(_RETURNED)
@needs(Act.UPDATE)
def returned(returned_id: int) -> str:
    """Show what applying a workbook would do, cell by cell, or what it did."""
    batch, slug = find_returned(database(), actor(), returned_id)
    return show_returned(batch, slug, _here(returned_id, slug))


@workbooks.post(_RETURNED)
@needs(Act.UPDATE)
def apply(returned_id: int) -> ResponseReturnValue:
    """Apply a workbook with what was chosen where two people changed the same, in one transaction."""
    batch, slug = find_returned(database(), actor(), returned_id)
    return settle_returned(batch, _here(returned_id, slug))


@workbooks.post(f"{_RETURNED}/undo")
@needs(Act.UPDATE)
def undo(returned_id: int) -> ResponseReturnValue:
    """Take back what a workbook changed."""
    batch, slug = find_returned(database(), actor(), returned_id)
    return take_back(batch, _here(returned_id, slug))


def show_returned(batch: ReturnedWorkbook, slug: str, places: Places) -> str:
    """Show a workbook that came back."""
    found = find_plan(database(), slug)
    assert found is not None
    plan, _ = found
    result = result_of(batch)
    told = [row for row in result.rows if row.told or row.notes]
    order = (Outcome.CONFLICT, Outcome.REFUSED, Outcome.APPLIED, Outcome.UNCHANGED)
    return render_template(
        places.template,
        plan=plan,
        demonstration=plan.demonstration,
        batch=batch,
        result=result,
        rows=sorted(told, key=lambda row: order.index(row.outcome)),
        untouched=len(result.rows) - len(told),
        counts={outcome.value: result.count(outcome) for outcome in Outcome},
        applied=batch.applied_at is not None,
        applied_on=london_day(batch.applied_at) if batch.applied_at else None,
        undone_on=london_day(batch.undone_at) if batch.undone_at else None,
        stale=is_stale(database(), batch),
        may_undo=bool(batch.act) and batch.undone_at is None,
        form=ActForm(),
        take=_TAKE,
        most=_MOST_SHOWN,
        places=places,
    )


def settle_returned(batch: ReturnedWorkbook, places: Places) -> ResponseReturnValue:
    """Compare a workbook again, or apply it, as the form asks."""
    token = ActForm().form_token.data or ""
    if "check" in request.form:
        look_again(database(), actor(), now(), batch, secret(), token)
        flash("Compared again with the plan as it is now.", "success")
        return redirect(places.page, 303)
    if not apply_returned(database(), actor(), now(), batch, secret(), token, _choices()):
        flash(
            "Somebody changed the same answers in the meantime. Nothing was applied: look at them and choose.", "notice"
        )
        return redirect(places.page, 303)
    number = len(result_of(batch).rows_with(Outcome.APPLIED))
    done = f"{number} milestone{'' if number == 1 else 's'} updated." if number else "Nothing was to be changed."
    flash(done, "success")
    return redirect(places.page, 303)


def take_back(batch: ReturnedWorkbook, places: Places) -> ResponseReturnValue:
    """Take back what a workbook changed."""
    number = undo_returned(database(), actor(), now(), batch, ActForm().form_token.data or "")
    flash(
        f"The update{'' if number == 1 else 's'} of {number} milestone{'' if number == 1 else 's'} undone.", "success"
    )
    return redirect(places.page, 303)


def _index(form: ReturnForm) -> str:
    plan, _ = current_plan()
    every = scope(actor(), Act.UPDATE, plan.id) is Scope.ALL
    leads, whole = lead_counts(database(), plan.id, today(), None if every else actor().posts)
    return render_template(
        "workbooks/index.html",
        **frame(today()),
        form=form,
        leads=leads,
        whole=whole,
        every=every,
        batches=[
            (batch, result_of(batch), london_day(batch.created_at))
            for batch in returned_workbooks(database(), actor(), plan.id)
        ],
        outcomes=Outcome,
    )


def _choices() -> dict[tuple[int, str], str]:
    """Return the answers that a person takes from the workbook: "choice-<milestone>-<column>" is "take:<seen>"."""
    found: dict[tuple[int, str], str] = {}
    for name, value in request.form.items():
        word, _, rest = name.partition("-")
        number, _, key = rest.partition("-")
        taken, _, seen = value.partition(":")
        if word == "choice" and number.isascii() and number.isdecimal() and taken == _TAKE:
            found[int(number), key] = seen
    return found


def _sending(sheets: LeadSheets) -> Sending:
    plan, _ = current_plan()
    words = plan.ratings.on(today()).vocabulary
    return Sending(plan, words, now(), sheets.seq, secret(), settings().contact_email)


def _sent(sheets: LeadSheets, sheet: LeadSheet) -> Response:
    return send_workbook(_sending(sheets), sheet)


def send_workbook(sending: Sending, sheet: LeadSheet) -> Response:
    """Return a workbook as a download."""
    response = Response(render_lead_workbook(sending, sheet), content_type=_XLSX)
    name = workbook_name(sending.plan.slug, sheet, today())
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def secret() -> bytes:
    """Return the secret that workbooks are sealed with."""
    return workbook_secret(settings().secret_key)
