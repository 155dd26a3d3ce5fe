"""What became of each mutant, written down as it comes, so that a run that broke off is taken up (`--resume`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.mutants.choosing import Choice
from benchmarks.mutants.places import Mutant


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
    return Result(mutant.name, state, _place(mutant), mutant.what, by, round(seconds, 1), tests)


class Verdicts:
    """The last verdict on each mutant, in a file with a line for each; the newest line counts.

    A verdict holds while the check says the same and so do the tests that it rests on: the one that failed, and where
    none did all that were run. `digests` are those of the modules of tests as they were watched.
    """

    def __init__(self, path: Path, root: Path, digests: Mapping[str, str]) -> None:
        """Read what there is."""
        self.path, self.root, self.digests = path, root, digests
        self.known = {line["name"]: line for line in _lines(path)}

    def killer(self, mutant: Mutant) -> str:
        """Return the test that killed a mutant the last time, "" if none did."""
        line = self.known.get(mutant.name, {})
        return str(line["by"]) if line.get("state") == "killed" else ""

    def of(self, mutant: Mutant, choice: Choice) -> Result | None:
        """Return the verdict on a mutant if it holds still."""
        line = dict(self.known.get(mutant.name, {}))
        basis = line.pop("basis", "")
        if not basis:
            return None
        found = Result(**line)
        return replace(found, place=_place(mutant)) if basis == self._basis(mutant, choice, found) else None

    def note(self, mutant: Mutant, choice: Choice, found: Result) -> None:
        """Write a verdict down."""
        line = {"basis": self._basis(mutant, choice, found), **asdict(found)}
        self.known[mutant.name] = line
        with self.path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")

    def _basis(self, mutant: Mutant, choice: Choice, found: Result) -> str:
        check = (self.root / mutant.path).read_bytes()[mutant.start : mutant.end]
        tests: Iterable[str] = (found.by,) if found.state == "killed" else sorted(choice.tests)
        rests = [f"{test} {self.digests.get(test.partition('::')[0], '')}" for test in tests]
        return sha256(check + "\n".join([mutant.new, *rests]).encode()).hexdigest()[:16]


def _place(mutant: Mutant) -> str:
    return f"{mutant.path}:{mutant.line}"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        with suppress(ValueError):  # the last one, where the run broke off in the middle of it
            yield json.loads(line)
