"""Files that are not opened: each is refused in a sentence that names the problem and the next step."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable

import pytest

from tests.imports.workbooks import HEAD, rezipped, workbook
from tracker.imports import Limits, read_plan
from tracker.rules.errors import Refusal

GOOD = workbook(("Plan", [HEAD, ("1", "Recruit a panel chair", "Director", "Mar 2026", "Green", None)]))
SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with the XML of its sheet changed."""
    return rezipped(GOOD, {SHEET: change})


def spaces(count: int) -> bytes:
    """Return the workbook with a sheet that is almost only white space."""
    return with_sheet(lambda _: b"<worksheet>" + b" " * count + b"</worksheet>")


LONG = b'<c r="H2" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c></row></sheetData>"
ALL_MERGED = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
NO_WORDS = {"word/document.xml": "<a/>"}


def refusal(data: bytes, filename: str = "plan.xlsx", limits: Limits | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        read_plan(data, filename, limits=limits)
    sentence = caught.value.sentence
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert not re.search(r"Error|Exception|Traceback|zipfile|expat|openpyxl|/work|\{|\}", sentence), sentence
    return sentence


def appended(name: str, content: str = "x", **attributes: int) -> bytes:
    stream = io.BytesIO(GOOD)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
        warnings.simplefilter("ignore")
        member = zipfile.ZipInfo(name)
        for attribute, value in attributes.items():
            setattr(member, attribute, value)
        archive.writestr(member, content)
    return stream.getvalue()


def flagged() -> bytes:
    """Return the workbook with the bit set that marks each member as encrypted."""
    data = bytearray(GOOD)
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.find(mark)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)


