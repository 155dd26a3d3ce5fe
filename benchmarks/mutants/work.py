"""Run mutants one after another, and hold each killing test to what it does without any mutant."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.mutants.choosing import Choice
from benchmarks.mutants.places import Mutant
from benchmarks.mutants.running import WARM_UP, Forks, Outcome, become, copied, quietly
from benchmarks.mutants.verdicts import Result, Verdicts, result

Part = Sequence[tuple[Mutant, Choice]]
PATIENCE = 8
"""How many times their processor time tests may take without a check, beside 30 seconds."""


class Loop:
    """A pytest plugin that runs the mutants in place of the tests."""

    def __init__(self, part: Part, copy: Path, verdicts: Verdicts) -> None:
        """Take the mutants with their tests, and where each verdict is written."""
        self.part, self.copy, self.verdicts = part, copy, verdicts
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
            self.verdicts.note(mutant, choice, self.done[-1])
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


def work(root: Path, part: Part, verdicts: Verdicts) -> None:
    """Run some of the mutants on a copy of their own, and write down what becomes of each."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = copied(root, Path(folder) / "tree")
        become(copy)
        paths = sorted({test.partition("::")[0] for _, choice in part for test in (*choice.tests, WARM_UP)})
        loop = Loop(part, copy, verdicts)
        ended = pytest.main([*quietly(folder), *paths], plugins=[loop])
        if len(loop.done) < len(part):
            raise SystemExit(f"The tests could not be collected: pytest ended with {ended}")
