"""Looking ahead: what falls due in 90 days, which colours will change by themselves, where it gets crowded."""

from __future__ import annotations

from collections import Counter

from tracker.exports.facts import ReportFacts
from tracker.exports.report import (
    Block,
    Cell,
    Column,
    DateValue,
    Group,
    Heading,
    Kind,
    Paragraph,
    Part,
    Section,
    StatusValue,
    Table,
)
from tracker.exports.wording import and_list, due_value, group_status, leads, number, status
from tracker.queries.coming import HORIZONS
from tracker.queries.coming_rows import Coming, ComingOccurrence
from tracker.queries.rows import MilestoneRow
from tracker.rules.colour import BAR_ORDER, Colour
from tracker.rules.dates import show_day, show_month

_COLUMNS = (
    Column("What", width=16),
    Column("When", Kind.DATE, 18, as_written=True),
    Column("Days away", Kind.NUMBER, 9),
    Column("Within", width=12),
    Column("Ref", width=9),
    Column("Milestone", width=48),
    Column("Now", Kind.STATUS, 18),
    Column("Becomes", Kind.STATUS, 18),
    Column("If nothing more is recorded", width=48),
    Column("Lead", width=34),
)
_DUE_GROUPS = (
    Group("Due", 26, (Part(1, bold=True), Part(3, "Within"))),
    Group("Milestone", 82, (Part(5, prefix=4),)),
    Group("Now", 29, (Part(6),)),
    Group("Lead", 37, (Part(9),)),
)
_CLOSING_GROUPS = (
    Group("Closes", 27, (Part(1, bold=True),)),
    Group("Commitment", 58, (Part(5, prefix=4), Part(9, quiet=True))),
    Group("Now", 29, (Part(6),)),
    Group("Adherence", 60, (Part(8),)),
)
_CHANGE_GROUPS = (
    Group("From", 27, (Part(1, bold=True),)),
    Group("Milestone", 48, (Part(5, prefix=4), Part(9, quiet=True))),
    Group("Now", 29, (Part(6),)),
    Group("Becomes", 29, (Part(7),)),
    Group("If nothing more is recorded", 41, (Part(8),)),
)
_MONTHS = (
    Column("Month", width=14),
    Column("Due", Kind.NUMBER, 9),
    Column("Critical", Kind.NUMBER, 9),
    Column("Leads with several", width=60),
)
_MONTH_GROUPS = (
    Group("Month", 30, (Part(0, bold=True),)),
    Group("Due", 16, (Part(1),)),
    Group("Critical", 20, (Part(2),)),
    Group("Leads with several", 108, (Part(3),)),
)
CROWD, YEAR = 3, 365
_DUE_SLIDE = (
    Group("Due", 44, (Part(1, bold=True),)),
    Group("Milestone", 150, (Part(5, prefix=4),)),
    Group("Now", 44, (Part(6),)),
    Group("Lead", 70, (Part(9),)),
)
_CHANGE_SLIDE = (
    Group("From", 40, (Part(1, bold=True),)),
    Group("Milestone", 110, (Part(5, prefix=4),)),
    Group("Now", 42, (Part(6),)),
    Group("Becomes", 42, (Part(7),)),
    Group("If nothing more is recorded", 74, (Part(8),)),
)


def ahead(facts: ReportFacts) -> Section:
    """Return what is due, what will change colour within 30, 60 and 90 days, and which windows close."""
    due = sorted(
        (row for row in facts.milestones if _is_due(row, facts)), key=lambda row: (row.due or facts.day, row.full_ref)
    )
    changes = [change for change in facts.coming if not change.closes]
    closing = [change for change in facts.coming if change.closes]
    counts = [sum(1 for row in due if _days(row, facts) <= horizon) for horizon in HORIZONS]
    red = sum(1 for change in changes if change.after is Colour.RED and not change.recurring)
    blocks: list[Block] = [
        Paragraph(
            f"Due in the next 30 days: {counts[0] or 'none'}; 60 days: {counts[1] or 'none'}; "
            f"90 days: {counts[2] or 'none'}. "
            f"{number(red, 'milestone').capitalize()} will turn {facts.name(Colour.RED)} in that time "
            "if nothing more is recorded."
        )
    ]
    if facts.next_meetings:
        blocks.append(Paragraph(_before_meetings(facts)))
    months, crowded = busy_months(facts)
    if crowded:
        blocks.append(Paragraph(crowded))
    blocks += [
        Heading("Due in the next 90 days"),
        Table(
            "ahead.due",
            "Milestones due in the next 90 days",
            _COLUMNS,
            tuple(_due_row(row, facts) for row in due),
            "Looking ahead",
            _DUE_GROUPS,
            "Nothing unfinished falls due in the next 90 days.",
            _DUE_SLIDE,
        ),
        Heading("Colours that will change"),
        Table(
            "ahead.changes",
            "Colours that will change in the next 90 days if nothing more is recorded",
            _COLUMNS,
            tuple(_change_row(change, facts) for change in changes),
            "Looking ahead",
            _CHANGE_GROUPS,
            "No colour will change by itself in the next 90 days.",
            _CHANGE_SLIDE,
        ),
    ]
    if crowded:
        blocks += [
            Heading("Where it gets crowded"),
            Table(
                "ahead.months", "Deadlines of the next twelve months", _MONTHS, months, "Months ahead", _MONTH_GROUPS
            ),
        ]
    if closing or any(stream.commitments for row in facts.snapshot.priorities for stream in row.workstreams):
        blocks += [
            Heading("Recurring commitments"),
            Paragraph(_adherence(facts)),
            Table(
                "ahead.recurring",
                "Windows of recurring commitments that close in the next 90 days with nothing recorded",
                _COLUMNS,
                tuple(_change_row(change, facts) for change in closing),
                "Looking ahead",
                _CLOSING_GROUPS,
                "No window closes with nothing recorded in the next 90 days.",
            ),
        ]
    return Section("ahead", "", "Looking ahead", tuple(blocks))


