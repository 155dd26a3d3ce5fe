"""Plan files in the ways in which councils, NHS bodies and schools write them, each with the truth about it.

The .txt files hold the layouts (the notation is in `notation.py`) and are written from how such documents look, not
from how they are read. `files()` builds every file in memory; nothing is kept as a binary.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.imports.corpus.notation import Specimen, specimens

HERE = Path(__file__).parent


def files() -> Iterator[Specimen]:
    """Yield every file of the corpus, in the order in which it is written."""
    for path in sorted(HERE.glob("*.txt")):
        yield from specimens(path.stem, path.read_text(encoding="utf-8"))
