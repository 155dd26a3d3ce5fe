"""A lead's workbook in another office suite: through LibreOffice to .ods and back, with edits made in between."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.lead_workbooks import bring_back, opened, outcomes, sent
from tests.services import acts
from tracker.models import Plan
from tracker.rules.permissions import SYSTEM

TEXT = "- A list, with “marks” & <tags>\nand  a second line\n=1+1"


def office(source: Path, to: str, folder: Path) -> Path:
    """Convert a file in LibreOffice; return the result."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        pytest.skip("LibreOffice is not installed (Debian: apt install libreoffice-calc-nogui)")
    target = folder / to
    target.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [found, "--headless", "--norestore", profile, "--convert-to", to, "--outdir", target, source]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    made = target / f"{source.stem}.{to}"
    assert made.exists(), done.stdout + done.stderr
    return made


@pytest.fixture
def plan(session: Session) -> Plan:
    lines = [
        milestone_line(str(number), text=f"Deliverable {number} & <more>", date="Dec 2025") for number in range(1, 5)
    ]
    plan = factories.plan(session, *lines, effective=acts.at(factories.ADOPTED))
    for row in factories.milestones_of(session, plan)[:2]:
        acts.update(session, SYSTEM, row, progress=TEXT, impact="12", help_needed="1/2")
    return plan


def test_a_workbook_survives_ods_and_back_with_what_was_typed_in_between(
    session: Session, plan: Plan, tmp_path: Path
) -> None:
    first = tmp_path / "lead.xlsx"
    first.write_bytes(sent(session, plan))
    untouched = office(first, "ods", tmp_path)
    assert outcomes(bring_back(session, SYSTEM, plan, untouched.read_bytes())) == {}
    back = office(untouched, "xlsx", tmp_path)
    assert outcomes(bring_back(session, SYSTEM, plan, back.read_bytes())) == {}
    _still_asks(back)
    book = opened(back.read_bytes())
    book.set("1a.1", state="At risk", reason="Staff", forecast="Jan 2026").set(
        "1a.3", state="On track", progress="Begun"
    )
    book.sheet.cell(book.row_of("1a.4"), book.columns["help"]).value = "=1/0"
    book.reorder(list(reversed(book.rows)))
    edited = tmp_path / "edited.xlsx"
    edited.write_bytes(book.saved())
    again = office(edited, "ods", tmp_path)
    result = bring_back(session, SYSTEM, plan, again.read_bytes())
    assert outcomes(result) == {"applied": 5, "refused": 1}
    rows = factories.milestones_of(session, plan)
    assert (rows[0].confidence_reason, rows[0].forecast_text, rows[0].progress) == ("Staff", "Jan 2026", TEXT)
    assert (rows[2].confidence, rows[2].progress) == ("on_track", "Begun")
    last = office(again, "xlsx", tmp_path)
    assert outcomes(bring_back(session, SYSTEM, plan, last.read_bytes())) == {"refused": 1}


def _still_asks(path: Path) -> None:
    """Fail unless drop-downs, protection, hidden parts and properties are still there."""
    book = load_workbook(path)
    sheet = book["Update"]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert any("Will miss its date" in (rule.formula1 or "") for rule in lists)
    assert any(rule.promptTitle for rule in sheet.data_validations.dataValidation)
    assert sheet.protection.sheet
    assert not sheet.protection.password
    key = next(cell for cell in sheet[3] if cell.value == "key")
    assert sheet.column_dimensions[key.column_letter].hidden
    assert sheet.row_dimensions[3].hidden
    assert book["About this file"].sheet_state != "visible"
    assert sheet.auto_filter.ref
    assert "tracker_plan" in {prop.name for prop in book.custom_doc_props.props}
    assert sheet.print_title_rows
