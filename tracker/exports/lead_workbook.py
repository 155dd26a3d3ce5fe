"""A lead's workbook: what a post is asked about its milestones, to be filled in anywhere and sent back.

Locked columns say what stands; open ones ask what the update form asks. Protected without a password: whoever has a
reason to unlock it may, for each row carries a key by which it is known again, and each cell a fingerprint.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.exports.characters import fit_cell, legal
from tracker.exports.lead_workbook_formats import OPEN_CELLS, LeadFormats
from tracker.exports.lead_workbook_notes import write_about, write_instructions
from tracker.exports.xlsx import new_options
from tracker.exports.xlsx_sheet import height_of, lines_of
from tracker.queries.lead_workbooks import LeadSheet
from tracker.queries.rows import MilestoneRow, PlanRow
from tracker.rules.dates import london_day, show_day
from tracker.rules.vocabulary import Vocabulary
from tracker.rules.workbook import CLAIMED, FIELDS, NO_CHANGE, STATES, values_of
from tracker.rules.workbook_keys import FORMAT, make_key

SHEET, INSTRUCTIONS, ABOUT = "Update", "Instructions", "About this file"
KEYS, HEAD, FIRST = 2, 3, 4  # rows, counted from 0: hidden keys of the columns, headings, first milestone
A3 = 8
_LONGEST_HINT = 255
_ALLOWED = {
    "sort": True,
    "autofilter": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet: the key that finds it again, its heading and width, and whether it is filled in."""

    key: str
    title: str
    width: int
    open: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """What all workbooks that go out together share."""

    plan: PlanRow
    vocabulary: Vocabulary
    made: datetime
    seq: int
    secret: bytes
    contact: str = ""
    by_message: bool = False
    """Whether it goes with a message, which then says where it is to be uploaded."""

    @property
    def back(self) -> str:
        """Return the sentence that says where the file goes when it is filled in."""
        if self.by_message:
            return "Save the file, and upload it on the page that the message it came with leads to."
        return f"Send the file back by e-mail{f' to {self.contact}' if self.contact else ' to whoever sent it to you'}."


def columns_of(sheet: LeadSheet) -> tuple[Column, ...]:
    """Return the columns; a workbook of a whole plan says who leads."""
    locked = [
        Column("ref", "Ref", 8),
        Column("text", "Milestone", 32),
        *([Column("lead", "Lead", 22)] if not sheet.post_id else []),
        Column("due", "Due", 13),
        Column("status", "Status", 15),
        Column("why", "Why it has this status", 28),
        Column("updated", "Last update", 16),
    ]
    return (*locked, *(Column(field.key, field.title, field.width, open=True) for field in FIELDS))


