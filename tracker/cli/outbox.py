"""The outbox on the command line: what has to be sent, was sent, or waits for a person."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from tracker.cli.console import database, fail, print_json
from tracker.config import Settings
from tracker.models.engine import transaction

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
    words, wait = "message" if found.total == 1 else "messages", "waits" if found.waiting == 1 else "wait"
    click.echo(f"{found.total} {words}; {found.waiting} {wait} for a person.")


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
        None,
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


@outbox.command("bounced")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def bounced(files: tuple[Path, ...], as_json: bool) -> None:
    """Note messages that came back, from the reports that mail servers send.

    FILE is such a report, a folder of reports that end in .eml, or - for one on the standard input, as a rule of the
    mail server pipes it in. Told again it changes nothing.
    """
    from tracker.mail.bounces import LARGEST, read_bounce
    from tracker.services.bounces import came_back

    told: list[dict[str, Any]] = []
    reports = [(name, data) for path in files for name, data in _reports(path, LARGEST)]
    with database() as engine, transaction(engine) as session:
        for name, data in reports:
            bounce = read_bounce(data)
            found = came_back(session, datetime.now(UTC), bounce.reference, bounce.says) if bounce else None
            if bounce is None:
                told.append({"file": name, "message": None, "says": "no report that a message of ours came back"})
            elif found is None:
                told.append({"file": name, "message": None, "says": "the message is not of this tracker"})
            else:
                message, new = found
                says = bounce.says if new else f"noted already, the message is {message.state}"
                told.append({"file": name, "message": message.id, "to": message.to_address, "new": new, "says": says})
    if as_json:
        print_json({"reports": told})
        return
    for one in told:
        what = f"message {one['message']} to {one['to']} came back: " if one["message"] else ""
        click.echo(f"{one['file']}: {what}{one['says']}.")
    if not told:
        click.echo("There is no report: no file in the folder ends in .eml.")


def _reports(path: Path, largest: int) -> Iterator[tuple[str, bytes]]:
    """Yield the reports that an argument names; ends with a sentence where a file cannot be read."""
    if str(path) == "-":
        yield "standard input", sys.stdin.buffer.read(largest)
        return
    try:
        if path.is_dir():
            for file in sorted(path.glob("*.eml")):
                yield file.name, file.read_bytes()
        else:
            yield path.name, path.read_bytes()
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}.")


COMMANDS = (outbox,)
