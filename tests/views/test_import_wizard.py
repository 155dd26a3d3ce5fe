"""The five steps of an import, as somebody goes through them, and what may come between."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.pages import Page
from tests.views.visitor import Visitor, target
from tests.views.world import World, contents
from tracker.models import ImportBatch, ImportPart, ImportProfile, LedgerEntry
from tracker.models.engine import transaction
from tracker.rules.permissions import SYSTEM
from tracker.services.plans import edit_plan

Visit = Callable[[str], Visitor]
STRANGE = (
    "Undertaking,Champion,Whenabouts\nThe chair is recruited,Director,Mar 2026\nThe budget is agreed,Clerk,November\n"
)
ALPHA = "Ref,Workstream,Action,Due date,Lead\n"


@pytest.fixture
def manager(visit: Visit) -> Visitor:
    """Return the improvement manager of the plan alpha, signed in."""
    return visit("manager")


def upload(visitor: Visitor, text: str, *, plan: str = "", name: str = "plan.csv", **more: Any) -> Page:
    """Send a file and return the page that it leads to."""
    file = (BytesIO(text.encode()), name)
    return visitor.submit(visitor.visit("/import"), {"plan_id": plan, "file": file, **more}, to="/import")


def said(*meanings: str) -> dict[str, str]:
    return {f"column_{at}": meaning for at, meaning in enumerate(meanings)}


def understood(visitor: Visitor) -> tuple[Page, str]:
    """Upload a file with headings nobody knows and say what they hold; returns the page and where the file is."""
    page = upload(visitor, STRANGE)
    assert "Nothing was changed." in page.words
    address = page.response.request.path
    form = visitor.visit(page.link("say which row holds the headings"))
    told = visitor.submit(form, {"header_0": "1"}, to="/columns")
    assert told.status == 200
    form = visitor.visit(f"{address}/columns")
    named = visitor.submit(form, said("milestone", "lead", "due"), to="/columns")
    return named, address


# ------------------------------------------------------------------ columns and profiles
def test_a_file_with_strange_headings_is_read_once_its_columns_are_named(manager: Visitor) -> None:
    page, _ = understood(manager)
    assert page.heading == "Check what was understood"
    assert "2 milestones" in page.words
    rows = page.rows("Columns under row 1")
    assert [row[1] for row in rows] == ["Milestone", "Lead", "Deadline"]


def test_two_columns_for_one_thing_are_refused_at_the_second(manager: Visitor) -> None:
    page = upload(manager, "Ref,Action,Lead,Deadline\n1,Go,Clerk,Mar 2026\n")
    form = manager.visit(page.link("Say what the columns hold"))
    refused = manager.submit(form, {"column_3": "lead"}, to="/columns", follow=False)
    assert refused.status == 422
    assert refused.errors == ["“Deadline” and “Lead” stand in one table: only one of them can be lead"]
    wrong = manager.submit(form, {"header_0": "six"}, to="/columns", follow=False)
    assert wrong.errors == ["Enter the number of a row, for example 6, or leave it empty"]
    assert wrong.find("//input[@value='six']")


def test_what_was_said_in_another_window_is_not_overwritten(manager: Visitor, watch: Engine) -> None:
    page = upload(manager, "Ref,Action,Lead,Deadline\n1,Go,Clerk,Mar 2026\n")
    address = page.link("Say what the columns hold")
    here, there = manager.visit(address), manager.visit(address)
    manager.submit(there, {"column_1": "milestone"}, to="/columns")
    before = contents(watch)
    refused = manager.submit(here, {"column_1": "action"}, to="/columns", follow=False)
    assert refused.status == 422
    assert "changed in another window" in refused.errors[0]
    assert contents(watch) == before


def test_a_profile_is_kept_offered_for_the_next_edition_renamed_and_deleted(manager: Visitor, watch: Engine) -> None:
    page, address = understood(manager)
    kept = manager.submit(
        manager.visit(page.link("Keep this as a profile")), {"name": "The board's own"}, to="/profile"
    )
    assert "The profile The board's own is saved." in kept.words
    again = upload(manager, STRANGE.replace("Recruit", "Find"), name="later.csv")
    assert "The headings of this file are those of the profile The board's own." in again.words
    read = manager.submit(again, to="/profile/")
    assert "2 milestones" in read.words
    assert "read as The board's own" in read.words
    with Session(watch) as session:
        profile = session.scalars(select(ImportProfile).where(ImportProfile.name == "The board's own")).one()
    at_once = upload(manager, STRANGE, name="third.csv", profile=str(profile.id))
    assert "2 milestones" in at_once.words
    listed = manager.visit("/import/profiles")
    taken = manager.submit(
        manager.visit(f"/import/profiles/{profile.id}"), {"name": "the TRANSPORT team"}, to="/profiles", follow=False
    )
    assert taken.errors == ["There is a profile called The transport team already. Choose another name."]
    renamed = manager.submit(manager.visit(listed.link("Rename The board's own")), {"name": "Board"}, to="/profiles")
    assert "The profile is called Board now." in renamed.words
    asked = manager.visit(renamed.link("Delete Board"))
    assert asked.heading == "Delete Board?"
    gone = manager.submit(asked, to="/delete")
    assert "The profile Board is deleted." in gone.words
    assert "Board" not in {row[0] for row in gone.rows("Profiles")}
    assert manager.visit(address).status == 200, "files that were read with it stay"


# ------------------------------------------------------------------ questions, changes, certificate
def test_a_question_is_answered_with_the_source_quoted_and_the_certificate_says_what_was_decided(
    manager: Visitor, world: World
) -> None:
    address = f"/import/{world.import_id}"
    page = manager.visit(manager.visit(address).link("Answer the questions"))
    assert page.heading == "Dates to decide"
    assert "November: Review the routes" in page.words
    refused = manager.submit(page, {"answer_0": "typed", "typed_0": "soon"}, to="/questions", follow=False)
    assert refused.status == 422
    assert refused.errors == ["Enter a date with its year, such as Nov 2027 or 30 November 2027 instead of “soon”"]
    assert refused.find("//input[@value='soon']"), "nothing that was typed is lost"
    changes = manager.submit(page, {"answer_0": "typed", "typed_0": "Nov 2027"}, to="/questions")
    assert changes.heading == "What would change"
    assert manager.visit(f"{address}/questions/dates").find("//input[@value='Nov 2027']")
    done = manager.submit(changes, to="/apply")
    assert done.heading == "The plan is imported"
    file = manager.get(f"{address}/certificate/csv")
    rows = list(csv.reader(io.StringIO(file.response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row[3:] for row in rows[-2:]] == [["Imported", ""], ["Imported", "decided: “November” is Nov 2027"]]
    shown = manager.visit(f"{address}/done?fate=imported")
    assert [row[2] for row in shown.rows("Imported: 2 lines")] == [
        "Imported",
        "Imported: decided: “November” is Nov 2027",
    ]
    assert manager.get(f"{address}/certificate/docx").response.data[:2] == b"PK"
    assert manager.get(f"{address}/certificate/pdf").status == 404
    assert target(manager.get(f"{address}/questions/dates")) == f"{address}/done"


def test_what_is_decided_later_is_counted_in_the_certificate(manager: Visitor, world: World) -> None:
    address = f"/import/{world.import_id}"
    page = manager.submit(manager.visit(f"{address}/questions/dates"), {"answer_0": "later"}, to="/questions")
    assert "1 question is not answered; its line is kept with the question." in page.words
    done = manager.submit(page, to="/apply")
    assert "3 lines were read: 1 imported, 0 merged, 1 need a decision, 1 left out." in done.words
    assert done.link("Answer the open questions in the plan")


def test_one_answer_may_settle_all_lines_that_say_the_same(manager: Visitor) -> None:
    rows = "".join(f"{n},Do {n},Clerk,November\n" for n in range(2, 32))
    page = upload(manager, f"Ref,Milestone,Lead,Deadline\n1,Go,Clerk,Mar 2026\n{rows}")
    asked = manager.visit(page.link("Answer the questions"))
    assert "30 questions of this kind (kind 1 of 1, page 1 of 2)" in asked.words
    second = manager.submit(asked, {"answer_0": "on Nov 2026", "all_0": "y"}, to="/questions")
    assert "page 2 of 2" in second.words
    changes = manager.submit(second, to="/questions")
    assert "question" not in changes.words.partition("Lines")[0].replace("3. Questions", "")


def test_lines_are_filtered_by_what_happens_and_paged(manager: Visitor) -> None:
    rows = "".join(f"{n},Do {n},Clerk,Mar 2026\n" for n in range(1, 66))
    page = upload(manager, f"Ref,Action,Lead,Deadline\n{rows}")
    changes = manager.visit(page.link("See what would change"))
    assert len(changes.rows("page 1 of 2")) == 100
    more = manager.visit(changes.link("Next"))
    assert 30 <= len(more.rows("page 2 of 2")) < 100
    address = changes.response.request.path
    assert manager.visit(f"{address}?state=new&page=999").rows("New: ")
    assert manager.visit(f"{address}?state=refused").words.count("There are no lines.") == 1
    assert manager.visit(f"{address}?state=nonsense&page=-1").rows("All: ")


# ------------------------------------------------------------------ a plan that is there already
def alpha_edition(manager: Visitor) -> str:
    """Upload a new line for the plan alpha; returns the address of the batch."""
    page = upload(manager, f"{ALPHA}90,1a Timely assessment,Publish a guide,Mar 2027,Clerk\n", plan="alpha")
    return str(page.response.request.path)


def entries(watch: Engine) -> int:
    with Session(watch) as session:
        return session.scalar(select(func.count()).select_from(LedgerEntry)) or 0


def test_a_plan_that_changed_since_the_lines_were_compared_is_shown_again_before_anything_is_written(
    manager: Visitor, watch: Engine, world: World
) -> None:
    address = alpha_edition(manager)
    with transaction(watch) as session:
        edit_plan(session, SYSTEM, NOW, world.alpha, {"marking": "OFFICIAL"}, "Reviewed")
    with transaction(watch) as session:
        batch = session.get_one(ImportBatch, int(address.rsplit("/", 1)[-1]))
        part = session.get_one(ImportPart, (batch.id, "tried"))
        part.content = _without_lines(part.content)
    before = entries(watch)
    page = manager.visit(f"{address}/changes")
    again = manager.submit(page, to="/apply")
    assert again.heading == "What would change"
    assert "The plan has changed since the lines were compared with it. Nothing was written." in again.words
    assert entries(watch) == before
    assert manager.submit(again, to="/apply").heading == "The plan is imported"
    assert entries(watch) > before


def _without_lines(content: bytes) -> bytes:
    """Return a dry run as if it had found other lines."""
    import json
    import zlib

    found = json.loads(zlib.decompress(content))
    return zlib.compress(json.dumps({**found, "lines": found["lines"][:-1]}).encode())


def test_an_import_into_a_plan_can_be_taken_back(manager: Visitor) -> None:
    address = alpha_edition(manager)
    changes = manager.visit(f"{address}/changes")
    kept = [row for row in changes.rows("All") if row[1] == "Priority 1"]
    assert [row[0] for row in kept] == ["Unchanged"], "a file that names no area does not rename the plan's"
    done = manager.submit(changes, to="/apply")
    undo = manager.visit(done.link("Take this import back"))
    assert undo.status == 200
    undone = manager.submit(undo, {"reason": "The wrong file"}, to="/undo")
    assert "Withdrawn by decision: Its addition was undone" in manager.visit("/plans/alpha/milestones").words
    assert undone.status == 200


TWICE = "Ref,Action,Due date,Lead\nZ1,Recruit a chair,30/09/2026,Director\nZ1,Appoint a clerk,31/10/2026,Clerk\n"


def test_a_ref_that_is_used_twice_is_asked_about_once_and_the_answer_holds_for_the_next_edition(
    manager: Visitor,
) -> None:
    page = upload(manager, TWICE, name="twice.csv")
    address = page.response.request.path
    asked = manager.visit(page.link("Answer the questions"))
    assert asked.heading == "References that are used twice"
    assert "Z1 is used twice: for “Recruit a chair” (twice B2) and for this one. What is this one?" in asked.words
    changes = manager.submit(asked, {"answer_0": "merge"}, to="/questions")
    done = manager.submit(changes, to="/apply")
    assert "3 lines were read: 1 imported, 1 merged, 0 need a decision, 1 left out." in done.words
    merged = manager.visit(f"{address}/done?fate=merged")
    assert "Merged: decided: it goes on from Z1 (twice B2)" in merged.words
    [link] = merged.find("//p[@class='govuk-body-l']/a")
    plan = link.get("href").rsplit("/", 1)[-1]
    again = upload(manager, TWICE, plan=plan, name="twice.csv")
    shown = manager.visit(f"{again.response.request.path}/questions/refs")
    assert "This was answered when an earlier edition was read." in shown.words
    assert shown.find("//input[@value='merge'][@checked]")
    changes = manager.visit(f"{again.response.request.path}/changes")
    assert "None new, none changed, 5 unchanged, none need a decision, none refused." in changes.words


def test_questions_about_lines_of_the_plan_are_asked_on_a_screen_of_their_own(manager: Visitor) -> None:
    page = upload(manager, "Ref,Action,Due date,Lead,Status\nZ1,Recruit a chair,30/09/2026,Director,Completed\n")
    asked = manager.visit(page.link("Answer the questions"))
    assert asked.heading == "What the file says is completed"
    changes = manager.submit(asked, {"answer_0": "claim"}, to="/questions")
    assert "Decided: Claim completion" in changes.words
    done = manager.submit(changes, to="/apply")
    assert done.heading == "The plan is imported", "who makes a plan may claim what it says is completed"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "Enter a day of the decision, or decide later"),
        ("soon", "Enter a day of the decision like 14 October 2025 instead of “soon”"),
        ("2199-01-01", "Enter a day of the decision that is today or earlier; 1 January 2199 is to come"),
    ],
)
def test_what_a_decision_needs_is_asked_for_beside_its_box(manager: Visitor, day: str, said: str) -> None:
    page = upload(manager, "Ref,Action,Due date,Lead,Status\nZ1,Recruit a chair,30/09/2026,Director,Cancelled\n")
    asked = manager.visit(page.link("Answer the questions"))
    assert "Recruit a chair: Cancelled" in asked.words, "the words of the line are quoted, not its number alone"
    answers = {"answer_0": "withdraw", "ask_0_reference": "Board, minute 5", "ask_0_decided_on": day}
    refused = manager.submit(asked, answers, to="/questions", follow=False)
    assert (refused.status, refused.errors) == (422, [said])
    assert refused.find("//input[@value='Board, minute 5']")
    changes = manager.submit(asked, {**answers, "ask_0_decided_on": "1 September 2025"}, to="/questions")
    assert "Decided: Withdraw it by a decision" in changes.words
