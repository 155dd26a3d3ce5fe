"""The workbooks of all leads of a plan as one archive, made while it is sent: one workbook at a time is in memory."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from tracker.exports.lead_workbook import Sending, render_lead_workbook
from tracker.queries.lead_workbooks import LeadSheet
from tracker.rules.dates import london_day

_LONGEST = 60


def workbook_name(slug: str, sheet: LeadSheet, day: date) -> str:
    """Return a file name that every system takes: "<plan>-<lead>-2026-11-21.xlsx"."""
    return f"{_safe(slug) or 'plan'}-{_safe(sheet.post) or 'lead' if sheet.post_id else 'all-leads'}-{day}.xlsx"


def zip_name(slug: str, day: date) -> str:
    """Return the file name of the archive."""
    return f"{_safe(slug) or 'plan'}-workbooks-{day}.zip"


def zip_workbooks(sending: Sending, sheets: Iterable[LeadSheet]) -> Iterator[bytes]:
    """Yield an archive of the workbooks piece by piece; leads of one title are told apart by their organisation."""
    out = _Pieces()
    taken: set[str] = set()
    day = london_day(sending.made)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # a workbook is packed already
        for sheet in sheets:
            name = _distinct(workbook_name(sending.plan.slug, sheet, day), sheet, taken)
            moment = zipfile.ZipInfo(name, sending.made.timetuple()[:6])
            archive.writestr(moment, render_lead_workbook(sending, sheet))
            yield out.taken()
    yield out.taken()


def _distinct(name: str, sheet: LeadSheet, taken: set[str]) -> str:
    stem, at = name.removesuffix(".xlsx"), 1
    if name in taken:
        stem = f"{stem}-{_safe(sheet.organisation) or 'other'}"
        name = f"{stem}.xlsx"
    while name in taken:
        at += 1
        name = f"{stem}-{at}.xlsx"
    taken.add(name)
    return name


def _safe(text: str) -> str:
    """Return a text as part of a file name: letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", re.sub("['’]", "", text)).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")


class _Pieces(io.RawIOBase):
    """A file that cannot go back: what was written since the last look is taken away."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._written = 0

    def writable(self) -> bool:
        """Return that it takes bytes."""
        return True

    def tell(self) -> int:
        """Return how many bytes were written in all."""
        return self._written

    def write(self, data: Any) -> int:
        """Keep bytes until they are taken."""
        self._buffer += data
        self._written += len(data)
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since the last look."""
        found = bytes(self._buffer)
        self._buffer.clear()
        return found
