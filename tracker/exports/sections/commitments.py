"""Recurring commitments, which stand beside the register because they have no single deadline."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Cell, Column, Group, Kind, Paragraph, Part, Section, Table
from tracker.exports.wording import group_status, leads
from tracker.queries.commitment_rows import CommitmentRow
from tracker.rules.occurrences import Outcome

_COLUMNS = (
    Column("Ref", width=9),
    Column("Workstream", width=44),
    Column("Frequency", width=18),
    Column("Commitment", width=60),
    Column("Follows milestone", width=16),
    Column("Status", Kind.STATUS, 20),
    Column("Held of due", width=16),
    Column("Adherence", width=44),
    Column("Why this colour", width=50),
    Column("Last windows", width=44),
    Column("Lead", width=34),
)
_GROUPS = (
    Group("Ref", 17, (Part(0, bold=True),)),
    Group("Commitment", 74, (Part(3), Part(4, "Follows milestone"), Part(2, bold=True))),
    Group("Status", 30, (Part(5), Part(6))),
    Group("Adherence and why", 84, (Part(8), Part(7, quiet=True), Part(9, quiet=True))),
    Group("Workstream and lead", 56, (Part(1), Part(10, quiet=True))),
)
_NOTE = (
    "Weekly commitments are judged over the last 13 weeks, others by their last four windows. One that was held late "
    "stays late; one that was skipped with a reason was not due."
)
_LETTERS = {Outcome.HELD: "H", Outcome.LATE: "L", Outcome.MISSED: "M", Outcome.SKIPPED: "S", Outcome.NOT_DUE: "N"}
_KEY = "H held, L held late, M missed, S skipped, N not due"


def commitments(facts: ReportFacts) -> Section | None:
    """Return the recurring commitments with their colours as an annex; None if the plan has none."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"{stream.ref}.{one.ref}" if one.ref else stream.ref,
            f"{stream.ref} {stream.title}".strip(),
            one.how_often,
            one.text,
            one.tail_of,
            group_status(one.verdict.colour, facts.vocabulary, one.verdict.marks),
            one.adherence.text,
            one.adherence.sentence,
            one.verdict.reason,
            letters(one),
            leads(stream.leads),
        )
        for priority in facts.snapshot.priorities
        for stream in priority.workstreams
        for one in stream.commitments
    )
    if not rows:
        return None
    table = Table("commitments", "What recurs, and how it is kept", _COLUMNS, rows, "Recurring", _GROUPS)
    note = Paragraph(f"{_NOTE} Last windows, oldest first: {_KEY}.", "note")
    return Section("commitments", "", "Recurring commitments", (note, table), annex=True, landscape=True)


def letters(row: CommitmentRow) -> str:
    """Return the strip of a commitment as letters, oldest first ("H H L S M N")."""
    return " ".join(_LETTERS[one.outcome] for one in row.strip)
