"""Run mutants one after another, and hold each killing test to what it does without any mutant."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from benchmarks.mutants.choosing import Choice
from benchmarks.mutants.places import Mutant
from benchmarks.mutants.running import WARM_UP, Forks, Outcome, become, copied, quietly

Part = Sequence[tuple[Mutant, Choice]]
PATIENCE = 8
"""How many times their processor time tests may take without a check, beside 30 seconds."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one mutant.

    "killed", "survived", "untested" (no test comes to the check where it could be told), "equivalent" (listed), or
    "unsound": the test that failed fails without the mutant too, or the run did not come to an end, so it says nothing.
    """

    name: str
    state: str
    place: str
    what: str
    by: str = ""
    seconds: float = 0
    tests: int = 0


def result(mutant: Mutant, state: str, by: str = "", seconds: float = 0, tests: int = 0) -> Result:
    """Return a result with what it says of the place."""
    return Result(mutant.name, state, f"{mutant.path}:{mutant.line}", mutant.what, by, round(seconds, 1), tests)


class Loop:
    """A pytest plugin that runs the mutants in place of the tests."""

    def __init__(self, part: Part, copy: Path, note: Callable[[Result], None]) -> None:
        """Take the mutants with their tests, and whom to tell of each result."""
        self.part, self.copy, self.note = part, copy, note
        self.sound: dict[str, bool] = {}
        self.done: list[Result] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run each mutant in a fork, and print what became of it."""
        forks = Forks(session, self.copy)
        for mutant, choice in self.part:
            outcome = self._outcome(forks, mutant, choice)
            state = "survived" if outcome.passed else "unsound"
            if "::" in outcome.failing and self._holds(forks, outcome.failing):
                state = "killed"
            by = outcome.failing or (f"{choice.left} more tests come there" if choice.left else "")
            self.done.append(result(mutant, state, by, outcome.seconds, len(choice.tests)))
            print(f"{state:9} {outcome.seconds:6.1f} s  {mutant.name}  {by}", flush=True)
            self.note(self.done[-1])
        return True

    def _outcome(self, forks: Forks, mutant: Mutant, choice: Choice) -> Outcome:
        """Run the tests of a mutant; a run that comes to no end gets more time, and then still has none."""
        limit = 30 + PATIENCE * choice.seconds
        outcome = forks.run(mutant, choice.tests, limit)
        return outcome if outcome.ended else forks.run(mutant, choice.tests, 3 * limit)

    def _holds(self, forks: Forks, test: str) -> bool:
        """Return whether a test passes without any mutant."""
        if test not in self.sound:
            self.sound[test] = forks.run(None, [test], 300).passed
        return self.sound[test]


def work(root: Path, part: Part, kept: Path) -> None:
    """Run some of the mutants on a copy of their own, and keep what became of each as a line of JSON."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = copied(root, Path(folder) / "tree")
        become(copy)
        paths = sorted({test.partition("::")[0] for _, choice in part for test in (*choice.tests, WARM_UP)})
        with kept.open("w", encoding="utf-8") as lines:
            loop = Loop(part, copy, lambda one: print(json.dumps(asdict(one)), file=lines, flush=True))
            ended = pytest.main([*quietly(folder), *paths], plugins=[loop])
        if len(loop.done) < len(part):
            raise SystemExit(f"The tests could not be collected: pytest ended with {ended}")
