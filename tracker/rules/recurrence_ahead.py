"""What a recurring commitment becomes by itself: its colours to come and its windows that close, nothing recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.rules.calendar import show_day
from tracker.rules.colour import Colour
from tracker.rules.occurrences import Outcome, Recorded, occurrences
from tracker.rules.recurrence import CommitmentVerdict, judge, turning_days
from tracker.rules.scheme import DEFAULT, Scheme
from tracker.rules.windows import Rule


@dataclass(frozen=True, slots=True)
class Closing:
    """Windows of one commitment that close with nothing recorded: the first one's last day, and how many there are."""

    day: date
    number: int
    sentence: str


def colours_ahead(
    rule: Rule, recorded: Iterable[Recorded], day: date, last: date, scheme: Scheme = DEFAULT
) -> list[tuple[date, Colour, CommitmentVerdict]]:
    """Return each day after `day` up to `last` on which the colour changes by itself: day, colour before, verdict."""
    known = list(recorded)
    before = judge(rule, known, day, scheme).colour
    found = []
    for turn in turning_days(rule, known, day, scheme):
        if turn > last:
            break
        verdict = judge(rule, known, turn, scheme)
        if verdict.colour is not before:
            found.append((turn, before, verdict))
            before = verdict.colour
    return found


def closing(rule: Rule, recorded: Iterable[Recorded], day: date, last: date) -> list[Closing]:
    """Return the windows that close after `day`, by `last`, of which nothing is recorded.

    A frequent commitment has one line for all of them, the others a line for each.
    """
    if rule.accepted is not None and rule.accepted <= last:
        return []
    still = [
        one
        for one in occurrences(rule, recorded, last)
        if day <= one.window.closes <= last
        and (one.recorded is None or one.recorded.outcome is None)
        and one.outcome in (Outcome.NOT_DUE, Outcome.MISSED)
    ]
    if rule.frequent and still:
        more = ", and so do those after it" if len(still) > 1 else ""
        return [Closing(still[0].scheduled, len(still), f"A window closes with nothing recorded{more}.")]
    return [Closing(one.scheduled, 1, f"Its window closes{_arranged(one.recorded)}.") for one in still]


def _arranged(recorded: Recorded | None) -> str:
    planned = recorded.planned_for if recorded is not None else None
    return f"; it is planned for {show_day(planned)}" if planned is not None else " and nothing is arranged"
