"""What a milestone would be if something were recorded: facts changed as the acts change them, for the same rules.

Nothing here knows of a database. `queries.what_if` asks `rules.status.assess` about the facts that come out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.rules.calendar import Period, TermCalendar, add_months
from tracker.rules.errors import Refusal
from tracker.rules.facts import Confidence, Facts, SignOff, Standing
from tracker.rules.phrases import read_period
from tracker.rules.text import clean

ORDINARY_TERMS = TermCalendar()
MOST = 8  # changes tried together
LONGEST = 60  # characters of a date in words
REASON = "tried here, not recorded"


class Doing(StrEnum):
    """What is tried on a milestone."""

    MOVE = "move"
    FORECAST = "forecast"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    CLAIM = "claim"
    APPROVE = "approve"
    WITHDRAW = "withdraw"


WORDS: Mapping[Doing, str] = {
    Doing.MOVE: "A new date is agreed",
    Doing.FORECAST: "The lead forecasts a date",
    Doing.ON_TRACK: "The lead says that it is on track",
    Doing.AT_RISK: "The lead says that it is at risk",
    Doing.CLAIM: "Completion is claimed",
    Doing.APPROVE: "Completion is approved",
    Doing.WITHDRAW: "It is withdrawn by a decision",
}
DATED = frozenset({Doing.MOVE, Doing.FORECAST})


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to try on one milestone; `value` is a date in words where the act takes one."""

    milestone_id: int
    doing: Doing
    value: str = ""

    @property
    def text(self) -> str:
        """Return the change as it stands in an address: "12:move:Dec 2025"."""
        return f"{self.milestone_id}:{self.doing.value}" + (f":{self.value}" if self.value else "")

    @property
    def words(self) -> str:
        """Return the change in words: "A new date is agreed: Dec 2025"."""
        return WORDS[self.doing] + (f": {self.value}" if self.value else "")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the acts take from the plan and the day on which they would be recorded."""

    today: date
    year_kind: str = "financial"
    check_months: int = 0
    terms: TermCalendar = ORDINARY_TERMS

    def read(self, words: str) -> Period:
        """Return what a date in words means in the plan."""
        return read_period(words, calendar=self.terms, year_kind=self.year_kind)


def read_change(text: str, setting: Setting) -> Change:
    """Return the change that a part of an address names. Raises Refusal with a sentence."""
    number, _, rest = clean(text).partition(":")
    doing, _, value = rest.partition(":")
    if not number.isdecimal() or len(number) > 10 or int(number) > 2**31 - 1:
        raise Refusal("A change in the address names no milestone. Take it away and add it again.")
    return make_change(int(number), doing, value, setting)


def make_change(milestone_id: int, doing: str, value: str, setting: Setting) -> Change:
    """Return a change of what was chosen and typed. Raises Refusal with the field and a sentence."""
    if doing not in set(Doing):
        raise Refusal("Select what to try.", "doing")
    what, words = Doing(doing), clean(value)
    if what not in DATED:
        return Change(milestone_id, what)
    if len(words) > LONGEST:
        raise Refusal(f"Enter the date in {LONGEST} characters or fewer.", "value")
    _day(what, words, setting)
    return Change(milestone_id, what, words)


def changed(facts: Facts, change: Change, setting: Setting) -> Facts:
    """Return the facts of a milestone once a change is recorded today. Raises Refusal where the act would be."""
    if facts.standing is not Standing.OPEN:
        raise Refusal(f"This milestone is {facts.standing.value}; it takes no updates.", "milestone")
    return _ACTS[change.doing](facts, change, setting)


def _day(doing: Doing, words: str, setting: Setting) -> date:
    day = setting.read(words).dated
    if day is None:
        raise Refusal('Enter a date or a month with its year, for example "Dec 2026".', "value")
    if day < setting.today:
        kind = "forecast date" if doing is Doing.FORECAST else "new date"
        raise Refusal(f"Enter a {kind} that is today or later.", "value")
    return day


def _refuse_claimed(facts: Facts) -> None:
    if facts.signoff in (SignOff.CLAIMED, SignOff.APPROVED, SignOff.LAPSED):
        raise Refusal("Completion has been claimed for this milestone, so only its approval can be tried.", "doing")


def _moved(facts: Facts, change: Change, setting: Setting) -> Facts:
    _refuse_claimed(facts)
    day = _day(change.doing, change.value, setting)
    if facts.due is not None and day <= facts.due:
        raise Refusal("Enter a date after the current deadline.", "value")
    first = facts.original_due is None  # a first date is no move
    return replace(
        facts,
        due=day,
        due_text=change.value,
        original_due=day if first else facts.original_due,
        original_due_text=change.value if first else facts.original_due_text,
        moves=facts.moves + (0 if first else 1),
        confirmed=False,
        proposed_text="",
    )


def _said(facts: Facts, setting: Setting, confidence: Confidence, forecast: date | None, text: str) -> Facts:
    _refuse_claimed(facts)
    return replace(
        facts,
        started=facts.started or setting.today,
        confidence=confidence,
        confidence_reason="" if confidence is Confidence.ON_TRACK else REASON,
        blocked="",
        forecast=forecast,
        forecast_text=text,
        confirmed=True,
    )


def _forecast(facts: Facts, change: Change, setting: Setting) -> Facts:
    day = _day(change.doing, change.value, setting)
    return _said(facts, setting, facts.confidence or Confidence.ON_TRACK, day, change.value)


def _on_track(facts: Facts, change: Change, setting: Setting) -> Facts:
    return _said(facts, setting, Confidence.ON_TRACK, None, "")


def _at_risk(facts: Facts, change: Change, setting: Setting) -> Facts:
    return _said(facts, setting, Confidence.AT_RISK, None, "")


def _claimed(facts: Facts, change: Change, setting: Setting) -> Facts:
    _refuse_claimed(facts)
    return replace(
        facts,
        claimed=setting.today,
        completed=setting.today,
        signoff=SignOff.CLAIMED,
        signoff_day=setting.today,
        started=facts.started or setting.today,
    )


def _approved(facts: Facts, change: Change, setting: Setting) -> Facts:
    if facts.signoff is SignOff.APPROVED:
        raise Refusal("This milestone is complete and signed off.", "doing")
    waiting = facts.signoff in (SignOff.CLAIMED, SignOff.LAPSED)
    claimed = facts if waiting else _claimed(facts, change, setting)
    months = setting.check_months
    return replace(
        claimed,
        signoff=SignOff.APPROVED,
        signoff_day=setting.today,
        check_due=add_months(setting.today, months) if months else None,
        embedded=None,
    )


def _withdrawn(facts: Facts, change: Change, setting: Setting) -> Facts:
    return replace(facts, standing=Standing.WITHDRAWN, standing_reference=REASON)


_ACTS: Mapping[Doing, Callable[[Facts, Change, Setting], Facts]] = {
    Doing.MOVE: _moved,
    Doing.FORECAST: _forecast,
    Doing.ON_TRACK: _on_track,
    Doing.AT_RISK: _at_risk,
    Doing.CLAIM: _claimed,
    Doing.APPROVE: _approved,
    Doing.WITHDRAW: _withdrawn,
}
