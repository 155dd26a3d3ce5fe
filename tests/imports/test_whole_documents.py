"""Whatever a document, a page or a list of cards holds, every line of it is accounted for, once."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.imports.test_reconcile import CELLS, sound
from tests.imports.workbooks import HEAD
from tracker.imports.blocks import Blocks, Box
from tracker.imports.cards import with_cards_as_rows
from tracker.imports.grid import Grid, Workbook
from tracker.imports.limits import Limits
from tracker.imports.plans import plan_of
from tracker.imports.result import ImportResult

LINES = st.tuples(
    st.sampled_from(
        ["Priority 1: Homes", "SECTION 2", "1a. Develop", "What good looks like", "• a bullet", "Some prose about it.",
         "Key", "March 2012", "¹ note", "Lead: Ann", "Due date: Sep 2025", "Status: Green", "Action: Recruit", "Risks",
         "Red = late; Green = on time", "Improvement Plan 2025", "Document control", "Area for improvement"]
    ),
    st.sampled_from([0, 0, 0, 1, 2, 3]),
    st.booleans(),
)  # fmt: skip
HEADS = st.sampled_from(
    [HEAD, HEAD[1:], ("Action", "Lead", "Milestones", "When"), ("Term", "Meaning"), ("Action", "Recruit a chair"),
     ("Risk", "Action", "Owner", "Due date", "Likelihood"), ("Version", "Date", "Owner", "Description"), ("A title",)]
)  # fmt: skip
TABLES = st.tuples(HEADS, st.lists(st.lists(CELLS, min_size=2, max_size=6), max_size=4), st.booleans())
BLOCKS = st.lists(st.one_of(LINES, TABLES), max_size=9)


def written(blocks: list[tuple[object, ...]]) -> Grid:
    """Return blocks as the grid of a document."""
    made = Blocks(Limits())
    for block in blocks:
        if isinstance(block[0], str):
            text, level, bold = block
            made.paragraph(str(text), level=int(str(level)), bold=bool(bold))
            continue
        head, rows, merged = block
        assert isinstance(head, tuple)
        assert isinstance(rows, list)
        lines = [list(head), *rows]
        width = max(map(len, lines))
        boxes = [Box(at, col, text) for at, line in enumerate(lines, 1) for col, text in enumerate(line, 1)]
        if merged and len(lines) > 2:
            boxes = [box for box in boxes if not (box.column == 1 and box.row > 2)]
            for box in boxes:
                if box.column == 1 and box.row == 2:
                    box.height = len(lines) - 1
        made.table(boxes, len(lines), width)
    return made.done()


def accounted(grid: Grid) -> ImportResult:
    """Return the plan of a document, after asserting that each of its lines is accounted for."""
    places = {cell.address for cells in grid.rows.values() for cell in cells.values() if cell.text}
    rows = {number for number in grid.rows if grid.texts(number)}
    turned = with_cards_as_rows(grid)
    result = plan_of(Workbook("plan.docx", [turned]))
    sound(result)
    assert {line.cell for line in result.lines} <= places
    assert not [line for line in result.lines if line.reason == "not recognised as part of the plan"]
    if turned is grid:
        assert {line.row for line in result.lines} == rows
    else:
        known = {line.cell for line in result.lines}
        known |= {cell.address for row in turned.rows.values() for cell in row.values()}
        assert all({cell.address for cell in cells.values()} & known for cells in grid.rows.values())
    return result


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
@example([(("Term", "Meaning"), [["Ref", "1", "Director", "1"]] * 2, False)])
def test_every_line_and_row_of_any_document_is_accounted_for(blocks: list[tuple[object, ...]]) -> None:
    accounted(written(blocks))


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=14))
def test_every_line_of_any_cards_is_accounted_for(lines: list[tuple[object, ...]]) -> None:
    accounted(written(list(lines)))
