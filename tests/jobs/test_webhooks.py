"""Webhooks against a real server on this machine: answered, gone, failing, silent, dead; derived once, switched off."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tracker.config import Settings
from tracker.jobs.webhooks import Hooks, deliver
from tracker.models import Milestone, SecurityEvent, Webhook, WebhookDelivery
from tracker.models.engine import transaction
from tracker.rules.delivery import Trouble
from tracker.rules.errors import NotPermitted, Refusal
from tracker.rules.permissions import SYSTEM, Actor
from tracker.rules.webhook import MOST_FAILURES, Event, sign
from tracker.services import webhooks
from tracker.services.ledger import Recorder

SECRET = "a secret of sixteen and more"
NOW = datetime(2025, 9, 29, 9, 0, tzinfo=UTC)
EVERYTHING = [event.value for event in Event]


class Receiver(ThreadingHTTPServer):
    """A server that keeps what it gets, and answers with the number in the path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Keeps)
        self.got: list[tuple[dict[str, str], str]] = []

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"


class _Keeps(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.got.append((dict(self.headers), body))
        what = self.path.strip("/")
        if what == "slow":
            time.sleep(1)
            return
        self.send_response(int(what))
        if what == "302":
            self.send_header("Location", self.server.at("200"))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def taken(address: str) -> webhooks.Taken:
    return webhooks.Taken(1, 1, address, SECRET, "ledger:1", '{"a":1}')


def register(session: Session, address: str, kinds: list[str] = EVERYTHING) -> Webhook:
    return webhooks.register(session, SYSTEM, NOW, address, SECRET, kinds, "json", None, loopback=True)


@pytest.mark.parametrize(
    ("path", "trouble", "gone"),
    [
        ("200", None, False),
        ("204", None, False),
        ("302", Trouble.REJECTED, False),
        ("404", Trouble.REJECTED, False),
        ("410", Trouble.REJECTED, True),
        ("429", Trouble.LATER, False),
        ("500", Trouble.LATER, False),
    ],
)
def test_what_a_server_answers_decides_what_becomes_of_a_delivery(
    receiver: Receiver, path: str, trouble: Trouble | None, gone: bool
) -> None:
    answer = deliver(taken(receiver.at(path)), NOW, loopback=True)
    assert (answer.trouble, answer.gone) == (trouble, gone)
    assert len(receiver.got) == 1, "no redirect is followed"


def test_a_delivery_is_signed_with_its_moment(receiver: Receiver) -> None:
    deliver(taken(receiver.at("200")), NOW, loopback=True)
    headers, body = receiver.got[0]
    stamp = str(int(NOW.timestamp()))
    assert headers["X-Tracker-Timestamp"] == stamp
    assert headers["X-Tracker-Signature"] == f"sha256={sign(SECRET, stamp, body)}"
    assert headers["X-Tracker-Delivery"] == "ledger:1"
    assert headers["Host"] == f"127.0.0.1:{receiver.server_port}"


def test_a_silent_server_and_a_dead_one_are_tried_again(receiver: Receiver) -> None:
    assert deliver(taken(receiver.at("slow")), NOW, loopback=True, timeout=0.2).trouble is Trouble.LATER
    dead = receiver.at("200")
    receiver.server_close()
    assert deliver(taken(dead), NOW, loopback=True).trouble is Trouble.LATER


def test_nothing_goes_to_this_machine_unless_a_test_says_so(receiver: Receiver) -> None:
    assert deliver(taken(receiver.at("200")), NOW, loopback=False).trouble is Trouble.REJECTED
    inside = receiver.at("200").replace("http://127.0.0.1", "https://localhost")
    answer = deliver(taken(inside), NOW, loopback=False)
    assert (answer.trouble, "private network" in answer.detail) == (Trouble.REJECTED, True)
    assert receiver.got == []


def _world(engine: Engine, address: str) -> None:
    """Commit an address and afterwards a plan in which something is signed off and a colour changes."""
    with transaction(engine) as session:
        plan = factories.plan(session, milestone_line("1"), effective=datetime(2025, 6, 2, 8, 0, tzinfo=UTC))
        register(session, address)
        milestone = session.scalars(select(Milestone).where(Milestone.plan_id == plan.id)).one()
        recorder = Recorder(session, plan, SYSTEM, NOW + timedelta(hours=1))
        recorder.change(milestone, "approved the completion", {"progress": "What a person wrote"})
        recorder.close()


def test_what_happens_is_delivered_once_without_what_a_person_wrote(
    engine: Engine, settings: Settings, receiver: Receiver
) -> None:
    _world(engine, receiver.at("200"))
    hooks = Hooks(engine, replace(settings, webhook_loopback=True), lambda: NOW + timedelta(days=2))
    assert hooks() == 2
    assert hooks() == 0
    told = [json.loads(body) for _, body in receiver.got]
    assert sorted(one["event"] for one in told) == ["colour-changed", "signed-off"]
    assert [one["says"] for one in told if one["event"] == "colour-changed"] == [
        "1a.1 became red on 1 October 2025; it was amber."
    ]
    assert not any("What a person wrote" in body for _, body in receiver.got)


def test_an_address_in_trouble_is_tried_again_later_and_switched_off_in_the_end(
    engine: Engine, settings: Settings, receiver: Receiver
) -> None:
    _world(engine, receiver.at("500"))
    moment = [NOW + timedelta(days=2)]
    hooks = Hooks(engine, replace(settings, webhook_loopback=True), lambda: moment[0])
    assert hooks() == 0
    assert len(receiver.got) == 1, "one attempt a round"
    for _ in range(48):
        moment[0] += timedelta(hours=1)
        hooks()
    assert len(receiver.got) == MOST_FAILURES
    with Session(engine) as session:
        hook = session.scalars(select(Webhook)).one()
        assert hook.disabled_at is not None
        assert "20 attempts without success. Answered 500" in hook.note


def test_an_address_that_is_gone_is_switched_off_at_once(
    engine: Engine, settings: Settings, receiver: Receiver
) -> None:
    _world(engine, receiver.at("410"))
    Hooks(engine, replace(settings, webhook_loopback=True), lambda: NOW + timedelta(days=2))()
    assert len(receiver.got) == 1
    with Session(engine) as session:
        assert session.scalars(select(Webhook.disabled_at)).one() is not None


def test_a_delivery_is_sent_again_by_hand_and_a_killed_worker_leaves_it_to_the_next(session: Session) -> None:
    hook = register(session, "http://127.0.0.1/x")
    made = WebhookDelivery(webhook_id=hook.id, cause="c", kind="signed-off", body="{}", created_at=NOW)
    session.add(made)
    session.flush()
    assert webhooks.take(session, made.id, NOW) is not None
    assert webhooks.take(session, made.id, NOW + timedelta(minutes=14)) is None
    again = webhooks.take(session, made.id, NOW + timedelta(minutes=16))
    assert again is not None
    webhooks.record(session, again, NOW, Trouble.REJECTED, "Answered 404", gone=False)
    assert (made.state, made.detail) == ("failed", "Answered 404")
    webhooks.send_again(session, SYSTEM, NOW, hook.id, made.id)
    assert webhooks.due(session, NOW) == [(made.id, hook.id)]
    assert not webhooks.switch(session, SYSTEM, NOW, hook.id)
    assert webhooks.due(session, NOW) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"address": "http://hooks.example"}, "address"),
        ({"secret": "short"}, "secret"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["nonsense"]}, "kinds"),
        ({"plan_id": 999}, "plan"),
        ({"form": "pigeon"}, "form"),
    ],
)
def test_a_wrong_entry_is_refused_at_its_field(session: Session, values: dict[str, object], field: str) -> None:
    good = {
        "address": "https://hooks.example/a",
        "secret": SECRET,
        "kinds": EVERYTHING,
        "form": "json",
        "plan_id": None,
    }
    with pytest.raises(Refusal) as refused:
        webhooks.register(session, SYSTEM, NOW, **{**good, **values})  # type: ignore[arg-type]
    assert refused.value.field == field


