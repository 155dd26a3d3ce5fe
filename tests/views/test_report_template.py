"""The Word document for reports on its page: chosen, refused, used and taken away."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from tests.exports.reading import word
from tests.exports.test_docx_template import council
from tests.views.visitor import Visitor

ADDRESS = "/plans/alpha/report-template"


@pytest.fixture
def manager(visit: Callable[[str], Visitor]) -> Visitor:
    """Return the improvement manager of the plan alpha."""
    return visit("manager")


def begins(manager: Visitor) -> str:
    """Return what the Word report of the plan begins with."""
    made = word(manager.get("/plans/alpha/report.docx").response.data)
    return next(paragraph.text for paragraph in made.paragraphs if paragraph.text)


def test_a_manager_chooses_a_document_and_takes_it_away(manager: Visitor) -> None:
    plain = begins(manager)
    page = manager.visit("/plans/alpha/reports")
    assert ADDRESS in page.find("//main//a/@href")
    opened = manager.visit(ADDRESS)
    assert "reports have their own styles" in opened.words
    page = manager.submit(opened, {"template": (io.BytesIO(council()), "council.docx")}, to="/report-template")
    assert "Reports of this plan are made on the document now." in page.words
    assert "The document has no style “Heading 3”" in page.words
    assert begins(manager) == "Children and Families"
    page = manager.submit(page, {"remove": "y"}, to="/report-template")
    assert "The Word document of the plan is taken away." in page.words
    assert begins(manager) == plain


def test_what_is_no_document_comes_back_with_a_sentence_and_changes_nothing(manager: Visitor) -> None:
    opened = manager.visit(ADDRESS)
    assert manager.submit(opened, {}, to="/report-template").errors == ["Choose a Word document"]
    page = manager.submit(opened, {"template": (io.BytesIO(b"text"), "x.docx")}, to="/report-template")
    assert page.status == 422
    assert page.errors[0].startswith("This is not a Word document.")
    assert "reports have their own styles" in manager.visit(ADDRESS).words


def test_an_administrator_chooses_the_document_of_the_council_and_a_plans_own_goes_before_it(
    visit: Callable[[str], Visitor], manager: Visitor
) -> None:
    plain = begins(manager)
    administrator = visit("administrator")
    assert "/report-template" in administrator.visit("/boards").find("//main//a/@href")
    opened = administrator.visit("/report-template")
    assert "reports have their own styles" in opened.words
    page = administrator.submit(opened, {"template": (io.BytesIO(council()), "c.docx")}, to="/report-template")
    assert "Reports of every plan without one of its own are made on the document now." in page.words
    assert begins(manager) == "Children and Families"
    assert "the council’s document is used" in manager.visit(ADDRESS).words
    own = io.BytesIO(council(cover=False))
    manager.submit(manager.visit(ADDRESS), {"template": (own, "own.docx")}, to=ADDRESS)
    assert begins(manager) != "Children and Families"
    assert "report document changed" in administrator.visit("/security?kind=boards").words.lower()
    page = administrator.submit(page, {"remove": "y"}, to="/report-template")
    assert "The Word document of the council is taken away." in page.words
    manager.submit(manager.visit(ADDRESS), {"remove": "y"}, to=ADDRESS)
    assert begins(manager) == plain
