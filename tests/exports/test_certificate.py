"""The certificate as Word and as CSV: the same lines and totals as on screen, and no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from docx import Document

from tracker.exports.certificate import certificate_file
from tracker.rules.certificate import Certificate, Fate, SourceFate

NOW = datetime(2025, 9, 10, 9, 30, tzinfo=UTC)
MADE = Certificate(
    "../../The plan (final).xlsx",
    "ab" * 32,
    NOW,
    "Improvement manager",
    "The alpha plan",
    "2",
    "The travel team",
    (
        SourceFate("Plan A1", "Ref | Action", Fate.LEFT_OUT, "column headings"),
        SourceFate("Plan B2", "=cmd|'/c calc'!A1", Fate.IMPORTED),
        SourceFate("Plan B3", "November\x0b: Agree", Fate.NEEDS_DECISION, "Which year?"),
    ),
)
TOLD = ["The alpha plan, version 2", "10 September 2025 at 10:30", "Improvement manager", "The travel team", "ab" * 32]


def test_the_csv_holds_every_line_and_the_totals_and_runs_nothing() -> None:
    content, mime, name = certificate_file(MADE, "csv", NOW)
    assert name == "certificate-The-plan-final.csv"
    assert mime.startswith("text/csv")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    values = dict(row for row in rows if len(row) == 2)
    assert {values["Imported"], values["Merged"], values["Needs decision"], values["Left out"]} == {"1", "0"}
    assert all(any(told in value for value in values.values()) for told in TOLD)
    assert [row[3] for row in rows[-3:]] == ["Left out", "Imported", "Needs decision"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_word_document_says_the_same() -> None:
    content, _, name = certificate_file(MADE, "docx", NOW)
    assert name.endswith(".docx")
    document = Document(io.BytesIO(content))
    about, totals, lines = document.tables
    assert all(any(told in row.cells[1].text for row in about.rows) for told in TOLD)
    assert [row.cells[1].text for row in totals.rows] == ["1", "0", "1", "1", "3"]
    assert [row.cells[3].text for row in lines.rows[1:]] == ["Left out", "Imported", "Needs decision"]
    assert document.core_properties.title.startswith("Reconciliation certificate")


def test_a_certificate_of_what_is_not_applied_says_so() -> None:
    waiting = Certificate("a.csv", "0" * 64, None, "Clerk", "Plan", "", "", ())
    assert b"Not applied yet" in certificate_file(waiting, "csv", NOW)[0]
    assert certificate_file(waiting, "docx", NOW)[0]
    with pytest.raises(KeyError):
        certificate_file(waiting, "pdf", NOW)
