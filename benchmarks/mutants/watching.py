"""Learn which test comes to which check: the tests run once on a copy that notes it, and what is learnt is kept.

A test can only kill a mutant whose check it comes to, and for a condition only where the condition holds. So a mutant
needs a handful of tests, not a suite. What is kept (`.mutants-cache/`) is a matter of speed: a test that it does not
name is not run, so it can make a mutant survive wrongly and never make one look killed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from benchmarks.mutants.places import Mutant
from benchmarks.mutants.running import become, copied, quietly

CACHE = ".mutants-cache"
BY_HAND = frozenset({"needs", "signed-in", "table", "reach", "door", "session", "commit"})
"""Kinds of which `choosing.py` says the tests: what they change has no one place that a test comes to."""
TESTS = ("rules", "services", "queries", "views", "forms", "models", "jobs", "cli")
MODULES = ("test_doors.py", "test_routes.py")
TOO_LONG = {
    *(f"tests/services/test_{name}.py" for name in ("demonstration", "concurrency", "seeds")),
    *(f"tests/services/test_{name}.py" for name in ("demonstration_holders", "demonstration_recurring")),
}
"""Modules that play a year or run by the clock: what they could notice, smaller ones do."""
_FUTURE = b"from __future__ import annotations\n"


@dataclass(frozen=True, slots=True)
class Seen:
    """One test: its seconds of processor time, the checks that it came to, and those that stopped something in it."""

    test: str
    seconds: float
    reached: frozenset[str]
    bit: frozenset[str]


@dataclass(eq=False)
class Watch:
    """A pytest plugin that notes what each test comes to, and keeps it module by module."""

    names: Sequence[str]
    keep: Any  # called with a module and its tests
    marks: Any = None
    found: dict[str, list[Seen]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what needs a browser, a wheel or a server."""
        items[:] = [item for item in items if not any(map(item.get_closest_marker, ("browser", "wheel", "postgres")))]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that fails: it proves nothing."""
        if not report.passed:
            self.failed.add(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Run one test between a clean slate and what stands on it afterwards."""
        if self.marks is None:
            import tracker.seen_by_tests  # type: ignore[import-not-found]  # only the copy has it

            self.marks = tracker.seen_by_tests
        self.marks.reached.clear()
        self.marks.bit.clear()
        began = _worked()
        result = yield
        module = item.nodeid.partition("::")[0]
        tests = self.found.setdefault(module, [])
        if item.nodeid not in self.failed:
            reached, bit = (
                frozenset(self.names[one] for one in marks) for marks in (self.marks.reached, self.marks.bit)
            )
            tests.append(Seen(item.nodeid, round(_worked() - began, 3), reached, bit))
        if nextitem is None or not nextitem.nodeid.startswith(f"{module}::"):
            self.keep(module, tests)
            print(f"{module}: {len(tests)} tests in {sum(test.seconds for test in tests):.0f} s", flush=True)
        return result

    def _names(self, numbers: set[int]) -> frozenset[str]:
        return frozenset(self.names[number] for number in numbers)


def _worked() -> float:
    """Return the seconds of processor time of this process and of those that it waited for."""
    return sum(os.times()[:4])


def watched(source: bytes, mutants: Iterable[tuple[int, Mutant]]) -> bytes:
    """Return a source that notes when a check is come to; it does what it did."""
    added: list[tuple[int, int, int, str]] = []  # where, first what ends there, outer before inner, what
    for number, mutant in mutants:
        before, after = _around(number, mutant)
        added.append((mutant.start, 1, -mutant.end, before))
        added.append((mutant.end, 0, -mutant.start, after))
    pieces, at = [], 0
    for where, _, _, text in sorted(added, key=lambda one: one[:3]):
        pieces += [source[at:where], text.encode()]
        at = where
    whole = b"".join([*pieces, source[at:]])
    assert _FUTURE in whole
    return whole.replace(_FUTURE, _FUTURE.rstrip() + b"; from tracker import seen_by_tests as seen_\n", 1)


def _around(number: int, mutant: Mutant) -> tuple[str, str]:
    if mutant.kind == "form":
        return (f"seen_.required({number}) or ", "") if mutant.new == "False" else (f"seen_.validator({number}, ", ")")
    if mutant.new == "pass" or mutant.new.startswith("[setattr("):
        return f"with seen_.call({number}): ", ""
    if mutant.new in {"True", "False"}:
        return f"seen_.truth({number}, {mutant.new}, (", "))"
    return f"seen_.value({number}, (", "))"


