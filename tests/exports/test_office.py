"""PDF and OpenDocument through LibreOffice: tagged, in English, and nothing left behind whatever happens."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from tests.exports.sample import report_facts
from tracker.exports import build_report, render
from tracker.exports.office import MISSING, NoOffice, OfficeFailed, convert, office

needs_office = pytest.mark.skipif(office() is None, reason="LibreOffice is not installed")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep temporary files where the test can count them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def a_program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program called soffice first on the path, and no other."""
    place = folder / "bin"
    place.mkdir()
    program = place / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}/usr/bin{os.pathsep}/bin")


@needs_office
def test_a_pdf_is_tagged_and_says_its_title_and_its_language(own_folder: Path) -> None:
    report = build_report(report_facts(marking="OFFICIAL"))
    made = render(report, "pdf")
    file = own_folder / "made.pdf"
    file.write_bytes(made)
    told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Tagged:\s+yes", told, re.MULTILINE)
    assert report.title in told
    assert b"en-GB" in made
    assert b"/pdfuaid" in made or b"pdfuaid:part" in made
    words = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    pages = words.rstrip("\f").split("\f")
    assert all("OFFICIAL" in page for page in pages)
    assert list(own_folder.iterdir()) == [file]


@needs_office
@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("odt", "application/vnd.oasis.opendocument.text"),
        ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ],
)
def test_an_open_document_holds_the_words_of_the_report(name: str, mime: str) -> None:
    with zipfile.ZipFile(io.BytesIO(render(build_report(report_facts()), name))) as archive:
        assert archive.read("mimetype").decode() == mime
        assert "SEND Practice Week" in archive.read("content.xml").decode()


def test_without_the_program_a_sentence_says_what_to_do(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(own_folder))
    monkeypatch.setattr("tracker.exports.office.PLACES", ())
    with pytest.raises(NoOffice) as refused:
        convert(b"", "docx", "pdf")
    assert refused.value.sentence == MISSING


def test_a_run_that_takes_too_long_is_ended_with_what_it_started(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = own_folder / "child"
    a_program(own_folder, f"sleep 60 & echo $! > {told}; wait", monkeypatch)
    with pytest.raises(OfficeFailed, match=r"took longer than 0\.5 seconds"):
        convert(b"", "docx", "pdf", seconds=0.5)
    child = int(told.read_text())
    for _ in range(50):
        if not Path(f"/proc/{child}").exists() or "\nState:\tZ" in Path(f"/proc/{child}/status").read_text():
            break
        time.sleep(0.05)
    else:
        pytest.fail("what it started still runs")
    assert sorted(path.name for path in own_folder.iterdir()) == ["bin", "child"]


_SECOND_TIME = """
seen="$(dirname "$0")/seen"
[ -e "$seen" ] || { touch "$seen"; exit 1; }
for word; do folder="$before"; before="$word"; done
mkdir -p "$folder" && echo made > "$folder/report.pdf"
"""


def test_a_run_that_ends_without_a_file_is_made_once_more(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(own_folder, _SECOND_TIME, monkeypatch)
    assert convert(b"document", "docx", "pdf") == b"made\n"


def test_a_run_that_writes_nothing_is_refused(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(own_folder, "exit 1", monkeypatch)
    with pytest.raises(OfficeFailed, match="did not write the file"):
        convert(b"", "docx", "pdf")
    assert [path.name for path in own_folder.iterdir()] == ["bin"]
