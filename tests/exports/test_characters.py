"""Any text that can be stored can be printed."""

from __future__ import annotations

import pytest

from tracker.exports.characters import CELL_LIMIT, TRUNCATED, fit_cell, guard_formula, legal


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("tab\tand line\nend", "tab\tand line\nend"),
        ("one\r\ntwo\rthree\x0bfour\x0cfive", "one\ntwo\nthree\nfour\nfive"),
        ("nul\x00 bell\x07", "nul bell"),
        ("lone \ud800 half", "lone  half"),
        ("not \ufffe a \uffff character", "not  a  character"),
        ("beyond the plane \U0001f600", "beyond the plane \U0001f600"),
    ],
)
def test_only_what_xml_cannot_hold_is_taken_out(text: str, kept: str) -> None:
    assert legal(text) == kept


def test_a_text_of_the_limit_is_kept_whole() -> None:
    assert fit_cell("x" * CELL_LIMIT) == "x" * CELL_LIMIT


@pytest.mark.parametrize("letter", ["x", "\U0001f600"])
def test_a_longer_text_is_cut_with_a_note(letter: str) -> None:
    cut = fit_cell(letter * (CELL_LIMIT + 1))
    assert cut.endswith(TRUNCATED)
    units = len(cut.encode("utf-16-le")) // 2
    assert CELL_LIMIT - 2 <= units <= CELL_LIMIT


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\n", "＝"])
def test_a_formula_start_is_guarded_in_csv(start: str) -> None:
    assert guard_formula(f"{start}1+1") == f"'{start}1+1"


def test_other_text_is_not_touched() -> None:
    assert guard_formula("Board paper - drafted") == "Board paper - drafted"
