"""Why a recurring commitment has its colour: each rule with the windows that it counted (domain, section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.rules.calendar import show_day
from tracker.rules.colour import Colour
from tracker.rules.occurrences import NOT_IN_TIME, Occurrence, Outcome, Recorded, occurrences
from tracker.rules.recurrence import (
    TO_CONFIRM,
    CommitmentVerdict,
    assess_commitment,
    due_by,
    in_last_weeks,
    misses_running,
    rules_for,
)
from tracker.rules.scheme import DEFAULT, Scheme
from tracker.rules.windows import ONE_DAY, Rule

OUT = "Suspended, withdrawn or superseded by a recorded decision"


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """One rule as asked on one day. `counted` are the windows behind its figures, oldest first."""

    rule: str
    title: str
    colour: Colour
    inputs: str
    fired: bool
    change: str
    counted: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True)
class CommitmentReceipt:
    """The colour of a commitment with every rule in order."""

    verdict: CommitmentVerdict
    lines: tuple[CommitmentLine, ...]


def commitment_receipt(
    rule: Rule | None,
    recorded: Iterable[Recorded],
    day: date,
    scheme: Scheme = DEFAULT,
    out: CommitmentVerdict | None = None,
) -> CommitmentReceipt:
    """Return the receipt of a commitment at the end of `day`; `rule` is None until a person has confirmed it.

    `out` is the verdict on one that is suspended, withdrawn or superseded: no other rule is asked of it.
    """
    if out is not None:
        line = CommitmentLine(out.rule, OUT, out.colour, out.reason, True, "A recorded decision to reinstate it.")
        return CommitmentReceipt(out, (line,))
    known = list(recorded)
    verdict = TO_CONFIRM if rule is None else assess_commitment(rule, known, day, scheme)
    found = [] if rule is None else occurrences(rule, known, day)
    due = due_by(found, day)
    said = {"C0": _confirmed(rule), "C1": _accepted(rule, found), "C2": _opens(rule, day)}
    if rule is None:
        nothing = ("No window is counted before the rule is confirmed.", "A person confirming the rule.")
        said |= {"C3": nothing, "C4": nothing, "C5": nothing}
        counted: dict[str, Sequence[Occurrence]] = {}
    elif rule.frequent:
        said |= _frequent(due, day, scheme)
        counted = {"C3": in_last_weeks(due, day, scheme), "C4": in_last_weeks(due, day, scheme)}
    else:
        said |= _occasional(found, due, day, scheme)
        counted = {"C3": due[-1:], "C4": due[-scheme.recurring_last :] + [one for one in found[-1:] if one.current]}
    lines = tuple(
        CommitmentLine(
            rule=number,
            title=title,
            colour=colour,
            inputs=said[number][0],
            fired=number == verdict.rule,
            change=said[number][1],
            counted=tuple(counted.get(number, ())),
        )
        for number, colour, title in rules_for(rule, scheme)
    )
    return CommitmentReceipt(verdict, lines)


Words = tuple[str, str]  # what it looked at, what would change it


def _confirmed(rule: Rule | None) -> Words:
    if rule is None:
        return (
            "No person has confirmed how often it is held.",
            "A person confirming how often it is held and from when.",
        )
    return f"Confirmed; first window from {show_day(rule.anchor)}.", "Nothing: a confirmed rule stays confirmed."


def _accepted(rule: Rule | None, found: Sequence[Occurrence]) -> Words:
    accepted = rule.accepted if rule is not None else None
    said = f"accepted on {show_day(accepted)}" if accepted is not None else "not accepted"
    signed = sum(one.recorded is not None and one.recorded.signed for one in found)
    ends = f"ends on {show_day(rule.ends)}" if rule is not None and rule.ends is not None else "no end"
    inputs = f"Business as usual: {said}; {ends}; signed off: {signed} of {len(found)}."
    if accepted is not None:
        return inputs, "Nothing by itself: the board accepted it."
    return inputs, "The board accepting it as business as usual, or, where it ends, the sign-off of all of it."


def _opens(rule: Rule | None, day: date) -> Words:
    if rule is None:
        return "No first window.", "A confirmed rule that begins later."
    opened = day >= rule.anchor
    change = "Nothing: it has opened." if opened else f"The first window opening on {show_day(rule.anchor)}."
    return f"First window: from {show_day(rule.anchor)}.", change


def _frequent(due: Sequence[Occurrence], day: date, scheme: Scheme) -> dict[str, Words]:
    running = misses_running(due)
    recent = in_last_weeks(due, day, scheme)
    held = sum(one.outcome is Outcome.HELD for one in recent)
    share = f"{held} of {len(recent)} due in the last {scheme.recurring_weeks} weeks held in time"
    percent = f" ({held * 100 // len(recent)}%)" if recent else ""
    few = "" if len(recent) >= scheme.recurring_last else f"; a share counts from {scheme.recurring_last} on"
    run = f"Not held in time, running: {running}"
    left = scheme.recurring_run - running
    return {
        "C3": (
            f"{run} of {scheme.recurring_run}; {share}{percent}, {scheme.name(Colour.RED)} under "
            f"{scheme.recurring_red:.0%}{few}.",
            f"{_number(left)} more running not held in time." if left > 0 else "The next one held in time.",
        ),
        "C4": (
            f"{run}; {share}{percent}, {scheme.name(Colour.AMBER)} under {scheme.recurring_amber:.0%}{few}.",
            "The next one held in time, and the share reached again." if running else "One not held in time.",
        ),
        "C5": (f"{share}{percent}.", "One not held in time."),
    }


def _occasional(found: Sequence[Occurrence], due: Sequence[Occurrence], day: date, scheme: Scheme) -> dict[str, Words]:
    last = f"Due {show_day(due[-1].scheduled)}: {due[-1].outcome.value}" if due else "No window has closed yet"
    current = found[-1] if found and found[-1].current else None
    failed = sum(one.outcome in NOT_IN_TIME for one in due[-scheme.recurring_last :])
    missed = bool(due) and due[-1].outcome is Outcome.MISSED
    now = "No window is open"
    closing = "The next window closing with nothing recorded."
    two_thirds = "One of the last held late."
    if current is not None:
        state = _state(current)
        gone = current.window.two_thirds
        now = f"Window to {show_day(current.scheduled)}: {state}, two thirds gone on {show_day(gone)}"
        if current.outcome is Outcome.NOT_DUE:
            closing = (
                f"It holds from {show_day(current.window.closes + ONE_DAY)} unless one is held or skipped by then."
            )
            two_thirds = f"It holds from {show_day(gone)} unless one is arranged."
    lately = f"late or missed: {failed} of the last {len(due[-scheme.recurring_last :])} that were due"
    return {
        "C3": (f"{last}.", "The next one being held: a missed window stays missed." if missed else closing),
        "C4": (
            f"{now}; {lately}.",
            f"So many held in time that none of the last {scheme.recurring_last} was late or missed."
            if failed
            else two_thirds,
        ),
        "C5": (f"{last}; {lately}.", "Any rule above holding."),
    }


def _state(current: Occurrence) -> str:
    if current.outcome is not Outcome.NOT_DUE:
        return current.outcome.value
    planned = current.recorded.planned_for if current.recorded is not None else None
    return f"planned for {show_day(planned)}" if planned is not None else "nothing arranged"


def _number(number: int) -> str:
    return "One" if number == 1 else str(number)
