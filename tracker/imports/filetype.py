"""What a file is, from its bytes and never from its name, and the sentence for each kind that is not read."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum

from tracker.rules.errors import Refusal

READS = "An Excel workbook (.xlsx) or a comma-separated file (.csv) can be read."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class FileType(StrEnum):
    """The kinds of file that are read."""

    XLSX = "xlsx"
    CSV = "csv"


def file_type(data: bytes, filename: str) -> FileType:
    """Return what a file is. Raises Refusal, with what to do instead, if it is not a kind that is read."""
    if not data.strip(b"\0 \r\n\t"):
        raise Refusal(f"The file is empty. Save the plan again and choose that file. {READS}")
    if data.startswith(_OLE):
        raise Refusal(_old_office(data, filename))
    if data.startswith(b"PK\x03\x04"):
        return FileType.XLSX
    head = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data.startswith(b"%PDF"):
        raise Refusal(
            "This is a PDF, which holds a picture of the plan and not its table. "
            f"Ask for the workbook or document that it was made from. {READS}"
        )
    if head.startswith(b"{\\rtf"):
        raise Refusal(f"This is a Rich Text document. Copy its table into a workbook and save it as .xlsx. {READS}")
    if head.startswith((b"<html", b"<!doctype html", b"<table")):
        raise Refusal(
            "This is a web page, although it may be named as a workbook. Open it in Excel, "
            f"choose Save As, “Excel Workbook (.xlsx)”, and upload that file. {READS}"
        )
    if head.startswith(b"<?xml") or head.startswith(b"<"):
        raise Refusal(
            "This is an XML file. Open it in Excel, choose Save As, “Excel Workbook (.xlsx)”, "
            f"and upload that file. {READS}"
        )
    if _is_text(data):
        if filename.lower().endswith((".xlsx", ".xlsm")):
            raise Refusal(
                "This is not a workbook, although it is named like one. It is text: rename it to .csv, or open it in "
                "Excel and save it as a workbook, and upload that file."
            )
        return FileType.CSV
    raise Refusal(f"This is not a workbook, or it is damaged. Open it in Excel and save it again as .xlsx. {READS}")


def refuse_unless_workbook(names: frozenset[str], archive: zipfile.ZipFile) -> None:
    """Raise Refusal if an archive holds something else than an Excel workbook."""
    if any(name.endswith("xl/workbook.bin") for name in names):
        raise Refusal(
            "This is a binary workbook (.xlsb). Open it in Excel, choose Save As, “Excel Workbook (.xlsx)”, "
            "and upload that file."
        )
    if any(name.startswith("word/") for name in names):
        raise Refusal(
            "This is a Word document, which cannot be read yet. "
            f"Copy the plan's tables into a workbook, one table to a sheet, and save it as .xlsx. {READS}"
        )
    if any(name.startswith("ppt/") for name in names):
        raise Refusal(f"This is a PowerPoint presentation. Copy the plan's table into a workbook. {READS}")
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(100):
        raise Refusal(
            "This is an OpenDocument file (.ods or .odt). Open it in LibreOffice or Excel, "
            f"save it as “Excel Workbook (.xlsx)”, and upload that file. {READS}"
        )
    if any(name.lower().endswith(".iwa") for name in names):
        raise Refusal("This is an Apple Numbers file. Export it to Excel (.xlsx) from Numbers and upload that file.")
    if not any(name.startswith("xl/") for name in names) and "[Content_Types].xml" not in names:
        raise Refusal(
            f"This is a zip archive and not a workbook. Take the plan out of the archive and upload it alone. {READS}"
        )


def _old_office(data: bytes, filename: str) -> str:
    """Say which pre-2007 Office file this is: an encrypted workbook is wrapped in the same container."""
    if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
        return (
            "This workbook is protected with a password. Open it in Excel, remove the password "
            "(File, Info, Protect Workbook, Encrypt with Password) and upload it again."
        )
    if _utf16("WordDocument") in data:
        return f"This is a Word document in the old .doc format, which cannot be read. {READS}"
    if _utf16("PowerPoint Document") in data:
        return f"This is a PowerPoint presentation in the old .ppt format, which cannot be read. {READS}"
    if _utf16("Workbook") in data or _utf16("Book") in data or filename.lower().endswith(".xls"):
        return (
            "This is a workbook in the old .xls format. Open it in Excel, choose Save As, "
            "“Excel Workbook (.xlsx)”, and upload that file."
        )
    return f"This is a file in an old Office format, which cannot be read. Save it as .xlsx. {READS}"


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _is_text(data: bytes) -> bool:
    """Return whether the bytes look like text: no control characters but tabs and line ends."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = data[:65_536]
    strange = sum(byte < 32 and byte not in (9, 10, 13, 12, 11) for byte in sample)
    return strange * 200 < len(sample) and b"\0" not in sample


def opened(data: bytes) -> zipfile.ZipFile:
    """Open a workbook's archive. Raises Refusal if it is cut short or damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise Refusal(
            "The file is cut short or damaged: its end is missing. Download or copy it again, check that it "
            "opens in Excel, and upload it again."
        ) from None
