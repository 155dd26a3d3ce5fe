"""What chasing, the outbox, days away and webhooks refuse: the very sentence, and nothing is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services.boards import token
from tests.services.refused import refused
from tracker.models import OutboxMessage, Plan, Webhook, WebhookDelivery
from tracker.rules.errors import NotFound, NotPermitted
from tracker.rules.permissions import SYSTEM, Act, Actor
from tracker.rules.webhook import Event
from tracker.services import chasing, delivery, preferences, webhooks
from tracker.services.outbox import Words, post
from tracker.services.update_links import Links

SECRET = "a secret of sixteen and more"
EVERYTHING = [event.value for event in Event]


def may_not(act: Act) -> str:
    """Return the sentence for who may not."""
    return f"You may not {act.value} with the roles you have. Ask the improvement manager."


# ------------------------------------------------------------------ the chase desk
def test_nobody_is_chased_for_a_plan_that_is_not_there(session: Session, manager: Actor) -> None:
    links = Links("a-key-for-tests", 14)
    with refused(session, "There is no such plan.", NotFound):
        chasing.chase_post(session, manager, NOW, "nowhere", token(), 1, (5, 5), links)


def test_nobody_is_chased_for_a_post_that_owes_nothing(session: Session, plan: Plan, manager: Actor) -> None:
    links = Links("a-key-for-tests", 14)
    with refused(session, "This post owes nothing any more: it was put right."):
        chasing.chase_post(session, manager, NOW, plan.slug, token(), 999_999, (5, 5), links)


# ------------------------------------------------------------------ the outbox
@pytest.fixture
def message(session: Session) -> OutboxMessage:
    """Return a message that the mail server refused."""
    post(session, "key", "test", factories.person(session), "A subject", Words("Body"), NOW)
    found = session.query(OutboxMessage).one()
    found.state = "failed"
    return found


def test_what_becomes_of_a_message_is_decided_by_an_administrator(
    session: Session, manager: Actor, message: OutboxMessage
) -> None:
    for act in (delivery.send_again, delivery.give_up):
        with refused(session, may_not(Act.MANAGE_OUTBOX), NotPermitted):
            act(session, manager, message.id, NOW)


def test_a_message_that_is_not_there_is_neither_sent_again_nor_given_up(session: Session) -> None:
    for act in (delivery.send_again, delivery.give_up):
        with refused(session, "There is no such message.", NotFound):
            act(session, SYSTEM, 999_999, NOW)


# ------------------------------------------------------------------ days away
def test_nobody_is_away_for_more_than_a_year(session: Session, lead: Actor) -> None:
    said = "Enter at most a year. Somebody else can hold the post meanwhile."
    with refused(session, said, field="to_day"):
        preferences.go_away(session, lead, NOW, TODAY, TODAY + timedelta(days=367))
    assert preferences.go_away(session, lead, NOW, TODAY, TODAY + timedelta(days=366)).id


def test_only_a_person_chooses_how_they_are_told(session: Session) -> None:
    for nobody in (SYSTEM, Actor(999_999, "Somebody who is gone")):
        with refused(session, "Sign in first.", NotPermitted):
            preferences.choose(session, nobody, "", at_once=True, workbook=False)


# ------------------------------------------------------------------ webhooks
@pytest.fixture
def hook(session: Session) -> Webhook:
    return webhooks.register(session, SYSTEM, NOW, "https://hooks.example/a", SECRET, EVERYTHING, "json", None)


@pytest.fixture
def delivered(session: Session, hook: Webhook) -> WebhookDelivery:
    """Return a delivery that failed."""
    made = WebhookDelivery(webhook_id=hook.id, cause="c", kind="signed-off", body="{}", created_at=NOW, state="failed")
    session.add(made)
    session.flush()
    return made


def test_an_address_has_its_length(session: Session) -> None:
    long = f"https://hooks.example/{'a' * 1_979}"
    with refused(session, "Enter an address of at most 2000 characters.", field="address"):
        webhooks.register(session, SYSTEM, NOW, long, SECRET, EVERYTHING, "json", None)
    assert webhooks.register(session, SYSTEM, NOW, long[:-1], SECRET, EVERYTHING, "json", None).address == long[:-1]


def test_webhooks_are_changed_switched_and_sent_again_by_an_administrator(
    session: Session, plan: Plan, manager: Actor, hook: Webhook, delivered: WebhookDelivery
) -> None:
    for act in (
        lambda: webhooks.change(
            session,
            manager,
            NOW,
            hook.id,
            "https://hooks.example/b",
            EVERYTHING,
            "json",
            None,
            ours="https://a.example",
        ),
        lambda: webhooks.renew_secret(session, manager, NOW, hook.id),
        lambda: webhooks.remove(session, manager, NOW, hook.id),
        lambda: webhooks.switch(session, manager, NOW, hook.id),
        lambda: webhooks.send_again(session, manager, NOW, hook.id, delivered.id),
    ):
        with refused(session, may_not(Act.MANAGE_WEBHOOKS), NotPermitted):
            act()


def test_a_delivery_is_sent_again_where_it_is_one_of_the_webhook(
    session: Session, hook: Webhook, delivered: WebhookDelivery
) -> None:
    other = webhooks.register(session, SYSTEM, NOW, "https://hooks.example/b", SECRET, EVERYTHING, "json", None)
    for webhook, key in ((hook, 999_999), (other, delivered.id)):
        with refused(session, "There is no such delivery.", NotFound):
            webhooks.send_again(session, SYSTEM, NOW, webhook.id, key)
    for act in (
        lambda: webhooks.switch(session, SYSTEM, NOW, 999_999),
        lambda: webhooks.send_again(session, SYSTEM, NOW, 999_999, delivered.id),
    ):
        with refused(session, "There is no such webhook.", NotFound):
            act()


def test_a_delivery_is_not_sent_again_while_a_worker_has_it_or_its_address_is_off(
    session: Session, hook: Webhook, delivered: WebhookDelivery
) -> None:
    delivered.state = "sending"
    with refused(session, "A worker has this delivery in hand. Look again in a few minutes."):
        webhooks.send_again(session, SYSTEM, NOW, hook.id, delivered.id)
    delivered.state = "failed"
    webhooks.switch(session, SYSTEM, NOW, hook.id)
    with refused(session, "This address is switched off. Switch it on first."):
        webhooks.send_again(session, SYSTEM, NOW, hook.id, delivered.id)
