"""Every writing route of the matrix, sent twice at once and again later: it counts once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.databases import Databases
from tests.test_routes import MATRIX
from tests.views.sending import NOT_STORED, POSTS, PUBLIC, WRITING, another, sent_to_its_end, valid
from tests.views.visitor import Visitor
from tests.views.world import World, contents
from tracker.models import LedgerEntry
from tracker.services.verification import verify

if TYPE_CHECKING:
    from flask import Flask

    from tracker.config import Settings

ONE_FORM = "the token of one form"
ENDS_SESSIONS = {"/accounts/my-password"}
"""Routes after which the other windows of the same person are signed out: a copy sent from there is denied."""
COLUMNS = {column.key: number for number, column in enumerate(LedgerEntry.__table__.columns)}


def told(engine: Engine) -> tuple[dict[str, int], Counter[tuple[Any, ...]]]:
    """Return how many rows each table has, and what the ledger says happened to what."""
    found = contents(engine)
    said = [COLUMNS[name] for name in ("plan_id", "verb", "subject_type")]  # no ids: a copy that loses uses some up
    entries = Counter(tuple(row[number] for number in said) for row in found["ledger_entry"])
    return {table: len(rows) for table, rows in found.items()}, entries


def test_every_writing_route_is_sent_twice() -> None:
    assert set(WRITING) | PUBLIC == {route for route, method in MATRIX if method == "POST"} == set(POSTS)


def test_a_route_that_says_that_it_stores_nothing_is_one_that_is_known(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if hasattr(app.view_functions[rule.endpoint], "only_reads")}
    assert rules == NOT_STORED


@pytest.mark.parametrize("route", [route for route in WRITING if route not in NOT_STORED])
def test_a_form_sent_twice_at_once_and_again_later_counts_once(
    route: str,
    app: Flask,
    watch: Engine,
    world: World,
    settings: Settings,
    databases: Databases,
    world_template: tuple[str, World],
) -> None:
    once = databases.copy(world_template[0])
    with another(settings, once) as (other, engine):
        before = told(engine)
        form = sent_to_its_end(other, world, valid(other, world, route, engine))
        expected = told(engine)
    databases.drop(once)
    assert expected != before, "a valid request changes something"
    values = {**form.values, "form_token": ONE_FORM}
    visitors = [Visitor(app, world, form.persona) for _ in range(2)]
    start = Barrier(2)

    def send(visitor: Visitor) -> int:
        start.wait()
        return visitor.send(form.path, values).status

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, visitors))
    ended = route in ENDS_SESSIONS
    assert sorted(answers) == [303, 303] or (ended and sorted(answers) == [303, 403])
    assert told(watch) == expected
    after = contents(watch)
    assert [ONE_FORM in row[0] for row in after["form_token"]].count(True) == 1
    assert Visitor(app, world, form.persona).send(form.path, values).status == (403 if ended else 303)
    assert ended or contents(watch) == after  # what is denied is written down
    with Session(watch) as session:
        assert verify(session).faults == (), "what was changed follows from the ledger"
