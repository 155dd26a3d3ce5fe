"""One plan in every format that is read gives the same plan; formats that are not read say what to do."""

from __future__ import annotations

import datetime
import sys

import pytest

from tests.imports.documents import T, document
from tests.imports.workbooks import actions, dates, milestones, rezipped, whole, workbook, workstreams
from tracker.imports import read_plan
from tracker.imports.filetype import FileType
from tracker.imports.limits import Limits
from tracker.imports.othersheets import read_other_sheets
from tracker.imports.reading import read_workbook
from tracker.imports.result import ImportResult, Kind
from tracker.rules.errors import Refusal

ROWS = [
    ("Ref", "Action", "Lead", "Deadline", "Status", "Update"),
    ("1.1", "Hire, train and keep staff", "Head of HR", "Sep 2025", "On track", "Posts are out"),
    ("1.10", "Build a café – £5m", "Head of Estates", "Q3 2025/26", "Delayed", "A survey; then a tender"),
]


def separated(mark: str, encoding: str) -> bytes:
    lines = [mark.join(f'"{value}"' if mark in value else value for value in row) for row in ROWS]
    return "\r\n".join(lines).encode(encoding)


def page() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in ROWS)
    return f"<!DOCTYPE html><html><head><title>x</title></head><body><table>{rows}</table></body></html>".encode()


def said(result: ImportResult) -> list[tuple[str, str, list[str], str, str]]:
    """Return what a plan says of each action."""
    return [
        (each.ref, each.text, [lead.post for lead in each.leads], each.status_text, mile.date)
        for each, mile in zip(actions(result), milestones(result), strict=True)
    ]


EXPECTED = [(row[0], row[1], [row[2]], row[4], row[3]) for row in ROWS[1:]]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_separated_text_reads_the_same_whatever_separates_it_and_stores_its_letters(mark: str, encoding: str) -> None:
    result = read_plan(separated(mark, encoding), "plan.csv")
    assert said(result) == EXPECTED
    assert whole(result)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(workbook(("Plan", ROWS)), "plan.xlsx", id="xlsx"),
        pytest.param(document(T(ROWS)), "plan.docx", id="docx"),
        pytest.param(page(), "plan.html", id="html"),
        pytest.param(page(), "plan.xls", id="html named as a workbook"),
    ],
)
def test_one_plan_reads_the_same_from_every_format(data: bytes, name: str) -> None:
    assert said(read_plan(data, name)) == EXPECTED


