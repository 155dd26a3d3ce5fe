"""Movement since the last report: what changed colour, which way, and why."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import (
    Block,
    Cell,
    Column,
    Group,
    Heading,
    Kind,
    Paragraph,
    Part,
    Section,
    Table,
)
from tracker.exports.wording import and_list, arrow, group_status, leads, number, status
from tracker.queries.rows import Movement
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.rollup import Direction

_COLUMNS = (
    Column("Direction", width=12),
    Column("Ref", width=9),
    Column("Milestone", width=48),
    Column("Was", Kind.STATUS, 18),
    Column("Is now", Kind.STATUS, 18),
    Column("Cause", width=40),
    Column("Update", width=44),
    Column("Impact", width=44),
    Column("Lead", width=34),
    Column("Priority", width=34),
    Column("Evidence", width=44),
)
_GROUPS = (
    Group("Milestone", 57, (Part(2, prefix=1), Part(8, quiet=True))),
    Group("Was", 29, (Part(3),)),
    Group("Is now", 29, (Part(4),)),
    Group("Cause, update and impact", 59, (Part(5, bold=True), Part(6), Part(7, "Impact"), Part(10, "Evidence"))),
)
_PARTS = (
    ("worse", "Worse"),
    ("complete", "Newly complete"),
    ("better", "Better"),
    ("started", "Changed, neither better nor worse"),
    ("new", "New in this plan"),
    ("closed", "No longer counted"),
)
_SLIDE = (
    Group("Milestone", 118, (Part(2, prefix=1),)),
    Group("Was", 42, (Part(3),)),
    Group("Is now", 42, (Part(4),)),
    Group("Cause", 106, (Part(5),)),
)


def movement(facts: ReportFacts) -> Section:
    """Return what changed colour, grouped by direction; a first report says that there is nothing to compare with."""
    if facts.since is None or facts.before is None:
        first = "This is the first report: there is nothing to compare with."
        return Section(
            "movement", "", "Movement", (Table("movement", "Movement", _COLUMNS, (), "Movement", (), first),)
        )
    found: dict[str, list[Movement]] = {key: [] for key, _ in _PARTS}
    for move in facts.movements:
        found[_part(move)].append(move)
    counts = [f"{len(found[key])} {title[0].lower()}{title[1:]}" for key, title in _PARTS if found[key]]
    said = f"Since {show_day(facts.since)}: {number(len(facts.movements), 'change')} of colour"
    blocks: list[Block] = [Paragraph(f"{said}: {and_list(counts)}." if counts else f"{said}.")]
    for key, title in _PARTS:
        if found[key] or (key == "worse" and not facts.movements):
            if facts.movements:
                blocks.append(Heading(title))
            blocks.append(
                Table(
                    f"movement.{key}",
                    f"Changes since {show_day(facts.since)}: {title[0].lower()}{title[1:]}",
                    _COLUMNS,
                    tuple(_row(move, facts) for move in found[key]),
                    "Movement",
                    _GROUPS,
                    f"No milestone has changed colour since {show_day(facts.since)}.",
                    _SLIDE,
                )
            )
    return Section("movement", "", f"Movement since {show_day(facts.since)}", tuple(blocks))


def _part(move: Movement) -> str:
    match move.direction:
        case Direction.WORSE:
            return "worse"
        case Direction.BETTER:
            return "complete" if move.after is Colour.BLUE else "better"
        case Direction.NEW:
            return "new"
        case Direction.CLOSED:
            return "closed"
        case _:
            return "started"


def _row(move: Movement, facts: ReportFacts) -> tuple[Cell, ...]:
    row, words = move.milestone, facts.vocabulary
    after = None
    if move.after is not None:
        after = status(row, words) if move.after is row.colour else group_status(move.after, words)
    return (
        arrow(move.direction),
        row.full_ref,
        row.text,
        None if move.before is None else group_status(move.before, words),
        after,
        move.cause[:1].upper() + move.cause[1:],
        row.progress,
        row.impact,
        leads(row.leads),
        f"{row.priority_ref} {row.priority_title}".strip(),
        "; ".join(facts.evidence.get(row.id, ())) if move.after is Colour.BLUE else "",
    )
