"""Load the plans that ship with the tracker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Plan
from tracker.rules.dates import london_midnight
from tracker.rules.document import PlanDocument
from tracker.rules.permissions import SYSTEM
from tracker.services.plan_writer import create_plan
from tracker.services.seed_files import load_document, seed_path, seed_slugs


@dataclass(frozen=True, slots=True)
class Seeded:
    """Which plans were loaded, and which were there already."""

    loaded: tuple[str, ...]
    kept: tuple[str, ...]


def adoption_day(document: PlanDocument) -> date | None:
    """Return the day on which a plan was adopted; None if its document does not say."""
    return date.fromisoformat(document.adopted) if document.adopted else None


def seed_plans(session: Session, now: datetime, begins: Callable[[PlanDocument], date | None] = adoption_day) -> Seeded:
    """Load every shipped plan that is not there yet; `begins` says from which day on its ledger speaks (None: now)."""
    known = set(session.scalars(select(Plan.slug)))
    loaded = []
    for slug in seed_slugs():
        if slug in known:
            continue
        document = load_document(seed_path(slug))
        first = begins(document)
        create_plan(session, document, SYSTEM, now, effective=london_midnight(first) if first else None)
        loaded.append(slug)
    return Seeded(tuple(loaded), tuple(sorted(known & set(seed_slugs()))))
