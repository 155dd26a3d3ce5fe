"""A milestone of the sample, and what is known of it on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.rules.dates import add_months, end_of_month, read_period, show_month
from tracker.rules.facts import Confidence, Facts, SignOff, Standing

ADOPTED = date(2025, 5, 28)


@dataclass(frozen=True)
class Line:
    """A milestone of the sample with the scenario that says what has been recorded."""

    ref: str
    text: str
    due_text: str
    scenario: str


def known(line: Line, day: date) -> Facts:
    """Return what is recorded of the milestone by the end of `day`."""
    period = read_period(line.due_text)
    due = period.end
    facts = Facts(due=due, due_text=line.due_text, original_due=due, original_due_text=line.due_text, adopted=ADOPTED)
    if due is None or not line.scenario:
        return facts
    if line.scenario == "withdrawn":
        if day >= date(2025, 10, 8):
            return replace(facts, standing=Standing.WITHDRAWN, standing_reference="minute 4.3 of 8 October 2025")
        return facts
    started = min(due - timedelta(days=100), date(2025, 10, 6))
    if line.scenario == "not started" or day < started:
        return facts
    facts = replace(facts, started=started)
    done = {"done": (-5, 9), "done late": (11, 24), "done quick": (0, 5)}.get(line.scenario)
    if done is not None:
        claimed, approved = (due + timedelta(days=offset) for offset in done)
        if day >= claimed:
            facts = replace(facts, claimed=claimed, completed=claimed, signoff=SignOff.CLAIMED, signoff_day=claimed)
        if day >= approved:
            facts = replace(facts, signoff=SignOff.APPROVED, signoff_day=approved)
        return facts
    match line.scenario:
        case "claimed" | "claimed long" | "claimed late":
            claimed = due + timedelta(days={"claimed": -3, "claimed long": -12, "claimed late": 14}[line.scenario])
            if day >= claimed:
                facts = replace(facts, claimed=claimed, completed=claimed, signoff=SignOff.CLAIMED, signoff_day=claimed)
        case "asked":
            if day >= due + timedelta(days=6):
                facts = replace(facts, proposed_text=show_month(end_of_month(add_months(due, 3))))
        case "moved" | "moved twice":
            times = 1 if line.scenario == "moved" else 2
            if day >= date(2025, 10, 9):
                new = end_of_month(add_months(due, 3 * times))
                facts = replace(
                    facts, due=new, due_text=show_month(new), moves=times, confirmed=line.scenario != "moved"
                )
        case "forecast":
            if day >= date(2025, 10, 20):
                late = end_of_month(add_months(due, 2))
                facts = replace(facts, forecast=late, forecast_text=show_month(late))
        case "at risk":
            if day >= date(2025, 10, 20):
                reason = "two key posts are vacant and the first round of recruitment failed"
                facts = replace(facts, confidence=Confidence.AT_RISK, confidence_reason=reason)
        case "blocked":
            if day >= date(2025, 10, 20):
                facts = replace(facts, blocked="the two ICBs have not agreed who holds the contract")
        case _:
            pass
    return facts
