"""Refs as people say them, and the next one after those that were ever used in a place, in the shape that it uses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from tracker.rules.text import fold

_NUMBERED = re.compile(r"(?P<head>.*?)(?P<number>\d{1,9})(?P<tail>[.)]?)", re.DOTALL)
_LETTERED = re.compile(r"(?P<head>.*?)(?P<letter>[A-Za-z])(?P<tail>[.)]?)", re.DOTALL)
_LONGEST = 40


def whole_ref(workstream: str | None, ref: str) -> str:
    """Return a ref as people say it, with that of its workstream before it: "1a.5"."""
    return f"{workstream}.{ref}" if workstream else ref


def next_ref(used: Collection[str], first: str = "1") -> str:
    """Return a ref that none of `used` is, which follows the highest of them in the shape that most of them have.

    `first` is returned where nothing is used yet. "1", "2" give "3"; "A", "B" give "C"; "1a", "1b" give "1c".
    """
    taken = {fold(ref) for ref in used}
    if not taken:
        return first
    for pattern, step in ((_NUMBERED, _number), (_LETTERED, _letter)):
        shapes: Counter[tuple[str, str]] = Counter()
        last: dict[tuple[str, str], str] = {}
        for ref in used:
            found = pattern.fullmatch(ref.strip())
            if found is None:
                continue
            shape = (found["head"], found["tail"])
            shapes[shape] += 1
            last[shape] = max(last.get(shape, ""), found[2], key=lambda part: (len(part), part))
        if shapes and sum(shapes.values()) * 2 >= len(used):
            (head, tail), _ = shapes.most_common(1)[0]
            part = last[head, tail]
            while fold(f"{head}{part}{tail}") in taken:
                part = step(part)
            return f"{head}{part}{tail}"
    number = len(used) + 1
    while fold(str(number)) in taken:
        number += 1
    return str(number)


def why_not_a_ref(ref: str) -> str:
    """Return why a text cannot be a ref, "" if it can."""
    if not ref:
        return "Enter a reference, for example 4."
    if len(ref) > _LONGEST:
        return f"Enter a reference of {_LONGEST} characters or fewer."
    if "\n" in ref:
        return "Enter a reference that stands on one line."
    return ""


def _number(part: str) -> str:
    return str(int(part) + 1)


def _letter(part: str) -> str:
    """Return the letters that follow: B after A, AA after Z."""
    if part[-1] not in "zZ":
        return part[:-1] + chr(ord(part[-1]) + 1)
    first = "a" if part[-1] == "z" else "A"
    return (_letter(part[:-1]) if part[:-1] else first) + first
