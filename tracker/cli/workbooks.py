"""Workbooks for leads who do not sign in: send them out, take them back."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.orm import Session

from tracker.cli.console import asked_plan, database, fail, print_json, today
from tracker.config import Settings
from tracker.models.engine import transaction
from tracker.rules.errors import Refusal
from tracker.rules.permissions import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.queries.lead_workbooks import LeadSheet


@click.group()
def workbook() -> None:
    """Send workbooks to the leads of a plan, and take back what they filled in."""


@workbook.command("out")
@click.argument("plan")
@click.option("--lead", "post", help="One lead, by the title of the post; the whole plan in one file if left out.")
@click.option("--all", "every", is_flag=True, help="Every lead's own workbook, as one .zip.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write."
)
def out(plan: str, post: str | None, every: bool, output: Path) -> None:
    """Write the workbook of one lead, of the whole plan, or a .zip with one for each lead."""
    from tracker.exports.lead_workbook import Sending, render_lead_workbook
    from tracker.exports.lead_workbook_zip import zip_workbooks
    from tracker.queries.lead_workbooks import lead_sheets
    from tracker.rules.workbook_keys import workbook_secret

    if post is not None and every:
        raise click.UsageError("--lead and --all are two different things: leave one of them out.")
    settings = Settings.from_environment()
    with database() as engine, Session(engine) as session:
        row, _ = asked_plan(session, plan)
        sheets = lead_sheets(session, row.id, today())
    words = row.ratings.on(today()).vocabulary
    secret = workbook_secret(settings.secret_key)
    sending = Sending(row, words, datetime.now(UTC), sheets.seq, secret, settings.contact_email)
    try:
        if every:
            with output.open("wb") as file:
                for piece in zip_workbooks(sending, sheets.leads):
                    file.write(piece)
            what = f"{len(sheets.leads)} workbook{'' if len(sheets.leads) == 1 else 's'}"
        else:
            sheet = sheets.whole if post is None else _asked_lead(sheets.leads, post)
            output.write_bytes(render_lead_workbook(sending, sheet))
            what = f"{len(sheet.rows)} milestone{'' if len(sheet.rows) == 1 else 's'}"
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}.")
    click.echo(f"Wrote {output}: {what}.")


@workbook.command("in")
@click.argument("plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be applied.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def in_(plan: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Apply a workbook that came back. Ends with 2 if it is refused, 3 if something in it was not applied.

    Where the same answer was changed in the tracker meanwhile, both are printed and what stands is kept.
    """
    from tracker.exports.returned_text import result_data, result_lines
    from tracker.imports.returned_workbook import read_returned
    from tracker.rules.workbook_keys import workbook_secret
    from tracker.rules.workbook_return import Outcome
    from tracker.services.workbooks import apply_workbook, try_workbook

    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    act = try_workbook if dry_run else apply_workbook
    secret = workbook_secret(Settings.from_environment().secret_key)
    try:
        with database() as engine, transaction(engine) as session:
            row, _ = asked_plan(session, plan)
            returned = read_returned(data, file.name)
            result = act(session, SYSTEM, datetime.now(UTC), row.id, returned, secret)
    except Refusal as refusal:
        if as_json:
            print_json({"plan": plan, "file": file.name, "refused": refusal.sentence})
        else:
            click.echo(refusal.sentence, err=True)
        sys.exit(2)
    if as_json:
        print_json(result_data(plan, file.name, result, dry_run=dry_run))
    else:
        click.echo("\n".join(result_lines(result, dry_run=dry_run)))
    if result.count(Outcome.CONFLICT) or result.count(Outcome.REFUSED):
        sys.exit(3)


def _asked_lead(sheets: Sequence[LeadSheet], post: str) -> LeadSheet:
    """Return the sheet of a post by its title, alone or with its organisation; ends with those there are."""
    wanted = " ".join(post.split()).casefold()
    found = [sheet for sheet in sheets if wanted in (sheet.post.casefold(), sheet.name.casefold())]
    if len(found) > 1:
        fail(f"Several leads are called {post}; add the organisation: {'; '.join(sheet.name for sheet in found)}.")
    if not found:
        known = "; ".join(sheet.name for sheet in sheets) or "none"
        fail(f"No lead with open milestones is called {post}. Leads: {known}.")
    return found[0]


COMMANDS = (workbook,)
