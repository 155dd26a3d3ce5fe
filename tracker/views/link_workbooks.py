"""Workbooks by a link, without signing in: taken out, brought back, looked at, applied, undone; of one's own alone."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.exports.lead_workbook import Sending
from tracker.extensions import database
from tracker.forms.workbooks import ReturnForm
from tracker.models import ReturnedWorkbook
from tracker.queries.lead_workbooks import lead_counts, lead_sheets
from tracker.queries.plans import find_plan, plans_as
from tracker.rules.dates import london_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Role
from tracker.services.milestones import use_token
from tracker.services.update_links import use_link
from tracker.services.workbook_batches import find_returned, keep_linked, result_of, returned_workbooks
from tracker.views.by_link import by_link
from tracker.views.guards import actor, by_a_link, now, takes_files, today, who
from tracker.views.workbooks import (
    Places,
    read_chosen,
    secret,
    send_workbook,
    settle_returned,
    show_returned,
    take_back,
)

_HOME = "/<token>/workbooks"
_RETURNED = f"{_HOME}/<int:returned_id>"


@by_link.get(_HOME)
@by_a_link
def workbooks(token: str) -> str:
    """Offer the workbooks of what the person leads, and ask for those that are filled in."""
    return _home(token, ReturnForm())


@by_link.post(_HOME)
@by_a_link
@takes_files
def bring_back(token: str) -> ResponseReturnValue:
    """Read workbooks that came back; nothing is written to a plan, and nothing of others' milestones is read."""
    form = ReturnForm()
    if not form.validate():
        return _home(token, form), 422
    read, refused = read_chosen(form)
    use_token(database(), form.form_token.data or "", actor(), now())
    kept: list[ReturnedWorkbook] = []
    for returned in read:
        try:
            kept.append(keep_linked(database(), actor(), now(), returned, secret()))
        except Refusal as refusal:
            refused.append(f"{returned.filename}: {refusal.sentence}")
    if not kept:
        for sentence in refused:
            form.refuse("files", sentence)
        return _home(token, form), 422
    for sentence in refused:
        flash(sentence, "notice")
    if len(kept) == 1:
        return redirect(_places(token, kept[0].id).page, 303)
    flash(f"{len(kept)} workbooks were read. Look at each and apply it.", "success")
    return redirect(url_for("by_link.workbooks", token=token), 303)


@by_link.get(f"{_HOME}/<slug>/<int:post_id>.xlsx")
@by_a_link
def workbook(token: str, slug: str, post_id: int) -> ResponseReturnValue:
    """Send the workbook of one of the person's posts; what others lead is not there."""
    found = find_plan(database(), slug) if post_id in actor().posts else None
    mine = found is not None and found[0].id in actor().roles
    sheets = lead_sheets(database(), found[0].id, today(), frozenset({post_id})) if found and mine else None
    sheet = sheets.of(post_id) if sheets else None
    if not (found and sheets and sheet):
        raise NotFound("There is no such workbook, or it is not one of yours.")
    words = found[0].ratings.on(today()).vocabulary
    return send_workbook(Sending(found[0], words, now(), sheets.seq, secret(), by_message=True), sheet)


@by_link.get(_RETURNED)
@by_a_link
def returned(token: str, returned_id: int) -> str:
    """Show what applying a workbook would do, or what it did."""
    batch, slug = find_returned(database(), actor(), returned_id, by_link=True)
    return show_returned(batch, slug, _places(token, returned_id))


@by_link.post(_RETURNED)
@by_a_link
def apply(token: str, returned_id: int) -> ResponseReturnValue:
    """Apply a workbook that the person brought back by a link."""
    batch, _ = find_returned(database(), actor(), returned_id, by_link=True)
    use_link(database(), g.link_id, now())
    return settle_returned(batch, _places(token, returned_id))


@by_link.post(f"{_RETURNED}/undo")
@by_a_link
def undo(token: str, returned_id: int) -> ResponseReturnValue:
    """Take back what such a workbook changed."""
    batch, _ = find_returned(database(), actor(), returned_id, by_link=True)
    use_link(database(), g.link_id, now())
    return take_back(batch, _places(token, returned_id))


def _places(token: str, returned_id: int) -> Places:
    return Places(
        url_for("by_link.returned", token=token, returned_id=returned_id),
        url_for("by_link.undo", token=token, returned_id=returned_id),
        url_for("by_link.workbooks", token=token),
        "by_link/returned.html",
    )


def _home(token: str, form: ReturnForm) -> str:
    sheets = [
        (slug, title, lead)
        for plan_id, slug, title in plans_as(database(), actor(), Role.LEAD)
        for lead in lead_counts(database(), plan_id, today(), actor().posts)[0]
    ]
    return render_template(
        "by_link/workbooks.html",
        token=token,
        name=who().name,
        form=form,
        sheets=sheets,
        batches=[
            (batch, result_of(batch), london_day(batch.created_at))
            for batch in returned_workbooks(database(), actor(), None)
        ],
    )