class Kept:
    """What is known of the tests, in a file that git does not see."""

    def __init__(self, root: Path, mutants: Sequence[Mutant], anew: bool = False) -> None:
        """Read what is kept; `anew` forgets it."""
        self.root = root
        self.path = root / CACHE / "tests.json"
        self.places = _shapes(mutants)
        kept = json.loads(self.path.read_text(encoding="utf-8")) if self.path.is_file() and not anew else {}
        self.modules: dict[str, Any] = kept.get("modules", {})
        self.known: set[str] = set(kept.get("places", ()))

    def tests(self) -> list[Seen]:
        """Return every test that is known, the quickest first."""
        found = [
            Seen(test, seconds, *(frozenset(entry["names"][one] for one in marks) for marks in (reached, bit)))
            for entry in self.modules.values()
            for test, seconds, reached, bit in entry["tests"]
        ]
        return sorted(found, key=lambda test: test.seconds)

    def digests(self) -> dict[str, str]:
        """Return the digest of each module of tests as it was when it was watched."""
        return {module: str(entry["module"]) for module, entry in self.modules.items()}

    def keep(self, module: str, tests: Sequence[Seen]) -> None:
        """Write down what the tests of a module come to."""
        names = sorted({name for test in tests for name in test.reached})
        number = {name: at for at, name in enumerate(names)}
        self.modules[module] = {
            "module": self._digest(module),
            "places": {place: self.places[place] for place in sorted({_place(name) for name in names})},
            "names": names,
            "tests": [
                [one.test, one.seconds, sorted(map(number.get, one.reached)), sorted(map(number.get, one.bit))]
                for one in tests
            ],
        }
        self.write()

    def write(self, *, whole: bool = False) -> None:
        """Write everything down; `whole`: each place that there is now was watched for."""
        self.known |= set(self.places) if whole else set()
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(json.dumps({"places": sorted(self.known), "modules": self.modules}), encoding="utf-8")

    def stale(self) -> list[str]:
        """Return the modules that changed since they were watched or come to a place whose checks did, quick first."""
        there = [path for room in TESTS for path in sorted((self.root / "tests" / room).rglob("test_*.py"))]
        there += [self.root / "tests" / module for module in MODULES]
        modules = [path.relative_to(self.root).as_posix() for path in there if path.is_file()]
        for gone in set(self.modules) - set(modules):
            del self.modules[gone]
        new = {place.partition(":")[0] for place in set(self.places) - self.known}
        stale = [module for module in modules if module not in TOO_LONG and not self._holds(module, new)]
        return sorted(stale, key=self._seconds)

    def _holds(self, module: str, new: set[str]) -> bool:
        entry = self.modules.get(module)
        if entry is None or entry["module"] != self._digest(module):
            return False
        come_to = entry["places"].items()
        return all(self.places.get(place) == shape and place.partition(":")[0] not in new for place, shape in come_to)

    def _seconds(self, module: str) -> float:
        """Return how long the tests of a module took when they were last watched."""
        return sum(seconds for _, seconds, _, _ in self.modules.get(module, {"tests": ()})["tests"])

    def _digest(self, module: str) -> str:
        return sha256((self.root / module).read_bytes()).hexdigest()[:16]


def _shapes(mutants: Sequence[Mutant]) -> dict[str, str]:
    """Return a digest of the checks of each place: a function of a file."""
    shapes: dict[str, str] = {}
    for mutant in mutants:
        said = f"{shapes.get(_place(mutant.name), '')} {mutant.name} {mutant.what} {mutant.new}"
        shapes[_place(mutant.name)] = sha256(said.encode()).hexdigest()[:16]
    return shapes


def _place(name: str) -> str:
    return name.rpartition(":")[0]


def watch(root: Path, mutants: Sequence[Mutant], anew: bool = False) -> None:
    """Run the tests of which nothing is known, or no longer, on a copy that notes what they come to."""
    kept = Kept(root, mutants, anew)
    modules = kept.stale()
    if not modules:
        return
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = copied(root, Path(folder) / "tree")
        shutil.copyfile(Path(__file__).parent / "seen.py", copy / "tracker" / "seen_by_tests.py")
        numbered = [(number, mutant) for number, mutant in enumerate(mutants) if mutant.kind not in BY_HAND]
        for path in {mutant.path for _, mutant in numbered}:
            source = (root / path).read_bytes()
            (copy / path).write_bytes(watched(source, [one for one in numbered if one[1].path == path]))
        become(copy)
        pytest.main([*quietly(folder), *modules], plugins=[Watch([mutant.name for mutant in mutants], kept.keep)])
    kept.write(whole=True)
