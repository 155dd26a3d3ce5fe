"""What a person has written about a part of the plan, where something is written."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Commentary


def commentary(facts: ReportFacts, key: str, title: str) -> tuple[Commentary, ...]:
    """Return the commentary on a part of the plan ("plan", "priority.3"); nothing where none is written."""
    said = facts.commentary.get(key)
    if said is None or not said.text.strip():
        return ()
    return (Commentary(key, title, said.text, said.accepted, said.by),)


def on_the_plan(facts: ReportFacts, *, accepted: bool) -> tuple[Commentary, ...]:
    """Return the commentary on the whole plan if it is accepted, or if it is not.

    What a manager accepted stands on the first page; a draft only repeats the figures there, so it stands further back.
    """
    return tuple(one for one in commentary(facts, "plan", "The manager's view") if one.accepted is accepted)
