"""A recurring commitment as data and as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tracker.queries.commitment_rows import CommitmentRow
from tracker.rules.occurrences import Occurrence
from tracker.rules.vocabulary import Vocabulary


def commitment_data(row: CommitmentRow, day: date, words: Vocabulary) -> dict[str, Any]:
    """Return a commitment as at a day as plain data: rule, colour, adherence and every occurrence."""
    return {
        "ref": row.ref,
        "frequency": row.frequency,
        "text": row.text,
        "tail_of": row.tail_of or None,
        "rule": _rule(row),
        "colour": row.verdict.colour.value,
        "word": words.term(row.verdict.colour).word,
        "colour_rule": row.verdict.rule,
        "reason": row.verdict.reason,
        "marks": list(row.verdict.marks),
        "until": _iso(row.verdict.until),
        "adherence": {
            "held": row.adherence.held,
            "due": row.adherence.due,
            "late": row.adherence.late,
            "missed": row.adherence.missed,
            "skipped": row.adherence.skipped,
            "sentence": row.adherence.sentence,
        },
        "occurrences": [_occurrence(one) for one in row.occurrences(day)],
    }


def commitment_lines(row: CommitmentRow, workstream_ref: str, words: Vocabulary) -> Iterator[str]:
    """Yield a commitment as lines that a person reads."""
    yield f"    {workstream_ref}.{row.ref} [{row.how_often}] {row.text}"
    yield f"      {words.term(row.verdict.colour).name}, {row.adherence.text.lower()}: {row.verdict.reason}"


def _rule(row: CommitmentRow) -> dict[str, Any]:
    if row.rule is not None:
        rule = row.rule
        return {"every": rule.every.value, "anchor": _iso(rule.anchor), "ends": _iso(rule.ends), "confirmed": True}
    asked = row.proposal
    return {
        "every": asked.every.value if asked and asked.every else None,
        "anchor": _iso(asked.anchor) if asked else None,
        "ends": None,
        "confirmed": False,
        "question": asked.question if asked else "",
    }


def _occurrence(one: Occurrence) -> dict[str, Any]:
    recorded = one.recorded
    return {
        "from": _iso(one.window.opens),
        "to": _iso(one.window.closes),
        "scheduled": _iso(one.scheduled),
        "outcome": one.outcome.value,
        "held_on": _iso(recorded.held_on) if recorded else None,
        "reason": recorded.reason if recorded else "",
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
