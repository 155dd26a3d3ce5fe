"""The verdicts on mutants: a run that broke off is taken up where the check and the tests are what they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.mutants.choosing import Choice
from benchmarks.mutants.places import Mutant
from benchmarks.mutants.verdicts import Verdicts, result

CHECK = b"if not text:"
MUTANT = Mutant("services/notes.py", 3, "add", "refusal", "if not text", 3, 11, "False")
CHOICE = Choice(("tests/test_a.py::test_one", "tests/test_b.py::test_two"), 0.4)
DIGESTS = {"tests/test_a.py": "a1", "tests/test_b.py": "b1"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a tree with one check."""
    place = tmp_path / MUTANT.path
    place.parent.mkdir()
    place.write_bytes(CHECK)
    return tmp_path


def verdicts(root: Path, **digests: str) -> Verdicts:
    """Return what is written down, as another run reads it."""
    there = DIGESTS | {f"tests/test_{name}.py": digest for name, digest in digests.items()}
    return Verdicts(root / "verdicts.jsonl", root, there)


def test_a_verdict_that_was_written_down_is_found_by_another_run_and_the_newest_counts(root: Path) -> None:
    assert verdicts(root).of(MUTANT, CHOICE) is None
    survived, killed = (result(MUTANT, state, by) for state, by in (("survived", ""), ("killed", CHOICE.tests[1])))
    verdicts(root).note(MUTANT, CHOICE, survived)
    assert verdicts(root).of(MUTANT, CHOICE) == survived
    assert verdicts(root).killer(MUTANT) == ""
    verdicts(root).note(MUTANT, CHOICE, killed)
    with (root / "verdicts.jsonl").open("a") as lines:
        lines.write('{"name": "services/no')  # here the run broke off
    assert verdicts(root).of(MUTANT, CHOICE) == killed
    assert verdicts(root).killer(MUTANT) == CHOICE.tests[1]
    moved = replace(MUTANT, line=9)
    found = verdicts(root).of(moved, CHOICE)
    assert found is not None
    assert found.place == "services/notes.py:9"


def test_a_verdict_falls_with_its_check_and_with_the_tests_that_it_rests_on(root: Path) -> None:
    verdicts(root).note(MUTANT, CHOICE, result(MUTANT, "killed", CHOICE.tests[1]))
    assert verdicts(root, a="a2").of(MUTANT, CHOICE) is not None
    assert verdicts(root, b="b2").of(MUTANT, CHOICE) is None
    verdicts(root).note(MUTANT, CHOICE, result(MUTANT, "survived"))
    assert verdicts(root, a="a2").of(MUTANT, CHOICE) is None
    assert verdicts(root).of(MUTANT, Choice(CHOICE.tests[:1], 0.2)) is None
    assert verdicts(root).of(replace(MUTANT, new="True"), CHOICE) is None
    (root / MUTANT.path).write_bytes(b"if not word:")
    assert verdicts(root).of(MUTANT, CHOICE) is None
