"""`tracker ...`: each command calls a service or a query and prints what came of it."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from tracker import __version__
from tracker.cli import (
    importing,
    jobs,
    outbox,
    packs,
    plans,
    reading,
    running,
    security,
    templates,
    upkeep,
    workbooks,
)
from tracker.cli.console import fail
from tracker.rules.errors import Refusal


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


for module in (plans, importing, packs, reading, workbooks, templates, upkeep, running, jobs, outbox, security):
    for command in module.COMMANDS:
        cli.add_command(command)
