"""Rating schemes on screen: seen by all, edited by administrators with a preview, chosen by the manager."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.views.boxes import scheme_boxes
from tests.views.visitor import Visitor, explained, in_the_box, target
from tests.views.world import World, contents
from tracker.models import LeadAssignment, LedgerEntry, Plan, RatingScheme
from tracker.models.engine import transaction
from tracker.queries.schemes import rating_of
from tracker.rules.rating import PRESETS, preset, with_choice
from tracker.services import colours

Visit = Callable[[str], Visitor]


def rate(engine: Engine, slug: str, name: str) -> None:
    """Let a plan be rated by a preset since it began, as if it had been chosen then."""
    with transaction(engine) as session:
        plan = session.scalars(select(Plan).where(Plan.slug == slug)).one()
        plan.ratings = with_choice(None, plan.adopted, preset(name))
        colours.rebuild(session, plan)


def boxes(**typed: str) -> dict[str, Any]:
    """Return the form of the copied scheme with what a test types."""
    return {**scheme_boxes("confidence-five"), "version": 1, **typed}


def test_everybody_sees_the_schemes_with_their_keys(visit: Visit, world: World) -> None:
    page = visit("lead").get("/schemes")
    for name in PRESETS:
        assert preset(name).name in page.text
    shown = visit("lead").get(f"/schemes/{world.scheme}")
    for term in preset("confidence-five").vocabulary.terms:
        assert term.meaning in shown.text
    assert not shown.find("//a[contains(@href, '/edit')]")
    assert visit("administrator").get(f"/schemes/{world.scheme}").find("//a[contains(@href, '/edit')]")


def test_a_scheme_that_is_not_there_leads_nowhere(visit: Visit) -> None:
    assert visit("administrator").get("/schemes/9999").status == 404


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize(
    "path", ["", "/milestones", "/timeline", "/decisions", "/deadlines", "/history", "/board", "/reports"]
)
def test_every_page_of_a_plan_prints_the_key_of_its_scheme(visit: Visit, watch: Engine, name: str, path: str) -> None:
    if name in ("default", "confidence-five", "two-ratings") or path in ("", "/milestones"):
        rate(watch, "alpha", name)
        page = visit("manager").get(f"/plans/alpha{path}")
        assert page.status == 200
        on_paper = page.find("//*[contains(@class, 'print-only')]")[0].text_content()
        for term in preset(name).vocabulary.terms:
            assert term.word in on_paper
            assert term.meaning in on_paper
        assert preset(name).name in on_paper


def test_pages_print_the_words_of_their_plan(visit: Visit, world: World, watch: Engine) -> None:
    rate(watch, "alpha", "confidence-three")
    for path in ("/plans/alpha", "/plans/alpha/milestones", f"/milestones/{world.milestones['1']}", "/my-milestones"):
        page = visit("lead").get(path)
        chips = {chip.text_content() for chip in page.find("//main//*[contains(@class, 'chip--')]")}
        assert "Medium confidence" in chips, path
        assert not any("Likely to miss" in chip or "On target" in chip for chip in chips), path
    grid = visit("lead").get("/plans/alpha/timeline")
    assert "M" in {letter.text for letter in grid.find("//*[contains(@class, 'chip--letter')]/span[@aria-hidden]")}


def test_plans_of_different_schemes_stand_side_by_side_in_their_own_words(visit: Visit, watch: Engine) -> None:
    rate(watch, "beta", "confidence-three")
    page = visit("administrator").get("/")
    cards = page.find("//li[contains(@class, 'card ')]")
    words = [card.find(".//*[@class='chip-line']").text_content() for card in cards]
    assert any("confidence" in word or "Not started" in word for word in words)
    assert "Each plan here speaks the words of its own rating scheme" in page.text
    assert page.text.count("Key to the colours: ") == 2


def test_the_register_of_who_answers_and_what_is_to_come_speak_the_words_of_each_plan(
    visit: Visit, world: World, watch: Engine
) -> None:
    rate(watch, "alpha", "confidence-three")
    manager = visit("manager")
    with watch.connect() as connection:
        post = connection.scalar(select(LeadAssignment.post_id).where(LeadAssignment.workstream_id == world.workstream))
    for path in (f"/people/posts/{post}", "/people", "/changes/90"):
        page = manager.get(path)
        chips = {chip.text_content() for chip in page.find("//main//*[contains(@class, 'chip--')]")}
        assert chips, path
        assert not any("Likely to miss" in chip or "Missed" in chip for chip in chips if "Key" not in chip), path
        assert "Key to the colours: Delivery confidence, three points" in page.text, path


def test_a_page_as_at_a_past_day_speaks_the_words_of_that_day(visit: Visit, world: World) -> None:
    visit("manager").send("/plans/alpha/scheme", {"scheme": world.scheme, "reason": "The board", "version": 0})
    assert "Rating scheme: Testshire ratings" in visit("manager").get("/plans/alpha").text
    assert "Rating scheme: Five colours" in visit("manager").get("/plans/alpha?as_at=2025-09-09").text


def test_the_manager_sees_what_a_scheme_would_do_before_choosing_it(visit: Visit, world: World, watch: Engine) -> None:
    manager = visit("manager")
    before = contents(watch)
    asked = {"scheme": world.scheme, "reason": "The board, minute 3.1", "version": 0}
    page = manager.send("/plans/alpha/scheme", {**asked, "do": "preview"})
    assert page.status == 200
    assert "Nothing is saved yet" in page.text
    assert in_the_box(page, "reason") == "The board, minute 3.1"
    assert contents(watch) == before
    assert target(manager.send("/plans/alpha/scheme", asked)) == "/plans/alpha"
    with watch.connect() as connection:
        verb = select(LedgerEntry.reason).where(LedgerEntry.verb == "chose the rating scheme")
        assert connection.scalar(verb) == "The board, minute 3.1"
    history = manager.get("/plans/alpha/history")
    assert "changed the rating scheme from Five colours to Testshire ratings" in history.text


def test_a_choice_without_a_reason_comes_back_with_what_was_typed(visit: Visit, world: World) -> None:
    page = visit("manager").send("/plans/alpha/scheme", {"scheme": world.scheme, "reason": "", "version": 0})
    explained(page)
    assert "Enter why the plan changes its rating scheme" in page.text
    assert page.find(f"//input[@name='scheme'][@value='{world.scheme}'][@checked]")


def test_a_preview_of_an_edit_saves_nothing_and_shows_both_sentences(visit: Visit, world: World, watch: Engine) -> None:
    before = contents(watch)
    typed = boxes(plan=str(world.alpha), not_started_days="365", do="preview", **{"word.amber": "In doubt"})
    page = visit("administrator").send(f"/schemes/{world.scheme}/edit", typed)
    assert page.status == 200
    assert "Nothing is saved yet" in page.text
    assert "365 days or fewer" in page.text
    assert in_the_box(page, "word.amber") == "In doubt"
    assert contents(watch) == before


def test_an_edit_that_will_not_do_comes_back_beside_its_boxes(visit: Visit, world: World, watch: Engine) -> None:
    typed = boxes(signoff_days="soon", **{"word.red": "Green", "letter.red": "G", "paint.red": "green"})
    page = visit("administrator").send(f"/schemes/{world.scheme}/edit", typed)
    explained(page)
    assert "Enter a whole number from 1 to 365" in page.text
    assert "The word Green stands for another status already" in page.text
    assert "The letter G stands for another status already" in page.text
    assert "Select one of the paints that may stand for Red" in page.text
    assert in_the_box(page, "signoff_days") == "soon"
    assert in_the_box(page, "word.red") == "Green"


def test_an_edit_is_saved_and_one_of_a_scheme_in_use_is_a_new_version(
    visit: Visit, world: World, watch: Engine
) -> None:
    administrator = visit("administrator")
    saved = administrator.send(f"/schemes/{world.scheme}/edit", boxes(**{"word.amber": "In doubt"}))
    assert target(saved) == f"/schemes/{world.scheme}"
    visit("manager").send("/plans/alpha/scheme", {"scheme": world.scheme, "reason": "The board", "version": 0})
    again = administrator.send(f"/schemes/{world.scheme}/edit", boxes(version="2", **{"word.amber": "Doubtful"}))
    assert target(again) != f"/schemes/{world.scheme}"
    with watch.connect() as connection:
        names = connection.scalars(select(RatingScheme.name).where(RatingScheme.preset == "")).all()
    assert sorted(names) == ["Testshire ratings", "Testshire ratings, version 2"]
    assert "In doubt" in visit("lead").get("/plans/alpha").text
    assert "Delete it" not in administrator.get(f"/schemes/{world.scheme}").text


def test_two_administrators_do_not_overwrite_each_other(visit: Visit, world: World) -> None:
    administrator = visit("administrator")
    administrator.send(f"/schemes/{world.scheme}/edit", boxes(**{"word.amber": "In doubt"}))
    page = administrator.send(f"/schemes/{world.scheme}/edit", boxes(**{"word.amber": "Doubtful"}))
    assert page.status == 409
    assert "Somebody else changed this rating scheme" in page.text
    assert in_the_box(page, "word.amber") == "Doubtful"


def test_a_copy_is_made_edited_and_deleted_after_a_question(visit: Visit, world: World, watch: Engine) -> None:
    administrator = visit("administrator")
    made = target(administrator.send(f"/schemes/{world.scheme}/copy", {"title": "Another"}))
    number = int(made.split("/")[2])
    page = administrator.send(f"/schemes/{world.scheme}/copy", {"title": "another"})
    explained(page)
    assert in_the_box(page, "title") == "another"
    asked = administrator.get(f"/schemes/{number}/delete")
    assert "No plan uses it or has used it" in asked.text
    with watch.connect() as connection:
        count = connection.scalar(select(func.count()).select_from(RatingScheme))
    assert target(administrator.send(f"/schemes/{number}/delete", {"version": 1})) == "/schemes"
    with watch.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(RatingScheme)) == (count or 0) - 1


def test_presets_are_read_only_on_screen_too(visit: Visit, watch: Engine) -> None:
    with watch.connect() as connection:
        key = connection.scalar(select(RatingScheme.id).where(RatingScheme.preset == "default"))
    administrator = visit("administrator")
    assert administrator.get(f"/schemes/{key}/edit").status == 400
    assert administrator.send(f"/schemes/{key}/edit", scheme_boxes("default")).status == 400
    explained(administrator.send(f"/schemes/{key}/delete", {"version": 1}))


def test_an_update_asks_for_what_the_scheme_has_and_for_nothing_else(visit: Visit, world: World, watch: Engine) -> None:
    path = f"/milestones/{world.milestones['5']}/update"
    assert not visit("lead").get(path).find("//input[@name='percent' or @name='outcome_confidence']")
    rate(watch, "alpha", "two-ratings")
    assert len(visit("lead").get(path).find("//input[@name='outcome_confidence']")) == 4
    typed = {"confidence": "on_track", "progress": "Done", "outcome_confidence": "doubtful", "outcome_reason": ""}
    version = int(in_the_box(visit("lead").get(path), "version"))
    page = visit("lead").send(path, {**typed, "version": version})
    explained(page)
    visit("lead").send(path, {**typed, "version": version, "outcome_reason": "No uptake yet"})
    shown = visit("lead").get(f"/milestones/{world.milestones['5']}")
    assert "No uptake yet" in shown.text
    assert "Doubtful" in shown.text
    rate(watch, "alpha", "percent-complete")
    typed = {"confidence": "on_track", "progress": "Done", "percent": "100"}
    explained(visit("lead").send(path, {**typed, "version": version + 1}))
    visit("lead").send(path, {**typed, "version": version + 1, "percent": "60"})
    assert "60%" in visit("lead").get("/plans/alpha/milestones").text


def test_stored_schemes_are_the_files_that_ship(watch: Engine) -> None:
    with transaction(watch) as session:
        stored = session.scalars(select(RatingScheme).where(RatingScheme.preset != "")).all()
        assert {row.preset for row in stored} == set(PRESETS)
        assert all(rating_of(row) == preset(row.preset) for row in stored)


def test_screens_files_and_commands_take_no_word_or_letter_but_the_plans() -> None:
    root = Path(__file__).resolve().parents[2]
    for room in ("views", "exports", "cli", "forms", "mail", "jobs"):
        for path in (root / "tracker" / room).rglob("*.py"):
            taken = re.findall(r"from tracker.rules.colour import (.*)", path.read_text(encoding="utf-8"))
            assert not re.search(r"\b(WORDS|LETTERS)\b", " ".join(taken)), path
    for path in (root / "templates").rglob("*.html"):
        lists = re.findall(r"CHIPS\[(?:row|item|milestone)\.colour\]", path.read_text(encoding="utf-8"))
        assert not lists, f"{path}: look up the row, so that rule, mark and standing choose the word"
