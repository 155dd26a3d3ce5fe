"""Why a milestone has its colour: every rule in order, what it looked at, and what would change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tracker.rules.baseline import measured_words
from tracker.rules.calendar import show_day
from tracker.rules.colour import Colour
from tracker.rules.facts import Confidence, Facts, Override, Predecessor, SignOff
from tracker.rules.findings import (
    ONE_DAY,
    RULES,
    Finding,
    claim_day,
    close_to_deadline,
    deadline,
    is_started,
    last_day_of_cap,
    original,
    signoff_due,
)
from tracker.rules.override import why_not
from tracker.rules.scheme import DEFAULT, Scheme


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as asked on one day.

    `fired` is True for the one rule that decided; `holds` also for a later rule that would have held, had no
    earlier one. `change` says what would end it where it holds, and what would bring it about where it does not.
    An override adds a last line, numbered "override" and fired if it counts.
    """

    number: str
    title: str
    inputs: str
    fired: bool
    holds: bool
    change: str


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one rule: its inputs, what ends it, what brings it about."""

    inputs: Callable[[Facts, date, Scheme], str]
    ends: Callable[[Facts, date, Scheme], str]
    begins: Callable[[Facts, date, Scheme], str]


def receipt(facts: Facts, day: date, scheme: Scheme = DEFAULT) -> tuple[RuleLine, ...]:
    """Return every rule in order with its inputs in words, whether it decided, and what would change it."""
    lines: list[RuleLine] = []
    decided = ""
    override: RuleLine | None = None
    for rule in RULES:
        words = _WORDS[rule.number]
        finding = rule.ask(facts, day, scheme)
        # The last two rules are what is left: they say nothing once another has decided.
        holds = finding is not None and not (decided and rule.number in ("5", "6"))
        change = (words.ends if holds else words.begins)(facts, day, scheme)
        fired = holds and not decided
        lines.append(RuleLine(rule.number, rule.title, words.inputs(facts, day, scheme), fired, holds, change))
        if fired and finding is not None:
            decided = rule.number
            if facts.override is not None:
                override = _override_line(facts.override, day, decided, finding, scheme)
    return (*lines, override) if override else tuple(lines)


def _override_line(override: Override, day: date, number: str, finding: Finding, scheme: Scheme) -> RuleLine:
    refused = why_not(override, day, number, finding, scheme)
    why = override.reason.strip().rstrip(".")
    return RuleLine(
        "override",
        "Colour set by a person",
        f"Set to {scheme.name(override.colour)} until {show_day(override.until)}: {why}.",
        not refused,
        not refused,
        refused or f"It ends after {show_day(override.until)}.",
    )


def _shown(day: date | None) -> str:
    return show_day(day) if day else "not recorded"


def _due(facts: Facts) -> str:
    if facts.due is None:
        return "Deadline: none"
    last = "" if facts.due_text in ("", show_day(facts.due)) else f", last day {show_day(facts.due)}"
    return f"Deadline: {deadline(facts)}{last}"


def _signoff(facts: Facts) -> str:
    words = {SignOff.NONE: "none", SignOff.CLAIMED: "asked for, not decided"}
    said = words.get(facts.signoff, facts.signoff.value)
    on = f" on {show_day(facts.signoff_day)}" if facts.signoff_day and facts.signoff is not SignOff.NONE else ""
    return f"Sign-off: {said}{on}"


def _standing(facts: Facts, day: date, scheme: Scheme) -> str:
    return f"Standing: {facts.standing.value}{f' ({facts.standing_reference})' if facts.standing_reference else ''}."


def _claim(facts: Facts, day: date, scheme: Scheme) -> str:
    last = signoff_due(facts, scheme)
    until = f"; a decision is in time until {show_day(last)}" if last else ""
    return f"Claimed: {_shown(claim_day(facts))}; {_lower(_signoff(facts))}{until}."


def _complete(facts: Facts, day: date, scheme: Scheme) -> str:
    said = f"Completed: {_shown(facts.completed)}; {_lower(_signoff(facts))}"
    if facts.embedded is not None:
        said += f"; found still true: {show_day(facts.embedded)}"
    elif facts.check_due is not None:
        said += f"; to be checked again from {show_day(facts.check_due)}"
    return f"{said}."


def _await_ends(facts: Facts, day: date, scheme: Scheme) -> str:
    last = signoff_due(facts, scheme)
    decision = "The approver's decision to approve or to return it"
    return f"{decision}, due by {show_day(last)}." if last and day <= last else f"{decision}."


def _missed_begins(facts: Facts, day: date, scheme: Scheme) -> str:
    if facts.due is None:
        return "A deadline: without one it can never be missed."
    return f"It holds from {show_day(facts.due + ONE_DAY)} unless completion is claimed or a new date is agreed."


def _confidence(facts: Facts, day: date, scheme: Scheme) -> str:
    words = {Confidence.ON_TRACK: "on track", Confidence.AT_RISK: "at risk", Confidence.WILL_MISS: "will miss"}
    said = words[facts.confidence] if facts.confidence else "nothing recorded"
    return f"The lead says: {said}."


def _waiting(facts: Facts, day: date, scheme: Scheme) -> str:
    open_ones = [_before(before) for before in facts.predecessors if not before.finished]
    before = f"unfinished before it: {', '.join(open_ones)}" if open_ones else "nothing unfinished before it"
    return f"Blocked by: {facts.blocked.strip().rstrip('.') or 'nothing recorded'}; {before}."


def _before(one: Predecessor) -> str:
    if one.colour is Colour.RED:
        return f"{one.ref} (Red)"
    return one.ref if one.elsewhere or one.expected is None else f"{one.ref} (expected {show_day(one.expected)})"


def _start(facts: Facts, day: date, scheme: Scheme) -> str:
    started = facts.started or facts.claimed
    return f"Started: {_shown(started)}; planned start: {_shown(facts.planned_start)}; {_lower(_due(facts))}."


def _start_begins(facts: Facts, day: date, scheme: Scheme) -> str:
    if is_started(facts):
        return "It cannot hold: work has started."
    close = close_to_deadline(facts, scheme)
    planned = None if facts.planned_start is None else facts.planned_start + ONE_DAY
    days = [day for day in (close, planned) if day is not None]
    if not days:
        return "It cannot hold: there is no deadline and no planned start."
    return f"It holds from {show_day(min(days))} unless a start is recorded."


def _moves(facts: Facts, day: date, scheme: Scheme) -> str:
    since = f" since {measured_words(facts)}" if facts.baseline_version else ""
    moved = f"Moved{since}: {facts.measured_moves} of {scheme.cap_moves}"
    return f"{moved}; original date: {original(facts)}; {_lower(_due(facts))}."


def _moves_begins(facts: Facts, day: date, scheme: Scheme) -> str:
    cap = last_day_of_cap(facts, scheme)
    far = f", or being unfinished on {show_day(cap + ONE_DAY)}" if cap and facts.due and cap < facts.due else ""
    left = scheme.cap_moves - facts.measured_moves
    return f"{left} more approved {'move' if left == 1 else 'moves'} of the deadline{far}."


def _confirmed(facts: Facts, day: date, scheme: Scheme) -> str:
    if not facts.moves:
        return "The deadline has not been moved."
    return f"New date: {deadline(facts)}; confirmed by the lead: {'yes' if facts.confirmed else 'not yet'}."


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _say(words: str) -> Callable[[Facts, date, Scheme], str]:
    return lambda facts, day, scheme: words


_WORDS = {
    "0": _Words(
        _standing,
        _say("A recorded decision to reinstate it."),
        _say("A recorded decision to suspend, withdraw or supersede it."),
    ),
    "1": _Words(
        _complete,
        _say("Revoking the sign-off, or changing what was signed."),
        _say("An approved sign-off of the completed work."),
    ),
    "2": _Words(_claim, _await_ends, _say("A claim of completion with evidence.")),
    "3": _Words(
        lambda facts, day, scheme: f"{_due(facts)}; new date asked for: {facts.proposed_text or 'none'}.",
        _say("An approved new date, or a claim of completion; neither a request nor a forecast clears it."),
        _missed_begins,
    ),
    "4a": _Words(
        lambda facts, day, scheme: f"Forecast: {facts.forecast_text or _shown(facts.forecast)}; {_lower(_due(facts))}.",
        _say("A forecast by the deadline, or an approved new date."),
        _say("A forecast after the deadline."),
    ),
    "4b": _Words(
        _confidence, _say("The lead saying that it is on track."), _say("The lead saying that it is at risk.")
    ),
    "4c": _Words(
        _waiting,
        _say("The block being lifted, and what it waits for being finished or back in time."),
        lambda facts, day, scheme: (
            f"A recorded block, or a milestone before it that is {scheme.name(Colour.RED)} or expected after this "
            "deadline."
        ),
    ),
    "4d": _Words(_start, _say("A recorded start."), _start_begins),
    "4e": _Words(
        lambda facts, day, scheme: f"{_signoff(facts)}.",
        _say("A new claim of completion."),
        _say("The approver returning a claim or revoking a sign-off."),
    ),
    "4f": _Words(_moves, _say("Completion and sign-off; a moved deadline is never forgotten."), _moves_begins),
    "4g": _Words(_confirmed, _say("The lead confirming the new date."), _say("An approved new date.")),
    "5": _Words(_start, _say("A recorded start."), _say("Nothing above holding, with no start recorded.")),
    "6": _Words(_start, _say("Any rule above holding."), _say("Nothing above holding, with a start recorded.")),
}
