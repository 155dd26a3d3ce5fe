"""Dates of a later edition that are not the agreed ones: asked for, recorded as agreed, or left; never overwritten."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from tracker.models import DeadlineChange, Milestone
from tracker.rules.dates import Period, Reading, show_day
from tracker.rules.document import MilestoneLine
from tracker.rules.ladder import Level
from tracker.rules.permissions import Act, permit
from tracker.rules.text import clean, fold
from tracker.services.deadlines import APPROVED, moved_values
from tracker.services.plan_outcomes import Choice
from tracker.services.plan_run import Run

QUESTION = "re-dated"
ASK = Choice("ask", "Ask for the new date: it is decided as any other")
AGREED = Choice("agreed", "Record it as agreed by the board already", ("minute", "meeting_on"))
THEN = Choice("edition", "Record that it had been moved by then, as this edition says")
KEEP = Choice("keep", "Keep the agreed deadline")
_CLAIMED = frozenset({"claimed", "approved", "lapsed"})


class Redated:
    """Compares the dates of a document with the agreed deadlines."""

    def __init__(self, run: Run, source: str) -> None:
        self.run = run
        self.source = source or "the plan's document"

    @cached_property
    def changes(self) -> dict[int, list[DeadlineChange]]:
        """Return the requests for new dates of the plan by milestone, oldest first. One statement."""
        found: dict[int, list[DeadlineChange]] = defaultdict(list)
        query = select(DeadlineChange).where(DeadlineChange.plan_id == self.run.plan.id).order_by(DeadlineChange.id)
        for change in self.run.session.scalars(query):
            found[change.milestone_id].append(change)
        return found

    def settle(self, row: Milestone, line: MilestoneLine, full: str, period: Period) -> None:
        """Ask about the date of a known milestone where it is not the agreed one, and do what was decided."""
        words = clean(line.date)
        if row.standing != "open" or self._is_agreed(row, words, period):
            return
        run, key = self.run, self.run.key_of(line, "date")
        more: dict[str, Any] = {"before": row.due_text or "no date", "after": words}
        detail = f'The file says "{words}", the agreed deadline is "{row.due_text or "none"}".'
        aside, choices = self._choices(row, period)
        if aside and not choices:
            run.note("unchanged", "deadline", full, row.text, f"{detail} {aside}", line=line, key=key, **more)
            return
        more["detail"] = f"{detail} {aside}".strip()
        value = run.ask(QUESTION, choices, "deadline", full, row.text, line=line, key=key, **more)
        if value == "ask":
            self._ask(row, period)
            more["detail"] = f"{detail} The new date is asked for and waits for a decision."
        elif value == "edition":
            self._moved_by_then(row, period)
            more["detail"] = f"{detail} Recorded as moved by then; who agreed it is not recorded."
        elif value == "agreed":
            minute = self._agreed(row, period, key)
            more["detail"] = f"{detail} Recorded as agreed by the board, {minute}."
        if value in {"ask", "agreed", "edition"}:
            run.touched[row.id] = row
            run.note("changed", "deadline", full, row.text, line=line, key=key, **more)

    def _is_agreed(self, row: Milestone, words: str, period: Period) -> bool:
        """Return whether a document says what is agreed, says nothing, or is from before the deadline was moved."""
        if not words or fold(words) in {fold(row.due_text), fold(row.original_due_text)}:
            return True
        due = _due(period)
        if due is None:
            return period.reading is Reading.DONE  # when it was done is said by its status
        before = {row.due, row.original_due, row.baseline_due}
        before |= {change.from_due for change in self.changes.get(row.id, ()) if change.state == "approved"}
        return due in before

    def _choices(self, row: Milestone, period: Period) -> tuple[str, tuple[Choice, ...]]:
        """Return what there is to say, and what may be decided; nothing where it is settled already."""
        due = _due(period)
        if row.signoff in _CLAIMED:
            return "Completion has been claimed, so the deadline stays.", ()
        if due is None:
            return "That is no date that could be agreed.", (KEEP,)
        asked = self.changes.get(row.id, [])
        waiting = next((change for change in asked if change.state == "requested"), None)
        if waiting is not None:
            if waiting.to_due == due:
                return f"It was asked for on {show_day(waiting.requested_on)} and waits for a decision.", ()
            return f"Another date, {waiting.to_text}, is asked for and waits for a decision.", (KEEP,)
        refused = next((change for change in reversed(asked) if change.to_due == due), None)
        if refused is not None and refused.state == "refused":
            when = f" on {show_day(refused.decided_on)}" if refused.decided_on else ""
            return f"It was asked for and refused{when}.", ()
        day = self.run.recorder.today
        if any(change.state == "approved" and change.decided_on and change.decided_on > day for change in asked):
            return "The deadline was moved after that day, so it stays.", ()
        if self.run.recorder.effective is not None:
            return "", (THEN, AGREED, KEEP)
        if due < day or (row.due is not None and due < row.due):
            return "", (KEEP, AGREED)  # a date that is past, or earlier, cannot be asked for
        return "", (ASK, AGREED, KEEP)

    def _ask(self, row: Milestone, period: Period) -> None:
        permit(self.run.recorder.actor, Act.REQUEST_DATE, self.run.plan.id)
        change = self._change(row, period, requested_by_id=self.run.recorder.actor.person_id)
        self._record(change, "requested a new date")
        self.run.recorder.change(row, "requested a new date", {"proposed_text": period.text}, change.reason)

    def _moved_by_then(self, row: Milestone, period: Period) -> None:
        """Record that a deadline had been moved when an edition of an earlier day was written."""
        permit(self.run.recorder.actor, Act.DECIDE_DATE, self.run.plan.id)
        day = self.run.recorder.today
        note = f"{self.source}, as at {show_day(day)}, gives this date. Who agreed it is not recorded."
        decided: dict[str, Any] = {"state": "approved", "decided_on": day, "decided_by": self.run.recorder.actor.label}
        change = self._change(row, period, decision_note=note, **decided)
        self._record(change, "recorded a new date from an earlier edition")
        self.run.recorder.change(row, APPROVED, moved_values(row, change) | {"confirmed": row.confirmed}, note)

    def _agreed(self, row: Milestone, period: Period, key: str) -> str:
        run = self.run
        permit(run.recorder.actor, Act.DECIDE_DATE, run.plan.id)
        minute, meeting_on = run.said(key, QUESTION, "minute"), run.day(key, QUESTION, "meeting_on")
        change = self._change(
            row,
            period,
            state="approved",
            decided_on=run.recorder.today,
            decided_by=run.recorder.actor.label,
            decision_level=Level.BOARD.value,
            minute=minute,
            meeting_on=meeting_on,
        )
        self._record(change, "recorded a new date that was agreed already")
        run.recorder.change(row, APPROVED, moved_values(row, change), minute)
        return f"minute {minute}"

    def _change(self, row: Milestone, period: Period, **more: Any) -> DeadlineChange:
        due = _due(period)
        assert due is not None
        values: dict[str, Any] = {
            "plan_id": row.plan_id,
            "milestone_id": row.id,
            "from_due": row.due,
            "from_text": row.due_text,
            "from_precision": row.due_precision,
            "to_due": due,
            "to_text": period.text,
            "to_precision": period.precision.value,
            "state": "requested",
            "reason_code": "other",
            "reason": f"{self.source} gives this date.",
            "recovery": "",
            "requested_on": self.run.recorder.today,
            "requested_by": self.run.recorder.actor.label if "state" not in more else self.source,
        }
        return DeadlineChange(**(values | more))

    def _record(self, change: DeadlineChange, verb: str) -> None:
        self.run.session.add(change)
        self.run.session.flush()
        self.run.recorder.add(change, change.reason, verb)
        self.changes[change.milestone_id].append(change)


def _due(period: Period) -> date | None:
    return period.end if period.reading is Reading.DATED else None
