"""Cells that hold a list: "A. ... B. ...", "1. Sep 2025: ...", bullets with sub-bullets, lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.rules.dates import leading_period

_BULLET = "•·●▪◦○‣∙*➢➤✓\uf0b7\uf0a7"
_BULLET_LINE = re.compile(rf"^(\s*)(?:[{re.escape(_BULLET)}]|[-–—oØ§ü](?=\s))\s*(.*)$", re.DOTALL)
_LETTER = re.compile(r"^\(?([A-Z])[.)]\)?\s+(?=\S)")
_SMALL_LETTER = re.compile(r"^\(?([a-z])[.)]\)?\s+(?=\S)")
_NUMBER = re.compile(r"^\(?(\d{1,3})[.)]\)?(?:\s+(?=\S)|(?<=\.)(?=[A-Z][A-Za-z]))")
# "... in place. Oct 2026: Audit ...": the next dated entry of a list that lost its line breaks.
_RUN_ON_DATE = re.compile(
    r"(?<=[.;!?)])[ \t]+(?=(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{4} ?[:–—-] ?\S)"
)
_MARKED = re.compile(
    r"^\(?([A-Za-z]|[A-Z][ivx]{1,4}|[A-Z]{1,3}\d{1,2}|\d{1,3}|\d{1,2}(?:\.\d{1,2}){1,3}[a-z]?)[.)]\)?\s+(?=\S)"
)


@dataclass(slots=True)
class Item:
    """One entry of a list: its own mark ("A", "3", or ""), its text, and the sub-bullets under it."""

    mark: str
    text: str
    below: list[str] = field(default_factory=list)


def lettered(text: str, after: str = "") -> list[Item]:
    """Return the entries of "A. ... B. ...", in order of the alphabet; [] if the text is no such list.

    A single entry counts if it is A, or if it goes on after the letter `after` of the row above.
    """
    started: list[str] = []

    def follows(mark: str, count: int) -> bool:
        if count == 0:
            started[:] = [mark]
        return ord(mark) == ord(started[0]) + count

    items = _sequence(text, _LETTER, follows) or []
    if len(items) == 1 and items[0].mark == "A" and "\n" not in text.strip():
        items = _run_on(text, "ABCDEFGHIJKLMNOPQRST") or items
    goes_on = len(after) == 1 and bool(items) and ord(items[0].mark) == ord(after) + 1
    return items if len(items) > 1 or goes_on or (items and items[0].mark == "A") else []


def numbered(text: str) -> list[Item]:
    """Return the entries of "1. ... 2. ..."; the first may have any number. [] if the text is no such list."""
    started: list[int] = []

    def follows(mark: str, count: int) -> bool:
        if count == 0:
            started[:] = [int(mark)]
            return True
        return int(mark) == started[0] + count

    items = _sequence(text, _NUMBER, follows)
    if len(items) == 1 and "\n" not in text.strip():
        return _run_on(text, [str(number) for number in range(int(items[0].mark), int(items[0].mark) + 40)]) or items
    return items


def small_lettered(text: str) -> list[Item]:
    """Return the entries of "a) ... b) ..."; [] if the text has fewer than two."""
    items = _sequence(text, _SMALL_LETTER, lambda mark, count: ord(mark) - 96 == count + 1)
    run_on = len(items) < 2 and "c)" in text and "\n" not in text
    return _run_on(text, "abcdefgh", small=True) if run_on else items if len(items) > 1 else []


def marked_lines(text: str) -> list[Item]:
    """Return the entries of a list of any marks that stands in lines of its own; [] if the text is no such list."""
    items = lettered(text) or small_lettered(text) or numbered(text)
    return items if len(items) > 1 and text.count("\n") >= len(items) - 1 else []


def _sequence(text: str, pattern: re.Pattern[str], follows: object) -> list[Item]:
    """Return the entries of a list whose marks follow each other; an entry out of order belongs to the one before."""
    assert callable(follows)
    if pattern.match(text.lstrip()) is None:
        return []
    pieces = _pieces(text, pattern)
    items: list[Item] = []
    for piece in pieces:
        found = pattern.match(piece.lstrip())
        if found and follows(found[1], len(items)):
            items.append(Item(found[1], piece.lstrip()[found.end() :]))
        elif items:
            items[-1].text += "\n" + piece
        elif piece.strip():
            return []
    for item in items:
        item.text, item.below = _own_and_below(item.text)
    return items


def _run_on(text: str, marks: Sequence[str], *, small: bool = False) -> list[Item]:
    """Return the entries of a list that lost its line breaks: each mark in its turn, before a capital; [] if only one.

    Text that was copied from a page runs "A. Review methods B. Publish a plan" together, without a full stop between.
    Small letters need their bracket, and three of them: "a) study b) bid c) contract".
    """
    after = r"\)\s+(?=\w)" if small else r"[.)]\s+(?=[A-Z“‘'\"])"
    starts: list[tuple[int, int, str]] = []
    at = 0
    for mark in marks:
        found = re.compile(rf"(?:^|(?<=\s))\(?{mark}{after}").search(text, at)
        if found is None or (not starts and text[: found.start()].strip()):
            break
        starts.append((found.start(), found.end(), mark))
        at = found.end()
    if len(starts) < (3 if small else 2):
        return []
    ends = [start for start, _, _ in starts[1:]] + [len(text)]
    items = [Item(mark, text[end:stop]) for (_, end, mark), stop in zip(starts, ends, strict=True)]
    for item in items:
        item.text, item.below = _own_and_below(item.text)
    return items if all(len(item.text.split()) > 1 for item in items) else []


def _pieces(text: str, pattern: re.Pattern[str]) -> list[str]:
    """Split a text where a line, or a sentence within a line, begins with a mark."""
    lines = text.split("\n")
    pieces: list[str] = []
    for line in lines:
        at = 0
        for found in re.finditer(r"(?<=[.;!?)])\s+(?=\S)", line):
            if pattern.match(line[found.end() :]):
                pieces.append(line[at : found.start()])
                at = found.end()
        pieces.append(line[at:])
    return pieces


def _own_and_below(text: str) -> tuple[str, list[str]]:
    """Return an entry's own text and its sub-bullets, each on one line."""
    own: list[str] = []
    below: list[str] = []
    for line in text.split("\n"):
        found = _BULLET_LINE.match(line)
        if found and found[2].strip() and own:
            below.append(found[2].strip())
        elif line.strip():
            (below if below else own).append(line.strip()) if not below else below.__setitem__(
                -1, f"{below[-1]} {line.strip()}"
            )
    return one_line(" ".join(own)), [one_line(line) for line in below]


