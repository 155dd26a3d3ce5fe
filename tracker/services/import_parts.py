"""The large pieces of an import batch: the file's bytes, and plain data that no list of batches needs."""

from __future__ import annotations

import json
import zlib
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tracker.models import ImportPart

_FAST = 3  # of zlib's levels: what stays is a twentieth of the text, in a few milliseconds


def keep_bytes(session: Session, batch_id: int, name: str, content: bytes) -> None:
    """Store a piece under a name; one that is there is replaced."""
    part = session.get(ImportPart, (batch_id, name))
    if part is None:
        session.add(ImportPart(batch_id=batch_id, name=name, content=content))
    else:
        part.content = content
    session.flush()


def keep_data(session: Session, batch_id: int, name: str, data: Any) -> None:
    """Store plain data under a name."""
    keep_bytes(session, batch_id, name, zlib.compress(json.dumps(data, ensure_ascii=False).encode(), _FAST))


def bytes_of(session: Session, batch_id: int, name: str) -> bytes | None:
    """Return a piece, None if there is none of that name."""
    part = session.get(ImportPart, (batch_id, name))
    return part.content if part is not None else None


def data_of(session: Session, batch_id: int, name: str) -> Any:
    """Return plain data that was stored, None if there is none of that name."""
    content = bytes_of(session, batch_id, name)
    return None if content is None else json.loads(zlib.decompress(content))


def forget(session: Session, batch_id: int, *names: str) -> None:
    """Delete pieces by name."""
    session.execute(delete(ImportPart).where(ImportPart.batch_id == batch_id, ImportPart.name.in_(names)))