def _days(row: MilestoneRow, facts: ReportFacts) -> int:
    return (row.due - facts.day).days if row.due else -1


def _is_due(row: MilestoneRow, facts: ReportFacts) -> bool:
    return _is_unfinished(row) and 0 <= _days(row, facts) <= HORIZONS[-1]


def _within(days: int) -> str:
    return next((f"{horizon} days" for horizon in HORIZONS if days <= horizon), "")


def busy_months(facts: ReportFacts) -> tuple[tuple[tuple[Cell, ...], ...], str]:
    """Return a line for each of the next twelve months with a deadline, and a sentence if one of them is crowded.

    A month is crowded that has three deadlines or more and half as many again as the others have on average.
    """
    due: dict[tuple[int, int], list[MilestoneRow]] = {}
    for row in facts.milestones:
        if row.due and _is_unfinished(row) and 0 <= _days(row, facts) <= YEAR:
            due.setdefault((row.due.year, row.due.month), []).append(row)
    if not due:
        return (), ""
    months = [due[key] for key in sorted(due)]
    busiest = max(months, key=len)
    total = sum(map(len, months))
    if len(busiest) < CROWD or len(busiest) * 2 < total / len(months) * 3:
        return (), ""
    lines = tuple(_month_row(rows) for rows in months)
    first = busiest[0].due
    assert first is not None
    said = (
        f"The busiest month of the next twelve is {show_month(first)}: {len(busiest)} of "
        f"{number(total, 'milestone')} due."
    )
    return lines, said


def _month_row(rows: list[MilestoneRow]) -> tuple[Cell, ...]:
    first = rows[0].due
    assert first is not None
    tally = Counter(lead.post for row in rows for lead in row.leads if lead.accountable)
    most = [f"{post} ({count})" for post, count in tally.most_common(CROWD) if count > 1]
    return (show_month(first), len(rows), sum(row.critical for row in rows), "; ".join(most))


def _before_meetings(facts: ReportFacts) -> str:
    """Return how much falls due before the next meetings of the board."""
    told = []
    for meeting, name in zip(facts.next_meetings, ("the next meeting", "the one after"), strict=False):
        due = sum(1 for row in facts.milestones if _is_unfinished(row) and row.due and facts.day <= row.due < meeting)
        told.append(f"{due or 'none'} before {name} ({show_day(meeting)})")
    return f"Due {' and '.join(told)}."


def _is_unfinished(row: MilestoneRow) -> bool:
    return row.colour not in (Colour.BLUE, Colour.NONE)


def _adherence(facts: ReportFacts) -> str:
    """Return how the recurring commitments stand, by colour."""
    every = [
        one for row in facts.snapshot.priorities for stream in row.workstreams for one in stream.commitments if one.rule
    ]
    if not every:
        return "None of them has a confirmed rule yet."
    tally = Counter(one.verdict.colour for one in every)
    told = [f"{tally[colour]} {facts.name(colour)}" for colour in BAR_ORDER if tally[colour]]
    return f"{number(len(every), 'recurring commitment').capitalize()}: {and_list(told)}." if told else ""


def _due_row(row: MilestoneRow, facts: ReportFacts) -> tuple[Cell, ...]:
    days = _days(row, facts)
    return (
        "Due",
        due_value(row),
        days,
        _within(days),
        row.full_ref,
        row.text,
        status(row, facts.vocabulary),
        None,
        "",
        leads(row.leads),
    )


def _change_row(change: Coming, facts: ReportFacts) -> tuple[Cell, ...]:
    days = (change.day - facts.day).days
    return (
        _what(change),
        DateValue.of(change.day),
        days,
        _within(days),
        change.full_ref,
        change.text,
        _now(change, facts),
        None if change.closes else group_status(change.after, facts.vocabulary),
        _why(change),
        leads(change.leads),
    )


def _now(change: Coming, facts: ReportFacts) -> StatusValue:
    if isinstance(change, ComingOccurrence) or change.before is not change.milestone.colour:
        return group_status(change.before, facts.vocabulary)
    return status(change.milestone, facts.vocabulary)


def _what(change: Coming) -> str:
    if not change.recurring:
        return "Colour change"
    return "Window closes" if change.closes else "Recurring: colour change"


def _why(change: Coming) -> str:
    if isinstance(change, ComingOccurrence):
        return f"{change.reason} So far: {change.commitment.adherence.text}."
    return change.reason
