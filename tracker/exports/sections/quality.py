"""Data quality: what is missing, unconfirmed or overridden, so that a reader knows how far to trust the colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Cell, Column, DateValue, Group, KeyValue, Kind, Paragraph, Part, Section, Table
from tracker.exports.wording import due_value, leads, number, status
from tracker.queries.rows import MilestoneRow
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.said import difference

NEAR = timedelta(days=90)  # a milestone this close to its deadline ought to be reported on
STALE = timedelta(days=60)  # without an earlier report, how old the last update may be

_COLUMNS = (
    Column("Finding", width=30),
    Column("Ref", width=9),
    Column("Milestone", width=48),
    Column("Status", Kind.STATUS, 18),
    Column("Deadline", Kind.DATE, 16, as_written=True),
    Column("What is known", width=48),
    Column("Lead", width=34),
)
_GROUPS = (
    Group("Finding", 40, (Part(0, bold=True),)),
    Group("Milestone", 65, (Part(2, prefix=1), Part(6, quiet=True))),
    Group("Status", 29, (Part(3),)),
    Group("What is known", 40, (Part(5), Part(4, "Deadline"))),
)


_ANSWERS = (
    Column("Post", width=40),
    Column("Organisation", width=34),
    Column("What is wanting", width=48),
    Column("Unfinished milestones", Kind.NUMBER, 14),
)
_ANSWERS_GROUPS = (
    Group("Post", 60, (Part(0, bold=True), Part(1, quiet=True))),
    Group("What is wanting", 70, (Part(2),)),
    Group("Unfinished milestones", 29, (Part(3),)),
)
_WAIVERS = (
    Column("Check", width=34),
    Column("Ref", width=9),
    Column("About", width=48),
    Column("Reason", width=48),
    Column("Waived by", width=28),
    Column("Waived on", Kind.DATE, 18),
)
_WAIVERS_GROUPS = (
    Group("Check", 46, (Part(0, bold=True),)),
    Group("About", 58, (Part(2, prefix=1),)),
    Group("Reason", 70, (Part(3), Part(4, "Waived by"), Part(5, quiet=True))),
)
ANSWERED = "Every post that leads something unfinished has a holder who can sign in."
_WANTING = {"nobody": "No holder is recorded", "disabled": "The account of its holder is disabled"}


def unanswered(facts: ReportFacts) -> tuple[tuple[Cell, ...], ...]:
    """Return the posts that lead something unfinished and do not answer for it, with why and how much they lead."""
    tally: Counter[tuple[str, str, str]] = Counter()
    for row in facts.milestones:
        if row.colour in (Colour.NONE, Colour.BLUE):
            continue
        for lead in row.leads:
            since = f"Vacant since {show_day(lead.vacant_since)}" if lead.vacant_since else ""
            why = since or _WANTING.get(lead.wanting, "")
            if why:
                tally[lead.post, lead.organisation, why] += 1
    return tuple((*found, number) for found, number in sorted(tally.items(), key=lambda item: (-item[1], item[0])))


def _waivers(facts: ReportFacts) -> tuple[Table, ...]:
    """Return the checks that were waived before the pack was made, with the reasons; nothing where none was."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.check, one.ref, one.text, one.reason, one.by, DateValue.of(one.on)) for one in facts.waivers
    )
    if not rows:
        return ()
    said = f"{number(len(rows), 'check').capitalize()} waived before this report was made"
    return (Table("waivers", said, _WAIVERS, rows, "Waivers", _WAIVERS_GROUPS),)


def quality(facts: ReportFacts) -> Section:
    """Return the findings with how many of each; a milestone stands under every finding that it meets."""
    found = [(finding, row, known) for row in facts.milestones for finding, known in findings(row, facts)]
    order = list(dict.fromkeys(FINDINGS))
    found.sort(key=lambda item: order.index(item[0]))
    tally = Counter(finding for finding, _, _ in found)
    pairs = tuple((finding, str(tally[finding]) if tally[finding] else "None") for finding in order)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (finding, row.full_ref, row.text, status(row, facts.vocabulary), due_value(row), known, leads(row.leads))
        for finding, row, known in found
    )
    return Section(
        "quality",
        "",
        "Data quality",
        (
            Paragraph(
                "A milestone without a date can never be late, so what is missing is listed here in every report."
            ),
            KeyValue("How many", pairs),
            Table("quality", "Findings", _COLUMNS, rows, "Data quality", _GROUPS, "Nothing is missing."),
            *_waivers(facts),
            Table("answers", "Who answers", _ANSWERS, unanswered(facts), "Who answers", _ANSWERS_GROUPS, ANSWERED),
        ),
    )


FINDINGS = (
    "No date",
    "No lead",
    "No accountable lead",
    "Workstream not known",
    "Question open",
    "New date not confirmed by the lead",
    "No recent update",
    "Due before the plan was adopted",
    "Colour overridden",
    "Rated otherwise by the plan's document",
)


def findings(row: MilestoneRow, facts: ReportFacts) -> Iterator[tuple[str, str]]:
    """Yield what is wanting about a milestone, each with what is known of it."""
    if row.colour is Colour.NONE:
        return
    open_item = row.colour is not Colour.BLUE
    if open_item and row.due is None:
        yield "No date", f"Written as “{row.due_text}”." if row.due_text else "Nothing is written."
    if not row.leads:
        yield "No lead", "No post leads the milestone or its workstream."
    if open_item and row.leads and not any(lead.accountable for lead in row.leads):
        yield "No accountable lead", "Several posts lead, and the plan says of none that it is accountable."
    if row.workstream_id is None:
        yield "Workstream not known", row.needs_decision or "Its source shows no workstream."
    elif row.needs_decision:
        yield "Question open", row.needs_decision
    if open_item and not row.confirmed:
        yield "New date not confirmed by the lead", "A new date was approved; the lead has not confirmed it."
    if open_item and row.due is not None and row.due <= facts.day + NEAR:
        limit = facts.since or facts.day - STALE
        if row.updated_on is None:
            yield "No recent update", "No update has been recorded."
        elif row.updated_on < limit:
            yield "No recent update", f"Last updated {show_day(row.updated_on)}."
    if "due before adoption" in row.marks:
        yield "Due before the plan was adopted", row.reason
    if "override" in row.marks:
        yield "Colour overridden", f"Computed colour: {facts.name(row.computed)}. {row.reason}"
    said = difference(row.status_text, row.rating, row.computed, row.rule, facts.name)
    if said:
        source = (
            f" {row.rating_file}, as at {show_day(row.rating_as_at)}." if row.rating_as_at and row.rating_file else ""
        )
        yield "Rated otherwise by the plan's document", f"{said}{source}"
