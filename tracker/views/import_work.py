"""Begin work on a file beside the request, and say where it leads."""

from __future__ import annotations

from flask import current_app, url_for

from tracker.extensions import database, db
from tracker.imports.background import Work
from tracker.models import ImportBatch
from tracker.models.engine import set_writing
from tracker.services.import_jobs import JobState, begin_job, latest_job
from tracker.views.filters import settings
from tracker.views.guards import actor, now


def work_on(batch: ImportBatch, kind: str) -> JobState:
    """Begin work on a batch in the background, and wait a moment: most of it is done before anybody would wonder."""
    data_dir = settings().data_dir
    job = begin_job(database(), now(), batch, kind, data_dir)
    work = Work(db.engine, job.id, batch.id, kind, actor(), data_dir)
    database().commit()  # the thread has to find what the request has stored
    work.start().join(current_app.config["IMPORT_PATIENCE"])
    set_writing(False)  # the work may hold the database; to look at it need not wait for that
    state = latest_job(database(), now(), work.batch_id, data_dir)
    database().rollback()
    set_writing(True)
    assert state is not None
    return state


def where_next(import_id: int, state: JobState | None) -> str:
    """Return the address of the page that work on a batch leads to."""
    if state is not None and (state.running or state.state != "done"):
        return url_for("imports.progress", import_id=import_id)
    kind = state.kind if state is not None else "read"
    page = {"read": "imports.preview", "compare": "imports.changes", "apply": "imports.done"}[kind]
    return url_for(page, import_id=import_id)
