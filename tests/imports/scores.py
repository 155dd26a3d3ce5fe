"""Print what importing plan files finds of what they hold: `python -m tests.imports.scores [WORD ...]`.

First the files of `tests/imports/corpus`, then those that lie beside some checkouts, each with the truth about it. For
each file and each thing (workstreams, actions, leads, milestones with the right date and lead, dates, status words) it
prints how much of what is there was found (recall) and how much of what was found is there (precision), in per cent.
With words, only the files whose group or name contains one of them, and for each what was missed.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.imports.corpus import files
from tests.imports.corpus.making import made
from tests.imports.corpus.scoring import THINGS, Found, scored
from tracker.imports import read_plan
from tracker.rules.errors import Refusal

_ABOVE = [folder / "shared" / "fixtures" for folder in Path(__file__).resolve().parents[3:]]
FIXTURES = next((folder for folder in _ABOVE if folder.is_dir()), _ABOVE[0])
FOUND = sorted((FIXTURES / "truth").glob("*.json")) if FIXTURES.is_dir() else []


@dataclass
class Score:
    """How many of each thing were right, are there, and were found."""

    name: str
    right: dict[str, int] = field(default_factory=dict)
    there: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)

    def recall(self, thing: str) -> float:
        """Return how much of what is there was found, from 0 to 1."""
        return self.right[thing] / self.there[thing] if self.there[thing] else 1.0

    def precision(self, thing: str) -> float:
        """Return how much of what was found is there, from 0 to 1."""
        return self.right[thing] / self.found[thing] if self.found[thing] else 1.0

    def __str__(self) -> str:
        parts = [f"{each} {self.recall(each):4.0%} / {self.precision(each):4.0%}" for each in THINGS]
        return f"{self.name:50} " + "  ".join(parts)


def scorer() -> ModuleType:
    """Return the module beside the plan files that flattens plans and pairs what is alike."""
    found = importlib.util.spec_from_file_location("score", FIXTURES / "score.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def score_of(truth: Path) -> Score:
    """Compare one file, as it is imported, with the truth about it."""
    how = scorer()
    want = json.loads(truth.read_text(encoding="utf-8"))
    got = read_plan((FIXTURES / want["file"]).read_bytes(), want["file"]).to_json()
    hits = how.score(want, got)
    score = Score(want["file"])
    for thing in THINGS[:4]:
        score.right[thing], score.there[thing], score.found[thing] = hits[thing]
    score.found["leads"] = score.there["leads"]
    score.right["dates"], score.there["dates"] = hits["dates"][0], hits["dates"][1]
    unknown = _may_be_unknown(how, want, got)
    score.there["dates"] -= unknown
    score.found["dates"] = score.right["dates"] + hits["invented"]
    _statuses(how, want, got, score)
    return score


def _may_be_unknown(how: ModuleType, want: dict[str, Any], got: dict[str, Any]) -> int:
    """Return how many dates were left open where the truth allows it: a month without a year, for example."""
    theirs, ours = how.tree(want)[2], how.tree(got)[2]
    pairs = how.pair(theirs, ours, how.mlike)
    return sum(1 for i, j in pairs if theirs[i][4] and None in theirs[i][1] and ours[j][1] == {None})


def _statuses(how: ModuleType, want: dict[str, Any], got: dict[str, Any], score: Score) -> None:
    """Count the status words of actions; one that a file says only by a colour or in prose is no error."""

    def told(plan: dict[str, Any]) -> list[tuple[str, str]]:
        rows = [action for each in plan["workstreams"] for action in each.get("actions") or []]
        return [(how.norm(a.get("text") or a.get("text_prefix")), how.norm(a.get("status_text"))) for a in rows]

    theirs, ours = told(want), told(got)
    pairs = how.pair(theirs, ours, lambda a, b: how.near(a[0], b[0]))
    score.there["statuses"] = sum(bool(status) for _, status in theirs)
    score.right["statuses"] = sum(bool(theirs[i][1]) and bool(ours[j][1]) for i, j in pairs)
    score.found["statuses"] = score.right["statuses"]


def read_corpus(words: Sequence[str] = ()) -> list[Found]:
    """Read the files of the corpus, those alone whose group or name contains one of the words, and compare each."""
    found = []
    for specimen in files():
        if words and not any(word in f"{specimen.group}/{specimen.name}" for word in words):
            continue
        try:
            plan = read_plan(made(specimen), specimen.name).to_json()
        except Refusal:
            plan = {"kind": "unreadable", "workstreams": [], "reconciliation": {"lines": 0}}
        found.append(scored(specimen, plan))
    return found


def overall(found: Iterable[Found], thing: str) -> tuple[float, float]:
    """Return the recall and the precision of one thing over all files that are plans."""
    plans = [each for each in found if each.right]
    right, there, read = (sum(getattr(each, name)[thing] for each in plans) for name in ("right", "there", "found"))
    return right / max(there, 1), right / max(read, 1)


def main() -> None:
    """Print the score of each file: recall / precision."""
    words = sys.argv[1:]
    found = read_corpus(words)
    for each in found:
        if each.right:
            parts = (f"{thing} {each.recall(thing):4.0%} / {each.precision(thing):4.0%}" for thing in THINGS)
            print(f"{each.name:50} " + "  ".join(parts))
        else:
            print(f"{each.name:50} {'refused as ' + each.kind if each.refused else 'READ AS A PLAN'}")
        for missed in each.missed if words else ():
            print(f"    {missed}")
    others = [each for each in found if not each.right]
    totals = (
        f"{thing} {recall:.1%} / {precision:.1%}" for thing in THINGS for recall, precision in [overall(found, thing)]
    )
    print(f"corpus: {len(found) - len(others)} plans: " + "  ".join(totals))
    print(f"corpus: {sum(each.refused for each in others)} of {len(others)} files that are no plan refused")
    for truth in FOUND if not words else ():
        print(score_of(truth))


if __name__ == "__main__":
    main()
