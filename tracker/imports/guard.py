"""Checks on an office file's archive before any of it is parsed: sizes, names, overlaps and declared entities."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from tracker.imports.filetype import FileType, archive_type, opened
from tracker.imports.limits import Limits
from tracker.rules.errors import Refusal

_MEGABYTE = 1024 * 1024
_LOCAL_HEADER = 30  # bytes of a member's own header before its name
_UNSAFE = (
    "The file is built in a way that no Excel workbook or Word document is ({why}). It was not opened. "
    "Save it again from Excel or Word."
)


def checked_archive(data: bytes, limits: Limits) -> tuple[FileType, zipfile.ZipFile]:
    """Return what an archive is, and the archive, if it is safe to read. Raises Refusal with the reason if not."""
    archive = opened(data)
    members = archive.infolist()
    if len(members) > limits.members:
        raise Refusal(
            f"The file holds {len(members):,} parts; at most {limits.members:,} can be read. "
            "Copy the plan's sheets or tables into a new file and upload that."
        )
    _names(members)
    _sizes(members, limits)
    _overlaps(members, data)
    kind = archive_type(frozenset(archive.namelist()), archive)
    _doctypes(archive, members)
    return kind, archive


def read_part(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """Return one part unpacked. Raises Refusal if it is damaged or larger than it said."""
    try:
        with archive.open(name) as part:
            content = part.read(limits.part + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        raise damaged() from None
    if len(content) > limits.part:
        raise _too_large(name, limits)
    return content


def damaged() -> Refusal:
    """Return the refusal for a file whose inside cannot be read."""
    return Refusal(
        "The file is damaged: a part of it cannot be read. Open it in Excel or Word (which may offer to repair it), "
        "save it under a new name and upload that file."
    )


def declares_a_type() -> Refusal:
    """Return the refusal for a part with a document type, as no office file has one."""
    return Refusal(_UNSAFE.format(why="it declares a document type"))


def too_many_rows(limits: Limits) -> Refusal:
    """Return the refusal for a file of more rows than are read."""
    return Refusal(
        f"The file has more than {limits.rows:,} rows with content. Import the plan in parts, "
        "or take out the sheets that are not part of it."
    )


def too_many_cells(limits: Limits) -> Refusal:
    """Return the refusal for a file of more cells than are read."""
    return Refusal(
        f"The file has more than {limits.cells:,} cells. Take out the columns and sheets that are not part of the "
        "plan, or import it in parts."
    )


def _names(members: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.lower() in seen:
            raise Refusal(_UNSAFE.format(why="two parts have the same name"))
        seen.add(name.lower())
        if name.startswith("/") or ".." in PurePosixPath(name).parts or re.match(r"[A-Za-z]:", name):
            raise Refusal(_UNSAFE.format(why="a part's name points outside the file"))
        if member.flag_bits & 0x1:
            raise Refusal(
                "Parts of the file are protected with a password. Open it in Excel or Word, remove the password "
                "and upload it again."
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Refusal(_UNSAFE.format(why="a part is a link to another file"))
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refusal(_UNSAFE.format(why="a part is packed in a way that Excel does not use"))


def _sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    for member in members:
        if member.file_size > limits.part:
            raise _too_large(member.filename, limits)
        if member.file_size > _MEGABYTE and member.file_size > limits.ratio * max(member.compress_size, 1):
            raise Refusal(
                f"A part of the file unpacks to {member.file_size // _MEGABYTE} MB from almost nothing, as no real "
                "plan does. It was not opened. Copy the plan's sheets or tables into a new file and upload that."
            )
    total = sum(member.file_size for member in members)
    if total > limits.unpacked:
        raise Refusal(
            f"The file unpacks to {total // _MEGABYTE} MB; at most {limits.unpacked // _MEGABYTE} MB can be read. "
            "Take out pictures and sheets that are not part of the plan, and upload it again."
        )


def _too_large(name: str, limits: Limits) -> Refusal:
    return Refusal(
        f"A part of the file ({name.rpartition('/')[2]}) is larger than {limits.part // _MEGABYTE} MB. "
        "Copy the plan's rows into a new file and upload that."
    )


def _overlaps(members: list[zipfile.ZipInfo], data: bytes) -> None:
    """Refuse members that share bytes, which is how a small file unpacks to a huge one."""
    end = 0
    for member in sorted(members, key=lambda each: each.header_offset):
        start = member.header_offset
        if start < end or start + _LOCAL_HEADER > len(data) or data[start : start + 4] != b"PK\x03\x04":
            raise Refusal(_UNSAFE.format(why="its parts overlap"))
        name_length, extra_length = struct.unpack_from("<HH", data, start + 26)
        end = start + _LOCAL_HEADER + name_length + extra_length + member.compress_size
        if end > len(data):
            raise damaged()


def _doctypes(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Refuse a document type declaration: no office file has one, and it can make a parser expand without end."""
    for member in members:
        if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        try:
            with archive.open(member) as part:
                head = part.read(2048)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
            raise damaged() from None
        if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", head.replace(b"\0", b""), re.I):
            raise declares_a_type()
