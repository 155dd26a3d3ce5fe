"""Drafts of commentary: plain sentences made of the facts by templates, for a person to change and accept.

No outside service writes them. A draft stays marked as one until somebody accepts it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.exports.facts import ReportFacts, Said
from tracker.exports.sections.ahead import busy_months
from tracker.exports.wording import and_list, arrow, days_late, due_value, number, shorten
from tracker.queries.rows import MilestoneRow, Movement, PriorityRow
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.rollup import Direction, direction

AHEAD = 90
NAMED = 3  # how many milestones a sentence names before it only counts the others
_DATES = ("new date", "new date required")


def drafts(facts: ReportFacts) -> dict[str, Said]:
    """Return a draft for the whole plan ("plan") and for each priority ("priority.3"), none of them accepted."""
    made = {"plan": Said(plan_draft(facts))}
    made |= {f"priority.{row.id}": Said(priority_draft(row, facts)) for row in facts.snapshot.priorities}
    return made


def with_drafts(facts: ReportFacts) -> ReportFacts:
    """Return the facts with a draft wherever nobody has written anything."""
    written = {key: said for key, said in facts.commentary.items() if said.text.strip()}
    return replace(facts, commentary=drafts(facts) | written)


def plan_draft(facts: ReportFacts) -> str:
    """Return the draft for the whole plan: how it stands, what moved, what is asked, what comes."""
    snapshot = facts.snapshot
    counts = snapshot.counts
    first = [
        f"As at {show_day(facts.day)} the plan is {facts.name(snapshot.headline.colour)}: {snapshot.headline.reason}",
        _delivered(counts.delivered_of_due, counts.due_to_date, "milestones"),
    ]
    if counts.red or counts.amber:
        first.append(
            f"Of all {number(counts.total, 'milestone')} {_are(counts.red)} {facts.name(Colour.RED)} and "
            f"{_are(counts.amber)} {facts.name(Colour.AMBER)}."
        )
    return _paragraphs(
        first,
        [_moved(facts.movements, facts), _directions(facts)],
        [_asked(facts)],
        [_coming(facts.milestones, facts), busy_months(facts)[1]],
    )


def priority_draft(priority: PriorityRow, facts: ReportFacts) -> str:
    """Return the draft for a priority: how it stands and why, what was done, what is late, what comes next."""
    label = facts.snapshot.plan.priority_label or "Priority"
    rows = [*(row for stream in priority.workstreams for row in stream.milestones), *priority.unplaced]
    ids = {row.id for row in rows}
    name = f"{label} {priority.ref}".strip()
    first = [
        f"{name} is {facts.name(priority.headline.colour)}: {priority.headline.reason}",
        _delivered(priority.counts.delivered_of_due, priority.counts.due_to_date, "milestones"),
    ]
    return _paragraphs(
        first,
        [_moved([move for move in facts.movements if move.milestone.id in ids], facts), _done(ids, facts)],
        [_late(rows, facts), _in_doubt(rows, facts)],
        [_coming(rows, facts), *_outcomes(priority)],
    )


def _are(count: int) -> str:
    return f"{count or 'none'} {'are' if count > 1 else 'is'}"


def _delivered(done: int, due: int, what: str) -> str:
    if not due:
        return f"No {what[:-1]} has fallen due yet."
    return (
        f"{done or 'None'} of {due} {what} due to date {'is' if done == 1 else 'are'} delivered ({done * 100 // due}%)."
    )


def _moved(moves: Sequence[Movement], facts: ReportFacts) -> str:
    if facts.before is None or facts.since is None:
        return ""
    since = f"Since {show_day(facts.since)}"
    if not moves:
        return f"{since}, no milestone has changed colour."
    done = sum(move.after is Colour.BLUE for move in moves)
    better = sum(move.direction is Direction.BETTER for move in moves) - done
    worse = sum(move.direction is Direction.WORSE for move in moves)
    verbs = ((done, "was completed" if done == 1 else "were completed"), (better, "got better"), (worse, "got worse"))
    told = [f"{count} {verb}" for count, verb in verbs if count]
    if not told:
        return f"{since}, {number(len(moves), 'milestone')} changed colour, none for better or worse."
    first, *others = told
    count, verb = first.split(" ", 1)
    opening = f"{number(int(count), 'milestone')} {verb}"
    return f"{since}, {and_list([opening, *others])}."


def _directions(facts: ReportFacts) -> str:
    """Return which priorities are better or worse than they were."""
    if facts.before is None:
        return ""
    before = {row.id: row.headline.colour for row in facts.before.priorities}
    label = (facts.snapshot.plan.priority_label or "Priority").lower()
    turned: dict[Direction, list[str]] = {Direction.BETTER: [], Direction.WORSE: []}
    for row in facts.snapshot.priorities:
        way = direction(before.get(row.id), row.headline.colour)
        if way in turned:
            turned[way].append(f"{label} {row.ref}" if row.ref else row.title)
    told = [
        f"{and_list(refs)} {'is' if len(refs) == 1 else 'are'} {arrow(way).split(' ')[-1]}"
        for way, refs in turned.items()
        if refs
    ]
    said = "; ".join(told)
    return f"{said[:1].upper()}{said[1:]} than at the last report." if said else ""


def _asked(facts: ReportFacts) -> str:
    if not facts.decisions:
        return "No decision is asked for."
    dates = Counter(one.kind for one in facts.decisions)
    told = []
    if dates["new date"]:
        told.append(f"{number(dates['new date'], 'request')} for a new date")
    if dates["new date required"]:
        told.append(f"{number(dates['new date required'], 'milestone')} past the deadline without a new date")
    told += [number(dates[kind], kind) for kind in ("suspension", "escalation") if dates[kind]]
    among = f", among them {and_list(told)}" if told else ""
    return f"The board is asked for {number(len(facts.decisions), 'decision')}{among}."


def _coming(rows: Iterable[MilestoneRow], facts: ReportFacts) -> str:
    due = [row for row in rows if _is_open(row) and row.due and 0 <= (row.due - facts.day).days <= AHEAD]
    if not due:
        return f"Nothing unfinished falls due in the next {AHEAD} days."
    due.sort(key=lambda row: (row.due or facts.day, row.full_ref))
    verb = "falls" if len(due) == 1 else "fall"
    return f"{number(len(due), 'milestone').capitalize()} {verb} due in the next {AHEAD} days: {_names(due, facts)}."


def _done(ids: set[int], facts: ReportFacts) -> str:
    moves = facts.movements if facts.before is not None else ()
    rows = [move.milestone for move in moves if move.after is Colour.BLUE and move.milestone.id in ids]
    told = [f"{row.full_ref} {shorten(row.text, 80).rstrip('.')}" for row in rows[:NAMED]]
    more = f" and {number(len(rows) - NAMED, 'other')}" if len(rows) > NAMED else ""
    return f"Completed: {'; '.join(told)}{more}." if rows else ""


def _late(rows: Iterable[MilestoneRow], facts: ReportFacts) -> str:
    late = sorted((row for row in rows if row.colour is Colour.RED), key=lambda row: -days_late(row, facts.day))
    if not late:
        return ""
    told = [f"{row.full_ref} by {number(days_late(row, facts.day), 'day')}" for row in late[:NAMED]]
    more = f" and {number(len(late) - NAMED, 'other')}" if len(late) > NAMED else ""
    bare = [row.full_ref for row in late if "new date required" in row.marks]
    asked = f" No new date is asked for {and_list(bare)}." if bare else ""
    return f"Late: {', '.join(told)}{more}.{asked}"


def _in_doubt(rows: Iterable[MilestoneRow], facts: ReportFacts) -> str:
    doubt = [row for row in rows if row.colour is Colour.AMBER]
    return f"Likely to miss: {_names(doubt, facts)}." if doubt else ""


def _names(rows: Sequence[MilestoneRow], facts: ReportFacts) -> str:
    told = [f"{row.full_ref} ({due_value(row).text})" for row in rows[: NAMED * 2]]
    more = f" and {number(len(rows) - NAMED * 2, 'other')}" if len(rows) > NAMED * 2 else ""
    return ", ".join(told) + more


def _outcomes(priority: PriorityRow) -> list[str]:
    told = []
    for measure in priority.measures:
        if measure.readings:
            period, _, value = measure.readings[-1]
            start = f", from a baseline of {measure.baseline}" if measure.baseline else ""
            aim = f" towards {measure.target}" if measure.target else ""
            told.append(f"{measure.name}: {value} in {period}{start}{aim}.")
    return told


def _is_open(row: MilestoneRow) -> bool:
    return row.colour not in (Colour.BLUE, Colour.NONE)


def _paragraphs(*parts: Sequence[str]) -> str:
    """Return the paragraphs that have something to say."""
    return "\n\n".join(text for part in parts if (text := " ".join(one for one in part if one)))
