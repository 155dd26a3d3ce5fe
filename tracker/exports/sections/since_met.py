"""Since you last met: what the last issued pack said, and what has become of it, on half a page."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Block, Cell, KeyValue, Section, StatusLine
from tracker.exports.wording import and_list, group_status, none_or, number
from tracker.queries.deadline_rows import DeadlineMove
from tracker.queries.rows import Earlier, Movement
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.rollup import Direction, direction

_MOST = 12
_WORDS = {
    Direction.BETTER: "better",
    Direction.WORSE: "worse",
    Direction.SAME: "as before",
    Direction.NEW: "new",
    Direction.CLOSED: "closed",
}


def since_met(facts: ReportFacts) -> Section | None:
    """Return what has happened since the last issued pack; None where the comparison is with no pack."""
    before = facts.before
    if not isinstance(before, Earlier) or not before.pack:
        return None
    then, now = before.headline.colour, facts.snapshot.headline.colour
    blocks: list[Block] = [
        StatusLine(
            group_status(then, facts.vocabulary),
            f"{before.pack[:1].upper()}{before.pack[1:]}, as at {show_day(before.day)}, said: {before.headline.reason}",
        ),
        KeyValue("What has happened since", tuple(_pairs(facts, before, then, now))),
    ]
    return Section("since-met", "", "Since you last met", tuple(blocks))


def _pairs(facts: ReportFacts, before: Earlier, then: Colour, now: Colour) -> Iterable[tuple[str, Cell]]:
    way = _WORDS[direction(then, now)]
    yield "The plan as a whole", f"{facts.name(then)} then, {facts.name(now)} now: {way}"
    tally = {one: [move for move in facts.movements if move.direction is one] for one in Direction}
    moved = [f"{len(found)} {_WORDS[one]}" for one, found in tally.items() if found and one is not Direction.SAME]
    changed = sum(1 for move in facts.movements if move.direction is Direction.SAME)
    if changed:
        moved.append(f"{changed} changed, neither better nor worse")
    unmoved = len(before.colours) - sum(1 for move in facts.movements if move.before is not None)
    yield "Milestones", and_list([*moved, f"{unmoved} as they were"])
    yield "Newly complete", _refs(move for move in facts.movements if move.after is Colour.BLUE)
    yield (
        "No longer complete",
        _refs(move for move in facts.movements if move.before is Colour.BLUE and move.after is not Colour.BLUE),
    )
    decided = [move for move in facts.moves if move.decided_on and before.day < move.decided_on <= facts.day]
    yield "New dates agreed", _dates(move for move in decided if move.state == "approved")
    yield "New dates refused", _dates(move for move in decided if move.state == "refused")
    yield "New in the plan", _refs(tally[Direction.NEW])
    yield "No longer counted", _refs(tally[Direction.CLOSED])


def _refs(moves: Iterable[Movement]) -> str:
    return _some([move.milestone.full_ref for move in moves])


def _dates(moves: Iterable[DeadlineMove]) -> str:
    found = [f"{move.full_ref} to {move.to_text}{f' (minute {move.minute})' if move.minute else ''}" for move in moves]
    return _some(found)


def _some(items: list[str]) -> str:
    """Return items as prose, with how many more there are; the section on movement lists all of them."""
    if len(items) <= _MOST:
        return and_list(items) or none_or(0)
    return f"{', '.join(items[:_MOST])} and {number(len(items) - _MOST, 'more', 'more')}"
