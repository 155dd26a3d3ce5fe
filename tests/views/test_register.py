"""The register of who answers, in the browser: posts, holders, deputies, handovers, leads; a past day shows its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, select, text

from tests.factories import NOW
from tests.pages import Page
from tests.views.visitor import Visitor, explained, in_the_box, target
from tests.views.world import LEAD, World
from tracker.models import Holding, LeadAssignment, Post, SecurityEvent

Visit = Callable[[str], Visitor]


def day(name: str, number: int, month: int = 9) -> dict[str, str]:
    """Return a date as three boxes of a form."""
    return {f"{name}-day": str(number), f"{name}-month": str(month), f"{name}-year": "2025"}


def fill(visitor: Visitor, page: Page, fields: dict[str, Any] | None = None, *, to: str = "", **more: Any) -> Page:
    """Send the form of a page to the page's own address, or to another that it names."""
    return visitor.submit(page, fields, to=to or page.response.request.path, **more)


# ------------------------------------------------------------------ posts and holders
def test_the_register_lists_posts_by_organisation_with_who_holds_them_and_what_they_lead(visit: Visit) -> None:
    page = visit("auditor").visit("/people")
    rows = {row[0]: row[1:] for row in page.rows("Posts of Testshire Council")}
    assert rows[LEAD][0] == "The lead"
    assert "1a" in rows[LEAD][1]
    assert rows["Clerk to the board"] == ["No holder recorded", "Nothing"]
    assert "Adviser for a year" not in rows
    assert "Add a post" not in page.words
    closed = visit("auditor").visit("/people?show=closed")
    assert [row[0] for row in closed.rows("Posts of Testshire Council")] == ["Adviser for a year"]
    assert "No post fits." in visit("auditor").visit("/people?q=nobody+at+all").words


def test_a_post_that_is_left_is_vacant_and_says_so_where_it_leads(visit: Visit, world: World) -> None:
    administrator = visit("administrator")
    form = administrator.visit(f"/people/holdings/{world.holding}/end")
    page = fill(administrator, form, day("to_day", 31, 8))
    assert "vacant since 1 September 2025" in page.words
    register = administrator.visit("/people")
    assert "Vacant (1)" in register.words
    assert "Vacant since 1 September 2025. Leads 1 unfinished item." in register.words
    shown = visit("board").visit(f"/plans/alpha/workstreams/{world.workstream}")
    assert "SEND Senior Manager (Testshire Council) vacant since 1 September 2025" in shown.words
    assert visit("lead").get("/my-milestones").status == 200
    assert visit("lead").get(f"/milestones/{world.milestones['5']}/update").status == 403


def test_a_handover_is_one_act_and_who_takes_over_sees_the_note_and_what_is_open(visit: Visit, world: World) -> None:
    administrator = visit("administrator")
    form = administrator.visit(f"/people/posts/{world.post}/hand-over")
    assert "What is open (1)" in form.words
    told = {"person": str(world.people["board"]), "note": "Ring the ICB first", **day("from_day", 10)}
    page = fill(administrator, form, told)
    assert [row[:4] for row in page.rows("Holders of the post")] == [
        ["The boardHanded over with: Ring the ICB first", "Holder", "10 September 2025", "No end recorded"],
        ["The lead", "Holder", "1 January 2025", "9 September 2025 (past)"],
    ]
    mine = visit("board").visit("/people/mine")
    assert "Ring the ICB first" in mine.words
    assert "What is open (1)" in mine.words
    assert "Before you: The lead." in mine.words
    assert visit("lead").get("/people/mine").status == 303


def test_names_of_holders_are_those_of_the_day_shown_and_only_for_who_may_see_people(
    visit: Visit, world: World
) -> None:
    administrator = visit("administrator")
    told = {"person": str(world.people["board"]), **day("from_day", 8)}
    fill(administrator, administrator.visit(f"/people/posts/{world.post}/hand-over"), told)
    address = f"/plans/alpha/workstreams/{world.workstream}"
    assert "held by The board" in visit("manager").visit(address).words
    assert "held by The lead" in visit("manager").visit(f"{address}?as_at=2025-09-07").words
    assert "held by" not in visit("board").visit(address).words
    milestone = f"/milestones/{world.milestones['5']}"
    assert "held by The lead" in visit("manager").visit(f"{milestone}?as_at=2025-09-07").words
    assert "held by" not in visit("board").visit(milestone).words


