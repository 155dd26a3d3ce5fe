"""Make and keep an installation: its database, its plans, its people, its proof."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from tracker import __version__
from tracker.cli.console import asked_plan, database, print_json, today
from tracker.config import Settings
from tracker.models.engine import transaction
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Role


@click.command()
def init() -> None:
    """Make the database, or bring it to the newest shape."""
    from tracker.services import schema

    with database() as engine:
        schema.upgrade(engine)
        click.echo(f"The database is ready (revision {schema.current(engine)}).")


@click.command()
@click.option("--demo-progress", is_flag=True, help="Add illustrative progress with a year of history.")
def seed(demo_progress: bool) -> None:
    """Load the five plans that come with the tracker."""
    from tracker.exports.packs import compose
    from tracker.services import schema
    from tracker.services.demonstration import add_demo_progress, seed_demo_plans
    from tracker.services.demonstration.boards import add_demo_boards
    from tracker.services.seeding import seed_plans

    now = datetime.now(UTC)
    with database() as engine:
        schema.upgrade(engine)
        with transaction(engine) as session:
            seeded = seed_demo_plans(session, now) if demo_progress else seed_plans(session, now)
            made = add_demo_progress(session, now) if demo_progress else 0
            if demo_progress:
                add_demo_boards(session, now, compose)
    for slug in seeded.loaded:
        click.echo(f"Loaded {slug}")
    for slug in seeded.kept:
        click.echo(f"Kept {slug}, which was there already")
    if demo_progress:
        click.echo(f"Added illustrative progress to {made} milestones")


@click.command()
def rebuild() -> None:
    """Make every colour over all time, and the baselines of each version, again from the ledger."""
    from sqlalchemy import select

    from tracker.models import Plan
    from tracker.services import colours
    from tracker.services.versions import rebuild_baselines

    with database() as engine, transaction(engine) as session:
        for plan in session.scalars(select(Plan).order_by(Plan.slug)):
            rebuild_baselines(session, plan.id)
            click.echo(f"{plan.slug}: {colours.rebuild(session, plan)} spans")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def verify(as_json: bool) -> None:
    """Prove that the ledger is whole, and that everything follows from it; exit 1 and say where if not."""
    from tracker.services.verification import verify as check

    with database() as engine, Session(engine) as session:
        verdict = check(session, folder=Settings.from_environment().data_dir / "evidence")
    if as_json:
        print_json(verdict.as_data())
    else:
        at = datetime.now(UTC)
        click.echo(f"Verification by the tracker {__version__} on {show_day(london_day(at))}, {at:%H:%M:%S} UTC.")
        click.echo("\n".join(verdict.to_lines()))
    if verdict.faults:
        sys.exit(1)


@click.command("add-person")
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
    from tracker.queries.posts import posts
    from tracker.services import accounts, holdings
    from tracker.services.roles import give_role

    roles = {Role.MANAGER: managed, Role.BOARD: boards, Role.AUDITOR: audited}
    with database() as engine, transaction(engine) as session:
        person = accounts.add_person(session, name, email, password, administrator=administrator)
        for role, slugs in roles.items():
            for slug in slugs:
                give_role(session, person.id, asked_plan(session, slug)[0].id, role)
        for title in held:
            found = [line for line in posts(session, today()) if line.title == title]
            if len(found) != 1:
                raise Refusal(f"There {'is no post' if not found else 'are several posts'} called {title}.")
            holdings.hold_post(session, person.id, found[0].id, today())
    click.echo(f"{name} can sign in as {email}")


COMMANDS = (init, seed, rebuild, verify, add_person)
