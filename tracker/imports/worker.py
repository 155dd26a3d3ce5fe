"""The reading process: takes a file on standard input, answers on standard output, within limits.

First line in: a JSON object with the file's name, its length, the limits and what a person said of its columns; then
the file's bytes. Out: lines {"read": [lines, rows]} while it reads, and at the end one JSON object, either
{"result": ...} or {"refusal": sentence}. Nothing of an unexpected error leaves the process but its kind.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from tracker.imports.collecting import seldom_collecting
from tracker.imports.limits import Limits


def restrict(limits: Limits) -> None:
    """Limit this process's memory and processor time, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CPU, limits.cpu_seconds)):
        _, hard = resource.getrlimit(what)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (wanted, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def say(done: int, total: int) -> None:
    """Say how far the reading is."""
    sys.stdout.write(json.dumps({"read": [done, total]}) + "\n")
    sys.stdout.flush()


def answer(stream: BinaryIO, tell: Callable[[int, int], None] = say) -> dict[str, object]:
    """Read one request and return the answer to it."""
    request = json.loads(stream.readline())
    limits = Limits(**request["limits"])
    restrict(limits)
    from tracker.rules.errors import Refusal

    data = stream.read(request["length"])
    try:
        return {"result": _read(request, data, limits, tell)}
    except Refusal as refusal:
        return {"refusal": refusal.sentence}
    except MemoryError:
        return {"failure": "memory"}
    except Exception as error:  # the last resort: the parent logs the kind and says a sentence
        return {"failure": type(error).__name__}


def _read(request: Mapping[str, Any], data: bytes, limits: Limits, tell: Callable[[int, int], None]) -> object:
    """Read a plan, or only the cells of a workbook; each reader is loaded when it is needed."""
    if request.get("what") == "cells":
        from tracker.imports.returned_cells import cells_of

        return cells_of(data, request["filename"], limits)
    from tracker.imports.codec import encoded
    from tracker.imports.mapping import FileMapping
    from tracker.imports.plans import read_plan

    said = FileMapping.from_data(request.get("said", {}))
    return encoded(read_plan(data, request["filename"], limits=limits, said=said, tell=tell))


def main() -> int:
    """Answer one request."""
    sys.dont_write_bytecode = True
    with seldom_collecting():
        sys.stdout.write(json.dumps(answer(sys.stdin.buffer), ensure_ascii=True))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
