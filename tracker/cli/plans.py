"""Show a plan, report on one, list its versions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from tracker.cli.console import DAY, asked_plan, asked_version, database, fail, one_version, print_json, today
from tracker.config import Settings
from tracker.rules.errors import Refusal


@click.command()
@click.argument("plan")
@click.option("--as-at", type=DAY, help="The day to show; today if left out.")
@click.option("--version", "asked", help="The version to report against; the one in force if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def show(plan: str, as_at: datetime | None, asked: str | None, as_json: bool) -> None:
    """Print the whole tree of a plan with every colour and its reason."""
    from tracker.exports.tree_text import tree_data, tree_lines
    from tracker.queries.tree import snapshot

    with database() as engine, Session(engine) as session:
        row, scheme = asked_plan(session, plan)
        day = as_at.date() if as_at else today()
        found = snapshot(session, row, scheme, day, today(), against=asked_version(row, asked, day))
        if as_json:
            print_json(tree_data(found))
        else:
            click.echo("\n".join(tree_lines(found)))


@click.command()
@click.argument("plan")
@click.option("--as-at", type=DAY, help="The day of the report; today if left out.")
@click.option("--since", type=DAY, help="The day to compare with; a month before if left out.")
@click.option("--version", "asked", help="The version to report against; the one in force if left out.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["docx", "xlsx", "pptx", "html", "pdf", "odt", "ods", "csv", "csv-excel", "csv-key"]),
    required=True,
    help="What to write.",
)
@click.option("--audience", default="board", show_default=True, help="For whom: the name of an audience.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write."
)
def report(
    plan: str, as_at: datetime | None, since: datetime | None, asked: str | None, kind: str, audience: str, output: Path
) -> None:
    """Write the highlight report, or the register as CSV. PDF and OpenDocument need LibreOffice."""
    from tracker.exports import build_report, render, select
    from tracker.exports.gather import report_facts
    from tracker.services.report_templates import template_of

    settings = Settings.from_environment()
    with database() as engine, Session(engine) as session:
        row, scheme = asked_plan(session, plan)
        day = as_at.date() if as_at else today()
        facts = report_facts(
            session,
            row,
            scheme,
            day,
            today(),
            datetime.now(UTC),
            since=since.date() if since else None,
            contact=settings.contact_email,
            against=asked_version(row, asked, day),
        )
    template = template_of(settings.data_dir, row.slug)
    try:
        output.write_bytes(render(select(build_report(facts), audience), kind, template))
    except Refusal as refusal:
        fail(refusal.sentence)
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}.")
    click.echo(f"Wrote {output}")


@click.command()
@click.argument("plan")
@click.option("--diff", nargs=2, metavar="FROM TO", help="Two versions: print what is otherwise in the second.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def versions(plan: str, diff: tuple[str, str] | None, as_json: bool) -> None:
    """List the versions of a plan, or what changed between two of them."""
    from tracker.exports.version_text import diff_data, diff_lines, version_lines, versions_data
    from tracker.queries.restate import baseline_counts
    from tracker.queries.version_diff import version_diff

    with database() as engine, Session(engine) as session:
        row, _ = asked_plan(session, plan)
        if diff is None:
            numbers = baseline_counts(session, row.id)
            data: dict[str, Any] = {"plan": row.slug, "versions": versions_data(row.versions, numbers)}
            lines = version_lines(row.versions, numbers)
        else:
            found = version_diff(session, row, *(one_version(row, asked, today()) for asked in diff))
            data, lines = diff_data(found), diff_lines(found)
        if as_json:
            print_json(data)
        else:
            click.echo("\n".join(lines))


COMMANDS = (show, report, versions)
