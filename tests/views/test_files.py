"""Whatever file is sent: a sentence where it will not do, nothing half written, nothing run."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.views.visitor import Visitor, explained, in_the_box
from tests.views.world import World, contents
from tracker.models import Evidence

Visit = Callable[[str], Visitor]
DAY = {"completed-day": "9", "completed-month": "9", "completed-year": "2025"}


def workbook() -> bytes:
    """Return a workbook with one plan."""
    made, file = Workbook(), BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in (["Ref", "Priority", "Milestone", "Due date", "Lead"], ["T1", "Travel", "A policy", "Dec 2026", "Head"]):
        sheet.append(row)
    made.save(file)
    return file.getvalue()


def with_macros() -> bytes:
    """Return a workbook with a part of macros in it."""
    file = BytesIO(workbook())
    with ZipFile(file, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0macro")
    return file.getvalue()


def bomb() -> bytes:
    """Return a small archive that would unpack to a gigabyte."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    return file.getvalue()


FILES: dict[str, Callable[[], tuple[bytes, str]]] = {
    "empty": lambda: (b"", "plan.xlsx"),
    "a picture": lambda: (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "plan.xlsx"),
    "truncated": lambda: (workbook()[:-400], "plan.xlsx"),
    "encrypted": lambda: (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096, "plan.xlsx"),
    "old workbook": lambda: (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096, "plan.xls"),
    "an empty archive": lambda: (b"PK\x05\x06" + b"\x00" * 18, "plan.xlsx"),
    "a bomb": lambda: (bomb(), "plan.xlsx"),
    "a program": lambda: (b"MZ" + b"\x00" * 100, "plan.exe"),
    "no name": lambda: (workbook(), "..."),
}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(visit: Visit, watch: Engine, kind: str) -> None:
    before = contents(watch)
    visitor = visit("manager")
    data, name = FILES[kind]()
    page = visitor.submit(visitor.visit("/import"), {"file": (BytesIO(data), name)}, to="/import", follow=False)
    explained(page)
    for word in ("Traceback", "openpyxl", "zipfile", "BadZip", "Error(", "/tmp"):
        assert word not in page.text
    assert contents(watch) == before


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.xlsm"])
def test_macros_in_a_workbook_are_refused_or_left_aside(visit: Visit, watch: Engine, name: str) -> None:
    before = contents(watch)
    visitor = visit("manager")
    file = (BytesIO(with_macros()), name)
    page = visitor.submit(visitor.visit("/import"), {"file": file}, to="/import")
    assert page.status in {200, 422}
    changed = {table for table, rows in contents(watch).items() if rows != before[table]}
    assert changed <= {"import_batch", "import_part", "import_job", "form_token"}


@pytest.mark.parametrize("sent", [{"pasted": "Dear all,\nsee you on Monday"}, {"file": "plan.xlsx"}, {"file": "a.csv"}])
def test_a_text_without_a_plan_is_shown_as_such_and_cannot_be_applied(
    visit: Visit, watch: Engine, sent: dict[str, Any]
) -> None:
    visitor = visit("manager")
    if "file" in sent:
        sent = {"file": (BytesIO(b"Dear all, see you on Monday"), sent["file"])}
    page = visitor.submit(visitor.visit("/import"), sent, to="/import")
    if page.status == 422:
        explained(page)
        return
    assert "Nothing was changed." in page.words
    assert not page.find("//form[contains(@action, '/apply')]")
    before = contents(watch)
    refused = visitor.send(f"{page.response.request.path}/apply")
    assert refused.status == 400
    assert "There is no plan in this file" in refused.words
    assert contents(watch) == before


def test_a_workbook_of_several_megabytes_is_read_and_a_larger_one_is_refused(visit: Visit, watch: Engine) -> None:
    visitor = visit("manager")
    opened = visitor.visit("/import")
    padded = BytesIO(workbook())
    with ZipFile(padded, "a") as archive:
        archive.writestr("xl/media/picture.png", bytes(range(256)) * 12_000)
    page = visitor.submit(opened, {"file": (BytesIO(padded.getvalue()), "plan.xlsx")}, to="/import", follow=False)
    assert page.status == 303
    before = contents(watch)
    opened = visitor.visit("/import")
    page = visitor.submit(opened, {"file": (BytesIO(b"x" * 12_000_000), "plan.xlsx")}, to="/import", follow=False)
    assert page.status == 413
    assert "larger" in page.words
    assert contents(watch) == before


@pytest.mark.parametrize("fields", [{"title": "x" * 1_500_000}, {f"field{n}": "x" for n in range(100_000)}])
def test_a_form_that_is_too_large_is_refused(visit: Visit, watch: Engine, fields: dict[str, Any]) -> None:
    before = contents(watch)
    page = visit("manager").send("/plans/alpha/settings", fields)
    assert page.status == 413
    assert contents(watch) == before


EVIDENCE = {
    "empty": (b"", "minutes.pdf"),
    "a program": (b"MZ\x90", "minutes.exe"),
    "a page": (b"<html><script>alert(1)</script>", "minutes.html"),
    "a drawing": (b"<svg onload=alert(1)>", "minutes.svg"),
    "no pdf": (b"<html>", "minutes.pdf"),
    "two endings": (b"<html>", "minutes.pdf.html"),
    "no ending": (b"%PDF-1.7", "minutes"),
    "too large": (b"%PDF-" + b"x" * (10 * 1024 * 1024 + 1), "minutes.pdf"),
}


@pytest.mark.parametrize("kind", sorted(EVIDENCE))
def test_a_file_that_cannot_be_evidence_is_refused_in_a_sentence(
    visit: Visit, world: World, watch: Engine, kind: str
) -> None:
    before = contents(watch)
    visitor = visit("lead")
    address = f"/milestones/{world.milestones['5']}/claim"
    data, name = EVIDENCE[kind]
    told = {**DAY, "progress": "A long text", "evidence_file": (BytesIO(data), name)}
    page = visitor.submit(visitor.visit(address), told, to=address, follow=False)
    explained(page)
    assert in_the_box(page, "progress") == "A long text"
    assert contents(watch) == before


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.pdf",
        "..\\..\\boot.pdf",
        "/etc/x.pdf",
        "C:\\x.pdf",
        "a\x00b.pdf",
        "x" * 300 + ".pdf",
    ],
)
def test_the_name_of_a_file_never_says_where_it_is_kept(
    visit: Visit, world: World, data_folder: Any, name: str
) -> None:
    visitor = visit("lead")
    address = f"/milestones/{world.milestones['5']}/claim"
    told = {**DAY, "progress": "Done", "evidence_file": (BytesIO(b"%PDF-1.7"), name)}
    page = visitor.submit(visitor.visit(address), told, to=address)
    assert page.status == 200
    link = page.find("//a[contains(@href, '/evidence/') and not(contains(@href, '/withdraw'))]/@href")[-1]
    answer = visitor.get(link).response
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert not set("/\\") & set(answer.headers["Content-Disposition"].partition("filename=")[2])
    assert {len(path.name) for path in (data_folder / "evidence").iterdir()} == {32}


def test_evidence_that_is_a_link_is_no_file_to_download(visit: Visit, world: World, watch: Engine) -> None:
    with Session(watch) as session:
        query = select(Evidence.id).where(Evidence.milestone_id == world.milestones["2"], Evidence.stored_name == "")
        link = session.scalars(query).one()
    page = visit("lead").get(f"/milestones/{world.milestones['2']}/evidence/{link}")
    assert page.status == 404
    assert "There is no such file." in page.words
