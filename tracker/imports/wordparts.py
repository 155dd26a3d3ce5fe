"""A Word document cut down to its text, lists and styles, before python-docx reads it.

python-docx loads every part that a document refers to: pictures, settings, comments, parts of other programs. A plan
needs four of them, so the archive is written anew with these; what is wrong in the others does not matter then.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile

from tracker.imports.guard import damaged, declares_a_type, read_part
from tracker.imports.limits import Limits
from tracker.rules.errors import Refusal

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_STRICT = (  # what Word writes for "Strict Open XML Document"
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _OFFICE.encode()),
)  # fmt: skip
_KEPT = ("styles", "numbering")
_PROLOG = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->).){0,4000}-->\s*){0,20}<[A-Za-z]", re.S)


def trimmed_document(archive: zipfile.ZipFile, limits: Limits) -> bytes:
    """Return the document with its text, styles and lists alone. Raises Refusal if it is damaged."""
    names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}

    def part(path: str) -> bytes | None:
        stored = names.get(path.lower())
        return None if stored is None else _safe(read_part(archive, stored, limits))

    main = next(
        (path for kind, path in _relations(part, "").values() if kind == "officeDocument" and path.lower() in names),
        "word/document.xml",
    )
    text = part(main)
    if text is None:
        raise Refusal(
            "There is no text in this document. Open the plan in Word, choose Save As, “Word Document (.docx)”, "
            "and upload that file."
        )
    beside: dict[str, bytes] = {}
    for kind, path in _relations(part, main).values():
        if kind in _KEPT and kind not in beside and (content := part(path)) is not None:
            beside[kind] = content
    return _packed(text, beside)


def _safe(xml: bytes) -> bytes:
    """Return a part's XML as it may be parsed: in a known encoding, without a document type."""
    head = xml[:200].replace(b"\0", b"")
    declared = re.match(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)", head)
    name = declared[1].decode().lower() if declared else ""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or name not in ("", "utf-8", "us-ascii"):
        try:
            text = xml.decode(name or "utf-16")
        except (LookupError, UnicodeError):
            raise damaged() from None
        xml = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff")).encode()
    xml = xml.removeprefix(b"\xef\xbb\xbf")
    if not _PROLOG.match(xml):
        raise declares_a_type() if b"<!" in xml[:100_000] else damaged()
    for strict, usual in _STRICT:
        if strict in xml:
            xml = xml.replace(strict, usual)
    return xml


def _relations(part: object, owner: str) -> dict[str, tuple[str, str]]:
    """Return the parts that a part refers to: id -> (kind, path)."""
    from defusedxml.ElementTree import fromstring

    assert callable(part)
    folder, name = posixpath.split(owner)
    xml = part(posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, tuple[str, str]] = {}
    try:
        links = [] if xml is None else list(fromstring(xml))
    except (SyntaxError, ValueError, LookupError):
        raise damaged() from None
    for each in links:
        target = each.get("Target", "").replace("\\", "/")
        if target and each.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], path)
    return found


def _packed(text: bytes, beside: dict[str, bytes]) -> bytes:
    kinds = "".join(f'<Override PartName="/word/{kind}.xml" ContentType="{_TYPE}{kind}+xml"/>' for kind in beside)
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>' for at, kind in enumerate(beside, 1)
    )
    parts: dict[str, bytes] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPE}document.main+xml"/>{kinds}</Types>'
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
        ).encode(),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}relationships">{links}</Relationships>'
        ).encode(),
        "word/document.xml": text,
    } | {f"word/{kind}.xml": content for kind, content in beside.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()
