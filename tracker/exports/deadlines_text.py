"""The deadline ledger of a plan as data and as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from tracker.queries.deadline_rows import DeadlineMove, PlanEndMove
from tracker.queries.deadlines import moved_milestones
from tracker.queries.rows import PlanRow
from tracker.rules.ladder import LEVEL_WORDS, Level

_STATES = {"requested": "waiting for a decision", "approved": "approved", "refused": "refused"}
_TIMES = {1: "once", 2: "twice"}


def deadlines_data(
    plan: PlanRow, day: date, moves: Sequence[DeadlineMove], ends: Sequence[PlanEndMove]
) -> dict[str, Any]:
    """Return the ledger as plain data: the requests, newest first, what they add up to, and the plan's own end."""
    return {
        "plan": plan.slug,
        "as_at": day.isoformat(),
        "milestones": [_total(move) for move in moved_milestones(moves)],
        "moves": [_move(move) for move in moves],
        "plan_end": [_end(move) for move in ends],
    }


def deadlines_lines(
    plan: PlanRow, day: date, moves: Sequence[DeadlineMove], ends: Sequence[PlanEndMove]
) -> Iterator[str]:
    """Yield the ledger as lines that a person reads."""
    counts = {state: sum(1 for move in moves if move.state == state) for state in _STATES}
    told = ", ".join(f"{counts[state] or 'none'} {words}" for state, words in _STATES.items())
    yield f"{plan.title}: requests for a new date by {day:%d/%m/%Y}: {told}"
    if ends:
        yield ""
        yield "The end of the plan"
        for end in ends:
            yield f"  {end.from_text or 'not said'} to {end.to_text}{_in_brackets(end.moved_by)}: {_end_agreed(end)}"
            yield f"      {_why(end.why, end.reason)}"
    moved = moved_milestones(moves)
    if moved:
        yield ""
        yield "Moved so far"
        for move in moved:
            baseline = f"; {move.baseline_name}: {move.baseline_text}" if move.baseline_version else ""
            times = f"moved {_TIMES.get(move.times_moved, f'{move.times_moved} times')}"
            dates = f"{move.original_text or 'no date'} to {move.current_text or 'no date'}"
            yield f"  {move.full_ref} {dates}{_in_brackets(move.total_slip)}, {times}{baseline}"
            yield f"      {move.text}"
    for state, title in (("requested", "Waiting for a decision"), ("approved", "Approved"), ("refused", "Refused")):
        if counts[state]:
            yield ""
            yield title
            for move in moves:
                if move.state == state:
                    yield from _lines(move)


def _lines(move: DeadlineMove) -> Iterator[str]:
    yield f"  {move.full_ref} {move.from_text or 'no date'} to {move.to_text}{_in_brackets(move.moved_by)}"
    yield f"      {_why(move.why, move.reason)}"
    if move.recovery:
        yield f"      Recovery: {move.recovery}"
    decided = f"; {_decided(move)}" if move.state != "requested" else ""
    yield f"      Asked on {move.requested_on:%d/%m/%Y} by {move.requested_by}{decided}"


def _decided(move: DeadlineMove) -> str:
    on = f" on {move.decided_on:%d/%m/%Y}" if move.decided_on else ""
    who = f" ({LEVEL_WORDS[Level(move.decision_level)].lower()})" if move.decision_level else ""
    minute = f", minute {move.minute}" if move.minute else ""
    met = f", meeting of {move.meeting_on:%d/%m/%Y}" if move.meeting_on else ""
    return f"{_STATES[move.state]}{on} by {move.decided_by}{who}{minute}{met}"


def _end_agreed(end: PlanEndMove) -> str:
    if end.decided_on is None:
        return "as the plan's own document says"
    minute = f", minute {end.minute}" if end.minute else ""
    met = f", meeting of {end.meeting_on:%d/%m/%Y}" if end.meeting_on else ""
    return f"agreed by the board{minute}{met}; recorded on {end.decided_on:%d/%m/%Y} by {end.decided_by}"


def _in_brackets(words: str) -> str:
    return f" ({words})" if words else ""


def _why(kind: str, reason: str) -> str:
    return ": ".join(words for words in (kind, reason) if words) or "No reason given"


def _total(move: DeadlineMove) -> dict[str, Any]:
    slipped = (move.current_due - move.original_due).days if move.current_due and move.original_due else None
    return {
        "milestone": move.full_ref,
        "text": move.text,
        "original": move.original_text,
        "original_due": _iso(move.original_due),
        "baseline": move.baseline_text or None,
        "baseline_version": move.baseline_version or None,
        "baseline_due": _iso(move.baseline_due),
        "current": move.current_text,
        "current_due": _iso(move.current_due),
        "slipped": move.total_slip,
        "slipped_days": slipped,
        "times_moved": move.times_moved,
        "times_moved_since_baseline": move.measured_moves,
    }


def _move(move: DeadlineMove) -> dict[str, Any]:
    return {
        "milestone": move.full_ref,
        "text": move.text,
        "state": move.state,
        "original": move.original_text,
        "original_due": _iso(move.original_due),
        "from": move.from_text,
        "from_due": _iso(move.from_due),
        "to": move.to_text,
        "to_due": _iso(move.to_due),
        "precision": move.precision,
        "moved_by": move.moved_by,
        "reason_code": move.reason_code,
        "reason": move.reason,
        "recovery": move.recovery,
        "requested_on": move.requested_on.isoformat(),
        "requested_by": move.requested_by,
        "decided_on": _iso(move.decided_on),
        "decided_by": move.decided_by or None,
        "level": move.decision_level or None,
        "minute": move.minute or None,
        "meeting_on": _iso(move.meeting_on),
        "note": move.decision_note or None,
    }


def _end(move: PlanEndMove) -> dict[str, Any]:
    return {
        "from": move.from_text,
        "from_due": _iso(move.from_day),
        "to": move.to_text,
        "to_due": _iso(move.to_day),
        "moved_by": move.moved_by,
        "reason_code": move.reason_code,
        "reason": move.reason,
        "decided_on": _iso(move.decided_on),
        "decided_by": move.decided_by or None,
        "minute": move.minute or None,
        "meeting_on": _iso(move.meeting_on),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
