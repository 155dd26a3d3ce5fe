"""What is put to the board about milestones of a plan, as at a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Matter
from tracker.queries.as_at import past
from tracker.rules.minutes import MatterKind, MatterState

_NAMES = ("id", "milestone_id", "text", "put_on", "put_by", "settled_on", "outcome")


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


def matters_of(
    session: Session, plan_id: int, day: date, today: date, milestone_id: int | None = None
) -> list[MatterRow]:
    """Return what is put to the board, in the order in which it was. One statement, two for an earlier day."""
    then = past(session, plan_id, day, today, (Matter.__tablename__,))
    query = select(*(getattr(Matter, name) for name in (*_NAMES, "kind", "state"))).where(Matter.plan_id == plan_id)
    if milestone_id is not None:
        query = query.where(Matter.milestone_id == milestone_id)
    found = []
    for row in session.execute(query.order_by(Matter.id)).mappings():
        if then.had(Matter.__tablename__, row["id"]):
            values = {**row, **then.of(Matter.__tablename__, row["id"])}
            known = {name: values[name] for name in _NAMES}
            found.append(MatterRow(**known, kind=MatterKind(values["kind"]), state=MatterState(values["state"])))
    return found
