"""A board's year and its packs as people meet them: from the meeting to what is issued, proved and compared with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.views.visitor import Visitor
from tests.views.world import World
from tracker.models import OutboxMessage
from tracker.services.verification import verify

Visit = Callable[[str], Visitor]


@pytest.fixture
def manager(visit: Visit) -> Visitor:
    """Return the improvement manager of the plan alpha."""
    return visit("manager")


def test_a_manager_takes_a_pack_from_the_meeting_to_issued(manager: Visitor, world: World, watch: Engine) -> None:
    meeting = manager.visit(f"/meetings/{world.boards['later']}")
    assert ["Cut-off of the data", "23 October 2025", "Worked out in working days"] in meeting.rows(
        "Days of this meeting"
    )
    page = manager.submit(meeting, to="/packs/new")
    assert "The draft is ready." in page.words
    assert "Freeze it: from 23 October 2025 on" in page.words
    address = page.response.request.path
    early = manager.visit(f"{address}/freeze")
    assert "which is still to come" in early.words
    today = {"as_at-day": "10", "as_at-month": "9", "as_at-year": "2025", "author": "SEND Improvement Manager"}
    page = manager.submit(manager.visit(f"{address}/edit"), {**today, "recommendations": "Agree\nNote"}, to="/edit")
    assert "SEND Improvement Manager" in page.words
    page = manager.submit(manager.visit(f"{address}/freeze"), to="/freeze")
    assert "The pack is frozen: what it says stands." in page.words
    assert page.heading == "Pack 2, version 2: The alpha plan"
    page = manager.submit(manager.visit(f"{address}/issue"), to="/issue")
    assert "Pack 2, version 2 is issued." in page.words
    assert "Proved." in manager.visit(f"{address}/verify").words
    assert "Proved." not in page.words
    with Session(watch) as session:
        assert verify(session).faults == ()
    history = manager.visit("/plans/alpha/history")
    assert "manager issued the pack" in history.words.casefold()
    assert not history.find("//main//a[contains(@href, '/undo') and contains(., 'pack')]")


def test_a_line_of_the_preflight_is_chased_and_waived(manager: Visitor, world: World, watch: Engine) -> None:
    address = f"/packs/{world.boards['draft']}/preflight"
    page = manager.visit(address)
    (undated,) = page.rows("No date")
    assert undated[0].startswith("1a.6 Deliverable 6")
    assert undated[2] == "SEND Senior Manager"
    page = manager.submit(page, {"check": "undated", "subject": f"milestone:{world.milestones['6']}"}, to="/chase")
    assert "A message is on its way to: SEND Senior Manager." in page.words
    assert "Chased on 10 September 2025" in page.rows("No date")[0][2]
    with Session(watch) as session:
        message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "chase")).one()
        assert f"/milestones/{world.milestones['6']}" in message.body
    opened = manager.visit(page.link("Waive: 1a.6"))
    without = manager.submit(opened, {"reason": " "}, to="/waive")
    assert without.errors == ["Enter why the line may stand: the pack prints it"]
    page = manager.submit(without, {"reason": "The board set no date"}, to="/waive")
    assert "waived 10 Sep 2025" in page.rows("No date")[0][1]
    assert "The board set no date" in page.rows("No date")[0][1]


def test_the_page_of_a_meeting_prints_the_key_of_the_pack_whose_colours_it_shows(visit: Visit, world: World) -> None:
    page = visit("board").visit(f"/meetings/{world.boards['held']}")
    assert page.find("//main//*[contains(@class, 'chip--')]")
    assert "Key to the colours of pack 1 of " in page.words
    assert "What each colour means: Five colours" in page.words


def test_a_member_reads_what_is_issued_and_nothing_else(visit: Visit, world: World) -> None:
    member = visit("board")
    page = member.visit("/plans/alpha/packs")
    (row,) = page.rows("Packs of the plan")
    assert row[0] == "Pack 1"
    pack = member.visit(page.link("Pack 1"))
    assert not pack.find("//main//a[contains(@href, '/correct')]")
    assert member.get(f"/packs/{world.boards['draft']}").status == 404
    assert member.get(f"/packs/{world.boards['frozen']}/pack.docx").status == 404
    for kind in ("docx", "html"):
        answer = member.get(f"/packs/{world.boards['issued']}/pack.{kind}?audience=cabinet")
        assert answer.status == 200
        assert f"filename=alpha-pack-1-2025-09-10.{kind}" in answer.response.headers["Content-Disposition"]
    assert "Edition for Cabinet" in answer.response.get_data(as_text=True)


def test_a_meeting_is_minuted_and_its_members_read_what_was_decided(
    manager: Visitor, visit: Visit, world: World, watch: Engine
) -> None:
    page = manager.visit(f"/meetings/{world.boards['held']}")
    page = manager.visit(page.link("Decisions and actions"))
    (row,) = [row for row in page.rows("Decisions asked of the board") if "A new date" in row[1]]
    assert row[2] == "waits for a decision"
    opened = manager.visit(page.link("Minute a decision"))
    chosen = {"decisions": [f"date:{world.boards['asked']}:{world.boards['asked_version']}"]}
    without = manager.submit(opened, {"outcome": "agreed"}, to="/minutes/new")
    assert without.errors == ["Select at least one decision", "Enter the number of the minute"]
    page = manager.submit(without, {**chosen, "outcome": "agreed", "minute": "5.2"}, to="/minutes/new")
    assert "Agreed: 1 decision minuted." in page.words
    (row,) = [row for row in page.rows("Decisions asked of the board") if "A new date" in row[1]]
    assert row[2].startswith("Agreed, minute 5.2.")
    opened = manager.visit(page.link("Action 1.1"))
    page = manager.submit(opened, {"state": "done", "outcome": "It was brought"}, to="/actions/")
    assert page.rows("Actions agreed at the meeting")[0][4] == "Done, 10 Sep 2025. It was brought"
    member = visit("board").visit(f"/packs/{world.boards['issued']}/minutes")
    assert member.rows("Actions agreed at the meeting")[0][0] == "1.1"
    assert not member.find("//main//a[contains(@href, '/actions/') or contains(@href, '/minutes/new')]")
    with Session(watch) as session:
        assert verify(session).faults == ()


def test_a_manager_changes_the_draft_of_the_commentary_and_accepts_it(manager: Visitor, world: World) -> None:
    page = manager.visit(f"/packs/{world.boards['draft']}/commentary")
    assert "are still drafts" in page.words
    opened = manager.visit(page.link("Change or accept: The whole plan"))
    beside = manager.visit(page.link("Change or accept: The whole plan"))
    without = manager.submit(opened, {"text": " "}, to="/commentary/plan")
    assert without.errors == ["Enter the commentary"]
    page = manager.submit(without, {"text": "The plan holds.", "accepted": "y"}, to="/commentary/plan")
    assert "The commentary is accepted." in page.words
    assert "The plan holds." in page.words
    late = manager.submit(beside, {"text": "It does not."}, to="/commentary/plan")
    assert late.status == 409
    assert "It does not." in late.response.get_data(as_text=True)
    assert manager.get(f"/packs/{world.boards['issued']}/commentary").status == 404


def test_a_member_sees_at_a_glance_what_the_meeting_is_asked(visit: Visit, world: World) -> None:
    page = visit("board").visit(f"/meetings/{world.boards['held']}")
    assert "What is asked of the board Decide 1 request for a new completion date." in page.words
    shown = [" ".join(item.text_content().split()) for item in page.find("//details//li")]
    assert any("Likely to miss 1a.4" in one or "Missed 1a.4" in one for one in shown)
    assert f"{len(shown)} exceptions" in page.words
    assert page.link("Word").endswith(f"/packs/{world.boards['issued']}/pack.docx")
    assert "What is asked of the board" not in visit("board").visit(f"/meetings/{world.boards['near']}").words


def test_a_draft_document_says_on_it_that_it_is_one(manager: Visitor, world: World) -> None:
    answer = manager.get(f"/packs/{world.boards['draft']}/pack.html")
    assert "draft: not issued" in answer.response.get_data(as_text=True)
    assert manager.get(f"/packs/{world.boards['draft']}/pack.json").status == 404


def test_an_issued_pack_is_corrected_and_never_changed(manager: Visitor, world: World) -> None:
    address = f"/packs/{world.boards['issued']}"
    refused = manager.send(f"{address}/set-aside", {"version": "3", "reason": "No"})
    assert "that is for good" in refused.words
    page = manager.submit(manager.visit(f"{address}/correct"), {"correction": "The date of 1a.1"}, to="/correct")
    assert "The issued one stays as it is." in page.words
    assert "The date of 1a.1" in page.words
    assert manager.visit(address).heading == "Pack 1: The alpha plan"


def test_pages_compare_with_the_last_pack_and_lead_back_to_its_day(visit: Visit) -> None:
    page = visit("board").visit("/plans/alpha?as_at=2025-11-20")
    assert "since pack 1, 10 September 2025" in page.words
    assert page.link("Last pack, 10 September 2025").endswith("as_at=2025-09-10")
    board = visit("board").visit("/plans/alpha/board?as_at=2025-11-20")
    assert "since 10 September 2025" in board.words
    asked = visit("board").visit("/plans/alpha/board?as_at=2025-11-20&since=2025-11-01")
    assert "since 1 November 2025" in asked.words


def test_the_year_of_a_board_shows_each_meeting_with_its_days(manager: Visitor, world: World) -> None:
    page = manager.visit(f"/boards/{world.boards['board']}?year=2025")
    rows = page.rows("Meetings in 2025")
    assert [row[0] for row in rows] == ["9 September 2025", "16 September 2025", "7 October 2025", "4 November 2025"]
    assert rows[3][3:5] == ["23 Oct 2025", "28 Oct 2025"]
    offered = manager.visit(page.link("Plan the next meetings"))
    assert "Tuesday 2 December 2025" in offered.words
    done = manager.submit(offered, {"days": ["2025-12-02"]}, to="/propose")
    assert "1 meeting is planned." in done.words
    cancelled = manager.submit(
        manager.visit(f"/meetings/{world.boards['later']}/cancel"), {"reason": "No quorum"}, to="/cancel"
    )
    assert "Cancelled. No quorum" in cancelled.words


def test_two_who_change_a_board_see_what_the_other_saved(visit: Visit, world: World) -> None:
    address = f"/boards/{world.boards['board']}/edit"
    one, other = visit("manager"), visit("administrator")
    first, second = one.visit(address), other.visit(address)
    one.submit(first, {"place": "Town hall"}, to="/edit")
    page = other.submit(second, {"place": "Online"}, to="/edit")
    assert page.status == 409
    assert "Usual place: there now “Town hall”, yours “Online”." in page.errors
    again = other.submit(page, to="/edit")
    assert "The board is saved." in again.words
    assert "Online" in again.words


def test_only_who_prepares_packs_is_told_how_a_pack_without_a_meeting_gets_one(
    visit: Visit, manager: Visitor, world: World
) -> None:
    page = manager.submit(manager.visit("/plans/alpha/packs"), {"meeting": ""}, to="/packs/new")
    assert "The draft is ready." in page.words
    address = page.response.request.path
    manager.submit(manager.visit(f"{address}/freeze"), to="/freeze")
    manager.submit(manager.visit(f"{address}/issue"), to="/issue")
    why, how = "The pack was made for no meeting", "begin a pack for a meeting instead"
    for persona, told in (("manager", True), ("board", False), ("auditor", False)):
        words = visit(persona).visit(f"{address}/minutes").words
        assert why in words
        assert (how in words) is told
