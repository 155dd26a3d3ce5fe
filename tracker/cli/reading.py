"""Ask why a colour is what it is, what changes when, and how dates were moved."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy.orm import Session

from tracker.cli.console import DAY, asked_plan, database, print_json, today


@click.command()
@click.argument("plan")
@click.argument("ref", required=False, default="")
@click.option("--as-at", type=DAY, help="The day to show; today if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def receipt(plan: str, ref: str, as_at: datetime | None, as_json: bool) -> None:
    """Print why a plan, or what has the ref in it, has its colour: every rule in order with its figures."""
    from tracker.exports.receipt_text import receipt_data, receipt_lines
    from tracker.queries.any_receipt import any_receipt

    day = as_at.date() if as_at else today()
    with database() as engine, Session(engine) as session:
        row, scheme = asked_plan(session, plan)
        found = any_receipt(session, row, scheme, ref, day, today())
        if as_json:
            print_json(receipt_data(row, found, day))
        else:
            click.echo("\n".join(receipt_lines(row, found, day)))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def schemes(as_json: bool) -> None:
    """List the rating schemes: what each calls every status, and which plans use it."""
    from tracker.exports.scheme_text import schemes_data, schemes_lines
    from tracker.queries.schemes import schemes as all_schemes
    from tracker.rules.permissions import SYSTEM

    with database() as engine, Session(engine) as session:
        rows = all_schemes(session, SYSTEM)
        if as_json:
            print_json(schemes_data(rows))
        else:
            click.echo("\n".join(schemes_lines(rows)))


@click.command()
@click.argument("plan")
@click.option("--from", "first", type=DAY, required=True, help="The first day, included.")
@click.option("--to", "last", type=DAY, required=True, help="The last day, included; may be a day to come.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def changes(plan: str, first: datetime, last: datetime, as_json: bool) -> None:
    """Print each movement of a milestone's colour between two days; days to come say what will be."""
    from tracker.exports.changes_text import changes_data, changes_lines
    from tracker.queries.colour_changes import colour_changes

    if last < first:
        raise click.UsageError("--to has to be the same day as --from or a later one.")
    with database() as engine, Session(engine) as session:
        row, _ = asked_plan(session, plan)
        found = colour_changes(session, row, first.date(), last.date(), today())
    if as_json:
        print_json(changes_data(row, first.date(), last.date(), today(), found))
    else:
        click.echo("\n".join(changes_lines(row, first.date(), last.date(), found)))


@click.command()
@click.argument("plan")
@click.option("--as-at", type=DAY, help="The day to show; today if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def deadlines(plan: str, as_at: datetime | None, as_json: bool) -> None:
    """Print the deadline ledger: each new date asked for, who agreed it and why, and how far dates have slipped."""
    from tracker.exports.deadlines_text import deadlines_data, deadlines_lines
    from tracker.queries.deadlines import deadline_ledger, end_moves

    day = as_at.date() if as_at else today()
    with database() as engine, Session(engine) as session:
        row, _ = asked_plan(session, plan)
        moves, ends = deadline_ledger(session, row.id, day, today()), end_moves(session, row, day)
    if as_json:
        print_json(deadlines_data(row, day, moves, ends))
    else:
        click.echo("\n".join(deadlines_lines(row, day, moves, ends)))


COMMANDS = (receipt, changes, deadlines, schemes)
