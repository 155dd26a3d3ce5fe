"""A file that comes again unchanged is not opened again: what was read of it is kept with its plan.

A reading depends on nothing but the file, its name, what a person said of its columns and the reader. All of these
are in its mark, so a reading is taken up only where reading again would give the same, letter for letter.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tracker.imports.builder import Tell
from tracker.imports.child import answer_of_child, answered
from tracker.imports.mapping import FileMapping
from tracker.imports.result import ImportResult

_FAST = 3  # of zlib's levels: what stays is a twentieth of the text
_ROOMS = ("imports", "rules")  # what a reading is made by
_LIBRARIES = ("openpyxl", "python-docx")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a file, the answer of the reading process that says so (packed), and what it depends on."""

    result: ImportResult
    packed: bytes
    mark: str


def read_file(
    find: Callable[[str], bytes | None],
    data: bytes,
    filename: str,
    *,
    said: FileMapping | None = None,
    tell: Tell | None = None,
) -> Reading:
    """Read a file in a process of its own, or take up what `find` has under its mark. Raises Refusal."""
    mark = mark_of(data, filename, said)
    packed = find(mark)
    if packed is None:
        packed = zlib.compress(answer_of_child(data, filename, said=said, tell=tell), _FAST)
    return Reading(unpacked(packed), packed, mark)


def unpacked(packed: bytes) -> ImportResult:
    """Return the result that a packed answer gives; raises Refusal if it gives none."""
    return answered(zlib.decompress(packed))


def mark_of(data: bytes, filename: str, said: FileMapping | None = None) -> str:
    """Return what a reading of a file depends on, as 64 letters and digits."""
    head = json.dumps([filename, (said or FileMapping()).to_data(), _reader()], sort_keys=True)
    return hashlib.sha256(head.encode() + b"\n" + data).hexdigest()


@cache
def _reader() -> str:
    """Return what tells this reader from an earlier or later one: its own text, and its libraries."""
    found = hashlib.sha256(" ".join(version(name) for name in _LIBRARIES).encode())
    package = Path(__file__).resolve().parents[1]
    for path in sorted(path for room in _ROOMS for path in (package / room).rglob("*") if path.suffix != ".pyc"):
        if path.is_file():
            found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()
