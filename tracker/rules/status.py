"""The colour of one milestone on one day: computed from facts, with the rule, the reason and how long it stands.

The rules themselves are in `rules.findings`, in the order in which they are asked; the first that holds decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tracker.rules.colour import Colour
from tracker.rules.facts import Facts
from tracker.rules.findings import ONE_DAY, OVERRIDE, RULES, moved, turning_days
from tracker.rules.override import override_reason, standing_override
from tracker.rules.receipt import RuleLine, receipt
from tracker.rules.scheme import DEFAULT, Scheme

__all__ = ["RuleLine", "Verdict", "assess", "next_change", "receipt"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A colour with the rule that decided it, its sentence and its marks.

    `until` is the last day on which all of this stays the same if nothing more is recorded; None: for good.
    `computed` is what the rules say where an override stands; `attributed` is "" or "approver".
    """

    colour: Colour
    rule: str
    reason: str
    marks: tuple[str, ...]
    until: date | None
    computed: Colour
    attributed: str


def assess(facts: Facts, day: date, scheme: Scheme = DEFAULT) -> Verdict:
    """Return the verdict on a milestone at the end of `day` (domain, section 4)."""
    verdict = _judge(facts, day, scheme)
    for turn in sorted(turn for turn in set(turning_days(facts, scheme)) if turn > day):
        if _judge(facts, turn, scheme) != verdict:
            return replace(verdict, until=turn - ONE_DAY)
    return verdict


def next_change(facts: Facts, day: date, scheme: Scheme = DEFAULT) -> tuple[date, Verdict] | None:
    """Return the day after `day` on which the verdict changes by itself, and what it becomes; None if it never does."""
    until = assess(facts, day, scheme).until
    if until is None:
        return None
    return until + ONE_DAY, assess(facts, until + ONE_DAY, scheme)


def _judge(facts: Facts, day: date, scheme: Scheme) -> Verdict:
    """Return the verdict on `day` without asking how long it stands."""
    number, finding = next((rule.number, found) for rule in RULES if (found := rule.ask(facts, day, scheme)))
    colour, reason, marks = finding.colour, finding.reason, finding.marks
    override = standing_override(facts, day, number, finding)
    if override is not None:
        colour, marks = override.colour, (*marks, OVERRIDE)
        reason = override_reason(override, finding, scheme)
    if facts.measured_moves > 0 and colour in (Colour.AMBER, Colour.GREEN, Colour.RED):
        marks = (*marks, moved(facts.measured_moves))
    return Verdict(colour, number, reason, marks, None, finding.colour, finding.attributed)
