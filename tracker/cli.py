"""`tracker ...`: each command calls a service or a query and prints what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Never

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from tracker import __version__
from tracker.config import Settings
from tracker.models.engine import make_engine, transaction
from tracker.queries.plans import all_slugs, find_plan
from tracker.queries.rows import PlanRow
from tracker.rules.dates import london_day
from tracker.rules.errors import Refusal
from tracker.rules.permissions import SYSTEM, Role
from tracker.rules.scheme import Scheme

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tracker")
def cli() -> None:
    """Improvement plans with colours that are computed and explained."""


def main() -> None:
    """Run the command line; a refusal is a sentence on standard error and exit 1, never a traceback."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Refusal as error:
        fail(error.sentence)
    except (OperationalError, ProgrammingError) as error:
        fail(f"The database cannot be used: {error.orig}. Run `tracker init` first, or check TRACKER_DATABASE_URL.")


def fail(sentence: str) -> Never:
    """Say what is wrong and end with 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


@contextmanager
def database() -> Iterator[Engine]:
    """Open the database of this installation."""
    engine = make_engine(Settings.from_environment().database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def today() -> date:
    """Return today in London."""
    return london_day(datetime.now(UTC))


def asked_plan(session: Session, slug: str) -> tuple[PlanRow, Scheme]:
    """Return a plan by its slug, or end with a sentence that lists those there are."""
    found = find_plan(session, slug)
    if found is None:
        known = ", ".join(all_slugs(session)) or "none yet: run `tracker seed` or `tracker import` first"
        fail(f"There is no plan {slug}. Plans: {known}.")
    return found


def print_json(value: Any) -> None:
    """Print one object."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@cli.command()
def init() -> None:
    """Make the database, or bring it to the newest shape."""
    from tracker.services import schema

    with database() as engine:
        schema.upgrade(engine)
        click.echo(f"The database is ready (revision {schema.current(engine)}).")


@cli.command()
@click.option("--demo-progress", is_flag=True, help="Add illustrative progress with a year of history.")
def seed(demo_progress: bool) -> None:
    """Load the five plans that come with the tracker."""
    from tracker.services import schema
    from tracker.services.demonstration import add_demo_progress, seed_demo_plans
    from tracker.services.seeding import seed_plans

    now = datetime.now(UTC)
    with database() as engine:
        schema.upgrade(engine)
        with transaction(engine) as session:
            seeded = seed_demo_plans(session, now) if demo_progress else seed_plans(session, now)
            made = add_demo_progress(session, now) if demo_progress else 0
    for slug in seeded.loaded:
        click.echo(f"Loaded {slug}")
    for slug in seeded.kept:
        click.echo(f"Kept {slug}, which was there already")
    if demo_progress:
        click.echo(f"Added illustrative progress to {made} milestones")


@cli.command()
@click.argument("plan")
@click.option("--as-at", type=DAY, help="The day to show; today if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def show(plan: str, as_at: datetime | None, as_json: bool) -> None:
    """Print the whole tree of a plan with every colour and its reason."""
    from tracker.exports.tree_text import tree_data, tree_lines
    from tracker.queries.tree import snapshot

    with database() as engine, Session(engine) as session:
        row, scheme = asked_plan(session, plan)
        found = snapshot(session, row, scheme, as_at.date() if as_at else today(), today())
        if as_json:
            print_json(tree_data(found))
        else:
            click.echo("\n".join(tree_lines(found)))


@cli.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "slug", help="The plan to import into; a new one is made if there is none of that name.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be made.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def import_(file: Path, slug: str | None, dry_run: bool, as_json: bool) -> None:
    """Read a plan from a spreadsheet and apply it."""
    from tracker.imports import read_plan_in_child
    from tracker.imports.told import refused, told
    from tracker.services.importing import bring_in, try_out

    if slug is None and not dry_run:
        raise click.UsageError("Say which plan to import into: --plan NAME (or --dry-run to see what the file holds).")
    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    try:
        result = read_plan_in_child(data, file.name)
    except Refusal as refusal:
        if not as_json:
            raise
        print_json(refused(file.name, refusal.sentence))
        sys.exit(1)
    applied = None
    if result.kind == "plan" and result.document is not None and slug is not None:
        result.document.slug = slug
        act = try_out if dry_run else bring_in
        with database() as engine, transaction(engine) as session:
            applied = act(session, result.document, SYSTEM, datetime.now(UTC))
    if as_json:
        data_out: dict[str, Any] = result.to_json()
        if applied is not None:
            data_out["changes"] = applied.summary()
        print_json(data_out)
    else:
        click.echo("\n".join(told(result)))
        if applied is not None:
            click.echo("\n".join(applied.to_lines(dry_run=dry_run)))
    if result.kind != "plan":
        sys.exit(1)


@cli.command()
@click.argument("plan")
@click.option("--as-at", type=DAY, help="The day of the report; today if left out.")
@click.option("--since", type=DAY, help="The day to compare with; a month before if left out.")
@click.option("--format", "kind", type=click.Choice(["docx", "xlsx", "csv"]), required=True, help="What to write.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write."
)
def report(plan: str, as_at: datetime | None, since: datetime | None, kind: str, output: Path) -> None:
    """Write the highlight report, or the register as CSV."""
    from tracker.exports import build_report, render
    from tracker.exports.gather import report_facts

    with database() as engine, Session(engine) as session:
        row, scheme = asked_plan(session, plan)
        facts = report_facts(
            session,
            row,
            scheme,
            as_at.date() if as_at else today(),
            today(),
            datetime.now(UTC),
            since=since.date() if since else None,
            contact=Settings.from_environment().contact_email,
        )
    try:
        output.write_bytes(render(build_report(facts), kind))
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}.")
    click.echo(f"Wrote {output}")


