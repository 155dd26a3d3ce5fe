"""A colour set by a person: when it counts, and the sentence that stands beside it (domain, section 4)."""

from __future__ import annotations

from datetime import date

from tracker.rules.calendar import show_day
from tracker.rules.colour import RANK, Colour
from tracker.rules.facts import Facts, Override
from tracker.rules.findings import Finding
from tracker.rules.scheme import DEFAULT, Scheme

ALLOWED = (Colour.RED, Colour.AMBER, Colour.GREEN)


def standing_override(facts: Facts, day: date, number: str, finding: Finding) -> Override | None:
    """Return the override if it counts on `day` over the finding of rule `number`, or None."""
    override = facts.override
    return override if override is not None and not why_not(override, day, number, finding) else None


def why_not(override: Override, day: date, number: str, finding: Finding, scheme: Scheme = DEFAULT) -> str:
    """Return why an override does not count, or "" if it does.

    It never sets or removes Blue, never switches off rule 3, and improves only where an improvement manager set it.
    """
    if day > override.until:
        return f"It ended on {show_day(override.until)}."
    if number == "3":
        return "It never clears a deadline that has passed."
    if finding.colour in (Colour.BLUE, Colour.NONE):
        return f"It never changes {scheme.name(finding.colour)}."
    if override.colour not in ALLOWED:
        return f"It cannot set {scheme.name(override.colour)}."
    if override.colour is finding.colour:
        return "The rules give the same colour."
    if RANK[override.colour] >= RANK[finding.colour] and not override.improves:
        return "Only the improvement manager may improve a colour."
    return ""


def override_reason(override: Override, finding: Finding, scheme: Scheme = DEFAULT) -> str:
    """Return the sentence of an override that counts, with what the rules say beside it."""
    why = " ".join(override.reason.split()).rstrip(" .")
    said = finding.reason[0].lower() + finding.reason[1:]
    return (
        f"Set to {scheme.name(override.colour)} until {show_day(override.until)}{f': {why}' if why else ''}; "
        f"by the rules it is {scheme.name(finding.colour)}: {said}"
    )