def overlapping() -> bytes:
    """Return the workbook with two members that share their bytes."""
    data = bytearray(GOOD)
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "file is empty", id="nothing"),
        pytest.param(b"\0" * 100, "file is empty", id="zeros"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "not a workbook", id="picture"),
        pytest.param(b"%PDF-1.7 and so on", "a PDF", id="pdf"),
        pytest.param(b"{\\rtf1 text}", "Rich Text", id="rtf"),
        pytest.param(b"MIME-Version: 1.0\nContent-Type: multipart/related", "a web archive", id="mht"),
        pytest.param(b'<?xml version="1.0"?><Workbook/>', "an XML file", id="xml"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), "protected with a password", id="encrypted"),
        pytest.param(OLE + "Workbook".encode("utf-16-le"), "file is damaged", id="xls"),
        pytest.param(OLE + "WordDocument".encode("utf-16-le"), "old .doc format", id="doc"),
        pytest.param(OLE + "PowerPoint Document".encode("utf-16-le"), "old .ppt format", id="ppt"),
        pytest.param(OLE, "old Office format", id="unknown container"),
        pytest.param(GOOD[: len(GOOD) // 2], "cut short or damaged", id="half a file"),
        pytest.param(GOOD[:-12], "cut short or damaged", id="end missing"),
        pytest.param(
            rezipped(GOOD, drop=["xl/workbook.xml"], extra={"xl/workbook.bin": "x"}),
            "file is damaged",
            id="binary workbook",
        ),
        pytest.param(rezipped(GOOD, drop=["xl/workbook.xml"], extra=NO_WORDS), "file is damaged", id="docx"),
        pytest.param(rezipped(GOOD, extra={"ppt/presentation.xml": "<a/>"}), "PowerPoint", id="pptx"),
        pytest.param(
            rezipped(GOOD, drop=["xl/workbook.xml"], extra={"mimetype": OPEN_DOCUMENT}), "file is damaged", id="ods"
        ),
        pytest.param(rezipped(GOOD, extra={"mimetype": OPEN_TEXT}), "OpenDocument text (.odt)", id="odt"),
        pytest.param(rezipped(GOOD, extra={"Index/Document.iwa": "x"}), "Apple Numbers", id="numbers"),
        pytest.param(rezipped(GOOD, drop=["xl/workbook.xml"]), "no workbook in this file", id="no workbook"),
        pytest.param(rezipped(GOOD, drop=[SHEET]), "no sheet with cells", id="no sheet"),
        pytest.param(with_sheet(lambda xml: xml[: len(xml) // 2]), "damaged", id="broken xml"),
        pytest.param(with_sheet(lambda xml: xml.replace(b'<row r="2"', b'<row r="9999999"')), "damaged", id="row"),
        pytest.param(rezipped(GOOD, extra={"../../outside": "x"}), "outside the file", id="traversal"),
        pytest.param(rezipped(GOOD, extra={"/etc/x": "x"}), "outside the file", id="absolute"),
        pytest.param(rezipped(GOOD, extra={"C:\\x": "x"}), "outside the file", id="drive"),
        pytest.param(appended(SHEET), "same name", id="duplicate"),
        pytest.param(appended("link", external_attr=0o120777 << 16), "a link", id="symlink"),
        pytest.param(rezipped(GOOD, compression=zipfile.ZIP_BZIP2), "packed in a way", id="bzip2"),
        pytest.param(flagged(), "protected with a password", id="encrypted members"),
        pytest.param(overlapping(), "overlap", id="overlap"),
        pytest.param(with_sheet(lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml), "document type", id="doctype"),
        pytest.param(with_sheet(lambda xml: b" " * 3000 + b"<!DOCTYPE a>" + xml), "document type", id="later doctype"),
        pytest.param(spaces(50_000_000), "from almost nothing", id="bomb"),
        pytest.param(spaces(63_000_000), "larger than 60 MB", id="part"),
        pytest.param(rezipped(GOOD, extra={f"x/{n}": "" for n in range(2_000)}), "at most 2,000", id="members"),
        pytest.param(with_sheet(lambda xml: xml.replace(b"</sheetData>", ALL_MERGED)), "merged cells", id="merged"),
        pytest.param(with_sheet(lambda xml: xml.replace(b"</row></sheetData>", LONG)), "Cell H2", id="long text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize("filename", ["plan.xlsx", "Plan.XLSM"])
def test_text_that_is_named_like_a_workbook_is_no_workbook(filename: str) -> None:
    sentence = refusal(b"Ref,Action,Lead,Deadline\n1,Recruit,Director,Mar 2026\n", filename)
    assert "not a workbook, although it is named like one" in sentence
    assert "It is text: rename it to .csv" in sentence
    assert "save it as a workbook" in sentence


def test_a_text_that_no_cell_could_hold_is_refused_before_it_is_parsed() -> None:
    words = random.Random(1).randbytes(600_000).hex().encode()
    assert "32,767 characters" in refusal(with_sheet(lambda xml: xml.replace(b"Recruit", words)))


def test_a_damaged_part_is_found_by_its_checksum() -> None:
    stored = rezipped(GOOD, compression=zipfile.ZIP_STORED)
    assert "damaged" in refusal(stored.replace(b"Recruit a", b"Recruit b", 1))


def test_a_member_that_reaches_beyond_the_file_is_damage() -> None:
    data = bytearray(GOOD)
    place = data.find(b"PK\x01\x02")
    data[place + 20 : place + 24] = struct.pack("<I", 1 << 24)
    assert "damaged" in refusal(bytes(data)) or "overlap" in refusal(bytes(data))


@pytest.mark.parametrize("number", [b"abc", b"1e999", b"nan"])
def test_a_number_that_is_none_is_damage(number: bytes) -> None:
    data = workbook(("Plan", [HEAD, (1, "Recruit", "Director", "Mar 2026", None, None)]))
    assert "damaged" in refusal(
        rezipped(data, {SHEET: lambda xml: xml.replace(b"<v>1</v>", b"<v>" + number + b"</v>", 1)})
    )


def test_limits_on_file_sheets_rows_and_unpacked_size_have_a_sentence_each() -> None:
    rows = workbook(("Plan", [HEAD, *[(n, "Recruit", "Director", "Mar 2026") for n in range(20)]]), ("Two", [("x",)]))
    assert "at most 0 MB" in refusal(rows, limits=Limits(file_size=100))
    assert "at most 1 can be read" in refusal(rows, limits=Limits(sheets=1))
    assert "more than 10 rows" in refusal(rows, limits=Limits(rows=10))
    assert "unpacks to" in refusal(rows, limits=Limits(unpacked=100))
    assert "more than 3 rows" in refusal(b"a,b\n1,2\n3,4\n5,6\n", "plan.csv", Limits(rows=3))


def test_a_workbook_without_styles_is_read() -> None:
    result = read_plan(rezipped(GOOD, drop=["xl/styles.xml"]), "plan.xlsx")
    assert result.kind == "plan"


def test_a_part_that_declares_entities_is_refused_whatever_its_encoding() -> None:
    def change(xml: bytes) -> bytes:
        text = xml.decode().partition("?>")[2] or xml.decode()
        return ('<!DOCTYPE a [<!ENTITY b "c">]>' + text).encode("utf-16")

    assert "document type" in refusal(with_sheet(change))
