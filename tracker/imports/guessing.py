"""Headers whose words nobody foresaw, known from what stands below them: verbs, posts and dates in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from tracker.imports.by_values import says_both
from tracker.imports.charts import days_of_chart
from tracker.imports.column_choice import WHO
from tracker.imports.duetext import is_phrase, period
from tracker.imports.grid import Cell, Grid
from tracker.imports.headings_beside import take_rows_beside
from tracker.imports.layout import Header, any_header
from tracker.imports.other_sheets import MEASURE
from tracker.imports.periods import period_label
from tracker.imports.profiles import Profile, profile
from tracker.imports.words import (
    WHEN,
    begins_with_verb,
    exactly_known,
    heading,
    is_colour,
    names_a_post,
    roles_of,
    says_who_will,
    words,
)
from tracker.rules.dates import Reading

_LOOKED_AT = 40  # rows below a row that may be a header
_ROWS_ABOVE = 15  # rows of a table that may be one
Tables = dict[tuple[str, ...], list[tuple[list[int], int]]]
_NO_PLANS = ("a calendar", "an agenda or minutes", "a list of people or stakeholders", "a record of training")
_BARE = frozenset({"date", "dates", "when", "time", "timing", "milestone"})  # of a meeting, or of what has been
_DONE = frozenset({"update", "success", "status"})
_WHEN_OR_HOW_FAR = frozenset({"start", "status"})
_ABOVE = frozenset({"section", "action_weak"})
_NAMED = frozenset({"action", "milestone"})
_TAKEN = frozenset({"ref", "start", "raised", "actual", "percent", "level", "days"})


def guessed_headers(grid: Grid, known: list[Header], *, seems: str = "") -> list[Header]:
    """Return headers for the tables of a sheet or document in which none was found.

    A row of short texts heads a plan if a column below says in verbs what is to be done, and another when or who. Where
    a sheet `seems` to be something else, headings that are known word for word must say both.
    """
    found: list[Header] = []
    tables = list(_tables(grid, known))
    alike = _alike(grid, tables)
    for rows in tables:
        header = _guessed(grid, rows, found, alike)
        if header is not None and (not seems or header.certain) and not (known and _tells_rhythms(grid, header, rows)):
            found += [header, *_said_again(grid, header, rows)]
    return found


def _tells_rhythms(grid: Grid, header: Header, rows: list[int]) -> bool:
    """Return whether names of bodies stand beside how often they meet, and nothing is to be done by a day.

    "Improvement Board | Independent Chair | Six weekly", beside the tables of a plan.
    """
    below = [row for row in rows if row > header.last_row]
    role = {column: roles[0] for column, roles in header.roles.items() if roles}
    cells = [cell for row in below for cell in grid.texts(row)]
    when = [cell for cell in cells if role.get(cell.column) in WHEN]
    acts = [cell.text for cell in cells if role.get(cell.column) == "action"]
    rhythms = sum(period(cell.text).reading is Reading.RECURRING for cell in when)
    bodies = sum(names_a_post(text) and not begins_with_verb(text) for text in acts)
    return bool(when) and rhythms == len(when) and bodies * 3 >= 2 * len(acts)


def _said_again(grid: Grid, header: Header, rows: list[int]) -> list[Header]:
    """Return the rows that say a header again, all but its first cell: each first cell is then a title.

    "Our people | Post answerable | Ready by", and further down "Our places | Post answerable | Ready by".
    """
    found = [any_header(grid, row) for row in rows if row > header.row and _says(grid, row, header)]
    first = min(header.texts)
    titled = any(each.texts[first] != header.texts[first] for each in found)
    for each in [header, *found] if titled else found:
        each.roles, each.guessed = dict(header.roles), True
        each.title = grid.rows[each.row][first] if titled else None
    return found


def _says(grid: Grid, row: int, header: Header) -> bool:
    """Return whether a row says the headings of a table again, all but the first."""
    first, *others = sorted(header.texts)
    texts = {cell.column: " ".join(cell.text.split()) for cell in grid.texts(row)}
    return len(others) > 1 and bool(texts.pop(first, "")) and texts == {each: header.texts[each] for each in others}


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


def _guessed(grid: Grid, rows: list[int], before: list[Header], alike: Tables) -> Header | None:
    for at, row in enumerate(rows[:_ROWS_ABOVE]):
        cells = grid.texts(row)
        if len(cells) == 2 and (pair := _what_by_when(grid, row, rows[at + 1 : at + 1 + _LOOKED_AT])):
            return pair
        if len(cells) < 3 or not _may_head(cells):
            continue
        header = any_header(grid, row, fewest=1)
        take_rows_beside(grid, header)
        if same := next((each for each in before if header.signature == each.signature), None):
            header.roles, header.guessed = dict(same.roles), True
            return header
        below = [number for number in rows[at + 1 : at + 1 + _LOOKED_AT] if number > header.last_row]
        if grid.tables and len(below) < _LOOKED_AT:
            others = alike.get(tuple(cell.text for cell in cells), [])[:_LOOKED_AT]
            below += [number for table, place in others if table is not rows for number in table[place + 1 :]]
        below = [number for number in below if len(grid.texts(number)) > 1][:_LOOKED_AT]
        if len(below) < 2 or len(header.texts) + bool(header.periods) < 3:
            continue
        below = [number for number in below if not _says(grid, number, header)]
        looks = {column: profile(grid, column, below) for column in header.texts}
        if _give_roles(grid, header, looks, below):
            header.guessed = True
            grid.leave_out(cell.column for cell in days_of_chart(cells))
            return header
    return None


def _may_head(cells: list[Cell]) -> bool:
    """Return whether a row may hold headings: short texts, and times only beside two headings known word for word.

    A grid of time, with three of its periods or more, needs one of those.
    """
    if len({cell.text for cell in cells}) * 2 <= len(cells):
        return False  # "x | x | x"
    values = [cell for cell in cells if _is_value(cell.text, cell.value) and not exactly_known(cell.text)]
    if not values:
        return True
    known = sum(exactly_known(cell.text) for cell in cells)
    periods = sum(bool(period_label(cell)) for cell in values)
    days = days_of_chart(cells)
    times = all(
        cell in days
        or period_label(cell)
        or is_phrase(cell.text)
        or (known > 1 and (roles_of(cell.text) or is_colour(cell.text)))
        for cell in values
    )
    return times and (known > 1 or (known > 0 and periods >= 3))


def _alike(grid: Grid, tables: list[list[int]]) -> Tables:
    """Return, for the texts of a row that may head a table of a document, the tables and places where they stand."""
    found: Tables = {}
    for table in tables if grid.tables else ():
        for at, row in enumerate(table[:_ROWS_ABOVE]):
            found.setdefault(tuple(cell.text for cell in grid.texts(row)), []).append((table, at))
    return found


def _what_by_when(grid: Grid, row: int, below: list[int]) -> Header | None:
    """Return the header of a table of two columns: a deadline, and under whatever heading what is due.

    Not under "Date": that is a list of meetings, or of what has been.
    """
    header = any_header(grid, row)
    texts = [grid.texts(number) for number in below]
    due = [at for at, text in header.texts.items() if exactly_known(text) and header.roles[at][:1] == ("due",)]
    due = [at for at in due if heading(header.texts[at]) not in _BARE]
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
    told = isinstance(value, (float, datetime)) or is_phrase(text) or is_colour(text)
    return told or len(text) > 60 or not re.search(r"[A-Za-z#%]", text) or re.match(r"[\d.,]+\s?%", text) is not None


def _give_roles(grid: Grid, header: Header, looks: dict[int, Profile], below: list[int]) -> bool:
    """Give columns the roles that their values show; return whether they are those of a plan."""
    rows = len(below)
    free = [column for column in header.texts if not set(header.roles[column]) & _TAKEN]
    acts = [column for column in free if looks[column].words >= 2 and _deeds(grid, column, below, looks) >= 0.5]
    acts = [column for column in acts if not _is_known_for_more(header, column)] or acts
    due = [column for column in free if WHEN & set(header.roles[column])]
    if not due and len(header.periods) < 3:
        dated = [column for column in free if looks[column].dates >= 0.6]
        due = sorted(dated, key=lambda column: (not header.roles[column], looks[column].count, column))[-1:]
    led = [column for column in free if header.roles[column][:1] == ("lead",)]
    led = [column for column in led if exactly_known(header.texts[column]) or looks[column].posts >= 0.3]
    posts = [column for column in free if looks[column].posts >= 0.6 and looks[column].verbs < 0.5]
    if posts:  # "Our people" over what is to be done, beside a column of posts, says nobody who leads
        led = [column for column in led if looks[column].posts >= 0.3]
    posts = [column for column in posts if column not in due]
    posts.sort(key=lambda column: (bool(header.roles[column]), "support" in header.roles[column]))
    led = led or [column for column in posts if column not in acts][:1]
    reports = [column for column in acts if column > max([0, *due, *led]) and header.roles[column]]
    acts = [column for column in acts if column not in reports]
    both = [column for column in led if not due and not header.roles[column] and _say_both(grid, column, below)]
    if not acts:
        named = [each for each in free if exactly_known(header.texts[each]) and _NAMED & set(header.roles[each][:1])]
        acts = _acts_beside(header, looks, rows, due or both, led) or named or reports
        verbs = max((looks[each].verbs for each in acts), default=0)
        if acts and not due and header.periods and verbs < 0.3 and not _say_what(grid, header, below):
            return False  # ticks and days beside names of things: a calendar, a list of reports
    told = due or led or len(header.periods) >= 3
    if not acts or not (told or _tells_progress(header, max(looks[column].verbs for column in acts))):
        return False
    # What is merged over several rows groups them; what stands beside it in each of them is the finer.
    fine = [column for column in acts if looks[column].count * 5 >= 4 * rows] or acts
    action = max(fine, key=lambda column: (looks[column].distinct > 0.8, looks[column].words))
    header.certain = looks[action].verbs >= 0.5 and _is_certain(header)
    right = [column for column in free if action < column < max([0, *due, *led]) and not header.roles[column]]
    right = [column for column in right if column not in (*due, *led) and _may_be_done(looks[column], rows)]
    reason = _ABOVE & set(header.roles[action]) and right  # the text beside it may be what is done about it
    if not reason and header.roles[action][:1] != ("milestone",):
        header.roles[action] = ("action",)
    for column in due:
        header.roles[column] = header.roles[column] if WHEN & set(header.roles[column]) else ("due",)
    for column in led:
        if column != action and column not in both:
            header.roles[column] = ("lead",)
    return True


def _deeds(grid: Grid, column: int, below: list[int], looks: dict[int, Profile]) -> float:
    """Return how many of the texts of a column say what is to be done, or who is to do it: "RB to check the path"."""
    if looks[column].verbs >= 0.5 or looks[column].words < 4:
        return looks[column].verbs
    texts = [cell.text for row in below if (cell := grid.cell(row, column)) is not None and cell.text]
    return sum(begins_with_verb(text) or says_who_will(text) for text in texts) / max(len(texts), 1)


def _say_both(grid: Grid, column: int, below: list[int]) -> bool:
    """Return whether most cells of a column name who and say when: "Head of ICT, March 2026"."""
    texts = [cell.text for row in below if (cell := grid.cell(row, column)) is not None and cell.text]
    return len(texts) > 1 and sum(map(says_both, texts)) * 5 >= 3 * len(texts)


def _say_what(grid: Grid, header: Header, below: list[int]) -> bool:
    """Return whether words stand below the periods of a grid: "Tender issued"."""
    texts = [cell.text for row in below for cell in grid.texts(row) if cell.column in header.periods]
    return bool(texts) and sum(re.match(r"[^\W\d]{2}", text) is not None for text in texts) * 2 >= len(texts)


def _is_certain(header: Header) -> bool:
    """Return whether headings that are known word for word say who and by when."""
    known = [column for column, text in header.texts.items() if exactly_known(text) and heading(text) not in _BARE]
    exact = {header.roles[column][:1] for column in known}
    return {("lead",), ("due",)} <= exact


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
    exact = {role for column, text in header.texts.items() if exactly_known(text) for role in header.roles[column]}
    who = bool(led) or any(WHO.search(header.texts[column]) for column in due)
    measures = any(MEASURE.search(heading(text)) for text in header.texts.values())
    tracked = bool(exact & _WHEN_OR_HOW_FAR) and "lead" in exact and not measures
    when = bool(due or header.periods) or tracked
    above = {role for found in header.roles.values() for role in found if len(header.periods) >= 3} & _ABOVE
    if register or not (who and when):
        return []
    texts = [column for column in looks if column not in (*due, *led) and _may_be_done(looks[column], rows)]
    if not (above or any(header.roles[column] for column in (*due, *led))):
        full = rows > 2 and bool(due) and all(looks[column].count * 5 >= 4 * rows for column in (*due, *led))
        full = full and all(looks[column].dates >= 0.8 for column in due)
        texts = [column for column in texts if full and looks[column].words >= 3]  # nothing but contents tells
    texts = [column for column in texts if not set(header.roles[column]) & _TAKEN]
    told = {
        column for column in texts if exactly_known(header.texts[column]) and not _DONE.isdisjoint(header.roles[column])
    }
    texts = [column for column in texts if column not in told] or texts
    named = [column for column in texts if {"action", "action_weak", "milestone"} & set(header.roles[column])]
    return named or [column for column in texts if column < max([*due, *led])]


def _may_be_done(found: Profile, rows: int) -> bool:
    values = max(found.dates / 2, found.levels, found.refs, found.fractions, found.statuses)  # "Daily huddle on ..."
    return values < 0.3 and found.count * 5 >= 4 * rows and found.distinct > 0.8 and found.words >= 1.3
