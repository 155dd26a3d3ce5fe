"""The formats: names, mime types, and that no office library is loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.exports.sample import report_facts
from tracker.exports import FORMATS, build_report, file_name, render


def test_a_file_name_says_plan_and_day() -> None:
    report = build_report(report_facts())
    assert file_name(report, "docx") == "send-improvement-plan-highlight-report-2025-11-21.docx"
    assert file_name(report, "csv") == "send-improvement-plan-register-2025-11-21.csv"


@pytest.mark.parametrize("name", [name for name, made in FORMATS.items() if not made.source])
def test_every_format_renders(name: str) -> None:
    assert render(build_report(report_facts()), name)
    assert FORMATS[name].mime


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(KeyError):
        render(build_report(report_facts()), "wordperfect")


def test_office_libraries_are_loaded_only_when_asked_for() -> None:
    office = "{'docx', 'xlsxwriter', 'pptx', 'openpyxl', 'lxml'}"
    asked = f"import sys, tracker.exports; print(sorted({office} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
