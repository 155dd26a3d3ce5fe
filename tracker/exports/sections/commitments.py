"""Recurring commitments, which stand beside the register because they have no single deadline."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Cell, Column, Group, Part, Section, Table
from tracker.exports.wording import leads

_COLUMNS = (
    Column("Ref", width=9),
    Column("Workstream", width=44),
    Column("Frequency", width=18),
    Column("Commitment", width=60),
    Column("Follows milestone", width=16),
    Column("Lead", width=34),
)
_GROUPS = (
    Group("Ref", 17, (Part(0, bold=True),)),
    Group("Commitment", 90, (Part(3), Part(4, "Follows milestone"))),
    Group("Frequency", 40, (Part(2, bold=True),)),
    Group("Workstream and lead", 114, (Part(1), Part(5, quiet=True))),
)


def commitments(facts: ReportFacts) -> Section | None:
    """Return the recurring commitments as an annex; None if the plan has none."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"{stream.ref}.{one.ref}" if one.ref else stream.ref,
            f"{stream.ref} {stream.title}".strip(),
            one.frequency,
            one.text,
            one.tail_of,
            leads(stream.leads),
        )
        for priority in facts.snapshot.priorities
        for stream in priority.workstreams
        for one in stream.commitments
    )
    if not rows:
        return None
    table = Table("commitments", "Recurring commitments", _COLUMNS, rows, "Recurring", _GROUPS)
    return Section("commitments", "", "Recurring commitments", (table,), annex=True, landscape=True)
