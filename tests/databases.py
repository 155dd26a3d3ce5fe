"""Databases for tests: each test gets its own, copied from a template that is made once a session.

SQLite: a file copy. PostgreSQL (TRACKER_TEST_DATABASE_URL names a server on which databases may be made):
CREATE DATABASE ... TEMPLATE.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text


class Databases(Protocol):
    """Where tests get databases from."""

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Make (once) a database called name, let fill work on its address; return the address."""

    def copy(self, template: str) -> str:
        """Return the address of a fresh copy of a template."""

    def drop(self, url: str) -> None:
        """Throw a copy away."""


class SqliteDatabases:
    """Databases as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Make the file and fold its write-ahead log into it, so that a copy of one file is whole."""
        path = self.folder / f"template-{name}.sqlite3"
        url = f"sqlite:///{path}"
        fill(url)
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return url

    def copy(self, template: str) -> str:
        """Copy the template's file."""
        path = self.folder / f"{uuid4().hex}.sqlite3"
        shutil.copyfile(make_url(template).database or "", path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Remove the file and its write-ahead log."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{make_url(url).database}{suffix}").unlink(missing_ok=True)


class PostgresDatabases:
    """Databases on a server."""

    def __init__(self, server: str) -> None:
        self.server = make_url(server)
        self.prefix = f"tracker_test_{uuid4().hex[:8]}"
        self.engine = create_engine(self.server, isolation_level="AUTOCOMMIT")
        self.made: set[str] = set()

    def _make(self, name: str, template: str) -> str:
        with self.engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'))
        self.made.add(name)
        return self.server.set(database=name).render_as_string(hide_password=False)

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Make the database and fill it."""
        url = self._make(f"{self.prefix}_{name}", "template0")
        fill(url)
        return url

    def copy(self, template: str) -> str:
        """Let the server copy the template."""
        return self._make(f"{self.prefix}_{uuid4().hex[:12]}", make_url(template).database or "")

    def drop(self, url: str) -> None:
        """Drop the database, whoever is still connected."""
        name = make_url(url).database or ""
        with self.engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        self.made.discard(name)

    def close(self) -> None:
        """Drop whatever is left."""
        for name in sorted(self.made):
            self.drop(self.server.set(database=name).render_as_string(hide_password=False))
        self.engine.dispose()
