"""Saving one update: server time of the POST, against a bare Flask route that changes the row in one transaction."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import bare_pages
from benchmarks.dataset import LEAD, SIZES, build
from benchmarks.measure import line
from benchmarks.pages import application, sign_in
from tracker.extensions import db
from tracker.models import Holding, LeadAssignment, Milestone
from tracker.rules.dates import london_day

AIM = 6.0
AIM_MS = 15


def run(*, quick: bool = False) -> Iterator[str]:
    """Yield a line for each size: the median of forty updates of open milestones of one lead."""
    today = london_day(datetime.now(UTC))
    for size in SIZES[:2] if quick else SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = folder / "benchmark.sqlite3"
            engine = build(path, size, today)
            app = application(folder, path)
            with Session(engine) as session:
                client = sign_in(app, session, LEAD)
                mine = select(LeadAssignment.workstream_id).where(LeadAssignment.post_id.in_(select(Holding.post_id)))
                query = select(Milestone.id).where(Milestone.workstream_id.in_(mine), Milestone.signoff == "none")
                keys = list(session.scalars(query.limit(12)))
            times, bare_times = [], []
            bare = bare_pages.create(path, today.isoformat()).test_client()
            for number in range(40):
                key = keys[number % len(keys)]
                address = f"/milestones/{key}/update"
                form = next(f for f in html.fromstring(client.get(address).data).forms if f.get("enctype"))
                fields = dict(form.form_values()) | {
                    "confidence": "on_track",
                    "progress": f"Visited settings, {number}.",
                }
                times.append(_timed(client, address, fields))
                version = str(int(fields["version"]) + 1)
                plain = {"version": version, "progress": f"Bare {number}."}
                bare_times.append(_timed(bare, f"/update/{key}", plain))
            ours, theirs = (statistics.median(cpu for cpu, _ in found[4:]) for found in (times, bare_times))
            wall = statistics.median(wall for _, wall in times[4:])
            yield f"{line('One update', size, ours, theirs, AIM)}  {wall:.1f} ms by the clock, aim {AIM_MS} ms"
            with app.app_context():
                db.engine.dispose()
            engine.dispose()


def _timed(client: FlaskClient, address: str, fields: dict[str, str]) -> tuple[float, float]:
    """Return the milliseconds of one form that is sent and must be accepted: processor time, and by the clock."""
    start, clock = time.thread_time(), time.perf_counter()
    answer = client.post(address, data=fields)
    spent = (time.thread_time() - start) * 1000, (time.perf_counter() - clock) * 1000
    assert answer.status_code < 400, answer.get_data(as_text=True)[:2000]
    return spent
