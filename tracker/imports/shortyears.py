"""Months with two digits, "Sept 25": a month of 2025 where the file speaks of that year, else left to be asked about.

Day first is the order here, so the 25th of September is "25 Sept"; yet alone the two digits could be a day. What
settles it are the other years that a file names, or several such months whose digits are the same few years. Headings
of a time grid stay as they are.
"""

from __future__ import annotations

import re
from datetime import datetime

from tracker.imports.grid import Cell, Grid, Notice
from tracker.imports.words import exactly_known

_MONTH = r"(?i:(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:[a-z]{1,6})?)\.?"
_SHORT = re.compile(
    rf"(?P<month>(?:(?<![\w/.-])|(?<=[a-z]\d\d-)|(?<=[a-z] \d\d-)){_MONTH}) ?(?P<year>[0-4]\d)(?!, ?(?:19|20)\d\d)"
    r"(?=$|\s*[:–—-](?:\s|$)|[,;)/]|\s*\(|\s+(?:to|and|or)\b|\s?[-–](?=\s?[A-Z][a-z]{2})|\n"
    r"|\s+(?=[A-Z][a-z]{2,8}\.? [0-4]\d$))"
)
_LEAD_IN = re.compile(
    r"^(?:\(?\d{1,2}[.)]\s+|[•·*-]\s+)?(?:(?:by|before|end|of|the|mid|early|late|from|to|until)[ -])*$", re.I
)
_AFTER_MARK = re.compile(r"(?:\s[-–—]|[:(])\s*(?:(?:by|before|end|of|mid|early|late)[ -])*$", re.I)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<![\d./-])20[0-4]\d(?!\d)")
_TWO = re.compile(r"(?<![\d./-])(20[0-4]\d)[/-](\d\d)(?![\d/-])")  # "2014/15"


def with_years(grids: list[Grid]) -> None:
    """Write the years of such months out, in place, where the file settles them, and say so in a notice."""
    years: set[int] = set()
    found: list[tuple[Grid, int, int]] = []
    digits: list[int] = []
    for grid in grids:
        for number, cells in grid.rows.items():
            in_row: list[tuple[int, list[int]]] = []
            for column, cell in cells.items():
                if isinstance(cell.value, datetime):
                    years.add(cell.value.year)
                    continue
                text = cell.text
                if not text or len(text) > 2000 or not _DIGIT.search(text):
                    continue
                years.update(int(year) for year in _YEAR.findall(text))
                years.update(int(year) + 1 for year, after in _TWO.findall(text) if (int(year) + 1) % 100 == int(after))
                own = [int(each["year"]) for line in text.split("\n") for each in _tokens(line)]
                if own:
                    in_row.append((column, own))
            if in_row and not _is_heading(cells, {column for column, _ in in_row}):
                found += [(grid, number, column) for column, _ in in_row]
                digits += [each for _, own in in_row for each in own]
    few = len(digits) >= 3 and max(digits) - min(digits) <= 3 and len(set(digits)) < len(digits)
    changed: dict[str, list[str]] = {}
    for grid, number, column in found:
        cell = grid.rows[number][column]
        lines = [_written_out(line, years, few=few) for line in cell.text.split("\n")]
        text = "\n".join(lines)
        if text != cell.text:
            changed.setdefault(grid.name, []).append(f"{cell.address} “{cell.text.split(chr(10))[0][:40]}”")
            cell.text = text
            cell.value = text if isinstance(cell.value, str) else cell.value
    for grid in grids:
        if places := changed.get(grid.name):
            shown = ", ".join(places[:3]) + (f" and {len(places) - 3} more" if len(places) > 3 else "")
            what = f"Months with two digits were read as months of those years, which the file speaks of: {shown}."
            grid.notices.append(Notice(grid.name, what, "Correct the cell if a day was meant."))


def _is_heading(cells: dict[int, Cell], months: set[int]) -> bool:
    """Return whether a row holds nothing but such months and headings: it is that of a time grid."""
    others = [cell.text for column, cell in cells.items() if cell.text and column not in months]
    return len(months) > 1 and all(exactly_known(text) or len(text) < 8 for text in others)


def _tokens(line: str) -> list[re.Match[str]]:
    """Return the months with two digits of a line that begins with one, or is short and nothing but dates.

    Or the last one of a line that ends with it after a mark: "Skills audit – Sept 04".
    """
    found = list(_SHORT.finditer(line))
    if not found:
        return []
    if not _LEAD_IN.match(line[: found[0].start()].lstrip()):
        ends = not line[found[-1].end() :].strip(" .;)") and _AFTER_MARK.search(line[: found[-1].start()])
        return found[-1:] if ends else []
    return found if len(line) <= 45 else found[:1]


def _written_out(line: str, years: set[int], *, few: bool) -> str:
    for each in reversed(_tokens(line)):
        if few or 2000 + int(each["year"]) in years:
            line = f"{line[: each.end('month')]} 20{line[each.start('year') :]}"
    return line
