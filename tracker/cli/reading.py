"""Ask why a colour is what it is, and what changes when."""

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


COMMANDS = (receipt, schemes)
