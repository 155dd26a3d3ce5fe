"""Workers killed at random: every message is in the outbox exactly once. A longer run: python -m tests.jobs 60"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from tests.jobs import kills
from tests.mail.servers import Postman, mail_server

PERIODS = 12
MESSAGES = 60


def test_workers_killed_at_random_lose_no_message_and_double_none(database_url: str, tmp_path: Path) -> None:
    found, killed, done = kills.run(database_url, tmp_path, PERIODS, random.Random(6))
    assert found == kills.expected(PERIODS)
    assert killed >= PERIODS / 2
    assert len(done) == PERIODS


def test_workers_killed_while_they_send_send_nothing_twice_and_hide_nothing(database_url: str) -> None:
    postman = Postman(slow=0.02)
    with mail_server(postman) as server:
        states, killed = kills.run_delivery(database_url, server, MESSAGES, random.Random(6))
    received = Counter(postman.addresses())
    assert killed >= 3
    assert len(states) == MESSAGES
    assert set(states.values()) <= {"sent", "sending"}
    assert max(received.values()) == 1
    sent = {address for address, state in states.items() if state == "sent"}
    assert sent <= set(received)
    assert (
        len(states) - len(sent) <= killed + kills.WORKERS
    )  # what was in the hands of a worker when it died waits for a person
