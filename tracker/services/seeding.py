"""Load the plans that ship with the tracker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Plan
from tracker.rules.dates import london_midnight
from tracker.rules.permissions import SYSTEM
from tracker.services.plan_writer import create_plan
from tracker.services.seed_files import load_document, seed_path, seed_slugs


@dataclass(frozen=True, slots=True)
class Seeded:
    """Which plans were loaded, and which were there already."""

    loaded: tuple[str, ...]
    kept: tuple[str, ...]


def seed_plans(session: Session, now: datetime) -> Seeded:
    """Load every shipped plan that is not there yet, with effect from the day on which it was adopted."""
    known = set(session.scalars(select(Plan.slug)))
    loaded = []
    for slug in seed_slugs():
        if slug in known:
            continue
        document = load_document(seed_path(slug))
        adopted = date.fromisoformat(document.adopted) if document.adopted else None
        effective = london_midnight(adopted) if adopted else None
        create_plan(session, document, SYSTEM, now, effective=effective)
        loaded.append(slug)
    return Seeded(tuple(loaded), tuple(sorted(known & set(seed_slugs()))))