def bullets(text: str) -> list[Item]:
    """Return the entries of a bulleted list, sub-bullets under theirs; [] if the text begins with no bullet."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or not _BULLET_LINE.match(lines[0]):
        return []
    items: list[Item] = []
    first_indent = len(lines[0]) - len(lines[0].lstrip())
    first_mark = lines[0].strip()[0]
    for line in lines:
        found = _BULLET_LINE.match(line)
        if not found:
            _append(items, line.strip())
            continue
        mark = line.strip()[0]
        deeper = len(found[1]) > first_indent + 1 or (mark in "○◦" and first_mark not in "○◦")
        if deeper and items:
            items[-1].below.append(one_line(found[2]))
        elif found[2].strip():
            items.append(Item("", one_line(found[2])))
    return items


def _append(items: list[Item], line: str) -> None:
    """Add a wrapped line to the entry or sub-bullet above it."""
    if items[-1].below:
        items[-1].below[-1] = f"{items[-1].below[-1]} {line}"
    else:
        items[-1].text = f"{items[-1].text} {line}"


def dated_lines(text: str) -> list[Item]:
    """Return the entries of lines that each begin with a date ("Sep 2025: ..."); [] unless the first one does."""
    lines = [line.strip() for line in _RUN_ON_DATE.sub("\n", text).split("\n") if line.strip()]
    if len(lines) < 2 or leading_period(lines[0]) is None:
        return []
    items: list[Item] = []
    for line in lines:
        found = _BULLET_LINE.match(line)
        if found and items:
            items[-1].below.append(one_line(found[2]))
        elif leading_period(line) is not None:
            items.append(Item("", one_line(line)))
        else:
            _append(items, line)
    return items if len(items) > 1 else []


def sentence_lines(text: str) -> list[str]:
    """Return the lines of a cell if each of them reads as an entry of its own, else []."""
    if "\n\n" in text:
        return []
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or not all(line[0].isupper() or line[0].isdigit() for line in lines):
        return []
    return lines


def one_line(text: str) -> str:
    """Return text with its white space folded."""
    return " ".join(text.split())


_BARE_MARK = re.compile(
    r"^(\d{1,2}(?:\.\d{1,2}){1,3}[A-Za-z]?|\d{1,2}[a-z]|[A-Z]?\d{1,3}\s?\((?:[ivx]{1,4}|[a-z])\))\s+(?=[A-Z][a-z])"
)


def capital_mark(text: str) -> tuple[str, str]:
    """Return the ref "1A" that a text begins with and the rest; ("", text) without one."""
    found = re.match(r"(\d{1,2}[A-Z])[.):]?\s+(?=[A-Z])", text)
    return (found[1], text[found.end() :].strip()) if found else ("", text)


_NAMED_MARK = re.compile(
    r"^(?i:action|task|step|milestone|pledge|promise|commitment|recommendation)\s+"
    r"(\d{1,3}(?:\.\d{1,3})*[a-z]?(?=\s*[:–—-])|\d{1,3}(?:\.\d{1,3})+[a-z]?(?=\s+[A-Z]))\s*[:–—-]?\s*(?=\S)"
)


_GLUED_MARK = re.compile(r"^(\d{1,2})[.)](?=[A-Z][a-z])")  # "1.To oversee"


def own_mark(text: str) -> tuple[str, str]:
    """Return the ref that a text begins with ("2. Work ...", "Ai) Open ...") and the rest; ("", text) without one."""
    found = _MARKED.match(text) or _BARE_MARK.match(text) or _NAMED_MARK.match(text) or _GLUED_MARK.match(text)
    if not found:
        return "", text
    return found[1], text[found.end() :].strip()


def begins_with(text: str, above: str) -> tuple[str, str]:
    """Return the ref that a text begins with, "A1 Recruit officers" below "Priority A", and the rest."""
    found = re.match(rf"({re.escape(above)}\.?\d{{1,2}}(?:\.\d{{1,2}})*)[.:)]?\s+(?=[A-Z])", text)
    return (found[1], text[found.end() :]) if found else ("", text)


def strip_bullet(text: str) -> str:
    """Return a line without its bullet."""
    found = _BULLET_LINE.match(text)
    return found[2].strip() if found and found[2].strip() else text.strip()


def has_bullet(text: str) -> bool:
    """Return whether a text begins with a bullet."""
    return _BULLET_LINE.match(text) is not None
