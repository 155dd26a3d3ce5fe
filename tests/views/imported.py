"""A file that waits to be applied, and a profile: what the world of the web edge holds of the wizard."""

from __future__ import annotations

import json
import zlib

from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.imports import read_plan
from tracker.imports.background import compare, keep_read
from tracker.imports.codec import encoded
from tracker.imports.readings import Reading, mark_of
from tracker.rules.permissions import Actor
from tracker.services.import_batches import keep_batch
from tracker.services.import_profiles import save_profile


def reading_of(data: bytes, filename: str) -> Reading:
    """Return what the reading process would give of a file, read in this process."""
    result = read_plan(data, filename)
    answer = json.dumps({"result": encoded(result)}).encode()
    return Reading(result, zlib.compress(answer), mark_of(data, filename))


def kept_import(session: Session, actor: Actor, table: str) -> int:
    """Keep a file for a new plan, read and compared, with one question about a date; returns the id of its batch."""
    data = f"{table}T2,Travel,Review the routes,November,Head of Transport\n".encode()
    batch = keep_batch(session, actor, NOW, plan_slug="travel", filename="travel.csv", data=data)
    reading = reading_of(data, "travel.csv")
    keep_read(session, batch, reading)
    compare(session, actor, NOW, batch, reading.result)
    return batch.id


def kept_profile(session: Session, actor: Actor) -> int:
    """Keep a profile; returns its id."""
    said = {"columns": {"what": "action", "until": "due"}}
    return save_profile(session, actor, NOW, "profile-1", "The transport team", said, ["what", "until"]).id
