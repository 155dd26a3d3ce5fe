"""By priority: what good looks like, and each workstream with its lead, direction, next milestone and impact."""

from __future__ import annotations

from datetime import date

from tracker.exports.facts import ReportFacts
from tracker.exports.report import (
    Block,
    BulletList,
    Cell,
    Column,
    Group,
    Heading,
    Kind,
    Paragraph,
    Part,
    Section,
    StatusLine,
    Table,
)
from tracker.exports.sections.one_page import by_priority_chart
from tracker.exports.sections.told import commentary, on_the_plan
from tracker.exports.wording import arrow, due_value, group_status, leads, shorten, standing_words
from tracker.queries.rows import MilestoneRow, PriorityRow, WorkstreamRow
from tracker.rules.colour import Colour
from tracker.rules.rollup import direction

_GOOD = "good_looks_like"


def priorities(facts: ReportFacts) -> Section:
    """Return a subsection for each priority, after a chart of them all."""
    plan = facts.snapshot.plan
    label = plan.priority_label or "Priority"
    before = (
        {row.id: row.colour for priority in facts.before.priorities for row in priority.workstreams}
        if facts.before
        else None
    )
    blocks: list[Block] = []
    if facts.snapshot.priorities:
        blocks.append(by_priority_chart(facts))
    blocks += on_the_plan(facts, accepted=False)
    for priority in facts.snapshot.priorities:
        blocks.append(Heading(f"{label} {priority.ref}: {priority.title}"))
        blocks.append(StatusLine(group_status(priority.headline.colour, facts.vocabulary), priority.headline.reason))
        blocks += commentary(facts, f"priority.{priority.id}", "Commentary")
        found = [record for record in priority.records if record.kind == _GOOD]
        good = tuple(standing_words(record.text, record.standing) for record in found)
        if good:
            blocks.append(Paragraph("What good looks like", "label"))
            blocks.append(BulletList(good))
        blocks.append(_table(priority, facts, before))
    return Section("priorities", "", f"By {label.lower()}", tuple(blocks))


def next_milestone(row: WorkstreamRow, day: date) -> MilestoneRow | None:
    """Return the unfinished milestone that falls due next, on `day` or later."""
    ahead = [
        one for one in row.milestones if one.due and one.due >= day and one.colour not in (Colour.BLUE, Colour.NONE)
    ]
    return min(ahead, key=lambda one: one.due or day, default=None)


def latest_update(row: WorkstreamRow) -> MilestoneRow | None:
    """Return the milestone of the workstream that was updated last and says something."""
    told = [one for one in row.milestones if one.updated_on and (one.progress or one.impact)]
    return max(told, key=lambda one: one.updated_on or date.min, default=None)


def _table(priority: PriorityRow, facts: ReportFacts, before: dict[int, Colour] | None) -> Table:
    plan = facts.snapshot.plan
    label = plan.workstream_label or "Workstream"
    columns = (
        Column(plan.priority_label or "Priority", width=32),
        Column("Ref", width=8),
        Column(label, width=44),
        Column("Lead", width=34),
        Column("Status", Kind.STATUS, 18),
        Column("Direction", width=12),
        Column("Due to date", Kind.NUMBER, 10),
        Column("Delivered of those", Kind.NUMBER, 10),
        Column("Next milestone", width=40),
        Column("Next deadline", Kind.DATE, 16, as_written=True),
        Column("Latest update on", width=14),
        Column("Update", width=48),
        Column("Impact", width=48),
    )
    groups = (
        Group(label, 46, (Part(2, prefix=1), Part(3, quiet=True))),
        Group("Status", 29, (Part(4), Part(5))),
        Group("Due", 11, (Part(6),)),
        Group("Done", 12, (Part(7),)),
        Group("Next milestone", 36, (Part(9, bold=True), Part(8))),
        Group("Update and impact", 40, (Part(10, quiet=True), Part(11), Part(12, "Impact"))),
    )
    slide = (
        Group(label, 96, (Part(2, prefix=1),)),
        Group("Status", 44, (Part(4), Part(5))),
        Group("Due", 16, (Part(6),)),
        Group("Done", 18, (Part(7),)),
        Group("Next milestone", 134, (Part(9, bold=True), Part(8))),
    )
    rows = tuple(_row(priority, row, facts, before) for row in priority.workstreams)
    return Table(
        f"priority.{priority.id}",
        f"{label}s of {plan.priority_label or 'Priority'} {priority.ref}",
        columns,
        rows,
        "By priority",
        groups,
        f"No {label.lower()}s.",
        slide,
    )


def _row(
    priority: PriorityRow, row: WorkstreamRow, facts: ReportFacts, before: dict[int, Colour] | None
) -> tuple[Cell, ...]:
    coming = next_milestone(row, facts.day)
    told = latest_update(row)
    return (
        f"{priority.ref} {priority.title}".strip(),
        row.ref,
        standing_words(row.title, row.standing),
        leads(row.leads),
        group_status(row.colour, facts.vocabulary),
        "" if before is None else arrow(direction(before.get(row.id), row.colour)),
        row.counts.due_to_date,
        row.counts.delivered_of_due,
        f"{coming.full_ref} {shorten(coming.text, 120)}" if coming else "",
        due_value(coming) if coming else None,
        f"Milestone {told.full_ref}" if told else "",
        told.progress if told else "",
        told.impact if told else "",
    )
