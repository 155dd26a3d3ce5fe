"""A lead's workbook out and back: `python -m benchmarks.workbooks [ROWS]`, by the clock, every row filled in."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tracker.exports.lead_workbook import FIRST, KEYS, SHEET, Sending, render_lead_workbook
from tracker.imports.returned_workbook import read_returned
from tracker.models.engine import make_engine, transaction
from tracker.queries.lead_workbooks import lead_sheets
from tracker.queries.plans import find_plan
from tracker.rules.dates import london_day
from tracker.rules.document import LeadLine, MilestoneLine, PlanDocument, PriorityLine, WorkstreamLine
from tracker.rules.permissions import SYSTEM
from tracker.rules.workbook_keys import workbook_secret
from tracker.rules.workbook_return import Outcome
from tracker.services import schema
from tracker.services.plan_writer import create_plan
from tracker.services.workbooks import apply_workbook, try_workbook

AIM = 3.0
SECRET = workbook_secret("benchmark")
_T = TypeVar("_T")


def main(arguments: list[str]) -> None:
    """Print the seconds of each step, and of all of them without the filling in."""
    size = int(arguments[0]) if arguments else 200
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name:
        engine = make_engine(f"sqlite:///{Path(name) / 'benchmark.sqlite3'}")
        schema.upgrade(engine)
        with transaction(engine) as session:
            plan_id = create_plan(session, _plan(size, london_day(now)), SYSTEM, now - timedelta(days=90)).plan_id
        spent: dict[str, float] = {}
        with Session(engine) as session:
            data = _timed(spent, "out", lambda: _out(session, plan_id, now))
        filled = _filled(data, size)
        returned = _timed(spent, "read in a process of its own", lambda: read_returned(filled, "returned.xlsx"))
        with transaction(engine) as session:
            look = lambda: try_workbook(session, SYSTEM, now, plan_id, returned, SECRET)  # noqa: E731
            shown = _timed(spent, "say what would become of it", look)
        with transaction(engine) as session:
            done = _timed(spent, "apply", lambda: apply_workbook(session, SYSTEM, now, plan_id, returned, SECRET))
        engine.dispose()
    assert shown.count(Outcome.APPLIED) == done.count(Outcome.APPLIED) == 4 * size
    for step, seconds in spent.items():
        print(f"{step:<32}{seconds:>8.2f} s")
    total = sum(spent.values())
    print(f"{f'{size} rows out and back':<32}{total:>8.2f} s  {'within' if total <= AIM else 'OVER'} {AIM:g}")


def _timed(spent: dict[str, float], step: str, work: Callable[[], _T]) -> _T:
    start = time.perf_counter()
    found = work()
    spent[step] = time.perf_counter() - start
    return found


def _plan(size: int, today: date) -> PlanDocument:
    lines = [
        MilestoneLine(ref=str(number), text=f"Deliverable {number}", date=f"Dec {today.year + 1}")
        for number in range(1, size + 1)
    ]
    lead = LeadLine("Head of Service", "A council", accountable=True)
    workstream = WorkstreamLine(ref="1a", title="Everything", leads=[lead], milestones=lines)
    adopted = (today - timedelta(days=90)).isoformat()
    priorities = [PriorityLine(ref="1", title="One", workstreams=[workstream])]
    return PlanDocument(title="A plan", slug="benchmark", adopted=adopted, priorities=priorities)


def _out(session: Session, plan_id: int, now: datetime) -> bytes:
    found = find_plan(session, "benchmark")
    assert found is not None
    day = london_day(now)
    sheets = lead_sheets(session, plan_id, day)
    words = found[0].ratings.on(day).vocabulary
    return render_lead_workbook(Sending(found[0], words, now, sheets.seq, SECRET), sheets.leads[0])


def _filled(data: bytes, size: int) -> bytes:
    """Return the workbook with four answers in every row."""
    book = load_workbook(BytesIO(data))
    sheet: Any = book[SHEET]
    columns = {cell.value: cell.column for cell in sheet[KEYS + 1]}
    for row in range(FIRST + 1, FIRST + 1 + size):
        for key, answer in (("state", "At risk"), ("reason", "A post is vacant"), ("progress", f"Visit {row}")):
            sheet.cell(row, columns[key]).value = answer
        sheet.cell(row, columns["recovery"]).value = "An agency helps"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
