"""The plan on one page: headline, counts now and at the last report, what went well and what worries."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import (
    Block,
    BulletList,
    Cell,
    ChartBlock,
    Column,
    Group,
    Heading,
    KeyValue,
    Kind,
    Part,
    Section,
    Series,
    StatusLine,
    Table,
)
from tracker.exports.sections.highlights import achievements, concerns
from tracker.exports.sections.told import on_the_plan
from tracker.exports.wording import and_list, arrow, change, group_status, none_or, share
from tracker.rules.colour import BAR_ORDER, Colour
from tracker.rules.dates import show_day, show_short
from tracker.rules.rollup import Counts, direction
from tracker.rules.vocabulary import Vocabulary

_OVERDUE = "sign-off overdue"
_LONG_NAME = 6  # letters that fit the head of a narrow column


def one_page(facts: ReportFacts) -> Section:
    """Return the page that a member reads first."""
    snapshot = facts.snapshot
    blocks: list[Block] = [
        StatusLine(group_status(snapshot.headline.colour, facts.vocabulary), snapshot.headline.reason),
        KeyValue("Key figures", key_figures(facts)),
        counts_table(facts),
        distribution(facts),
        priorities_table(facts),
        *on_the_plan(facts, accepted=True),
        Heading("Achievements"),
        BulletList(achievements(facts) or ("None recorded in this period.",)),
        Heading("Concerns"),
        BulletList(
            concerns(facts) or (f"None: no milestone is {facts.name(Colour.RED)} or {facts.name(Colour.AMBER)}.",)
        ),
    ]
    return Section("one-page", "", "The plan on one page", tuple(blocks))


def count_name(colour: Colour, vocabulary: Vocabulary) -> str:
    """Return what a column or a series of counts is called ("Red: missed"); a word alone where name and word agree."""
    name, words = vocabulary.term(colour).name, vocabulary.group_word(colour)
    return words if words.casefold().startswith(name.casefold()) else f"{name}: {words[:1].lower()}{words[1:]}"


def colour_columns(vocabulary: Vocabulary) -> tuple[Column, ...]:
    """Return the columns that count milestones by colour, in the plan's words."""
    return tuple(
        Column(count_name(colour, vocabulary), Kind.NUMBER, 12, colour=colour, term=vocabulary.term(colour))
        for colour in BAR_ORDER
    )


def short_names(vocabulary: Vocabulary) -> dict[Colour, str]:
    """Return the heads of narrow columns: the names, or the letters where a name is too long for one."""
    terms = {colour: vocabulary.term(colour) for colour in BAR_ORDER}
    long = any(len(term.name) > _LONG_NAME for term in terms.values())
    return {colour: term.letter if long else term.name for colour, term in terms.items()}


def _series(colour: Colour, points: tuple[int, ...], facts: ReportFacts) -> Series:
    return Series(colour, points, facts.vocabulary.term(colour), count_name(colour, facts.vocabulary))


def key_figures(facts: ReportFacts) -> tuple[tuple[str, Cell], ...]:
    """Return the figures that stand beside the headline, over both denominators."""
    counts = facts.snapshot.counts
    waiting = [row for row in facts.milestones if "awaiting sign-off" in row.marks or _OVERDUE in row.marks]
    overdue = sum(_OVERDUE in row.marks for row in waiting)
    moved = sum(1 for row in facts.milestones if row.moves)
    pairs: list[tuple[str, Cell]] = [
        ("Delivered of due to date", share(counts.delivered_of_due, counts.due_to_date)),
        ("Complete, of the whole plan", share(counts.blue, counts.total)),
        (
            "Awaiting sign-off",
            none_or(len(waiting)) + (f", of which {overdue} longer than allowed" if overdue else ""),
        ),
        ("Deadlines moved", _moved(facts, moved)),
    ]
    if facts.before is not None:
        before = [facts.before, *([facts.earlier] if facts.earlier is not None else [])]
        then = ", before that ".join(facts.name(one.headline.colour) for one in before)
        pairs.insert(0, ("Colour at the last report" if len(before) == 1 else "Colour at the last two reports", then))
    if counts.none:
        pairs.append(("Not counted (suspended, withdrawn or superseded)", str(counts.none)))
    return tuple(pairs)


