"""`python -m tests.jobs 60`: 60 periods of workers killed at random, on SQLite or on the PostgreSQL of the tests."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.jobs import kills


def main(periods: int) -> None:
    """Run and print what came of it; ends with 1 if a message was lost or is there twice."""
    from tests.conftest import migrate
    from tests.databases import PostgresDatabases, SqliteDatabases

    server = os.environ.get("TRACKER_TEST_DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as folder:
        databases = PostgresDatabases(server) if server else SqliteDatabases(Path(folder))
        url = databases.template("kills", migrate)
        began = time.monotonic()
        found, killed, _ = kills.run(url, Path(folder), periods, random.Random())
        wanted = kills.expected(periods)
        print(
            f"{periods} periods, {killed} workers killed, {sum(found.values())} messages, "
            f"{sum((wanted - found).values())} lost, {sum((found - wanted).values())} too many, "
            f"{time.monotonic() - began:.0f} s"
        )
        if isinstance(databases, PostgresDatabases):
            databases.close()
    sys.exit(found != wanted)


if __name__ == "__main__":
    main(int(sys.argv[1]))
