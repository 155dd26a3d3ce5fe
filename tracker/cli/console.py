"""What every command needs: the database, today, a plan by its slug, a way to fail."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Never

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.models.engine import make_engine
from tracker.queries.plans import all_slugs, find_plan
from tracker.queries.rows import PlanRow
from tracker.queries.version_rows import VersionRow, find_version
from tracker.rules.dates import london_day
from tracker.rules.scheme import Schemes

DAY = click.DateTime(formats=["%Y-%m-%d"])


def fail(sentence: str) -> Never:
    """Say what is wrong and end with 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


@contextmanager
def database() -> Iterator[Engine]:
    """Open the database of this installation."""
    engine = make_engine(Settings.from_environment().database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def today() -> date:
    """Return today in London."""
    return london_day(datetime.now(UTC))


def asked_plan(session: Session, slug: str) -> tuple[PlanRow, Schemes]:
    """Return a plan by its slug, or end with a sentence that lists those there are."""
    found = find_plan(session, slug)
    if found is None:
        known = ", ".join(all_slugs(session)) or "none yet: run `tracker seed` or `tracker import` first"
        fail(f"There is no plan {slug}. Plans: {known}.")
    return found


def asked_version(plan: PlanRow, asked: str | None, day: date) -> VersionRow | None:
    """Return the version to report against, None where none is asked for; ends if there is none such on that day."""
    return None if asked is None else one_version(plan, asked, day)


def one_version(plan: PlanRow, asked: str, day: date) -> VersionRow:
    """Return a version by its label or number, or end with a sentence that lists those there are."""
    found = find_version(plan.versions, asked, day)
    if found is None:
        known = "; ".join(version.sentence for version in plan.versions if version.holds_on(day))
        fail(f"There is no version {asked} of {plan.slug} on {day.isoformat()}. Versions: {known}.")
    return found


def print_json(value: Any) -> None:
    """Print one object."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
