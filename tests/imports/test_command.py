"""`tracker import`: what it prints and how it ends, for a plan, a file without one and a file that cannot be opened."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.imports.documents import H, T, document
from tests.imports.workbooks import HEAD, rezipped, workbook
from tracker.cli import cli
from tracker.cli.console import database
from tracker.config import Settings
from tracker.models.engine import transaction
from tracker.rules.permissions import SYSTEM
from tracker.services.import_profiles import save_profile
from tracker.services.plan_milestones import Milestones

PLAN = document(H("Attendance Plan"), T([("Ref", "Action", "Lead", "By when"), ("1.1", "Hire", "HR", "Sep 2025")]))
TEMPLATE = document(T([("Ref", "Action", "Lead", "By when"), ("", "", "", "")]))


@pytest.mark.parametrize(
    ("name", "data", "kind", "code"),
    [
        ("plan.docx", PLAN, "plan", 0),
        ("template.docx", TEMPLATE, "template", 2),
        ("minutes.docx", document("We met."), "not_a_plan", 2),
        ("plan.pdf", b"%PDF-1.7", "unreadable", 2),
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


UNSURE = """Ref,Priority,Milestone,Due date,Lead
T1,Travel,Publish the policy,Dec 2026,Clerk
T2,Travel,Review it,November,Clerk
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_a_plan_with_open_questions_ends_with_3_and_an_answer_settles_them(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(UNSURE)
    shown = run("import", str(tmp_path / "plan.csv"), "--dry-run", "--json")
    assert shown.exit_code == 3
    told = json.loads(shown.stdout)
    assert told["reconciliation"]["needs_decision"] == 1
    [question] = told["questions"]
    answered = run(
        "import", str(tmp_path / "plan.csv"), "--dry-run", "--json", "--decide", f"{question['key']}=on Nov 2026"
    )
    assert answered.exit_code == 0
    assert "questions" not in json.loads(answered.stdout)
    assert '"due": "2026-11-30"' in answered.stdout


def test_a_certificate_names_every_line_and_a_profile_is_used_by_its_name(tmp_path: Path) -> None:
    assert run("init").exit_code == 0
    strange = tmp_path / "strange.csv"
    strange.write_text(
        "Undertaking,Champion,Whenabouts\nThe chair is recruited,Director,Mar 2026\n=1+1,Director,Mar 2026\n"
    )
    assert run("import", str(strange), "--plan", "ours").exit_code == 2
    nowhere = run("import", str(strange), "--plan", "ours", "--profile", "Ours")
    assert (nowhere.exit_code, nowhere.stderr) == (1, "There is no profile Ours. Profiles: none yet.\n")
    keep_profile("Ours", {"undertaking": "action", "champion": "lead", "whenabouts": "due"})
    written = tmp_path / "certificate.csv"
    done = run("import", str(strange), "--plan", "ours", "--profile", "ours", "--certificate", str(written))
    assert done.exit_code == 0, done.output
    rows = list(csv.reader(io.StringIO(written.read_bytes().decode("utf-8-sig"))))
    lines = rows[rows.index(["Line", "Where in the file", "What it says", "What became of it", "Why"]) + 1 :]
    assert [row[3] for row in lines] == ["Left out", "Imported", "Imported"]
    assert lines[2][2] == "'=1+1", "no cell is run as a formula"
    assert ["Profile", "ours"] in rows
    wrong = run("import", str(strange), "--dry-run", "--certificate", str(tmp_path / "certificate.pdf"))
    assert (wrong.exit_code, "as .docx or .csv" in wrong.stderr) == (2, True)


def keep_profile(name: str, columns: dict[str, str]) -> None:
    with database() as engine, transaction(engine) as session:
        save_profile(session, SYSTEM, datetime.now(UTC), "one", name, {"columns": columns}, list(columns))


def test_an_import_that_is_interrupted_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("init").exit_code == 0
    (tmp_path / "plan.csv").write_text(UNSURE)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    kept = Milestones.colour
    monkeypatch.setattr("tracker.services.plan_milestones.Milestones.colour", interrupted)
    assert run("import", str(tmp_path / "plan.csv"), "--plan", "travel").exit_code != 0
    monkeypatch.setattr("tracker.services.plan_milestones.Milestones.colour", kept)
    assert "There is no plan travel" in run("show", "travel").stderr


HOSTILE = {
    "program.xlsx": b"MZ" + bytes(range(256)) * 40,
    "report.xlsx": b"%PDF-1.7",
    "secret.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    "half.docx": PLAN[: len(PLAN) // 2],
    "nothing.xlsx": b"",
    "entities.docx": rezipped(
        PLAN, {"word/document.xml": lambda xml: xml.replace(b"?>", b'?><!DOCTYPE d [<!ENTITY e "e">]>', 1)}
    ),
    "bomb.xlsx": rezipped(workbook(("Plan", [HEAD])), extra={"xl/media/image1.bin": "0" * 50_000_000}),
    "outside.xlsx": rezipped(workbook(("Plan", [HEAD])), extra={"../../outside": "x"}),
    "..\\..\\large.csv": b"Ref,Action\n" + b"x" * 11_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_would_do_harm_is_refused_in_one_sentence_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name])
    assert run("init").exit_code == 0
    folder = Settings.from_environment().data_dir
    before = left_in(folder)
    refused = run("import", str(tmp_path / name), "--plan", "ours")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
    assert refused.stderr.endswith(".\n")
    assert not any(word in refused.stderr for word in ("Error", "Traceback", "openpyxl", "zipfile"))
    assert left_in(folder) == before
    assert "There is no plan ours" in run("show", "ours").stderr


def left_in(folder: Path) -> list[str]:
    """Return the files of the data folder, but for those with which SQLite works."""
    return sorted(path.name for path in folder.rglob("*") if not path.name.endswith(("-wal", "-shm")))
