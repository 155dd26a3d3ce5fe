"""What will change if nothing more is recorded, as rows: a milestone's colour, or something that recurs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeAlias

from tracker.queries.commitment_rows import CommitmentRow
from tracker.queries.rows import LeadRow, MilestoneRow
from tracker.rules.colour import Colour


@dataclass(frozen=True, slots=True)
class ComingChange:
    """A milestone's colour that will change on `day` if nothing more is recorded. `plan_id` is 0 where it is plain."""

    milestone: MilestoneRow
    day: date
    before: Colour
    after: Colour
    reason: str
    plan_id: int = 0

    recurring: ClassVar[bool] = False
    closes: ClassVar[bool] = False

    @property
    def full_ref(self) -> str:
        """Return the ref that people say."""
        return self.milestone.full_ref

    @property
    def text(self) -> str:
        """Return what it is."""
        return self.milestone.text

    @property
    def leads(self) -> tuple[LeadRow, ...]:
        """Return who leads it."""
        return self.milestone.leads

    @property
    def lead_names(self) -> str:
        """Return the posts, accountable first, as one text."""
        return self.milestone.lead_names

    @property
    def workstream_id(self) -> int | None:
        """Return its workstream; None where that is not known."""
        return self.milestone.workstream_id

    @property
    def workstream_ref(self) -> str:
        """Return the ref of its workstream."""
        return self.milestone.workstream_ref

    @property
    def workstream_title(self) -> str:
        """Return the title of its workstream."""
        return self.milestone.workstream_title


@dataclass(frozen=True, slots=True)
class ComingOccurrence:
    """A recurring commitment whose colour will change, or `windows` of which close, if nothing more is recorded.

    `windows` is 0 for a change of colour; where windows close, both colours are the present one.
    """

    commitment: CommitmentRow
    workstream_id: int | None
    workstream_ref: str
    workstream_title: str
    leads: tuple[LeadRow, ...]
    day: date
    before: Colour
    after: Colour
    reason: str
    windows: int = 0
    plan_id: int = 0

    recurring: ClassVar[bool] = True

    @property
    def closes(self) -> bool:
        """Return whether it is about a window that closes, and not about a change of colour."""
        return self.windows > 0

    @property
    def full_ref(self) -> str:
        """Return the ref that people say."""
        return f"{self.workstream_ref}.{self.commitment.ref}" if self.commitment.ref else self.workstream_ref

    @property
    def text(self) -> str:
        """Return what it is."""
        return self.commitment.text

    @property
    def lead_names(self) -> str:
        """Return the posts, accountable first, as one text."""
        return "; ".join(lead.post for lead in self.leads)


Coming: TypeAlias = ComingChange | ComingOccurrence
