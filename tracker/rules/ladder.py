"""Who agrees a new date: the improvement manager within limits, otherwise the board (domain, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """Whose decision it is."""

    MANAGER = "manager"
    BOARD = "board"


LEVEL_WORDS = {Level.MANAGER: "Improvement manager", Level.BOARD: "Board"}


@dataclass(frozen=True, slots=True)
class Rung:
    """Whose decision a move is, and the sentence that says why."""

    level: Level
    why: str


def who_decides(*, moves: int, critical: bool, from_due: date | None, to_due: date | None, delegated_days: int) -> Rung:
    """Return whose decision a move is. `moves` counts those agreed since the original date or the baseline in force;
    `delegated_days` is the plan's limit.
    """
    if critical:
        return Rung(Level.BOARD, "The milestone is critical, so the board decides.")
    if moves:
        times = "once" if moves == 1 else "twice" if moves == 2 else f"{moves} times"
        return Rung(Level.BOARD, f"The date has been moved {times} before, so the board decides.")
    if from_due is not None and to_due is not None and (days := (to_due - from_due).days) > delegated_days:
        limit = f"{delegated_days} day{'' if delegated_days == 1 else 's'}"
        return Rung(
            Level.BOARD, f"It moves by {days} days, more than the {limit} of the manager, so the board decides."
        )
    return Rung(Level.MANAGER, "It is a first, short move, so the improvement manager may decide it alone.")
