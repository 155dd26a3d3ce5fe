"""The outbox on the command line: what has to be sent, was sent, or waits for a person."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from tracker.cli.console import database, fail, print_json
from tracker.config import Settings

_MOST = 10_000


@click.group()
def outbox() -> None:
    """Show the messages that the tracker sends."""


@outbox.command("list")
@click.option("--state", default="", help="Only those in this state, or `waiting` for those that wait for a person.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def list_messages(state: str, as_json: bool) -> None:
    """List the messages, newest first."""
    from tracker.queries.outbox import WAITING, messages
    from tracker.rules.delivery import Mail

    if state and state not in {WAITING, *Mail}:
        fail(f"There is no state {state}. States: {', '.join([*Mail, WAITING])}.")
    with database() as engine, Session(engine) as session:
        found = messages(session, datetime.now(UTC), state, size=_MOST)
    if as_json:
        rows = [
            {
                "id": row.id,
                "to": row.to_address,
                "subject": row.subject,
                "kind": row.kind,
                "period": row.period,
                "state": row.state,
                "attempts": row.attempts,
                "detail": row.detail,
            }
            for row in found.rows
        ]
        print_json({"messages": rows, "total": found.total, "waiting": found.waiting})
        return
    for row in found.rows:
        said = f" ({row.detail})" if row.detail else ""
        click.echo(f"{row.id}  {row.state}{said}  {row.kind} {row.period}  to {row.to_address}: {row.subject}")
    click.echo(f"{found.total} messages; {found.waiting} wait for a person.")


@outbox.command("preview")
@click.argument("message_id", metavar="ID", type=int)
@click.option("--html", "as_html", is_flag=True, help="Print the page that is sent beside the text.")
def preview_message(message_id: int, as_html: bool) -> None:
    """Print a message as it is sent, but for the link of its reader: "/u/…" stands for it."""
    from tracker.mail.post_office import PostOffice
    from tracker.queries.outbox import preview
    from tracker.services.delivery import Taken

    settings = Settings.from_environment()
    with database() as engine, Session(engine) as session:
        found = preview(session, message_id, datetime.now(UTC), masked=False)
    if found is None:
        fail(f"There is no message {message_id}. `tracker outbox list` shows those there are.")
    row = found.row
    taken = Taken(
        row.id,
        found.key,
        row.to_address,
        found.subject,
        found.text or "",
        found.html or "",
        found.path,
        "",
        row.attempts,
        row.created_at,
    )
    letter = PostOffice(settings).letter(taken)
    if as_html:
        click.echo(letter.html)
        return
    attached = "".join(f"Attached: {name} ({-(-size // 1024)} kB)\n" for name, size in found.files)
    click.echo(
        f"To: {letter.to_address}\nSubject: {letter.subject}\nState: {row.state}\n{attached}\n{letter.text}", nl=False
    )


COMMANDS = (outbox,)
