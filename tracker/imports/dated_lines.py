"""Plans without a table, in lines with dates: below titles that say by when, behind a date, or ending in one.

Each such line becomes a card, and so a row with a date. Only where titles or verbs say that it is to be done: news,
histories and lists of meetings have dates as well.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.imports.card_lines import Card, made_of
from tracker.imports.dated_titles import is_elsewhere, is_open, is_term, is_to_do, name_and_when, tells_of_plan
from tracker.imports.duetext import deadline_in, due_of_text, is_deadline, is_phrase
from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import is_footnote, is_note
from tracker.imports.line_items import Item, is_plain, item_of, lines_of, titles_of
from tracker.imports.lists import has_bullet, strip_bullet
from tracker.imports.promised_lines import promised
from tracker.imports.words import begins_with_verb, status_kind

_BY = re.compile(r"(?:to be done |due |complete )?(?:by|before|no later than)\b", re.I)
_LED = re.compile(r"(?P<when>[^:–—]{3,45}?)(?:\s*[:–—]\s*|\s+-\s+)(?P<what>\S.{8,})", re.S)
_OPEN = re.compile(  # what may stand in the place of a date
    r"(?:immediate(?:ly)?|ongoing|now|from .{4,40}|within .{4,30}|asap|as soon as possible|tbc)", re.I
)
_NAMED = re.compile(
    r"(?:action|task|commitment|pledge)\s+(?P<ref>[A-Z]{0,3}\.?\d{1,3}(?:\.\d{1,3})*[a-z]?)\s*[:.–—-]\s*(?=\S)", re.I
)
_ASIDE = re.compile(r"(?:contact|e-?mail|tel(?:ephone)?|sources?|(?:for )?(?:more|further) information)\b", re.I)
_WE_WILL = re.compile(
    r"(?P<when>(?:by|in|during|before|from) .{3,40}?),? (?=we (?:will|shall|aim|plan|expect)\b)", re.I
)
_HAS_BEEN = re.compile(
    r"(?:this|the)(?: (?:action|step|task|work|recommendation))? (?:has been|has|is now|is|was) ", re.I
)


def dated_lines(grid: Grid) -> dict[int, Card | None]:
    """Return the cards of a document's lines with dates, by row, and None for rows that became a part of one."""
    if not (grid.paragraphs or is_plain(grid)) or any(map(is_elsewhere, titles_of(grid)[:1])):
        return {}
    return _under_titles(grid) or _led_by_dates(grid) or _named(grid) or promised(grid) or _told_below_titles(grid)


def _under_titles(grid: Grid) -> dict[int, Card | None]:
    """Return the cards of what stands below titles that say by when: "By June 2026", "Summer 2023", "2025/26"."""
    found: dict[int, Card | None] = {}
    items: list[Item] = []
    heads: list[Cell] = []
    date: Cell | None = None
    name = when = ""
    for number, cell in lines_of(grid):
        told = _title_and_when(cell, plain=not grid.paragraphs) if cell is not None else ("", "")
        if cell is None:
            date = None
        elif told[1]:
            date, (name, when) = cell, told
        elif cell.level or cell.bold:
            date = date if date is not None and _stands_below(cell, date) else None
        elif date is not None and not _is_aside(cell.text) and not _heads_list(grid, cell):
            item = item_of(number, cell, strip_bullet(cell.text), when)
            items.append(item)
            found[number] = item.card
            if date not in heads:
                heads.append(date)
                if not name:  # "Phase 1 (2025/26)" stays as a title
                    item.card.lines.append([date])
                    found[date.row] = None
    listed = all(_BY.match(each.text) for each in heads) and all(has_bullet(each.line) for each in items)
    terms = any(is_term(each.text) for each in heads)
    announced = listed or (not terms and tells_of_plan(titles_of(grid)))
    return found if len(heads) > 1 and is_to_do([each.text for each in items], announced=announced) else {}


def _title_and_when(cell: Cell, *, plain: bool) -> tuple[str, str]:
    """Return what else a title says, and by when what stands below it is to be done; ("", "") for another line."""
    text = cell.text.strip()
    titled = bool(cell.level or cell.bold) or (plain and is_deadline(text))
    if has_bullet(text) or len(text.split()) > 14 or not (titled or _BY.match(text) or text.endswith(":")):
        return "", ""
    if titled and is_open(text):
        return "", text.rstrip(" :.")
    return (text, text.rstrip(" :.")) if titled and is_term(text) else name_and_when(text)


