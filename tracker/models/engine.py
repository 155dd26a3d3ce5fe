"""How we talk to the database: SQLite in WAL with explicit BEGIN IMMEDIATE for writers, PostgreSQL as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

_TURNS = 6
"""How often a writer waits in line, five seconds each time (the busy_timeout), before it gives up."""

_WRITING: ContextVar[bool] = ContextVar("writing", default=False)


def set_writing(value: bool) -> None:
    """Say whether the transactions that begin from here on in this thread will write."""
    _WRITING.set(value)


@contextmanager
def writing() -> Iterator[None]:
    """Make transactions that begin inside take the write lock at once, so that no reader has to upgrade."""
    token = _WRITING.set(True)
    try:
        yield
    finally:
        _WRITING.reset(token)


def configure(engine: Engine) -> Engine:
    """Give an engine our transaction manners; returns it."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    return engine


def engine_options(url: str) -> dict[str, Any]:
    """Return the options with which every engine is made."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 5}}
    return {"pool_pre_ping": True, "connect_args": {"options": "-c timezone=UTC"}}


def make_engine(url: str) -> Engine:
    """Return a configured engine for an address (used outside the web application)."""
    return configure(create_engine(url, **engine_options(url)))


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One writing transaction: commits at the end, rolls back on any exception."""
    with writing(), Session(engine) as session, session.begin():
        yield session


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin; a writer waits for its turn for half a minute, as SQLite lets some wait much longer than others."""
    if not _WRITING.get():
        connection.exec_driver_sql("BEGIN")
        return
    for turn in range(_TURNS):
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as error:
            if turn == _TURNS - 1 or "locked" not in str(error.orig):
                raise
