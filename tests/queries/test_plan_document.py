"""Every shipped plan comes out of the database as its file says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.statements import counted
from tracker.models import Plan
from tracker.models.engine import make_engine, writing
from tracker.queries.plan_document import export_document
from tracker.rules.errors import NotFound
from tracker.rules.permissions import SYSTEM
from tracker.services.plan_writer import update_plan
from tracker.services.seed_files import dump_document, load_document, seed_path, seed_slugs


@pytest.fixture
def seeded(seeded_template: str, make_database: Callable[[str], str]) -> Iterator[Session]:
    engine = make_engine(make_database(seeded_template))
    with writing(), Session(engine) as session:
        yield session
    engine.dispose()


def plan_of(session: Session, slug: str) -> Plan:
    return session.scalars(select(Plan).where(Plan.slug == slug)).one()


@pytest.mark.parametrize("slug", seed_slugs())
def test_a_shipped_plan_comes_out_as_its_file_says_it(seeded: Session, slug: str) -> None:
    document = load_document(seed_path(slug))
    exported = export_document(seeded, plan_of(seeded, slug).id)
    assert asdict(exported) == asdict(document)
    assert dump_document(exported) == seed_path(slug).read_text(encoding="utf-8")


@pytest.mark.parametrize("slug", seed_slugs())
def test_bringing_in_what_came_out_changes_nothing(seeded: Session, slug: str) -> None:
    plan = plan_of(seeded, slug)
    entries = plan.ledger_seq
    applied = update_plan(seeded, plan, export_document(seeded, plan.id), SYSTEM, factories.NOW)
    assert {outcome.state for outcome in applied.outcomes} == {"unchanged"}
    assert plan.ledger_seq == entries


def test_a_plan_takes_as_many_statements_to_write_out_at_any_size(session: Session) -> None:
    small = factories.plan(session)
    large = factories.plan(session, *(factories.milestone_line(str(number)) for number in range(200)))
    with counted(session) as few:
        export_document(session, small.id)
    with counted(session) as many:
        export_document(session, large.id)
    assert len(many) == len(few) <= 13


def test_there_is_nothing_to_write_out_of_a_plan_that_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound, match="no such plan"):
        export_document(session, 1)
