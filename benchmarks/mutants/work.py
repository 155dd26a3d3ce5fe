"""Run mutants one after another, and hold each killing test to what it does without any mutant."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.mutants.places import Mutant
from benchmarks.mutants.running import WARM_UP, Forks, become, copied

Part = Sequence[tuple[Mutant, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one mutant.

    "killed", "survived", "untested" (no test module fits), "equivalent" (listed), or "unsound": the test that failed
    fails without the mutant too, or the run did not come to an end, so it says nothing.
    """

    name: str
    state: str
    place: str
    what: str
    by: str
    seconds: float
    tests: tuple[str, ...]


def result(mutant: Mutant, state: str, by: str = "", seconds: float = 0, tests: Sequence[str] = ()) -> Result:
    """Return a result with what it says of the place."""
    return Result(mutant.name, state, f"{mutant.path}:{mutant.line}", mutant.what, by, round(seconds, 1), tuple(tests))


class Loop:
    """A pytest plugin that runs the mutants in place of the tests."""

    def __init__(self, part: Part, copy: Path, limit: float) -> None:
        """Take the mutants with their tests."""
        self.part, self.copy, self.limit = part, copy, limit
        self.done: list[Result] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run each mutant in a fork, and print what became of it."""
        forks = Forks(session, self.copy, self.limit)
        sound: dict[str, bool] = {}
        for mutant, tests in self.part:
            outcome = forks.run(mutant, tests)
            state = "survived" if outcome.passed else "unsound"
            if "::" in outcome.failing:
                if outcome.failing not in sound:
                    sound[outcome.failing] = forks.run(None, [outcome.failing]).passed
                state = "killed" if sound[outcome.failing] else "unsound"
            self.done.append(result(mutant, state, outcome.failing, outcome.seconds, tests))
            print(f"{state:9} {outcome.seconds:6.1f} s  {mutant.name}  {outcome.failing}", flush=True)
        return True


def work(root: Path, part: Part, limit: float) -> list[Result]:
    """Run some of the mutants on a copy of their own."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = copied(root, Path(folder) / "tree")
        become(copy)
        paths = sorted({test.partition("::")[0] for _, tests in part for test in (*tests, *WARM_UP)})
        loop = Loop(part, copy, limit)
        quiet = ["-q", "--no-header", "--no-summary", "--capture=sys", "-p", "no:cacheprovider"]
        ended = pytest.main([*quiet, f"--basetemp={folder}/base", *paths], plugins=[loop])
        if len(loop.done) < len(part):
            raise SystemExit(f"The tests could not be collected: pytest ended with {ended}")
    return loop.done
