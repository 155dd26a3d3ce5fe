"""Updates without an account: what a link opens, what it saves, what it refuses, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.views.boxes import versions
from tests.views.visitor import Visitor, explained, target
from tests.views.world import LEAD, World, contents
from tests.views.world_parts import LINK
from tracker.models import Evidence, LedgerEntry, Membership, Milestone, Person, SecurityEvent, UpdateLink
from tracker.queries.update_links import MOST_GUESSES, signed
from tracker.rules.permissions import Role

Visit = Callable[[str], Visitor]
SAVED = {"confidence": "on_track", "progress": "The third school is done"}


def change(watch: Engine, model: type, **values: Any) -> None:
    """Change every row of a table."""
    with Session(watch) as session:
        session.execute(update(model).values(**values))
        session.commit()


def refusals(watch: Engine) -> list[tuple[str, str, int]]:
    """Return the refused links in the security log: whose, by which route, how often."""
    with Session(watch) as session:
        query = select(SecurityEvent.email, SecurityEvent.detail, SecurityEvent.times)
        return [tuple(row) for row in session.execute(query.where(SecurityEvent.kind == "link refused"))]


def test_opening_a_link_shows_what_waits_and_changes_nothing(visit: Visit, world: World, watch: Engine) -> None:
    before = contents(watch)
    visitor = visit("anonymous")
    page = visitor.get(f"/u/{LINK}")
    ours = [f"/u/{LINK}/{world.milestones[ref]}" for ref in ("1", "5")]
    assert set(ours) <= set(page.find("//main//a/@href"))
    assert not page.find("//nav")
    assert "Sign out" not in page.words
    form = visitor.get(ours[1])
    assert form.find("//form[@method='post']/@action") == [ours[1]]
    assert visitor.http.head(ours[1]).status_code == 200
    assert contents(watch) == before


def test_only_the_button_saves_and_the_ledger_says_by_whose_link(visit: Visit, world: World, watch: Engine) -> None:
    visitor, key = visit("anonymous"), world.milestones["5"]
    opened = visitor.get(f"/u/{LINK}/{key}")
    page = visitor.submit(opened, SAVED, to=f"/u/{LINK}/{key}", follow=False)
    assert page.status == 303
    assert target(page).startswith(f"/u/{LINK}")
    assert "Saved. 1a.5 is" in visitor.get(target(page)).words
    with Session(watch) as session:
        entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc()).limit(1)).one()
        assert (entry.actor, entry.actor_id, entry.verb) == (f"By link to {LEAD}", world.people["lead"], "updated")
        assert session.get_one(Milestone, key).progress == SAVED["progress"]
        assert session.scalars(select(UpdateLink.used_at)).one() is not None
    assert target(visitor.get("/my-milestones")).startswith("/sign-in")  # nobody is signed in by it


def test_a_completion_is_claimed_with_evidence_by_link(visit: Visit, world: World, watch: Engine) -> None:
    key = world.milestones["5"]
    told = {"confidence": "done", "progress": "All schools are done", "version": versions(watch)(key)}
    visitor = visit("anonymous")
    explained(visitor.send(f"/u/{LINK}/{key}", told))
    with Session(watch) as session:
        assert session.scalars(select(UpdateLink.used_at)).one() is None
    assert visitor.send(f"/u/{LINK}/{key}", {**told, "evidence_url": "https://testshire.example/all"}).status == 303
    with Session(watch) as session:
        found = session.get_one(Milestone, key)
        assert (found.signoff, found.claimed_by_id) == ("claimed", world.people["lead"])
        query = select(Evidence.url).where(Evidence.milestone_id == key)
        assert session.scalars(query).all() == ["https://testshire.example/all"]


def test_what_others_lead_is_not_found_by_link_whatever_else_its_person_is(
    visit: Visit, world: World, watch: Engine
) -> None:
    with Session(watch) as session:
        for plan_id in (world.alpha, world.beta):
            session.add(Membership(plan_id=plan_id, person_id=world.people["lead"], role=Role.MANAGER.value))
        session.commit()
    change(watch, Person, administrator=True)
    before = contents(watch)
    visitor = visit("manager")  # nor does it help to be signed in
    for key in (*world.others.values(), 999_999):
        for page in (visitor.get(f"/u/{LINK}/{key}"), visitor.send(f"/u/{LINK}/{key}", {**SAVED, "version": 1})):
            assert page.status == 404
            assert "not one of yours" in page.words
    assert contents(watch) == before
    assert visitor.get("/plans/alpha").status == 200


@pytest.mark.parametrize(
    ("model", "values", "sentence"),
    [
        (UpdateLink, {"expires_at": NOW - timedelta(days=1)}, "This link expired on 9 September 2025."),
        (UpdateLink, {"revoked_at": NOW}, "This link was withdrawn on 10 September 2025."),
        (Person, {"disabled_at": NOW}, "The account that this link was for is disabled."),
    ],
)
def test_a_link_that_holds_no_longer_says_why_and_whom_to_ask(
    visit: Visit, world: World, watch: Engine, model: type, values: dict[str, Any], sentence: str
) -> None:
    change(watch, model, **values)
    before = contents(watch)
    visitor, form = visit("anonymous"), f"/u/{LINK}/{world.milestones['5']}"
    for page in (visitor.get(f"/u/{LINK}"), visitor.get(form), visitor.send(form, SAVED)):
        assert page.status == 403
        assert sentence in page.words
        assert "Your improvement manager can help" in page.words
    assert contents(watch) == before
    assert {(email, times) for email, _, times in refusals(watch)} == {("lead@testshire.example", 1)}


def test_guesses_are_slowed_and_good_links_go_on_opening(visit: Visit, watch: Engine) -> None:
    visitor = visit("anonymous")
    answers = [visitor.get(f"/u/{LINK[:-1]}{number}").status for number in range(MOST_GUESSES + 2)]
    assert set(answers[: MOST_GUESSES - 1]) == {403}
    assert answers[-1] == 429
    assert visitor.get(f"/u/{LINK}").status == 200
    assert sum(times for _, _, times in refusals(watch)) == len(answers)


def test_a_signed_link_that_is_not_stored_opens_nothing(visit: Visit) -> None:
    assert "This link has expired." in visit("anonymous").get(f"/u/{signed('a-key-for-tests', 'nobody')}").words
    assert "not one of ours" in visit("anonymous").get(f"/u/{signed('another key', 'nobody')}").words


@pytest.mark.parametrize(
    ("persona", "page", "sent_to"),
    [
        ("lead", "/my-messages", "/my-messages/links/withdraw"),
        ("administrator", "/accounts/{lead}", "/accounts/{lead}/links/withdraw"),
    ],
)
def test_a_person_and_an_administrator_withdraw_links(
    visit: Visit, world: World, persona: str, page: str, sent_to: str
) -> None:
    visitor = visit(persona)
    opened = visitor.get(page.format(**world.people))
    said = visitor.submit(opened, {}, to=sent_to.format(**world.people))
    assert "Withdrawn: 1 link" in said.words
    assert visit("anonymous").get(f"/u/{LINK}").status == 403
    assert not visitor.get(page.format(**world.people)).find("//form[contains(@action, '/links/withdraw')]")


def test_what_somebody_else_saved_meanwhile_is_shown_beside_what_was_typed(visit: Visit, world: World) -> None:
    key, visitor = world.milestones["5"], visit("anonymous")
    page = visitor.send(f"/u/{LINK}/{key}", {**SAVED, "version": 1})
    assert page.status == 409
    assert page.find("//form[@method='post']/@action") == [f"/u/{LINK}/{key}"]
    assert f"/u/{LINK}" in page.find("//main//a/@href")
