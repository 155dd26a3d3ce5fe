"""Rows that are milestones of an action in a row above them, written in the same column as the actions.

"Project / milestone": T01 with its lead and date, and T01.a, T01.b below it. Which row stands below which is told by
the outline of the refs, a column of levels or kinds, how far a text is set in, its look, or a column that names the
row above. The rows above have to be entries themselves: those that hold nothing but a title are workstreams.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.imports.columns import Columns
from tracker.imports.grid import Grid
from tracker.imports.lists import own_mark
from tracker.imports.words import row_kind

_BOTH = re.compile(  # one heading for both: "Project / milestone", "Deliverables and milestones"
    r"\w.*(?:[/&+,(]|\band\b|\bor\b|\bwith\b).*\b(?:milestones?|steps?|stages?|sub-? ?(?:tasks?|actions?)|key dates)\b"
    r"|\b(?:milestones?|steps?|stages?|sub-? ?(?:tasks?|actions?))\b.*(?:[/&+,(]|\band\b|\bor\b).*\w",
    re.I,
)
_DEEPER = r"[ .\-–/]?\(?(?:[A-Za-z]{1,2}\.?\d{0,3}|[ivx]{1,4}|\d{1,3})\)?$"
_FIRST = re.compile(r"^[aAi]$|(?:^|\D)0*1$")
_KINDS = {"section": 0, "action": 1, "milestone": 2}


@dataclass(slots=True)
class Named:
    """Which row each row says that it belongs to, and which of those that are named are titles."""

    above: dict[int, int]
    titles: set[int]

    def actions(self) -> dict[int, int]:
        """Return the rows that are milestones, each with the row of its action: the highest that is no title."""
        found = {}
        for row in self.above:
            chain = [row]
            while (over := self.above.get(chain[-1], 0)) and over not in (*chain, *self.titles):
                chain.append(over)
            if len(chain) > 1:
                found[row] = chain[-1]
        return found


def named_rows(grid: Grid, columns: Columns, rows: list[int], after: int) -> Named:
    """Return what a column says of which row each row belongs to."""
    return _Nesting(grid, columns, columns.action or columns.milestone, rows, after).named()


def sub_rows(grid: Grid, columns: Columns, rows: list[int], after: int) -> dict[int, int]:
    """Return the rows that are milestones of an action in another row of the same table, each with that row."""
    main = columns.action or columns.milestone
    apart = columns.action and columns.milestone  # each in a column of its own
    if not main or apart or columns.steps or columns.periods_say_what or columns.of_action is not None:
        return {}
    nesting = _Nesting(grid, columns, main, rows, after)
    return next((found for depths, few, told in nesting.depths() if (found := nesting.below(depths, few, told))), {})


@dataclass(slots=True)
class _Nesting:
    """The entries of one table, and how they stand below each other."""

    grid: Grid
    columns: Columns
    main: int
    rows: list[int]
    after: int  # the last row of the headings

    def __post_init__(self) -> None:
        """Take in the rows that hold nothing but a text where that is set in, or where others name it."""
        found = {row for row in self.rows if self._text(row, self.main)}
        named = {self._text(row, self.columns.parent) for row in self.rows} - {""}
        last = max(self.rows, default=0)
        for row in self.grid.row_numbers():
            cells = self.grid.texts(row) if self.after < row < last and row not in self.grid.paragraphs else []
            if len(cells) == 1 and cells[0].column == self.main and (cells[0].indent or cells[0].text in named):
                found.add(row)
        self.rows = sorted(found)

    def _text(self, row: int, column: int) -> str:
        """Return the text that begins in a row: what is merged down from another row is not its own."""
        cell = self.grid.cell(row, column) if column else None
        return cell.text.strip() if cell is not None else ""

    def _is_led(self, row: int) -> bool:
        return any(self._text(row, column) for column in (self.columns.lead, *self.columns.people))

    def _is_entry(self, row: int) -> bool:
        """Return whether a row says who and when, or who and how far, as far as the table has columns for it."""
        columns = self.columns
        dated = any(self._text(row, each) for each in (columns.due, columns.due_revised, columns.due_original))
        if not (columns.lead or columns.people):
            return dated
        told = dated or any(self._text(row, each) for each in (columns.status, *columns.updates))
        return told and self._is_led(row)

    def below(self, depths: list[int], few: int, told: bool) -> dict[int, int]:
        """Return the rows below the first level whose rows are entries, if nearly none of them has its own lead.

        So many rows or more have to stand over others. Where a heading, or the file, says that there are milestones in
        the column, they may as well be led by others.
        """
        above: dict[int, list[int]] = {}  # the places of the rows that stand over others, by their depth
        for at, depth in enumerate(depths[:-1]):
            if depths[at + 1] > depth:
                above.setdefault(depth, []).append(at)
        for depth in sorted(above):
            over = above[depth]
            entries = {at for at in over if self._is_entry(self.rows[at])}
            if len(entries) * 5 < 4 * len(over):
                continue
            found: dict[int, int] = {}
            action = -1
            for at, own in enumerate(depths):
                if own <= depth:
                    action = at if at in entries and own == depth else -1
                elif action >= 0:
                    found[self.rows[at]] = self.rows[action]
            unled = sum(not self._is_led(row) for row in found)
            led = bool(self.columns.lead or self.columns.people)
            fits = told or (led and unled * 5 >= 4 * len(found))
            return found if len(over) >= few and fits else {}
        return {}

    def depths(self) -> Iterator[tuple[list[int], int, bool]]:
        """Yield how deep each row stands by each thing that may tell it.

        With how many rows have to stand over others, and whether the file says that those below are milestones.
        """
        both = _BOTH.search(self.columns.texts.get(self.main, "")) is not None
        if not self.rows:
            return
        if kinds := self._by_kind():
            yield kinds, 1, True
        levels = [self._text(row, self.columns.level) for row in self.rows] if self.columns.level else []
        if levels and all(text.isdigit() and len(text) < 3 for text in levels):
            yield [int(text) for text in levels], 1, both
        refs = [self._ref(row) for row in self.rows]
        yield _outline(refs), 1, both
        yield _lists_below(refs), 1, both
        yield self._by_indent(), 1, both
        looks = [(cell.bold, cell.fill) for row in self.rows if (cell := self.grid.cell(row, self.main)) is not None]
        yield [int(look != looks[0]) for look in looks] if len(set(looks)) == 2 else [], 1 if both else 2, both
        if both and refs[0]:
            yield [int(not ref) for ref in refs], 1, both

    def _ref(self, row: int) -> str:
        if self.columns.ref:
            return self._text(row, self.columns.ref).strip(" .():")
        return own_mark(self._text(row, self.main))[0].strip(" .():")

    def _by_kind(self) -> list[int]:
        """Return the levels of rows that are said to be projects or milestones; actions are known as such."""
        kinds = [self._kind(row) for row in self.rows] if self.columns.kind else []
        return [_KINDS[kind] for kind in kinds] if kinds and set(kinds) == {"section", "milestone"} else []

    def _by_indent(self) -> list[int]:
        cells = [self.grid.cell(row, self.main) for row in self.rows]
        return [cell.indent if cell is not None else 0 for cell in cells]

    def named(self) -> Named:
        """Return which row each row names by its ref or its text; those that are named and no entries are titles."""
        names = {row: self._text(row, self.columns.parent).casefold() for row in self.rows}
        by_name = {name.casefold(): row for row in reversed(self.rows) if (name := self._text(row, self.main))}
        by_name |= {ref.casefold(): row for row in reversed(self.rows) if (ref := self._text(row, self.columns.ref))}
        above = {row: by_name[name] for row, name in names.items() if by_name.get(name, row) != row}
        tops = {row for row in above.values() if row not in above}
        entries = sum(map(self._is_entry, tops))
        kinds = {self._kind(row) for row, over in above.items() if over in tops}
        epics = "action" in kinds and {self._kind(row) for row in tops} == {"section"}
        return Named(above, tops if epics or entries * 5 < 4 * len(tops) else set())

    def _kind(self, row: int) -> str:
        return row_kind(self._text(row, self.columns.kind)) if self.columns.kind else ""


def _outline(refs: list[str]) -> list[int]:
    """Return how many of the refs above it each ref goes on from: "T01" 0, "T01.a" 1; one without stays where it is."""
    open_: list[str] = []
    depths: list[int] = []
    for ref in refs:
        while ref and open_ and not _is_below(ref, open_[-1]):
            open_.pop()
        depths.append(len(open_) if ref else (depths[-1] if depths else 0))
        if ref:
            open_.append(ref)
    return depths


def _is_below(ref: str, above: str) -> bool:
    """Return whether a ref goes on from another after a mark, or from a number with a letter: "T01.a", "1a", "A1"."""
    rest = ref[len(above) :] if ref.startswith(above) else ""
    return bool(rest) and re.match(_DEEPER, rest) is not None and not (above[-1].isdigit() and rest[0].isdigit())


def _lists_below(refs: list[str]) -> list[int]:
    """Return the depths of rows that are marked "a", "b" or "M1", "M2" below those that are numbered: 0 and 1.

    Their marks begin anew below each of those.
    """
    shapes = [_shape(ref) for ref in refs]
    if not all(refs) or len(set(shapes)) != 2 or shapes[0] == "a":
        return []
    begun = [refs[at] for at in range(1, len(refs)) if shapes[at] != shapes[0] == shapes[at - 1]]
    again = len(begun) > 1 or set(shapes) & {"a", "M", "MS"}
    return [int(shape != shapes[0]) for shape in shapes] if again and all(map(_FIRST.search, begun)) else []


def _shape(ref: str) -> str:
    """Return what a ref has before its number, "a" for one that is no more than letters."""
    found = re.fullmatch(r"([A-Za-z]*)[ .\-]?0*\d{1,3}", ref)
    return found[1].upper() if found else "a" if re.fullmatch(r"[A-Za-z]{1,4}", ref) else ref
