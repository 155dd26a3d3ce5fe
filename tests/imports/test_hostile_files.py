"""Files made to do harm or to be too much: read or refused with a sentence, soon, in little memory, with nothing left.

Each goes through the reading process as an upload does. The figures are those of the process itself, so that a busy
machine fails no test: seconds of processor time, and the most memory that it held.
"""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.imports.documents import H, T, document
from tests.imports.workbooks import HEAD, rezipped, workbook
from tracker.imports import Limits
from tracker.imports.child import _ROOT, _environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows tells no processor time of a process")

SECONDS, MEGABYTES = 5, 512
SHEET = "xl/worksheets/sheet1.xml"
PLAN = workbook(("Plan", [HEAD, *((str(at), f"Act number {at}", "HR", "Mar 2026", "Green") for at in range(1, 9))]))
PAGE = document(H("Plan", 1), T([HEAD, ("1", "Recruit", "HR", "Mar 2026", "Green", "")]))
ENTITIES = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%b">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9)
)
ODS = (
    '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576"><table:table-cell '
    'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)


def sheet(added: bytes) -> bytes:
    """Return a good workbook with rows added below its own."""
    return rezipped(PLAN, {SHEET: lambda xml: xml.replace(b"</sheetData>", added + b"</sheetData>")})


def rows(start: int, end: int) -> bytes:
    """Return rows of one cell with a text that does not pack well."""
    drawn = random.Random(1)
    return "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>{drawn.getrandbits(160):x}</t></is></c></row>'
        for at in range(start, end)
    ).encode()


