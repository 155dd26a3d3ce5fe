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
