"""What the statuses of a document say as facts: a person takes them over or not. No colour is taken from a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.models import Milestone
from tracker.rules.dates import show_day
from tracker.rules.document import MilestoneLine
from tracker.rules.facts import Confidence, SignOff, Standing
from tracker.rules.permissions import Act, permit
from tracker.rules.text import clean
from tracker.services.plan_dates import read_in_plan
from tracker.services.plan_outcomes import Choice
from tracker.services.plan_run import Run

_LEAVE = Choice("leave", "Leave it open")
CHOICES = {
    "completed": (Choice("claim", "Claim completion: it still needs evidence and sign-off"), _LEAVE),
    "started": (Choice("start", "Record that it has started"), Choice("leave", "Leave it as not started")),
    "delayed": (Choice("risk", "Record it as at risk"), Choice("leave", "Leave it as it is")),
    "stopped": (
        Choice("suspend", "Suspend it by a decision", ("reference", "decided_on")),
        Choice("withdraw", "Withdraw it by a decision", ("reference", "decided_on")),
        _LEAVE,
    ),
}
_TAKEN = {"started": "start"}
"""What is taken over without being asked about: it claims nothing, excuses nothing and is plain to see."""
_OPEN = frozenset({SignOff.NONE.value, SignOff.RETURNED.value, SignOff.REVOKED.value})


def settle_fact(run: Run, row: Milestone, line: MilestoneLine, full: str) -> None:
    """Ask what the status of a milestone is to be taken for, and do what was decided."""
    fact = line.fact
    if fact not in CHOICES or row.standing != "open" or row.signoff not in _OPEN or _is_known(row, fact):
        return
    words = clean(line.status_text) or clean(line.date)
    key, choices = run.key_of(line, "status"), CHOICES[fact]
    more: dict[str, Any] = {"after": words, "detail": f'The file says "{words}".'}
    value = run.ask(fact, choices, "status", full, row.text, line=line, key=key, default=_TAKEN.get(fact, ""), **more)
    if value in {"", "leave"}:
        return
    label = next(one.label for one in choices if one.value == value)
    _ACTS[value](run, row, line, key, words)
    run.touched[row.id] = row
    more["detail"] = f"{more['detail']} Decided: {label}."
    run.note("changed", "status", full, row.text, line=line, key=key, **more)


def _is_known(row: Milestone, fact: str) -> bool:
    if fact == "started":
        return row.started is not None
    if fact == "delayed":
        return row.confidence in {Confidence.AT_RISK.value, Confidence.WILL_MISS.value}
    return False


def _claim(run: Run, row: Milestone, line: MilestoneLine, key: str, words: str) -> None:
    """Claim completion. No evidence is made of what a document says, so it cannot be approved before there is some."""
    permit(run.recorder.actor, Act.CLAIM, run.plan.id)
    today = run.recorder.today
    done = _done_on(run, line) or today
    values: dict[str, Any] = {
        "claimed": today,
        "completed": min(done, today),
        "signoff": SignOff.CLAIMED.value,
        "signoff_day": today,
        "claimed_by_id": run.recorder.actor.person_id,
        "signoff_note": "",
        "started": row.started or min(done, today),
    }
    run.recorder.change(row, "claimed completion", values, f'The plan\'s document says "{words}".')


def _start(run: Run, row: Milestone, line: MilestoneLine, key: str, words: str) -> None:
    permit(run.recorder.actor, Act.UPDATE, run.plan.id)
    day = run.recorder.today
    planned = row.planned_start
    started = planned if planned is not None and planned <= day else day
    run.follow(row, "recorded that it has started", "started", started, f'The plan\'s document says "{words}".')


def _at_risk(run: Run, row: Milestone, line: MilestoneLine, key: str, words: str) -> None:
    permit(run.recorder.actor, Act.UPDATE, run.plan.id)
    why = f'The plan says "{words}"'
    values: dict[str, Any] = {"confidence": Confidence.AT_RISK.value, "confidence_reason": why}
    if row.started is None and row.planned_start is not None and row.planned_start <= run.recorder.today:
        values["started"] = row.planned_start
    run.recorder.change(row, "recorded that it is at risk", values, f"{why}.")


def _suspend(run: Run, row: Milestone, line: MilestoneLine, key: str, words: str) -> None:
    _take_out(run, row, key, Standing.SUSPENDED, "suspended it")


def _withdraw(run: Run, row: Milestone, line: MilestoneLine, key: str, words: str) -> None:
    _take_out(run, row, key, Standing.WITHDRAWN, "withdrew it")


def _take_out(run: Run, row: Milestone, key: str, standing: Standing, verb: str) -> None:
    permit(run.recorder.actor, Act.EDIT, run.plan.id)
    reference = run.said(key, "stopped", "reference")
    day = run.day(key, "stopped", "decided_on")
    values = {"standing": standing.value, "standing_reference": f"{reference}, {show_day(day)}"}
    run.recorder.change(row, verb, values, values["standing_reference"])


_ACTS = {"claim": _claim, "start": _start, "risk": _at_risk, "suspend": _suspend, "withdraw": _withdraw}


def _done_on(run: Run, line: MilestoneLine) -> date | None:
    """Return the day on which a document says that it was done: the last one of the period that it names."""
    return read_in_plan(run.plan, line.done_on).end if line.done_on else None
