"""A register of 10,000 rows read in and read in again: `python -m benchmarks.imports [ROWS]`, by the clock.

Each way runs in a process of its own. What is printed is its seconds and the most memory that it and the processes that
it started (the one that opens the file) held together; `/proc` is looked at forty times a second, so Linux is needed.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter

AIMS = {
    "command": (20.0, 400), "command again": (8.0, 400), "saved anew": (20.0, 400), "wizard": (20.0, 400),
    "wizard again": (8.0, 400),
}  # fmt: skip
_EVERY = 0.025
_DUE = ("Sep 2026", "31/03/2027", "Autumn term 2026", "Q3 2026/27", "TBC")
_HEAD = ("Ref", "Workstream", "Action", "Milestone", "Lead", "Deadline", "RAG", "Update")


def register(rows: int, note: str = "") -> bytes:
    """Return a workbook with one milestone a row: 200 rows a workstream, 40 leads, one in five without a date.

    With another note in its properties it is another file with the same rows.
    """
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    book.set_properties({"comments": note})
    sheet = book.add_worksheet("Plan")
    sheet.write_row(0, 0, _HEAD)
    for at in range(rows):
        texts = (f"{at // 20}.{at % 20 + 1}", f"Workstream {at // 200}", f"Improve the quality of assessment {at}")
        texts += (f"Milestone {at} is reached and evidenced", f"Head of Service {at % 40}", _DUE[at % 5], "Green")
        sheet.write_row(at + 1, 0, (*texts, f"Progress was made on part {at} and the board was told about it."))
    book.close()
    return stream.getvalue()


def main(arguments: list[str]) -> None:
    """Print the seconds and the megabytes of each way, and whether they are within the aim."""
    if arguments[:1] == ["wizard"]:
        wizard(Path(arguments[1]), arguments[2])
        return
    rows = int(arguments[0]) if arguments else 10_000
    tracker = str(Path(sys.executable).with_name("tracker"))
    with tempfile.TemporaryDirectory() as name:
        file, saved, other = (Path(name) / each for each in ("register.xlsx", "saved/register.xlsx", "wizard.xlsx"))
        saved.parent.mkdir()
        file.write_bytes(register(rows))
        saved.write_bytes(register(rows, "Saved anew"))
        other.write_bytes(register(rows, "For the wizard"))
        os.environ["TRACKER_DATA_DIR"] = name
        subprocess.run([tracker, "init"], check=True, stdout=subprocess.DEVNULL)
        by_command = [tracker, "import", str(file), "--plan", "commanded"]
        anew = [tracker, "import", str(saved), "--plan", "commanded"]
        in_browser = [sys.executable, "-m", "benchmarks.imports", "wizard", str(other)]
        ways = (by_command, by_command, anew, [*in_browser, ""], [*in_browser, "wizard"])
        for (what, (aim, most)), command in zip(AIMS.items(), ways, strict=True):
            seconds, worked, megabytes = measured(command)
            verdict = "within" if seconds <= aim and megabytes <= most else "OVER"
            told = f"{seconds:>7.1f} s ({worked:.1f} s of a processor) {megabytes:>6.0f} MB"
            print(f"{what:<16}{told}  {verdict} {aim:g} s and {most} MB", flush=True)


def wizard(file: Path, slug: str) -> None:
    """Do what the wizard does beside a request: read and compare a file, then apply it."""
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from tracker.config import Settings
    from tracker.imports.background import Work
    from tracker.models import ImportBatch, ImportJob, Person
    from tracker.models.engine import make_engine, transaction
    from tracker.rules.permissions import Actor
    from tracker.services.import_batches import keep_batch
    from tracker.services.import_jobs import begin_job

    settings = Settings.from_environment()
    engine, now = make_engine(settings.database_url), datetime.now(UTC)
    with transaction(engine) as session:
        person = session.scalar(select(Person)) or Person(email="manager@benchmark.example", name="Manager")
        session.add(person)
        session.flush()
        actor = Actor(person.id, "Manager", administrator=True, system=True)
        data = file.read_bytes()
        batch_id = keep_batch(session, actor, now, plan_slug=slug, filename=file.name, data=data).id
    for kind in ("read", "apply"):
        start = time.perf_counter()
        with transaction(engine) as session:
            job_id = begin_job(session, now, session.get_one(ImportBatch, batch_id), kind, settings.data_dir).id
        Work(engine, job_id, batch_id, kind, actor, settings.data_dir).run()
        with Session(engine) as session:
            job = session.get_one(ImportJob, job_id)
            assert job.state == "done", job.sentence
        print(f"  {kind:<14}{time.perf_counter() - start:>7.1f} s", flush=True)


def measured(command: list[str]) -> tuple[float, float, float]:
    """Run a command; return its seconds by the clock and of processors, and the most megabytes that it and all below it
    held at one moment.
    """
    start, before, most = time.perf_counter(), _worked(), 0
    shown = None if "wizard" in command else subprocess.DEVNULL
    with subprocess.Popen(command, stdout=shown) as process:
        while process.poll() is None:
            most = max(most, sum(map(_held, _tree(process.pid))))
            time.sleep(_EVERY)
    seconds = time.perf_counter() - start
    if process.returncode not in (0, 3):
        sys.exit(f"{command} ended with {process.returncode}.")
    return seconds, _worked() - before, most / 1024


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tree(pid: int) -> list[int]:
    """Return a process and those that it started, with theirs."""
    found, at = [pid], 0
    while at < len(found):
        for task in Path(f"/proc/{found[at]}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:
                continue
        at += 1
    return found


def _held(pid: int) -> int:
    """Return the kilobytes that a process holds in memory, 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


if __name__ == "__main__":
    main(sys.argv[1:])
