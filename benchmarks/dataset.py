"""Databases of a chosen size, made in seconds: one plan through the services, then copies of it in SQL.

A copy shifts every key by the same number, so it needs no knowledge of the tables beyond their foreign keys. The
copies' ledger chains would not verify; nothing that is measured here reads the hashes.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Column, ColumnElement, Connection, Integer, Table, insert, literal, select, update
from sqlalchemy.engine import Engine

from tracker.models import Base, Holding, Membership, Milestone, Person, Plan, Post
from tracker.models.engine import make_engine, transaction
from tracker.rules.document import ActionLine, LeadLine, MilestoneLine, PlanDocument, PriorityLine, WorkstreamLine
from tracker.rules.permissions import SYSTEM
from tracker.services import colours, schema
from tracker.services.plan_writer import create_plan

SHIFT = 1_000_000
"""Added to every key of a copy; more than any key of the first plan."""
PER_PLAN = 500
SIZES = (80, 10_000, 100_000)
MANAGER, LEAD = "manager@benchmark.example", "lead@benchmark.example"
# Shared by all plans, so never copied.
SHARED = {
    "organisation",
    "person",
    "holding",
    "rating_scheme",
    "sign_in_attempt",
    "form_token",
    "outbox_message",
}


def _month(day: date, months: int) -> date:
    """Return the last day of the month so many months after day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def document(milestones: int, today: date) -> PlanDocument:
    """Return a plan of five priorities whose deadlines lie from a year ago to two years ahead."""
    per_workstream = 10 if milestones >= PER_PLAN else 4
    workstreams = [
        WorkstreamLine(
            ref=f"{1 + number % 5}.{1 + number // 5}",
            title=f"Workstream {number + 1}: earlier help that families can find",
            leads=[LeadLine(f"Senior Manager {number % 20}", "The council", accountable=True)],
            actions=[ActionLine("A", "Agree one pathway with partners"), ActionLine("B", "Train every setting")],
            milestones=[
                MilestoneLine(
                    ref=str(ref),
                    text=f"Deliverable {ref} of workstream {number + 1}: published, tried with parents, and in use",
                    date=_month(today, (number * 7 + ref * 5) % 36 - 12).strftime("%b %Y"),
                    actions=["A"] if ref % 2 else [],
                )
                for ref in range(1, per_workstream + 1)
            ],
        )
        for number in range(milestones // per_workstream)
    ]
    priorities = [
        PriorityLine(
            ref=str(ref), title=f"Priority {ref}", workstreams=[w for w in workstreams if w.ref[0] == str(ref)]
        )
        for ref in range(1, 6)
    ]
    adopted = today - timedelta(days=400)
    return PlanDocument(title="Benchmark plan", slug="benchmark", adopted=adopted.isoformat(), priorities=priorities)


def build(path: Path, milestones: int, today: date) -> Engine:
    """Make an SQLite database with so many milestones; return its engine."""
    engine = make_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    each = min(milestones, PER_PLAN)
    now = datetime(today.year, today.month, today.day, 8, tzinfo=UTC) - timedelta(days=380)
    with transaction(engine) as session:
        plan_id = create_plan(session, document(each, today), SYSTEM, now).plan_id
        _progress(session.connection(), plan_id, today)
        plan = session.get_one(Plan, plan_id)
        session.refresh(plan)
        for milestone in session.scalars(select(Milestone).where(Milestone.plan_id == plan_id)):
            colours.refresh(session, plan, milestone, today - timedelta(days=200))
        lead, manager = (Person(email=email, name=email.partition("@")[0].title()) for email in (LEAD, MANAGER))
        session.add_all([lead, manager])
        session.flush()
        post = session.scalars(select(Post).order_by(Post.id)).first()
        assert post
        session.add(Holding(post_id=post.id, person_id=lead.id, from_day=today - timedelta(days=400)))
        session.add(Membership(plan_id=plan_id, person_id=manager.id, role="manager"))
    with engine.begin() as connection:
        for number in range(1, milestones // each):
            _copy(connection, number)
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    return engine


def _progress(connection: Connection, plan_id: int, today: date) -> None:
    """Give milestones the facts that make every colour, by a fixed rule on their keys."""
    begun = today - timedelta(days=150)
    mine = Milestone.plan_id == plan_id
    connection.execute(
        update(Milestone).where(mine, Milestone.id % 5 != 0).values(started=begun, progress="Work began.")
    )
    done = {"claimed": begun, "completed": begun, "signoff": "approved", "signoff_day": begun}
    connection.execute(update(Milestone).where(mine, Milestone.due < today, Milestone.id % 4 != 0).values(**done))
    risk = {"confidence": "at_risk", "confidence_reason": "Recruitment takes longer than planned."}
    connection.execute(update(Milestone).where(mine, Milestone.due >= today, Milestone.id % 6 == 0).values(**risk))


def _copy(connection: Connection, number: int) -> None:
    """Copy everything of the first plan, its posts included, with each key moved by number times SHIFT."""
    offset = number * SHIFT
    for table in Base.metadata.sorted_tables:
        if table.name in ("plan", "post"):
            first = table.c.id < SHIFT
        elif table.name not in SHARED and "plan_id" in table.c:
            first = table.c.plan_id < SHIFT
        else:
            continue
        source = select(*(_moved(column, table, offset, number) for column in table.columns)).where(first)
        connection.execute(insert(table).from_select(list(table.columns), source))


def _moved(column: Column[object], table: Table, offset: int, number: int) -> ColumnElement[object]:
    own_key = column.primary_key and isinstance(column.type, Integer)
    points_at = {key.column.table.name for key in column.foreign_keys}
    if own_key or (points_at and not points_at & SHARED) or column.name == "subject_id":
        return column + offset
    if (table.name, column.name) in {("plan", "slug"), ("plan", "title"), ("post", "title")}:
        return column.concat(literal(f" {number}" if column.name == "title" else f"-{number}"))
    return column