def counts_table(facts: ReportFacts) -> Table:
    """Return the counts by colour now and at the last report, with the change between them."""
    columns = (Column("Milestones", width=34), *colour_columns(facts.vocabulary), Column("Total", Kind.NUMBER, 9))
    now = _count_cells(facts.snapshot.counts)
    rows: list[tuple[Cell, ...]] = [(show_day(facts.day), *now)]
    if facts.before is not None and facts.since is not None:
        then = _count_cells(facts.before.counts)
        rows.append((show_day(facts.since), *then))
        if facts.earlier is not None and facts.earlier_on is not None:
            rows.append((show_day(facts.earlier_on), *_count_cells(facts.earlier.counts)))
        moved = (change(one, other) for one, other in zip(now, then, strict=True))
        rows.append(("Change" if facts.earlier is None else f"Change since {show_short(facts.since)}", *moved))
    groups = tuple(
        Group(column.term.name if column.term else column.title, 48 if index == 0 else 21, (Part(index),))
        for index, column in enumerate(columns)
    )
    return Table("counts", "Milestones by colour", columns, tuple(rows), "Summary", groups)


def distribution(facts: ReportFacts) -> ChartBlock:
    """Return the distribution now and at the last report as bars."""
    stages = [(show_short(facts.day), facts.snapshot.counts)]
    if facts.before is not None and facts.since is not None:
        stages.append((show_short(facts.since), facts.before.counts))
    if len(stages) > 1 and facts.earlier is not None and facts.earlier_on is not None:
        stages.append((show_short(facts.earlier_on), facts.earlier.counts))
    said = "; ".join(f"{show}: {_in_words(counts, facts)}" for show, counts in stages)
    return ChartBlock(
        "distribution",
        "Milestones by colour",
        f"Stacked bars of milestones by colour. {said}.",
        tuple(show for show, _ in stages),
        tuple(_series(colour, tuple(counts.of(colour) for _, counts in stages), facts) for colour in BAR_ORDER),
        "counts",
    )


def priorities_table(facts: ReportFacts) -> Table:
    """Return the headline and the counts of each priority."""
    label = facts.snapshot.plan.priority_label or "Priority"
    columns = (
        Column(label, width=50),
        Column("Status", Kind.STATUS, 18),
        Column("Direction", width=12),
        *colour_columns(facts.vocabulary),
        Column("Due to date", Kind.NUMBER, 11),
        Column("Delivered of those", Kind.NUMBER, 11),
    )
    before = {row.id: row.headline.colour for row in facts.before.priorities} if facts.before else None
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"{row.ref} {row.title}".strip(),
            group_status(row.headline.colour, facts.vocabulary),
            "" if before is None else arrow(direction(before.get(row.id), row.headline.colour)),
            *(row.counts.of(colour) for colour in BAR_ORDER),
            row.counts.due_to_date,
            row.counts.delivered_of_due,
        )
        for row in facts.snapshot.priorities
    )
    short = short_names(facts.vocabulary)
    groups = (
        Group(label, 46, (Part(0),)),
        Group("Status", 29, (Part(1),)),
        Group("Direction", 17, (Part(2),)),
        *(
            Group(short[colour], 11 if len(short[colour]) < 5 else 13, (Part(3 + i),))
            for i, colour in enumerate(BAR_ORDER)
        ),
        Group("Due", 11, (Part(8),)),
        Group("Done", 12, (Part(9),)),
    )
    return Table("priorities", f"Each {label.lower()}", columns, rows, "Summary", groups)


def by_priority_chart(facts: ReportFacts) -> ChartBlock:
    """Return the counts by colour of each priority as bars."""
    priorities = facts.snapshot.priorities
    said = "; ".join(f"{row.ref} {row.title}: {_in_words(row.counts, facts)}" for row in priorities)
    return ChartBlock(
        "by-priority",
        f"Milestones by colour in each {(facts.snapshot.plan.priority_label or 'Priority').lower()}",
        f"Stacked bars of milestones by colour. {said}.",
        tuple(f"{row.ref} {row.title}".strip() for row in priorities),
        tuple(_series(colour, tuple(row.counts.of(colour) for row in priorities), facts) for colour in BAR_ORDER),
        "priorities",
    )


def _count_cells(counts: Counts) -> tuple[int, ...]:
    return (*(counts.of(colour) for colour in BAR_ORDER), counts.total)


def _in_words(counts: Counts, facts: ReportFacts) -> str:
    return (
        and_list([f"{counts.of(colour)} {facts.name(colour)}" for colour in BAR_ORDER if counts.of(colour)]) or "none"
    )


def _moved(facts: ReportFacts, moved: int) -> str:
    """Return how many deadlines were moved: in all, or, under a later version, since the baseline that it took."""
    whole = "in all" if facts.snapshot.version.number == 1 else "since the baseline"
    if facts.since is None or not moved:
        return none_or(moved) if whole == "in all" or not moved else f"{moved} {whole}"
    recent = {
        move.milestone_id
        for move in facts.moves
        if move.state == "approved" and move.decided_on and facts.since < move.decided_on <= facts.day
    }
    return f"{moved} {whole}, {len(recent) or 'none'} since {show_day(facts.since)}"
