"""`tracker template ...` and `tracker report ...`: a council's document is kept, used for reports, and taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from tests import factories
from tests.exports.reading import word
from tests.exports.test_docx_template import council
from tracker.cli import cli
from tracker.exports.office import MISSING
from tracker.models.engine import transaction
from tracker.rules.errors import Refusal


@pytest.fixture
def run(engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on a database with one plan, with a data folder of its own."""
    monkeypatch.setenv("TRACKER_DATABASE_URL", database_url)
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "data"))
    with transaction(engine) as session:
        factories.plan(session, factories.milestone_line("1", date="Dec 2099"), slug="send")
    return lambda *words: CliRunner().invoke(cli, [*map(str, words)])


def first_line(run: Callable[..., Result], file: Path) -> str:
    """Return what the first page of a Word report begins with."""
    assert run("report", "send", "--format", "docx", "-o", file).exit_code == 0
    return next(paragraph.text for paragraph in word(file.read_bytes()).paragraphs if paragraph.text)


def test_a_document_is_checked_kept_used_listed_and_taken_away(run: Callable[..., Result], tmp_path: Path) -> None:
    ours, made = tmp_path / "council.docx", tmp_path / "report.docx"
    ours.write_bytes(council())
    told = run("template", "check", ours)
    assert "The document has no style “Heading 3”" in told.output
    assert run("template", "list").output == "None: reports have their own styles.\n"
    plain = first_line(run, made)
    assert "Reports of send are made on council.docx now." in run("template", "set", ours, "--plan", "send").output
    assert first_line(run, made) == "Children and Families"
    assert run("template", "list").output.startswith("send: ")
    assert run("template", "remove", "--plan", "send").exit_code == 0
    assert first_line(run, made) == plain
    again = run("template", "remove", "--plan", "send")
    assert isinstance(again.exception, Refusal)


def test_a_document_that_is_refused_changes_nothing(run: Callable[..., Result], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.docx"
    wrong.write_bytes(b"not a document")
    for words in (("check", wrong), ("set", wrong)):
        result = run("template", *words)
        assert isinstance(result.exception, Refusal)
        assert "This is not a Word document" in result.exception.sentence
    assert "cannot be read" in run("template", "check", tmp_path / "nowhere.docx").output
    assert run("template", "list").output == "None: reports have their own styles.\n"


def test_an_edition_and_a_missing_libreoffice_are_said(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.html"
    assert run("report", "send", "--format", "html", "--audience", "public", "-o", file).exit_code == 0
    assert "Public edition" in file.read_text(encoding="utf-8")
    assert (
        "There is no audience “mayor”"
        in run("report", "send", "--format", "html", "--audience", "mayor", "-o", file).output
    )
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("tracker.exports.office.PLACES", ())
    without = run("report", "send", "--format", "pdf", "-o", tmp_path / "report.pdf")
    assert without.exit_code == 1
    assert MISSING in without.output
    assert not (tmp_path / "report.pdf").exists()


def test_a_pack_by_its_number_is_made_on_the_document_that_is_kept_and_its_file_on_none(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    ours, made, file = tmp_path / "council.docx", tmp_path / "pack.docx", tmp_path / "pack.json"
    ours.write_bytes(council())
    for words in (
        ("pack", "freeze", "send"),
        ("pack", "issue", "send"),
        ("template", "set", ours, "--plan", "send"),
        ("pack", "export", "1", "-o", file),
    ):
        assert run(*words).exit_code == 0, words

    def opening(pack: object) -> str:
        assert run("pack", "render", pack, "--format", "docx", "-o", made).exit_code == 0
        return next(paragraph.text for paragraph in word(made.read_bytes()).paragraphs if paragraph.text)

    assert opening("1") == "Children and Families"
    assert opening(file) != "Children and Families"
