"""Stories of a review: adopt a version, report against the one before, see what changed, take it back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from tests.views.visitor import Visitor, explained, target
from tests.views.world import World, contents

Visit = Callable[[str], Visitor]
P = "/plans/alpha"


def days(**named: int) -> dict[str, str]:
    """Return days of September 2025 as the form has them."""
    parts = {"day": 0, "month": 9, "year": 2025}
    return {f"{name}-{part}": str(given or day) for name, day in named.items() for part, given in parts.items()}


DECISION = {"label": "3", "board": "SEND Partnership Board", "minute": "5.2", **days(meeting_on=9, adopted=10)}


@pytest.fixture
def manager(visit: Visit) -> Visitor:
    """Return the improvement manager of the plan alpha, in which version 2 holds since July."""
    return visit("manager")


def test_the_page_of_versions_says_which_holds_who_decided_and_every_date(visit: Visit) -> None:
    page = visit("board").visit(f"{P}/versions")
    assert page.heading == "Versions"
    assert "Version 2 in force" in page.words
    assert "SEND Partnership Board, 10 July 2025, minute 4.1" in page.words
    assert "Baseline, version 2" in page.words
    assert not page.find("//a[contains(@href, '/review') or contains(@href, '/undo')]")


def test_a_day_before_the_review_knows_only_the_first_version(visit: Visit) -> None:
    page = visit("board").visit(f"{P}/versions?as_at=2025-07-01")
    assert "Version 1 in force" in page.words
    assert "Version 2" not in page.words


def test_a_manager_reviews_a_plan_from_the_decision_over_the_list_to_the_new_version(
    manager: Visitor, world: World, watch: Engine
) -> None:
    before = contents(watch)
    opened = manager.visit(f"{P}/review")
    assert opened.find("//input[@name='label']/@value") == ["3"]
    listed = manager.submit(opened, DECISION, to="/review")
    assert listed.heading == "Check the new baseline"
    assert "From Mar 2026" not in listed.words
    assert "Completion is claimed and waits for sign-off" in listed.words
    assert "a new date, Dec 2025, is asked for and not decided" in listed.words
    assert {table: rows for table, rows in contents(watch).items() if table != "form_token"} == {
        table: rows for table, rows in before.items() if table != "form_token"
    }
    ticked = listed.find("//input[@name='taking' and @checked]/@value")
    kept = str(world.milestones["1"])
    assert kept in ticked
    page = manager.submit(listed, {"taking": [key for key in ticked if key != kept]}, to="/review")
    assert page.heading == "Versions"
    assert f"Version 3 is adopted: {len(ticked) - 1} milestones with a new baseline." in page.words
    assert "Version 3 in force" in page.words
    milestone = manager.visit(f"/milestones/{world.milestones['9']}")
    assert "Original date: Nov 2025" in milestone.words
    assert "Baseline of version 3: Dec 2025" in milestone.words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"label": ""}, "Enter the label of the new version"),
        ({"label": "2"}, "This plan has a version 2 already. Enter another label."),
        (days(adopted=11), "Enter a day of adoption that is today or earlier."),
        ({"adopted-month": "7"}, "Version 2 was adopted on 10 July 2025. Enter a later day."),
        (
            days(adopted=8),
            "The meeting that decided was on 9 September 2025. Enter a day of adoption that is not before it",
        ),
        ({"minute": ""}, "Enter the minute of the decision"),
        ({"board": ""}, "Enter the board or meeting that decided"),
        ({"adopted-day": "31"}, "day of adoption"),
    ],
    ids=[
        "a review without a label is refused",
        "a review with a label that was used is refused",
        "a day of adoption to come is refused",
        "a day of adoption before the last version is refused",
        "a day of adoption before the meeting is refused",
        "a review without a minute is refused",
        "a review without a board is refused",
        "a day that is none is refused",
    ],
)
def test_what_is_wrong_stands_at_the_field_and_what_was_typed_comes_back(
    manager: Visitor, typed: dict[str, str], sentence: str, watch: Engine
) -> None:
    before = contents(watch)
    page = manager.send(f"{P}/review", {**DECISION, "step": "list", **typed})
    explained(page)
    assert any(sentence in error for error in page.errors)
    assert page.find("//input[@name='minute']/@value") == [{**DECISION, **typed}["minute"]]
    assert contents(watch) == before


def test_unticking_every_milestone_is_refused_and_the_list_stays(manager: Visitor) -> None:
    listed = manager.submit(manager.visit(f"{P}/review"), DECISION, to="/review")
    page = manager.submit(listed, {"taking": []}, to="/review")
    explained(page)
    assert page.errors == ["Leave at least one milestone ticked: a review that keeps every baseline adopts none."]
    assert page.heading == "Check the new baseline"
    assert not page.find("//input[@name='taking' and @checked]")


def test_a_list_that_has_gone_stale_is_shown_again(manager: Visitor, visit: Visit, world: World) -> None:
    listed = manager.submit(manager.visit(f"{P}/review"), DECISION, to="/review")
    visit("lead").submit(
        visit("lead").visit(f"/milestones/{world.milestones['5']}/update"),
        {"confidence": "on_track", "progress": "The second school is done"},
        to="/update",
    )
    page = manager.submit(listed, to="/review")
    assert page.status == 422
    assert page.errors == ["The plan was changed while you looked at the list. Look at it again before you record it."]
    assert manager.submit(page, to="/review").heading == "Versions"


def test_the_same_review_sent_twice_counts_once(manager: Visitor) -> None:
    listed = manager.submit(manager.visit(f"{P}/review"), DECISION, to="/review")
    form = listed.find("//form[contains(@action, '/review')]")[0]
    fields = dict(form.form_values()) | {"taking": listed.find("//input[@name='taking']/@value")}
    assert target(manager.post(f"{P}/review", fields)) == f"{P}/versions"
    assert manager.post(f"{P}/review", fields).status in {303, 409}


def test_the_plan_can_be_seen_against_the_first_version_and_says_so(manager: Visitor) -> None:
    page = manager.visit(f"{P}?version=1")
    assert "Reported against version 1" in page.words
    assert "Version 1, baseline 28 May 2025" in page.words
    links = page.find("//a/@href")
    assert f"{P}/board?version=1" in links
    assert f"{P}/reports?version=1" in links
    now = manager.visit(P)
    assert "Reported against" not in now.words
    assert "Version 2, baseline 10 July 2025" in now.words


@pytest.mark.parametrize("tail", ["", "/board", "/report.csv", "/report.docx", "/report.xlsx", "/reports"])
def test_a_version_that_is_not_there_is_not_found(manager: Visitor, tail: str) -> None:
    page = manager.get(f"{P}{tail}?version=9")
    assert page.status == 404
    assert manager.get(f"{P}{tail}?version=2&as_at=2025-07-01").status == 404


def test_board_view_word_excel_and_csv_print_the_version_they_are_against(manager: Visitor) -> None:
    for asked, words in (("1", "Version 1, baseline 28 May 2025"), ("2", "Version 2, baseline 10 July 2025")):
        assert words in manager.visit(f"{P}/board?version={asked}").words
        rows = list(csv.DictReader(io.StringIO(manager.get(f"{P}/report.csv?version={asked}").response.get_data(True))))
        assert {row["Reported against"] for row in rows} == {words}
        book = load_workbook(BytesIO(manager.get(f"{P}/report.xlsx?version={asked}").response.get_data()))
        assert all(words in str(sheet["A2"].value) for sheet in book)
        with ZipFile(BytesIO(manager.get(f"{P}/report.docx?version={asked}").response.get_data())) as word:
            footers = [word.read(name).decode() for name in word.namelist() if "footer" in name]
        assert footers
        assert all(words in footer for footer in footers)


def test_what_changed_between_two_versions_is_a_page_and_a_table(manager: Visitor, visit: Visit) -> None:
    page = visit("board").visit(f"{P}/versions/1..2")
    assert page.heading == "What changed from version 1 to version 2"
    assert "Nothing was added, taken out, reworded, moved or given another date between the two." in page.words
    table = manager.get(f"{P}/versions/1..2/changes.csv")
    assert table.response.headers["Content-Disposition"] == "attachment; filename=alpha-version-1-to-2.csv"
    assert table.response.get_data(True).startswith('"Change","What","Ref"')


@pytest.mark.parametrize("pair", ["1", "2..1", "1..1", "1..9", "9..1", "..", "1..2..3"])
def test_two_versions_have_to_be_named_the_earlier_one_first(manager: Visitor, pair: str) -> None:
    assert manager.get(f"{P}/versions/{pair}").status == 404
    assert manager.get(f"{P}/versions/{pair}/changes.csv").status == 404


def test_a_manager_undoes_an_adoption_with_a_reason(manager: Visitor) -> None:
    opened = manager.visit(f"{P}/versions/2/undo")
    assert manager.submit(opened, {"reason": ""}, to="/undo").errors == ["Enter why the adoption is undone"]
    page = manager.submit(opened, {"reason": "The board wants to look again"}, to="/undo")
    assert page.heading == "Versions"
    assert "The adoption of version 2 is undone." in page.words
    assert "Undone on 10 September 2025: The board wants to look again" in page.words
    assert "Version 1 in force" in page.words
    assert "The adoption of version 2 was undone on" in manager.visit(f"{P}/versions/2/undo").words
    history = manager.visit(f"{P}/history").words
    assert "undid the adoption of the version" in history


def test_an_adoption_that_another_rests_on_says_so_and_offers_no_button(manager: Visitor) -> None:
    listed = manager.submit(manager.visit(f"{P}/review"), DECISION, to="/review")
    manager.submit(listed, to="/review")
    page = manager.visit(f"{P}/versions/2/undo")
    assert "Version 3 was adopted after version 2. Undo that one first." in page.words
    assert not page.find("//main//form//button")
    assert manager.send(f"{P}/versions/2/undo", {"reason": "No"}).errors == [
        "Version 3 was adopted after version 2. Undo that one first."
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"plan_version": "Draft"}, "A review has been adopted, so the first version stays 1."),
        ({"adopted-day": "27"}, "A review has been adopted, so the day of the first version stays 28 May 2025."),
    ],
    ids=["the label of the first version stays", "the day of the first version stays"],
)
def test_once_there_is_a_second_version(manager: Visitor, typed: dict[str, str], sentence: str) -> None:
    page = manager.submit(manager.visit(f"{P}/settings"), {**typed, "reason": "Typed wrong"}, to="/settings")
    explained(page)
    assert page.errors == [sentence]


def test_before_a_review_the_label_of_the_first_version_can_be_put_right(visit: Visit) -> None:
    other = visit("other manager")
    typed = {"plan_version": "Draft", "reason": "Typed wrong"}
    assert "The settings are saved." in other.submit(other.visit("/plans/beta/settings"), typed, to="/settings").words
    assert "Version 1 (Draft) in force" in other.visit("/plans/beta/versions").words


def test_other_settings_can_be_changed_after_a_review(manager: Visitor) -> None:
    page = manager.submit(manager.visit(f"{P}/settings"), {"title": "Another", "reason": "Shorter"}, to="/settings")
    assert "The settings are saved." in page.words


def test_the_ledger_tells_of_a_review_in_plain_words(manager: Visitor, world: World) -> None:
    words = manager.visit(f"/milestones/{world.milestones['4']}").words
    assert "adopted the baseline of version 2" in words
    assert "adopted version 2 of the plan from 10 July 2025" in manager.visit(f"{P}/history").words
