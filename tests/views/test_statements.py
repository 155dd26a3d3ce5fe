"""How many statements a page takes: at most twelve, and no more for a plan forty times as large."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event, select

from tests.factories import ADOPTED, NOW, milestone_line
from tests.views.visitor import Visitor
from tests.views.world import LEAD, START, World
from tracker.exports.packs import compose
from tracker.models import Membership, Milestone
from tracker.models.engine import transaction
from tracker.rules.document import LeadLine, PlanDocument, PriorityLine, WorkstreamLine
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services.pack_freezing import freeze, issue
from tracker.services.packs import draft
from tracker.services.plan_writer import create_plan
from tracker.services.updates import Update, update_milestone

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str], Visitor]
MOST = 12
OF_ACTS = {"preflight": 20}
"""Pages that are no list but work through everything: how many they may take."""
SIZES = (10, 400)
PAGES = {
    "portfolio": ("manager", "/"),
    "plan": ("manager", "/plans/size-{size}"),
    "board view": ("board", "/plans/size-{size}/board"),
    "my milestones": ("lead", "/my-milestones"),
    "milestone list": ("manager", "/plans/size-{size}/milestones"),
    "sorted list": ("lead", "/plans/size-{size}/milestones?sort=colour&due=overdue&q=a"),
    "timeline": ("manager", "/plans/size-{size}/timeline"),
    "deadlines": ("manager", "/plans/size-{size}/deadlines"),
    "versions": ("manager", "/plans/size-{size}/versions"),
    "decisions": ("manager", "/plans/size-{size}/decisions"),
    "document": ("manager", "/plans/size-{size}/document"),
    "history": ("manager", "/plans/size-{size}/history"),
    "workbooks": ("manager", "/plans/size-{size}/workbooks"),
    "chase desk": ("manager", "/plans/size-{size}/chase"),
    "settings": ("manager", "/plans/size-{size}/settings"),
    "packs": ("manager", "/plans/size-{size}/packs"),
    "boards": ("manager", "/boards"),
    "board": ("manager", "/boards/{board}?year=2025"),
    "meeting": ("manager", "/meetings/{held}"),
    "pack": ("board", "/packs/{issued}"),
    "preflight": ("manager", "/packs/{draft}/preflight"),
    "sign-in": ("anonymous", "/sign-in"),
}
DAYS = {"today": "", "a past day": "as_at=2025-08-20", "a day to come": "as_at=2026-03-01"}


def document(size: int) -> PlanDocument:
    """Return a plan of some milestones in five workstreams."""
    workstreams = [
        WorkstreamLine(
            ref=f"1{letter}",
            title=f"Workstream {letter}",
            leads=[LeadLine(LEAD, "Testshire Council", accountable=True)],
            milestones=[
                milestone_line(str(n), f"A thing {n} of {letter}", ("Aug 2025", "Mar 2026")[n % 2])
                for n in range(size // 5)
            ],
        )
        for letter in "abcde"
    ]
    priority = PriorityLine(ref="1", title="Everything", workstreams=workstreams)
    return PlanDocument(
        title=f"A plan of {size}", slug=f"size-{size}", adopted=ADOPTED.isoformat(), priorities=[priority]
    )


def make(engine: Engine, world: World, size: int) -> None:
    """Commit a plan of a size, part of it begun, and let the people of the world have to do with it."""
    with transaction(engine) as session:
        applied = create_plan(session, document(size), SYSTEM, START)
        for person, role in (("manager", Role.MANAGER), ("board", Role.BOARD)):
            session.add(Membership(plan_id=applied.plan_id, person_id=world.people[person], role=role.value))
        lead = Actor(world.people["lead"], LEAD, frozenset({world.post}), {applied.plan_id: frozenset({Role.LEAD})})
        rows = session.scalars(select(Milestone).where(Milestone.plan_id == applied.plan_id)).all()
        for row in rows[:: max(2, size // 40)]:
            update_milestone(session, lead, NOW, row.id, row.version, f"u{row.id}", Update("on_track", "Begun"))
        pack = draft(session, SYSTEM, NOW, applied.plan_id, f"p{size}", as_at=date(2025, 8, 1))
        freeze(session, SYSTEM, NOW, pack.id, pack.version, f"f{size}", compose)
        issue(session, SYSTEM, NOW, pack.id, pack.version, f"i{size}")


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect what the application says to its database."""
    from tracker.extensions import db

    with app.app_context():
        engine = db.engine
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def counted(app: Flask, visit: Visit, size: int) -> dict[tuple[str, str], int]:
    """Open every page and return how many statements each took."""
    counts = {}
    for name, (persona, path) in PAGES.items():
        for when, query in DAYS.items():
            visitor = visit(persona)
            address = path.format(size=size, **visitor.world.boards)
            address += f"{'&' if '?' in address else '?'}{query}" if query else ""
            with statements(app) as found:
                assert visitor.get(address).status == 200
            counts[name, when] = len(found)
    return counts


def test_a_page_takes_at_most_twelve_statements_and_no_more_for_a_larger_plan(
    app: Flask, visit: Visit, watch: Engine, world: World
) -> None:
    few, many = SIZES
    make(watch, world, few)
    small = counted(app, visit, few)
    assert not {page: number for page, number in small.items() if number > OF_ACTS.get(page[0], MOST)}
    make(watch, world, many)
    assert counted(app, visit, many) == small


def test_what_is_no_page_of_ours_takes_no_statement(app: Flask, visit: Visit) -> None:
    visitor = visit("manager")
    with statements(app) as found:
        visitor.get("/static/tracker.css")
        visitor.get("/healthz")
    assert len(found) <= 1
