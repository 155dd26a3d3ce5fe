"""Bytes to grids: find out what the file is, check it, read its sheets, its tables or its lines."""

from __future__ import annotations

from tracker.imports.cards import with_cards_as_rows
from tracker.imports.filetype import FileType, file_type, opened
from tracker.imports.grid import Grid, Notice, Workbook
from tracker.imports.guard import checked_archive
from tracker.imports.labelled import with_labelled_lines_as_columns
from tracker.imports.labelled_rows import with_labelled_rows_as_columns
from tracker.imports.limits import Limits
from tracker.imports.roadmaps import with_roadmaps_as_rows
from tracker.imports.shortyears import with_years
from tracker.imports.turning import turned
from tracker.imports.unheaded import with_headings_above
from tracker.rules.errors import Refusal


def read_workbook(data: bytes, filename: str, limits: Limits) -> Workbook:
    """Read a file into grids. Raises Refusal, in a sentence for the person who uploaded it."""
    if len(data) > limits.file_size:
        raise Refusal(
            f"The file has {len(data) / 1_048_576:.1f} MB; at most {limits.file_size // 1_048_576} MB can be read. "
            "Take out pictures and sheets that are not part of the plan, and upload it again."
        )
    grids = [
        with_labelled_lines_as_columns(
            with_labelled_rows_as_columns(with_cards_as_rows(with_roadmaps_as_rows(with_headings_above(turned(grid)))))
        )
        for grid in _grids(data, filename, limits)
    ]
    with_years(grids)
    return Workbook(filename, grids, _beside(data, filename) + [notice for grid in grids for notice in grid.notices])


def _beside(data: bytes, filename: str) -> list[Notice]:
    """Return what a file holds beside the plan that a person may wonder about: macros, links to other files."""
    if not data.startswith(b"PK"):
        return []
    names = [name.lower() for name in opened(data).namelist()]
    found: list[Notice] = []
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        what = "The file has macros. They were neither read nor run; what the cells hold was read."
        found.append(Notice(filename, what, "Nothing to do."))
    if any("externallinks/" in name for name in names):
        what = "The file takes values from other files. These were not opened; the values that were stored were read."
        found.append(Notice(filename, what, "Check them if the other files have changed since."))
    return found


def _grids(data: bytes, filename: str, limits: Limits) -> list[Grid]:
    """Read the grids with the reader of the kind of file; each reader is loaded when it is needed."""
    kind = file_type(data, filename)
    if kind is FileType.TEXT:
        from tracker.imports.textfile import read_text

        return [read_text(data, filename, limits)]
    if kind is FileType.HTML:
        from tracker.imports.webpage import read_page

        return [read_page(data, limits)]
    if kind is FileType.XLSX:
        kind, archive = checked_archive(data, limits)
        if kind is FileType.XLSX:
            from tracker.imports.sheets import read_sheets

            return read_sheets(archive, limits)
        if kind is FileType.DOCX:
            from tracker.imports.documents import read_document

            return [read_document(archive, limits)]
    from tracker.imports.othersheets import read_other_sheets

    return read_other_sheets(data, kind, limits)
