"""Try a document that makes a new plan beside the database, which nobody else then has to wait for.

A new plan meets nothing that is there but posts, people and rating schemes; so what making it would do is found out
by making it in an empty database in memory, which goes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from tracker.models import Base, Holding, Organisation, Person, Post, RatingScheme
from tracker.rules.document import PlanDocument
from tracker.rules.permissions import Actor
from tracker.services.importing import Import, bring_in
from tracker.services.plan_asking import PROGRESS, TRIAL

_MET = (Organisation, Person, Post, Holding, RatingScheme)


def try_new(
    session: Session,
    document: PlanDocument,
    actor: Actor,
    now: datetime,
    tell: Callable[[int], None],
    *,
    decisions: Mapping[str, str] | None = None,
    as_at: date | None = None,
) -> Import:
    """Say what making a plan of a document would do. `tell` hears how many lines are done; what it raises ends it."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    try:
        Base.metadata.create_all(engine)
        with Session(engine) as scratch, scratch.begin():
            for model in _MET:
                table = Base.metadata.tables[model.__tablename__]
                rows = [row._asdict() for row in session.execute(select(table))]
                if rows:
                    scratch.execute(insert(table), rows)
            scratch.info[PROGRESS], scratch.info[TRIAL] = tell, True
            return bring_in(scratch, document, actor, now, decisions=decisions, as_at=as_at)
    finally:
        engine.dispose()
