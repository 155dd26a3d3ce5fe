"""What an improvement manager comes for: decide, override, import, settle, report."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine

from tests.pages import Page
from tests.views.visitor import Visitor, target
from tests.views.world import TABLE_OF_IMPORT, World, contents
from tracker.exports import FORMATS
from tracker.exports.office import MISSING

Visit = Callable[[str], Visitor]
MEETING = {"meeting_on-day": "4", "meeting_on-month": "9", "meeting_on-year": "2025"}
UNTIL = {"until-day": "1", "until-month": "10", "until-year": "2025"}


@pytest.fixture
def manager(visit: Visit) -> Visitor:
    """Return the improvement manager of the plan alpha."""
    return visit("manager")


def test_a_manager_approves_a_completion_and_the_milestone_turns_blue(manager: Visitor, world: World) -> None:
    address = f"/milestones/{world.milestones['2']}"
    page = manager.submit(manager.visit(f"{address}/decide"), {"decision": "approve"}, to="/decide")
    assert page.response.request.path == address
    assert "The completion is signed off." in page.words
    assert "Blue: " in page.words


def test_a_manager_returns_a_completion_with_a_reason(manager: Visitor, visit: Visit, world: World) -> None:
    address = f"/milestones/{world.milestones['2']}"
    opened = manager.visit(f"{address}/decide")
    without = manager.submit(opened, {"decision": "return"}, to="/decide")
    assert without.errors == ["Enter what has to be put right"]
    page = manager.submit(without, {"decision": "return", "reason": "No minutes of May"}, to="/decide")
    assert "The completion is returned." in page.words
    assert "No minutes of May" in visit("lead").visit(address).words
    assert "Put right and claim again" in visit("lead").visit("/my-milestones").words


def test_nobody_signs_off_what_they_claimed_themselves(manager: Visitor, world: World, watch: Engine) -> None:
    key = world.milestones["5"]
    done = {
        "completed-day": "9",
        "completed-month": "9",
        "completed-year": "2025",
        "progress": "Done",
        "evidence_url": "https://testshire.example/a",
    }
    page = manager.submit(manager.visit(f"/milestones/{key}/claim"), done, to="/claim")
    assert not page.find("//main//a[contains(@href, '/decide')]")
    before = contents(watch)
    opened = manager.visit(f"/milestones/{key}/decide")
    refused = manager.submit(opened, {"decision": "approve"}, to="/decide")
    assert refused.status == 403
    assert "You claimed this completion, so somebody else has to sign it off." in refused.words
    assert contents(watch) == before


def test_a_second_manager_signs_off_what_the_first_claimed(visit: Visit, world: World) -> None:
    key = world.milestones["5"]
    done = {"confidence": "done", "progress": "Done", "evidence_url": "https://testshire.example/a"}
    first, second = visit("manager"), visit("second manager")
    first.submit(first.visit(f"/milestones/{key}/update"), done, to="/update")
    page = second.submit(second.visit(f"/milestones/{key}/decide"), {"decision": "approve"}, to="/decide")
    assert "The completion is signed off." in page.words


def test_a_new_date_within_the_delegation_needs_no_minute(manager: Visitor, world: World) -> None:
    address = f"/milestones/{world.milestones['3']}/new-date/{world.change}"
    page = manager.submit(manager.visit(address), {"decision": "approve"}, to=address)
    assert "The new date is approved." in page.words
    assert "moved x1" in page.words
    assert "Due Dec 2025" in page.words


def test_a_new_date_beyond_the_delegation_needs_the_boards_minute(visit: Visit, world: World) -> None:
    lead, manager = visit("lead"), visit("manager")
    key = world.milestones["5"]
    asked = {
        "proposed": "Mar 2026",
        "reason_code": "procurement",
        "reason": "No supplier",
        "recovery": "A second supplier",
    }
    lead.submit(lead.visit(f"/milestones/{key}/new-date"), asked, to="/new-date")
    address = manager.visit(f"/milestones/{key}").link("Decide the new date")
    without = manager.submit(manager.visit(address), {"decision": "approve"}, to=address)
    assert without.status == 422
    assert "Enter the board's minute" in without.errors[0]
    page = manager.submit(without, {"decision": "approve", "minute": "Item 3"}, to=address)
    assert page.errors == ["Enter the day of the meeting that the minute is of."]
    page = manager.submit(page, {"decision": "approve", "minute": "Item 3", **MEETING}, to=address)
    assert "The new date is approved." in page.words


def test_a_new_date_is_refused_with_a_reason_and_the_deadline_stands(manager: Visitor, world: World) -> None:
    address = f"/milestones/{world.milestones['3']}/new-date/{world.change}"
    without = manager.submit(manager.visit(address), {"decision": "refuse"}, to=address)
    assert without.errors == ["Enter why the new date is refused"]
    page = manager.submit(without, {"decision": "refuse", "note": "Too late for the inspection"}, to=address)
    assert "The new date is refused." in page.words
    assert "Due Nov 2025" in page.words
    again = manager.send(address, {"decision": "approve", "version": "9"})
    assert again.status == 422
    assert again.errors == ["This request has been decided already."]


def test_a_request_of_another_milestone_is_not_found(manager: Visitor, world: World) -> None:
    assert manager.get(f"/milestones/{world.milestones['1']}/new-date/{world.change}").status == 404
    assert manager.get(f"/milestones/{world.milestones['3']}/new-date/999").status == 404


def test_a_manager_overrides_a_colour_and_ends_the_override(manager: Visitor, world: World) -> None:
    address = f"/milestones/{world.milestones['1']}"
    told = {"colour": "red", "reason": "The provider has left", **UNTIL}
    page = manager.submit(manager.visit(f"{address}/override"), told, to="/override")
    assert "The colour is overridden. The computed colour is printed beside it." in page.words
    assert "Red: " in page.words
    assert "The provider has left" in page.words
    ended = manager.submit(page, to="/override/end")
    assert "The computed colour stands again." in ended.words
    assert "The override stands until" not in ended.words


def test_ending_an_override_that_has_ended_is_refused_in_a_sentence(manager: Visitor, world: World) -> None:
    page = manager.send(f"/milestones/{world.milestones['1']}/override/end", {"version": "1"})
    assert page.status == 400
    assert "No colour is set by a person here, so there is nothing to end." in page.words


def test_a_manager_imports_a_new_plan_step_by_step(manager: Visitor, watch: Engine) -> None:
    file = (BytesIO(TABLE_OF_IMPORT.encode()), "travel plan.csv")
    before = contents(watch)
    preview = manager.submit(manager.visit("/import"), {"plan_id": "", "file": file}, to="/import")
    assert preview.heading == "Check what was understood"
    assert "Publish the travel policy" in preview.words
    after = contents(watch)
    assert {name for name in before if before[name] != after[name]} == IMPORTS
    changes = manager.visit(preview.link("See what would change"))
    assert [row[0] for row in changes.rows("All")] == ["New"] * 4
    done = manager.submit(changes, to="/apply")
    assert done.heading == "The plan is imported"
    assert "The parts add up to the whole." in done.words
    plan = manager.visit(done.find("//main//p[contains(@class, 'govuk-body-l')]/a/@href")[0])
    assert "Publish the travel policy" in manager.visit(f"{plan.response.request.path}/milestones").words


def test_the_same_file_again_changes_nothing(manager: Visitor, watch: Engine) -> None:
    first = read(manager, "")
    plan = manager.submit(first, to="/apply").find("//main//p[contains(@class, 'govuk-body-l')]/a/@href")[0]
    before = contents(watch)
    done = manager.submit(read(manager, plan.rsplit("/", 1)[-1]), to="/apply")
    assert "none new, none changed, 4 unchanged" in done.words
    changed = {name for name, rows in contents(watch).items() if rows != before[name]}
    assert changed <= IMPORTS | {"edition"}


IMPORTS = {"import_batch", "import_part", "import_job", "form_token"}
"""The tables of the wizard, which no plan depends on."""


def read(manager: Visitor, slug: str) -> Page:
    """Paste the table for a plan, or for a new one, and return the page that shows what would change."""
    told = {"plan_id": slug, "pasted": TABLE_OF_IMPORT}
    preview = manager.visit(target(manager.send("/import", told)))
    return manager.visit(preview.link("See what would change"))


def test_an_import_that_was_applied_is_not_applied_again(manager: Visitor, world: World) -> None:
    address = f"/import/{world.import_id}"
    assert target(manager.send(f"{address}/apply")) == f"{address}/done"
    assert not manager.visit(address).find("//form[contains(@action, '/apply')]")
    again = manager.send(f"{address}/apply")
    assert again.status == 400
    assert "This file has been applied already." in again.words


def test_an_import_that_waits_has_no_certificate_yet(manager: Visitor, world: World) -> None:
    assert target(manager.get(f"/import/{world.import_id}/done")) == f"/import/{world.import_id}"


def test_a_file_that_was_read_is_listed_until_it_is_applied(manager: Visitor) -> None:
    rows = manager.visit("/import").rows("Earlier imports")
    assert [(row[0], row[-1]) for row in rows] == [("travel.csv", "Waiting to be applied")]


def test_nobody_imports_into_a_plan_of_somebody_else(visit: Visit, watch: Engine) -> None:
    before = contents(watch)
    page = visit("other manager").send("/import", {"plan_id": "alpha", "pasted": TABLE_OF_IMPORT})
    assert page.status == 422
    assert contents(watch) == before


def test_a_manager_changes_the_settings_of_the_plan(manager: Visitor) -> None:
    opened = manager.visit("/plans/alpha/settings")
    told = {
        "title": "The alpha plan, second edition",
        "marking": "OFFICIAL",
        "reason": "Reviewed",
    }
    page = manager.submit(opened, told, to="/settings")
    assert page.heading == "The alpha plan, second edition"
    assert "The settings are saved." in page.words
    assert "OFFICIAL" in page.text
    history = manager.visit("/plans/alpha/history")
    assert "The manager" in history.words


def test_the_second_of_two_editors_of_the_settings_sees_both_texts(visit: Visit) -> None:
    first, second = visit("manager"), visit("second manager")
    mine, theirs = first.visit("/plans/alpha/settings"), second.visit("/plans/alpha/settings")
    first.submit(mine, {"title": "The first title", "reason": "First"}, to="/settings")
    page = second.submit(theirs, {"title": "The second title", "reason": "Second"}, to="/settings")
    assert page.status == 409
    assert page.errors[1:] == ["There now: The first title"]
    assert page.find("//input[@name='title']/@value") == ["The second title"]
    assert first.visit("/plans/alpha").heading == "The first title"
    assert second.submit(page, to="/settings").heading == "The second title"


REPORTS = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    "csv": ("text/csv; charset=utf-8; header=present", b'"Ref",'),
}


@pytest.mark.parametrize("format", sorted(REPORTS))
def test_a_report_is_a_file_with_the_right_type_name_and_content(manager: Visitor, format: str) -> None:
    mime, beginning = REPORTS[format]
    answer = manager.get(manager.visit("/plans/alpha/reports").link("Download " + LABELS[format])).response
    assert answer.status_code == 200
    assert answer.content_type == mime
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "alpha" in disposition
    assert f"2025-09-10.{format}" in disposition
    assert answer.data.removeprefix(b"\xef\xbb\xbf").startswith(beginning)
    assert "Deliverable 1" in content(format, answer.data)


LABELS = {"docx": "Word", "xlsx": "Excel", "csv": "CSV"}


def content(format: str, data: bytes) -> str:
    """Return the words of a report."""
    if format == "csv":
        return data.decode("utf-8-sig")
    with ZipFile(BytesIO(data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


def test_every_format_that_is_offered_can_be_downloaded_and_no_other(manager: Visitor) -> None:
    page = manager.visit("/plans/alpha/reports")
    links = page.find("//main//a[@download]/@href")
    assert len(links) >= len(REPORTS)
    for link in links:
        if any(made.source and f".{name}?" in link for name, made in FORMATS.items()):
            continue  # LibreOffice takes seconds for each; tests/exports/test_office.py tries them
        assert manager.get(link).response.headers["Content-Disposition"].startswith("attachment;")
    for format in ("rtf", "exe", "CSV", "docx.exe", "..csv"):
        assert manager.get(f"/plans/alpha/report.{format}").status == 404


def test_where_libreoffice_is_missing_its_formats_are_not_offered_and_a_sentence_says_why(
    manager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("tracker.exports.office.PLACES", ())
    page = manager.visit("/plans/alpha/reports")
    assert not [link for link in page.find("//main//a[@download]/@href") if ".pdf" in link or ".od" in link]
    assert MISSING in page.words
    answer = manager.get("/plans/alpha/report.pdf")
    assert answer.status == 503
    assert MISSING in answer.words
    assert "The report was not made" in answer.words


def test_a_report_of_the_past_says_what_was_so_then(manager: Visitor) -> None:
    then = manager.get("/plans/alpha/report.csv?as_at=2025-07-31").response
    assert "2025-07-31" in then.headers["Content-Disposition"]
    now = manager.get("/plans/alpha/report.csv").response
    assert "Dec 2025" in content("csv", now.data)
    assert content("csv", then.data) != content("csv", now.data)


def test_only_plans_of_ones_own_can_be_let_report_to_a_board(visit: Visit, world: World) -> None:
    def offered(persona: str) -> list[str]:
        page = visit(persona).visit(f"/boards/{world.boards['other']}/plans")
        return [value for value in page.find("//select[@name='plan']/option/@value") if value]

    assert offered("manager") == [str(world.alpha)]
    assert offered("other manager") == [str(world.beta)]


def test_what_recurs_stands_on_the_chase_desk_under_the_ref_that_people_say(manager: Visitor) -> None:
    page = manager.visit("/plans/alpha/chase")
    assert page.find("//main//li//a[starts-with(@href, '/commitments')]/b/text()") == ["1a.8"]
