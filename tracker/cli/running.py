"""Run the tracker: serve it, demonstrate it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import click

from tracker.cli.console import fail
from tracker.config import Mail, Settings
from tracker.models.engine import make_engine, transaction
from tracker.rules.permissions import Role


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to answer on.")
@click.option("--port", default=8000, show_default=True, help="The port to answer on.")
def serve(host: str, port: int) -> None:
    """Serve the tracker with waitress."""
    settings = Settings.from_environment()
    loopback = host in {"127.0.0.1", "localhost", "::1"}
    if not loopback and not settings.proxy_hops:
        fail(
            "The tracker answers beyond this machine only behind a proxy that speaks TLS. "
            "Set TRACKER_PROXY_HOPS and TRACKER_TRUSTED_HOSTS, or leave --host out."
        )
    _serve(settings, host, port)


@click.command()
@click.option("--port", default=8000, show_default=True, help="The port to answer on.")
@click.option("--check", is_flag=True, help="Load everything, render one page and end.")
def demo(port: int, check: bool) -> None:
    """Serve the five plans with illustrative progress; sign in as any role by one click."""
    from tracker.exports.packs import compose
    from tracker.services import schema
    from tracker.services.demonstration import add_demo_accounts, add_demo_holders, add_demo_progress, seed_demo_plans
    from tracker.services.demonstration.boards import add_demo_boards

    folder = Settings.from_environment().data_dir / "demo"
    settings = Settings.from_environment({**os.environ, "TRACKER_DATA_DIR": str(folder)})
    settings = replace(
        settings,
        database_url=f"sqlite:///{folder / 'tracker.sqlite3'}",
        demo=True,
        address=f"http://localhost:{port}",
        mail=Mail(),  # files, whatever the environment says: nobody of the demonstration is real
        council_name=settings.council_name if settings.council_name != "Your council" else "Demonstration council",
    )
    now = datetime.now(UTC)
    engine = make_engine(settings.database_url)
    schema.upgrade(engine)
    with transaction(engine) as session:
        seeded = seed_demo_plans(session, now)
        add_demo_progress(session, now)
        people = add_demo_accounts(session, now)
        add_demo_holders(session, now, people[Role.LEAD])
        add_demo_boards(session, now, compose)
    engine.dispose()
    click.echo(f"{len(seeded.loaded) + len(seeded.kept)} plans are ready in {folder}")
    if check:
        from tracker import create_app

        answer = create_app(settings).test_client().get("/sign-in", base_url="https://localhost")
        click.echo(f"The first page answers {answer.status}")
        sys.exit(0 if answer.status_code == 200 else 1)
    with _in_the_background(settings):
        _serve(settings, "127.0.0.1", port)


@contextmanager
def _in_the_background(settings: Settings) -> Iterator[None]:
    """Run the worker in this process, for as long as the demonstration is served."""
    from apscheduler.schedulers.background import BackgroundScheduler

    from tracker.cli.jobs import make_worker
    from tracker.jobs.worker import start

    engine = make_engine(settings.database_url)
    scheduler = BackgroundScheduler()
    start(scheduler, make_worker(engine, settings))
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        engine.dispose()


def _serve(settings: Settings, host: str, port: int) -> None:
    from waitress import create_server

    from tracker import create_app

    try:
        server = create_server(create_app(settings), host=host, port=port, threads=4)
    except OSError as error:
        fail(f"Port {port} cannot be used: {error.strerror}. Choose another with --port.")
    click.echo(f"Open http://{'localhost' if host == '127.0.0.1' else host}:{port} - stop with Ctrl+C", nl=True)
    server.run()


COMMANDS = (serve, demo)
