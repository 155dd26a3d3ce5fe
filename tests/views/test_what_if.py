"""What-if on the screen: its state is its address, mistakes are said, and nothing is ever saved."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from sqlalchemy import Engine

from tests.views.test_statements import make, statements
from tests.views.visitor import Visitor, explained, in_the_box, target
from tests.views.world import World, contents

Visit = Callable[[str], Visitor]
PATH = "/plans/alpha/what-if"


def tried(world: World, ref: str, what: str, value: str = "") -> str:
    """Return a change as it stands in an address."""
    return quote(f"{world.milestones[ref]}:{what}" + (f":{value}" if value else ""))


@pytest.mark.parametrize("persona", ["lead", "manager", "board", "auditor"])
def test_each_reader_with_a_part_in_the_plan_may_try_changes_and_nothing_is_saved(
    visit: Visit, watch: Engine, world: World, persona: str
) -> None:
    before = contents(watch)
    visitor = visit(persona)
    page = visitor.get(
        f"{PATH}?change={tried(world, '1', 'approve')}&change={tried(world, '5', 'move', 'Jan 2026')}"
        f"&change={tried(world, '5', 'on-track')}&as_at=2025-12-10"
    )
    assert page.status == 200
    assert "Nothing here is saved." in page.words
    assert "the 3 changes below were recorded today" in page.words
    assert "Completion is approved." in page.words
    assert contents(watch) == before


def test_nobody_can_send_anything_to_it(visit: Visit, world: World) -> None:
    assert visit("manager").send(PATH, {"change": tried(world, "1", "approve")}).status == 405


def test_an_administrator_without_a_part_may_not(visit: Visit) -> None:
    assert visit("administrator").get(PATH).status == 403


def test_the_form_adds_to_the_address_and_a_link_takes_away(visit: Visit, world: World) -> None:
    visitor = visit("board")
    key = world.milestones["5"]
    answer = visitor.get(f"{PATH}?milestone={key}&doing=move&value=Jan 2026&add=yes&as_at=2025-12-10")
    assert answer.status == 303
    address = target(answer)
    assert "as_at=2025-12-10" in address
    page = visitor.get(address)
    assert "A new date is agreed: Jan 2026." in page.words
    assert page.find("//section[@id='try']//input[@name='change']/@value") == [f"{key}:move:Jan 2026"]
    second = visitor.get(f"{address}&milestone={world.milestones['1']}&doing=approve&value=&add=yes")
    page = visitor.get(target(second))
    assert len(page.find("//section[@id='try']//input[@name='change']")) == 2
    less = visitor.get(page.find("//a[contains(., 'Take this away')]/@href")[0])
    assert less.find("//section[@id='try']//input[@name='change']/@value") == [f"{world.milestones['1']}:approve"]


def test_before_and_after_and_the_receipt_stand_on_the_page(visit: Visit, world: World) -> None:
    page = visit("board").get(f"{PATH}?change={tried(world, '1', 'withdraw')}")
    rows = page.rows("Headlines and counts before and after")
    assert [row[0].split()[0] for row in rows] == ["The", "Priority", "Workstream"]
    assert "Not counted: none to 1" in rows[0][3]
    assert page.rows("Rules of the colour that the plan would have")


@pytest.mark.parametrize(
    ("query", "said", "box"),
    [
        ("milestone=&doing=approve&value=&add=yes", "Select a milestone.", "milestone"),
        ("milestone=KEY&value=&add=yes", "Select what to try.", None),
        ("milestone=KEY&doing=move&value=soon&add=yes", "Enter a date or a month with its year", "value"),
        (
            "milestone=KEY&doing=forecast&value=Jan 2020&add=yes",
            "Enter a forecast date that is today or later.",
            "value",
        ),
        ("milestone=KEY&doing=move&value=Oct 2025&add=yes", "Enter a date after the current deadline.", "value"),
        ("milestone=999999&doing=approve&value=&add=yes", "There is no such milestone in this plan.", "milestone"),
        (
            "milestone=KEY&doing=move&value=" + "x" * 300 + "&add=yes",
            "Enter the date in 60 characters or fewer.",
            "value",
        ),
        ("as_at=2025-01-01", "What-if looks ahead: choose today or a later day.", "as_at"),
    ],
)
def test_a_mistake_is_said_at_its_field(visit: Visit, world: World, query: str, said: str, box: str | None) -> None:
    page = visit("board").get(f"{PATH}?{query.replace('KEY', str(world.milestones['5']))}")
    explained(page)
    assert any(error.startswith(said) for error in page.errors)
    if box == "value" and len(query) < 200:
        assert in_the_box(page, "value") == query.partition("value=")[2].partition("&")[0]


@pytest.mark.parametrize(
    "change",
    [
        "",
        ":",
        "x:approve",
        "1",
        "1:explode",
        "99999999999999:approve",
        "1:move:soon",
        "1:\x00\udcff",
        "9" * 5000,
    ],
)
def test_an_address_that_cannot_be_read_gets_a_sentence(visit: Visit, change: str) -> None:
    page = visit("board").get(PATH, query_string={"change": change.encode("utf-8", "replace")})
    assert page.status == 422
    assert page.errors
    assert "Nothing here is saved." in page.words


def test_a_change_of_another_plan_is_not_there(visit: Visit, world: World) -> None:
    page = visit("board").get(f"{PATH}?change={world.others['beta']}:approve")
    assert page.status == 422
    assert "There is no such milestone in this plan." in page.words


def test_no_more_than_eight_changes_are_tried_together(visit: Visit, world: World) -> None:
    many = "&".join(f"change={tried(world, '5', 'at-risk')}" for _ in range(9))
    page = visit("board").get(f"{PATH}?{many}")
    assert page.status == 422
    assert "At most 8 changes can be tried together." in page.words
    eight = "&".join(f"change={tried(world, '5', 'at-risk')}" for _ in range(8))
    assert "Take one away to try another" in visit("board").get(f"{PATH}?{eight}").words


def test_it_takes_at_most_twelve_statements_for_400_milestones(app, visit: Visit, watch: Engine, world: World) -> None:
    make(watch, world, 400)
    visitor = visit("manager")
    key = visitor.get("/plans/size-400/what-if").find("//select[@id='milestone']//option[@value!='']/@value")[5]
    with statements(app) as found:
        assert visitor.get(f"/plans/size-400/what-if?change={key}:at-risk").status == 200
    assert len(found) <= 12
