"""Reading a file in a process of its own, so that no file can take the server's memory or time."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from tracker.imports.codec import decoded
from tracker.imports.limits import Limits
from tracker.imports.result import ImportResult
from tracker.rules.errors import Refusal

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[2]
_TOO_MUCH = (
    "The file took too long to read, or needs too much memory, and was stopped. Copy the plan's rows into a new "
    "workbook (Paste Special, Values) or document and upload that."
)
_UNREADABLE = (
    "The file could not be read, although it looks like a workbook or document. Open it in Excel or Word, save it "
    "under a new name and upload that file. If that does not help, send the file to whoever looks after this service."
)


def read_plan_in_child(data: bytes, filename: str, *, limits: Limits = Limits()) -> ImportResult:  # noqa: B008 - frozen
    """Read a file as `read_plan` does, in a child process with limits on memory, processor time and time.

    Raises Refusal with a sentence for the person who uploaded the file, also where the process was stopped.
    """
    if len(data) > limits.file_size:
        raise Refusal(
            f"The file has {len(data) / 1_048_576:.1f} MB; at most {limits.file_size // 1_048_576} MB can be read. "
            "Take out pictures and sheets that are not part of the plan, and upload it again."
        )
    head = {"filename": filename, "length": len(data), "limits": dataclasses.asdict(limits)}
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
            output, errors = process.communicate(request, timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            _log.warning("Reading an uploaded file was stopped after %s seconds.", limits.wall_seconds)
            raise Refusal(_TOO_MUCH) from None
    if process.returncode != 0:
        _log.warning(
            "Reading an uploaded file ended with %s: %s", process.returncode, errors[-500:].decode("ascii", "replace")
        )
        raise Refusal(_TOO_MUCH if process.returncode < 0 or b"MemoryError" in errors else _UNREADABLE)
    return _answered(output)


def _answered(output: bytes) -> ImportResult:
    try:
        answer = json.loads(output)
        if "refusal" in answer:
            raise Refusal(str(answer["refusal"]))
        if "failure" in answer:
            _log.warning("Reading an uploaded file failed: %s", answer["failure"])
            raise Refusal(_TOO_MUCH if answer["failure"] == "memory" else _UNREADABLE)
        return decoded(answer["result"])
    except (ValueError, KeyError):
        _log.warning("Reading an uploaded file gave no answer.")
        raise Refusal(_UNREADABLE) from None


def _environment() -> dict[str, str]:
    """Return the least that an interpreter needs: no secret of the server reaches the process that opens the file."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP", "PYTHONTZPATH") if name in os.environ}
    python = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | python | {"OPENPYXL_LXML": "False"}  # lxml would take the place of defusedxml, and time to load
