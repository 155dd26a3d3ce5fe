"""A lead's workbook as tests send it out, edit it as a person would, and bring it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.exports.lead_workbook import FIRST, HEAD, KEYS, SHEET, Sending, render_lead_workbook
from tracker.imports import Limits
from tracker.imports.returned_cells import cells_of
from tracker.imports.returned_workbook import returned_of
from tracker.models import Plan
from tracker.queries.lead_workbooks import lead_sheets
from tracker.queries.plans import find_plan
from tracker.rules.dates import london_day
from tracker.rules.permissions import Actor
from tracker.rules.workbook_keys import workbook_secret
from tracker.rules.workbook_return import CellResult, Outcome, Result, Returned
from tracker.services.workbooks import apply_workbook, try_workbook

SECRET = workbook_secret("a secret of the tests")
LATER = NOW + timedelta(days=5)


@dataclass
class Edited:
    """A workbook in the hands of a lead."""

    book: Any
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def sheet(self) -> Worksheet:
        """Return the sheet that is filled in."""
        found: Worksheet = self.book[SHEET]
        return found

    @property
    def rows(self) -> list[int]:
        """Return the rows of milestones, counted from 1."""
        key = self.columns["key"]
        return [row for row in range(FIRST + 1, self.sheet.max_row + 1) if self.sheet.cell(row, key).value]

    def row_of(self, ref: str) -> int:
        """Return the row of a milestone."""
        return next(row for row in self.rows if self.sheet.cell(row, self.columns["ref"]).value == ref)

    def get(self, ref: str, key: str) -> str:
        """Return what a cell says."""
        return str(self.sheet.cell(self.row_of(ref), self.columns[key]).value or "")

    def set(self, ref: str, **answers: Any) -> Edited:
        """Fill in cells of a row; returns the workbook itself."""
        row = self.row_of(ref)
        for key, value in answers.items():
            self.sheet.cell(row, self.columns[key]).value = value
        return self

    def copy_row(self, ref: str) -> int:
        """Copy a row below the last one, hidden columns included; returns where."""
        source, target = self.row_of(ref), self.sheet.max_row + 1
        for column in range(1, self.columns["key"] + 1):
            self.sheet.cell(target, column).value = self.sheet.cell(source, column).value
        return target

    def reorder(self, order: list[int]) -> Edited:
        """Put the rows in another order, hidden columns included."""
        width = self.columns["key"] + 1
        contents = {row: [self.sheet.cell(row, at).value for at in range(1, width)] for row in self.rows}
        for row, source in zip(self.rows, order, strict=True):
            for at, value in enumerate(contents[source], 1):
                self.sheet.cell(row, at).value = value
        return self

    def saved(self) -> bytes:
        """Return the file."""
        out = BytesIO()
        self.book.save(out)
        return out.getvalue()


def opened(data: bytes) -> Edited:
    """Open a workbook as a spreadsheet program does."""
    book = load_workbook(BytesIO(data))
    assert isinstance(book, Workbook)
    sheet: Any = book[SHEET]
    return Edited(book, {cell.value: cell.column for cell in sheet[KEYS + 1] if cell.value})


def sent(session: Session, plan: Plan, post: int | None = None, now: datetime = NOW, secret: bytes = SECRET) -> bytes:
    """Return the workbook of the first lead of a plan, of one post, or (0) of the whole plan."""
    session.flush()
    found = find_plan(session, plan.slug)
    assert found
    day = london_day(now)
    sheets = lead_sheets(session, plan.id, day)
    sheet = sheets.whole if post == 0 else sheets.leads[0] if post is None else sheets.of(post)
    assert sheet
    return render_lead_workbook(Sending(found[0], found[0].ratings.on(day).vocabulary, now, sheets.seq, secret), sheet)


def send(session: Session, plan: Plan, **more: Any) -> Edited:
    """Send a workbook out and open it."""
    return opened(sent(session, plan, **more))


def read(data: bytes, filename: str = "returned.xlsx") -> Returned:
    """Read a file that came back, in this process."""
    return returned_of(cells_of(data, filename, Limits()), filename)


def bring_back(
    session: Session,
    actor: Actor,
    plan: Plan,
    file: Edited | bytes,
    now: datetime = LATER,
    choices: Mapping[tuple[int, str], str] | None = None,
) -> Result:
    """Apply a file that came back."""
    data = file if isinstance(file, bytes) else file.saved()
    return apply_workbook(session, actor, now, plan.id, read(data), SECRET, choices)


def tried(session: Session, actor: Actor, plan: Plan, file: Edited | bytes, now: datetime = LATER) -> Result:
    """Say what applying a file would do."""
    data = file if isinstance(file, bytes) else file.saved()
    return try_workbook(session, actor, now, plan.id, read(data), SECRET)


def outcomes(result: Result) -> dict[str, int]:
    """Return how many cells ended how, without those that are unchanged."""
    return {o.value: result.count(o) for o in Outcome if result.count(o) and o is not Outcome.UNCHANGED}


def cell(result: Result, ref: str, key: str) -> CellResult:
    """Return what became of one cell."""
    return next(c for row in result.rows if row.ref == ref for c in row.cells if c.key == key)


def remarks(result: Result) -> str:
    """Return all remarks on the file as one text."""
    return " ".join(f"{remark.where}: {remark.what}" for remark in result.remarks)


HEAD_ROW = HEAD + 1
