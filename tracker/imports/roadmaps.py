"""Tables whose columns are times and whose cells say what is to be done: "2024/25 | 2025/26 | 2026/27".

A row of times heads such a table, alone or beside a column of themes. Each text below becomes a row with the time over
it as its date; cells keep their places. Where times stand in the first column of a table without headings, each text
beside them does. A table with a column of actions, or of dates, is left as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tracker.imports.dated_titles import is_open, is_term, is_to_do, tells_of_plan, when_of_title
from tracker.imports.duetext import due_of_text
from tracker.imports.grid import Cell, Grid, Notice, Span
from tracker.imports.layout import Header, find_headers
from tracker.imports.lists import bullets, marked_lines, one_line, sentence_lines
from tracker.imports.words import begins_with_verb, exactly_known, names_a_post, roles_of

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_PART = re.compile(
    rf"(?P<part>q(?:uarter )?[1-4]|{_MONTH}(?:\s?(?:[-–/]|to)\s?{_MONTH})?|(?:spring|summer|autumn)(?: term)?|winter)"
    r"(?:\s*\([^()\d]*\))?",
    re.I,
)
_FINANCIAL = re.compile(r"(?<![\d/-])20\d\d[/-]\d\d(?![\d/-])")
_MAIN = frozenset({"action", "milestone", "due", "due_original", "due_revised"})
_MAY_BE = re.compile(
    rf"(?:19|20)\d\d|\d\d|\b(?:term|year|phase|q[1-4]|quarter|months|weeks|days|now|next|later|{_MONTH}|spring|summer|autumn|winter|future|ongoing|immediate)",
    re.I,
)
_NO_THEMES = frozenset({"success", "lead", "due", "ref", "update"})


@dataclass(slots=True)
class _Map:
    """One table: the row of its times, the column of its themes, and what is to be done in each row below."""

    row: int
    when: dict[int, Cell]
    label: str = ""  # the heading of the themes
    side: int = 0  # the column of the themes, 0 for none
    kept: dict[int, Cell] = field(default_factory=dict)  # the headings of who leads, and of other known columns
    headed: bool = True  # its first row holds headings
    themes: dict[int, Cell] = field(default_factory=dict)  # by column, where the times stand in the first one
    acts: bool = False  # the themes say what is to be done, so the texts beside them are its steps
    rows: dict[int, list[tuple[Cell, Cell]]] = field(default_factory=dict)  # what, and the time over it


def with_roadmaps_as_rows(grid: Grid) -> Grid:
    """Return the grid with its tables of times turned into rows of actions; the same grid if it has none."""
    found = {each.row: each for each in (*_maps(grid), *_times_in_first_column(grid))}
    known = find_headers(grid) if found else []
    for row, each in list(found.items()):
        if any(row <= header.row <= max(each.rows) and not _is_headed_by_times(header, each) for header in known):
            del found[row]
    return _rewritten(grid, found) if found else grid


def _is_headed_by_times(header: Header, times: _Map) -> bool:
    """Return whether known headings are those of themes, and times that say what is done: "What we do in 2026"."""
    main = {column for column, roles in header.roles.items() if _MAIN & set(roles[:1])}
    return header.row == times.row and not header.periods and main <= set(times.when)


def _maps(grid: Grid) -> Iterator[_Map]:
    tops = sorted(grid.tables)
    numbers = [number for number in grid.row_numbers() if number not in grid.hidden_rows]
    for at, row in enumerate(numbers):
        own = bisect_right(tops, row)  # how many tables begin above
        near = not tops or (own > 0 and row <= tops[own - 1] + 2)
        times = _times(grid, row) if near and row not in grid.paragraphs else None
        if times is None:
            continue
        end, last = tops[own] if own < len(tops) else 1 << 30, row
        below: list[int] = []
        for number in numbers[at + 1 :]:
            ends = number >= end or number in grid.paragraphs or (not tops and number > last + 2)
            if ends or _times(grid, number) is not None:
                break
            below.append(number)
            last = number
        if _filled(grid, times, below):
            times.acts = times.side > 0 and _themes_act(grid, times)
            if _says_what_to_do(grid, times):
                yield times


def _times(grid: Grid, row: int) -> _Map | None:
    """Return the times of a row that holds nothing else, apart from the heading of the themes at its left."""
    cells = grid.texts(row)
    if len(cells) < 2 or any(len(cell.text) > 60 for cell in cells):
        return None

    def posts(cell: Cell) -> bool:
        below = [each.text for number in range(row + 1, row + 6) if (each := grid.cell(number, cell.column))]
        return len(below) > 1 and all(map(names_a_post, below)) and not names_a_post(cell.text)

    when: dict[int, Cell] = {}
    others: list[Cell] = []
    for cell in reversed(cells):
        time = _time(grid, cell)
        if time is not None:
            when[cell.column] = time
        elif cell is cells[0] or (exactly_known(cell.text) and not _MAIN & set(roles_of(cell.text))) or posts(cell):
            others.append(cell)
        else:
            return None  # a row like any other, which costs no more
    if len(when) < 2:
        return None
    when = dict(sorted(when.items()))
    themes = [cell for cell in others if not _NO_THEMES & set(roles_of(cell.text)[:1])]
    themes = [cell for cell in reversed(themes) if cell.column < min(when)]
    named = themes[0].text if themes else ""
    terms = sum(is_term(cell.text) for cell in when.values())
    shut = sum(not is_open(cell.text) for cell in when.values())
    if shut < 2 or (terms and (terms < shut or terms < 3)) or (others and not themes):
        return None
    kept = {cell.column: cell for cell in reversed(others) if cell not in themes[:1]}
    return _Map(row, when, one_line(named), themes[0].column if themes else 0, kept)


def _time(grid: Grid, cell: Cell) -> Cell | None:
    """Return the cell of a time, with the year of the cell above it where it has none of its own."""
    if isinstance(cell.value, float) or not _MAY_BE.search(cell.text):
        return None
    if is_term(cell.text) or is_open(cell.text):
        return cell
    phrase = when_of_title(cell.text)
    part = _PART.fullmatch(cell.text.strip()) if not phrase else None
    if part is not None:
        above = grid.shown(cell.row - 1, cell.column)
        year = when_of_title(above.text) if above is not None else ""
        year = year or _year_of_title(grid, cell.row)
        phrase = f"{part['part']} {year}" if year else ""
    dated = phrase and due_of_text(phrase).dated
    return replace(cell, text=phrase, value=phrase, place=cell.address) if dated else None


def _year_of_title(grid: Grid, row: int) -> str:
    """Return the financial year that a title directly above a table names: "Delivery plan 2025/26", above "Q1 | Q2"."""
    near = [cells for number in range(row - 4, row) if len(cells := grid.texts(number)) == 1]
    years = {year for cells in near for year in _FINANCIAL.findall(cells[0].text)}
    return years.pop() if len(years) == 1 else ""


def _filled(grid: Grid, times: _Map, below: list[int]) -> bool:
    """Gather what stands below times; return whether all of it stands under a time or in the column of themes."""
    last = max(times.when)
    aside = {cell.column for row in below for cell in grid.texts(row)} - set(times.when) - set(times.kept)
    if not times.side and len(aside) == 1 and max(aside) < min(times.when):
        times.side = max(aside)  # themes under no heading
    for row in below:
        items: list[tuple[Cell, Cell]] = []
        for cell in grid.texts(row):
            right = min(cell.span.right, last) if cell.span is not None else cell.column
            over = [column for column in times.when if column <= right]
            if cell.column == times.side or cell.column in times.kept:
                continue
            if not over or (cell.column not in times.when and cell.span is None):
                return False
            time = times.when[max(over)]  # what is drawn over several times ends with the last of them
            items += [(replace(cell, text=text, value=text, span=None), time) for text in _listed(cell.text)]
        times.rows[row] = items
    return any(times.rows.values())


def _times_in_first_column(grid: Grid) -> Iterator[_Map]:
    """Yield the tables of a document whose rows begin with a time each, beside what is to be done: no headings."""
    tops = sorted(grid.tables)
    held: dict[int, list[int]] = {}
    for number in grid.rows if tops else ():
        if number not in grid.paragraphs and number >= tops[0]:
            held.setdefault(tops[bisect_right(tops, number) - 1], []).append(number)
    first = 0 if tops else next((number for number in grid.rows if len(grid.texts(number)) > 1), 0)
    if first and (len(grid.texts(first)) > 2 or _time(grid, grid.texts(first)[0]) is not None):
        held[first] = [number for number in grid.row_numbers() if number >= first]
    for top, rows in held.items():
        if themed := _beside_themes(grid, top, rows):
            yield themed
            continue
        if len(grid.texts(top)) != 2:
            continue
        cells = {number: grid.texts(number) for number in rows}
        if len(rows) < 2 or any(len(each) != 2 for each in cells.values()):
            continue
        times = {number: _time(grid, each[0]) for number, each in cells.items()}
        made = _Map(top, {}, headed=False)
        for number, each in cells.items():
            time = times[number]
            if time is None or _time(grid, each[1]) is not None:
                break
            made.when[number] = time
            made.rows[number] = [(replace(each[1], text=text, value=text), time) for text in _listed(each[1].text)]
        if len(made.rows) == len(rows) and _says_what_to_do(grid, made):
            yield made


def _beside_themes(grid: Grid, top: int, rows: list[int]) -> _Map | None:
    """Return a table with a theme over each column and a time at the beginning of each row: "Year | Homes | Roads"."""
    heads = grid.texts(top)[1:]
    if not 2 < len(rows) < 200 or len(heads) < 2 or any(exactly_known(each.text) for each in heads):
        return None
    label = grid.texts(top)[0]
    made = _Map(top, {}, themes={each.column: each for each in heads})
    for number in rows[1:]:
        cells = grid.texts(number)
        time = _time(grid, cells[0]) if cells[0].column == label.column else None
        if time is None or any(each.column not in made.themes for each in cells[1:]):
            return None
        made.when[number] = time
        made.rows[number] = [
            (replace(each, text=text, value=text), time) for each in cells[1:] for text in _listed(each.text)
        ]
    return made if _says_what_to_do(grid, made) else None


def _listed(text: str) -> list[str]:
    items = bullets(text) or marked_lines(text)
    if items:
        return [one_line(" ".join([item.text, *item.below])) for item in items]
    return sentence_lines(text) or [one_line(text)]


def _says_what_to_do(grid: Grid, times: _Map) -> bool:
    """Return whether a table of times is a plan: by what its cells say, or by the titles above it."""
    texts = [what.text for items in times.rows.values() for what, _ in items]
    near = [min(grid.rows), *range(times.row - 5, times.row)]
    above = [cell.text for row in near if row < times.row for cell in grid.texts(row) if len(cell.text) <= 90]
    terms = any(is_term(cell.text) for cell in times.when.values())
    announced = times.acts or (not terms and tells_of_plan([grid.name, *above]))
    long = sum(len(text.split()) for text in texts) >= (1.5 if times.acts else 2.5) * len(texts)
    return len(texts) > 2 and long and is_to_do(texts, announced=announced)


def _themes_act(grid: Grid, times: _Map) -> bool:
    """Return whether the themes say what is to be done; under "Priority" only where the texts beside them are short."""
    themes = [cell.text for row in times.rows if (cell := grid.cell(row, times.side)) is not None and cell.text]
    texts = [what.text for items in times.rows.values() for what, _ in items]
    short = sum(len(text.split()) for text in texts) < 2.5 * len(texts)
    groups = roles_of(times.label)[:1] == ("section",) and not short
    acts = sum(begins_with_verb(text) and len(text.split()) > 2 for text in themes)
    return not groups and acts * 2 >= max(len(themes), 1)


def _rewritten(grid: Grid, found: dict[int, _Map]) -> Grid:
    """Return a grid in which each such table has a row for each thing to be done; the rows below get new numbers."""
    made = Grid(grid.name, hidden=grid.hidden, notices=grid.notices, drawn=grid.drawn, filtered=grid.filtered)
    made.hidden_columns, made.folded, made.unknown = grid.hidden_columns, list(grid.folded), grid.unknown
    inside = {row: each for each in found.values() for row in each.rows}
    at = before = 0
    for number, cells in grid.rows.items():
        at, before = at + number - before, number
        if number in grid.tables:
            made.tables[at] = max(grid.tables[number], 3)
        if number in found:
            _head(grid, made, found[number], at)
            at += not found[number].headed
        if number in inside:
            at += _row(grid, made, inside[number], number, at) - 1
        elif number not in found:
            made.rows[at] = {column: cell.at_row(at) for column, cell in cells.items()}
            made.paragraphs |= {at} if number in grid.paragraphs else set()
            made.hidden_rows |= {at} if number in grid.hidden_rows else set()
    made.spans = [cell.span for cells in made.rows.values() for cell in cells.values() if cell.span is not None]
    times = sum(len(each.when) for each in found.values())
    made.notices.append(
        Notice(
            grid.name,
            f"{times} columns or rows are headed by times and not by what they hold. Each text in them was read as "
            "something to be done by the end of that time.",
            "Check that none of them says when something begins.",
        )
    )
    return made


def _head(grid: Grid, made: Grid, times: _Map, at: int) -> None:
    """Write the headings that such a table has as rows."""
    names = ["Action", "Deadline"]
    if times.side or times.themes:
        theme = times.label if roles_of(times.label)[:1] == ("section",) else "Theme"
        names = ["Action", "Milestones", "Deadline"] if times.acts else [theme, *names]
    names += [cell.text for cell in times.kept.values()]
    made.rows[at] = {column: Cell(at, column, name, name, bold=True) for column, name in enumerate(names, 1)}
    made.made.add(at)
    if not times.headed:
        return
    cells = grid.texts(times.row)
    made.folded.append((at, cells[0].address, " | ".join(cell.text for cell in cells)))


def _row(grid: Grid, made: Grid, times: _Map, number: int, at: int) -> int:
    """Write the rows that stand for one row of such a table; return how many there are, with one for none."""
    theme = grid.shown(number, times.side) if times.side else None
    own = theme is not None and theme.row == number
    items = times.rows[number]
    if theme is not None and own and not items:
        made.rows[at] = {1: replace(theme, row=at, column=1, span=Span(at, 1, at, 3), place=theme.address)}
    for place, (what, time) in enumerate(items):
        row = at + place
        beside = [grid.shown(number, column) for column in times.kept]
        over = [theme] if times.side else [times.themes[what.column]] if times.themes else []
        cells = [*over, what, time, *beside]
        made.rows[row] = {
            column: replace(cell, row=row, column=column, span=None, place=cell.address, bold=False, fill="")
            for column, cell in enumerate(cells, 1)
            if cell is not None and not (times.acts and place and column == 1)  # the steps of one action
        }
    return max(len(items), 1)
