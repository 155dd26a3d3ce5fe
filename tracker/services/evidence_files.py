"""Files that support a completion: kept outside the web root under random names, checked by what they are."""

from __future__ import annotations

import hashlib
import io
import secrets
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

from tracker.rules.errors import NotFound, Refusal
from tracker.rules.text import clean
from tracker.services.evidence import NewEvidence

LARGEST = 10 * 1024 * 1024

# What may be kept: by the ending of the name and by how the file begins.
_KINDS = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (b"PK\x03\x04",)),
    ".odt": ("application/vnd.oasis.opendocument.text", (b"PK\x03\x04",)),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", (b"PK\x03\x04",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".txt": ("text/plain; charset=utf-8", ()),
    ".csv": ("text/csv; charset=utf-8", ()),
}
# What a container of this kind always holds: a .zip that was given another name holds none of it.
_INSIDE = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".pptx": "ppt/presentation.xml",
    ".odt": "content.xml",
    ".ods": "content.xml",
}
ALLOWED = ", ".join(sorted(ending.lstrip(".") for ending in _KINDS))


def keep_file(folder: Path, name: str, data: bytes) -> NewEvidence:
    """Store a file as evidence. Raises Refusal for one that is empty, too large or not of a kind we keep."""
    name = clean(PureWindowsPath(PurePosixPath(name).name).name) or "file"
    ending = PurePosixPath(name).suffix.lower()
    if ending not in _KINDS:
        raise Refusal(f"Files of this kind are not kept. Choose one of: {ALLOWED}.", "evidence_file")
    if not data:
        raise Refusal("The file is empty. Choose it again.", "evidence_file")
    if len(data) > LARGEST:
        raise Refusal("The file is larger than 10 MB. Make it smaller, or give a link to it.", "evidence_file")
    media_type, beginnings = _KINDS[ending]
    as_named = data.startswith(beginnings) if beginnings else _is_text(data)
    if not as_named or (ending in _INSIDE and _INSIDE[ending] not in _names_in(data)):
        raise Refusal(f"The file is not what its name says ({ending}). Save it again in that format.", "evidence_file")
    folder.mkdir(parents=True, exist_ok=True)
    stored = secrets.token_hex(16)
    (folder / stored).write_bytes(data)
    return NewEvidence(
        title=name[:200],
        stored_name=stored,
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def read_file(folder: Path, stored_name: str, sha256: str) -> bytes:
    """Return a stored file. Raises NotFound if it is gone, Refusal if it is not what was stored."""
    path = folder / stored_name
    if path.parent != folder or not path.is_file():
        raise NotFound("The file is no longer there. Tell your administrator.")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refusal("The file has changed since it was added, so it is not shown. Tell your administrator.")
    return data


def _names_in(data: bytes) -> list[str]:
    """Return the names of what is in a container; nothing where it is none. Nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return container.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return []


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return b"\x00" not in data
