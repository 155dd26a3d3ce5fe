"""Reading a file in a process of its own, so that no file can take the server's memory or time."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from tracker.imports.builder import Tell, silent
from tracker.imports.codec import decoded
from tracker.imports.limits import Limits
from tracker.imports.mapping import FileMapping
from tracker.imports.result import ImportResult
from tracker.rules.errors import Refusal

_log = logging.getLogger(__name__)
_LISTENING = 0.4  # seconds from one word about the progress to the next, at most
_ROOT = Path(__file__).resolve().parents[2]
_TOO_MUCH = (
    "The file took too long to read, or needs too much memory, and was stopped. Copy the plan's rows into a new "
    "workbook (Paste Special, Values) or document and upload that."
)
_UNREADABLE = (
    "The file could not be read, although it looks like a workbook or document. Open it in Excel or Word, save it "
    "under a new name and upload that file. If that does not help, send the file to whoever looks after this service."
)


def read_plan_in_child(
    data: bytes,
    filename: str,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    said: FileMapping | None = None,
    tell: Tell | None = None,
) -> ImportResult:
    """Read a file as `read_plan` does, in a child process with limits on memory, processor time and time.

    Raises Refusal with a sentence for the person who uploaded the file, also where the process was stopped. `tell` is
    called at least twice a second with the lines read and the rows in all; what it raises stops the process.
    """
    return answered(answer_of_child(data, filename, limits=limits, said=said, tell=tell))


def answer_of_child(
    data: bytes,
    filename: str,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    said: FileMapping | None = None,
    tell: Tell | None = None,
) -> bytes:
    """Return what the reading process answers, for `answered`; raises Refusal where it was stopped or broke."""
    return _asked(data, filename, limits, {"said": said.to_data() if said else {}}, tell or silent)


def read_cells_in_child(data: bytes, filename: str, *, limits: Limits = Limits()) -> list[dict[str, Any]]:  # noqa: B008
    """Read the cells of a workbook as `returned_cells.cells_of` does, in a child process with the same limits."""
    found: list[dict[str, Any]] = _answer(_asked(data, filename, limits, {"what": "cells"}, silent))
    return found


def _asked(data: bytes, filename: str, limits: Limits, more: Mapping[str, Any], tell: Tell) -> bytes:
    """Return what the reading process answers to a request. Raises Refusal where it was stopped or failed."""
    if len(data) > limits.file_size:
        raise Refusal(
            f"The file has {len(data) / 1_048_576:.1f} MB; at most {limits.file_size // 1_048_576} MB can be read. "
            "Take out pictures and sheets that are not part of the plan, and upload it again."
        )
    head = {"filename": filename, "length": len(data), "limits": dataclasses.asdict(limits), **more}
    request = json.dumps(head).encode() + b"\n" + data
    with subprocess.Popen(
        [sys.executable, "-m", "tracker.imports.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        cwd=_ROOT,
    ) as process:
        try:
            output, errors = _listened(process, request, limits.wall_seconds, tell)
        except subprocess.TimeoutExpired:
            _log.warning("Reading an uploaded file was stopped after %s seconds.", limits.wall_seconds)
            raise Refusal(_TOO_MUCH) from None
        finally:
            process.kill()
    if process.returncode != 0:
        _log.warning(
            "Reading an uploaded file ended with %s: %s", process.returncode, errors[-500:].decode("ascii", "replace")
        )
        raise Refusal(_TOO_MUCH if process.returncode < 0 or b"MemoryError" in errors else _UNREADABLE)
    return output


def _listened(process: subprocess.Popen[bytes], request: bytes, seconds: float, tell: Tell) -> tuple[bytes, bytes]:
    """Send the request and pass on what the process says of its progress; return its last line and its errors.

    Pipes are read in threads, as a pipe cannot be waited for on every system. Raises TimeoutExpired.
    """
    lines: SimpleQueue[bytes] = SimpleQueue()
    errors: list[bytes] = []
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    ears = (
        Thread(target=_write, args=(process.stdin, request), daemon=True),
        Thread(target=_read_lines, args=(process.stdout, lines), daemon=True),
        Thread(target=lambda pipe: errors.append(pipe.read()), args=(process.stderr,), daemon=True),
    )
    for ear in ears:
        ear.start()
    until = time.monotonic() + seconds
    known, last = (0, 0), b""
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise subprocess.TimeoutExpired(process.args, seconds)
        with suppress(Empty):
            line = lines.get(timeout=min(left, _LISTENING))
            if not line:
                break
            known, last = _heard(line) or known, line
        tell(*known)
    process.wait(max(until - time.monotonic(), 1.0))
    for ear in ears:
        ear.join()
    return last, b"".join(errors)


def _write(pipe: IO[bytes], request: bytes) -> None:
    with suppress(OSError), pipe:  # a process that has ended takes nothing more
        pipe.write(request)


def _read_lines(pipe: IO[bytes], lines: SimpleQueue[bytes]) -> None:
    for line in pipe:
        lines.put(line)
    lines.put(b"")


def _heard(line: bytes) -> tuple[int, int] | None:
    """Return the lines read and the rows in all, None if a line says something else."""
    if not line.startswith(b'{"read"'):
        return None
    done, total = json.loads(line)["read"]
    return int(done), int(total)


def answered(output: bytes) -> ImportResult:
    """Return the result that an answer of the reading process gives; raises Refusal if it gives none."""
    try:
        return decoded(_answer(output))
    except (ValueError, KeyError):
        _log.warning("Reading an uploaded file gave no answer.")
        raise Refusal(_UNREADABLE) from None


def _answer(output: bytes) -> Any:
    """Return the result that the reading process gave. Raises Refusal with its sentence if it gave none."""
    try:
        answer = json.loads(output)
        if "refusal" in answer:
            raise Refusal(str(answer["refusal"]))
        if "failure" in answer:
            _log.warning("Reading an uploaded file failed: %s", answer["failure"])
            raise Refusal(_TOO_MUCH if answer["failure"] == "memory" else _UNREADABLE)
        return answer["result"]
    except (ValueError, KeyError):
        _log.warning("Reading an uploaded file gave no answer.")
        raise Refusal(_UNREADABLE) from None


def _environment() -> dict[str, str]:
    """Return the least that an interpreter needs: no secret of the server reaches the process that opens the file."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP", "PYTHONTZPATH") if name in os.environ}
    python = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | python | {"OPENPYXL_LXML": "False"}  # lxml would take the place of defusedxml, and time to load