def _is_aside(text: str) -> bool:
    asked = _ASIDE.match(text) is not None
    return asked or text.rstrip().endswith(":") or is_note(text) or is_footnote(text)


def _heads_list(grid: Grid, cell: Cell) -> bool:
    """Return whether a short line stands directly above bullets: "Skills"."""
    below = grid.texts(cell.row + 1) if cell.row + 1 in grid.paragraphs else []
    short = len(cell.text.split()) <= 5 and not has_bullet(cell.text)
    return short and bool(below) and has_bullet(below[0].text)


def _stands_below(cell: Cell, date: Cell) -> bool:
    """Return whether a title stands below a title with a date, and so does not end it."""
    return date.level > 0 and (cell.level > date.level or not cell.level)


def _led_by_dates(grid: Grid) -> dict[int, Card | None]:
    """Return the cards of lines that begin with their dates: "By 30 June 2026 – Test the lifts"."""
    items: list[Item] = []
    found: dict[int, Card | None] = {}
    for number, cell in lines_of(grid):
        led = _LED.match(strip_bullet(cell.text)) if cell is not None and not cell.level else None
        said = _WE_WILL.match(strip_bullet(cell.text)) if cell is not None and not cell.level else None
        when = led["when"].strip() if led else said["when"].strip() if said else ""
        if cell is not None and when and (_OPEN.fullmatch(when) or (is_phrase(when) and due_of_text(when).dated)):
            items.append(item_of(number, cell, led["what"] if led else strip_bullet(cell.text), when))
            found[number] = items[-1].card
        elif cell is not None and items and items[-1].number == number - 1 and _tells_status(cell, items[-1].card):
            found[number] = None
    by = sum(_BY.match(each.when) is not None for each in items) * 2 >= len(items)
    dated = sum(due_of_text(each.when).dated for each in items)
    announced = by or tells_of_plan(titles_of(grid))
    return found if dated > 2 and is_to_do([each.text for each in items], announced=announced) else {}


def _tells_status(cell: Cell, card: Card) -> bool:
    """Give a card the status that a line below it tells: "This action has been completed."; return whether it does."""
    said = _HAS_BEEN.match(cell.text)
    word = cell.text[said.end() :].strip(" .") if said else ""
    if not status_kind(word):
        return False
    card.values["Status"] = replace(cell, text=word, value=word)
    card.lines.append([cell])
    return True


def _named(grid: Grid) -> dict[int, Card | None]:
    """Return the cards of lines that name themselves actions: "Action 1: Offer free swimming (ongoing)"."""
    items: list[Item] = []
    for number, cell in lines_of(grid):
        name = _NAMED.match(cell.text) if cell is not None and not cell.level else None
        if cell is not None and name and len(cell.text.split()) > 4:
            items.append(item_of(number, cell, f"{name['ref']}. {cell.text[name.end() :]}", ""))
    found: dict[int, Card | None] = {each.number: each.card for each in items}
    return found if len(items) > 2 and sum(bool(each.when) for each in items) * 2 >= len(items) else {}


def _told_below_titles(grid: Grid) -> dict[int, Card | None]:
    """Return the cards of titles that say what is to be done, with a sentence below each that says by when."""
    found: dict[int, Card | None] = {}
    titles: list[tuple[int, Cell]] = []
    for number, cell in lines_of(grid):
        if cell is not None and (cell.level or cell.bold):
            titles.append((number, cell))
        elif cell is not None and titles and (when := deadline_in(cell.text, strict=True)):
            above, title = titles[-1]
            if not begins_with_verb(title.text):
                continue
            if above in found or has_bullet(cell.text):
                return {}  # several dates below one title: whose they are cannot be told
            card = found[above] = made_of(title, title.text, "", when)
            card.values["Notes"] = replace(cell)
            card.lines.append([cell])
            found[number] = None
    acts = [number for number, title in titles if begins_with_verb(title.text)]
    cards = sum(card is not None for card in found.values())
    return found if cards > 2 and cards * 3 >= 2 * len(acts) else {}
