"""What a file is, from its bytes and never from its name, and the sentence for each kind that is not read."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

from tracker.rules.errors import Refusal

READS = "An Excel workbook (.xlsx), a Word document (.docx) or a comma-separated file (.csv) can be read."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = re.compile(rb"<(?:!doctype html|html|head|body|table|meta|div|p|h[1-6]|ul|ol|style|tr|span)[\s>/]", re.I)


class FileType(StrEnum):
    """The kinds of file that are read."""

    XLSX = "xlsx"
    DOCX = "docx"
    TEXT = "csv"
    HTML = "html"
    ODS = "ods"
    XLS = "xls"
    XLSB = "xlsb"


def file_type(data: bytes, filename: str) -> FileType:
    """Return what a file is; every archive counts as a workbook until `archive_type` has looked into it.

    Raises Refusal, with what to do instead, if it is not a kind that is read.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise Refusal(f"The file is empty. Save the plan again and choose that file. {READS}")
    if data.startswith(_OLE):
        return _old_office(data, filename)
    if data.startswith(b"PK\x03\x04"):
        return FileType.XLSX
    if data.startswith(b"%PDF"):
        raise Refusal(
            "This is a PDF, which holds a picture of the plan and not its table. "
            f"Ask for the workbook or document that it was made from. {READS}"
        )
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if head.startswith(b"{\\rtf"):
        raise Refusal(
            "This is a Rich Text document. Open it in Word, choose Save As, “Word Document (.docx)”, "
            f"and upload that file. {READS}"
        )
    if head.startswith((b"mime-version:", b"content-type: multipart")):
        raise Refusal(
            "This is a web archive (.mht). Open it in Word or Excel, save it as a Word document (.docx) or an Excel "
            f"workbook (.xlsx), and upload that file. {READS}"
        )
    if head.startswith(b"<"):
        if _PAGE.search(head) and b"<workbook" not in head:
            return FileType.HTML
        if head.startswith(b"<?xml") or re.match(rb"<[a-z][\w:.-]*[\s/>]", head):
            raise Refusal(
                "This is an XML file. Open it in Excel, choose Save As, “Excel Workbook (.xlsx)”, "
                f"and upload that file. {READS}"
            )
    if _is_text(data):
        if filename.lower().endswith((".xlsx", ".xlsm", ".docx")):
            raise Refusal(
                "This is not a workbook, although it is named like one. It is text: rename it to .csv, or open it in "
                "Excel and save it as a workbook, and upload that file."
            )
        return FileType.TEXT
    raise Refusal(
        "This is not a workbook or document, or it is damaged. Open it in the program that it was made with and save "
        f"it again as .xlsx or .docx. {READS}"
    )


def archive_type(names: frozenset[str], archive: zipfile.ZipFile) -> FileType:
    """Return which kind of office file an archive is. Raises Refusal if it is none that is read."""
    known = {name.replace("\\", "/").lower() for name in names}
    if any(name.endswith("xl/workbook.bin") for name in known):
        return FileType.XLSB
    if "xl/workbook.xml" not in known and any(name.startswith("word/") for name in known):
        return FileType.DOCX
    if any(name.startswith("ppt/") for name in known):
        raise Refusal(
            "This is a PowerPoint presentation. Copy the plan's table into a workbook or a Word document, save that "
            f"and upload it. {READS}"
        )
    if "mimetype" in names:
        kind = archive.open("mimetype").read(100)
        if b"opendocument.spreadsheet" in kind:
            return FileType.ODS
        if b"opendocument" in kind:
            raise Refusal(
                "This is an OpenDocument text (.odt) or presentation. Open it in LibreOffice or Word, save it as "
                f"“Word Document (.docx)”, and upload that file. {READS}"
            )
    if any(name.endswith(".iwa") for name in known):
        raise Refusal("This is an Apple Numbers file. Export it to Excel (.xlsx) from Numbers and upload that file.")
    if not any(name.startswith("xl/") for name in known) and "[content_types].xml" not in known:
        raise Refusal(
            f"This is a zip archive and not a workbook. Take the plan out of the archive and upload it alone. {READS}"
        )
    return FileType.XLSX


def _old_office(data: bytes, filename: str) -> FileType:
    """Say which pre-2007 Office file this is: an encrypted workbook is wrapped in the same container."""
    if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
        raise Refusal(
            "This file is protected with a password. Open it in Excel or Word, remove the password "
            "(File, Info, Protect, Encrypt with Password) and upload it again."
        )
    if _utf16("WordDocument") in data:
        raise Refusal(
            "This is a Word document in the old .doc format, which cannot be read. Open it in Word, choose Save As, "
            f"“Word Document (.docx)”, and upload that file. {READS}"
        )
    if _utf16("PowerPoint Document") in data:
        raise Refusal(f"This is a PowerPoint presentation in the old .ppt format, which cannot be read. {READS}")
    if _utf16("Workbook") in data or _utf16("Book") in data or filename.lower().endswith(".xls"):
        return FileType.XLS
    raise Refusal(f"This is a file in an old Office format, which cannot be read. Save it as .xlsx or .docx. {READS}")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _is_text(data: bytes) -> bool:
    """Return whether the bytes look like text: no control characters but tabs and line ends."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = data[:65_536]
    if unmarked_utf16(sample):
        return True
    strange = sum(byte < 32 and byte not in (9, 10, 13, 12, 11) for byte in sample)
    return strange * 200 < len(sample) or (strange <= 2 and len(sample) >= 20)


def unmarked_utf16(data: bytes) -> str:
    """Return the order of bytes of UTF-16 of mostly Latin letters that no mark tells, "" for other text."""
    odd, even = data[1:4000:2], data[:4000:2]
    for order, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if len(high) >= 8 and high.count(0) * 10 >= 9 * len(high) and low.count(0) * 50 < len(low):
            return order
    return ""


def opened(data: bytes) -> zipfile.ZipFile:
    """Open an office file's archive. Raises Refusal if it is cut short or damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise Refusal(
            "The file is cut short or damaged: its end is missing. Download or copy it again, check that it "
            "opens in Excel, and upload it again."
        ) from None
