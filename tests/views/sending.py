"""A valid request for every writing route of the published matrix, as it would be sent, to be sent otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from tests import test_routes
from tests.applications import application
from tests.pages import Page
from tests.views.visitor import Visitor
from tests.views.world import World, keep_the_file

if TYPE_CHECKING:
    from flask import Flask

    from tracker.config import Settings

PUBLIC = {"/sign-in", "/sign-out", "/demo/<role>"}
"""Routes that change nothing but the visitor's own session."""
NOT_STORED = {"/import/<int:import_id>/cancel"}
"""Routes that write nothing to the database: sent twice they do the same again."""
POSTS = sorted({route for route, method in test_routes.MATRIX if method == "POST"})
WRITING = [route for route in POSTS if route not in PUBLIC]


@dataclass(frozen=True)
class Sent:
    """Who sends what to which address."""

    persona: str
    path: str
    values: dict[str, Any]


class _Writes(Visitor):
    """A visitor who writes down what would be sent."""

    written: tuple[str, dict[str, Any]] | None = None

    def send(self, path: str, fields: dict[str, Any] | None = None, **_: Any) -> Page:
        """Remember the first request, and send nothing."""
        if self.written is None:
            self.written = path, dict(fields or {})
        return self.get("/healthz")


def sender(route: str) -> str:
    """Return one who may send a form, by the published matrix."""
    row = test_routes.MATRIX[route, "POST"]
    personas = [persona for persona in ("lead", "manager", "administrator") if row[persona] == "yes"]
    assert personas, f"Nobody may send {route}"
    return personas[0]


def valid(app: Flask, world: World, route: str, engine: Engine) -> Sent:
    """Return a request that the route takes."""
    visitor = _Writes(app, world, sender(route))
    test_routes.sent(visitor, route, "POST", engine)
    assert visitor.written is not None
    return Sent(sender(route), *visitor.written)


def sent_to_its_end(app: Flask, world: World, form: Sent) -> Sent:
    """Send a form, and the page that asks once more if there is one; returns what was sent last."""
    visitor = Visitor(app, world, form.persona)
    page = visitor.send(form.path, form.values)
    if page.status == 200:
        asked: dict[str, Any] = {}
        for name, value in page.form(form.path).form_values():
            asked.setdefault(name, []).append(value)
        asked = {name: value for name, value in asked.items() if name not in {"csrf_token", "form_token"}}
        form = Sent(form.persona, form.path, asked)
        page = visitor.send(form.path, form.values)
    assert page.status == 303, page.words
    return form


@contextmanager
def another(settings: Settings, url: str) -> Iterator[tuple[Flask, Engine]]:
    """Open the application on another copy of the world."""
    from tracker.extensions import db

    keep_the_file(Path(settings.data_dir))
    app = application(replace(settings, database_url=url))
    with app.app_context():
        engine = db.engine
    try:
        yield app, engine
    finally:
        engine.dispose()
