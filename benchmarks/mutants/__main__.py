"""`python -m benchmarks.mutants`: remove each check in turn, and see that the tests notice (docs/mutants.md)."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from fnmatch import fnmatch
from multiprocessing import get_context
from pathlib import Path

from benchmarks.mutants.by_hand import EQUIVALENT
from benchmarks.mutants.choosing import choose
from benchmarks.mutants.finding import find
from benchmarks.mutants.places import Mutant
from benchmarks.mutants.verdicts import Result, Verdicts, result
from benchmarks.mutants.watching import CACHE, Kept, watch
from benchmarks.mutants.work import work

ROOT = Path(__file__).resolve().parent.parent.parent
VERDICTS = ROOT / CACHE / "verdicts.jsonl"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="names or paths, * allowed")
    parser.add_argument("--kind", action="append", default=[], help="needs, permit, refusal, ledger, ...")
    parser.add_argument("--since", metavar="REF", help="only files that changed since a commit")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once (1)")
    parser.add_argument("--anew", action="store_true", help="forget what was learnt of the tests, and every verdict")
    parser.add_argument("--kept", action="store_true", help="watch nothing, use what was learnt before")
    parser.add_argument("--resume", action="store_true", help="run no mutant again whose verdict holds still")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the results go as JSON")
    parser.add_argument("--list", action="store_true", help="print the mutants and their tests, run nothing")
    return parser.parse_args()


def chosen(asked: argparse.Namespace, found: Sequence[Mutant]) -> list[Mutant]:
    """Return the mutants that the command line asks for."""
    mutants = list(found)
    if asked.since:
        command = ["git", "diff", "--name-only", asked.since, "--"]
        changed = set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
        mutants = [mutant for mutant in mutants if mutant.path in changed]
    if asked.kind:
        mutants = [mutant for mutant in mutants if mutant.kind in asked.kind]
    if asked.only:
        mutants = [mutant for mutant in mutants if any(_fits(mutant, pattern) for pattern in asked.only)]
    return mutants


def _fits(mutant: Mutant, pattern: str) -> bool:
    return any(fnmatch(name, f"*{pattern}*") for name in (mutant.name, mutant.path, mutant.what))


def run(mutants: Sequence[Mutant], kept: Kept, jobs: int, *, resume: bool) -> Iterator[Result]:
    """Yield what becomes of each mutant."""
    verdicts, seen = Verdicts(VERDICTS, ROOT, kept.digests()), kept.tests()
    left = []
    for mutant in mutants:
        choice = choose(mutant, seen, verdicts.killer(mutant))
        known = verdicts.of(mutant, choice) if resume else None
        if mutant.name in EQUIVALENT:
            yield result(mutant, "equivalent", EQUIVALENT[mutant.name])
        elif not choice.tests:
            yield result(mutant, "untested")
        elif known is not None:
            yield known
        else:
            left.append((mutant, choice))
    parts = [left[number::jobs] for number in range(min(jobs, len(left)))]
    whole = _apart(*((work, ROOT, part, verdicts) for part in parts))
    if not whole:
        sys.exit("A run broke off: --resume takes it up.")
    verdicts = Verdicts(VERDICTS, ROOT, verdicts.digests)
    changed = "the source was changed while it ran"
    yield from (verdicts.of(mutant, choice) or result(mutant, "unsound", changed) for mutant, choice in left)


def _apart(*jobs: tuple[object, ...]) -> bool:
    """Call functions in processes of their own, which have loaded nothing of the tree yet; return whether all ended."""
    processes = [get_context("spawn").Process(target=job[0], args=job[1:]) for job in jobs]  # type: ignore[arg-type]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return not any(process.exitcode for process in processes)


def main() -> None:
    """Find, watch, run, say; the exit code is 1 where a mutant lives."""
    asked = arguments()
    found = find(ROOT)
    mutants = chosen(asked, found)
    if not (asked.kept or asked.list) and not _apart((watch, ROOT, found, asked.anew)):
        sys.exit("The tests could not be watched.")
    kept = Kept(ROOT, found)
    if asked.list:
        seen = kept.tests()
        for mutant in mutants:
            choice = choose(mutant, seen)
            print(f"{mutant.name}\n    {mutant.what}\n    {len(choice.tests)} tests, {choice.seconds:.1f} s: ", end="")
            print(" ".join(choice.tests[:3]) or "none")
        sys.exit(0)
    if asked.anew:
        VERDICTS.unlink(missing_ok=True)
    unknown = set(EQUIVALENT) - {mutant.name for mutant in found}
    results = list(run(mutants, kept, asked.jobs, resume=asked.resume))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n", encoding="utf-8")
    print("\n| state | place | check | first failing test |\n|---|---|---|---|")
    for one in sorted(results, key=lambda one: (one.state == "killed", one.state, one.place)):
        print(f"| {one.state} | {one.place} | {one.name}: {one.what} | {one.by} |".replace("\n", " "))
    counts = Counter(one.state for one in results)
    print(f"\n{len(results)} mutants: " + ", ".join(f"{number} {state}" for state, number in sorted(counts.items())))
    for name in sorted(unknown):
        print(f"Listed as equivalent, but there is no such mutant: {name}")
    sys.exit(bool(unknown or set(counts) - {"killed", "equivalent"}))


if __name__ == "__main__":
    main()
