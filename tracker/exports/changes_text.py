"""Movements of colour as data and as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from tracker.queries.colour_changes import ColourChange
from tracker.queries.rows import PlanRow
from tracker.rules.colour import NAMES


def changes_data(plan: PlanRow, first: date, last: date, today: date, found: Sequence[ColourChange]) -> dict[str, Any]:
    """Return movements as plain data, in the order of their days."""
    return {
        "plan": plan.slug,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "today": today.isoformat(),
        "changes": [
            {
                "priority": change.priority,
                "workstream": change.workstream,
                "milestone": change.milestone,
                "text": change.text,
                "from": change.before.value if change.before else None,
                "to": change.after.value,
                "on": change.on.isoformat(),
                "cause": change.cause,
                "direction": change.direction.value,
                "to_come": change.coming,
            }
            for change in found
        ],
    }


def changes_lines(plan: PlanRow, first: date, last: date, found: Sequence[ColourChange]) -> Iterator[str]:
    """Yield movements as lines that a person reads."""
    number = f"{len(found) or 'no'} colour change{'' if len(found) == 1 else 's'}"
    yield f"{plan.title}: {number} from {first:%d/%m/%Y} to {last:%d/%m/%Y}"
    day = None
    for change in found:
        if change.on != day:
            day = change.on
            yield ""
            yield f"{day:%d/%m/%Y}{' (to come)' if change.coming else ''}"
        before = NAMES[change.before] if change.before else "new"
        yield f"  {change.milestone} {before} to {NAMES[change.after]}: {change.cause}"
        yield f"      {change.text}"
