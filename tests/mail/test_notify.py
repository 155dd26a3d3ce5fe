"""Through GOV.UK Notify: what it takes, what it refuses, and what it took without saying so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.mail.conftest import Clock, Drainer
from tests.mail.outboxes import details, leave, states
from tests.mail.servers import notify_server
from tracker.config import Notify
from tracker.jobs.delivery import Delivered
from tracker.mail.notify import reference

KEY = "tests-" + "00000000-0000-0000-0000-000000000001-" + "00000000-0000-0000-0000-000000000002"


@pytest.fixture
def notify() -> Iterator[tuple[Notify, list[int], list[dict[str, object]]]]:
    """Return settings that reach a Notify, the answers that it gives next, and what it has taken."""
    with notify_server() as server:
        yield Notify(KEY, "template-1", server.url), server.answers, server.got


def test_notify_gets_address_subject_body_and_a_reference(engine: Engine, drain: Drainer, notify) -> None:
    service, _, got = notify
    (ada,) = leave(engine, "ada")
    assert drain(service)() == Delivered(1, 0)
    (sent,) = got
    assert (sent["email_address"], sent["template_id"]) == (ada, "template-1")
    assert sent["reference"] == reference("key:ada")
    assert sent["personalisation"]["subject"] == "Grüße & news for ada"
    assert "https://plans.testshire.example/milestones/5" in sent["personalisation"]["body"]
    assert details(engine) == ["Notify: notify-1"]


def test_notify_refuses_a_message_with_400_and_the_next_one_goes(engine: Engine, drain: Drainer, notify) -> None:
    service, answers, got = notify
    leave(engine, "ada", "bob")
    answers.append(400)
    assert drain(service)() == Delivered(1, 1)
    assert states(engine) == ["failed", "sent"]
    assert details(engine)[0] == "400 Can't send to this recipient using a team-only API key"
    assert len(got) == 1


@pytest.mark.parametrize("status", [429, 500, 403])
def test_notify_that_takes_nothing_for_now_is_asked_again_at_the_next_round(
    engine: Engine, drain: Drainer, clock: Clock, notify, status: int
) -> None:
    service, answers, got = notify
    leave(engine, "ada", "bob")
    answers.append(status)
    assert drain(service)() == Delivered(0, 1)
    assert states(engine) == ["pending", "pending"]
    assert details(engine)[0].startswith(str(status))
    clock.now += timedelta(minutes=2)
    assert drain(service)() == Delivered(2, 0)
    assert len(got) == 2


def test_what_notify_took_without_answering_is_found_by_its_reference_and_not_sent_twice(
    engine: Engine, drain: Drainer, clock: Clock, notify
) -> None:
    service, answers, got = notify
    leave(engine, "ada")
    answers.append(-201)
    assert drain(service)() == Delivered(0, 1)
    clock.now += timedelta(minutes=2)
    assert drain(service)() == Delivered(1, 0)
    assert details(engine) == ["Notify had it already: found"]
    assert len(got) == 1


def test_a_dead_notify_is_waited_for(engine: Engine, drain: Drainer) -> None:
    leave(engine, "ada")
    assert drain(Notify(KEY, "template-1", "http://127.0.0.1:1"))() == Delivered(0, 1)
    assert states(engine) == ["pending"]
