"""PDF and OpenDocument through LibreOffice, where it is installed on the machine that makes the report.

Each run has a profile and a folder of its own, for two runs with one profile spoil each other, and a time limit after
which LibreOffice is ended with everything that it started.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore

from tracker.rules.errors import Refusal

SECONDS = 90
NAMES = ("soffice", "libreoffice")
PLACES = (
    Path("C:/Program Files/LibreOffice/program/soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
# A tagged file that says its title and language, and holds to PDF/UA-1.
_PDF = {
    "UseTaggedPDF": True,
    "PDFUACompliance": True,
    "ExportBookmarks": True,
    "DisplayPDFDocumentTitle": True,
    "UseReferenceXObject": False,
}
_FILTERS = {
    "pdf": "pdf:writer_pdf_Export:"
    + json.dumps({name: {"type": "boolean", "value": str(value).lower()} for name, value in _PDF.items()}),
    "odt": "odt:writer8",
    "ods": "ods:calc8",
}
MISSING = (
    "PDF, OpenDocument text and OpenDocument spreadsheet need LibreOffice, which is not installed where the tracker "
    "runs. Download the Word or Excel file and save it as that from Word or Excel, or ask whoever runs the tracker to "
    "install LibreOffice."
)
_TRIES = 2
_turns = BoundedSemaphore(2)  # each run takes a core and some hundred megabytes


class NoOffice(Refusal):
    """LibreOffice is not installed."""

    def __init__(self) -> None:
        super().__init__(MISSING)


class OfficeFailed(Refusal):
    """LibreOffice wrote nothing, or took too long."""


def office() -> str | None:
    """Return the program, None where it is not installed."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((str(place) for place in PLACES if place.exists()), None)


def convert(data: bytes, ending: str, to: str, *, seconds: float = SECONDS) -> bytes:
    """Return a document ("docx", "xlsx") in another format ("pdf", "odt", "ods").

    Where LibreOffice ends without a file, as it now and then does on a busy machine, it is asked once more. Raises
    NoOffice where it is not installed, OfficeFailed where it fails twice or takes longer than `seconds`.
    """
    program = office()
    if program is None:
        raise NoOffice
    for _ in range(_TRIES):
        made = _converted(program, data, ending, to, seconds)
        if made:
            return made
    raise OfficeFailed("LibreOffice did not write the file. Download the Word or Excel file instead.")


def _converted(program: str, data: bytes, ending: str, to: str, seconds: float) -> bytes:
    """Return what one run makes of a document; nothing where it wrote no file."""
    with _turns, TemporaryDirectory(prefix="tracker-office-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        source, made = place / f"report.{ending}", place / "out" / f"report.{to}"
        source.write_bytes(data)
        asked = [
            program,
            f"-env:UserInstallation={(place / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            _FILTERS[to],
            "--outdir",
            str(made.parent),
            str(source),
        ]
        _run(asked, place, seconds)
        return made.read_bytes() if made.is_file() else b""


def _run(asked: list[str], folder: Path, seconds: float) -> None:
    """Run a program to its end; past the time limit end it with everything that it started."""
    away = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 (the program that `office` found, and names that are ours)
        asked, cwd=folder, start_new_session=True, stdin=away, stdout=away, stderr=away
    ) as process:
        try:
            process.wait(seconds)
        except BaseException as problem:
            _end(process)
            if isinstance(problem, subprocess.TimeoutExpired):
                raise OfficeFailed(
                    f"LibreOffice took longer than {seconds:g} seconds and was ended. "
                    "Try again, or download the Word or Excel file instead."
                ) from problem
            raise


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
