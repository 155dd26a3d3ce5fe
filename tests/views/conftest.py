"""A web application in the middle of its work, on the day on which the tests act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import Engine

from tests.conftest import migrate, opened
from tests.databases import Databases
from tests.factories import NOW
from tests.views.visitor import Visitor
from tests.views.world import World, keep_the_file, make_world

if TYPE_CHECKING:
    from flask import Flask

    from tracker.config import Settings


_made: dict[Databases, tuple[str, World]] = {}  # pytest makes a fixture again for each module that imports it


@pytest.fixture(scope="session")
def world_template(databases: Databases) -> tuple[str, World]:
    """Return a database with two plans in the middle of their work, and the ids of what is in it."""
    if databases in _made:
        return _made[databases]
    found: list[World] = []

    def fill(url: str) -> None:
        from tracker.models.engine import make_engine, transaction

        migrate(url)
        engine = make_engine(url)
        with transaction(engine) as session:
            found.append(make_world(session))
        engine.dispose()

    _made[databases] = databases.template("world", fill), found[0]
    return _made[databases]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    """Let it be the day of the tests; the clock runs."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def database_url(databases: Databases, world_template: tuple[str, World]) -> Iterator[str]:
    """Return the address of a copy of the world; every fixture that asks for a database gets it."""
    url = databases.copy(world_template[0])
    yield url
    databases.drop(url)


@pytest.fixture
def world(world_template: tuple[str, World]) -> World:
    """Return the ids of what is in the database."""
    return world_template[1]


@pytest.fixture
def app(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """Return the application on the world."""
    keep_the_file(settings.data_dir)
    yield from opened(request, settings)


@pytest.fixture
def visit(app: Flask, world: World) -> Callable[[str], Visitor]:
    """Return a visitor who is signed in as one of the people of the world ("anonymous" is nobody)."""
    return lambda persona: Visitor(app, world, persona)


@pytest.fixture
def watch(engine: Engine) -> Engine:
    """Return an engine of the test's own on the same database, to look at what is stored."""
    return engine


@pytest.fixture
def data_folder(settings: Settings) -> Path:
    """Return the folder in which the application keeps files."""
    return settings.data_dir
