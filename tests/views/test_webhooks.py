"""The pages of webhooks: an address is added, changed and deleted; its secret is shown once and then never again."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.views.visitor import Visitor, explained, in_the_box, target
from tests.views.world import World
from tracker.models import SecurityEvent, Webhook, WebhookDelivery

Visit = Callable[[str], Visitor]
NEW = {"address": "https://hooks.testshire.example/new", "kinds": ["signed-off"], "form": "json"}
_SECRET = re.compile(r"The secret is (\S{40,})\. Copy it to the receiver now")


def noted(watch: Engine) -> list[str]:
    with Session(watch) as session:
        query = select(SecurityEvent.detail).where(SecurityEvent.kind == "webhook changed")
        return list(session.scalars(query.order_by(SecurityEvent.id)))


def test_a_secret_is_made_shown_once_and_made_anew(visit: Visit, world: World, watch: Engine) -> None:
    visitor = visit("administrator")
    home = target(visitor.send("/webhooks/new", NEW))
    first = _SECRET.search(visitor.get(home).words)
    assert first is not None
    page = visitor.get(home)
    assert first[1] not in page.text
    assert "Make a new secret" in page.words
    asked = visitor.visit(page.link("Make a new secret"))
    assert "The receiver refuses it until it knows the secret" in asked.words
    with Session(watch) as session:
        assert session.scalars(select(Webhook.secret).order_by(Webhook.id.desc())).first() == first[1]
    again = _SECRET.search(visitor.submit(asked, to="/secret").words)
    assert again is not None
    assert again[1] != first[1]
    assert again[1] not in visitor.get(home).text
    assert not any(secret[1] in line for secret in (first, again) for line in noted(watch))


def test_a_secret_of_ones_own_is_not_shown_at_all(visit: Visit, world: World) -> None:
    visitor = visit("administrator")
    page = visitor.get(target(visitor.send("/webhooks/new", NEW | {"secret": "a secret of my very own"})))
    assert "a secret of my very own" not in page.text
    explained(visitor.send("/webhooks/new", NEW | {"secret": "short"}))


def test_an_address_is_changed_with_what_stands_in_the_form(visit: Visit, world: World, watch: Engine) -> None:
    visitor = visit("administrator")
    home = f"/webhooks/{world.webhook}"
    page = visitor.visit(visitor.get(home).link("Change it"))
    assert in_the_box(page, "address") == "https://hooks.testshire.example/plans"
    assert page.find("//input[@name='kinds' and @checked]/@value") == ["signed-off"]
    assert not page.find("//input[@name='secret']")
    wrong = visitor.send(f"{home}/edit", NEW | {"address": "http://hooks.testshire.example"})
    explained(wrong)
    assert in_the_box(wrong, "address") == "http://hooks.testshire.example"
    visitor.send(f"{home}/edit", NEW | {"plan": str(world.alpha)})
    page = visitor.get(home)
    assert "Changed: address, plan. It holds from now on." in page.words
    assert "https://hooks.testshire.example/new" in page.words
    assert noted(watch) == [f"changed: address, plan, webhook {world.webhook} (hooks.testshire.example)"]


def test_deleting_asks_says_that_it_is_final_and_leaves_nothing(visit: Visit, world: World, watch: Engine) -> None:
    visitor = visit("administrator")
    home = f"/webhooks/{world.webhook}"
    page = visitor.visit(visitor.get(home).link("Delete it"))
    assert "This cannot be undone." in page.words
    assert "the log of its deliveries (1)" in page.words
    with Session(watch) as session:
        assert session.get(Webhook, world.webhook) is not None
    assert target(visitor.send(f"{home}/delete")) == "/webhooks"
    assert "The address is deleted, with the log of its deliveries." in visitor.get("/webhooks").words
    with Session(watch) as session:
        assert session.get(Webhook, world.webhook) is None
        assert session.scalars(select(WebhookDelivery)).all() == []
    assert visitor.get(home).status == 404
    assert noted(watch) == [f"deleted, webhook {world.webhook} (hooks.testshire.example)"]
