"""Applications and engines for tests, made once for each address of a database and used again for the next one there.

Making an application compiles some three hundred addresses, and an engine compiles each statement once: both cost more
than most tests. What differs from test to test is the database behind the address and the data folder.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

if TYPE_CHECKING:
    from flask import Flask

    from tracker.config import Settings

_applications: dict[Settings, Flask] = {}
_engines: dict[str, Engine] = {}


def application(settings: Settings) -> Flask:
    """Return the application on a database. A test that changes the application itself makes one of its own."""
    from tracker.app import create_app
    from tracker.extensions import db

    key = replace(settings, data_dir=Path())
    if key not in _applications:
        _applications[key] = create_app(settings)
    made = _applications[key]
    made.extensions["settings"] = settings
    with made.app_context():
        db.engine.dispose()  # what it held was the database of another test
    return made


def engine_on(url: str) -> Engine:
    """Return an engine with the product's own settings and no connection yet."""
    from tracker.models.engine import make_engine

    if url not in _engines:
        _engines[url] = make_engine(url)
    _engines[url].dispose()
    return _engines[url]
