"""The public edition: what was promised, what is done, what is late and what comes next, in plain English.

It says what the published plan says, with dates and colours. Nothing that an officer typed to the board is in it: no
updates, no reasons, no help needed, no recovery, no evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracker.exports.facts import ReportFacts
from tracker.exports.report import (
    Block,
    BulletList,
    Cell,
    Column,
    Group,
    Heading,
    KeyValue,
    Kind,
    Paragraph,
    Part,
    Section,
    StatusLine,
    StatusValue,
    Table,
)
from tracker.exports.sections.one_page import by_priority_chart, distribution, one_page
from tracker.exports.sections.outcomes import trend
from tracker.exports.wording import due_value, group_status, leads, number, original_value, standing_words, status
from tracker.queries.rows import MilestoneRow
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day

AHEAD = 90
_COLUMNS = (
    Column("Ref", width=9),
    Column("What we said we would do", width=60),
    Column("By when", Kind.DATE, 16, as_written=True),
    Column("First date", Kind.DATE, 16, as_written=True),
    Column("How it stands", Kind.STATUS, 22),
    Column("Who leads", width=40),
)
_GROUPS = (
    Group("What we said we would do", 84, (Part(1, prefix=0), Part(5, quiet=True))),
    Group("By when", 50, (Part(2, bold=True), Part(3, "First date"))),
    Group("How it stands", 40, (Part(4),)),
)
_SLIDE = (
    Group("What we said we would do", 178, (Part(1, prefix=0),)),
    Group("By when", 70, (Part(2, bold=True), Part(3, "First date"))),
    Group("How it stands", 60, (Part(4),)),
)
_RESULTS = (
    Column("What is measured", width=50),
    Column("For whom", width=24),
    Column("At the start", width=14),
    Column("Latest", width=14),
    Column("When", width=16),
    Column("Aim", width=14),
    Column("Change", width=12),
)
_RESULT_GROUPS = (
    Group("What is measured", 74, (Part(0, bold=True), Part(1))),
    Group("At the start", 24, (Part(2),)),
    Group("Latest", 32, (Part(3, bold=True), Part(4, quiet=True))),
    Group("Aim", 22, (Part(5),)),
    Group("Change", 22, (Part(6),)),
)
WORDS = (
    ("Milestone", "One step of the plan with a date by which it should be done."),
    ("Signed off", "A second person has checked the evidence and agreed that the step is done."),
    ("First date", "The date that was first agreed. It is kept even where a later date was agreed since."),
)


def public(facts: ReportFacts) -> tuple[Section, ...]:
    """Return the sections of the public edition."""
    found = (_about, _how_it_goes, _by_priority, _results, _meaning)
    return tuple(section for make in found if (section := make(facts)) is not None)


def _about(facts: ReportFacts) -> Section:
    plan = facts.snapshot.plan
    pairs = [
        ("Plan", plan.title),
        ("Who is responsible", plan.organisation),
        ("What is true on", show_day(facts.day)),
        ("Another format", facts.contact),
    ]
    said = (
        "This is the edition for the public. It says what the plan promises, which steps are done, which are late and "
        "what comes next. The papers for the board also hold its decisions, the reasons that officers give, and how "
        "complete the records are; these are left out."
    )
    about = KeyValue("About this report", tuple(pair for pair in pairs if pair[1]))
    return Section("front", "", "About this report", (about, Paragraph(said)))


def _how_it_goes(facts: ReportFacts) -> Section:
    counts = facts.snapshot.counts
    due, done = counts.due_to_date, counts.delivered_of_due
    headline = StatusLine(group_status(facts.snapshot.headline.colour, facts.vocabulary), _in_short(facts))
    told = (
        f"By {show_day(facts.day)}, {number(due, 'step')} of the plan should have been done. {done or 'None'} of them "
        f"{'is' if done == 1 else 'are'} done and signed off."
    )
    late = [row for row in facts.milestones if row.colour is Colour.RED]
    doubt = [row for row in facts.milestones if row.colour is Colour.AMBER]
    coming = [row for row in facts.milestones if _comes(row, facts)]
    key_table = next(block for block in one_page(facts).blocks if isinstance(block, Table) and block.key == "counts")
    blocks: list[Block] = [
        headline,
        Paragraph(told),
        key_table,
        distribution(facts),
        Heading("What is done"),
        BulletList(_newly_done(facts) or ("Nothing was finished in this period.",)),
        Heading("What is late"),
        _table("public.late", "Steps that are late", late, facts, "No step is late."),
        Heading("What may be late"),
        _table("public.doubt", "Steps that may be late", doubt, facts, "No step is expected to be late."),
        Heading("What comes next"),
        _table("public.next", f"Steps due in the next {AHEAD} days", coming, facts, "No step is due soon."),
    ]
    return Section("one-page", "", "How it is going", tuple(blocks))


def _in_short(facts: ReportFacts) -> str:
    """Return the headline without the words of the rules."""
    late = sum(row.colour is Colour.RED for row in facts.milestones)
    doubt = sum(row.colour is Colour.AMBER for row in facts.milestones)
    done = sum(row.colour is Colour.BLUE for row in facts.milestones)
    whole = sum(row.colour is not Colour.NONE for row in facts.milestones)
    return f"Of {number(whole, 'step')}, {done or 'none'} done, {late or 'none'} late and {doubt or 'none'} in doubt."


def _newly_done(facts: ReportFacts) -> tuple[str, ...]:
    if facts.before is None:
        rows = [row for row in facts.milestones if row.colour is Colour.BLUE]
    else:
        rows = [move.milestone for move in facts.movements if move.after is Colour.BLUE]
    return tuple(f"{row.full_ref} {row.text}".strip() for row in rows)


def _comes(row: MilestoneRow, facts: ReportFacts) -> bool:
    open_item = row.colour in (Colour.GREEN, Colour.GREY)
    return open_item and row.due is not None and 0 <= (row.due - facts.day).days <= AHEAD


def _by_priority(facts: ReportFacts) -> Section:
    label = facts.snapshot.plan.priority_label or "Priority"
    blocks: list[Block] = [by_priority_chart(facts)] if facts.snapshot.priorities else []
    for priority in facts.snapshot.priorities:
        blocks.append(Heading(f"{label} {priority.ref}: {priority.title}"))
        good = [record for record in priority.records if record.kind == "good_looks_like"]
        if good:
            blocks.append(Paragraph("What we want to see", "label"))
            blocks.append(BulletList(tuple(standing_words(record.text, record.standing) for record in good)))
        rows = [row for stream in priority.workstreams for row in stream.milestones]
        name = f"The steps of {label} {priority.ref}"
        blocks.append(_table(f"public.{priority.id}", name, [*rows, *priority.unplaced], facts, "No steps."))
    return Section("priorities", "", "The plan, part by part", tuple(blocks))


def _results(facts: ReportFacts) -> Section | None:
    measures = (*facts.snapshot.measures, *(one for row in facts.snapshot.priorities for one in row.measures))
    rows: list[tuple[Cell, ...]] = []
    for measure in measures:
        groups: dict[str, list[tuple[str, str]]] = {}
        for period, group, value in measure.readings:
            groups.setdefault(group, []).append((period, value))
        for group, figures in groups.items():
            period, value = figures[-1]
            name = f"{measure.name} ({measure.unit})" if measure.unit else measure.name
            turn = trend(measure, [one for _, one in figures])
            rows.append((name, group, measure.baseline, value, period, measure.target, turn))
    if not rows:
        return None
    table = Table("public.results", "What has changed", _RESULTS, tuple(rows), "Results", _RESULT_GROUPS)
    return Section("outcomes", "", "Is it making a difference?", (table,))


def _meaning(facts: ReportFacts) -> Section:
    terms = facts.vocabulary.terms
    rows: tuple[tuple[Cell, ...], ...] = tuple((StatusValue(term.colours[0], (), term), term.meaning) for term in terms)
    colours = Table(
        "key.colours",
        "What the colours mean",
        (Column("Colour", Kind.STATUS, 26), Column("Meaning", width=90)),
        rows,
        "Key",
        (Group("Colour", 50, (Part(0),)), Group("Meaning", 124, (Part(1),))),
    )
    words = Table(
        "public.words",
        "What the words mean",
        (Column("Word", width=24), Column("Meaning", width=90)),
        WORDS,
        "Words",
        (Group("Word", 50, (Part(0, bold=True),)), Group("Meaning", 124, (Part(1),))),
    )
    note = Paragraph("A colour is worked out from recorded dates and sign-offs by fixed rules. Nobody types it.")
    return Section("key", "", "What the colours and words mean", (note, colours, words), annex=True)


def _table(key: str, name: str, rows: Sequence[MilestoneRow], facts: ReportFacts, empty: str) -> Table:
    lines: tuple[tuple[Cell, ...], ...] = tuple(
        (
            row.full_ref,
            standing_words(row.text, row.standing),
            due_value(row),
            original_value(row),
            StatusValue(row.colour, (), status(row, facts.vocabulary).term),
            leads(row.leads).replace(", vacant", ""),
        )
        for row in rows
    )
    return Table(key, name, _COLUMNS, lines, "Steps", _GROUPS, empty, _SLIDE)
