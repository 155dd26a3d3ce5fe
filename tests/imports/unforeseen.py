"""Print how plans are read whose headings nobody foresaw: `python -m tests.imports.unforeseen [EVERY]`.

In each EVERYth plan of the corpus (default 3) one heading after the other, of what was read as the action, the lead and
the deadline, is replaced by a word that means nothing. Printed is how many of these files still give all milestones
with their dates and leads, and those that do not. The columns can then be known only by what they hold. Then all of
these headings of a file are replaced at once, by words that somebody might use.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace

from tests.imports.corpus import files
from tests.imports.corpus.making import made
from tests.imports.corpus.notation import Specimen
from tests.imports.corpus.scoring import scored
from tracker.imports import read_plan
from tracker.rules.errors import Refusal

ROLES = ("action", "lead", "due")
WORD = "Zorple"
WORDS = {"action": "The ask", "lead": "Baton holder", "due": "Landing"}
_READ = (".xlsx", ".docx", ".csv")


def _headings(specimen: Specimen) -> list[tuple[str, str]]:
    found = read_plan(made(specimen), specimen.name)
    columns = [column for sheet in found.sheets for table in sheet.tables for column in table.columns]
    roles = dict.fromkeys((column.meaning, column.heading) for column in columns)
    return [(role, text) for role, text in roles if role in ROLES and text]


def _replaced(lines: list[str], text: str, word: str) -> list[str]:
    words = re.escape(text).replace(r"\ ", r"(?:\s|\\n)+")
    cell = re.compile(rf"(\|\s*(?:\{{[^}}]*\}}\s*)?){words}\s*(?=\||$)")
    return [cell.sub(rf"\1{word} ", line) if line.startswith("|") else line for line in lines]


def blinded(specimen: Specimen) -> Iterator[tuple[str, str, Specimen]]:
    """Yield a file once for each heading of a role that is replaced, with the role and the heading."""
    for role, text in _headings(specimen):
        lines = _replaced(specimen.lines, text, WORD)
        if lines != specimen.lines:
            yield role, text, replace(specimen, lines=lines)


def all_blinded(specimen: Specimen) -> Specimen:
    """Return a file with all its headings of what, who and when replaced at once."""
    lines = specimen.lines
    for role, text in _headings(specimen):
        lines = _replaced(lines, text, WORDS[role])
    return replace(specimen, lines=lines)


def whole(specimen: Specimen) -> bool:
    """Return whether all milestones of a file are read with the right date and lead."""
    try:
        found = scored(specimen, read_plan(made(specimen), specimen.name).to_json())
    except Refusal:
        return False
    return bool(found.right) and bool(found.there["milestones"]) and found.recall("milestones") == 1


def main() -> None:
    """Print the share of files that are still read whole, by what the heading was that is missing."""
    every = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    kinds = (*ROLES, "all")
    right, tried, missed = dict.fromkeys(kinds, 0), dict.fromkeys(kinds, 0), []
    for specimen in [each for each in files() if each.plan and each.name.endswith(_READ)][::every]:
        if not whole(specimen):
            continue
        all_at_once = all_blinded(specimen)
        both = [("all", "", all_at_once)] if all_at_once.lines != specimen.lines else []
        for role, text, blind in [*blinded(specimen), *both]:
            tried[role] += 1
            if whole(blind):
                right[role] += 1
            else:
                missed.append(f"{role:8}{specimen.group}/{specimen.name}: {text}")
    print("\n".join(missed))
    for role in kinds:
        print(f"{role:8}{right[role]} of {tried[role]} files read whole without its heading: "
              f"{right[role] / max(tried[role], 1):.0%}")  # fmt: skip


if __name__ == "__main__":
    main()
