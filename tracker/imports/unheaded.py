"""Tables without any row of headings: "Repaint the bandstand | Parks Manager | March 2026" from the first row on.

Where titles announce a plan, the columns are known by their contents, and a row of headings that says so is put above
them: what is to be done in verbs, by when, and who. Rows below get new numbers; cells keep their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.imports.by_values import is_name
from tracker.imports.dated_titles import is_to_do, tells_of_plan
from tracker.imports.duetext import is_deadline, is_phrase
from tracker.imports.grid import Cell, Grid, Notice
from tracker.imports.layout import has_header
from tracker.imports.profiles import Profile, profile
from tracker.imports.words import begins_with_verb, heading, says_who_will, words

_FEWEST = 3  # rows that say what and when
_LOOKED_AT = 200  # rows of a table by which its columns are known
_NEAR = 6  # lines above a table that may announce a plan
_VERSION = re.compile(r"0\.\d+|(?:version|draft|v)\.? ?\d[\d.]*", re.I)
_REFS = re.compile(r"\(?[A-Za-z]{0,3}\d{1,3}(?:\.\d{1,2})*[a-z]?[.)]?|\(?[a-z][.)]")


@dataclass(slots=True)
class _Table:
    """The first row of a table, and the headings that its columns are given."""

    top: int
    names: dict[int, str]


def with_headings_above(grid: Grid) -> Grid:
    """Return the grid with a row of headings above each plan that has none; the same grid if there is none."""
    tables = [each for each in _tables(grid) if each]
    if not tables or has_header(grid):
        return grid
    found: list[_Table] = []
    alike: dict[int, list[list[int]]] = {}
    for rows in tables:
        alike.setdefault(max(len(grid.texts(row)) for row in rows), []).append(rows)
    for several in alike.values():
        names = _names(grid, [row for rows in several for row in rows])
        if names and all(_begins_with_entry(grid, rows, names) for rows in several):
            found += [_Table(rows[0], names) for rows in several]
    found = [each for each in found if _is_announced(grid, each.top)]
    return _rewritten(grid, found) if found else grid


def _tables(grid: Grid) -> Iterator[list[int]]:
    """Yield the rows of each table that hold more than one text; a sheet is one table."""
    numbers = [number for number in grid.row_numbers() if number not in grid.hidden_rows]
    tops = sorted(grid.tables) or numbers[:1]
    for at, top in enumerate(tops):
        end = tops[at + 1] if at + 1 < len(tops) else 1 << 30
        rows = [row for row in numbers if top <= row < end and row not in grid.paragraphs][:_LOOKED_AT]
        yield [row for row in rows if len(grid.texts(row)) > 1]


def _names(grid: Grid, rows: list[int]) -> dict[int, str]:
    """Return the headings of the columns that rows have by their contents, {} if these are not those of a plan."""
    columns = sorted({cell.column for row in rows for cell in grid.texts(row)})
    looks = {column: profile(grid, column, rows) for column in columns}
    full = [column for column in columns if looks[column].count * 5 >= 4 * len(rows)]
    texts = {
        column: [cell.text for row in rows for cell in grid.texts(row) if cell.column == column] for column in full
    }
    acts = {column: sum(map(_bids, texts[column])) / len(texts[column]) for column in full}
    dated = [column for column in full if sum(map(_says_when, texts[column])) * 5 >= 4 * len(texts[column])]
    dated = [column for column in dated if looks[column].dates > 0 and looks[column].words <= 8]
    action = max((each for each in full if each not in dated), key=lambda each: acts[each], default=0)
    if len(rows) < _FEWEST or not action or len(dated) != 1 or looks[action].words < 3:
        return {}
    beside = [each for each in full if each not in (action, *dated)]
    led = [each for each in beside if looks[each].posts >= 0.6]
    led = led or [each for each in beside if looks[each].posts >= 0.1 and all(map(is_name, texts[each]))]
    fewest = 0.5 if led else 0.75  # of the texts that say in verbs what is to be done
    if acts[action] < fewest or not is_to_do(texts[action], announced=True) or _counts(grid, rows):
        return {}
    if any(_VERSION.fullmatch(text) for each in beside for text in texts[each]):
        return {}  # what was changed in a document, by whom and when
    names = {action: "Action", dated[0]: "Deadline"} | dict.fromkeys(led[:1], "Lead")
    for column in columns:
        if column not in names and (name := _name_beside(looks[column], names, texts.get(column, []), column < action)):
            names[column] = name
    return names


def _bids(text: str) -> bool:
    return begins_with_verb(text) or says_who_will(text)


def _says_when(text: str) -> bool:
    return is_phrase(text) or is_deadline(text)


def _name_beside(look: Profile, names: dict[int, str], texts: list[str], before: bool) -> str:
    """Return the heading of a column beside what, who and when; "" for one that nothing is known of."""
    taken = set(names.values())
    if before and texts and all(_REFS.fullmatch(text) for text in texts) and look.distinct == 1 and "Ref" not in taken:
        return "Ref"
    if look.count and look.statuses + look.letters >= 0.6 and "Status" not in taken:
        return "Status"
    if look.words >= 2 and not before and look.dates < 0.5 and "Comments" not in taken:
        return "Comments"
    return ""


def _counts(grid: Grid, rows: list[int]) -> bool:
    """Return whether rows end in sums or telephone numbers: a list of invoices, of who is to be called."""
    held = [cell.text for row in rows for cell in grid.texts(row)]
    return (
        sum(
            re.fullmatch(r"£?[\d,]+\.\d\d|£[\d,.]+[km]?|0\d{3,4} ?\d{5,7}|0[\d ]{9,13}", each) is not None
            for each in held
        )
        > 1
    )


def _begins_with_entry(grid: Grid, rows: list[int], names: dict[int, str]) -> bool:
    """Return whether the first row of a table says what and when as those below do, so that it is no heading."""
    cells = {names.get(cell.column): cell for cell in grid.texts(rows[0])}
    action, due = cells.get("Action"), cells.get("Deadline")
    return action is not None and due is not None and _says_when(due.text) and len(action.text.split()) > 1


def _is_announced(grid: Grid, top: int) -> bool:
    """Return whether the title above a table, or all those above it with the document's, announce a plan."""
    above = [row for row in grid.row_numbers() if row < top]
    lines = [cell.text for row in [*above[:1], *above[-_NEAR:]] for cell in grid.texts(row) if len(cell.text) <= 120]
    if any(heading(line) in {*words().beside, *words().apart} for line in lines[-1:]):
        return False
    return tells_of_plan(lines[-1:]) or tells_of_plan([grid.name.replace("_", " "), *lines])


