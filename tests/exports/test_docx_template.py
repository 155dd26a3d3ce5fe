"""Reports on a council's own Word document: what of it is kept, what is brought along, and what is refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tests.exports.reading import word, word_tables
from tests.exports.sample import report_facts
from tracker.exports import Report, build_report, render
from tracker.exports.docx_template import missing_styles, told_of_template
from tracker.exports.stamp import stamp
from tracker.imports.report_template import checked_template
from tracker.rules.errors import Refusal
from tracker.services.report_templates import remove_template, save_template, template_of, templates


@pytest.fixture(scope="module")
def report() -> Report:
    return stamp(build_report(report_facts(marking="OFFICIAL")), "Pack 3", "0123456789abcdef", draft=True)


def council(change: Callable[[Any], None] = lambda document: None, *, cover: bool = True) -> bytes:
    """Return a council's document: Georgia, purple headings, a cover, a head and a foot, Letter-like paper."""
    document = open_document()
    document.styles["Normal"].font.name = "Georgia"
    heading = document.styles["Heading 1"]
    heading.font.color.rgb = RGBColor(0x54, 0x31, 0x9F)
    heading.font.size = Pt(21)
    for name in ("Heading 3", "List Bullet", "List Number", "Caption"):
        document.styles.element.remove(document.styles[name].element)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(30)
    page.header.paragraphs[0].text = "Testshire County Council"
    page.footer.paragraphs[0].text = "testshire.example"
    if cover:
        document.add_paragraph("Children and Families", style="Title")
        line = document.add_paragraph()
        line.add_run("For {bo")
        line.add_run("ard}, {As at}")
        document.add_table(1, 1).rows[0].cells[0].text = "{plan} ({pack})"
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_cover_head_foot_paper_and_styles_are_kept(report: Report) -> None:
    made = word(render(report, "docx", council()))
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert texts[0] == "Children and Families"
    assert "For SEND Partnership Board, As at 21 November 2025" in texts
    assert made.tables[0].rows[0].cells[0].text == f"{report.plan_title} (Pack 3 · 0123456789ab)"
    assert made.styles["Heading 1"].font.size == Pt(21)
    assert made.styles["Normal"].font.name == "Georgia"
    first = made.sections[0]
    assert first.header.paragraphs[0].text == "Testshire County Council"
    assert first.footer.paragraphs[0].text == "testshire.example"
    assert {round(section.left_margin.mm) for section in made.sections} == {30}
    assert any(section.page_width > section.page_height for section in made.sections)


def test_marking_and_foot_stand_on_every_page(report: Report) -> None:
    def two_kinds(document: Any) -> None:
        document.sections[0].different_first_page_header_footer = True
        document.settings.odd_and_even_pages_header_footer = True

    for template in (council(), council(two_kinds), council(cover=False)):
        made = word(render(report, "docx", template))
        for section in made.sections:
            heads = [section.header]
            feet = [section.footer]
            if section.different_first_page_header_footer:
                heads, feet = [*heads, section.first_page_header], [*feet, section.first_page_footer]
            if made.settings.odd_and_even_pages_header_footer:
                heads, feet = [*heads, section.even_page_header], [*feet, section.even_page_footer]
            for head in heads:
                assert "DRAFT · OFFICIAL" in [paragraph.text for paragraph in head.paragraphs]
            for foot in feet:
                assert any("Pack 3 · 0123456789ab" in paragraph.text for paragraph in foot.paragraphs)


def test_every_table_is_there_and_none_is_wider_than_the_text(report: Report) -> None:
    made = render(report, "docx", council(cover=False))
    assert set(word_tables(render(report, "docx"))) == set(word_tables(made))
    for table in word(made).element.body.iter(qn("w:tbl")):
        width = int(table.find(f".//{qn('w:tblW')}").get(qn("w:w")))
        columns = [int(column.get(qn("w:w"))) for column in table.iter(qn("w:gridCol"))]
        assert abs(sum(columns) - width) <= len(columns)
        assert width <= (297 - 60) * 1440 / 25.4 + 2


def test_a_style_that_is_missing_is_brought_along_and_said() -> None:
    template = council()
    told = told_of_template(template)
    assert "The document has no style “Heading 3” (headings below these); the report's own is used." in told
    assert not any("Heading 1" in line for line in told)
    assert told[-1] == "Its pages are kept as the cover, and the report begins on the page after them."
    assert told_of_template(council(cover=False))[-1] != told[-1]


