"""The colour of one milestone on one day: computed from facts, with the rule, the reason and how long it stands.

The rules themselves are in `rules.findings`, in the order in which they are asked; the first that holds decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tracker.rules.calendar import show_day
from tracker.rules.colour import NAMES, RANK, Colour
from tracker.rules.facts import Facts, Override
from tracker.rules.findings import ONE_DAY, OVERRIDE, RULES, Finding, moved, turning_days
from tracker.rules.scheme import DEFAULT, Scheme


@dataclass(frozen=True, slots=True)
class Verdict:
    """A colour with the rule that decided it, its sentence and its marks.

    `until` is the last day on which all of this stays the same if nothing more is recorded; None: for good.
    `computed` is what the rules say where an override stands; `attributed` is "" or "approver".
    """

    colour: Colour
    rule: str
    reason: str
    marks: tuple[str, ...] = ()
    until: date | None = None
    computed: Colour = Colour.NONE
    attributed: str = ""


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
        reason = _override_reason(override, finding)
    if facts.moves > 0 and colour in (Colour.AMBER, Colour.GREEN, Colour.RED):
        marks = (*marks, moved(facts.moves))
    return Verdict(colour, number, reason, marks, None, finding.colour, finding.attributed)


def standing_override(facts: Facts, day: date, number: str, finding: Finding) -> Override | None:
    """Return the override if it counts: it never touches Blue, no colour or rule 3, and improves only by right."""
    override = facts.override
    if override is None or day > override.until or number == "3" or finding.colour in (Colour.BLUE, Colour.NONE):
        return None
    if override.colour not in (Colour.RED, Colour.AMBER, Colour.GREEN) or override.colour is finding.colour:
        return None
    worsens = RANK[override.colour] < RANK[finding.colour]
    return override if worsens or override.improves else None


def _override_reason(override: Override, finding: Finding) -> str:
    why = " ".join(override.reason.split()).rstrip(" .")
    said = finding.reason[:-1]
    return (
        f"Set to {NAMES[override.colour]} until {show_day(override.until)}{f': {why}' if why else ''}; "
        f"by the rules it is {NAMES[finding.colour]}: {said[0].lower()}{said[1:]}."
    )
