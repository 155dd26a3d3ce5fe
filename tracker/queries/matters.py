"""What is put to the board about milestones of a plan, as at a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Matter
from tracker.queries.plan_rows import PlanRow
from tracker.rules.minutes import MatterKind, MatterState


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One thing that is put to the board, and what became of it."""

    id: int
    milestone_id: int
    kind: MatterKind
    text: str
    put_on: date
    put_by: str
    state: MatterState
    settled_on: date | None = None
    outcome: str = ""

    @property
    def waits(self) -> bool:
        """Return whether the board is still to decide on it."""
        return self.state is MatterState.OPEN

    @property
    def sentence(self) -> str:
        """Return what is asked of the board, without the reason."""
        if self.kind is MatterKind.SUSPENSION:
            return f"{self.put_by} asks the board to suspend it."
        return f"{self.put_by} asks the board for help that only it can give."


def matters_of(session: Session, plan: PlanRow, day: date, milestone_id: int | None = None) -> list[MatterRow]:
    """Return what is put to the board, in the order in which it was; settled is what was settled by that day.

    One statement, none for a plan of which nothing ever was.
    """
    if not plan.put_to_board:
        return []
    query = select(Matter).where(Matter.plan_id == plan.id, Matter.put_on <= day)
    if milestone_id is not None:
        query = query.where(Matter.milestone_id == milestone_id)
    found = []
    for row in session.scalars(query.order_by(Matter.id)):
        known = (row.id, row.milestone_id, MatterKind(row.kind), row.text, row.put_on, row.put_by)
        if row.settled_on is None or row.settled_on > day:
            found.append(MatterRow(*known, MatterState.OPEN))
        else:
            found.append(MatterRow(*known, MatterState(row.state), row.settled_on, row.outcome))
    return found
