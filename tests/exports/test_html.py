"""The web page holds the whole report, is an accessible page, and needs nothing but itself."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from lxml import html

from tests.exports.sample import report_facts
from tracker.exports import Report, build_report, render
from tracker.exports.report import BulletList, Commentary, Heading, Paragraph, StatusValue, Table, cell_text


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(report_facts(marking="OFFICIAL"))


@pytest.fixture(scope="module")
def page(report: Report) -> Any:
    return html.document_fromstring(render(report, "html").decode())


def test_it_fetches_nothing_and_runs_nothing(report: Report) -> None:
    text = render(report, "html").decode()
    page = html.document_fromstring(text)
    assert not page.xpath(
        "//script | //link | //img | //iframe | //object | //*[@src] | //*[starts-with(name(), 'on')]"
    )
    assert not [name for name in page.xpath("//@*") if str(name).startswith("javascript:")]
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    assert "@import" not in text
    assert "url(" not in text
    assert "default-src 'none'" in text


def test_language_title_and_landmarks(report: Report, page: Any) -> None:
    assert page.get("lang") == "en-GB"
    assert page.xpath("//title")[0].text == f"{report.title}, as at 21 November 2025"
    for name in ("header", "nav", "main", "footer"):
        assert len(page.xpath(f"//{name}")) == 1
    assert page.xpath("//a[@class='skip']/@href") == ["#main"]
    for target in page.xpath("//@href"):
        assert page.xpath(f"//*[@id='{target[1:]}']")
    assert len(set(page.xpath("//@id"))) == len(page.xpath("//@id"))


def test_headings_skip_no_level(page: Any) -> None:
    levels = [int(one.tag[1]) for one in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_tables_have_captions_scoped_headers_and_can_be_reached(page: Any) -> None:
    assert page.xpath("//table")
    for table in page.xpath("//table"):
        assert table.xpath("./caption")[0].text_content()
        assert table.xpath("./thead/tr/th[@scope='col']")
        assert all(row.xpath("./th[@scope='row']") for row in table.xpath("./tbody/tr"))
    for region in page.xpath("//div[@role='region']"):
        assert region.get("tabindex") == "0"
        assert region.get("aria-label")


def test_every_word_of_the_report_is_there(report: Report, page: Any) -> None:
    said = " ".join(page.text_content().split())
    for section in report.sections:
        assert section.heading in said
        for block in section.blocks:
            match block:
                case Heading() | Paragraph():
                    assert " ".join(block.text.split()) in said
                case BulletList():
                    assert all(" ".join(item.split()) in said for item in block.items)
                case Table():
                    shown = {part.column for group in block.page_groups() for part in group.parts}
                    for row in block.rows:
                        for index in shown:
                            value = row[index]
                            text = value.text if isinstance(value, StatusValue) else cell_text(value)
                            assert " ".join(text.split()) in said


def test_charts_are_drawn_with_words_and_figures(report: Report, page: Any) -> None:
    drawings = page.xpath("//svg")
    assert len(drawings) == 2
    for drawing in drawings:
        assert drawing.get("role") == "img"
        (title,) = drawing.xpath("./title")
        assert title.get("id") == drawing.get("aria-labelledby")
        assert "Stacked bars" in title.text
        assert drawing.xpath("./following-sibling::details//table")


def test_marking_and_notice_stand_on_screen_and_on_every_printed_page(report: Report) -> None:
    text = render(report, "html").decode()
    assert '<p class="marking">OFFICIAL</p>' in text
    assert re.search(r'@top-right \{ content: "OFFICIAL"; \}', text)
    assert report.notice in text


@pytest.mark.parametrize("text", ['</style><script>alert(1)</script>"', "a\\ b\n;}", "</title>&lt;"])
def test_texts_are_texts_wherever_they_stand(report: Report, text: str) -> None:
    hostile = replace(report, marking=text, plan_title=text, organisation=text, version=text)
    made = render(hostile, "html").decode()
    page = html.document_fromstring(made)
    assert not page.xpath("//script")
    assert len(page.xpath("//style")) == 1
    assert " ".join(text.split()) in page.xpath("//title")[0].text_content()
    assert "".join(text.split()) in "".join(page.xpath("//h1")[0].text_content().split())


def test_a_draft_commentary_says_that_it_is_one(report: Report) -> None:
    section = report.section("one-page")
    assert section is not None
    said = Commentary("plan", "The manager's view", "First.\n\nSecond.")
    for accepted in (False, True):
        block = replace(said, accepted=accepted, by="SEND Manager" if accepted else "")
        changed = replace(report, sections=(replace(section, blocks=(block,)),))
        page = html.document_fromstring(render(changed, "html").decode())
        (box,) = page.xpath("//div[contains(@class, 'commentary')]")
        assert ("not yet accepted" in box.text_content()) is not accepted
        assert [p.text for p in box.xpath("./p")][1:] == ["First.", "Second."]
