"""Headers whose words nobody foresaw, known from what stands below them: verbs, posts and dates in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from tracker.imports.duetext import is_phrase
from tracker.imports.grid import Grid
from tracker.imports.layout import Header, any_header
from tracker.imports.profiles import Profile, profile
from tracker.imports.words import exactly_known, heading, words

_LOOKED_AT = 40  # rows below a row that may be a header
_DUE = frozenset({"due", "due_revised", "due_original"})
_NO_PLANS = ("a calendar", "an agenda or minutes", "a list of people or stakeholders", "a record of training")
_DONE = frozenset({"update", "success", "status"})
_TAKEN = frozenset({"ref", "start", "raised", "actual", "percent", "level", "days"})


def guessed_headers(grid: Grid, known: list[Header]) -> list[Header]:
    """Return headers for the tables of a sheet or document in which none was found.

    A row of short texts heads a plan if a column below says in verbs what is to be done, and another when or who.
    """
    found: list[Header] = []
    for rows in _tables(grid, known):
        header = _guessed(grid, rows, found)
        if header is not None:
            found.append(header)
    return found


def _tables(grid: Grid, known: list[Header]) -> Iterator[list[int]]:
    """Yield the rows of each table without a header."""
    numbers = [number for number in grid.row_numbers() if number not in grid.hidden_rows]
    if not grid.tables:
        if not known:
            yield numbers
        return
    tops = sorted(grid.tables)
    for at, top in enumerate(tops):
        end = tops[at + 1] if at + 1 < len(tops) else 1 << 30
        if not any(top <= header.row < end for header in known):
            yield [number for number in numbers if top <= number < end and number not in grid.paragraphs]


def _guessed(grid: Grid, rows: list[int], before: list[Header]) -> Header | None:
    for at, row in enumerate(rows[:15]):
        cells = grid.texts(row)
        if len(cells) == 2 and (pair := _what_by_when(grid, row, rows[at + 1 : at + 1 + _LOOKED_AT])):
            return pair
        if len(cells) < 3 or any(_is_value(cell.text, cell.value) for cell in cells):
            continue
        below = [number for number in rows[at + 1 : at + 1 + _LOOKED_AT] if len(grid.texts(number)) > 1]
        header = any_header(grid, row)
        if same := next((each for each in before if header.signature == each.signature), None):
            header.roles, header.guessed = dict(same.roles), True
            return header
        if len(below) < 2 or len(header.texts) < 3:
            continue
        looks = {column: profile(grid, column, below) for column in header.texts}
        if _give_roles(header, looks, len(below)):
            header.guessed = True
            return header
    return None


def _what_by_when(grid: Grid, row: int, below: list[int]) -> Header | None:
    """Return the header of a table of two columns: a deadline, and under whatever heading what is due.

    Not under "Date": that is a list of meetings, or of what has been.
    """
    header = any_header(grid, row)
    texts = [grid.texts(number) for number in below]
    due = [at for at, text in header.texts.items() if exactly_known(text) and header.roles[at][:1] == ("due",)]
    due = [
        at for at in due if heading(header.texts[at]) not in ("date", "dates", "when", "time", "timing", "milestone")
    ]
    if len(header.texts) != 2 or len(due) != 1 or len(below) < 3:
        return None
    (other,) = set(header.texts) - set(due)
    names = {heading(text) for text in header.texts.values()}
    if header.roles[other][:1] == ("ref",) or any(names & words().others[kind] for kind in _NO_PLANS):
        return None
    said = [cell.text for cells in texts for cell in cells if cell.column == other]
    when = [cell.text for cells in texts for cell in cells if cell.column == due[0]]
    told = [text for text in said if len(text.split()) > 1 and not is_phrase(text)]
    if len(when) * 5 < 4 * len(said) or sum(map(is_phrase, when)) * 5 < 4 * len(when) or len(told) * 5 < 4 * len(said):
        return None
    header.roles[other], header.guessed = ("action",), True
    return header if len(set(told)) == len(told) >= 3 else None


def _is_value(text: str, value: object) -> bool:
    return (
        len(text) > 60 or isinstance(value, (float, datetime)) or not re.search(r"[A-Za-z#%]", text) or is_phrase(text)
    )


def _give_roles(header: Header, looks: dict[int, Profile], rows: int) -> bool:
    """Give columns the roles that their values show; return whether they are those of a plan."""
    free = [column for column in header.texts if not set(header.roles[column]) & _TAKEN]
    acts = [column for column in free if looks[column].verbs >= 0.5 and looks[column].words >= 2]
    acts = [column for column in acts if not _is_known_for_more(header, column)] or acts
    due = [column for column in free if _DUE & set(header.roles[column])]
    if not due:
        dated = [column for column in free if looks[column].dates >= 0.6]
        due = sorted(dated, key=lambda column: (looks[column].count, column))[-1:]
    led = [column for column in free if header.roles[column][:1] == ("lead",)]
    led = [column for column in led if exactly_known(header.texts[column]) or looks[column].posts >= 0.3]
    led = led or [column for column in free if looks[column].posts >= 0.6 and column not in acts][:1]
    if not acts and due and led:
        acts = _acts_beside(header, looks, rows, due, led)
    if not acts or not (due or led or _tells_progress(header, max(looks[column].verbs for column in acts))):
        return False
    # What is merged over several rows groups them; what stands beside it in each of them is the finer.
    fine = [column for column in acts if looks[column].count * 5 >= 4 * rows] or acts
    action = max(fine, key=lambda column: (looks[column].distinct > 0.8, looks[column].words))
    header.roles[action] = ("action",)
    for column in due:
        header.roles[column] = header.roles[column] if _DUE & set(header.roles[column]) else ("due",)
    for column in led:
        header.roles[column] = ("lead",)
    return True


def _is_known_for_more(header: Header, column: int) -> bool:
    """Return whether a heading is known, word for word, as that of who acts or of how far it is."""
    return exactly_known(header.texts[column]) and header.roles[column][:1] in (("lead",), ("update",), ("success",))


def _tells_progress(header: Header, verbs: float) -> bool:
    """Return whether known headings give an issue and how far it is, beside a text that says what is to be done."""
    first = {roles[0] for column, roles in header.roles.items() if roles and exactly_known(header.texts[column])}
    return verbs >= 0.8 and bool(first & {"section", "action_weak"}) and bool(first & _DONE)


def _acts_beside(header: Header, looks: dict[int, Profile], rows: int, due: list[int], led: list[int]) -> list[int]:
    """Return the columns that may say what is to be done beside a date and a lead, one of them under a known heading.

    A register of cases, payments or people has dates and posts as well: its own words keep it from being a plan.
    """
    register = any(words().registers.search(heading(text)) for text in header.texts.values())
    if register or not any(header.roles[column] for column in (*due, *led)):
        return []
    texts = [column for column in looks if column not in (*due, *led) and _may_be_done(looks[column], rows)]
    texts = [column for column in texts if not set(header.roles[column]) & _TAKEN]
    told = {
        column for column in texts if exactly_known(header.texts[column]) and not _DONE.isdisjoint(header.roles[column])
    }
    texts = [column for column in texts if column not in told] or texts
    named = [column for column in texts if {"action", "action_weak", "milestone"} & set(header.roles[column])]
    return named or [column for column in texts if column < max(*due, *led)]


def _may_be_done(found: Profile, rows: int) -> bool:
    values = max(found.dates / 2, found.levels, found.refs, found.fractions, found.statuses)  # "Daily huddle on ..."
    return values < 0.3 and found.count * 5 >= 4 * rows and found.distinct > 0.8 and found.words >= 1.3
