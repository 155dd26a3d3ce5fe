"""The colour rules, each as one function, in the order in which they are asked (domain, section 4).

A rule looks at facts, a day and a scheme and answers with a finding, or with None if it does not hold. The
sentence of a finding names absolute dates only, so that it stays true over the whole span it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.baseline import measured_words, moved_words
from tracker.rules.calendar import add_months, show_day
from tracker.rules.colour import Colour
from tracker.rules.facts import Confidence, Facts, SignOff, Standing
from tracker.rules.scheme import Scheme

LATE = "late"
AWAITING = "awaiting sign-off"
OVERDUE = "sign-off overdue"
COMPLETED_LATE = "completed late"
REQUIRED = "new date required"
PROPOSED = "new date proposed"
BEFORE_ADOPTION = "due before adoption"
OVERRIDE = "override"
CHECK = "check due"
EMBEDDED = "embedded"
APPROVER = "approver"

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule that holds says: a colour, its sentence, its marks, and who has to act (or "")."""

    colour: Colour
    reason: str
    marks: tuple[str, ...] = ()
    attributed: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its number, its title, and the function that asks it."""

    number: str
    title: str
    ask: Callable[[Facts, date, Scheme], Finding | None]


def deadline(facts: Facts) -> str:
    """Return the current deadline in words."""
    return _words(facts.due_text, facts.due)


def original(facts: Facts) -> str:
    """Return the original date in words."""
    return _words(facts.original_due_text, facts.original_due)


def moved(number: int) -> str:
    """Return the mark of a milestone whose deadline was moved `number` times."""
    return f"moved x{number}"


def is_started(facts: Facts) -> bool:
    """Return whether work has begun: a start or a claim is recorded."""
    return facts.started is not None or facts.claimed is not None


def claim_day(facts: Facts) -> date | None:
    """Return the day of a claim that waits for a decision, or None if none does."""
    if facts.signoff in (SignOff.NONE, SignOff.CLAIMED):
        return facts.claimed
    if facts.signoff is SignOff.LAPSED:
        return facts.claimed or facts.completed or facts.signoff_day
    return None


def signoff_due(facts: Facts, scheme: Scheme) -> date | None:
    """Return the last day on which a waiting sign-off is in time, or None if none is waiting."""
    start = claim_day(facts)
    if start is not None and facts.signoff is SignOff.LAPSED:
        start = facts.signoff_day or start
    return None if start is None else start + timedelta(days=scheme.signoff_days)


def close_to_deadline(facts: Facts, scheme: Scheme) -> date | None:
    """Return the first day on which a milestone that has not started is too close to its deadline."""
    return None if facts.due is None else facts.due - timedelta(days=scheme.not_started_days)


def last_day_of_cap(facts: Facts, scheme: Scheme) -> date | None:
    """Return the last day that is not too far past the original date or the baseline; None where none can be."""
    if facts.due is None or facts.measured_due is None:
        return None
    return add_months(facts.measured_due, scheme.cap_months)


def turning_days(facts: Facts, scheme: Scheme) -> Iterator[date]:
    """Yield the first day of everything that a date alone can change. Every rule that reads the day is here."""
    overdue = signoff_due(facts, scheme)
    if overdue is not None:
        yield overdue + ONE_DAY
    if facts.override is not None:
        yield facts.override.until + ONE_DAY
    if facts.check_due is not None:
        yield facts.check_due
    if facts.planned_start is not None:
        yield facts.planned_start + ONE_DAY
    if facts.due is None:
        return
    yield facts.due + ONE_DAY
    close = close_to_deadline(facts, scheme)
    if close is not None:
        yield close
    cap = last_day_of_cap(facts, scheme)
    if cap is not None:
        yield cap + ONE_DAY


def _words(text: str, day: date | None) -> str:
    return text or (show_day(day) if day else "not set")


def _sentence(text: str) -> str:
    """Fold what a person typed into the tail of a sentence: one line, no full stop of its own."""
    return " ".join(text.split()).rstrip(" .")


def _not_counted(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if facts.standing is Standing.OPEN:
        return None
    reference = _sentence(facts.standing_reference)
    by = f"by decision: {reference}" if reference else "by a recorded decision"
    return Finding(Colour.NONE, f"{facts.standing.value.title()} {by}; it is listed and left out of percentages.")


def _complete(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if facts.signoff is not SignOff.APPROVED:
        return None
    done = facts.completed or facts.claimed
    late = done is not None and facts.measured_due is not None and done > facts.measured_due
    reason = "Completed" + (f" on {show_day(done)}" if done else "")
    if late:
        reason += f", after {measured_words(facts)},"
    reason += " and signed off" + (f" on {show_day(facts.signoff_day)}" if facts.signoff_day else "")
    marks: tuple[str, ...] = (LATE,) if late else ()
    if facts.embedded is not None:
        reason += f"; on {show_day(facts.embedded)} it was found still true"
        marks += (EMBEDDED,)
    elif facts.check_due is not None and day >= facts.check_due:
        reason += f"; since {show_day(facts.check_due)} a check is due whether it is still true"
        marks += (CHECK,)
    return Finding(Colour.BLUE, f"{reason}.", marks)


def _awaiting(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    claimed, last = claim_day(facts), signoff_due(facts, scheme)
    if claimed is None or last is None:
        return None
    on_time = facts.due is None or claimed <= facts.due
    overdue = day > last
    reason = f"Completion was claimed on {show_day(claimed)}"
    if facts.due is not None:
        reason += f", {'by' if on_time else 'after'} the deadline, {deadline(facts)}"
    if facts.signoff is SignOff.LAPSED:
        since = f" on {show_day(facts.signoff_day)}" if facts.signoff_day else ""
        reason += f"; what was signed has changed, so its sign-off lapsed{since} and a new one"
    else:
        reason += ", and sign-off"
    reason += f", due by {show_day(last)}, has not been decided" if overdue else f" is due by {show_day(last)}"
    marks = () if on_time else (COMPLETED_LATE,)
    return Finding(
        Colour.GREEN if on_time and not overdue else Colour.AMBER,
        f"{reason}.",
        (*marks, OVERDUE if overdue else AWAITING),
        APPROVER if overdue else "",
    )


def _missed(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if facts.due is None or day <= facts.due:
        return None
    marks: tuple[str, ...] = (PROPOSED if facts.proposed_text else REQUIRED,)
    if facts.adopted is not None and facts.due < facts.adopted:
        marks += (BEFORE_ADOPTION,)
        reason = f"The deadline, {deadline(facts)}, had passed when the plan was adopted on {show_day(facts.adopted)}"
    else:
        reason = f"The deadline, {deadline(facts)}, has passed"
    if facts.signoff in (SignOff.RETURNED, SignOff.REVOKED):
        reason += f", {_undone(facts)}"
    if facts.proposed_text:
        reason += f" and a new date, {_sentence(facts.proposed_text)}, is proposed but not agreed"
    else:
        reason += " and no new date has been agreed"
    return Finding(Colour.RED, f"{reason}.", marks)


def _undone(facts: Facts) -> str:
    act = "the completion was returned" if facts.signoff is SignOff.RETURNED else "the sign-off was revoked"
    return act + (f" on {show_day(facts.signoff_day)}" if facts.signoff_day else "")


def _forecast(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if facts.due is None or facts.forecast is None or facts.forecast <= facts.due:
        return None
    forecast = _words(facts.forecast_text, facts.forecast)
    return Finding(Colour.AMBER, f"The forecast, {forecast}, is after the deadline, {deadline(facts)}.")


def _confidence(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if facts.confidence not in (Confidence.AT_RISK, Confidence.WILL_MISS):
        return None
    what = f"the deadline, {deadline(facts)}," if facts.due else "it"
    says = f"{what} is at risk" if facts.confidence is Confidence.AT_RISK else f"{what} will be missed"
    why = _sentence(facts.confidence_reason)
    return Finding(Colour.AMBER, f"The lead says that {says}{f': {why}' if why else ''}.")


def _blocked(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if facts.blocked.strip():
        return Finding(Colour.AMBER, f"Work is blocked: {_sentence(facts.blocked)}.")
    for before in facts.predecessors:
        if before.finished:
            continue
        if before.colour is Colour.RED:
            return Finding(
                Colour.AMBER, f"It depends on {before.ref}, which is unfinished and {scheme.name(Colour.RED)}."
            )
        if facts.due is not None and before.expected is not None and before.expected > facts.due:
            when = "" if before.elsewhere else f" on {show_day(before.expected)},"
            return Finding(
                Colour.AMBER,
                f"It depends on {before.ref}, which is expected{when} after the deadline, {deadline(facts)}.",
            )
    return None


def _not_started(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    close = close_to_deadline(facts, scheme)
    if is_started(facts):
        return None
    if facts.planned_start is not None and day > facts.planned_start:
        return Finding(
            Colour.AMBER, f"The planned start, {show_day(facts.planned_start)}, has passed and work has not started."
        )
    if close is not None and day >= close:
        return Finding(
            Colour.AMBER,
            f"Work has not started with {scheme.not_started_days} days or fewer to the deadline, {deadline(facts)}.",
        )
    return None


def _returned(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if facts.signoff not in (SignOff.RETURNED, SignOff.REVOKED):
        return None
    reason = _undone(facts)
    return Finding(Colour.AMBER, f"{reason[0].upper()}{reason[1:]} and completion has to be claimed again.")


def _moved_far(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if facts.measured_moves >= max(scheme.cap_moves, 1):
        return Finding(Colour.AMBER, moved_words(facts, original(facts), deadline(facts)))
    cap = last_day_of_cap(facts, scheme)
    if cap is not None and day > cap:
        months = f"{scheme.cap_months} month{'' if scheme.cap_months == 1 else 's'}"
        return Finding(
            Colour.AMBER,
            f"More than {months} have passed since {measured_words(facts)}; the deadline is now {deadline(facts)}.",
        )
    return None


def _unconfirmed(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if facts.moves <= 0 or facts.confirmed:
        return None
    return Finding(Colour.AMBER, f"A new date, {deadline(facts)}, was approved and the lead has not confirmed it yet.")


def _grey(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if is_started(facts):
        return None
    tail = f"the deadline is {deadline(facts)}" if facts.due else "no deadline is set"
    return Finding(Colour.GREY, f"Work has not started; {tail}.")


def _green(facts: Facts, day: date, scheme: Scheme) -> Finding | None:
    if facts.due is None:
        return Finding(Colour.GREEN, "Work has started; no deadline is set.")
    return Finding(Colour.GREEN, f"Work has started and no risk to the deadline, {deadline(facts)}, is recorded.")


RULES = (
    Rule("0", "Suspended, withdrawn or superseded by a recorded decision", _not_counted),
    Rule("1", "Completed and signed off", _complete),
    Rule("2", "Completion claimed, sign-off not decided", _awaiting),
    Rule("3", "The current deadline has passed", _missed),
    Rule("4a", "Forecast after the deadline", _forecast),
    Rule("4b", "The lead says at risk or will miss", _confidence),
    Rule("4c", "Blocked, or waiting for another milestone", _blocked),
    Rule("4d", "Not started when it should have been", _not_started),
    Rule("4e", "Sign-off returned or revoked", _returned),
    Rule("4f", "Moved too often or too far", _moved_far),
    Rule("4g", "New date not confirmed by the lead", _unconfirmed),
    Rule("5", "Not started", _grey),
    Rule("6", "Otherwise", _green),
)
