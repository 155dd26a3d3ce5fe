"""What is read of the corpus does not fall below what it was: `python -m tests.imports.scores` shows it."""

from __future__ import annotations

import pytest

from tests.imports.corpus.scoring import Found
from tests.imports.scores import overall, read_corpus


@pytest.fixture(scope="module")
def found() -> list[Found]:
    """Read every file of the corpus once."""
    return read_corpus()


def test_the_corpus_holds_many_plans_and_many_files_that_are_none(found: list[Found]) -> None:
    assert sum(bool(each.right) for each in found) >= 100
    assert sum(not each.right for each in found) >= 30


@pytest.mark.parametrize(
    ("thing", "floor"),
    [
        ("milestones", 0.98),
        ("dates", 0.97),
        ("leads", 0.97),
        ("actions", 0.97),
        ("statuses", 0.97),
        ("workstreams", 0.95),
    ],
)
def test_nearly_all_that_the_plans_hold_is_found_and_little_else(found: list[Found], thing: str, floor: float) -> None:
    recall, precision = overall(found, thing)
    missed = [f"{each.name}: {text}" for each in found for text in each.missed]
    assert recall >= floor, missed
    assert precision >= floor, missed


def test_a_file_that_is_no_plan_is_refused(found: list[Found]) -> None:
    assert [each.name for each in found if not each.right and not each.refused] == []


def test_every_line_of_every_file_is_accounted_for(found: list[Found]) -> None:
    assert [each.name for each in found if not each.whole] == []
