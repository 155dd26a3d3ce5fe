"""Say what the columns of a file hold, read it again with that, and keep it as a profile for the next edition."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.imports import ProfileForm, columns_form
from tracker.imports.codec import value_of
from tracker.imports.mapping import FileMapping
from tracker.imports.understood import SheetPicture, headings_of, looks_like
from tracker.models import ImportBatch, ImportProfile
from tracker.rules.errors import AlreadyDone, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act
from tracker.services.import_batches import find_batch, open_batch, say_columns
from tracker.services.import_parts import data_of
from tracker.services.import_profiles import (
    delete_profile,
    find_profile,
    profiles,
    rename_profile,
    save_profile,
)
from tracker.services.milestones import use_token
from tracker.views.guards import actor, needs, now
from tracker.views.import_work import where_next, work_on
from tracker.views.imports import frame, imports

_STALE = "What was said of this file was changed in another window. Look at it below and send it again"


@imports.route("/<int:import_id>/columns", methods=["GET", "POST"])
@needs(Act.IMPORT)
def columns(import_id: int) -> ResponseReturnValue:
    """Say what columns hold and which sheets are read, and read the file again."""
    batch = open_batch(database(), actor(), import_id)
    form = columns_form(_pictures(batch), batch.said)
    if form.is_submitted() and form.validate():
        use_token(database(), form.form_token.data or "", actor(), now())
        if form.version.data == batch.version:
            say_columns(database(), batch, form.said())
            return redirect(where_next(import_id, work_on(batch, "read")), 303)
        form.refuse("", _STALE)
    form.version.data = batch.version
    return render_template("imports/columns.html", batch=frame(batch), form=form), 422 if form.error_links else 200


@imports.post("/<int:import_id>/profile/<int:profile_id>")
@needs(Act.IMPORT)
def with_profile(import_id: int, profile_id: int) -> ResponseReturnValue:
    """Read a file again with a profile."""
    form = ActForm()
    use_token(database(), form.form_token.data or "", actor(), now())
    batch = open_batch(database(), actor(), import_id)
    profile = find_profile(database(), profile_id)
    say_columns(database(), batch, profile.said, profile.name)
    return redirect(where_next(import_id, work_on(batch, "read")), 303)


@imports.route("/<int:import_id>/profile", methods=["GET", "POST"])
@needs(Act.IMPORT)
def save(import_id: int) -> ResponseReturnValue:
    """Keep how a file was read as a profile of this council."""
    batch = find_batch(database(), actor(), import_id)
    pictures = _pictures(batch)
    headings = headings_of(pictures)
    if not headings:
        raise Refusal("No table with headings was found in this file, so there is nothing to keep as a profile.")
    form = ProfileForm()
    if form.is_submitted() and form.validate():
        said = _whole(pictures, batch.said)
        name = form.name.data or ""
        saved = save_profile(database(), actor(), now(), form.form_token.data or "", name, said, headings)
        batch.profile = saved.name
        flash(f"The profile {saved.name} is saved. It is offered for files with the same headings.", "success")
        return redirect(url_for("imports.preview", import_id=import_id), 303)
    if not form.is_submitted():
        form.name.data = batch.profile
    known = [row.name for row in profiles(database())]
    page = render_template("imports/profile.html", batch=frame(batch), form=form, headings=headings, known=known)
    return page, 422 if form.error_links else 200


def _whole(pictures: list[SheetPicture], said: dict[str, Any]) -> dict[str, Any]:
    """Return how every column of a file was read, with what was said of it, for another edition."""
    columns = {
        column.name: column.meaning
        for sheet in pictures
        for table in sheet.tables
        for column in table.columns
        if column.meaning != "period"
    }
    own = FileMapping.from_data(said).for_next_edition()
    return FileMapping(columns | own.columns, own.periods, {}, own.left_out).to_data()


def fitting(batch: ImportBatch) -> list[ImportProfile]:
    """Return the profiles whose headings are those of a file."""
    known = profiles(database())
    if not known:
        return []
    pictures = _pictures(batch)
    return [row for row in known if looks_like(pictures, row.headings)]


def _pictures(batch: ImportBatch) -> list[SheetPicture]:
    kept = data_of(database(), batch.id, "picture")
    if kept is None:
        raise NotFound("This file has not been read yet.")
    return [value_of(SheetPicture, each) for each in kept]


# ------------------------------------------------------------------ profiles
@imports.get("/profiles")
@needs(Act.IMPORT)
def list_profiles() -> str:
    """List the profiles of this council."""
    return render_template("imports/profiles.html", rows=profiles(database()))


@imports.route("/profiles/<int:profile_id>", methods=["GET", "POST"])
@needs(Act.IMPORT)
def rename(profile_id: int) -> ResponseReturnValue:
    """Give a profile another name."""
    profile = find_profile(database(), profile_id)
    form = ProfileForm()
    if not form.is_submitted():
        form.name.data, form.version.data = profile.name, profile.version
    elif form.validate():
        token, name = form.form_token.data or "", form.name.data or ""
        try:
            made = rename_profile(database(), actor(), now(), profile_id, form.version.data or 0, token, name)
        except (AlreadyDone, NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            form.refuse("name", refusal.sentence)
            database().rollback()
        else:
            flash(f"The profile is called {made.name} now.", "success")
            return redirect(url_for("imports.list_profiles"), 303)
    page = render_template("imports/rename.html", profile=profile, form=form)
    return page, 422 if form.error_links else 200


@imports.route("/profiles/<int:profile_id>/delete", methods=["GET", "POST"])
@needs(Act.IMPORT)
def delete(profile_id: int) -> ResponseReturnValue:
    """Delete a profile, once a person has said so."""
    form = ActForm()
    if form.is_submitted() and form.validate():
        name = delete_profile(database(), actor(), now(), profile_id, form.form_token.data or "")
        flash(f"The profile {name} is deleted. Files that were read with it stay as they are.", "success")
        return redirect(url_for("imports.list_profiles"), 303)
    page = render_template("imports/delete_profile.html", profile=find_profile(database(), profile_id), form=form)
    return page, 422 if form.error_links else 200