def test_a_workbook_with_macros_is_read_without_them() -> None:
    kinds = lambda xml: xml.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")  # noqa: E731
    data = rezipped(
        workbook(("Plan", ROWS)), {"[Content_Types].xml": kinds}, extra={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"}
    )
    assert said(read_plan(data, "plan.xlsm")) == EXPECTED


def test_a_list_copied_without_a_table_is_lines() -> None:
    text = "Our plan\n\n1. Recruit, train\nLead: Head of HR\nDeadline: Sep 2025\n\n2. Build\nLead: Ann\nDeadline: TBC\n"
    result = read_plan(text.encode(), "pasted.csv")
    assert [(each.ref, each.text) for each in actions(result)] == [("1", "Recruit, train"), ("2", "Build")]
    assert dates(result) == {"Recruit, train": "Sep 2025", "Build": "TBC"}
    assert whole(result)


def test_a_web_page_gives_headings_merged_cells_lists_and_colours() -> None:
    text = """<html><body><h1>Digital Action Plan</h1><h2>Theme 1: Access</h2><table>
    <tr><th>No</th><th>Objective</th><th>What will we do?</th><th>Who?</th><th>When?</th><th>Status</th></tr>
    <tr><td>1</td><td rowspan=2>Reach</td><td><ul><li>Build a portal</li><li>Test it</li></ul></td><td>IT</td>
    <td><p>Sep 2025</p><p>Oct 2025</p></td><td style="background-color:#00b050"></td></tr>
    <tr><td>2</td><td>Launch &amp; promote</td><td>Comms</td><td>Nov 2025</td><td bgcolor=red>&nbsp;</td></tr>
    </table></body></html>"""
    result = read_plan(text.encode(), "page.html")
    assert result.document.title == "Digital Action Plan"
    (area,) = result.document.priorities
    assert (area.title, [each.title for each in workstreams(result)]) == ("Access", ["Reach"])
    assert dates(result) == {"Build a portal": "Sep 2025", "Test it": "Oct 2025", "Launch & promote": "Nov 2025"}
    assert [each.status_text for each in actions(result)] == ["Green (cell colour)"] * 2 + ["Red (cell colour)"]
    assert str(actions(result)[2].source) == "Document table 1 C3"


def test_a_page_that_never_closes_its_tags_and_hides_scripts_is_still_read() -> None:
    text = "<table><tr><td>Action<td>Lead<td>Deadline<script>alert(1)</script><tr><td>Act<td>Ann<td>Sep 2025"
    result = read_plan(text.encode(), "page.html")
    assert dates(result) == {"Act": "Sep 2025"}


# ------------------------------------------------------------------ older workbooks and OpenDocument
class _Sheet:
    """A sheet as python-calamine gives it."""

    start = (0, 1)
    name = "Plan"
    merged_cell_ranges = (((1, 1), (2, 1)),)

    def iter_rows(self) -> list[list[object]]:
        month = datetime.date(2025, 9, 1)
        return [
            ["Theme", "Action", "Lead", "Deadline", "Done"],
            ["People", "Hire", "HR", month, 0.5],
            ["", "Train", "HR", datetime.datetime(2025, 10, 1, 9, 0), True],  # noqa: DTZ001
            ["", "#REF!", "", "", ""],
        ]


def test_sheets_of_the_other_reader_keep_their_places_merges_and_months() -> None:
    from tracker.imports.othersheets import _sheet

    grid = _sheet(_Sheet(), hidden=False, limits=Limits())
    assert [cell.address for cell in grid.texts(1)] == ["B1", "C1", "D1", "E1", "F1"]
    assert [cell.text for cell in grid.texts(2)] == ["People", "Hire", "HR", "01/09/2025", "0.5"]
    assert [cell.number_format for cell in grid.texts(2)][3] == "mmm-yy"
    assert (grid.spans[0].top, grid.spans[0].bottom, grid.spans[0].left) == (2, 3, 2)
    assert grid.notices[0].what.startswith("All dates of this column are the first of a month")
    assert 4 not in grid.rows


def test_without_the_reader_an_older_workbook_is_refused_with_how_to_save_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    for kind, program in ((FileType.ODS, "LibreOffice or Excel"), (FileType.XLS, "Excel"), (FileType.XLSB, "Excel")):
        with pytest.raises(Refusal, match=rf"Open it in {program}, choose Save As, “Excel Workbook \(.xlsx\)”"):
            read_other_sheets(b"", kind, Limits())


def test_the_other_reader_reads_what_it_is_given_and_says_that_colours_are_lost() -> None:
    pytest.importorskip("python_calamine")
    (grid,) = read_other_sheets(workbook(("Plan", ROWS)), FileType.ODS, Limits())  # it knows the format by itself
    assert [cell.text for cell in grid.texts(2)] == list(ROWS[1])
    assert "Colours of cells cannot be read" in grid.notices[-1].what


def test_what_the_other_reader_cannot_open_is_refused() -> None:
    pytest.importorskip("python_calamine")
    with pytest.raises(Refusal, match="damaged"):
        read_other_sheets(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, FileType.XLS, Limits())


def test_too_many_rows_are_refused_in_every_format() -> None:
    few = Limits(rows=2)
    many = [ROWS[0], *[ROWS[1]] * 3]
    text = "\n".join(",".join(row) for row in many).encode()
    html = "<table>" + "".join("<tr><td>a<td>b</tr>" for _ in many) + "</table>"
    for data, name in (
        (workbook(("Plan", many)), "p.xlsx"), (document(T(many)), "p.docx"), (text, "p.csv"), (html.encode(), "p.html"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match="more than 2 rows"):
            read_workbook(data, name, few)


def test_a_page_without_a_table_is_no_plan() -> None:
    assert read_plan(b"<html><body><p>Hello</p></body></html>", "p.html").kind is Kind.NOT_A_PLAN


# ------------------------------------------------------------------ pages that were pasted as they are
def test_a_pasted_page_of_lines_and_tables_reads_as_a_document() -> None:
    head = "Action\tLead\tDelivery Milestones\tUpdate / Impact"
    lists = "<ol> Aug 2026: Train staff. Oct 2026: Audit teaching. </ol>"
    text = f"""Improvement Plan 2025-2028

"Working together

Progress reporting:

Status\tProgress against timescale
Red\tMissed

SECTION 1
Effective communication
What good looks like
- A strategy is in place.

1a. Develop clear communication with parents, so that strategies are better understood by everybody concerned.

{head}
<p>A. Review methods.</p> <p>B. Publish a plan</p>\tManager\t<p>1. Jul 2025: Plan live</p><p>2. Sep 2025: Used</p>\t

SECTION 2
Waiting times
2a. Training

{head}
A. Agree a strategy\tHead of SEND\t{lists}\t

Term\tFull Form
ACE\tAdverse Childhood Experience
"""
    result = read_plan(text.encode(), "pasted.csv")
    plan = result.document
    assert [(each.ref, each.title) for each in plan.priorities] == [
        ("1", "Effective communication"), ("2", "Waiting times"),
    ]  # fmt: skip
    assert [each.ref for each in workstreams(result)] == ["1a", "2a"]
    assert [(each.ref, each.text) for each in actions(result)] == [
        ("A", "Review methods."), ("B", "Publish a plan"), ("A", "Agree a strategy"),
    ]  # fmt: skip
    assert dates(result) == {
        "Plan live": "Jul 2025", "Used": "Sep 2025", "Train staff.": "Aug 2026", "Audit teaching.": "Oct 2026",
    }  # fmt: skip
    assert plan.key == {"Red": "Missed"}
    assert [(each.term, each.text) for each in plan.records] == [("ACE", "Adverse Childhood Experience")]
    assert plan.priorities[0].records[0].text == "A strategy is in place."
    assert whole(result)


def test_the_markup_of_a_list_in_a_cell_becomes_its_lines() -> None:
    cell = "<div><ul><li>Hire staff</li><li>Train <b>them</b></li></ul></div>"
    result = read_plan(workbook(("Plan", [("Ref", "Action", "Deadline"), ("1", cell, "Sep 2025")])), "plan.xlsx")
    assert [each.text for each in actions(result)] == ["Hire staff", "Train them"]
    kept = read_plan(
        workbook(("Plan", [("Ref", "Action", "Deadline"), ("1", "Keep x < 5 and y > 3", "Sep 2025")])), "p.xlsx"
    )
    assert actions(kept)[0].text == "Keep x < 5 and y > 3"


def test_title_rows_of_separated_values_stay_rows_of_the_table() -> None:
    rows = ["Action plan,,,", "Action,Lead,Deadline,RAG", "Outputs,,,", "Hire,Ann Lee,Sep 2025,G", "General items,,,",
            "Build,Bob Lee,Oct 2025,R"]  # fmt: skip
    result = read_plan("\r\n".join(rows).encode(), "plan.csv")
    assert [(each.title, [action.text for action in each.actions]) for each in workstreams(result)] == [
        ("Outputs", ["Hire"]), ("General items", ["Build"]),
    ]  # fmt: skip
