"""What became of a returned workbook, as data and as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tracker.rules.workbook_return import CellResult, Outcome, Result

_WORDS = {
    Outcome.APPLIED: ("applied", "would be applied"),
    Outcome.CONFLICT: ("in conflict", "in conflict"),
    Outcome.REFUSED: ("refused", "refused"),
    Outcome.UNCHANGED: ("unchanged", "unchanged"),
}


def result_data(plan: str, filename: str, result: Result, *, dry_run: bool) -> dict[str, Any]:
    """Return the counts, every row that there is something to say about, and the remarks, as plain data."""
    return {
        "plan": plan,
        "file": filename,
        "lead": result.lead,
        "made": result.made,
        "dry_run": dry_run,
        "counts": {outcome.value: result.count(outcome) for outcome in Outcome},
        "rows": [
            {
                "place": row.place,
                "ref": row.ref,
                "text": row.text,
                "outcome": row.outcome.value,
                "status": row.colour,
                "notes": row.notes,
                "cells": [
                    {
                        "column": cell.title,
                        "outcome": cell.outcome.value,
                        "sent": cell.sent,
                        "now": cell.now,
                        "returned": cell.typed,
                        "why": cell.why,
                    }
                    for cell in row.told
                ],
            }
            for row in result.rows
            if row.told or row.notes
        ],
        "remarks": [{"where": remark.where, "what": remark.what} for remark in result.remarks],
    }


def result_lines(result: Result, *, dry_run: bool) -> Iterator[str]:
    """Yield what became of a workbook as lines that a person reads."""
    whose = f"The workbook of {result.lead}" if result.lead else "The workbook"
    made = f", made on {result.made}" if result.made else ""
    counts = ", ".join(f"{result.count(outcome)} {_WORDS[outcome][dry_run]}" for outcome in Outcome)
    yield f"{whose}{made}. Cells: {counts}."
    for row in result.rows:
        if not row.told and not row.notes:
            continue
        status = f" It is {row.colour} {'then' if dry_run else 'now'}." if row.colour else ""
        yield f"{row.ref or row.place} ({row.place}) {row.text}.{status}"
        yield from (f"  {note}" for note in row.notes)
        yield from (f"  {_told(cell, dry_run=dry_run)}" for cell in row.told)
    for remark in result.remarks:
        yield f"{remark.where}: {remark.what}"


def _told(cell: CellResult, *, dry_run: bool) -> str:
    said = f"{cell.title} {_WORDS[cell.outcome][dry_run]}"
    if cell.outcome is Outcome.CONFLICT:
        return f"{said}: {cell.why} Now “{cell.now}”; in the workbook “{cell.typed}”. What stands is kept."
    if cell.outcome is Outcome.APPLIED:
        return f"{said}: “{cell.typed}”" + (f", before “{cell.now}”" if cell.now else "")
    return f"{said}: {cell.why}" + (f" (“{cell.typed}”)" if cell.outcome is Outcome.REFUSED and cell.typed else "")
