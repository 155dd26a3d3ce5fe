"""Workbooks that leads sent back: what was read of them, kept for a week."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class ReturnedWorkbook(Base):
    """A workbook that came back and waits for a person to apply it, or was applied. It belongs to who uploaded it."""

    __tablename__ = "returned_workbook"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    filename: Mapped[str]
    lead: Mapped[str]
    """Whose workbook it is, in words; "" for one of the whole plan."""
    content: Mapped[str]
    """What was read of the file, as JSON."""
    result: Mapped[str]
    """What applying it would do, or did, as JSON."""
    seq: Mapped[int]
    """The last entry of the plan's ledger when `result` was made."""
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    act: Mapped[str] = mapped_column(Short, default="")
    """The act of its updates in the ledger, by which they are undone."""
    undone_at: Mapped[datetime | None]
    by_link: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it came by a link of the person, who then sees it by a link too, as the lead that they are there."""
