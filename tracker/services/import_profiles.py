"""Profiles: how this council's files are read, saved under a name for the next edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import ImportProfile
from tracker.rules.errors import Conflict, FieldConflict, NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.text import clean, fold
from tracker.services.milestones import use_token


def profiles(session: Session) -> list[ImportProfile]:
    """Return every profile by name. One statement."""
    return list(session.scalars(select(ImportProfile).order_by(ImportProfile.name)))


def find_profile(session: Session, profile_id: int) -> ImportProfile:
    """Return a profile; NotFound if there is none."""
    profile = session.get(ImportProfile, profile_id)
    if profile is None:
        raise NotFound("There is no such profile.")
    return profile


def named_profile(session: Session, name: str) -> ImportProfile | None:
    """Return the profile of a name, whatever its letters' case; None if there is none."""
    return next((row for row in profiles(session) if fold(row.name) == fold(name)), None)


def save_profile(
    session: Session,
    actor: Actor,
    now: datetime,
    token: str,
    name: str,
    said: Mapping[str, Any],
    headings: Sequence[str],
) -> ImportProfile:
    """Save what was said of a file's columns under a name; one of the same name is replaced."""
    permit(actor, Act.IMPORT, None)
    use_token(session, token, actor, now)
    profile = named_profile(session, name)
    if profile is None:
        profile = ImportProfile(name=clean(name), said={}, headings=[], made_by="", made_at=now, version=0)
        session.add(profile)
    profile.said, profile.headings = dict(said), list(headings)
    profile.made_by, profile.made_at = actor.label, now
    profile.version += 1
    session.flush()
    return profile


def rename_profile(
    session: Session, actor: Actor, now: datetime, profile_id: int, version: int, token: str, name: str
) -> ImportProfile:
    """Give a profile another name; Refusal if another one has it."""
    permit(actor, Act.IMPORT, None)
    use_token(session, token, actor, now)
    profile = find_profile(session, profile_id)
    if profile.version != version:
        seen = (FieldConflict("name", profile.name, clean(name)),)
        raise Conflict("Somebody else changed this profile in the meantime.", seen, profile.version)
    other = named_profile(session, name)
    if other is not None and other.id != profile.id:
        raise Refusal(f"There is a profile called {other.name} already. Choose another name.", "name")
    profile.name = clean(name)
    profile.version += 1
    session.flush()
    return profile


def delete_profile(session: Session, actor: Actor, now: datetime, profile_id: int, token: str) -> str:
    """Delete a profile; returns its name. Plans and files that were read with it stay as they are."""
    permit(actor, Act.IMPORT, None)
    use_token(session, token, actor, now)
    profile = find_profile(session, profile_id)
    name = profile.name
    session.delete(profile)
    session.flush()
    return name
