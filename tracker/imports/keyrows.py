"""Keys without colours: "1 | Fully achieved", "2 | On track" in rows of their own below the plan."""

from __future__ import annotations

import re

from tracker.imports.grid import Cell, Grid
from tracker.imports.words import is_colour, is_rating_letter, plain, status_kind, words

_MARK = re.compile(r"\W*(?:\d|[A-Z]{1,2}|[ivx]{1,3})\W*$")


def key_rows(grid: Grid) -> set[int]:
    """Return the rows of a key: two or more, each with a mark and a word of a status, and the title above them."""
    found: set[int] = set()
    run: list[int] = []
    numbers = grid.row_numbers()
    for at, number in enumerate([*numbers, 0]):
        if number and _explains(grid, number):
            run.append(number)
            continue
        before = numbers[numbers.index(run[0]) - 1] if run and run[0] != numbers[0] else 0
        ends = not number or number > numbers[at - 1] + 1
        if len(run) >= 2 and ends and (apart := _apart(grid, before, run[0])):
            found.update(run, apart - {0})
        run = []
    return found


def sums_up(cells: list[Cell]) -> bool:
    """Return whether a row counts the plan, "Completed | 12", or says what its ratings mean in one line."""
    first = cells[0].text
    if len(cells) == 1:
        said = re.match(r"([^:\n]{3,40}):\s", first)
        return said is not None and plain(said[1]) in words().keys  # "RAG rating criteria: Green – ..."
    return (
        len(cells) == 2 and re.fullmatch(r"\d{1,4}(?:\.0)?%?", cells[1].text) is not None and bool(status_kind(first))
    )


def _explains(grid: Grid, number: int) -> bool:
    cells = grid.texts(number)
    if len(cells) != 2 or len(cells[1].text) > 80:
        return False
    mark, meaning = cells[0].text.strip(), re.split(r"\s[-–—]\s|[(:,;]", cells[1].text)[0]
    marked = bool(_MARK.match(mark)) or is_colour(mark) or is_rating_letter(mark)
    return marked and bool(status_kind(meaning))


def _apart(grid: Grid, before: int, first: int) -> set[int]:
    """Return the title of a key (and 0) if the key stands apart from the rows above it; else nothing."""
    if not before or before < first - 1:
        return {0}
    alone = len(grid.texts(before)) == 1 and len(grid.texts(before)[0].text) <= 80
    return {0, before} if alone and not grid.texts(before - 1) else set()


def are_of_key(cells: list[Cell]) -> bool:
    """Return whether what stands beside the word "Key" are colours or states, or one meaning."""
    return len(cells) < 2 or is_colour(cells[0].text) or all(status_kind(cell.text) for cell in cells)
