"""The sentence for a file without a plan: what it seems to be, what is missing, and what would help."""

from __future__ import annotations

from tracker.imports.grid import Grid, Workbook
from tracker.imports.layout import find_headers
from tracker.imports.other_sheets import is_transposed, seems_to_be

RISKS = "a risk register or RAID log"
_WANTED = "headings such as Action, Lead and Deadline"


def is_template(workbook: Workbook) -> bool:
    """Return whether headings without entries are a template's: no sheet of values seems to be something else."""
    filled = [
        grid for grid in workbook.grids if not grid.hidden and sum(len(grid.texts(row)) > 2 for row in grid.rows) > 2
    ]
    return not any(seems_to_be(grid) for grid in filled)


def refusal(workbook: Workbook, *, has_plan: bool, risks: list[str]) -> str:
    """Return the sentence. `has_plan` says that there is a plan's table, without entries; `risks` names its sheets."""
    if has_plan and is_template(workbook):
        return (
            "This is an empty template: it has the headings of a plan, but no action or milestone under them. "
            "Fill it in, or choose the file that holds the plan."
        )
    shown = [grid for grid in workbook.grids if not grid.hidden and grid.rows]
    hidden = [grid.name for grid in workbook.grids if grid.hidden and find_headers(grid)]
    if hidden:
        return (
            f"No plan is to be seen in the file, but its hidden sheet “{hidden[0]}” has headings of one. Show that "
            "sheet in Excel (right-click any sheet's name, Unhide), save the file and import it again."
        )
    if not shown:
        return "The file is empty: no sheet has any text. Choose the file that holds the plan."
    if risks:
        where = next((_where(grid) for grid in shown if grid.name == risks[0]), "")
        return (
            f"This seems to be {RISKS}{where}, not an improvement plan. Risks can be entered in the "
            "plan's own register of risks; import the file that holds the actions."
        )
    for grid in shown:
        if is_transposed(grid):
            place = "A table" if _is_document(grid) else f"Sheet “{grid.name}”"
            return (
                f"{place} seems to be turned on its side: its headings run down a column and each action has a column "
                "of its own. Copy it into a sheet, use Paste Special, Transpose, and import the result."
            )
    for grid in shown:
        seems = seems_to_be(grid)
        if seems:
            return (
                f"This seems to be {seems}{_where(grid)}, not an improvement plan. Choose the file whose table has "
                f"{_WANTED}."
            )
    return f"No table of actions was found: {_missing(shown)}. Give the columns such headings and import again."


def _missing(shown: list[Grid]) -> str:
    """Return what a file lacks to be read as a plan."""
    if len(shown) > 1:
        return f"none of its {len(shown)} sheets has a row of {_WANTED}"
    if not _is_document(shown[0]):
        return f"its sheet has no row of {_WANTED}"
    count = len(shown[0].tables)
    if not count:
        return f"the document has no table with a row of {_WANTED}"
    return f"{'its table has no' if count == 1 else f'none of its {count} tables has a'} row of {_WANTED}"


def _where(grid: Grid) -> str:
    return "" if _is_document(grid) else f" (sheet “{grid.name}”)"


def _is_document(grid: Grid) -> bool:
    return bool(grid.paragraphs or grid.tables)