def test_a_deputy_acts_between_the_days_and_not_after(visit: Visit, world: World) -> None:
    administrator = visit("administrator")
    form = administrator.visit(f"/people/posts/{world.post}/deputy")
    told = {"person": str(world.people["other lead"]), **day("from_day", 10), **day("to_day", 11)}
    assert "deputy" in fill(administrator, form, told).words.lower()
    update = f"/milestones/{world.milestones['5']}/update"
    assert visit("other lead").get(update).status == 200
    for moment, status in ((NOW.replace(day=11, hour=22, minute=59), 200), (NOW.replace(day=11, hour=23), 403)):
        with time_machine.travel(moment):
            assert visit("other lead").get(update).status == status


def test_what_is_wrong_with_a_form_comes_back_with_what_was_typed(visit: Visit, world: World) -> None:
    administrator = visit("administrator")
    path = f"/people/posts/{world.post}/appoint"
    told = {"person": str(world.people["board"]), **day("from_day", 1)}
    page = fill(administrator, administrator.visit(path), told)
    explained(page)
    assert "The lead holds this post. Hand it over instead" in page.words
    assert in_the_box(page, "from_day-day") == "1"
    explained(fill(administrator, administrator.visit(path), {"person": "", "from_day-month": "x"}))
    explained(fill(administrator, administrator.visit("/people/posts/new"), {"title": LEAD, "organisation": "1"}))
    explained(fill(administrator, administrator.visit("/people/organisations/new"), {"name": ""}))
    close = administrator.visit(f"/people/posts/{world.post}/close")
    explained(fill(administrator, close, {}))
    for missing in ("/people/holdings/9999/end", "/people/organisations/9999", "/people/posts/9999/appoint"):
        assert administrator.get(missing).status == 404


def test_a_post_is_renamed_closed_and_opened_again(visit: Visit, world: World) -> None:
    administrator = visit("administrator")
    page = fill(
        administrator, administrator.visit(f"/people/posts/{world.spare}/edit"), {"title": "Clerk to the partnership"}
    )
    assert page.heading == "Clerk to the partnership"
    closed = fill(administrator, administrator.visit(f"/people/posts/{world.spare}/close"))
    assert "closed on 10 September 2025" in closed.words
    opened = fill(administrator, closed, to="/reopen")
    assert "The post is open again." in opened.words


# ------------------------------------------------------------------ leads
def test_a_manager_adds_a_lead_and_makes_it_accountable_and_the_past_keeps_who_led(visit: Visit, world: World) -> None:
    manager = visit("manager")
    address = f"/plans/alpha/workstreams/{world.workstream}"
    form = manager.visit(manager.visit(address).link("Change who leads"))
    told = {"posts": [str(world.post)], "add": str(world.spare), "accountable": "new", "reason": "A new board"}
    page = fill(manager, form, told)
    assert "Accountable: Clerk to the board (Testshire Council); SEND Senior Manager" in page.words
    before = manager.visit(f"{address}?as_at=2025-09-09")
    assert "Lead: SEND Senior Manager" in before.words
    assert "Clerk to the board" not in before.words
    history = visit("auditor").visit("/plans/alpha/history").words
    assert "made Clerk to the board the accountable lead of Workstream 1a" in history
    post = manager.visit(f"/people/posts/{world.spare}").words
    assert "accountable" in post
    assert "Since 10 September 2025" in post


def test_leads_without_exactly_one_accountable_are_refused_beside_the_question(visit: Visit, world: World) -> None:
    manager = visit("manager")
    path = f"/plans/alpha/leads/workstream/{world.workstream}"
    page = fill(manager, manager.visit(path), {"add": str(world.spare), "accountable": []})
    explained(page)
    assert "Say which one of those who lead is accountable. There has to be exactly one." in page.words


def test_leads_that_somebody_else_changed_come_back_as_they_are_now(visit: Visit, world: World) -> None:
    manager, second = visit("manager"), visit("second manager")
    path = f"/plans/alpha/leads/workstream/{world.workstream}"
    mine, theirs = manager.visit(path), second.visit(path)
    fill(second, theirs, {"add": str(world.spare), "accountable": str(world.post)})
    page = fill(manager, mine, {"posts": [], "add": str(world.spare), "accountable": "new"})
    assert page.status == 409
    assert "Somebody else changed who leads this" in page.words
    assert manager.get("/plans/alpha/leads/castle/1").status == 404
    assert manager.get("/plans/alpha/leads/workstream/9999").status == 404