def archive(*members: tuple[str, bytes | str]) -> bytes:
    """Return a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return stream.getvalue()


def in_document(added: bytes) -> bytes:
    """Return a good document with markup added at its beginning."""
    return rezipped(PAGE, {"word/document.xml": lambda xml: xml.replace(b"<w:body>", b"<w:body>" + added)})


def read(data: bytes, filename: str) -> tuple[dict[str, Any], float, float]:
    """Read a file in the reading process; return its answer, its processor seconds and its most megabytes."""
    head = {"filename": filename, "length": len(data), "limits": asdict(Limits()), "said": {}}
    # A process of its own starts the reader: what is measured is then the reader alone.
    script = (
        "import json, resource, subprocess, sys\n"
        "done = subprocess.run([sys.executable, '-m', 'tracker.imports.worker'], stdout=subprocess.PIPE,"
        " stderr=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([done.stdout.decode().splitlines()[-1:], used.ru_utime + used.ru_stime, used.ru_maxrss]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(head).encode() + b"\n" + data, capture_output=True,
        env=_environment(), cwd=_ROOT, timeout=60, check=True,
    )  # fmt: skip
    lines, seconds, kilobytes = json.loads(done.stdout)
    return json.loads(lines[0]) if lines else {}, seconds, kilobytes / 1024


REFUSED = [
    pytest.param(
        lambda: sheet(b'<row r="30"><c r="A30" t="inlineStr"><is><t>%b</t></is></c></row>' % (b"A" * 55_000_000)),
        "plan.xlsx",
        "from almost nothing",
        id="a sheet that unpacks to 55 MB",
    ),
    pytest.param(
        lambda: sheet(rows(30, 150_000)), "plan.xlsx", "more than 20,000 rows", id="a sheet of 150,000 real rows"
    ),
    pytest.param(
        lambda: rezipped(PAGE, {"word/document.xml": lambda xml: xml.replace(b"?>", b"?>" + ENTITIES + b"]>", 1)}),
        "plan.docx",
        "declares a document type",
        id="entities in entities",
    ),
    pytest.param(
        lambda: in_document(b"<w:tbl><w:tr><w:tc>" * 5000 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 5000),
        "plan.docx",
        "damaged",
        id="5,000 tables in each other",
    ),
    pytest.param(
        lambda: b"<table>" + (b"<tr>" + b"<td>a</td>" * 190 + b"</tr>") * 5000,
        "plan.html",
        "more than 400,000 cells",
        id="a page of 950,000 cells",
    ),
    pytest.param(
        lambda: b"Action,Lead,Deadline" + b"\n" + (b"x," * 190 + b"\n") * 19_000,
        "plan.csv",
        "more than 400,000 cells",
        id="3,600,000 values",
    ),
    pytest.param(
        lambda: b'Action,Lead,Deadline\n"' + b"a" * 9_000_000 + b'",HR,May 2026\n',
        "plan.csv",
        "closing quotation mark",
        id="a value of 9 MB",
    ),
    pytest.param(
        lambda: archive(
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", ODS),
            ("META-INF/manifest.xml", "<a/>"),
        ),
        "plan.ods",
        "",
        id="17,000,000,000 repeated cells",
    ),
    pytest.param(
        lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(2).randbytes(200_000) + "Workbook".encode("utf-16-le")
        ),
        "plan.xls",
        "damaged",
        id="a workbook of 1997 that is noise",
    ),
    pytest.param(lambda: b"Ref,Action\n" + b"\0" * 100_000, "plan.csv", "damaged", id="zeros after a heading"),
    pytest.param(
        lambda: rezipped(
            PLAN,
            {
                "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(
                    b'Target="/xl/worksheets/sheet1.xml"', b'Target="file:///etc/passwd" TargetMode="External"'
                )
            },
        ),
        "plan.xlsx",
        "no sheet with cells",
        id="a sheet that lies elsewhere",
    ),
]

READ = [
    pytest.param(
        lambda: sheet(b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>'),
        "plan.xlsx",
        "",
        id="a cell in the last row",
    ),
    pytest.param(
        lambda: sheet(b"".join(b'<row r="%d" s="1"><c r="A%d" s="1"/></row>' % (at, at) for at in range(30, 400_000))),
        "plan.xlsx",
        "",
        id="400,000 rows of empty cells",
    ),
    pytest.param(
        lambda: rezipped(PLAN, extra={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\1" * 500}),
        "plan.xlsm",
        "macros. They were neither read nor run",
        id="macros",
    ),
    pytest.param(
        lambda: rezipped(PLAN, extra={"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
        "plan.xlsx",
        "These were not opened",
        id="links to other files",
    ),
    pytest.param(lambda: PLAN, "../../../etc/cron.d/plan\0.xlsx", "", id="a name that is a path"),
    pytest.param(
        lambda: b"Ref,Action,Lead,Deadline\n1,Recruit\0 two,HR,May 2026\n", "plan.csv", "", id="a zero in a word"
    ),
    pytest.param(
        lambda: "Ref,Action,Lead,Deadline\n1,Recruit two,HR,May 2026\n".encode("utf-16-be"),
        "plan.csv",
        "",
        id="letters of two bytes without a mark",
    ),
    pytest.param(
        lambda: b"Ref,Action,Lead,Deadline\n1,Caf\xe9 \xff\x80 opens,HR,May 2026\n",
        "plan.csv",
        "Windows text",
        id="letters of no encoding",
    ),
    pytest.param(
        lambda: workbook(
            (
                "Plan",
                [
                    HEAD,
                    *[
                        ("1", ("\n- " * 10_000)[:32_000] + "x", "HR", mark * 2_000)
                        for mark in ("- ", "Sep 2025 ", "by end of the ", "01/02/", "(")
                    ],
                ],
            )
        ),
        "plan.xlsx",
        "",
        id="texts that patterns could take long over",
    ),
]


@pytest.mark.parametrize(("made", "filename", "words"), REFUSED)
def test_what_is_too_much_is_refused_soon_and_says_what_to_do(
    made: Callable[[], bytes], filename: str, words: str
) -> None:
    answer, seconds, megabytes = read(made(), filename)
    said = str(answer.get("refusal", answer))
    assert words in said
    assert "refusal" in answer
    assert said.endswith(".")
    assert not any(word in said for word in ("Error", "Traceback", "openpyxl", "lxml", "docx.opc", str(_ROOT)))
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


@pytest.mark.parametrize(("made", "filename", "words"), READ)
def test_what_only_looks_dangerous_is_read_and_said(made: Callable[[], bytes], filename: str, words: str) -> None:
    answer, seconds, megabytes = read(made(), filename)
    result = answer["result"]
    assert result["kind"] == "plan"
    assert words in " ".join(each["what"] for each in result["problems"])
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


def test_the_reader_leaves_no_file_behind(tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    head = {"filename": "plan.xlsx", "length": len(PLAN), "limits": asdict(Limits()), "said": {}}
    done = subprocess.run(
        [sys.executable, "-m", "tracker.imports.worker"], input=json.dumps(head).encode() + b"\n" + PLAN,
        capture_output=True, env=_environment() | {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}, cwd=tmp_path,
        timeout=60, check=True,
    )  # fmt: skip
    assert b'"result"' in done.stdout
    assert set(tmp_path.iterdir()) == before


def test_the_reader_could_write_no_file_if_it_wanted_to(tmp_path: Path) -> None:
    script = (
        "from tracker.imports.worker import restrict; from tracker.imports import Limits; restrict(Limits())\n"
        f"from pathlib import Path; Path({str(tmp_path / 'left')!r}).write_text('x' * 10)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=_ROOT, timeout=60, check=False)
    assert done.returncode != 0
    assert not (tmp_path / "left").read_text()


@pytest.mark.parametrize("code", ["os.abort()", "os.kill(os.getpid(), 11)", "sys.exit(3)", "print('{')"])
def test_a_reader_that_dies_is_a_refusal(code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tracker.imports import child, read_plan_in_child
    from tracker.rules.errors import Refusal

    (tmp_path / "tracker" / "imports").mkdir(parents=True)
    (tmp_path / "tracker" / "__init__.py").touch()
    (tmp_path / "tracker" / "imports" / "__init__.py").touch()
    (tmp_path / "tracker" / "imports" / "worker.py").write_text(f"import os, sys\nsys.stdin.buffer.read()\n{code}\n")
    monkeypatch.setattr(child, "_ROOT", tmp_path)
    with pytest.raises(Refusal) as caught:
        read_plan_in_child(PLAN, "plan.xlsx")
    assert caught.value.sentence.endswith(".")
    assert "upload" in caught.value.sentence


def test_a_register_of_ten_thousand_rows_is_read_within_twenty_seconds_and_400_megabytes() -> None:
    due = ("Sep 2025", "31/03/2026", "Autumn term 2025", "Q3 2025/26", "TBC")
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    made = book.add_worksheet("Plan")
    made.write_row(0, 0, ("Ref", "Workstream", "Action", "Milestone", "Lead", "Deadline", "RAG", "Update"))
    for at in range(10_000):
        texts = (f"{at // 20}.{at % 20 + 1}", f"Workstream {at // 200}", f"Improve the quality of assessment {at}")
        texts += (f"Milestone {at} is reached and evidenced", f"Head of Service {at % 40}", due[at % 5], "Green")
        made.write_row(at + 1, 0, (*texts, f"Progress was made on part {at} and the board was told about it."))
    book.close()
    answer, seconds, megabytes = read(stream.getvalue(), "register.xlsx")
    areas = answer["result"]["document"]["priorities"]
    assert sum(len(each["milestones"]) for area in areas for each in area["workstreams"]) == 10_000
    assert seconds < 20
    assert megabytes < 400