def _rewritten(grid: Grid, found: list[_Table]) -> Grid:
    """Return a grid with a row of headings above each such table."""
    made = Grid(grid.name, hidden=grid.hidden, notices=grid.notices, drawn=grid.drawn, filtered=grid.filtered)
    made.hidden_columns, made.unknown = grid.hidden_columns, grid.unknown
    heads = {each.top: each for each in found}
    by_row: dict[int, int] = {}
    put = 0
    for number, cells in grid.rows.items():
        if number in heads:
            at = number + put
            made.rows[at] = {
                column: Cell(at, column, name, name, bold=True) for column, name in heads[number].names.items()
            }
            made.made.add(at)
            put += 1
        at = by_row[number] = number + put
        made.rows[at] = {column: cell.at_row(at) for column, cell in cells.items()}
    for number, width in grid.tables.items():
        made.tables[by_row[number] - (number in heads)] = width
    made.paragraphs = {by_row[row] for row in grid.paragraphs if row in by_row}
    made.hidden_rows = {by_row[row] for row in grid.hidden_rows if row in by_row}
    made.folded = [(by_row.get(row, row), place, text) for row, place, text in grid.folded]
    made.spans = [cell.span for cells in made.rows.values() for cell in cells.values() if cell.span is not None]
    told = ", ".join(dict.fromkeys(name for each in found for name in each.names.values()))
    made.notices.append(
        Notice(grid.name, f"A table has no row of headings; by what stands in them its columns were read as {told}.",
            "Check what the columns were read as.",
        )
    )  # fmt: skip
    return made
