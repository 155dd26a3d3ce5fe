"""Prove from the ledger that no ref was ever given twice in one place, not even after a move or a withdrawal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tracker.rules.text import fold
from tracker.services.structure.refs import WITH_REFS, Place, stays

Subject = tuple[str, int]
Changes = Sequence[tuple[date, int, Mapping[str, list[Any]]]]


def twice_used(history: Mapping[Subject, Changes], name: Callable[[Subject], str]) -> Iterator[str]:
    """Yield a sentence for each ref that two things have had in the same place; entries by day and number."""
    for model in WITH_REFS:
        table = model.__tablename__
        first: dict[tuple[Place, str], int] = {}
        for key in sorted(subject[1] for subject in history if subject[0] == table):
            for place, ref in stays((fields for _, _, fields in history[table, key]), model):
                if first.setdefault((place, fold(ref)), key) != key:
                    where = "the plan" if place[0] == "plan" else name(place)
                    yield f"{name((table, key))}: the ref {ref} in {where[0].lower()}{where[1:]} belonged to another."