@cli.command()
def rebuild() -> None:
    """Make every colour over all time again from the ledger."""
    from sqlalchemy import select

    from tracker.models import Plan
    from tracker.services import colours

    with database() as engine, transaction(engine) as session:
        for plan in session.scalars(select(Plan).order_by(Plan.slug)):
            click.echo(f"{plan.slug}: {colours.rebuild(session, plan)} spans")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def verify(as_json: bool) -> None:
    """Prove that the ledger is whole, and that everything follows from it; exit 1 and say where if not."""
    from tracker.services.verification import verify as check

    with database() as engine, Session(engine) as session:
        verdict = check(session, folder=Settings.from_environment().data_dir / "evidence")
    if as_json:
        print_json(verdict.as_data())
    else:
        click.echo("\n".join(verdict.to_lines()))
    if verdict.faults:
        sys.exit(1)


@cli.command("add-person")
@click.argument("email")
@click.argument("name")
@click.option("--administrator", is_flag=True, help="May manage people and posts.")
@click.option("--manager", "managed", multiple=True, metavar="PLAN", help="Manages this plan; can be given again.")
@click.option("--board", "boards", multiple=True, metavar="PLAN", help="Reads this plan as a board member.")
@click.option("--auditor", "audited", multiple=True, metavar="PLAN", help="Reads this plan and its history.")
@click.option("--post", "held", multiple=True, metavar="POST", help="Holds the post of this title from today on.")
@click.password_option(help="The password; asked for if left out.")
def add_person(
    email: str,
    name: str,
    administrator: bool,
    managed: tuple[str, ...],
    boards: tuple[str, ...],
    audited: tuple[str, ...],
    held: tuple[str, ...],
    password: str,
) -> None:
    """Make an account with roles and posts: the first one of a new installation, or any other."""
    from tracker.queries.people import posts
    from tracker.services import accounts

    roles = {Role.MANAGER: managed, Role.BOARD: boards, Role.AUDITOR: audited}
    with database() as engine, transaction(engine) as session:
        person = accounts.add_person(session, name, email, password, administrator=administrator)
        for role, slugs in roles.items():
            for slug in slugs:
                accounts.give_role(session, person.id, asked_plan(session, slug)[0].id, role)
        for title in held:
            found = [line for line in posts(session, today()) if line.title == title]
            if len(found) != 1:
                raise Refusal(f"There {'is no post' if not found else 'are several posts'} called {title}.")
            accounts.hold_post(session, person.id, found[0].id, today())
    click.echo(f"{name} can sign in as {email}")


@cli.command()
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


@cli.command()
@click.option("--port", default=8000, show_default=True, help="The port to answer on.")
@click.option("--check", is_flag=True, help="Load everything, render one page and end.")
def demo(port: int, check: bool) -> None:
    """Serve the five plans with illustrative progress; sign in as any role by one click."""
    from tracker.services import schema
    from tracker.services.demonstration import add_demo_accounts, add_demo_progress, seed_demo_plans

    settings = Settings.from_environment()
    folder = settings.data_dir / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    settings = replace(
        settings,
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'tracker.sqlite3'}",
        demo=True,
        council_name=settings.council_name if settings.council_name != "Your council" else "Demonstration council",
    )
    now = datetime.now(UTC)
    engine = make_engine(settings.database_url)
    schema.upgrade(engine)
    with transaction(engine) as session:
        seeded = seed_demo_plans(session, now)
        add_demo_progress(session, now)
        add_demo_accounts(session, now)
    engine.dispose()
    click.echo(f"{len(seeded.loaded) + len(seeded.kept)} plans are ready in {folder}")
    if check:
        from tracker import create_app

        answer = create_app(settings).test_client().get("/sign-in", base_url="https://localhost")
        click.echo(f"The first page answers {answer.status}")
        sys.exit(0 if answer.status_code == 200 else 1)
    _serve(settings, "127.0.0.1", port)


def _serve(settings: Settings, host: str, port: int) -> None:
    from waitress import create_server

    from tracker import create_app

    try:
        server = create_server(create_app(settings), host=host, port=port, threads=4)
    except OSError as error:
        fail(f"Port {port} cannot be used: {error.strerror}. Choose another with --port.")
    click.echo(f"Open http://{'localhost' if host == '127.0.0.1' else host}:{port} - stop with Ctrl+C", nl=True)
    server.run()
