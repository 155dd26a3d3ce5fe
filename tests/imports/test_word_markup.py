"""What Word puts around words: tracked changes, links, controls, text boxes, counted numbers, hand-drawn tables."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from tests.imports.documents import H, T, document
from tests.imports.workbooks import actions, dates, workstreams
from tracker.imports import read_plan
from tracker.imports.result import ImportResult
from tracker.imports.wordlists import Level, Lists, counted, lists_of

W = nsdecls("w")


def made(change: Any, rows: list[list[str]] | None = None) -> ImportResult:
    """Read a document of one table that was changed by hand."""
    rows = rows or [["Action", "Lead", "By when"], ["", "", "Sep 2025"]]
    document_ = docx.Document()
    table = document_.add_table(len(rows), len(rows[0]))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    change(document_, table)
    stream = io.BytesIO()
    document_.save(stream)
    return read_plan(stream.getvalue(), "plan.docx")


def test_inserted_and_linked_words_count_and_deleted_and_hidden_ones_do_not() -> None:
    def change(_: Any, table: Any) -> None:
        words = table.cell(1, 0).paragraphs[0]._p
        for xml in (
            f"<w:ins {W} w:id='1' w:author='a'><w:r><w:t>New words</w:t></w:r></w:ins>",
            f"<w:del {W} w:id='2' w:author='a'><w:r><w:delText>gone</w:delText></w:r></w:del>",
            f"<w:r {W}><w:t xml:space='preserve'> </w:t></w:r>",
            f"<w:hyperlink {W} w:anchor='x'><w:r><w:t>linked</w:t></w:r></w:hyperlink>",
            f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>",
        ):
            words.append(parse_xml(xml))
        lead = f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>Head of SEND</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        table.cell(1, 1)._tc.append(parse_xml(lead))

    result = made(change)
    (action,) = actions(result)
    assert (action.text, [lead.post for lead in action.leads]) == ("New words linked", ["Head of SEND"])
    assert any("1 pieces of hidden text" in str(each) for each in result.problems)


def test_a_row_deleted_while_changes_were_tracked_is_no_row() -> None:
    def change(_: Any, table: Any) -> None:
        mark = parse_xml(f"<w:del {W} w:id='2' w:author='a'/>")
        table.rows[1]._tr.get_or_add_trPr().append(mark)

    result = made(change, [["Action", "Lead", "By when"], ["Old", "Ann", "2024"], ["New", "Ann", "Sep 2025"]])
    assert dates(result) == {"New": "Sep 2025"}


def test_column_edges_drawn_a_hair_apart_are_one() -> None:
    def change(_: Any, table: Any) -> None:
        narrow = OxmlElement("w:gridCol")
        narrow.set(qn("w:w"), "40")
        list(table._tbl.tblGrid)[1].addnext(narrow)
        for at, row in enumerate(table._tbl.tr_lst):
            row.tc_lst[2 if at == 1 else 1].grid_span = 2

    result = made(change, [["Action", "Lead", "By when", "RAG"], ["x", "Ann Lee", "Sep 2025", "Green"]])
    (action,) = actions(result)
    assert (action.status_text, [lead.post for lead in action.leads]) == ("Green", ["Ann Lee"])


def test_a_table_in_a_cell_is_lines_and_a_frame_around_a_table_is_nothing() -> None:
    def inside(_: Any, table: Any) -> None:
        inner = table.cell(1, 0).add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "Hire", "staff"

    assert [each.text for each in actions(made(inside))] == ["Hire | staff"]

    def frame(document_: Any, table: Any) -> None:
        outer = document_.add_table(1, 1)
        outer.cell(0, 0)._tc.insert(0, table._tbl)

    assert dates(made(frame, [["Action", "Lead", "By when"], ["Hire", "Ann", "Sep 2025"]])) == {"Hire": "Sep 2025"}


def test_a_title_in_a_text_box_is_a_line_of_the_document() -> None:
    def change(document_: Any, table: Any) -> None:
        table.cell(1, 0).text = "Hire"
        line = "<w:p><w:r><w:t>1a. Workforce</w:t></w:r></w:p>"
        box = f"<w:r {W}><w:pict><w:txbxContent>{line}</w:txbxContent></w:pict></w:r>"
        holder = document_.add_paragraph()._p
        holder.append(parse_xml(box))
        table._tbl.addprevious(holder)

    (only,) = workstreams(made(change))
    assert (only.ref, only.title) == ("1a", "Workforce")


@pytest.mark.parametrize(
    ("mark", "said"),
    [("w:highlight", "Green (cell colour)"), ("w:color", "Red (cell colour)"), ("w:shd", "Amber (cell colour)")],
)
def test_a_sign_in_a_colour_is_a_rating(mark: str, said: str) -> None:
    value = {"w:highlight": "w:val='green'", "w:color": "w:val='FF0000'", "w:shd": "w:val='clear' w:fill='FFC000'"}[
        mark
    ]

    def change(_: Any, table: Any) -> None:
        table.cell(1, 3).paragraphs[0]._p.append(
            parse_xml(f"<w:r {W}><w:rPr><{mark} {value}/></w:rPr><w:t>●</w:t></w:r>")
        )

    result = made(change, [["Action", "Lead", "By when", "RAG"], ["Hire", "Ann", "Sep 2025", ""]])
    assert actions(result)[0].status_text == said


# ------------------------------------------------------------------ the numbers of lists
@pytest.mark.parametrize(
    ("number", "kind", "shown"),
    [(3, "upperLetter", "C"), (28, "lowerLetter", "bb"), (14, "lowerRoman", "xiv"), (9, "upperRoman", "IX"),
     (7, "decimalZero", "07"), (12, "decimal", "12")],
)  # fmt: skip
def test_lists_count_in_letters_numerals_and_figures(number: int, kind: str, shown: str) -> None:
    assert counted(number, kind) == shown


def test_a_list_counts_by_level_and_begins_again_below_a_new_number() -> None:
    levels = {0: Level("decimal", "%1."), 1: Level("decimal", "%1.%2"), 2: Level("bullet", "•"), 3: Level("none", "")}
    lists = Lists({"1": levels, "2": levels}, {"1": "a", "2": "a"})
    marks = [lists.mark(number, level) for number, level in
             (("1", 0), ("1", 1), ("1", 1), ("2", 0), ("2", 1), ("1", 2), ("1", 3), ("9", 0))]  # fmt: skip
    assert marks == ["1. ", "  1.1 ", "  1.2 ", "2. ", "  2.1 ", "    ○ ", "", ""]


def test_a_list_may_begin_at_another_number_and_count_on_its_own() -> None:
    numbering = parse_xml(
        f"<w:numbering {W}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
        "<w:numFmt w:val='upperLetter'/><w:pStyle w:val='Actions'/><w:lvlText w:val='%1.'/></w:lvl></w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='0'/>"
        "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='4'/></w:lvlOverride></w:num></w:numbering>"
    )
    lists = lists_of(numbering)
    assert [lists.mark("1", 0), lists.mark("2", 0), lists.mark("1", 0), lists.mark("2", 0)] == [
        "A. ", "D. ", "B. ", "E. ",
    ]  # fmt: skip
    assert lists.by_style == {"Actions": ("1", 0)}


def test_the_letters_of_actions_that_word_counts_become_their_refs() -> None:
    numbering = (
        "<w:abstractNum {W} w:abstractNumId='77'><w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='upperLetter'/>"
        "<w:lvlText w:val='%1.'/></w:lvl></w:abstractNum>"
    ).replace("{W}", W)

    def change(document_: Any, table: Any) -> None:
        part = document_.part.numbering_part.element
        part.insert(0, parse_xml(numbering))
        part.append(parse_xml(f"<w:num {W} w:numId='77'><w:abstractNumId w:val='77'/></w:num>"))
        cell = table.cell(1, 0)
        for at, text in enumerate(("Map services", "Agree a budget")):
            paragraph = cell.paragraphs[0] if not at else cell.add_paragraph()
            paragraph.add_run(text)
            mark = f"<w:numPr {W}><w:ilvl w:val='0'/><w:numId w:val='77'/></w:numPr>"
            paragraph._p.get_or_add_pPr().append(parse_xml(mark))

    result = made(change)
    assert [(each.ref, each.text) for each in actions(result)] == [("A", "Map services"), ("B", "Agree a budget")]


def test_a_document_in_the_strict_format_reads_the_same() -> None:
    from tests.imports.workbooks import rezipped

    data = document(H("Plan"), T([("Action", "Lead", "By when"), ("Hire", "Ann", "Sep 2025")]))
    strict = rezipped(data, {
        "word/document.xml": lambda xml: xml.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
        "word/styles.xml": lambda xml: xml.decode().encode("utf-16"),
    })  # fmt: skip
    assert dates(read_plan(strict, "plan.docx")) == {"Hire": "Sep 2025"}
