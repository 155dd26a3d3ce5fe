"""What a milestone waits for: its predecessors on every day, as timelines (domain, section 4, rule 4c).

A predecessor matters by three things only: whether it is finished, whether it is Red, and when it is expected. None
of them depends on what it waits for itself (a predecessor that is Amber by rule 4c is not Red), so nothing here looks
further than one step back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from tracker.rules.colour import Colour
from tracker.rules.facts import Facts, Predecessor, SignOff, Standing
from tracker.rules.findings import claim_day
from tracker.rules.fold import fold
from tracker.rules.scheme import Thresholds
from tracker.rules.timeline import History, spans

ELSEWHERE = "a milestone of another plan"
"""What a predecessor in another plan is called in a sentence that every reader of this plan can see."""

_Value = TypeVar("_Value")
_Default = TypeVar("_Default")
Entries = Sequence[tuple[date, Mapping[str, object]]]  # day of effect and {field: value after}, in the ledger's order
Refs = Mapping[int, Sequence[tuple[date, str]]]  # of workstreams by id: what each is called from each day on
Stages = Sequence[tuple[date, Predecessor | None]]  # from each day on, ascending; None: it holds nothing up


@dataclass(frozen=True, slots=True)
class Waiting:
    """One predecessor of a milestone: how it stands from each day on, and whether the two are linked then."""

    stages: Stages
    linked: Sequence[tuple[date, bool]]

    def on(self, day: date) -> Predecessor | None:
        """Return the predecessor as it stands on a day; None if it is not linked then or holds nothing up."""
        return _at(self.stages, day, None) if _at(self.linked, day, False) else None


def stages(entries: Entries, scheme: Thresholds, workstreams: Refs, *, elsewhere: bool = False) -> Stages:
    """Return how a milestone stands as a predecessor, from each day on, days to come included.

    `entries` are those of its own ledger, `scheme` that of its own plan.
    One that is suspended, withdrawn or superseded holds nothing up.
    """
    history = fold(entries)
    names = [(date.min, ELSEWHERE)] if elsewhere else _names(entries, workstreams)
    colours = [(span.from_day, span.colour) for span in spans(history, scheme)]
    days = {day for day, _ in history} | {day for day, _ in colours} | {day for day, _ in names}
    found: list[tuple[date, Predecessor | None]] = []
    for day in sorted(day for day in days if history and day >= history[0][0]):
        red = _at(colours, day, Colour.NONE) is Colour.RED
        stage = stage_of(_at(history, day, Facts()), _at(names, day, ""), red=red, elsewhere=elsewhere)
        if not found or found[-1][1] != stage:
            found.append((day, stage))
    return found


def stage_of(facts: Facts, name: str, *, red: bool, elsewhere: bool = False) -> Predecessor | None:
    """Return a milestone as a predecessor; None where a decision has taken it out of its plan."""
    if facts.standing is not Standing.OPEN:
        return None
    return Predecessor(
        ref=name,
        finished=facts.signoff is SignOff.APPROVED,
        colour=Colour.RED if red else Colour.NONE,
        expected=expected(facts),
        elsewhere=elsewhere,
    )


def expected(facts: Facts) -> date | None:
    """Return when a milestone is expected: the day it was done where that is claimed, else forecast, else deadline."""
    claimed = claim_day(facts)
    if claimed is not None:
        return facts.completed or claimed
    return facts.forecast or facts.due


def linked(entries: Entries) -> list[tuple[date, bool]]:
    """Return from which day on a link stands and from which it does not, from the ledger entries of the link."""
    found: list[tuple[date, bool]] = []
    for day, changes in sorted(entries, key=lambda entry: entry[0]):
        if "unlinked_on" in changes or not found:
            found.append((day, not changes.get("unlinked_on")))
    return found


def with_predecessors(history: History, before: Sequence[Waiting]) -> list[tuple[date, Facts]]:
    """Return the facts of a milestone by day with its predecessors as they stand from each day on.

    There is an entry for every day on which the facts change or those of a predecessor do, by time alone too, so a
    timeline of colours that is made from it breaks where a predecessor's does.
    """
    if not before or not history:
        return list(history)
    days = {day for day, _ in history}
    for one in before:
        days |= {day for day, _ in (*one.stages, *one.linked)}
    found: list[tuple[date, Facts]] = []
    for day in sorted(day for day in days if day >= history[0][0]):
        there = tuple(stage for one in before if (stage := one.on(day)) is not None)
        facts = replace(_at(history, day, Facts()), predecessors=there)
        if not found or found[-1][1] != facts:
            found.append((day, facts))
    return found


def facts_on(history: History, day: date) -> Facts | None:
    """Return the facts that hold on a day; None before the history begins."""
    return _at(history, day, None)


def _names(entries: Entries, workstreams: Refs) -> list[tuple[date, str]]:
    """Return what a milestone is called from each day on ("1a.5"): it or its workstream may have been moved."""
    own: list[tuple[date, tuple[str, int]]] = []
    ref, workstream = "", 0
    for day, changes in sorted(entries, key=lambda entry: entry[0]):
        ref = str(changes.get("ref", ref) or "")
        workstream = int(str(changes.get("workstream_id", workstream) or 0))
        own.append((day, (ref, workstream)))
    days = {day for day, _ in own}
    for key in {place for _, (_, place) in own}:
        days |= {day for day, _ in workstreams.get(key, ()) if own and day >= own[0][0]}
    found: list[tuple[date, str]] = []
    for day in sorted(days):
        ref, place = _at(own, day, ("", 0))
        above = _at(workstreams.get(place, ()), day, "")
        found.append((day, f"{above}.{ref}" if above else ref))
    return found


def _at(steps: Sequence[tuple[date, _Value]], day: date, missing: _Default) -> _Value | _Default:
    """Return what holds on a day, of steps that each hold from a day on."""
    position = bisect_right(steps, day, key=lambda step: step[0])
    return steps[position - 1][1] if position else missing