# ------------------------------------------------------------------ revocation
@pytest.mark.parametrize("way", ["disable", "end the holding", "take off the workstream", "end sessions"])
def test_a_lead_whose_right_ends_is_refused_at_the_very_next_request(
    visit: Visit, world: World, watch: Engine, way: str
) -> None:
    lead, administrator, manager = visit("lead"), visit("administrator"), visit("manager")
    update = f"/milestones/{world.milestones['5']}/update"
    assert lead.get(update).status == 200
    if way in {"disable", "end sessions"}:
        act = "disable" if way == "disable" else "sessions"
        assert administrator.send(f"/accounts/{world.people['lead']}/{act}").status == 303
        answer = lead.get(update)
        assert (answer.status, target(answer).partition("?")[0]) == (303, "/sign-in")
        assert lead.send(update, {"confidence": "on_track"}).status == 403
        return
    if way == "end the holding":
        path = f"/people/holdings/{world.holding}/end"
        assert fill(administrator, administrator.visit(path), day("to_day", 9), follow=False).status == 303
    else:
        path = f"/plans/alpha/leads/workstream/{world.workstream}"
        told = {"posts": [], "add": str(world.spare), "accountable": "new"}
        assert fill(manager, manager.visit(path), told, follow=False).status == 303
    assert lead.get(update).status in {403, 404}
    assert lead.send(update, {"confidence": "on_track"}).status in {403, 404}
    with watch.connect() as connection:
        assert connection.scalars(select(SecurityEvent.kind).order_by(SecurityEvent.id.desc())).first() in {
            "denied",
            "not found or not theirs",
        }


def test_a_manager_whose_role_is_taken_away_is_refused_at_the_very_next_request(visit: Visit, world: World) -> None:
    manager, administrator = visit("manager"), visit("administrator")
    assert manager.get("/plans/alpha/settings").status == 200
    person = world.people["manager"]
    assert administrator.send(f"/accounts/{person}/roles/{world.alpha}/manager/remove").status == 303
    assert manager.get("/plans/alpha/settings").status == 404
    assert manager.send("/plans/alpha/settings", {"title": "Mine"}).status == 404
    assert administrator.send(f"/accounts/{person}/roles", {"plan": world.alpha, "role": "board"}).status == 303
    assert manager.get("/plans/alpha").status == 200
    assert manager.get("/plans/alpha/settings").status == 403


def test_an_administrator_who_is_one_no_longer_is_refused_at_the_very_next_request(
    visit: Visit, world: World, watch: Engine
) -> None:
    administrator, second = visit("administrator"), visit("second manager")
    key = world.people["second manager"]
    assert second.get("/accounts").status == 403
    assert administrator.send(f"/accounts/{key}/administrator/on").status == 303
    assert second.get("/accounts").status == 200
    own = world.people["administrator"]
    refused = administrator.send(f"/accounts/{own}/administrator/off")
    assert refused.status == 403
    assert "takes a second administrator" in refused.words
    assert second.send(f"/accounts/{own}/administrator/off").status == 303
    assert administrator.get("/accounts").status == 403
    alone = second.send(f"/accounts/{key}/roles", {"plan": world.alpha, "role": "auditor"})
    assert alone.status == 403
    assert "You are the only administrator" in alone.words
    with watch.connect() as connection:
        kinds = list(connection.scalars(select(SecurityEvent.kind).order_by(SecurityEvent.id)))
        names = [name for (name,) in connection.execute(text("SELECT name FROM person WHERE administrator")).all()]
    assert kinds.count("own role refused") == 2
    assert names == ["The second manager"]


def test_the_database_keeps_one_row_for_everything_that_ever_was(visit: Visit, world: World, watch: Engine) -> None:
    manager = visit("manager")
    path = f"/plans/alpha/leads/workstream/{world.workstream}"
    fill(manager, manager.visit(path), {"posts": [], "add": str(world.spare), "accountable": "new"})
    with watch.connect() as connection:
        rows = connection.execute(
            select(Post.title, LeadAssignment.ended)
            .join(Post, Post.id == LeadAssignment.post_id)
            .where(LeadAssignment.workstream_id == world.workstream)
            .order_by(LeadAssignment.id)
        ).all()
        held = connection.scalars(select(Holding.to_day).where(Holding.id == world.holding)).one()
    assert [tuple(row) for row in rows] == [(LEAD, NOW.date()), ("Clerk to the board", None)]
    assert held is None
