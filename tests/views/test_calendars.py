"""Calendars: what stands in one, that programs can read it, and who gets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from icalendar import Calendar, Event
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from tests.views.visitor import Visitor
from tests.views.world import World
from tests.views.world_parts import CALENDAR
from tracker.models import CalendarFeed, Meeting, Membership, Milestone, Person, Plan

Visit = Callable[[str], Visitor]


def change(watch: Engine, model: type, **values: object) -> None:
    with Session(watch) as session:
        session.execute(update(model).values(**values))
        session.commit()


def events(visit: Visit, address: str = f"/calendars/{CALENDAR}.ics") -> dict[str, Event]:
    """Return the events of a calendar by their lasting names."""
    answer = visit("anonymous").http.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = answer.data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    found = Calendar.from_ical(answer.data)
    return {str(event["uid"]).partition("@")[0]: event for event in found.walk("VEVENT")}


def own_address(visit: Visit, persona: str, of: str) -> str:
    """Get an address on the page; return its path."""
    visitor = visit(persona)
    visitor.send("/calendars", {"of": of})
    (address,) = visitor.get("/calendars").find("//input[@readonly]/@value")
    return str(address).removeprefix("http://localhost:8000")


def test_a_month_stands_on_its_last_day_and_says_so(visit: Visit, world: World, watch: Engine) -> None:
    found = events(visit)
    with Session(watch) as session:
        row = session.get_one(Milestone, world.milestones["1"])
        event = found[f"milestone-{row.id}"]
        assert event.decoded("dtstart") == row.due
        assert str(event["summary"]).endswith(f"(due in {row.due_text})")
        assert event["sequence"] == row.version
    assert f"milestone-{world.milestones['8']}" not in found  # signed off
    assert f"milestone-{world.others['1b']}" not in found  # led by another


def test_a_meeting_has_its_time_in_utc_and_the_days_before_it(visit: Visit, world: World, watch: Engine) -> None:
    change(watch, Meeting, starts_at="10:30")
    key = world.boards["next"]
    found = events(visit, own_address(visit, "manager", f"board-{world.boards['board']}"))
    assert found[f"meeting-{key}-meeting"].decoded("dtstart") == datetime(2025, 10, 7, 9, 30, tzinfo=UTC)
    days = {
        name: found[f"meeting-{key}-{name}"].decoded("dtstart") for name in ("opens", "closes", "cut_off", "papers")
    }
    assert sorted(days.values()) == list(days.values())
    assert days["papers"] == date(2025, 9, 30)
    change(watch, Meeting, starts_at="after lunch", state="cancelled", version=7)
    again = events(visit, own_address(visit, "manager", f"board-{world.boards['board']}"))[f"meeting-{key}-meeting"]
    assert (again.decoded("dtstart"), str(again["status"]), again["sequence"]) == (date(2025, 10, 7), "CANCELLED", 7)


def test_a_sensitive_plan_gives_its_refs_alone(visit: Visit, world: World, watch: Engine) -> None:
    change(watch, Plan, sensitive=True, title="Canary title")
    event = events(visit)[f"milestone-{world.milestones['1']}"]
    assert "Deliverable" not in str(event["summary"])
    assert "Canary" not in str(event["description"])


def test_a_plan_has_all_its_deadlines_and_only_for_who_sees_it(visit: Visit, world: World, watch: Engine) -> None:
    address = own_address(visit, "manager", f"plan-{world.alpha}")
    found = events(visit, address)
    assert {f"milestone-{world.milestones['1']}", f"milestone-{world.others['1b']}"} <= set(found)
    assert visit("other manager").send("/calendars", {"of": f"plan-{world.alpha}"}).status == 404
    with Session(watch) as session:
        session.query(Membership).filter_by(person_id=world.people["manager"]).delete()
        session.commit()
    assert visit("anonymous").get(address).status == 404


def test_an_address_that_is_withdrawn_or_of_a_disabled_person_opens_nothing(
    visit: Visit, world: World, watch: Engine
) -> None:
    assert visit("manager").send(f"/calendars/{world.calendar}/withdraw").status == 404
    change(watch, Person, disabled_at=datetime(2025, 9, 1, tzinfo=UTC))
    assert visit("anonymous").get(f"/calendars/{CALENDAR}.ics").status == 404
    change(watch, Person, disabled_at=None)
    visit("lead").send(f"/calendars/{world.calendar}/withdraw")
    page = visit("anonymous").get(f"/calendars/{CALENDAR}.ics")
    assert page.status == 404
    assert "its address was withdrawn" in page.words
    assert own_address(visit, "lead", "mine") != f"/calendars/{CALENDAR}.ics"
    change(watch, CalendarFeed, nonce="another")
    assert visit("anonymous").get(f"/calendars/{CALENDAR}.ics").status == 404
