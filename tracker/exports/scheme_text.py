"""The rating schemes as data and as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tracker.queries.schemes import SchemeRow


def schemes_data(rows: Iterable[SchemeRow]) -> dict[str, Any]:
    """Return every rating scheme with its terms, its thresholds and the plans that use it."""
    return {
        "schemes": [
            {
                "id": row.id,
                "name": row.rating.name,
                **row.rating.as_data(),
                "newest": row.newest,
                "made_on": row.made_on.isoformat() if row.made_on else None,
                "plans": [slug for slug, _ in row.plans],
            }
            for row in rows
        ]
    }


def schemes_lines(rows: Iterable[SchemeRow]) -> Iterator[str]:
    """Yield every rating scheme as lines that a person reads."""
    for row in rows:
        used = ", ".join(slug for slug, _ in row.plans)
        if not used:
            used = "every plan that has chosen no other" if row.rating.preset == "default" else "no plan"
        yield f"{row.rating.name}{' (comes with the tracker)' if row.is_preset else ''}: used by {used}"
        yield f"  {row.rating.summary}"
        for term in row.rating.vocabulary.terms:
            colours = " or ".join(colour.value for colour in term.colours)
            yield f"  {term.letter:>2} {term.word} [{colours}, painted {term.paint.label.lower()}]: {term.meaning}"
        for term in row.rating.vocabulary.outcome:
            yield f"  outcome {term.letter:>2} {term.word}: {term.meaning}"
