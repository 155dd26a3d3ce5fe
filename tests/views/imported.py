"""A file that waits to be applied, and a profile: what the world of the web edge holds of the wizard."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.imports import read_plan
from tracker.imports.background import compare, keep_read
from tracker.rules.permissions import Actor
from tracker.services.import_batches import keep_batch
from tracker.services.import_profiles import save_profile


def kept_import(session: Session, actor: Actor, table: str) -> int:
    """Keep a file for a new plan, read and compared, with one question about a date; returns the id of its batch."""
    data = f"{table}T2,Travel,Review the routes,November,Head of Transport\n".encode()
    batch = keep_batch(session, actor, NOW, plan_slug="travel", filename="travel.csv", data=data)
    result = read_plan(data, "travel.csv")
    keep_read(session, batch, result)
    compare(session, actor, NOW, batch, result)
    return batch.id


def kept_profile(session: Session, actor: Actor) -> int:
    """Keep a profile; returns its id."""
    said = {"columns": {"what": "action", "until": "due"}}
    return save_profile(session, actor, NOW, "profile-1", "The transport team", said, ["what", "until"]).id
