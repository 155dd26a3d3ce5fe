"""The hidden key of a row of a lead workbook: what it is of, when it went out, and a fingerprint of each cell.

A key is one text, so that it stays with its row however rows are sorted, copied or moved to another file. It is sealed
with the secret of this tracker: a key of another one, or one that was changed, is told from a key that holds.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from tracker.rules.workbook import FIELDS, comparable

FORMAT = 1
"""The format of the workbooks that are made now; a key begins with it."""
_KEY = re.compile(r"T(\d{1,3})\.[0-9a-z.]{20,400}")
_PRINT, _SEAL = 8, 24
_NUMBERS = 7


class Trouble(StrEnum):
    """Why the key of a row cannot be used; the value is the sentence to show."""

    OLDER = "The workbook is of an older kind that is read no longer. Download a new one and copy your answers into it."
    NEWER = "The workbook was made by a newer version of the tracker. Upload it there."
    BROKEN = (
        "The hidden key of this row does not fit: it was changed, or the workbook was made by another tracker. "
        "Download a new workbook and copy your answers into it."
    )


@dataclass(frozen=True, slots=True)
class RowKey:
    """What the key of one row says. `post_id` is 0 in a workbook of a whole plan; `made` is an instant."""

    plan_id: int
    post_id: int
    made: datetime
    seq: int  # the last entry of the plan's ledger when it was made
    count: int  # of the rows that went out
    milestone_id: int
    version: int
    place: str  # fingerprint of the ref
    prints: tuple[str, ...]  # of the cells, in the order of FIELDS

    def unchanged(self, secret: bytes, key: str, text: str) -> bool:
        """Return whether a text is what went out in the cell of a field."""
        index = next(at for at, field in enumerate(FIELDS) if field.key == key)
        return hmac.compare_digest(self.prints[index], fingerprint(secret, self.milestone_id, key, text))

    def is_of(self, secret: bytes, ref: str) -> bool:
        """Return whether a row that shows this ref is the one that the key was made for."""
        return hmac.compare_digest(self.place, fingerprint(secret, self.milestone_id, "ref", ref))


def workbook_secret(secret: str) -> bytes:
    """Return the secret that workbooks are sealed with, made from the installation's and good for nothing else."""
    return hmac.new(secret.encode(), b"lead workbooks", hashlib.sha256).digest()


def fingerprint(secret: bytes, milestone_id: int, key: str, text: str) -> str:
    """Return the fingerprint of a cell: the same for texts that differ in white space alone."""
    content = f"{milestone_id}\n{key}\n{comparable(text)}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, content, hashlib.sha256).hexdigest()[:_PRINT]


def make_key(
    secret: bytes,
    *,
    plan_id: int,
    post_id: int,
    made: datetime,
    seq: int,
    count: int,
    milestone_id: int,
    version: int,
    ref: str,
    values: Mapping[str, str],
) -> str:
    """Return the key of a row that goes out with these values."""
    numbers = (plan_id, post_id, int(made.timestamp()), seq, count, milestone_id, version)
    prints = "".join(fingerprint(secret, milestone_id, field.key, values[field.key]) for field in FIELDS)
    place = fingerprint(secret, milestone_id, "ref", ref)
    body = f"T{FORMAT}." + ".".join([*(str(number) for number in numbers), place, prints])
    return f"{body}.{_seal(secret, body)}"


def looks_like_key(text: str) -> bool:
    """Return whether a cell holds the key of a row, whoever made it."""
    return _KEY.fullmatch(text.strip()) is not None


def read_key(secret: bytes, text: str) -> RowKey | Trouble:
    """Return what a key says, or what is wrong with it."""
    found = _KEY.fullmatch(text.strip())
    if found is None:
        return Trouble.BROKEN
    if int(found[1]) != FORMAT:
        return Trouble.NEWER if int(found[1]) > FORMAT else Trouble.OLDER
    body, _, seal = text.strip().rpartition(".")
    parts = body.split(".")[1:]
    if not hmac.compare_digest(seal, _seal(secret, body)) or len(parts) != _NUMBERS + 2:
        return Trouble.BROKEN
    plan_id, post_id, made, seq, count, milestone_id, version = (int(part) for part in parts[:_NUMBERS])
    place, prints = parts[_NUMBERS:]
    return RowKey(
        plan_id,
        post_id,
        datetime.fromtimestamp(made, UTC),
        seq,
        count,
        milestone_id,
        version,
        place,
        tuple(prints[at : at + _PRINT] for at in range(0, len(prints), _PRINT)),
    )


def _seal(secret: bytes, body: str) -> str:
    return hmac.new(secret, b"row\n" + body.encode(), hashlib.sha256).hexdigest()[:_SEAL]
