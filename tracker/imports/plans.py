"""A workbook's grids to a plan: which sheets hold it, in which order they are read, and what to say if none does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from tracker.imports.builder import Builder, Tell, silent
from tracker.imports.costs import without_costs
from tracker.imports.document_layout import Sheet
from tracker.imports.facts import tell_facts
from tracker.imports.grid import Grid, Workbook, column_letters
from tracker.imports.guessing import guessed_headers
from tracker.imports.layout import Header
from tracker.imports.limits import Limits
from tracker.imports.mapping import FileMapping, headers_of
from tracker.imports.other_sheets import holds_values, is_risk_table, read_key, read_other, seems_to_be
from tracker.imports.reading import read_workbook
from tracker.imports.reconcile import Outcome
from tracker.imports.refusing import RISKS, is_template, refusal
from tracker.imports.result import ImportResult, Kind, Problem
from tracker.imports.rows import RowKind, SheetRows, sorted_rows
from tracker.imports.sentence_leads import take_leads_of_sentences
from tracker.imports.titles import plan_title, years_of
from tracker.imports.understood import pictures
from tracker.imports.words import heading, words
from tracker.rules.document import PlanDocument


def read_plan(
    data: bytes,
    filename: str,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    said: FileMapping | None = None,
    tell: Tell = silent,
) -> ImportResult:
    """Read a file into a plan, in the calling process and without a database.

    `said` is what a person said of its columns; `tell` is called with the number of lines read and of all rows.
    Raises Refusal if the file cannot be opened at all; a workbook that opens but holds no plan gives a result of the
    kind `not_a_plan` or `template` with a sentence that says what it seems to be.
    """
    tell(0, 0)
    return plan_of(read_workbook(data, filename, limits), said or FileMapping(), tell)


def plan_of(workbook: Workbook, said: FileMapping | None = None, tell: Tell = silent) -> ImportResult:
    """Turn grids into a plan, with every row of every sheet accounted for."""
    title = plan_title(workbook.grids, workbook.filename)
    said = said or FileMapping()
    builder = Builder(workbook.filename, PlanDocument(title))
    builder.tell, builder.rows = tell, sum(len(grid.rows) for grid in workbook.grids)
    builder.document.starts, builder.document.ends = years_of(title)
    key = read_key(builder, workbook.grids)
    plans, risks = _sheets([grid for grid in workbook.grids if grid.name not in said.left_out], said)
    if any(re.search(r"\b(academic|school) years?\b", _above_tables(grid, found), re.I) for grid, found in plans):
        builder.document.year_kind = "academic"
    for grid, found in plans:
        Sheet(builder, grid, found, key, alone=len(plans) == 1).read()
        _guessed(builder, grid, found)
        _unread_columns(builder, grid, found)
        _swapped_dates(builder, grid, found)
    chosen = {grid.name for grid, _ in plans}
    for grid in workbook.grids:
        if grid.name in chosen:
            continue
        if grid.name in said.left_out:
            _left_out_sheet(builder, grid)
        elif grid.hidden and grid.rows:
            _hidden_sheet(builder, grid)
        else:
            read_other(builder, grid)
    builder.leave_out_empty_areas()
    take_leads_of_sentences(builder)
    if not plans:
        builder.problems.clear()  # the one sentence says what the file is
    for notice in [*workbook.notices, *(notice for grid in workbook.grids for notice in grid.notices)]:
        builder.problem(notice.where, notice.what, notice.next_step)
    for name in sorted(builder.numbered_here):
        builder.problem(
            name, "The actions carry no references of their own; they were numbered in the order of the sheet.",
            "Add a column “Ref” to the workbook if the plan has references.",
        )  # fmt: skip
    for grid in workbook.grids:
        for row, place, text in grid.folded:
            builder.account.add(grid.name, row, place, text, Outcome.MERGED, "a detail of the line above")
    builder.account.close({grid.name: _rows(grid) for grid in workbook.grids})
    result = _result(builder, workbook, has_plan=bool(plans), risks=risks)
    result.sheets = pictures(workbook.grids, plans, builder.account, said.left_out)
    return result


def _sheets(grids: list[Grid], said: FileMapping) -> tuple[list[tuple[Grid, SheetRows]], list[str]]:
    """Return the sheets that hold a part of the plan, and the names of those that hold risks."""
    plans: list[tuple[Grid, SheetRows]] = []
    risks: list[str] = []
    for grid, headers in without_costs(list(_headed(grids, said)), said.headers):
        other = [at for at, header in enumerate(headers) if _is_risks(grid, headers, at)]
        if other and len(other) < len(headers) and grid.tables:
            # A document may hold a table of risks beside those of the plan.
            grid.foreign.update(headers[at].row for at in other)
            headers = [header for at, header in enumerate(headers) if at not in other]
            other = []
        if other:
            risks.append(grid.name)
        elif headers:
            plans.append((grid, sorted_rows(grid, headers, said)))
        elif seems_to_be(grid) == RISKS:
            risks.append(grid.name)
    named = sum(words().risk_sheets.search(grid.name) is not None for grid in grids)
    raid = len(risks) > 1 or named > 2 or any(re.search(r"\braid\b", grid.name, re.I) for grid in grids)
    if (
        risks
        and raid
        and all(
            re.search(r"\b(action|decision|issue|raid|log|dependenc|assumption)", grid.name, re.I) for grid, _ in plans
        )
    ):
        risks += [grid.name for grid, _ in plans]
        plans = []
    return plans, risks


def _headed(grids: list[Grid], said: FileMapping) -> Iterator[tuple[Grid, list[Header]]]:
    """Yield the sheets that may hold a part of the plan, each with its headers."""
    for grid in grids:
        if grid.hidden or not grid.rows:
            continue
        if len(grids) > 1 and heading(grid.name) in words().beside and grid.name not in said.headers:
            continue  # "Change log", "Glossary"
        headers = headers_of(grid, said)
        seems = "" if headers else seems_to_be(grid)
        headers = sorted(headers + guessed_headers(grid, headers, seems=seems), key=lambda header: header.row)
        counts = [header for at, header in enumerate(headers) if _counts(grid, headers, at)]
        grid.foreign.update(header.row for header in counts if not grid.tables)
        yield grid, [header for header in headers if header not in counts]


def _counts(grid: Grid, headers: list[Header], at: int) -> bool:
    """Return whether a table counts: "Theme | Completed | On track | Delayed" over numbers, a summary of the plan."""
    header = headers[at]
    end = headers[at + 1].first_row if at + 1 < len(headers) else 1 << 30
    rows = [number for number in grid.rows if header.last_row < number < end][:40]
    if holds_values(grid, header, rows):
        return True
    below = [grid.texts(number)[1:] for number in rows]
    held = [cell.text for cells in below for cell in cells]
    numbers = sum(re.fullmatch(r"\d{1,4}(?:\.0)?%?|-", text) is not None for text in held)
    times = [cell.text for number in rows for cell in grid.texts(number) if cell.column in header.periods]
    told = any(re.search(r"[^\W\d]", text) for text in times) or (bool(header.periods) and not times)
    return not told and len(header.texts) >= 3 and len(held) >= 4 and numbers * 5 >= 4 * len(held)


def _is_risks(grid: Grid, headers: list[Header], at: int) -> bool:
    """Return whether a header, or the column of types below it, is that of a risk register."""
    header = headers[at]
    end = headers[at + 1].first_row if at + 1 < len(headers) and grid.tables else 1 << 30
    below = [number for number in grid.rows if header.row < number < end]
    for column, text in header.texts.items():
        if re.search(r"type|category|raid|log", text, re.I):
            values = [cell.text for number in below if (cell := grid.cell(number, column)) is not None and cell.text]
            if is_risk_table([], values):
                return True
    return is_risk_table(list(header.texts.values()), [])


def _above_tables(grid: Grid, found: SheetRows) -> str:
    """Return the words above the first table of a sheet, and its headings."""
    last = found.headers[0].last_row
    return " ".join(cell.text for row in grid.rows if row <= last for cell in grid.texts(row))


def _rows(grid: Grid) -> list[tuple[int, str, str]]:
    """Return every row with text: its number, its first cell and its words."""
    found: list[tuple[int, str, str]] = []
    for number, cells in grid.rows.items():
        if number in grid.made:
            continue
        texts = [cell for _, cell in sorted(cells.items()) if cell.text]
        if texts:
            found.append((number, texts[0].address, " | ".join(cell.text for cell in texts)))
    return found


def _hidden_sheet(builder: Builder, grid: Grid) -> None:
    builder.problem(
        grid.name, "The sheet is hidden in the workbook and was not imported.",
        "Show the sheet and import again if it belongs to the plan.",
    )  # fmt: skip
    for number, cell, text in _rows(grid):
        builder.account.add(grid.name, number, cell, text, Outcome.LEFT_OUT, "the sheet is hidden")


def _left_out_sheet(builder: Builder, grid: Grid) -> None:
    for number, cell, text in _rows(grid):
        builder.account.add(grid.name, number, cell, text, Outcome.LEFT_OUT, "the sheet was left out on purpose")


def _guessed(builder: Builder, grid: Grid, found: SheetRows) -> None:
    """Say of headings that are not known how their columns were read."""
    for header in found.headers:
        if header.guessed:
            told = ", ".join(f"{header.texts[each]} ({roles[0]})" for each, roles in header.roles.items() if roles)
            builder.problem(
                f"{grid.name} row {header.row}",
                f"The headings of this table are not known; it was read by what stands below them: {told}.",
                "Check what the columns were read as, and say it where it is otherwise.",
            )


def _unread_columns(builder: Builder, grid: Grid, found: SheetRows) -> None:
    """List the columns that hold something and were not imported."""
    names: list[str] = []
    for columns in found.tables:
        body = [row for row in found.rows if row.columns is columns and row.kind in (RowKind.DATA, RowKind.REST)]
        for column in columns.extra:
            count = sum(bool((cell := grid.cell(row.number, column)) and cell.text) for row in body)
            if count:
                name = columns.texts.get(column) or f"column {column_letters(column)}"
                names.append(f"{name} ({count} {'cell' if count == 1 else 'cells'})")
        head = found.headers[found.tables.index(columns)].row if len(found.headers) == len(found.tables) else 0
        for column in sorted(grid.hidden_columns - grid.drawn):
            if any((cell := grid.cell(row.number, column)) and cell.text for row in found.rows if row.number > head):
                title = grid.cell(head or found.headers[0].row, column)
                names.append(f"{title.text if title and title.text else f'column {column_letters(column)}'} (hidden)")
    if grid.drawn:
        names.append(f"{column_letters(min(grid.drawn))} to {column_letters(max(grid.drawn))} (of a chart or key)")
    if names:
        builder.problem(
            grid.name, "These columns were not imported: " + ", ".join(dict.fromkeys(names)) + ".",
            "Rename a heading (for example to Action, Lead, Deadline, Status or Update) if its column is needed.",
        )  # fmt: skip


def _swapped_dates(builder: Builder, grid: Grid, found: SheetRows) -> None:
    """Warn where a column mixes real dates of small days with day-first texts: day and month may be swapped."""
    for columns in found.tables:
        body = [row.number for row in found.rows if row.columns is columns and row.kind is RowKind.DATA]
        cells = [cell for row in body if (cell := grid.cell(row, columns.due)) is not None and cell.text]
        real = [cell for cell in cells if isinstance(cell.value, datetime)]
        typed = [cell for cell in cells if re.match(r"(1[3-9]|2\d|3[01])[/.]\d{1,2}[/.]\d{2,4}$", cell.text)]
        texts = [cell for cell in typed if isinstance(cell.value, str)]
        small = all(isinstance(cell.value, datetime) and cell.value.day <= 12 for cell in real)
        if texts and real and small and any("d" in cell.number_format.lower() for cell in real):
            builder.problem(
                f"{grid.name} {real[0].address}",
                f"Column “{columns.texts.get(columns.due, '')}” holds real dates whose day is never above 12, and "
                f"others as text ({texts[0].address}). The file may have been typed where the month comes first: day "
                "and month of the real dates may be swapped.",
                "Check these dates against the plan.",
            )


def _result(builder: Builder, workbook: Workbook, *, has_plan: bool, risks: list[str]) -> ImportResult:
    plan = builder.document
    name = re.split(r"[/\\]", workbook.filename)[-1]
    plan.source_note = f"Imported from {name}"
    tell_facts(plan)
    entries = sum(
        len(each.actions) + len(each.milestones) + len(each.commitments)
        for area in plan.priorities
        for each in area.workstreams
    )
    kind, sentence = Kind.PLAN, ""
    if not entries:
        kind = Kind.TEMPLATE if has_plan and is_template(workbook) else Kind.NOT_A_PLAN
        sentence = refusal(workbook, has_plan=has_plan, risks=risks)
        for line in builder.account.lines:
            if line.outcome in (Outcome.IMPORTED, Outcome.MERGED):
                line.outcome, line.reason = Outcome.LEFT_OUT, "the file holds no plan"
    result = ImportResult(workbook.filename, kind, plan, builder.problems, builder.account, sentence)
    if sentence:
        result.problems = [Problem(name, sentence)]  # what else was noticed in a file that is no plan helps nobody
    return result
