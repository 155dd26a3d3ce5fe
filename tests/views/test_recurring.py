"""Recurring commitments as a lead, a manager and a reader meet them, without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.pages import words
from tests.views.visitor import Visitor, target
from tests.views.world import World
from tracker.models import LedgerEntry, Occurrence


@pytest.fixture
def weekly(world: World) -> str:
    return f"/commitments/{world.commitment}"


@pytest.fixture
def proposed(world: World) -> str:
    return f"/commitments/{world.proposed}"


def recorded(engine: Engine) -> list[tuple[str, str]]:
    with Session(engine) as session:
        rows = session.scalars(select(Occurrence).where(Occurrence.outcome != "").order_by(Occurrence.id))
        return [(row.scheduled.isoformat(), row.outcome) for row in rows]


def test_the_workstream_shows_a_strip_with_letters_words_and_a_table(visit: Callable[[str], Visitor]) -> None:
    visitor = visit("board")
    page = visitor.visit(f"/plans/alpha/workstreams/{visitor.world.workstream}")
    strip = page.find("//ul[@aria-label='Occurrences of 8, oldest first']/li")
    assert [words(item) for item in strip][:3] == [
        "HHeld, due 12 August 2025", "HHeld, due 19 August 2025", "MMissed, due 26 August 2025",
    ]  # fmt: skip
    (current,) = page.find("//ul[@aria-label='Occurrences of 8, oldest first']/li[@aria-current='date']")
    assert words(current) == "NNot due, due 16 September 2025 now"
    table = page.rows("Occurrences of 8, newest first")
    assert table[1][:1] + table[1][2:3] == ["16 Sep 2025 now", "Not due"]
    assert "The last 3 were not held in time, the first of them due 26 August 2025." in page.words
    assert "rule to confirm" in page.words


def test_the_page_says_why_and_how_often_it_was_held(visit: Callable[[str], Visitor], weekly: str) -> None:
    page = visit("auditor").visit(weekly)
    assert page.heading == "1a.8 Hold the panel"
    assert "2 of 5 due were held in time (40%), 3 missed, over the last 13 weeks." in page.words
    (fired,) = [row for row in page.rows("Rules of the colour") if "this one decided" in row[0]]
    assert fired[0].startswith("C3")
    assert "recorded as held, due 12 August 2025" in page.words
    assert not page.find("//form[contains(@action, 'attest')]")


def test_a_day_before_shows_the_commitment_as_it_was(visit: Callable[[str], Visitor], weekly: str) -> None:
    page = visit("manager").visit(f"{weekly}?as_at=2025-09-09")
    assert "A person has to confirm it." in page.words
    assert not page.find("//form[contains(@action, 'attest')]")
    ahead = visit("manager").visit(f"{weekly}?as_at=2025-12-09")
    assert "will be if nothing more is recorded" in ahead.words
    before = visit("manager").get(f"{weekly}?as_at=2025-01-01")
    assert before.status == 404


def test_a_lead_sees_what_a_batch_would_make_of_it_before_anything_is_saved(
    visit: Callable[[str], Visitor], weekly: str, watch: Engine
) -> None:
    visitor = visit("lead")
    before = recorded(watch)
    fields = {"held": ["2025-08-26", "2025-09-02"], "reason_2025-09-09": "Holiday"}
    page = visitor.send(f"{weekly}/attest", {**fields, "check": "attest"})
    assert page.status == 200
    assert "Attested like this, it becomes" in page.words
    assert "4 of 4 due were held in time (100%), 1 skipped with a reason, over the last 13 weeks." in page.words
    assert "2 of 5 due were held in time (40%)" in page.words
    assert page.find("//input[@name='held'][@checked]/@value") == ["2025-09-02", "2025-08-26"]
    assert page.find("//input[@name='reason_2025-09-09']/@value") == ["Holiday"]
    assert recorded(watch) == before
    visitor.submit(page, fields, to="/attest")
    assert len(recorded(watch)) == len(before) + 3


def test_a_lead_attests_a_batch_and_takes_it_back(visit: Callable[[str], Visitor], weekly: str, watch: Engine) -> None:
    visitor = visit("lead")
    before = recorded(watch)
    page = visitor.visit(weekly)
    fields = {"held": ["2025-08-26", "2025-09-02"], "reason_2025-09-09": "Holiday"}
    after = visitor.submit(page, fields, to="/attest")
    assert after.status == 200
    assert recorded(watch)[len(before) :] == [
        ("2025-08-26", "held"), ("2025-09-02", "held"), ("2025-09-09", "skipped"),
    ]  # fmt: skip
    assert "4 of 4 due were held in time (100%), 1 skipped with a reason, over the last 13 weeks." in after.words
    with Session(watch) as session:
        entries = session.scalar(select(func.count()).select_from(LedgerEntry))
    undone = visitor.submit(after, to="/undo/")
    assert "3 taken back. The history keeps both." in undone.text
    assert recorded(watch) == before
    with Session(watch) as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == (entries or 0) + 3


def test_an_empty_batch_and_one_that_says_two_things_explain_themselves(
    visit: Callable[[str], Visitor], weekly: str
) -> None:
    visitor = visit("lead")
    empty = visitor.send(f"{weekly}/attest")
    assert (empty.status, empty.errors) == (422, ["Tick what was held, or say why one was skipped."])
    both = visitor.send(f"{weekly}/attest", {"held": ["2025-09-02"], "reason_2025-09-02": "Holiday"})
    assert both.status == 422
    assert "2 September 2025 is ticked as held and has a reason" in both.errors[0]
    assert both.find("//input[@id='held-2025-09-02']/@checked")
    assert visitor.send(f"{weekly}/attest", {"held": ["never"]}).status == 422


def test_one_occurrence_is_recorded_with_its_day_and_a_note(
    visit: Callable[[str], Visitor], weekly: str, watch: Engine
) -> None:
    visitor = visit("lead")
    page = visitor.visit(f"{weekly}/record")
    day = {"day-day": "27", "day-month": "August", "day-year": "2025"}
    answer = visitor.submit(page, {"window": "2025-08-26", "what": "held", "note": "Nine cases", **day}, to="/record")
    assert answer.heading == "1a.8 Hold the panel"
    assert "Held late on 27 August 2025" in " ".join(" ".join(row) for row in answer.rows("Occurrences of 1a.8"))
    assert recorded(watch)[-1] == ("2025-08-26", "held")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "Select what happened"),
        ({"what": "held"}, "Enter the day on which it was held, today or earlier."),
        ({"what": "skipped"}, "Say why it was skipped."),
        ({"what": "skipped", "note": "x", "window": "nonsense"}, "Select one of the windows of this commitment."),
        ({"what": "skipped", "note": "x", "window": "2025-08-12"}, "was recorded as held"),
    ],
)
def test_what_is_wrong_about_one_occurrence_stands_beside_its_field(
    visit: Callable[[str], Visitor], weekly: str, fields: dict[str, str], error: str
) -> None:
    page = visit("lead").send(f"{weekly}/record", {"window": "2025-08-26", **fields})
    assert page.status == 422
    assert error in page.errors[0]


def test_an_unclear_frequency_asks_and_a_person_answers(visit: Callable[[str], Visitor], proposed: str) -> None:
    visitor = visit("lead")
    assert visitor.get(f"{proposed}/record").status == 400
    page = visitor.visit(f"{proposed}/rule")
    assert page.heading == "Confirm how often it is held"
    assert not page.find("//input[@name='every']/@checked")
    after = visitor.submit(page, {"every": "6-monthly"}, to="/rule")
    assert "The rule is confirmed." in after.text
    assert "First window opens 28 May 2025" in after.text
    assert visitor.visit(f"{proposed}/rule").heading == "Change how often it is held"
    assert visitor.send(f"{proposed}/rule", {"every": "weekly"}).status == 422


def test_the_manager_records_the_boards_acceptance_and_signs_off_what_has_ended(
    visit: Callable[[str], Visitor], weekly: str, world: World
) -> None:
    visitor = visit("manager")
    assert visitor.send(f"{weekly}/accept").errors == ["Enter the minute of the board's decision"]
    after = visitor.submit(visitor.visit(f"{weekly}/accept"), {"minute": "Board, 6.1"}, to="/accept")
    assert "accepted it as business as usual on 10 September 2025, minute Board, 6.1." in after.words
    finished = visitor.visit(f"/commitments/{world.finished}")
    assert "awaiting sign-off" in finished.words
    signed = visitor.submit(finished, to="/sign-off")
    assert "Blue: all 2 occurrences are held and signed off." in signed.words


def test_my_milestones_shows_what_recurs_and_waits(visit: Callable[[str], Visitor], world: World) -> None:
    page = visit("lead").visit("/my-milestones")
    (section,) = page.find("//section[h2[contains(., 'recurring')]]")
    said = words(section)
    assert "3 windows have closed with nothing recorded, the latest due 9 September 2025." in said
    assert "Review the pathway" in said
    assert "Report to the pilot group" not in said
    assert f"/commitments/{world.proposed}/rule" in page.link("Confirm how often 1a.10")
    assert not visit("lead").visit("/my-milestones?as_at=2025-09-09").find("//a[contains(@href, '/record')]")


def test_a_commitment_of_a_plan_that_one_may_not_see_looks_like_one_that_is_not_there(
    visit: Callable[[str], Visitor], weekly: str
) -> None:
    visitor = visit("other manager")
    for tail in ("", "/rule", "/record", "/accept"):
        hidden, missing = visitor.get(f"{weekly}{tail}"), visitor.get(f"/commitments/999999{tail}")
        assert (hidden.status, missing.status) == (404, 404)


def test_the_second_copy_of_a_form_leads_to_the_commitment(visit: Callable[[str], Visitor], weekly: str) -> None:
    visitor = visit("lead")
    fields = {"form_token": "twice", "held": ["2025-09-02"]}
    first, second = visitor.send(f"{weekly}/attest", fields), visitor.send(f"{weekly}/attest", fields)
    assert [page.status for page in (first, second)] == [303, 303]
    assert target(second).endswith(weekly)