def test_styles_and_lists_work_where_the_document_had_none(report: Report) -> None:
    made = word(render(report, "docx", council()))
    assert missing_styles(made) == []
    numbering = made.part.numbering_part.element
    numbers = {int(one.numId) for one in numbering.findall(qn("w:num"))}
    used = [p for p in made.paragraphs if p.style and p.style.name in ("List Bullet", "List Number")]
    assert used
    for name in ("List Bullet", "List Number"):
        style: Any = made.styles[name].element
        assert style.pPr.numPr.numId.val in numbers
    ids = {style.style_id for style in made.styles}
    for element in made.element.body.iter(qn("w:pStyle")):
        assert element.get(qn("w:val")) in ids


def test_a_table_style_of_the_right_name_is_used(report: Report) -> None:
    def styled(document: Any) -> None:
        document.styles.add_style("Report Table", WD_STYLE_TYPE.TABLE)

    made = word(render(report, "docx", council(styled, cover=False)))
    tables = list(made.element.body.iter(qn("w:tbl")))
    assert all(table.find(f".//{qn('w:tblStyle')}").get(qn("w:val")) == "ReportTable" for table in tables)
    assert not any(list(table.iter(qn("w:tblBorders"))) for table in tables)


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    """Return an archive with its parts changed, or left out where the change is None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def swapped(old: bytes, new: bytes) -> bytes:
    return repacked(council(), lambda name, data: data.replace(old, new))


MAIN = b"wordprocessingml.document.main+xml"
OPEN = b"vnd.openxmlformats-officedocument."
OUTSIDE = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="http://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"plain text, not a document", "This is not a Word document"),
        (b"%PDF-1.7 x", "This is not a Word document"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        (council()[:4000], "damaged"),
        (swapped(MAIN, b"wordprocessingml.template.main+xml"), "a Word template"),
        (
            swapped(b"vnd.openxmlformats-officedocument." + MAIN, b"vnd.ms-word.document.macroEnabled.main+xml"),
            "macros",
        ),
        (repacked(council(), lambda _, data: data, {"word/vbaProject.bin": b"x"}), "macros"),
        (repacked(council(), lambda _, data: data, {"word/activeX/activeX1.xml": b"<a/>"}), "macros"),
        (swapped(b"</Relationships>", OUTSIDE % b"attachedTemplate"), "fetches something from elsewhere"),
        (swapped(b"</Relationships>", OUTSIDE % b"image"), "fetches something from elsewhere"),
        (repacked(council(), lambda n, d: None if n == "word/document.xml" else d), "not a Word document"),
        (repacked(council(), lambda n, d: d[:-20] if n == "word/styles.xml" else d), "cannot be read"),
    ],
)
def test_what_no_report_can_be_made_on_is_refused_with_what_to_do(data: bytes, sentence: str) -> None:
    with pytest.raises(Refusal, match=re.escape(sentence)):
        checked_template(data)


def test_a_sound_document_with_a_link_to_click_is_taken() -> None:
    assert checked_template(council())
    assert checked_template(swapped(b"</Relationships>", OUTSIDE % b"hyperlink"))


def test_a_plans_own_document_goes_before_the_councils(tmp_path: Path) -> None:
    assert template_of(tmp_path, "send") is None
    save_template(tmp_path, b"council")
    save_template(tmp_path, b"plan", "send")
    assert template_of(tmp_path, "send") == b"plan"
    assert template_of(tmp_path, "other") == b"council"
    assert set(templates(tmp_path)) == {"", "send"}
    remove_template(tmp_path, "send")
    assert template_of(tmp_path, "send") == b"council"
    with pytest.raises(Refusal, match="The plan send has no Word document of its own"):
        remove_template(tmp_path, "send")
    with pytest.raises(Refusal, match="no plan"):
        save_template(tmp_path, b"x", "../../etc")


def test_a_foot_that_names_the_pack_and_the_day_is_given_only_what_it_lacks(report: Report) -> None:
    def named(document: Any) -> None:
        document.sections[0].footer.paragraphs[0].text = "{pack} · {as at} · testshire.example"

    made = word(render(report, "docx", council(named)))
    foot = "\n".join(paragraph.text for paragraph in made.sections[0].footer.paragraphs)
    assert [foot.count(part) for part in report.page_text.split(" · ")] == [1] * len(report.page_text.split(" · "))