def render_lead_workbook(sending: Sending, sheet: LeadSheet) -> bytes:
    """Return the workbook of one post, or of a whole plan, as an .xlsx."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, new_options()) as book:
        formats = LeadFormats(book)
        update, notes, about = (book.add_worksheet(name) for name in (SHEET, INSTRUCTIONS, ABOUT))
        columns = columns_of(sheet)
        _write_top(update, sending, sheet, columns, formats)
        for at, row in enumerate(sheet.rows):
            _write_row(update, FIRST + at, sending, sheet, row, columns, formats)
        last = max(FIRST + len(sheet.rows) - 1, HEAD)
        _ask(update, columns, sheet.rows, formats)
        _set_page(update, sending, columns, last)
        book.define_name("Milestones_to_update", f"={SHEET}!{_range(HEAD, 0, last, len(columns))}")
        write_instructions(notes, sending.plan, sheet, sending.vocabulary, sending.back, formats)
        facts = _facts(sending, sheet)
        write_about(about, facts, [(str(row.id), row.full_ref) for row in sheet.rows], formats)
        about.hide()
        update.activate()
        _set_properties(book, sending, sheet, facts)
    return out.getvalue()


def _facts(sending: Sending, sheet: LeadSheet) -> list[tuple[str, str]]:
    """Return what the file says of itself on its hidden sheet and in its properties."""
    return [
        ("format", str(FORMAT)),
        ("plan", sending.plan.slug),
        ("plan_title", sending.plan.title),
        ("lead", sheet.name),
        ("lead_id", str(sheet.post_id)),
        ("made", sending.made.isoformat(timespec="seconds")),
        ("milestones", str(len(sheet.rows))),
    ]


def _write_top(
    update: Any, sending: Sending, sheet: LeadSheet, columns: Sequence[Column], formats: LeadFormats
) -> None:
    number = len(sheet.rows)
    made = show_day(london_day(sending.made))
    whose = sheet.name or "all leads"
    update.write_string(0, 0, fit_cell(f"{sending.plan.title}: update"), formats.title)
    said = f"{whose} · {number} milestone{'' if number == 1 else 's'}, Red and Amber first · made on {made}"
    marking = f" · {sending.plan.marking}" if sending.plan.marking else ""
    back = "upload it" if sending.by_message else "send it back"
    todo = f"Fill in the white cells, save the file and {back}. The sheet Instructions says how."
    update.write_string(1, 0, fit_cell(f"{said}{marking}. {todo}"), formats.note)
    for at, column in enumerate(columns):
        update.write_string(KEYS, at, column.key, formats.hidden)
        update.write_string(HEAD, at, column.title, formats.open_head if column.open else formats.head)
    update.write_string(KEYS, len(columns), "key", formats.hidden)
    update.write_string(HEAD, len(columns), "Key of the row (leave as it is)", formats.head)
    update.set_row(KEYS, None, None, {"hidden": True})
    update.set_row(HEAD, height_of(max(lines_of(column.title, column.width) for column in columns)))


def _write_row(
    update: Any,
    at: int,
    sending: Sending,
    sheet: LeadSheet,
    row: MilestoneRow,
    columns: Sequence[Column],
    formats: LeadFormats,
) -> None:
    term = sending.vocabulary.term(row.colour, row.rule, row.marks, row.standing)
    moved = f" (at first {row.original_due_text})" if row.moves and row.original_due_text != row.due_text else ""
    by = f"{show_day(row.updated_on)}, {row.updated_by}" if row.updated_on else "None yet"
    values = {key: fit_cell(value) for key, value in values_of(row).items()}
    said = {
        "ref": row.full_ref,
        "text": row.text,
        "lead": row.lead_names or "No lead",
        "due": f"{row.due_text or 'No date'}{moved}",
        "status": term.text,
        "why": f"{row.reason} ({', '.join(row.marks)})" if row.marks else row.reason,
        "updated": by,
        **values,
    }
    closed = row.signoff in CLAIMED
    tallest = 1
    for place, column in enumerate(columns):
        text = fit_cell(said[column.key])
        if column.key == "status":
            chosen = formats.status[term.paint_name]
        elif column.open and not closed:
            chosen = formats.open(text)
        else:
            chosen = formats.locked(text)
        if text:
            update.write_string(at, place, text, chosen)
            tallest = max(tallest, lines_of(text, column.width))
        else:
            update.write_blank(at, place, None, chosen)
    key = make_key(
        sending.secret,
        plan_id=sending.plan.id,
        post_id=sheet.post_id,
        made=sending.made,
        seq=sending.seq,
        count=len(sheet.rows),
        milestone_id=row.id,
        version=row.version,
        ref=fit_cell(row.full_ref),
        values=values,
    )
    update.write_string(at, len(columns), key, formats.hidden)
    update.set_row(at, height_of(max(tallest, 2)))


def _ask(update: Any, columns: Sequence[Column], rows: Sequence[MilestoneRow], formats: LeadFormats) -> None:
    """Add drop-downs, hints beside the cell, and marks where an answer makes another one necessary."""
    runs = _open_runs(rows)
    if not runs:
        return
    last = FIRST + len(rows) - 1
    place = {column.key: at for at, column in enumerate(columns)}
    for field in FIELDS:
        hint = {"input_title": field.title[:32], "input_message": field.hint[:_LONGEST_HINT]}
        rule: dict[str, Any] = {"validate": "any", **hint}
        if field.key in OPEN_CELLS:
            words = list(STATES.values()) if field.key == "state" else [NO_CHANGE]
            rule = {
                "validate": "list",
                "source": words,
                "error_title": "Choose from the list",
                "error_message": f"Choose one of: {', '.join(words)}.",
                **hint,
            }
        update.data_validation(FIRST, place[field.key], last, place[field.key], rule)
    top = runs[0][0]
    state = f"${_letter(place['state'])}{top + 1}"
    doubt = f'OR({state}="{STATES["at_risk"]}",{state}="{STATES["will_miss"]}")'
    wanted = {
        "reason": doubt,
        "recovery": doubt,
        "forecast": f'{state}="{STATES["will_miss"]}"',
        "completed": f'{state}="{STATES["done"]}"',
        "evidence": f'{state}="{STATES["done"]}"',
    }
    for key, condition in wanted.items():
        letter = _letter(place[key])
        criteria = f'=AND({condition},${letter}{top + 1}="")'
        ranges = " ".join(f"{letter}{first + 1}:{letter}{end + 1}" for first, end in runs)
        rule = {"type": "formula", "criteria": criteria, "format": formats.wanted, "multi_range": ranges}
        update.conditional_format(top, place[key], runs[-1][1], place[key], rule)


def _open_runs(rows: Sequence[MilestoneRow]) -> list[tuple[int, int]]:
    """Return the first and last row of each stretch of rows that can be filled in."""
    runs: list[tuple[int, int]] = []
    for at, row in enumerate(rows, FIRST):
        if row.signoff in CLAIMED:
            continue
        if runs and runs[-1][1] == at - 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _set_page(update: Any, sending: Sending, columns: Sequence[Column], last: int) -> None:
    for at, column in enumerate(columns):
        update.set_column(at, at, column.width)
    update.set_column(len(columns), len(columns), 8, None, {"hidden": True})
    update.autofilter(HEAD, 0, last, len(columns))
    update.freeze_panes(FIRST, 2)
    update.protect("", _ALLOWED)
    update.set_landscape()
    update.set_paper(A3)
    update.fit_to_pages(1, 0)
    update.repeat_rows(HEAD)
    update.print_area(0, 0, last, len(columns) - 1)
    update.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    title = " ".join(legal(sending.plan.title).split())[:90].replace("&", "&&")
    marking = " ".join(legal(sending.plan.marking).split())[:30].replace("&", "&&")
    update.set_header(f"&L&8{title}&R&8&B{marking}")
    update.set_footer("&R&8Page &P of &N")
    update.hide_gridlines(2)
    update.set_zoom(90)
    update.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})


def _set_properties(book: Any, sending: Sending, sheet: LeadSheet, facts: Sequence[tuple[str, str]]) -> None:
    book.set_properties(
        {
            "title": legal(f"{sending.plan.title}: update")[:255],
            "subject": legal(sheet.name or "All leads")[:255],
            "author": legal(sending.plan.organisation)[:255],
            "created": sending.made.replace(tzinfo=None),
        }
    )
    for name, value in facts:
        book.set_custom_property(f"tracker_{name}", legal(value)[:255], "text")


def _letter(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(place))


def _range(top: int, left: int, bottom: int, right: int) -> str:
    return f"${_letter(left)}${top + 1}:${_letter(right)}${bottom + 1}"
