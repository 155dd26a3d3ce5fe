"""How a person is told: chosen on a page of one's own, with the days on which one is away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.views.visitor import Visitor, explained, in_the_box
from tests.views.world import World
from tracker.models import Absence, Person

Visit = Callable[[str], Visitor]


def days(name: str, day: int, month: int = 9) -> dict[str, str]:
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": "2025"}


def test_a_person_chooses_how_often_they_are_told(visit: Visit, world: World, watch: Engine) -> None:
    visitor = visit("manager")
    page = visitor.get("/my-messages")
    assert "every Monday at 07:00" in page.words
    assert "manager@testshire.example" in page.words
    visitor.send("/my-messages", {"digest": "fortnightly friday", "at_once": "y"})
    page = visitor.get("/my-messages")
    assert page.find("//option[@selected]/@value") == ["fortnightly friday"]
    assert page.find("//input[@name='at_once' and @checked]")
    with Session(watch) as session:
        person = session.get_one(Person, world.people["manager"])
        assert (person.digest, person.at_once) == ("fortnightly friday", True)
    visitor.send("/my-messages", {"digest": ""})
    with Session(watch) as session:
        person = session.get_one(Person, world.people["manager"])
        assert (person.digest, person.at_once) == ("", False)


def test_a_rhythm_that_there_is_not_is_refused(visit: Visit) -> None:
    explained(visit("manager").send("/my-messages", {"digest": "hourly"}))


def test_days_away_are_noted_and_taken_off_again(visit: Visit, world: World, watch: Engine) -> None:
    visitor = visit("lead")
    assert "22 December 2025 to 2 January 2026" in visitor.get("/my-messages").words
    assert "nobody deputises today" in visitor.get("/my-messages").words
    visitor.send("/my-messages/away", {**days("from_day", 15), **days("to_day", 19)})
    assert "15 September 2025 to 19 September 2025" in visitor.get("/my-messages").words
    visitor.send("/my-messages/back", {"days": world.absence})
    assert "22 December 2025" not in visitor.get("/my-messages").words


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (days("from_day", 19), days("to_day", 15), "Enter a last day that is not before the first one."),
        (days("from_day", 1), days("to_day", 5), "Enter a last day that is today or later."),
        (days("from_day", 20, 12), days("to_day", 28, 12), "You are away from 22 December 2025 to 2 January 2026"),
    ],
)
def test_days_that_cannot_be_come_back_with_the_reason(
    visit: Visit, first: dict[str, str], last: dict[str, str], sentence: str
) -> None:
    page = visit("lead").send("/my-messages/away", {**first, **last})
    explained(page)
    assert sentence in page.errors[0]
    assert in_the_box(page, "to_day-day") == last["to_day-day"]


def test_nobody_takes_days_off_the_list_of_another(visit: Visit, world: World, watch: Engine) -> None:
    visitor = visit("manager")
    visitor.send("/my-messages/back", {"days": world.absence})
    assert "were not on your list" in visitor.get("/my-messages").words
    with Session(watch) as session:
        assert session.scalars(select(Absence.id)).all() == [world.absence]
