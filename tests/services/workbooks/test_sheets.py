"""What people and programs do to a sheet: sorted, copied, cut, put in, moved, renamed."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.lead_workbooks import (
    HEAD_ROW,
    bring_back,
    cell,
    outcomes,
    remarks,
    send,
)
from tests.services import acts
from tracker.models import Milestone, Plan
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor


def test_rows_that_were_sorted_are_known_by_their_keys(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.4", state="On track", progress="The fourth")
    book.reorder(list(reversed(book.rows)))
    assert outcomes(bring_back(session, lead, plan, book)) == {"applied": 2}
    assert (rows["1a.4"].progress, rows["1a.2"].progress) == ("The fourth", "")


def test_rows_that_are_gone_change_nothing_and_are_named(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.5", state="On track", progress="The fifth")
    for ref in ("1a.1", "1a.3"):
        book.sheet.delete_rows(book.row_of(ref))
    result = bring_back(session, lead, plan, book)
    assert "Rows that are not in it any more: 1a.1, 1a.3. Nothing changes for them." in remarks(result)
    assert rows["1a.5"].progress == "The fifth"
    assert rows["1a.1"].standing == "open"


def test_a_row_that_was_copied_and_changed_is_applied_neither_way(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.1", state="On track", progress="One way")
    copy = book.copy_row("1a.1")
    book.sheet.cell(copy, book.columns["progress"]).value = "Another way"
    result = bring_back(session, lead, plan, book)
    shown = [(c.typed, c.why) for row in result.rows if row.ref == "1a.1" for c in row.cells if c.key == "progress"]
    assert [typed for typed, _ in shown] == ["One way", "Another way"]
    assert all("more than once" in why for _, why in shown)
    assert rows["1a.1"].progress == ""


def test_a_row_that_was_copied_as_it_is_counts_once(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.1", state="On track", progress="One way")
    book.copy_row("1a.1")
    result = bring_back(session, lead, plan, book)
    assert outcomes(result) == {"applied": 2}
    assert "2 times with the same answers" in " ".join(note for row in result.rows for note in row.notes)


def test_a_row_that_was_put_in_is_listed_with_its_words_and_not_imported(
    session: Session, lead: Actor, plan: Plan
) -> None:
    book = send(session, plan)
    at = book.row_of("1a.2")
    book.sheet.insert_rows(at)
    book.sheet.cell(at, book.columns["text"]).value = "Open a second unit"
    book.sheet.cell(at, book.columns["state"]).value = "On track"
    result = bring_back(session, lead, plan, book)
    assert f"Update, row {at}: This row has no key" in remarks(result)
    assert "“Open a second unit; On track”" in remarks(result)
    assert len(factories.milestones_of(session, plan)) == 5


def test_a_key_beside_another_milestones_words_is_not_trusted(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan)
    first, second = book.row_of("1a.1"), book.row_of("1a.2")
    for column in range(1, book.columns["key"]):  # sorted without the hidden column
        a, b = book.sheet.cell(first, column), book.sheet.cell(second, column)
        a.value, b.value = b.value, a.value
    book.set("1a.1", state="On track", progress="The first")
    result = bring_back(session, lead, plan, book)
    assert "of another milestone than the row says" in cell(result, "1a.1", "progress").why
    assert (rows["1a.1"].progress, rows["1a.2"].progress) == ("", "")


def test_columns_may_be_moved_and_renamed(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.1", state="On track", progress="Begun", impact="Fewer calls")
    book.sheet.insert_cols(2, 3)
    book.sheet.cell(HEAD_ROW, book.columns["progress"] + 3).value = "What we did"
    assert outcomes(bring_back(session, lead, plan, book)) == {"applied": 3}
    assert (rows["1a.1"].progress, rows["1a.1"].impact) == ("Begun", "Fewer calls")


def test_without_the_hidden_row_the_headings_say_which_column_is_which(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.1", state="On track", progress="Begun")
    book.sheet.delete_rows(HEAD_ROW - 1)
    assert outcomes(bring_back(session, lead, plan, book)) == {"applied": 2}


def test_without_any_headings_nothing_is_guessed(session: Session, lead: Actor, plan: Plan) -> None:
    book = send(session, plan).set("1a.1", state="On track", progress="Begun")
    book.sheet.delete_rows(1, HEAD_ROW)
    with pytest.raises(Refusal, match="headings of this workbook are gone"):
        bring_back(session, lead, plan, book)


def test_a_column_that_is_gone_changes_nothing_and_is_named(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    acts.update(session, lead, rows["1a.1"], help_needed="A room")
    book = send(session, plan).set("1a.1", progress="More")
    book.sheet.delete_cols(book.columns["help"])
    result = bring_back(session, lead, plan, book)
    assert "Columns that are not in it any more: “What help do you need?”" in remarks(result)
    assert (rows["1a.1"].help_needed, rows["1a.1"].progress) == ("A room", "More")


def test_a_sheet_that_was_copied_to_a_new_file_still_knows_its_rows(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.1", state="On track", progress="Begun")
    del book.book["About this file"], book.book["Instructions"]
    book.book.create_sheet("Notes")["A1"] = "Ask about the lease"
    book.sheet.delete_rows(book.row_of("1a.5"))
    book.sheet.title = "Sheet1"
    result = bring_back(session, lead, plan, book)
    assert outcomes(result) == {"applied": 2}
    assert "Notes: This sheet is not one that was sent out; it was not read." in remarks(result)
    assert "1 row of those that went out did not come back." in remarks(result)


def test_what_was_changed_in_locked_cells_is_said_and_not_taken_over(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    book = send(session, plan).set("1a.1", text="Another deliverable", due="Mar 2027", status="Gn On target")
    result = bring_back(session, lead, plan, book)
    notes = " ".join(note for row in result.rows for note in row.notes)
    assert "text of the milestone was changed in the file" in notes
    assert "due “Mar 2027”. A deadline moves only by asking for a new date" in notes
    assert (rows["1a.1"].text, rows["1a.1"].due_text) == ("Deliverable 1", "Dec 2025")
