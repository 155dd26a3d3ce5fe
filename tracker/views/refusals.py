"""Write down what was refused: in a transaction of its own, for that of the request is undone."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from flask import g, request
from sqlalchemy.exc import SQLAlchemyError

from tracker.extensions import database, db
from tracker.models.engine import transaction
from tracker.rules.errors import Refusal
from tracker.rules.security import Kind
from tracker.services.evidence import NewEvidence
from tracker.services.evidence_files import keep_file
from tracker.services.security import Noted, note
from tracker.views.guards import now

_LOG = logging.getLogger("tracker.security")


def write_refusal(kind: Kind, email: str = "") -> None:
    """Undo what the request has done so far and write one event. The answer stands even if that cannot be written.

    `email` is that of whose it is, where nobody is signed in. The event names the route and not the address, which may
    hold what the person must not learn of.
    """
    database().rollback()  # also gives back the lock that a writing request holds
    person = g.get("person")
    plan = g.get("plan")
    rule = request.url_rule.rule if request.url_rule is not None else ""
    about = Noted(
        email=person.email if person is not None else email,
        plan_id=plan[0].id if plan is not None else None,
        detail=f"{request.method} {rule}",
    )
    try:
        with transaction(db.engine) as session:
            note(session, now(), kind, person.actor if person is not None else None, about)
    except SQLAlchemyError:
        _LOG.exception("A refusal could not be written to the security log: %s %s", kind.value, about.detail)


def keep_upload(folder: Path, upload: Any) -> NewEvidence:
    """Store a file that was sent as evidence; one that the guard refuses goes into the security log."""
    try:
        return keep_file(folder, upload.filename or "file", upload.read())
    except Refusal:
        write_refusal(Kind.UPLOAD_REFUSED)
        raise
