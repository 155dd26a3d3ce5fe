"""The council's own Word document for reports: check it, keep it, take it away."""

from __future__ import annotations

from pathlib import Path

import click

from tracker.cli.console import asked_plan, database, fail
from tracker.config import Settings

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
_PLAN = click.option("--plan", help="The plan that it is for; the whole council if left out.")


@click.group("template")
def template() -> None:
    """Make Word reports on the council's own document."""


@template.command()
@_FILE
def check(file: Path) -> None:
    """Say whether reports can be made on a document, and what of it is used."""
    from tracker.exports.docx_template import told_of_template

    click.echo("\n".join(told_of_template(_checked(file))))


@template.command("set")
@_FILE
@_PLAN
def set_(file: Path, plan: str | None) -> None:
    """Keep a document: Word, PDF and OpenDocument reports are made on it from now on."""
    from tracker.exports.docx_template import told_of_template
    from tracker.services.report_templates import save_template

    data, slug = _checked(file), _slug(plan)
    click.echo("\n".join(told_of_template(data)))
    save_template(Settings.from_environment().data_dir, data, slug)
    click.echo(f"Reports of {slug or 'every plan without one of its own'} are made on {file.name} now.")


@template.command()
@_PLAN
def remove(plan: str | None) -> None:
    """Take a document away."""
    from tracker.services.report_templates import remove_template

    slug = _slug(plan)
    remove_template(Settings.from_environment().data_dir, slug)
    click.echo(f"The Word document of {slug or 'the council'} is taken away.")


@template.command("list")
def list_() -> None:
    """List the documents that are kept."""
    from tracker.services.report_templates import templates

    kept = templates(Settings.from_environment().data_dir)
    for slug, place in kept.items():
        click.echo(f"{slug or 'The council'}: {place}")
    if not kept:
        click.echo("None: reports have their own styles.")


def _checked(file: Path) -> bytes:
    from tracker.imports.report_template import checked_template

    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    return checked_template(data)


def _slug(plan: str | None) -> str:
    """Return the slug of the plan that is named; ends if there is none such."""
    if not plan:
        return ""
    from sqlalchemy.orm import Session

    with database() as engine, Session(engine) as session:
        row, _ = asked_plan(session, plan)
        return row.slug


COMMANDS = (template,)
