"""Through a mail server: each message once, whatever the server says, and what it said is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.mail.conftest import NOW, Clock, Drainer
from tests.mail.outboxes import details, leave, states
from tests.mail.servers import Postman, certificate, mail_server, silent_server
from tracker.config import Smtp
from tracker.jobs.delivery import Delivered
from tracker.models import OutboxMessage
from tracker.models.engine import transaction
from tracker.queries.outbox import WAITING, messages
from tracker.rules.delivery import STUCK_AFTER
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor
from tracker.services import delivery

ADMIN = Actor(None, "Systems Administrator", administrator=True)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"))


def test_messages_go_over_one_connection_with_tls_and_a_password(
    engine: Engine, drain: Drainer, tls: tuple[Path, Path]
) -> None:
    addresses = leave(engine, "ada", "bob", "cyd")
    postman = Postman()
    with mail_server(postman, tls, login=True) as server:
        assert drain(server)() == Delivered(3, 0)
    assert postman.addresses() == addresses
    assert postman.users == ["tracker"]
    ids = [email["Message-ID"] for _, email in postman.got]
    assert len(set(ids)) == 3
    assert all(one.endswith("@testshire.example>") for one in ids)
    assert postman.got[0][1]["From"] == "Plans <plans@testshire.example>"
    assert details(engine) == ["250 Taken"] * 3


def test_a_wrong_password_and_a_certificate_that_nobody_knows_stop_the_round(
    engine: Engine, drain: Drainer, tls: tuple[Path, Path]
) -> None:
    leave(engine, "ada", "bob")
    postman = Postman()
    with mail_server(postman, tls, login=True) as server:
        assert drain(replace(server, password="wrong"))() == Delivered(0, 1)
        assert drain(replace(server, ca_file=""))() == Delivered(0, 1)
    assert postman.got == []
    assert "The server did not let us in: 535" in details(engine)[0]
    assert "certificate verify failed" in details(engine)[1]
    assert states(engine) == ["pending", "pending"]


def test_a_refused_address_fails_for_good_and_the_next_ones_go(engine: Engine, drain: Drainer) -> None:
    ada, bob, cyd, dot = leave(engine, "ada", "bob", "cyd", "dot")
    postman = Postman(rcpt={ada: "550 5.1.1 No such user here"}, data={cyd: "554 Looks like spam"})
    with mail_server(postman) as server:
        assert drain(server)() == Delivered(2, 2)
    assert postman.addresses() == [bob, dot]
    assert postman.connections == 1
    assert states(engine) == ["failed", "sent", "failed", "sent"]
    assert details(engine)[0] == "The server refuses the address: 550 5.1.1 No such user here"
    assert details(engine)[2] == "554 Looks like spam"
    with Session(engine) as session:
        found = messages(session, NOW, WAITING)
    assert [row.to_address for row in found.rows] == [cyd, ada]


def test_an_address_that_is_refused_for_now_is_tried_again_later_each_time(
    engine: Engine, drain: Drainer, clock: Clock
) -> None:
    ada, bob = leave(engine, "ada", "bob")
    postman = Postman(rcpt={ada: "451 4.7.1 Greylisted, come back"}, data={bob: "452 Mailbox full"})
    with mail_server(postman) as server:
        made = drain(server)
        assert made() == Delivered(0, 2)
        assert made() == Delivered(0, 0)  # too early
        clock.now += timedelta(minutes=1)
        assert made() == Delivered(0, 2)
        postman.rcpt.clear()
        postman.data.clear()
        clock.now += timedelta(minutes=4)
        assert made() == Delivered(0, 0)
        clock.now += timedelta(minutes=1)
        assert made() == Delivered(2, 0)
    assert postman.addresses() == [ada, bob]


def test_an_address_that_is_none_fails_and_stops_nobody(engine: Engine, drain: Drainer) -> None:
    leave(engine, "ada", "bob", "cyd")
    with transaction(engine) as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        rows[0].to_address = "evil@testshire.example\nBcc: all@testshire.example"
        rows[1].to_address = "jürgen@testshire.example"
    postman = Postman()
    with mail_server(postman) as server:
        assert drain(server)() == Delivered(1, 2)
    assert postman.addresses() == ["cyd@testshire.example"]
    assert states(engine) == ["failed", "failed", "sent"]


@pytest.mark.parametrize("kind", ["dead", "silent"])
def test_a_server_that_is_not_there_costs_one_message_a_few_minutes_and_the_others_none(
    engine: Engine, drain: Drainer, clock: Clock, kind: str
) -> None:
    addresses = leave(engine, "ada", "bob", "cyd")
    postman = Postman()
    with silent_server() as silent:
        assert drain(silent if kind == "silent" else Smtp("127.0.0.1", 1, "none"))() == Delivered(0, 1)
    assert states(engine) == ["pending"] * 3
    with mail_server(postman) as server:
        assert drain(server)() == Delivered(2, 0)
        clock.now += timedelta(minutes=2)
        assert drain(server)() == Delivered(1, 0)
    assert sorted(postman.addresses()) == addresses


def test_a_server_that_closes_with_421_is_left_alone_until_the_next_round(engine: Engine, drain: Drainer) -> None:
    ada, bob = leave(engine, "ada", "bob")
    postman = Postman(rcpt={ada: "421 Too busy"})
    with mail_server(postman) as server:
        assert drain(server)() == Delivered(0, 1)
        assert states(engine) == ["pending", "pending"]
        assert drain(server)() == Delivered(1, 0)
    assert postman.addresses() == [bob]


@pytest.mark.parametrize("kind", ["hangs", "drops"])
def test_a_message_without_an_answer_waits_for_a_person_and_its_copy_is_known_as_one(
    engine: Engine, drain: Drainer, clock: Clock, kind: str
) -> None:
    ada, bob = leave(engine, "ada", "bob")
    postman = Postman(**{kind: {ada}})
    with mail_server(postman) as server:
        made = drain(server)
        assert made() == Delivered(1, 1)
        assert states(engine) == ["sending", "sent"]
        assert made() == Delivered(0, 0)  # never again by itself
        with pytest.raises(Refusal, match="nothing to decide"), transaction(engine) as session:
            delivery.send_again(session, ADMIN, 1, clock.now)  # it may still be on its way
        clock.now += STUCK_AFTER
        with Session(engine) as session:
            found = messages(session, clock.now, WAITING)
        assert [row.to_address for row in found.rows] == [ada]
        assert "it may have gone" in found.rows[0].detail
        with transaction(engine) as session:
            delivery.send_again(session, ADMIN, 1, clock.now)
        postman.hangs.clear()
        postman.drops.clear()
        assert made() == Delivered(1, 0)
    assert postman.addresses() == [ada, bob, ada]
    assert postman.got[0][1]["Message-ID"] == postman.got[2][1]["Message-ID"]
