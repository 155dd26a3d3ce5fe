"""`tracker import`: what it prints and how it ends, for a plan, a file without one and a file that cannot be opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.imports.documents import H, T, document
from tracker.cli import cli

PLAN = document(H("Attendance Plan"), T([("Ref", "Action", "Lead", "By when"), ("1.1", "Hire", "HR", "Sep 2025")]))
TEMPLATE = document(T([("Ref", "Action", "Lead", "By when"), ("", "", "", "")]))


@pytest.mark.parametrize(
    ("name", "data", "kind", "code"),
    [
        ("plan.docx", PLAN, "plan", 0),
        ("template.docx", TEMPLATE, "template", 2),
        ("minutes.docx", document("We met."), "not_a_plan", 2),
        ("plan.pdf", b"%PDF-1.7", "not_a_plan", 2),
    ],
)
def test_a_dry_run_prints_what_the_file_is_and_ends_with_2_without_a_plan(
    tmp_path: Path, name: str, data: bytes, kind: str, code: int
) -> None:
    (tmp_path / name).write_bytes(data)
    run = CliRunner().invoke(cli, ["import", str(tmp_path / name), "--dry-run", "--json"])
    assert run.exit_code == code
    shown = json.loads(run.stdout)
    assert shown["kind"] == kind
    totals = shown["reconciliation"]
    assert totals["lines"] == sum(count for each, count in totals.items() if each != "lines")
    assert kind == "plan" or shown["problems"][0]["what"].endswith(".")


def test_in_words_a_refusal_is_one_sentence_and_a_plan_is_counted(tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.7")
    refused = CliRunner().invoke(cli, ["import", str(tmp_path / "plan.pdf"), "--dry-run"])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("This is a PDF")
    (tmp_path / "plan.docx").write_bytes(PLAN)
    told = CliRunner().invoke(cli, ["import", str(tmp_path / "plan.docx"), "--dry-run"]).stdout
    assert "1 priorities, 1 workstreams, 1 actions, 1 milestones" in told
    assert "Document table 1 A1 left out: column headings" in told
