"""Plans without a table, in lists of sentences that promise: "Heads of Year to meet the parents by 24 October 2025".

Most of them say by when, or a third do in a document that calls itself a plan or tells who is to do what: policies,
reports, consultations and terms of reference promise things as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracker.imports.card_lines import Card
from tracker.imports.dated_titles import is_of_another_kind, is_to_do, tells_of_plan
from tracker.imports.duetext import deadline_in, due_of_text
from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import record_kind
from tracker.imports.line_items import Item, is_plain, item_of, lines_of, titles_of
from tracker.imports.lists import has_bullet, own_mark, strip_bullet
from tracker.imports.sentence_leads import who_acts, who_is_told
from tracker.imports.sentences import sentences
from tracker.imports.words import begins_with_verb, names_a_post, says_who_will

_WE = re.compile(r"we (?:will|shall)\b", re.I)

_OPEN = re.compile(  # what a line may end in instead of a date
    r"\b(?P<when>as soon as possible|asap|immediately|ongoing|tbc"
    r"|(?:date|timing|timescale)s? (?:is |are |still )?(?:tbc|to be (?:confirmed|agreed|set))"
    r"(?: (?:with|by) [^.]{2,30})?)\W*$",
    re.I,
)


@dataclass(slots=True)
class _List:
    """What stands below one title, or below one line that announces it."""

    title: str
    items: list[Item] = field(default_factory=list)


def promised(grid: Grid) -> dict[int, Card | None]:
    """Return the cards of the entries of lists that say what is to be done, and often by when."""
    titles = titles_of(grid)
    lists = [each for each in _lists(grid) if not record_kind(each.title)]
    items = [item for each in lists for item in each.items]
    if any(map(is_of_another_kind, titles[:1])) or not (_end_in_dates(items, titles) or _tell_who(items, titles)):
        return {}
    found: dict[int, Card | None] = {}
    for each in [item for listed in _of_actions(lists) for item in listed.items]:
        first = found.setdefault(each.number, each.card)
        if first is not None and first is not each.card:
            first.also.append(each.card)
    return found


def _lists(grid: Grid) -> list[_List]:
    found = [_List("")]
    for number, cell in lines_of(grid):
        items = _items(number, cell) if cell is not None and not (cell.level or cell.bold) else []
        found[-1].items += items
        if cell is None or (not items and _is_title(cell, plain=is_plain(grid))):
            found.append(_List(cell.text if cell is not None else ""))
    return [each for each in found if each.items]


def _is_title(cell: Cell, *, plain: bool) -> bool:
    text = cell.text.rstrip()
    return bool(cell.level or cell.bold) or text.endswith(":") or (plain and not text.endswith("."))


def _items(number: int, cell: Cell) -> list[Item]:
    """Return what a line says is to be done: one thing, or each of its sentences where all of them promise one."""
    promises = _WE.match(cell.text) or (begins_with_verb(cell.text) and 4 < len(cell.text.split()) < 40)
    if not (has_bullet(cell.text) or own_mark(cell.text)[0] or promises):
        return []
    told = sentences(cell.text)
    each_promises = len(told) > 1 and not has_bullet(cell.text) and all(_WE.match(each) for each in told)
    return [_item(number, cell, each) for each in (told if each_promises else [strip_bullet(cell.text)])]


def _item(number: int, cell: Cell, text: str) -> Item:
    """Return one thing to be done; a date within its sentence counts as well: "By March 2026 the Clerk will ..."."""
    found = item_of(number, cell, text, "")
    open_ = _OPEN.search(found.text)
    within = "" if found.when else deadline_in(text, strict=True) or (open_["when"] if open_ else "")
    if within:
        found.when = within
        found.card.values["Deadline"] = replace(cell, text=within, value=within, bold=False, span=None)
    return found


def _end_in_dates(items: Sequence[Item], titles: Sequence[str]) -> bool:
    """Return whether most lines say by when: "Open a hostel (by June 2026)"."""
    dated = _dated(items)
    bid = sum(begins_with_verb(each.text) or bool(_WE.match(each.text)) for each in items) * 2 >= len(items)
    told = bid or tells_of_plan(titles)
    return dated > 2 and dated * 5 >= 3 * len(items) and told and is_to_do([e.text for e in items], announced=told)


def _tell_who(items: Sequence[Item], titles: Sequence[str]) -> bool:
    """Return whether a third of the lines say by when and most say what to do, or who is to do it."""
    dated = _dated(items)
    acts = sum(_says_what_to_do(each.text, anybody=True) for each in items)
    sure = sum(_says_what_to_do(each.text, anybody=False) for each in items)
    told = acts * 2 >= len(items) if tells_of_plan(titles) else sure * 4 >= 3 * len(items)
    return dated > 2 and dated * 3 >= len(items) and told and is_to_do([each.text for each in items], announced=told)


def _dated(items: Sequence[Item]) -> int:
    return sum(due_of_text(each.when).dated for each in items if each.when)


def _says_what_to_do(text: str, *, anybody: bool) -> bool:
    """Return whether a sentence begins with what to do, or with who is to do it, who may have to be a post or body."""
    if begins_with_verb(text) or _WE.match(text):
        return True
    name = who_acts(text) or who_is_told(text)
    return says_who_will(text) if anybody else names_a_post(name)


def _of_actions(lists: Sequence[_List]) -> list[_List]:
    """Return the lists of actions: values and ways of working stand beside them without dates and names.

    Where nearly all lines of the other lists say when or who, a list in which none does is one of those.
    """
    said = [each for each in lists if any(map(_says_when_or_who, each.items))]
    lines = [item for each in said for item in each.items]
    nearly_all = sum(map(_says_when_or_who, lines)) * 5 >= 4 * len(lines)
    return [each for each in lists if each in said or not (nearly_all or _are_fragments(each))]


def _says_when_or_who(item: Item) -> bool:
    lead = item.card.values.get("Lead")
    return bool(item.when or (lead and lead.text) or who_acts(item.text) or who_is_told(item.text))


def _are_fragments(listed: _List) -> bool:
    """Return whether lines go on with the words above them, or say nothing of what to do."""
    texts = [each.text for each in listed.items]
    return all(text[:1].islower() for text in texts) or not any(_says_what_to_do(text, anybody=True) for text in texts)
