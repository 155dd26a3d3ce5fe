"""Receipts on the screen and on the command line: every level, any day, the same function."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from tests.views.test_statements import make, statements
from tests.views.visitor import Visitor
from tests.views.world import World

Visit = Callable[[str], Visitor]
LEVELS = {
    "plan": "/plans/alpha/receipt",
    "priority": "/plans/alpha/priorities/1/receipt",
    "workstream": "/plans/alpha/priorities/1/workstreams/1a/receipt",
    "action": "/plans/alpha/priorities/1/workstreams/1a/actions/A/receipt",
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("day", ["", "?as_at=2025-08-20", "?as_at=2026-03-01"])
def test_every_level_has_a_receipt_for_today_a_past_day_and_a_day_to_come(visit: Visit, level: str, day: str) -> None:
    page = visit("board").get(LEVELS[level] + day)
    assert page.status == 200
    assert "Why this colour" in page.heading
    if level != "action":
        assert "this one decided" in page.words
        assert "What would change it" in page.words


def test_the_receipt_says_what_the_plan_page_says(visit: Visit) -> None:
    visitor = visit("board")
    summary, receipt = visitor.get("/plans/alpha"), visitor.get(LEVELS["plan"])
    sentence = summary.find("//p[@class='verdict__sentence']")[0].text.strip()
    assert sentence
    assert sentence in receipt.words


def test_an_action_with_nothing_linked_says_that_its_workstream_has_the_colour(visit: Visit) -> None:
    page = visit("board").get(LEVELS["action"])
    assert "its workstream has the colour" in page.words


def test_a_ref_leads_to_its_receipt(visit: Visit) -> None:
    visitor, world = visit("board"), visit("board").world
    key = world.milestones["5"]
    for ref, address in {
        "1a.5": f"/milestones/{key}#why",
        "1a": LEVELS["workstream"],
        "commitment:1a.8": f"/commitments/{world.commitment}#why",
        "": LEVELS["plan"],
    }.items():
        page = visitor.get(f"/plans/alpha/receipt?of={ref}")
        assert page.status == (303 if ref else 200)
        if ref:
            assert page.response.headers["Location"].endswith(address)


def test_the_day_stands_before_the_anchor_of_a_receipt(visit: Visit) -> None:
    page = visit("board").get("/plans/alpha/receipt?of=1a.5&as_at=2025-08-20")
    assert page.response.headers["Location"].endswith("?as_at=2025-08-20#why")


@pytest.mark.parametrize(
    "path",
    [
        "/plans/alpha/priorities/9/receipt",
        "/plans/alpha/priorities/1/workstreams/9z/receipt",
        "/plans/alpha/priorities/1/workstreams/1a/actions/Z/receipt",
        "/plans/alpha/receipt?of=9z.1",
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(visit: Visit, path: str) -> None:
    page = visit("board").get(path)
    assert page.status == 404
    assert "There is no" in page.words


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("/", 1),
        ("/plans/alpha", 2),
        ("/plans/alpha/board", 1),
        ("/plans/alpha/milestones", 8),
    ],
)
def test_a_chip_with_its_sentence_is_followed_by_a_link_to_its_receipt(visit: Visit, path: str, links: int) -> None:
    page = visit("board").get(path)
    found = [link for link in page.find("//a[contains(@class, 'why')]") if link.text.startswith("Why this colour")]
    assert len(found) >= links


def test_a_receipt_of_400_milestones_takes_at_most_twelve_statements(
    app, visit: Visit, watch: Engine, world: World
) -> None:
    make(watch, world, 400)
    for path in (
        "/plans/size-400/receipt",
        "/plans/size-400/priorities/1/receipt?as_at=2025-08-20",
        "/plans/size-400/priorities/1/workstreams/1a/receipt",
    ):
        visitor = visit("manager")
        with statements(app) as found:
            assert visitor.get(path).status == 200
        assert len(found) <= 12, path


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Callable[..., str]:
    """Return a way to run a command on the world."""
    from tracker.cli import cli

    monkeypatch.setenv("TRACKER_DATABASE_URL", database_url)

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(cli, list(arguments))
        assert result.exit_code == code, result.output
        return result.output

    return run


@pytest.mark.parametrize(
    ("ref", "kind"),
    [
        ("", "plan"),
        (".", "plan"),
        ("1", "priority"),
        ("1a", "workstream"),
        ("1a.5", "milestone"),
        ("commitment:1a.8", "commitment"),
    ],
)
def test_the_command_takes_any_ref(tracker: Callable[..., str], ref: str, kind: str) -> None:
    data = json.loads(tracker("receipt", "alpha", ref, "--json", "--as-at", "2025-09-20"))
    assert (data["kind"], data["as_at"]) == (kind, "2025-09-20")
    assert [line["fired"] for line in data["rules"]].count(True) == 1
    fired = next(line for line in data["rules"] if line["fired"])
    assert fired["rule"] == data["rule"]
    if "of" in fired:
        assert len(fired["milestones"]) == fired["counted"]


def test_the_command_prints_what_the_screen_shows(tracker: Callable[..., str], visit: Visit) -> None:
    data = json.loads(tracker("receipt", "alpha", "--json"))
    page = visit("board").get(LEVELS["plan"])
    for line in data["rules"]:
        assert line["inputs"] in page.words
        assert line["change"] in page.words
    for sentence in data["would_change"]:
        assert sentence in page.words


def test_the_command_says_what_it_does_not_know(tracker: Callable[..., str]) -> None:
    from tracker.cli import cli

    result = CliRunner().invoke(cli, ["receipt", "alpha", "9z"])
    assert "There is nothing called 9z in alpha" in str(getattr(result.exception, "sentence", result.exception))


def test_a_ref_of_two_things_means_the_milestone_and_says_what_else_it_names(tracker: Callable[..., str]) -> None:
    data = json.loads(tracker("receipt", "alpha", "1a.8", "--json"))
    assert (data["kind"], data["also"]) == ("milestone", ["commitment"])
    assert "1a.8 names a commitment too: write commitment:1a.8 for that." in tracker("receipt", "alpha", "1a.8")


def test_every_exception_on_the_board_view_leads_to_its_receipt(visit: Visit, world: World) -> None:
    visitor = visit("board")
    page = visitor.get("/plans/alpha/board?as_at=2025-11-20")
    links = page.find("//table//a[contains(@class, 'why')]/@href")
    assert links
    answer = visitor.get(links[0])
    assert answer.status == 303
    assert "as_at=2025-11-20#why" in answer.response.headers["Location"]


def test_the_form_of_a_commitment_leads_to_its_receipt(visit: Visit, world: World) -> None:
    page = visit("manager").get(f"/commitments/{world.commitment}/record")
    assert page.find("//a[contains(@class, 'why')]/@href") == [f"/commitments/{world.commitment}#why"]
