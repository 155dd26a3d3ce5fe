"""Read the security log from the command line."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy.orm import Session

from tracker.cli.console import DAY, database, print_json
from tracker.rules.dates import LONDON


@click.command()
@click.option("--since", type=DAY, help="Only what happened on this day or later.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def security(since: datetime | None, as_json: bool) -> None:
    """Print the security log, newest first: sign-ins, refusals, accounts, roles and posts."""
    from tracker.queries.security import MOST, events_since

    with database() as engine, Session(engine) as session:
        found = events_since(session, since.date() if since else None)
    if as_json:
        names = ("kind", "actor", "email", "subject", "plan", "detail", "times", "known_browser")
        print_json(
            {
                "events": [
                    {"at": row.at.isoformat(), "last_at": row.last_at.isoformat()}
                    | {name: getattr(row, name) for name in names}
                    for row in found
                ],
                "limited_to": MOST,
            }
        )
        return
    for row in found:
        who = row.actor or row.email or "nobody signed in"
        about = "; ".join(part for part in (row.subject if row.actor else "", row.plan, row.detail) if part)
        often = f" ({row.times} times)" if row.times > 1 else ""
        click.echo(
            f"{row.at.astimezone(LONDON):%d/%m/%Y %H:%M:%S}  {row.kind}{often}: {who}{f'; {about}' if about else ''}"
        )
    if not found:
        click.echo("Nothing was written down.")


COMMANDS = (security,)
