"""What is not there, or cannot be now, is answered with a sentence, and nothing is changed by asking."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exports.test_docx_template import council
from tests.factories import NOW
from tests.views.imported import reading_of
from tests.views.raid_forms import ENTRY, FIGURE
from tests.views.visitor import Visitor, explained, in_the_box
from tests.views.world import World, contents
from tests.views.world_parts import LINK
from tracker.exports.office import MISSING
from tracker.imports.background import keep_read
from tracker.models import Holding
from tracker.models.engine import transaction
from tracker.rules.permissions import Actor
from tracker.services.import_batches import keep_batch

Visit = Callable[[str], Visitor]
MEASURE, ENTRY_GONE = "There is no such measure in this plan.", "There is no such entry in the registers of this plan."
GONE: tuple[tuple[str, str, dict[str, Any] | None, str], ...] = (
    ("manager", "/plans/alpha/measures/999999", None, MEASURE),
    ("manager", "/plans/alpha/measures/999999", FIGURE, MEASURE),
    ("manager", "/plans/alpha/risks/add/wish", None, "There is no such register."),
    ("manager", "/plans/alpha/risks/add/wish", ENTRY, "There is no such register."),
    ("manager", "/plans/alpha/risks/999999", None, ENTRY_GONE),
    ("manager", "/plans/alpha/risks/999999", {**ENTRY, "version": 1}, ENTRY_GONE),
    ("manager", "/packs/{draft}/commentary/priority.999999", None, "There is no such part of the plan."),
    ("manager", "/packs/{draft}/commentary/all", {"text": "All is well"}, "There is no such part of the plan."),
    ("manager", "/packs/{issued}/actions/999999", None, "There is no such action."),
    ("manager", "/packs/{issued}/actions/999999", {"state": "done", "outcome": "Brought"}, "There is no such action."),
    ("manager", "/packs/{draft}/verify", None, "A draft has no fingerprint yet."),
    ("manager", "/import/{import_id}/questions/wishes", None, "There are no such questions about this file."),
    ("manager", "/plans/alpha/workbooks/{spare}.xlsx", None, "This post leads nothing that is open in this plan."),
    ("manager", "/milestones/{first}/board/999999", None, "There is nothing of this kind that was put to the board."),
    ("manager", "/boards/{board}/members/999999/end", None, "There is no such member of this board."),
    ("manager", "/boards/closures/999999/remove", None, "There is no such closure day."),
    ("administrator", "/accounts/999999/email", None, "There is no such person."),
    ("administrator", "/webhooks/999999", None, "There is no such webhook."),
)


@pytest.mark.parametrize(("persona", "path", "sent", "sentence"), GONE)
def test_what_is_not_there_is_not_found(
    visit: Visit, world: World, watch: Engine, persona: str, path: str, sent: dict[str, Any] | None, sentence: str
) -> None:
    address = path.format(**world.boards, import_id=world.import_id, spare=world.spare, first=world.milestones["1"])
    visitor, before = visit(persona), contents(watch)
    page = visitor.get(address) if sent is None else visitor.send(address, sent)
    assert page.status == 404
    assert sentence in page.words
    assert contents(watch) == before


def test_by_a_link_no_workbook_is_sent_of_a_post_that_leads_nothing(visit: Visit, world: World, watch: Engine) -> None:
    with Session(watch) as session:
        held = session.get_one(Holding, world.holding)
        session.add(Holding(post_id=world.spare, person_id=held.person_id, from_day=held.from_day))
        session.commit()
    page = visit("anonymous").get(f"/u/{LINK}/workbooks/alpha/{world.spare}.xlsx")
    assert page.status == 404
    assert "There is no such workbook, or it is not one of yours." in page.words


# ------------------------------------------------------------------ files that were brought in
def kept(watch: Engine, world: World, text: str, *, read: bool) -> str:
    """Keep a file for a new plan; returns the address of its import."""
    with transaction(watch) as session:
        owner = Actor(world.people["manager"], "The manager")
        batch = keep_batch(session, owner, NOW, plan_slug="words", filename="words.csv", data=text.encode())
        if read:
            keep_read(session, batch, reading_of(text.encode(), "words.csv"))
        return f"/import/{batch.id}"


@pytest.mark.parametrize("page", ["columns", "profile"])
def test_of_a_file_that_was_not_read_no_columns_are_shown_or_kept(
    visit: Visit, world: World, watch: Engine, page: str
) -> None:
    address = kept(watch, world, "Ref,Milestone\n", read=False)
    manager, before = visit("manager"), contents(watch)
    for answer in (manager.get(f"{address}/{page}"), manager.send(f"{address}/{page}", {"name": "Ours"})):
        assert answer.status == 404
        assert "This file has not been read yet." in answer.words
    assert contents(watch) == before


def test_a_file_without_a_plan_gives_no_profile_and_is_not_applied(visit: Visit, world: World, watch: Engine) -> None:
    manager = visit("manager")
    for text, read in (("Ref,Milestone\n", False), ("One,two\nthree,four\n", True)):
        address = kept(watch, world, text, read=read)
        before = contents(watch)
        page = manager.send(f"{address}/apply")
        assert page.status == 400
        assert "There is no plan in this file, so nothing can be applied. Choose another file." in page.words
        assert contents(watch) == before
    page = manager.get(f"{address}/profile")
    assert page.status == 400
    assert "No table with headings was found in this file, so there is nothing to keep as a profile." in page.words


def test_of_a_file_that_was_not_read_there_is_no_certificate(visit: Visit, world: World, watch: Engine) -> None:
    address = kept(watch, world, "Ref,Milestone\n", read=False)
    page = visit("manager").get(f"{address}/certificate/csv")
    assert page.status == 404
    assert "There is no such certificate." in page.words


# ------------------------------------------------------------------ packs and report templates
def test_a_pack_that_cannot_be_begun_comes_back_with_what_was_typed(visit: Visit, world: World, watch: Engine) -> None:
    manager, address, before = visit("manager"), "/plans/alpha/packs/new", contents(watch)
    page = manager.send(address, {"of_day-day": "31", "of_day-month": "9", "of_day-year": "2025"})
    explained(page)
    assert page.errors == ["The day of the data must be a real date"]
    assert in_the_box(page, "of_day-day") == "31"
    page = manager.send(address, {"meeting": world.boards["held"]})
    assert page.status == 422
    assert page.errors == ["A pack was issued for this meeting already. Correct that one instead."]
    assert contents(watch) == before


def test_where_libreoffice_is_missing_a_pack_is_not_sent_in_its_formats_and_a_sentence_says_why(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.exports.office.PLACES", ())
    monkeypatch.setenv("PATH", "")
    page = visit("manager").get(f"/packs/{world.boards['issued']}/pack.pdf")
    assert page.status == 400
    assert MISSING in page.words


def test_a_template_is_either_chosen_or_taken_away_and_only_where_there_is_one(visit: Visit, watch: Engine) -> None:
    manager, address, before = visit("manager"), "/plans/alpha/report-template", contents(watch)
    both = manager.send(address, {"template": (io.BytesIO(council()), "council.docx"), "remove": "y"})
    explained(both)
    assert both.errors == ["Choose a document or take the present one away, not both"]
    none = manager.send(address, {"remove": "y"})
    explained(none)
    assert none.errors == ["The plan alpha has no Word document of its own for reports."]
    assert "reports have their own styles" in manager.visit(address).words
    assert contents(watch) == before
