"""What every test stands on: the network is closed, each test has a database of its own, a skip in CI is a failure."""

from __future__ import annotations

import gc
import ipaddress
import os
import smtplib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask as AnyApplication
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.applications import application, engine_on
from tests.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.factories import NOW, Cast, cast
from tests.pages import HouseClient

if TYPE_CHECKING:
    from flask import Flask

    from tracker.config import Settings
    from tracker.rules.permissions import Role

SERVER = os.environ.get("TRACKER_TEST_DATABASE_URL", "")
MAY_SKIP_IN_CI: frozenset[str] = frozenset()
"""Reasons for which a test may skip even where TRACKER_CI is set. There are none."""


def pytest_collection_finish() -> None:
    """Look for rubbish seldom: the application and the tests stay, and going through them took a tenth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a database, so that CI can run just these on PostgreSQL too."""
    for item in items:
        if "databases" in getattr(item, "fixturenames", ()):
            item.add_marker("database")


_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember each skip with its reason."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skipped.append(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Remember modules that skipped as a whole."""
    if report.skipped:
        _skipped.append(f"{report.nodeid}: {report.longrepr}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a CI run in which a test skipped: CI installs what every test needs."""
    left = [line for line in _skipped if line.partition(": ")[2] not in MAY_SKIP_IN_CI]
    if os.environ.get("TRACKER_CI") and left and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
        reporter.write_line("")
        reporter.write_line("Tests may not skip in CI:", red=True)
        for line in left:
            reporter.write_line(f"  {line}", red=True)


# ------------------------------------------------------------------ templates are compiled once, not once a test
class Compiled(BytecodeCache):
    """Templates as they were compiled for another application of this session."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code of a template that has not changed since."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code for the next application."""
        self.codes[bucket.key, bucket.checksum] = bucket.code


AnyApplication.jinja_options = {"bytecode_cache": Compiled()}


# ------------------------------------------------------------------ no network, no mail
@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections beyond this machine, and mail to any server that a test did not start here."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None):
            _require_loopback(address[0])
        connect(self, address)

    def guarded_mail(self: smtplib.SMTP, host: str = "localhost", *args: Any, **kwargs: Any) -> Any:
        _require_loopback(host)
        return mail_connect(self, host, *args, **kwargs)

    mail_connect = smtplib.SMTP.connect
    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(smtplib.SMTP, "connect", guarded_mail)


def _require_loopback(host: str) -> None:
    if host in ("localhost", ""):
        return
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    assert inside, f"A test may not reach {host}: only this machine"


# ------------------------------------------------------------------ databases
@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep a test away from the data of whoever runs it."""
    for name in [name for name in os.environ if name.startswith("TRACKER_") and "TEST" not in name]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Give the source of databases for this session: PostgreSQL if a server is named, else SQLite."""
    if not SERVER:
        yield SqliteDatabases(tmp_path_factory.mktemp("databases"))
        return
    server = PostgresDatabases(SERVER)
    yield server
    server.close()


@pytest.fixture(scope="session")
def empty_template(databases: Databases) -> str:
    """Return a database with every migration applied and nothing in it."""
    return databases.template("empty", migrate)


def migrate(url: str) -> None:
    """Bring a database to the newest schema, as `tracker init` does."""
    from tracker.models.engine import make_engine
    from tracker.services import schema

    engine = make_engine(url)
    schema.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def bare_template(databases: Databases) -> str:
    """Return a database with nothing in it, not even tables."""
    return databases.template("bare", _touch)


def _touch(url: str) -> None:
    from tracker.models.engine import make_engine

    engine = make_engine(url)
    engine.connect().close()
    engine.dispose()


@pytest.fixture(scope="session")
def seeded_template(databases: Databases) -> str:
    """Return a database with the five plans that ship with the tracker, as `tracker seed` loads them."""
    return databases.template("seeded", _seed)


def _seed(url: str) -> None:
    from tracker.models.engine import make_engine, transaction
    from tracker.services.seeding import seed_plans

    migrate(url)
    engine = make_engine(url)
    with transaction(engine) as session:
        seed_plans(session, NOW)
    engine.dispose()


@pytest.fixture
def database_url(databases: Databases, empty_template: str) -> Iterator[str]:
    """Return the address of a database of this test's own, migrated and empty."""
    url = databases.copy(empty_template)
    yield url
    databases.drop(url)


@pytest.fixture
def make_database(databases: Databases) -> Iterator[Callable[[str], str]]:
    """Copy any template; the copies go at the end of the test."""
    made: list[str] = []

    def copy(template: str) -> str:
        made.append(databases.copy(template))
        return made[-1]

    yield copy
    for url in made:
        databases.drop(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Return an engine on the test's database, with the product's own settings."""
    made = engine_on(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Return an open session that may write; nothing is committed unless the test does so."""
    from tracker.models.engine import writing

    with writing(), Session(engine) as opened:
        yield opened


# ------------------------------------------------------------------ the application
@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Return settings for the test's database and a data folder that goes with the test."""
    from tracker.config import Settings

    folder = tmp_path / "data"
    folder.mkdir(exist_ok=True)
    return Settings(
        data_dir=folder,
        database_url=database_url,
        secret_key="a-key-for-tests",
        council_name="Testshire Council",
        testing=True,
    )


@pytest.fixture
def app(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """Return the application on the test's database; one of its own for a test that changes the application."""
    yield from opened(request, settings)


def opened(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """Yield an application and close its connections."""
    from tracker.app import create_app
    from tracker.extensions import db

    alone = request.node.get_closest_marker("own_application")
    made = create_app(settings) if alone else application(settings)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> HouseClient:
    """Return a client that is not signed in and checks the house style on every page."""
    return HouseClient(app)


@pytest.fixture
def people(engine: Engine) -> Cast:
    """Commit a small plan with a person in each role."""
    from tracker.models.engine import transaction

    with transaction(engine) as session:
        return cast(session)


@pytest.fixture
def signed_in(app: Flask, people: Cast) -> Callable[[Role], HouseClient]:
    """Return a client that is signed in as the person in a role."""
    return lambda role: HouseClient(app).sign_in(people.people[role])
