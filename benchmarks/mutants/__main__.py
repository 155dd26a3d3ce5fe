"""`python -m benchmarks.mutants`: remove each check in turn, and see that the tests notice (docs/mutants.md)."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from fnmatch import fnmatch
from multiprocessing import get_context
from pathlib import Path

from benchmarks.mutants.by_hand import EQUIVALENT
from benchmarks.mutants.choosing import tests_for
from benchmarks.mutants.finding import find
from benchmarks.mutants.places import Mutant
from benchmarks.mutants.work import Result, result, work

ROOT = Path(__file__).resolve().parent.parent.parent


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="names or paths, * allowed")
    parser.add_argument("--kind", action="append", default=[], help="needs, permit, refusal, ledger, ...")
    parser.add_argument("--since", metavar="REF", help="only files that changed since a commit")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once (1)")
    parser.add_argument("--limit", type=float, default=300, help="seconds for one mutant (300)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the results go as JSON")
    parser.add_argument("--list", action="store_true", help="print the mutants and their tests, run nothing")
    return parser.parse_args()


def chosen(asked: argparse.Namespace) -> list[Mutant]:
    """Return the mutants that the command line asks for."""
    found = find(ROOT)
    if asked.since:
        command = ["git", "diff", "--name-only", asked.since, "--"]
        changed = set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
        found = [mutant for mutant in found if mutant.path in changed]
    if asked.kind:
        found = [mutant for mutant in found if mutant.kind in asked.kind]
    if asked.only:
        found = [mutant for mutant in found if any(_fits(mutant, pattern) for pattern in asked.only)]
    return found


def _fits(mutant: Mutant, pattern: str) -> bool:
    return any(fnmatch(name, f"*{pattern}*") for name in (mutant.name, mutant.path, mutant.what))


def run(mutants: Sequence[Mutant], jobs: int, limit: float) -> Iterator[Result]:
    """Yield what becomes of each mutant."""
    left = []
    for mutant in mutants:
        tests = tests_for(ROOT, mutant)
        if mutant.name in EQUIVALENT:
            yield result(mutant, "equivalent", EQUIVALENT[mutant.name])
        elif not tests:
            yield result(mutant, "untested")
        else:
            left.append((mutant, tests))
    parts = [left[number::jobs] for number in range(min(jobs, len(left)))]
    if len(parts) < 2:
        for part in parts:
            yield from work(ROOT, part, limit)
        return
    with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as pool:
        for done in pool.map(work, [ROOT] * len(parts), parts, [limit] * len(parts)):
            yield from done


def main() -> None:
    """Find, run, say; the exit code is 1 where a mutant lives."""
    asked = arguments()
    mutants = chosen(asked)
    if asked.list:
        for mutant in mutants:
            print(f"{mutant.name}\n    {mutant.what}\n    {' '.join(tests_for(ROOT, mutant)) or 'no tests'}")
        sys.exit(0)
    unknown = set(EQUIVALENT) - {mutant.name for mutant in find(ROOT)}
    results = list(run(mutants, asked.jobs, asked.limit))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n", encoding="utf-8")
    print("\n| state | place | check | first failing test |\n|---|---|---|---|")
    for one in sorted(results, key=lambda one: (one.state != "survived", one.state, one.place)):
        print(f"| {one.state} | {one.place} | {one.name}: {one.what} | {one.by} |".replace("\n", " "))
    counts = Counter(one.state for one in results)
    print(f"\n{len(results)} mutants: " + ", ".join(f"{number} {state}" for state, number in sorted(counts.items())))
    for name in sorted(unknown):
        print(f"Listed as equivalent, but there is no such mutant: {name}")
    sys.exit(bool(unknown or set(counts) - {"killed", "equivalent"}))


if __name__ == "__main__":
    main()
