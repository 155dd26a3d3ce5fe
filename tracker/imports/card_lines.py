"""Cards that one line holds: "1.1 Review the code. Lead: Monitoring Officer. By: March 2026"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tracker.imports.duetext import deadline_in, due_of_text, is_phrase
from tracker.imports.grid import Cell, Grid
from tracker.imports.lists import strip_bullet
from tracker.imports.milestones import ending_in_date
from tracker.imports.words import WHEN, exactly_known, names_a_post, roles_of

_INLINE = re.compile(r"(?:(?<=[.;,|(\n–—-])|(?<=[.;,|(–—-]\s))(?P<name>[A-Z][A-Za-z/ ]{1,30}?)\s*:\s*(?=\S)")
NUMBER = re.compile(r"\s*(?:no\.?|number)?\s*(\d{1,3}(?:\.\d{1,3})*[a-z]?|[A-Z]\d?)$", re.I)
_NAME_AND_DATE = re.compile(r"(?P<name>.{2,80}?)(?:[.;,]\s+|\s+[–—-]\s+)(?P<when>[^.;]{4,40})\.?", re.S)
_NAMES = {"lead": "Lead", "due": "Deadline", "status": "Status", "update": "Update"}  # for what lines call otherwise


@dataclass(slots=True)
class Card:
    """One card: its title (none if it begins with "Action: ..."), and its values by the heading of each."""

    title: Cell | None
    values: dict[str, Cell] = field(default_factory=dict)
    lines: list[list[Cell]] = field(default_factory=list)  # the cells of each line that became a part of it
    also: list[Card] = field(default_factory=list)  # what the same line says beside it, in other sentences


def what_and_when(text: str) -> tuple[str, str]:
    """Return what a line says and the date that it ends with after a dash or "by", "" if it ends with none."""
    parts = re.split(r"\s+[-–—]\s+", text.strip().rstrip("."))
    if len(parts) == 1 and (ended := ending_in_date(text)) and ended[1].words.startswith("by "):
        return ended[0], ended[1].words
    return (" – ".join(parts[:-1]), parts[-1]) if len(parts) > 1 and is_phrase(parts[-1]) else (text, "")


def in_one_line(cell: Cell) -> Card | None:
    """Return the card that one line holds: "1.1 Review the code. Lead: Monitoring Officer. By: March 2026"."""
    if cell.level or len(cell.text) > 1500:
        return None
    marks = marks_in(cell.text)
    if len(marks) < 2:
        return _by_dashes(cell) or _with_lead(cell, marks) or (None if marks else _bracketed(cell))
    if not cell.text[: marks[0].start()].strip():
        return None
    starts = [found.start() for found in marks[1:]] + [len(cell.text)]
    text = cell.text[: marks[0].start()].rstrip(" ,;|(–—-")
    card = Card(replace(cell, text=strip_bullet(text), value=text))
    for found, end in zip(marks, starts, strict=True):
        value = cell.text[found.end() : end].strip(" .;,|()–—-\n")
        name = next((_NAMES[role] for role in roles_of(found["name"]) if role in _NAMES), found["name"])
        card.values.setdefault(" ".join(name.split()), replace(cell, text=value, value=value, bold=False, span=None))
    return card if told(set(card.values)) & {"lead"} and told(set(card.values)) & WHEN else None


def marks_in(text: str) -> list[re.Match[str]]:
    """Return the labels within a line: "Lead:", "By:"."""
    return [found for found in _INLINE.finditer(text) if exactly_known(found["name"]) and told({found["name"]})]


def in_pair(cells: list[Cell]) -> Card | None:
    """Return the card that a cell holds beside its number: "R1", and lines "Responsible officer: ..." below a text."""
    if len(cells) != 2 or not re.fullmatch(r"\(?[A-Z]{0,3}\.?\d{1,3}(?:\.\d{1,2})*[.)]?", cells[0].text):
        return None
    card = in_one_line(cells[1])
    if card is not None and card.title is not None:
        text = f"{cells[0].text.strip(' .()')}. {card.title.text}"
        card.title = replace(card.title, text=text, value=text)
    return card


def _with_lead(cell: Cell, marks: list[re.Match[str]]) -> Card | None:
    """Return the card of a line that names its lead under a label, with a date before or behind it.

    "Open a site by March 2026 (Lead: Commissioner)", "Agree a plan. Lead: Head of Waste. By November 2025."
    """
    told = lead_and_rest(cell.text, marks)
    if told is None:
        return None
    text, name, after = told
    phrase = after if due_of_text(after).dated else "" if after else deadline_in(text)
    return made_of(cell, text, name, phrase) if phrase else None


def lead_and_rest(text: str, marks: list[re.Match[str]] | None = None) -> tuple[str, str, str] | None:
    """Return what a line says, who leads it under a label, and what stands behind the name; None without a name."""
    marks = marks_in(text) if marks is None else marks
    if len(marks) != 1 or "lead" not in roles_of(marks[0]["name"])[:1]:
        return None
    before = strip_bullet(text[: marks[0].start()].rstrip(" ,;|(–—-"))
    name, closed, after = text[marks[0].end() :].partition(")")
    if not closed and (ended := _NAME_AND_DATE.fullmatch(name.strip())) and is_phrase(ended["when"]):
        name, after = ended["name"], ended["when"]
    name = name.strip(" .;,|()\n")
    return (before, name, after.strip(" .;,|()–—-\n")) if before and name else None


def _by_dashes(cell: Cell) -> Card | None:
    """Return the card of "1. Survey speeds - Traffic Manager - by 30 November 2025", in any order of the two.

    The date may as well stand before the only dash: "Survey speeds by 30 November 2025 – Traffic Manager".
    """
    parts = [part.strip() for part in re.split(r"\s+[-–—|]\s+", strip_bullet(cell.text.strip()))]
    if len(parts) == 3 and due_of_text(parts[1]).dated and names_a_post(parts[2].rstrip(" .")):
        return made_of(cell, parts[0], parts[2].rstrip(" ."), parts[1])
    if len(parts) == 2 and names_a_post(parts[1].rstrip(" .")) and (ended := ending_in_date(parts[0])):
        return made_of(cell, ended[0], parts[1].rstrip(" ."), ended[1].words)
    if len(parts) != 3 or not 0 < len(parts[1].split()) <= 8 or not parts[1][:1].isupper():
        return None
    when = due_of_text(parts[2].rstrip(" ."))
    return made_of(cell, strip_bullet(parts[0]), parts[1], parts[2].rstrip(" .")) if when.dated else None


def _bracketed(cell: Cell) -> Card | None:
    """Return the card of "Open a site – by March 2026 (Parks Manager)"."""
    found = re.match(r"(.{8,300}?)\s*\(([^()]{4,80})\)\s*[.;]?$", cell.text, re.S)
    if found is None:
        return None
    text, (name, _, when) = strip_bullet(found[1]), found[2].partition(", ")
    if when and due_of_text(name).dated and names_a_post(when):
        name, when = when, name
    if when and (due_of_text(when).dated or when.startswith("from ")) and names_a_post(name):
        return made_of(cell, text, name, when)  # "Open a site (Parks Manager, by March 2026)"
    phrase = deadline_in(text)
    plain = re.sub(rf"\s*[–—-]\s*{re.escape(phrase)}\s*$", "", text) if phrase else text
    return made_of(cell, plain, found[2], phrase) if phrase and names_a_post(found[2]) else None


def made_of(cell: Cell, text: str, lead: str, due: str) -> Card:
    """Return the card of a text with who and when."""

    def part(words: str) -> Cell:
        return replace(cell, text=words, value=words, bold=False, span=None)

    return Card(part(text), {"Lead": part(lead), "Deadline": part(due)})


def told(names: set[str]) -> set[str]:
    """Return the roles that headings may have."""
    return {role for name in names for role in roles_of(name)}


def only_numbers(title: str) -> str:
    """Return the number of a title that says nothing else: "Action 3"."""
    found = NUMBER.search(title.strip())
    if found is None or not {"action", "action_weak"} & set(roles_of(NUMBER.sub("", title.strip()))):
        return ""
    return found[1] if exactly_known(NUMBER.sub("", title.strip())) else ""


def under_numbers(grid: Grid) -> dict[int, Card | None]:
    """Return the cards of paragraphs that each stand under nothing but a number: "Action 1" (and None for it)."""
    found: dict[int, Card | None] = {}
    for number, following in pairwise(grid.rows):
        heads, cells = grid.texts(number), grid.texts(following)
        if len(heads) != 1 or len(cells) != 1 or not {number, following} <= grid.paragraphs:
            continue
        ref, cell = only_numbers(heads[0].text), cells[0]
        if not ref or cell.level or len(cell.text.split()) < 4 or re.match(r"[^:\n]{2,40}:", cell.text):
            continue
        card = found[following] = made_of(cell, f"{ref}. {cell.text}", "", deadline_in(cell.text, strict=True))
        card.lines.append(heads)
        found[number] = None
    return found if len(found) > 4 else {}
