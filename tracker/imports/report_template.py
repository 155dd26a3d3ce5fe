"""A council's own Word document as the base of reports: checked before anything of it is kept or used."""

from __future__ import annotations

import re
import zipfile
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tracker.imports.filetype import FileType
from tracker.imports.guard import checked_archive, read_part
from tracker.imports.limits import Limits
from tracker.rules.errors import Refusal

LIMITS = Limits(unpacked=60 * 1024 * 1024, part=30 * 1024 * 1024)
_KINDS = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ACTIVE = re.compile(r"vbaProject|vbaData|activeX/|embeddings/.*\.bin$|customUI", re.I)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_SAVE = "Open it in Word, choose Save As, “Word Document (.docx)”, and use that file."


def checked_template(data: bytes) -> bytes:
    """Return the document as it was given, if reports may be made on it. Raises Refusal with the reason if not."""
    if len(data) > LIMITS.file_size:
        raise Refusal(
            f"The document is larger than {LIMITS.file_size // 1024 // 1024} MB. Compress its pictures in Word and "
            "try again.",
            "template",
        )
    if not data.strip(b"\0 \r\n\t"):
        raise Refusal("The file is empty. Save the document again and choose that file.", "template")
    if not data.startswith(b"PK\x03\x04"):
        raise Refusal(f"This is not a Word document. {_SAVE}", "template")
    kind, archive = checked_archive(data, LIMITS)
    if kind is not FileType.DOCX or "word/document.xml" not in archive.namelist():
        raise Refusal(f"This is not a Word document (.docx). {_SAVE}", "template")
    types = read_part(archive, "[Content_Types].xml", LIMITS).decode("utf-8", "replace")
    if "macroEnabled" in types or any(_ACTIVE.search(name) for name in archive.namelist()):
        raise Refusal(f"The document holds macros or other programs, which no report may carry. {_SAVE}", "template")
    if _KINDS not in types:
        raise Refusal(f"The document is a Word template (.dotx) or another kind of Word file. {_SAVE}", "template")
    for name in archive.namelist():
        if name.endswith(".rels"):
            _relations(archive, name)
        elif name.endswith(".xml"):
            _parsed(archive, name)
    return data


def _relations(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse what Word would fetch from elsewhere when it opens a report; links to click are harmless."""
    for relation in _parsed(archive, name).iter(_RELATION):
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        if relation.get("TargetMode") == "External" and kind != "hyperlink":
            raise Refusal(
                f"The document fetches something from elsewhere when it is opened ({kind}: "
                f"{relation.get('Target', '')[:80]}). Put pictures into the document itself, detach its template "
                "(File, Options, Add-ins, Templates) and save it again.",
                "template",
            )


def _parsed(archive: zipfile.ZipFile, name: str) -> Element:
    try:
        found: Element = fromstring(read_part(archive, name, LIMITS))
    except (ParseError, DefusedXmlException, ValueError) as problem:
        raise Refusal(
            f"A part of the document cannot be read ({name}). Open it in Word, save it under a new name and try again.",
            "template",
        ) from problem
    return found
