"""Files as people send them to the world: workbooks that a lead sent back, and a file that can be sent twice."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.lead_workbooks import read, send
from tracker.models import Plan, ReturnedWorkbook
from tracker.rules.permissions import Actor
from tracker.rules.workbook_keys import workbook_secret
from tracker.services.workbook_batches import apply_returned, keep_returned

if TYPE_CHECKING:
    from tests.views.world import World

SECRET = workbook_secret("a-key-for-tests")  # the key of the application that tests visit


def upload_workbooks(session: Session, world: World, lead: Actor) -> None:
    """Let the lead upload two workbooks, and apply one of them."""
    plan = session.get_one(Plan, world.alpha)

    def uploaded(ref: str, **answers: str) -> ReturnedWorkbook:
        data = send(session, plan, post=world.post, secret=SECRET).set(ref, **answers).saved()
        return keep_returned(session, lead, NOW, plan.id, read(data), SECRET, by_link=True)

    applied = uploaded("1a.7", help="A second room")
    assert apply_returned(session, lead, NOW, applied, SECRET, "workbook-7", {})
    world.applied, world.returned = applied.id, uploaded("1a.1", state="On track", progress="It has begun").id
    world.workbook = send(session, plan, post=world.post, secret=SECRET).set("1a.5", help="A third room").saved()


def as_file(data: bytes) -> str:
    """Return the path of a file with these contents, so that it can be sent more than once."""
    path = Path(tempfile.gettempdir()) / f"tracker-test-{hashlib.sha256(data).hexdigest()[:20]}"
    if not path.exists():
        path.write_bytes(data)
    return str(path)
