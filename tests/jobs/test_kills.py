"""Workers killed at random: every message is in the outbox exactly once. A longer run is tests/jobs/kills.py."""

from __future__ import annotations

import random
from pathlib import Path

from tests.jobs import kills

PERIODS = 12


def test_workers_killed_at_random_lose_no_message_and_double_none(database_url: str, tmp_path: Path) -> None:
    found, killed, done = kills.run(database_url, tmp_path, PERIODS, random.Random(6))
    assert found == kills.expected(PERIODS)
    assert killed >= PERIODS / 2
    assert len(done) == PERIODS
