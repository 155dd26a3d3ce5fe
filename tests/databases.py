"""Databases for tests: each test gets its own, copied from a template that is made once a session.

SQLite: a file copy. PostgreSQL (TRACKER_TEST_DATABASE_URL names a server on which databases may be made):
CREATE DATABASE ... TEMPLATE.
"""

from __future__ import annotations

import os
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


class Names:
    """Names of copies. One that is free again is given first, so that engines on it are of use again.

    A fork gives names of its own: what another fork left behind when it was ended must not lie beside its copies.
    """

    def __init__(self) -> None:
        self.free: list[str] = []
        self.given = 0
        self.process = os.getpid()

    def take(self) -> str:
        """Return a name that no copy has now."""
        if self.process != os.getpid():
            self.process, self.free = os.getpid(), []
        if self.free:
            return self.free.pop()
        self.given += 1
        return f"copy{self.given}_{self.process}"

    def give(self, name: str) -> None:
        """Take back the name of a copy that is gone."""
        if name.startswith("copy") and name not in self.free:
            self.free.append(name)


class SqliteDatabases:
    """Databases as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = Names()

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
        path = self.folder / f"{self.names.take()}.sqlite3"
        shutil.copyfile(make_url(template).database or "", path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Remove the file and its write-ahead log."""
        path = Path(make_url(url).database or "")
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        self.names.give(path.stem)


class PostgresDatabases:
    """Databases on a server."""

    def __init__(self, server: str) -> None:
        self.server = make_url(server)
        self.prefix = f"tracker_test_{uuid4().hex[:8]}"
        self.engine = create_engine(self.server, isolation_level="AUTOCOMMIT")
        self.made: set[str] = set()
        self.names = Names()

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
        return self._make(f"{self.prefix}_{self.names.take()}", make_url(template).database or "")

    def drop(self, url: str) -> None:
        """Drop the database, whoever is still connected."""
        name = make_url(url).database or ""
        with self.engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        self.made.discard(name)
        self.names.give(name.removeprefix(f"{self.prefix}_"))

    def close(self) -> None:
        """Drop whatever is left."""
        for name in sorted(self.made):
            self.drop(self.server.set(database=name).render_as_string(hide_password=False))
        self.engine.dispose()
