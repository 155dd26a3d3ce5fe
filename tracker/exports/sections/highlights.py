"""Three achievements and three concerns, chosen by rule so that two readers of the same facts see the same."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.wording import days_late, shorten, status, timing
from tracker.queries.rows import MilestoneRow
from tracker.rules.colour import Colour
from tracker.rules.rollup import Direction

HOW_MANY = 3
_SAID = 150


def achievements(facts: ReportFacts) -> tuple[str, ...]:
    """Return what went well: newly complete first, then what got better; critical and told ones before others.

    Without an earlier report the latest completions stand in.
    """
    if facts.before is None:
        done = [row for row in facts.milestones if row.colour is Colour.BLUE]
        done.sort(key=lambda row: (not row.critical, not row.impact, -(row.completed or facts.day).toordinal()))
        return tuple(_told(row, "Complete") for row in done[:HOW_MANY])
    better = [move for move in facts.movements if move.direction is Direction.BETTER]
    better.sort(
        key=lambda move: (
            move.after is not Colour.BLUE,
            not move.milestone.critical,
            not (move.milestone.impact or move.milestone.progress),
        )
    )
    return tuple(
        _told(move.milestone, "Complete" if move.after is Colour.BLUE else _sentence(move.cause))
        for move in better[:HOW_MANY]
    )


def concerns(facts: ReportFacts) -> tuple[str, ...]:
    """Return what worries: Red before Amber, critical first, the latest first, with the help that is needed."""
    ranked = [row for row in facts.milestones if row.colour in (Colour.RED, Colour.AMBER)]
    ranked.sort(
        key=lambda row: (
            row.colour is not Colour.RED,
            not row.critical,
            -days_late(row, facts.day),
            row.due is None,
            row.due or facts.day,
        )
    )
    return tuple(_worry(row, facts) for row in ranked[:HOW_MANY])


def _told(row: MilestoneRow, what: str) -> str:
    outcome = row.impact or row.progress
    opening = f"{row.full_ref} {shorten(row.text, 90)}".rstrip(".")
    return f"{opening}: {shorten(outcome, _SAID)}" if outcome else f"{opening}: {what}."


def _worry(row: MilestoneRow, facts: ReportFacts) -> str:
    where = timing(row, facts.day)
    colour = status(row, facts.vocabulary).name
    opening = f"{row.full_ref} {shorten(row.text, 90)}".rstrip(".") + f": {colour}, {where}."
    if row.help_needed:
        return f"{opening} Help needed: {shorten(row.help_needed, _SAID)}"
    if row.recovery:
        return f"{opening} Recovery: {shorten(row.recovery, _SAID)}"
    return f"{opening} {shorten(row.reason, _SAID)}"


def _sentence(text: str) -> str:
    return (text[:1].upper() + text[1:]).rstrip(".")
