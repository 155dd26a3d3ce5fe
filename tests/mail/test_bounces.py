"""Messages that come back: reports of servers are read, each is noted once, and the address is known as failing."""

from __future__ import annotations

import random
from email import message_from_bytes, policy

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.mail.conftest import NOW, Drainer
from tests.mail.outboxes import details, leave, states
from tests.mail.reports import REPORTS, plain_mail, report
from tests.mail.servers import Postman, mail_server
from tracker.config import Settings
from tracker.mail.bounces import read_bounce
from tracker.mail.message import message_id
from tracker.models import OutboxMessage, Person
from tracker.models.engine import transaction
from tracker.queries.outbox import WAITING, messages
from tracker.queries.people import failing_addresses
from tracker.rules.delivery import reference
from tracker.rules.errors import NotPermitted, Refusal
from tracker.rules.permissions import Actor
from tracker.services import delivery
from tracker.services.accounts import change_email
from tracker.services.bounces import came_back

ADMIN = Actor(None, "Systems Administrator", administrator=True)
OURS = message_id("key:ada", "Plans <plans@testshire.example>")
ADDRESS = "ada@testshire.example"
SAYS = {
    "postfix": f"550 5.1.1 <{ADDRESS}>: Recipient address rejected: User unknown in virtual mailbox table",
    "exchange": "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "exim": "5.1.1",
}


def bounced(engine: Engine, data: bytes) -> bool:
    """Note a report; return whether it told something new."""
    bounce = read_bounce(data)
    assert bounce is not None
    with transaction(engine) as session:
        found = came_back(session, NOW, bounce.reference, bounce.says)
        return found is not None and found[1]


# ------------------------------------------------------------------ reading
@pytest.mark.parametrize("kind", REPORTS)
def test_the_report_of_a_server_says_which_message_came_back_and_why(kind: str) -> None:
    found = read_bounce(report(kind, OURS, ADDRESS))
    assert found is not None
    assert found.reference == reference("key:ada")
    assert found.address == ADDRESS
    assert SAYS[kind] in found.says


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_what_is_only_late_or_has_arrived_is_no_bounce(kind: str, action: str) -> None:
    assert read_bounce(report(kind, OURS, ADDRESS, action, "4.4.1")) is None


def test_what_a_person_writes_is_no_bounce_and_neither_is_a_report_about_a_message_of_others() -> None:
    assert read_bounce(plain_mail(OURS)) is None
    assert read_bounce(report("postfix", "<20261130.1@elsewhere.example>", ADDRESS)) is None
    assert read_bounce(b"") is None


def test_whatever_arrives_is_read_or_left_alone() -> None:
    chance = random.Random(7)
    for kind in REPORTS:
        good = report(kind, OURS, ADDRESS)
        for _ in range(150):
            data = bytearray(good)
            for _ in range(chance.randint(1, 30)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            del data[chance.randrange(len(data)) :]
            found = read_bounce(bytes(data))
            assert found is None or len(found.reference) == 40


# ------------------------------------------------------------------ noting
def test_a_message_that_came_back_waits_for_a_person_and_its_address_is_known_as_failing(
    engine: Engine, drain: Drainer, settings: Settings
) -> None:
    leave(engine, "ada", "bob")
    drain(sender="Plans <plans@testshire.example>")()
    written = (settings.data_dir / "outbox" / "000001.eml").read_bytes()
    sent_as = str(message_from_bytes(written, policy=policy.default)["Message-ID"])
    assert sent_as == OURS
    assert bounced(engine, report("postfix", sent_as, ADDRESS))
    assert states(engine) == ["bounced", "sent"]
    assert "Came back: 550 5.1.1" in details(engine)[0]
    with Session(engine) as session:
        assert [row.id for row in messages(session, NOW, WAITING).rows] == [1]
        (failing,) = failing_addresses(session)
        assert (failing.email, failing.since) == (ADDRESS, NOW)
        assert "User unknown" in failing.fault


def test_a_report_twice_is_one_and_does_not_undo_what_was_decided(engine: Engine, drain: Drainer) -> None:
    leave(engine, "ada")
    drain()()
    data = report("exchange", OURS, ADDRESS)
    assert [bounced(engine, data), bounced(engine, data)] == [True, False]
    with transaction(engine) as session:
        delivery.give_up(session, ADMIN, 1, NOW)
    assert not bounced(engine, data)
    assert states(engine) == ["given up"]


def test_an_address_that_was_mended_gets_what_is_sent_again(engine: Engine, drain: Drainer, settings: Settings) -> None:
    leave(engine, "ada", "bob")
    drain()()
    assert bounced(engine, report("exim", OURS, ADDRESS))
    with transaction(engine) as session:
        ada, bob = session.scalars(select(Person.id).order_by(Person.id))
        for wrong in ("nobody", "bob@testshire.example"):
            with pytest.raises(Refusal):
                change_email(session, ADMIN, NOW, ada, wrong)
        with pytest.raises(NotPermitted):
            change_email(session, Actor(bob, "Bob"), NOW, ada, "mine@testshire.example")
        assert change_email(session, ADMIN, NOW, ada, "Ada.Lovelace@testshire.example")
        assert failing_addresses(session) == []
        delivery.send_again(session, ADMIN, 1, NOW)
    drain()()
    found = message_from_bytes((settings.data_dir / "outbox" / "000001.eml").read_bytes(), policy=policy.default)
    assert found["To"] == "ada.lovelace@testshire.example"


def test_a_report_about_an_address_that_a_person_no_longer_has_says_nothing_of_the_new_one(
    engine: Engine, drain: Drainer
) -> None:
    leave(engine, "ada")
    drain()()
    with transaction(engine) as session:
        session.scalars(select(Person)).one().email = "new@testshire.example"
    assert bounced(engine, report("postfix", OURS, ADDRESS))
    with Session(engine) as session:
        assert failing_addresses(session) == []


def test_a_report_about_a_message_that_is_not_in_this_outbox_changes_nothing(engine: Engine, drain: Drainer) -> None:
    leave(engine, "bob")
    drain()()
    assert not bounced(engine, report("postfix", OURS, ADDRESS))
    assert states(engine) == ["sent"]


# ------------------------------------------------------------------ refused at once
def test_an_address_that_the_server_refuses_is_failing_and_one_that_only_the_test_system_has_is_not(
    engine: Engine, drain: Drainer
) -> None:
    leave(engine, "ada", "bob")
    postman = Postman(rcpt={ADDRESS: "550 5.1.1 There is nobody of this name"})
    with mail_server(postman) as server:
        drain(server)()
        with Session(engine) as session:
            assert [one.email for one in failing_addresses(session)] == [ADDRESS]
            assert "There is nobody of this name" in failing_addresses(session)[0].fault
        with transaction(engine) as session:
            for person in session.scalars(select(Person)):
                person.mail_failed_at, person.mail_fault = None, ""
            session.execute(OutboxMessage.__table__.update().values(state="pending"))
        drain(server, redirect=ADDRESS)()
    assert set(states(engine)) == {"failed"}
    with Session(engine) as session:
        assert failing_addresses(session) == []
