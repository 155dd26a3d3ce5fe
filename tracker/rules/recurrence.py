"""The colour of a recurring commitment on one day, from its rule and what is recorded (domain, section 6).

An occurrence that was held late stays late for ever and counts for its own window only: for a weekly commitment it is
a miss in every count, for the others it is Amber. One that is skipped with a reason was not due: it neither helps nor
harms, so a skip never covers the miss before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from tracker.rules.calendar import show_day
from tracker.rules.colour import Colour
from tracker.rules.occurrences import NOT_IN_TIME, Occurrence, Outcome, Recorded, occurrence, occurrences
from tracker.rules.scheme import DEFAULT, Scheme
from tracker.rules.windows import ONE_DAY, Every, Rule, Window, last_window, next_window, windows

__all__ = [
    "TO_CONFIRM",
    "Adherence",
    "CommitmentVerdict",
    "Every",
    "Occurrence",
    "Outcome",
    "Recorded",
    "Rule",
    "Window",
    "adherence",
    "assess_commitment",
    "occurrences",
    "rules_for",
    "strip",
    "windows",
]


@dataclass(frozen=True, slots=True)
class Adherence:
    """How many of those due were held in time, over the last weeks or the last few windows; `over` says which."""

    held: int
    late: int
    missed: int
    skipped: int
    over: str

    @property
    def due(self) -> int:
        """Return how many were due: skipped ones were not."""
        return self.held + self.late + self.missed

    @property
    def text(self) -> str:
        """Return "11 of 13 held", or that nothing was due."""
        return f"{self.held} of {self.due} held" if self.due else "None due yet"

    @property
    def sentence(self) -> str:
        """Return the figures as one sentence."""
        if not self.due and not self.skipped:
            return "No occurrence has been due yet."
        more = [(self.late, "held late"), (self.missed, "missed"), (self.skipped, "skipped with a reason")]
        rest = "".join(f", {number} {what}" for number, what in more if number)
        percent = f" ({self.held * 100 // self.due}%)" if self.due else ""
        held = f"{self.held} of {self.due} due {'was' if self.due == 1 else 'were'} held in time{percent}"
        return f"{held if self.due else 'None was due'}{rest}, over {self.over}."


@dataclass(frozen=True, slots=True)
class CommitmentVerdict:
    """A colour with rule, sentence and marks; `until` is the last day on which all of it stands (None: for good)."""

    colour: Colour
    rule: str
    reason: str
    marks: tuple[str, ...] = ()
    until: date | None = None


CONFIRM, USUAL, UNSIGNED = "rule to confirm", "business as usual", "awaiting sign-off"
TO_CONFIRM = CommitmentVerdict(
    Colour.GREY, "C0", "How often it is held and from when is proposed and not confirmed yet.", (CONFIRM,)
)


def adherence(rule: Rule, recorded: Iterable[Recorded], day: date, scheme: Scheme = DEFAULT) -> Adherence:
    """Return how well a commitment was kept: over the last weeks if it is weekly, else over the last few windows."""
    closed = [one for one in occurrences(rule, recorded, day) if _settled(one, day)]
    if rule.frequent:
        over = f"the last {scheme.recurring_weeks} weeks"
        counted = in_last_weeks(closed, day, scheme)
    else:
        over = f"the last {scheme.recurring_last}"
        counted = closed[-scheme.recurring_last :]
    number = {outcome: sum(one.outcome is outcome for one in counted) for outcome in Outcome}
    return Adherence(number[Outcome.HELD], number[Outcome.LATE], number[Outcome.MISSED], number[Outcome.SKIPPED], over)


def strip(rule: Rule, recorded: Iterable[Recorded], day: date, length: int = 14) -> list[Occurrence]:
    """Return the last windows up to the one that `day` lies in, and the next one, which is not due; oldest first."""
    found = occurrences(rule, recorded, day)
    ahead = next_window(rule, day)
    upcoming = [occurrence(ahead, None, day)] if ahead is not None else []
    return [*found[-length:], *upcoming]


def assess_commitment(
    rule: Rule, recorded: Iterable[Recorded], day: date, scheme: Scheme = DEFAULT
) -> CommitmentVerdict:
    """Return the verdict on a commitment at the end of `day`."""
    known = list(recorded)
    verdict = judge(rule, known, day, scheme)
    for turn in turning_days(rule, known, day, scheme):
        if judge(rule, known, turn, scheme) != verdict:
            return replace(verdict, until=turn - ONE_DAY)
    return verdict


def judge(rule: Rule, recorded: Sequence[Recorded], day: date, scheme: Scheme) -> CommitmentVerdict:
    """Return the verdict on `day` without asking how long it stands."""
    if not rule.confirmed:
        return TO_CONFIRM
    if rule.accepted is not None and rule.accepted <= day:
        minute = f", minute {rule.minute}" if rule.minute else ""
        reason = f"The board accepted it as business as usual on {show_day(rule.accepted)}{minute}."
        return CommitmentVerdict(Colour.BLUE, "C1", reason, (USUAL,))
    found = occurrences(rule, recorded, day)
    last = last_window(rule)
    over = last is not None and last.closes < day
    if over and all(one.recorded is not None and one.recorded.signed for one in found):
        return CommitmentVerdict(Colour.BLUE, "C1", f"All {len(found)} occurrences are held and signed off.")
    if day < rule.anchor:
        return CommitmentVerdict(Colour.GREY, "C2", f"The first window opens on {show_day(rule.anchor)}.")
    due = due_by(found, day)
    judged = _frequent(due, day, scheme) if rule.frequent else _occasional(found, due, day, scheme)
    if judged.colour is not Colour.GREEN or not over:
        return judged
    return replace(judged, reason="Every window has closed, and it waits for sign-off.", marks=(UNSIGNED,))


def _frequent(due: Sequence[Occurrence], day: date, scheme: Scheme) -> CommitmentVerdict:
    if not due:
        return CommitmentVerdict(Colour.GREEN, "C5", "The first one is under way and none has been missed.")
    running = misses_running(due)
    if running >= scheme.recurring_run:
        since = show_day(due[-running].scheduled)
        reason = f"The last {running} were not held in time, the first of them due {since}."
        return CommitmentVerdict(Colour.RED, "C3", reason)
    recent = in_last_weeks(due, day, scheme)
    held = sum(one.outcome is Outcome.HELD for one in recent)
    share = f"{held} of {len(recent)} due in the last {scheme.recurring_weeks} weeks"
    counts = len(recent) >= scheme.recurring_last
    if counts and _under(held, len(recent), scheme.recurring_red):
        return CommitmentVerdict(Colour.RED, "C3", f"Only {share} were held, under {scheme.recurring_red:.0%}.")
    if running:
        return CommitmentVerdict(Colour.AMBER, "C4", f"The last one, due {_when(due[-1])}.")
    if counts and _under(held, len(recent), scheme.recurring_amber):
        return CommitmentVerdict(Colour.AMBER, "C4", f"Only {share} were held, under {scheme.recurring_amber:.0%}.")
    if not recent:
        return CommitmentVerdict(Colour.GREEN, "C5", "None of those that were due was missed.")
    return CommitmentVerdict(Colour.GREEN, "C5", f"{share} {'was' if held == 1 else 'were'} held.")


def _occasional(found: Sequence[Occurrence], due: Sequence[Occurrence], day: date, scheme: Scheme) -> CommitmentVerdict:
    if due and due[-1].outcome is Outcome.MISSED:
        return CommitmentVerdict(Colour.RED, "C3", f"The latest one, due {_when(due[-1])}.")
    current = found[-1] if found and found[-1].current else None
    if current is not None and current.outcome is Outcome.NOT_DUE and day >= current.window.two_thirds:
        planned = current.recorded.planned_for if current.recorded is not None else None
        if planned is None or planned < day:
            reason = f"Two thirds of the window to {show_day(current.scheduled)} are gone and nothing is arranged."
            return CommitmentVerdict(Colour.AMBER, "C4", reason)
    # One that was never held is no better than one that was held late, or holding it late would be punished.
    failed = [one for one in due[-scheme.recurring_last :] if one.outcome in NOT_IN_TIME]
    if failed:
        reason = f"One of the last {scheme.recurring_last}, due {_when(failed[-1])}."
        return CommitmentVerdict(Colour.AMBER, "C4", reason)
    if due:
        return CommitmentVerdict(Colour.GREEN, "C5", f"The latest one, due {_when(due[-1])}.")
    until = f", which closes on {show_day(current.scheduled)}" if current is not None else ""
    return CommitmentVerdict(Colour.GREEN, "C5", f"The first window is open{until}.")


def _settled(one: Occurrence, day: date) -> bool:
    """Return whether a window counts: it is closed. One that is held early counts when the others of its time do."""
    return one.window.closes < day


def due_by(found: Sequence[Occurrence], day: date) -> list[Occurrence]:
    """Return those that were due by a day: their windows are closed, and they were not skipped with a reason."""
    return [one for one in found if _settled(one, day) and one.outcome is not Outcome.SKIPPED]


def misses_running(due: Sequence[Occurrence]) -> int:
    """Return how many of the latest that were due were not held in time, one after the other."""
    running = 0
    while running < len(due) and due[-1 - running].outcome in NOT_IN_TIME:
        running += 1
    return running


def in_last_weeks(closed: Sequence[Occurrence], day: date, scheme: Scheme) -> list[Occurrence]:
    """Return those that were scheduled within the weeks over which a weekly commitment is judged."""
    first = day - timedelta(weeks=scheme.recurring_weeks)
    return [one for one in closed if one.scheduled >= first]


def _under(held: int, due: int, share: float) -> bool:
    return held < Fraction(str(share)) * due


def _when(one: Occurrence) -> str:
    """Return "30 September 2026, was held on 4 October 2026" and the like."""
    on = one.recorded.held_on if one.recorded is not None else None
    said = {
        Outcome.HELD: f"was held on {show_day(on)}" if on else "was held in its window",
        Outcome.LATE: f"was held late, on {show_day(on)}" if on else "was held late",
        Outcome.MISSED: "was missed: nothing is recorded of it",
    }[one.outcome]
    return f"{show_day(one.scheduled)}, {said}"


def turning_days(rule: Rule, recorded: Sequence[Recorded], day: date, scheme: Scheme) -> list[date]:
    """Return the days after `day` on which the verdict may change by itself, in order."""
    weeks = timedelta(weeks=scheme.recurring_weeks)
    horizon = day + weeks + weeks if rule.frequent else day + timedelta(days=5 * 366)
    if rule.anchor > day:
        horizon += rule.anchor - day
    turns = {one.planned_for + ONE_DAY for one in recorded if one.planned_for is not None}
    turns |= {one.held_on for one in recorded if one.held_on is not None}
    turns |= {rule.anchor} if rule.accepted is None else {rule.anchor, rule.accepted}
    for window in windows(rule, horizon):
        if window.closes >= day - weeks - ONE_DAY:
            turns |= {window.closes + ONE_DAY, window.two_thirds, window.closes + weeks + ONE_DAY}
    return sorted(turn for turn in turns if turn > day)


def rules_for(rule: Rule | None, scheme: Scheme = DEFAULT) -> tuple[tuple[str, Colour, str], ...]:
    """Return the rules in the order in which they are asked: number, colour, when."""
    frequent = rule is not None and rule.frequent
    last = scheme.recurring_last
    red = (
        f"{scheme.recurring_run} running were not held in time, or under {scheme.recurring_red:.0%} "
        f"over {scheme.recurring_weeks} weeks"
        if frequent
        else "The latest window that closed was missed"
    )
    amber = (
        f"The last one was not held in time, or under {scheme.recurring_amber:.0%} over {scheme.recurring_weeks} weeks"
        if frequent
        else f"Two thirds of the window are gone with nothing arranged, or one of the last {last} was late or missed"
    )
    return (
        ("C0", Colour.GREY, "How often and from when is not confirmed by a person"),
        ("C1", Colour.BLUE, "The board accepted it as business as usual, or it has ended and all is signed off"),
        ("C2", Colour.GREY, "The first window has not opened"),
        ("C3", Colour.RED, red),
        ("C4", Colour.AMBER, amber),
        ("C5", Colour.GREEN, "Otherwise"),
    )
