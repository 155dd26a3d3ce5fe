"""From the outbox to the receiver: files, test systems, many workers, persons who decide."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import Engine, select

from tests.mail.conftest import NOW, Clock, Drainer
from tests.mail.outboxes import details, leave, states
from tests.mail.servers import Postman, mail_server
from tracker.config import Settings
from tracker.jobs.delivery import Delivered
from tracker.models import OutboxMessage
from tracker.models.engine import transaction
from tracker.queries.update_links import signed
from tracker.rules.delivery import GIVES_UP_AFTER, LINK_MARK, STUCK_AFTER, Mail, Trouble, after_trouble, needs_a_person
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor
from tracker.services import delivery

ADMIN = Actor(None, "Systems Administrator", administrator=True)


# ------------------------------------------------------------------ files
def test_without_a_setting_each_message_is_one_file_that_a_mail_program_opens(
    engine: Engine, drain: Drainer, settings: Settings
) -> None:
    leave(engine, "ada", "bob")
    assert drain()() == Delivered(2, 0)
    first, second = sorted((settings.data_dir / "outbox").iterdir())
    assert second.suffix == ".eml"
    found = message_from_bytes(first.read_bytes(), policy=policy.default)
    assert found["To"] == "ada@testshire.example"
    assert found["Subject"] == "Grüße & news for ada"
    assert found["Auto-Submitted"] == "auto-generated"
    text, page = (found.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert "Open it in the tracker: https://plans.testshire.example/milestones/5" in text
    assert '<html lang="en-GB">' in page
    assert page.count("<h1") == 1
    assert "Grüße &amp; news for ada" in page
    assert 'href="https://plans.testshire.example/milestones/5"' in page
    assert "Testshire Council" in text
    assert "Testshire Council" in page
    assert states(engine) == ["sent", "sent"]
    assert drain()() == Delivered(0, 0)


def test_the_link_of_the_reader_is_put_in_when_the_message_leaves(
    engine: Engine, drain: Drainer, settings: Settings
) -> None:
    leave(engine, "ada")
    with transaction(engine) as session:
        message = session.scalars(select(OutboxMessage)).one()
        message.body, message.path, message.link = f"Open {LINK_MARK}/5", LINK_MARK, "the-value"
    assert drain()() == Delivered(1, 0)
    (path,) = (settings.data_dir / "outbox").iterdir()
    found = message_from_bytes(path.read_bytes(), policy=policy.default)
    text, page = (found.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    own = f"/u/{signed(settings.secret_key, 'the-value')}"
    assert f"Open {own}/5" in text
    assert f"Update your milestones: https://plans.testshire.example{own}\r\n" in text
    assert f'href="https://plans.testshire.example{own}"' in page
    assert LINK_MARK not in text + page
    with engine.connect() as connection:
        assert own not in connection.scalar(select(OutboxMessage.body))  # type: ignore[operator]


def test_a_long_subject_begins_on_the_line_of_its_name(engine: Engine, drain: Drainer, settings: Settings) -> None:
    leave(engine, "ada")
    subject = "Improvement plans: 1 overdue milestone without an answer, 3 sign-offs wait"
    with transaction(engine) as session:
        session.scalars(select(OutboxMessage)).one().subject = subject
    drain()()
    (path,) = (settings.data_dir / "outbox").iterdir()
    assert f"\r\nSubject: {subject}\r\n".encode() in path.read_bytes()


def test_the_same_message_twice_is_the_same_file(engine: Engine, drain: Drainer, settings: Settings) -> None:
    leave(engine, "ada")
    drain()()
    with transaction(engine) as session:
        session.scalars(select(OutboxMessage)).one().state = "given up"
    with transaction(engine) as session:
        delivery.send_again(session, ADMIN, 1, NOW)
    drain()()
    assert len(list((settings.data_dir / "outbox").iterdir())) == 1


def test_a_folder_that_takes_no_file_is_tried_again(
    engine: Engine, drain: Drainer, settings: Settings, clock: Clock
) -> None:
    leave(engine, "ada")
    (settings.data_dir / "outbox").write_text("not a folder")
    assert drain()() == Delivered(0, 1)
    assert states(engine) == ["pending"]
    (settings.data_dir / "outbox").unlink()
    clock.now += timedelta(minutes=3)
    assert drain()() == Delivered(1, 0)


def test_on_a_test_system_everything_goes_to_one_address(engine: Engine, drain: Drainer) -> None:
    leave(engine, "ada", "bob")
    postman = Postman()
    with mail_server(postman) as server:
        drain(server, redirect="tester@testshire.example")()
    assert postman.addresses() == ["tester@testshire.example"] * 2
    assert postman.got[0][1]["Subject"] == "[for ada@testshire.example] Grüße & news for ada"


def test_a_dry_run_sends_nothing_and_nothing_of_it_goes_later(engine: Engine, drain: Drainer) -> None:
    leave(engine, "ada")
    postman = Postman()
    with mail_server(postman) as server:
        assert drain(server, dry_run=True)() == Delivered(1, 0)
        assert drain(server)() == Delivered(0, 0)
        assert (postman.got, states(engine)) == ([], ["dry run"])
        with transaction(engine) as session:
            delivery.send_again(session, ADMIN, 1, NOW)
        assert drain(server)() == Delivered(1, 0)


# ------------------------------------------------------------------ many hands, and persons
def test_of_many_workers_each_message_is_handed_over_by_one(engine: Engine, drain: Drainer) -> None:
    from concurrent.futures import ThreadPoolExecutor

    addresses = leave(engine, *(f"person-{number:02}" for number in range(25)))
    postman = Postman()
    with mail_server(postman) as server, ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: drain(server)(), range(4)))
    assert sorted(postman.addresses()) == addresses
    assert sum(one.troubled for one in found) == 0


def test_a_person_gives_a_message_up_and_may_think_again(engine: Engine, drain: Drainer) -> None:
    (ada,) = leave(engine, "ada")
    postman = Postman(rcpt={ada: "550 No such user"})
    with mail_server(postman) as server:
        drain(server)()
        with transaction(engine) as session:
            delivery.give_up(session, ADMIN, 1, NOW)
        with pytest.raises(Refusal, match="given up: there is nothing to decide"), transaction(engine) as session:
            delivery.give_up(session, ADMIN, 1, NOW)
        assert drain(server)() == Delivered(0, 0)
        postman.rcpt.clear()
        with transaction(engine) as session:
            delivery.send_again(session, ADMIN, 1, NOW)
        assert "Sent again by Systems Administrator (Given up by Systems Administrator" in details(engine)[0]
        assert drain(server)() == Delivered(1, 0)


def test_nobody_but_an_administrator_decides_about_messages(engine: Engine) -> None:
    leave(engine, "ada")
    for act in (delivery.send_again, delivery.give_up):
        with pytest.raises(Refusal, match="You may not"), transaction(engine) as session:
            act(session, Actor(1, "Somebody"), 1, NOW)


# ------------------------------------------------------------------ the rule
def test_trouble_leads_where_it_should() -> None:
    young, old = NOW - timedelta(hours=1), NOW - GIVES_UP_AFTER
    assert after_trouble(Trouble.REJECTED, 1, young, NOW).state is Mail.FAILED
    assert after_trouble(Trouble.UNKNOWN, 1, old, NOW).state is Mail.SENDING
    for trouble in (Trouble.LATER, Trouble.UNREACHABLE):
        assert after_trouble(trouble, 1, old, NOW).state is Mail.FAILED
    waits = [after_trouble(Trouble.LATER, number, young, NOW).at for number in range(1, 9)]
    assert waits == sorted(waits, key=lambda at: at or NOW)
    assert waits[-1] == NOW + timedelta(hours=4)
    assert {after_trouble(Trouble.UNREACHABLE, number, young, NOW).at for number in (1, 50)} == {
        NOW + timedelta(minutes=2)
    }


def test_what_failed_or_is_too_long_on_its_way_needs_a_person() -> None:
    assert needs_a_person("failed", None, NOW)
    assert needs_a_person("sending", NOW - STUCK_AFTER, NOW)
    assert not needs_a_person("sending", NOW - STUCK_AFTER + timedelta(seconds=1), NOW)
    assert not any(needs_a_person(state, NOW - timedelta(days=9), NOW) for state in ("pending", "sent", "given up"))
