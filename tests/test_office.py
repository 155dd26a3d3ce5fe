"""The reports in an office suite that is not the one they were made for: they open, and say what they should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.exports.sample import report_facts
from tracker.exports import build_report, render


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Convert the sample report from Word and Excel to PDF in LibreOffice; return the folder of the results."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip(
            "LibreOffice is not installed (Debian: apt install libreoffice-writer-nogui libreoffice-calc-nogui)"
        )
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (Debian: apt install poppler-utils)")
    folder = tmp_path_factory.mktemp("office")
    report = build_report(report_facts())
    for kind in ("docx", "xlsx"):
        source = folder / f"{kind}.{kind}"
        source.write_bytes(render(report, kind))
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        command = [office, "--headless", "--norestore", profile, "--convert-to", "pdf", "--outdir", folder, source]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180)
        assert (folder / f"{kind}.pdf").exists(), done.stdout + done.stderr
    return folder


def text_of(pdf: Path) -> str:
    """Return the text of a PDF on one line."""
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True)
    return " ".join(done.stdout.split())


def pages_of(pdf: Path) -> int:
    """Return the number of pages of a PDF."""
    done = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True)
    found = re.search(r"^Pages:\s+(\d+)", done.stdout, re.MULTILINE)
    assert found
    return int(found[1])


def test_the_word_report_opens_with_its_headings_and_its_headline(converted: Path) -> None:
    report = build_report(report_facts())
    said = text_of(converted / "docx.pdf")
    assert report.plan_title in said
    for section in report.sections:
        if section.key != "front":
            assert section.title in said, section.key
    assert report.headline.word in said
    assert 5 <= pages_of(converted / "docx.pdf") <= 60


def test_the_excel_report_opens_with_every_milestone_and_no_error(converted: Path) -> None:
    facts = report_facts()
    said = text_of(converted / "xlsx.pdf")
    for wrong in ("#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "Err:5"):
        assert wrong not in said
    assert facts.snapshot.plan.title in said
    assert not [row.full_ref for row in facts.milestones if row.full_ref not in said]