def test_only_an_administrator_registers(session: Session) -> None:
    with pytest.raises(NotPermitted):
        webhooks.register(session, Actor(1, "A lead"), NOW, "https://hooks.example", SECRET, EVERYTHING, "json", None)


# ------------------------------------------------------------------ changing and deleting
ADMIN = Actor(None, "The administrator", administrator=True)


def noted(session: Session) -> list[str]:
    """Return what the security log says of webhooks, oldest first."""
    query = select(SecurityEvent.detail).where(SecurityEvent.kind == "webhook changed").order_by(SecurityEvent.id)
    return list(session.scalars(query))


def test_what_is_changed_holds_from_then_on_and_what_waits_goes_to_the_new_address(session: Session) -> None:
    hook = register(session, "http://127.0.0.1/x", ["signed-off"])
    waits = WebhookDelivery(webhook_id=hook.id, cause="ledger:1", kind="signed-off", body="{}", created_at=NOW)
    session.add(waits)
    hook.failures = 5
    told = {"ours": "https://plans.example", "loopback": True}
    later = NOW + timedelta(days=1)
    changed = webhooks.change(
        session,
        ADMIN,
        later,
        hook.id,
        "http://localhost/y?key=canary",
        ["signed-off", "pack-issued"],
        "teams",
        None,
        **told,
    )
    assert changed == ["address", "what is told", "how it is written"]
    assert (hook.kinds, hook.form, hook.failures, hook.created_at) == (["signed-off", "pack-issued"], "teams", 0, later)
    taken = webhooks.take(session, waits.id, later)
    assert taken is not None
    assert taken.address == "http://localhost/y?key=canary"
    same = (hook.address, list(hook.kinds), hook.form, hook.plan_id)
    assert webhooks.change(session, ADMIN, later, hook.id, *same, **told) == []
    assert noted(session) == [
        f"registered, webhook {hook.id} (127.0.0.1)",
        f"changed: address, what is told, how it is written, webhook {hook.id} (localhost)",
    ]
    for values in (("ftp://x", ["signed-off"]), ("http://localhost/y", [])):
        with pytest.raises(Refusal):
            webhooks.change(session, ADMIN, later, hook.id, *values, "teams", None, **told)


