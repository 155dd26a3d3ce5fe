"""What is refused of a workbook that came back as a whole, or was kept: the very sentence, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.lead_workbooks import LATER, SECRET, bring_back, cell, read, send, sent
from tests.services import acts
from tests.services.boards import token
from tests.services.refused import refused
from tracker.models import Milestone, Plan, ReturnedWorkbook
from tracker.rules.errors import AlreadyDone, NotFound, NotPermitted
from tracker.rules.permissions import Act, Actor, Role
from tracker.rules.workbook_keys import workbook_secret
from tracker.rules.workbook_return import Outcome, Returned
from tracker.services.workbook_batches import (
    apply_returned,
    find_returned,
    keep_linked,
    keep_returned,
    look_again,
    undo_returned,
)
from tracker.services.workbooks import apply_workbook

GONE = "There is no such workbook. Workbooks that came back are kept for a week."
APPLIED = "This workbook has been applied already. Upload it again to see what is left of it."
TWICE = "This was already saved; nothing was changed a second time."


@pytest.fixture
def returned(session: Session, plan: Plan) -> Returned:
    """Return a workbook with one answer."""
    return read(send(session, plan).set("1a.1", state="On track", progress="Begun").saved())


@pytest.fixture
def batch(session: Session, lead: Actor, plan: Plan, returned: Returned) -> ReturnedWorkbook:
    """Return that workbook as it was kept for its lead."""
    return keep_returned(session, lead, LATER, plan.id, returned, SECRET)


# ------------------------------------------------------------------ by a link
def test_by_a_link_no_workbook_of_another_tracker_is_kept(session: Session, lead: Actor, plan: Plan) -> None:
    theirs = read(sent(session, plan, secret=workbook_secret("another")))
    said = "This is not a workbook of this tracker, or its hidden keys were changed. Download a new one."
    with refused(session, said):
        keep_linked(session, lead, LATER, theirs, SECRET)


def test_by_a_link_no_workbook_is_kept_that_has_no_milestone_of_ones_own(
    session: Session, plan: Plan, returned: Returned
) -> None:
    stranger = Actor(factories.person(session).id, "Head of Transport", frozenset({999_999}))
    with refused(session, "None of the milestones of this workbook is one of yours."):
        keep_linked(session, stranger, LATER, returned, SECRET)


# ------------------------------------------------------------------ what was kept
def test_a_workbook_that_is_not_there_or_of_a_plan_one_has_left_is_not_found(
    session: Session, lead: Actor, batch: ReturnedWorkbook
) -> None:
    with refused(session, GONE, NotFound):
        find_returned(session, lead, 999_999)
    with refused(session, GONE, NotFound):
        find_returned(session, replace(lead, roles={}), batch.id)


def test_what_a_workbook_would_do_is_not_said_again_once_it_is_applied(
    session: Session, lead: Actor, batch: ReturnedWorkbook
) -> None:
    apply_returned(session, lead, LATER, batch, SECRET, token(), {})
    with refused(session, APPLIED):
        look_again(session, lead, LATER, batch, SECRET, token())


def test_the_form_that_asks_to_look_again_counts_once(session: Session, lead: Actor, batch: ReturnedWorkbook) -> None:
    used = token()
    look_again(session, lead, LATER, batch, SECRET, used)
    with refused(session, TWICE, AlreadyDone):
        look_again(session, lead, LATER, batch, SECRET, used)


def test_only_what_was_applied_is_taken_back_and_only_once(
    session: Session, lead: Actor, batch: ReturnedWorkbook
) -> None:
    with refused(session, "There is nothing to undo."):
        undo_returned(session, lead, LATER, batch, token())
    apply_returned(session, lead, LATER, batch, SECRET, token(), {})
    assert undo_returned(session, lead, LATER, batch, token()) == 1
    with refused(session, "There is nothing to undo."):
        undo_returned(session, lead, LATER, batch, token())


# ------------------------------------------------------------------ as a whole
@pytest.mark.parametrize("role", [Role.BOARD, Role.AUDITOR])
def test_a_workbook_is_applied_by_who_may_update_something_in_the_plan(
    session: Session, plan: Plan, returned: Returned, role: Role
) -> None:
    reader = factories.member(session, plan, role)[1]
    said = f"You may not {Act.UPDATE.value} with the roles you have. Ask the improvement manager."
    with refused(session, said, NotPermitted):
        apply_workbook(session, reader, LATER, plan.id, returned, SECRET)


def test_a_workbook_of_another_plan_from_which_all_rows_are_gone_is_refused_by_name(
    session: Session, lead: Actor, plan: Plan
) -> None:
    other = factories.plan(session, title="The travel plan")
    empty = replace(read(sent(session, other)), rows=())
    said = "This workbook is of another plan, “The travel plan”, and not of “A plan for tests”. Upload it there."
    with refused(session, said):
        apply_workbook(session, lead, LATER, plan.id, empty, SECRET)


def test_a_workbook_of_another_tracker_is_refused_as_a_whole(session: Session, lead: Actor, plan: Plan) -> None:
    theirs = read(sent(session, plan, secret=workbook_secret("another")))
    said = (
        "This workbook was made by another tracker, or its hidden keys were changed, so nobody can say which milestone "
        "a row is of. Download a new workbook here and copy the answers into it."
    )
    with refused(session, said):
        apply_workbook(session, lead, LATER, plan.id, theirs, SECRET)


# ------------------------------------------------------------------ cell by cell
@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("state", "Choose how it is going; this cannot be left empty once it is said."),
        ("progress", "What has been done cannot be emptied. The text that stands is kept."),
    ],
)
def test_what_was_said_is_not_emptied(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone], key: str, said: str
) -> None:
    acts.update(session, lead, rows["1a.1"], NOW)
    before = rows["1a.1"].confidence, rows["1a.1"].progress
    found = cell(bring_back(session, lead, plan, send(session, plan).set("1a.1", **{key: None})), "1a.1", key)
    assert (found.outcome, found.why) == (Outcome.REFUSED, said)
    assert (rows["1a.1"].confidence, rows["1a.1"].progress) == before


def test_an_answer_longer_than_a_cell_is_refused_beside_it(
    session: Session, lead: Actor, plan: Plan, returned: Returned, rows: dict[str, Milestone]
) -> None:
    first, *others = returned.rows
    long = replace(returned, rows=(replace(first, typed={**first.typed, "help": "x" * 32_768}), *others))
    found = cell(apply_workbook(session, lead, LATER, plan.id, long, SECRET), "1a.1", "help")
    assert (found.outcome, found.why) == (
        Outcome.REFUSED,
        "Enter 32,767 characters or fewer in “What help do you need?”.",
    )
    assert (rows["1a.1"].help_needed, rows["1a.1"].progress) == ("", "Begun")


def test_a_text_that_went_out_cut_short_is_not_written_over(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone]
) -> None:
    stands = "word " * 6_420
    acts.update(session, lead, rows["1a.1"], NOW, progress=stands)
    book = send(session, plan).set("1a.1", progress="Short")
    found = cell(bring_back(session, lead, plan, book), "1a.1", "progress")
    said = "The text that stands is longer than a cell holds. Change it in the tracker."
    assert (found.outcome, found.why) == (Outcome.REFUSED, said)
    assert rows["1a.1"].progress == stands.strip()


def test_of_a_withdrawn_milestone_nothing_else_is_asked(
    session: Session, lead: Actor, plan: Plan, rows: dict[str, Milestone], withdraw: Callable[[Milestone], None]
) -> None:
    book = send(session, plan).set("1a.1", state="Will miss its date", progress="Begun", reason="Staff")
    withdraw(rows["1a.1"])
    result = bring_back(session, lead, plan, book)
    said = "This milestone is withdrawn (minute 4.2); it takes no updates."
    assert {key: cell(result, "1a.1", key).why for key in ("state", "progress", "reason")} == dict.fromkeys(
        ("state", "progress", "reason"), said
    )
    assert rows["1a.1"].progress == ""
