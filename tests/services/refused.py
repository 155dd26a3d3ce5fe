"""An act that is refused: with its very sentence, and with nothing otherwise than before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import FormToken
from tracker.models.base import Base
from tracker.rules.errors import Refusal


def stored(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row by table, without the tokens of forms: the edge takes back that one was used."""
    session.flush()
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
        for table in Base.metadata.sorted_tables
        if table is not FormToken.__table__
    }


@contextmanager
def refused(session: Session, sentence: str, kind: type[Refusal] = Refusal, field: str = "") -> Iterator[None]:
    """Hold what is done inside to a refusal of exactly this kind with this very sentence, and to no change at all."""
    before = stored(session)
    with pytest.raises(Refusal) as caught:
        yield
    assert (type(caught.value), caught.value.sentence, caught.value.field) == (kind, sentence, field)
    assert stored(session) == before