def test_what_happened_before_a_change_is_told_as_it_was_asked_for_then(session: Session) -> None:
    plan = factories.plan(session, milestone_line("1"), effective=NOW - timedelta(days=90))
    hook = register(session, "http://127.0.0.1/x", ["date-decided"])
    (milestone,) = factories.milestones_of(session, plan)
    recorder = Recorder(session, plan, SYSTEM, NOW + timedelta(hours=1))
    recorder.change(milestone, "approved the new date", {"due_text": "Dec 2025"})
    recorder.close()
    ours = "https://plans.example"
    later = NOW + timedelta(hours=2)
    webhooks.change(
        session, ADMIN, later, hook.id, hook.address, ["pack-issued"], "json", None, ours=ours, loopback=True
    )
    assert [one.kind for one in session.scalars(select(WebhookDelivery))] == ["date-decided"]
    assert webhooks.derive(session, later, ours) == 0


def test_a_new_secret_signs_what_is_sent_from_then_on(session: Session) -> None:
    hook = webhooks.register(session, SYSTEM, NOW, "https://hooks.example/x", "", EVERYTHING, "json", None)
    first = hook.secret
    assert len(first) >= 40
    assert webhooks.renew_secret(session, ADMIN, NOW, hook.id) == hook.secret != first
    assert noted(session)[-1] == f"new secret, webhook {hook.id} (hooks.example)"
    assert all(made not in " ".join(noted(session)) for made in (first, hook.secret))


def test_a_deleted_address_is_gone_with_its_log_and_a_worker_that_sends_to_it_does_no_harm(session: Session) -> None:
    hook, other = register(session, "http://127.0.0.1/x"), register(session, "http://127.0.0.1/y")
    for one in (hook, other):
        session.add(WebhookDelivery(webhook_id=one.id, cause="ledger:1", kind="signed-off", body="{}", created_at=NOW))
    session.flush()
    mine = session.scalars(select(WebhookDelivery.id).where(WebhookDelivery.webhook_id == hook.id)).one()
    taken = webhooks.take(session, mine, NOW)
    assert taken is not None
    webhooks.remove(session, ADMIN, NOW, taken.webhook_id)
    webhooks.record(session, taken, NOW, None, "Answered 200", gone=False)
    assert session.scalars(select(Webhook.id)).all() == [other.id]
    assert session.scalars(select(WebhookDelivery.webhook_id)).all() == [other.id]
    assert noted(session)[-1].startswith("deleted, webhook ")
    for act in (webhooks.remove, webhooks.renew_secret):
        with pytest.raises(NotPermitted):
            act(session, Actor(1, "A lead"), NOW, other.id)
