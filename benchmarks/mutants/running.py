"""Run tests with one check removed: one pytest session on a copy of the tree, and a fork of it for each mutant.

The copy's file says what the mutant says while it runs, and the functions that the fork has loaded already get the
mutant's code: so a mutant costs its tests and nothing else. Needs fork: Linux or macOS.
"""

from __future__ import annotations

import gc
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from benchmarks.mutants.loaded import change_what_is_loaded
from benchmarks.mutants.places import Mutant

COPIED = ("tracker", "tests", "templates", "seeds", "docs", "benchmarks")
FILES = ("pyproject.toml", "README.md", "CHANGELOG.md", "Makefile")

MOST_MEMORY = 3 * 1024**3
"""Bytes that one mutant may take: without a check a loop may never end, and must not take the machine along."""
IDLE = 20
"""How many times its processor time a mutant may take on a busy machine before it counts as one that waits for ever."""
WARM_UP = "tests/test_house.py::test_every_template_compiles_and_an_unknown_name_is_an_error"
"""A test that is run before any fork: what it loads and compiles, no fork has to."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: whether all passed, the first test that failed, and how long it took in seconds."""

    passed: bool
    failing: str
    seconds: float
    ended: bool = True


def copied(root: Path, folder: Path) -> Path:
    """Copy what tests need of a tree; returns the copy. The tree itself is never touched."""
    for name in COPIED:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for name in FILES:
        if (root / name).is_file():
            shutil.copyfile(root / name, folder / name)
    return folder


def quietly(folder: str) -> list[str]:
    """Return how pytest is started where nobody reads what it says."""
    return ["-q", "--no-header", "--no-summary", "--capture=sys", "-p", "no:cacheprovider", f"--basetemp={folder}/base"]


def become(copy: Path) -> None:
    """Let this process import the project from a copy, and from nowhere else."""
    for name in [name for name in sys.modules if name.partition(".")[0] in {"tracker", "tests"}]:
        del sys.modules[name]
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    os.environ.update(PYTHONPATH=str(copy), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")


class Forks:
    """Runs tests of an open pytest session in forks of it."""

    def __init__(self, session: pytest.Session, copy: Path) -> None:
        """Know the tests of the session by their names, and make what they all start from once."""
        import tracker

        assert str(tracker.__file__).startswith(str(copy)), "The copy is not what is imported"
        self.items = {item.nodeid: item for item in session.items}
        self.copy = copy
        # What comes next decides what pytest leaves standing: in the end only what every test stands on.
        first = self.items[WARM_UP]
        order = [first, *_one_for_each_template([item for item in session.items if item.module is not first.module])]
        for item, following in zip(order, [*order[1:], first if order[1:] else session.items[-1]], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        gc.collect()
        gc.freeze()  # what is there is shared with the forks, and stays so

    def run(self, mutant: Mutant | None, tests: Sequence[str], limit: float) -> Outcome:
        """Run tests until one fails, with a check removed (None: as it is); `limit` is in seconds of processor time."""
        items = [self.items[test] for test in tests if test in self.items]
        if mutant is None:
            return self._fork(items, None, limit)
        path = self.copy / mutant.path
        source = path.read_bytes()
        try:
            path.write_bytes(mutant.applied(source))
            return self._fork(items, mutant, limit)
        finally:
            path.write_bytes(source)

    def _fork(self, items: Sequence[pytest.Item], mutant: Mutant | None, limit: float) -> Outcome:
        began = time.monotonic()
        reading, writing = os.pipe()
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _run(items, mutant, writing, limit)
        os.close(writing)
        ended = _wait(child, began + IDLE * limit)
        with os.fdopen(reading, encoding="utf-8", errors="replace") as pipe:
            said = pipe.read()
        seconds = time.monotonic() - began
        if not ended and not said:
            return Outcome(False, f"no end within {limit:.0f} s", seconds, ended=False)
        return Outcome(said == "passed", "" if said == "passed" else said or "the run broke off", seconds)


class _First:
    """A pytest plugin that remembers the first test that failed."""

    failing = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note a failure."""
        if report.failed and not self.failing:
            self.failing = str(report.nodeid)


def _run(items: Sequence[pytest.Item], mutant: Mutant | None, writing: int, limit: float) -> None:
    """Run tests in this fork and tell the parent; never returns."""
    said = "passed"
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(limit), ceil(limit)))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        first = _First()
        if mutant is not None:
            said = change_what_is_loaded(mutant) or said
        if items and said == "passed":
            items[0].config.pluginmanager.register(first)
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following or item)
                if first.failing:
                    said = first.failing
                    break
    except BaseException as error:
        said = f"{type(error).__name__}: {error}"
    finally:
        os.write(writing, said.encode()[:4000])
        os._exit(0)


def _wait(child: int, until: float) -> bool:
    """Wait for a fork; returns whether it ended by itself."""
    while time.monotonic() < until:
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone:
            return not os.WIFSIGNALED(status)
        time.sleep(0.01)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _one_for_each_template(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield tests that ask for each fixture of the session once: these make the databases that others are copies of."""
    made: set[str] = set()
    for item in items:
        definitions = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
        asked = {name for name, found in definitions.items() if found[-1].scope == "session"}
        if asked - made:
            made |= asked
            yield item
