"""The difference between two versions of a plan, and its list of versions, as data, as lines of text and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from tracker.exports.characters import guard_formula, legal
from tracker.queries.version_diff import KINDS, Change, VersionDiff
from tracker.queries.version_rows import VersionRow

_COLUMNS = ("Change", "What", "Ref", "Text", "Before", "After", "From version", "As at", "To version", "As at (later)")


def versions_data(versions: Iterable[VersionRow], numbers: dict[int, int]) -> list[dict[str, Any]]:
    """Return versions as plain data; `numbers` says how many baselines each adopted, by id."""
    return [
        {
            "number": version.number,
            "label": version.label,
            "adopted": _iso(version.adopted),
            "board": version.board or None,
            "meeting_on": _iso(version.meeting_on),
            "minute": version.minute or None,
            "recorded_on": _iso(version.recorded_on),
            "recorded_by": version.recorded_by or None,
            "undone_on": _iso(version.undone_on),
            "baselines": numbers.get(version.id, 0) if version.id is not None else None,
        }
        for version in versions
    ]


def version_lines(versions: Iterable[VersionRow], numbers: dict[int, int]) -> Iterator[str]:
    """Yield versions as lines that a person reads."""
    for version in versions:
        taken = "original dates"
        if version.id is not None:
            number = numbers.get(version.id, 0)
            taken = f"{number} baseline{'' if number == 1 else 's'}"
        undone = f"; undone on {_iso(version.undone_on)}: {version.undone_reason}" if version.undone_on else ""
        decided = f"; {version.decision}" if version.decision else ""
        yield f"{version.sentence}; {taken}{decided}{undone}"


def diff_data(diff: VersionDiff) -> dict[str, Any]:
    """Return a difference as plain data."""
    return {
        "from": {"number": diff.earlier.number, "label": diff.earlier.label, "as_at": diff.from_day.isoformat()},
        "to": {"number": diff.later.number, "label": diff.later.label, "as_at": diff.to_day.isoformat()},
        "counts": {kind: diff.count(kind) for kind in KINDS},
        "changes": [
            {
                "kind": change.kind,
                "what": change.what,
                "ref": change.ref,
                "text": change.text,
                "before": change.before,
                "after": change.after,
            }
            for change in diff.changes
        ],
    }


def diff_lines(diff: VersionDiff) -> Iterator[str]:
    """Yield a difference as lines that a person reads."""
    yield f"{diff.earlier.name} ({diff.from_day.isoformat()}) to {diff.later.name} ({diff.to_day.isoformat()})"
    if not diff.changes:
        yield "Nothing is otherwise."
    for kind, heading in KINDS.items():
        changes = diff.of(kind)
        if changes:
            yield f"{heading}: {len(changes)}"
            yield from (f"  {_line(change)}" for change in changes)


def diff_csv(diff: VersionDiff, *, bom: bool = False) -> bytes:
    """Return a difference as UTF-8 CSV with CRLF line ends, no cell of which a spreadsheet would run."""
    out = io.StringIO(newline="")
    out.write("\ufeff" if bom else "")
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(_COLUMNS)
    between = (diff.earlier.name, diff.from_day.isoformat(), diff.later.name, diff.to_day.isoformat())
    for change in diff.changes:
        told = (KINDS[change.kind], change.what, change.ref, change.text, change.before, change.after)
        writer.writerow([guard_formula(legal(text)) for text in (*told, *between)])
    return out.getvalue().encode()


def _line(change: Change) -> str:
    turn = " -> ".join(part for part in (change.before, change.after) if part)
    return f"{change.what} {change.ref}: {change.text}" + (f" [{turn}]" if turn else "")


def _iso(day: Any) -> str | None:
    return day.isoformat() if day is not None else None
