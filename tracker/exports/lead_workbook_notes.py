"""The sheets beside the table of a lead's workbook: how to fill it in, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.exports.characters import fit_cell
from tracker.exports.lead_workbook_formats import LeadFormats
from tracker.exports.xlsx_sheet import height_of, lines_of
from tracker.queries.lead_workbooks import LeadSheet
from tracker.queries.rows import PlanRow
from tracker.rules.vocabulary import Vocabulary
from tracker.rules.workbook import FIELDS, NO_CHANGE, STATES

_LABEL, _TEXT = 32, 90
A4 = 9


def write_instructions(
    notes: Any, plan: PlanRow, sheet: LeadSheet, vocabulary: Vocabulary, back: str, formats: LeadFormats
) -> None:
    """Write what to do, in plain words, as two columns: what, and how."""
    notes.set_column(0, 0, _LABEL)
    notes.set_column(1, 1, _TEXT)
    notes.write_string(0, 0, "How to fill in this workbook", formats.title)
    notes.write_string(1, 0, fit_cell(plan.title), formats.note)
    notes.write_string(2, 0, fit_cell(f"For {sheet.name or 'all leads'}"), formats.note)
    at = 4
    for heading, lines in _parts(vocabulary, back):
        notes.write_string(at, 0, heading, formats.heading)
        at += 1
        for what, how in lines:
            notes.write_string(at, 0, what, formats.label)
            notes.write_string(at, 1, fit_cell(how), formats.plain)
            notes.set_row(at, 3 + height_of(max(lines_of(what, _LABEL - 4), lines_of(how, _TEXT - 10))))
            at += 1
        at += 1
    notes.protect("", {"select_locked_cells": True, "format_columns": True, "format_rows": True})
    notes.hide_gridlines(2)
    notes.set_paper(A4)
    notes.set_landscape()
    notes.fit_to_pages(1, 0)


def write_about(about: Any, facts: Sequence[tuple[str, str]], sent: Sequence[tuple[str, str]], formats: Any) -> None:
    """Write what the tracker needs when the file comes back: what it is, and which rows went out."""
    about.set_column(0, 0, 18)
    about.set_column(1, 1, 60)
    lines = [("This sheet", "The tracker reads it when the file comes back. Leave it as it is."), *facts, *sent]
    for at, (name, value) in enumerate(lines):
        about.write_string(at, 0, name, formats.label)
        about.write_string(at, 1, fit_cell(value), formats.plain)
    about.protect("")


def _parts(vocabulary: Vocabulary, back: str) -> list[tuple[str, list[tuple[str, str]]]]:
    states = list(STATES.values())
    return [
        (
            "In short",
            [
                ("1. Go to the sheet Update", "There is one row for each milestone. Red and Amber ones come first."),
                ("2. Say how it is going", f"Choose from the list: {', '.join(states[:-1])} or {states[-1]}."),
                (
                    "3. Say what is new",
                    "Write over last time's text with what has been done, and what difference it has made. "
                    f"If nothing has changed, choose {NO_CHANGE} and leave the rest of the row.",
                ),
                (
                    "4. If the date is in doubt",
                    "Say when you now expect it, why, and what you are doing about it. "
                    "Cells that are wanted turn yellow.",
                ),
                (
                    "5. If it is done",
                    f"Choose {STATES['done']}, give the day and a link to the evidence. Somebody else signs it off.",
                ),
                ("6. Save it and give it back", back),
            ],
        ),
        ("What each column asks", [(field.title, field.hint) for field in FIELDS]),
        (
            "Good to know",
            [
                ("Grey cells are locked", "The deadline is changed by asking for a new date, never in this file."),
                (
                    "Rows you leave alone",
                    "Nothing changes for them. You may sort, filter, hide or delete rows: deleting a row here deletes "
                    "nothing in the plan.",
                ),
                ("New milestones", "A row that you add is not taken over: ask the improvement manager to add it."),
                (
                    "If somebody was faster",
                    "Where the same answer was changed in the tracker meanwhile, both are shown and a person chooses.",
                ),
                (
                    "No password",
                    "The sheet is protected so that nothing is changed by accident. There is no password. "
                    "Leave the hidden columns as they are: they say which milestone a row is of.",
                ),
                ("Other programs", "Excel, LibreOffice and files in .ods all work."),
                ("Personal details", "Do not write names of children, families or staff."),
            ],
        ),
        (
            "What the status means",
            [(term.text, term.meaning) for term in vocabulary.terms],
        ),
    ]
