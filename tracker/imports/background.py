"""Work on a file beside the request that began it: read it, compare it with the plan, apply it.

The work runs in a thread; a file is opened in a process of its own. How far it is stands in the row of its job, so any
process of the service can show it, and any can ask for it to be stopped. Each step ends whole or changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.imports.codec import plain_of
from tracker.imports.collecting import seldom_collecting
from tracker.imports.mapping import FileMapping
from tracker.imports.questions import questions_of, remembered, settled
from tracker.imports.readings import Reading, read_file, unpacked
from tracker.imports.result import ImportResult
from tracker.models import ImportBatch
from tracker.models.engine import transaction
from tracker.queries.plans import all_slugs
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Actor
from tracker.services.import_batches import ANOTHER, apply_batch, is_there, keep_tried, mark_of, slug_for
from tracker.services.import_jobs import Cancelled, end_job, hear
from tracker.services.import_parts import bytes_of, data_of, keep_bytes, keep_data
from tracker.services.import_progress import Progress
from tracker.services.import_scratch import try_new
from tracker.services.importing import try_out
from tracker.services.kept_readings import keep_reading, kept_reading
from tracker.services.plan_asking import PROGRESS
from tracker.services.plan_editions import said_before
from tracker.services.plan_outcomes import keys_of

_log = logging.getLogger(__name__)
_OFTEN = 0.4  # seconds from one note of the progress to the next
_PROBLEMS = 500  # remarks that are kept of one file
_BROKEN = (
    "Something went wrong on our side, and nothing was changed. Try again, or send the file to whoever looks after "
    "this service."
)
PLAN = "plan "  # before the key of a question about the plan, which has the answers beside those about the file


@dataclass(slots=True)
class Work:
    """One job: what it works on, for whom, and the clock."""

    engine: Engine
    job_id: int
    batch_id: int
    kind: str
    actor: Actor
    data_dir: Path
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def start(self) -> Thread:
        """Begin in a thread of its own; the job's row has to be committed."""
        thread = Thread(target=self.run, name=f"import-{self.batch_id}", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        """Do the work; how it ended stands in the job's row."""
        try:
            with seldom_collecting():
                {"read": self._read, "compare": self._compare, "apply": self._apply}[self.kind]()
        except Cancelled:
            self._end("cancelled")
        except Refusal as refusal:
            self._end("failed", refusal.sentence)
        except Exception:  # the last resort: a thread has nobody who would see it
            _log.exception("Work on an import ended with an error")
            self._end("failed", _BROKEN)
        else:
            self._end("done")

    def _end(self, state: str, sentence: str = "") -> None:
        try:
            with transaction(self.engine) as session:
                end_job(session, self.job_id, state, sentence)
            self._progress.forget()
        except Exception:  # it is found by its silence
            _log.exception("The end of work on an import could not be noted")

    # ------------------------------------------------------------------ the three kinds of work
    def _read(self) -> None:
        with Session(self.engine) as session:
            batch = self._batch(session)
            data, filename, said = bytes_of(session, batch.id, "file"), batch.filename, batch.said
        if data is None:
            raise Refusal("The file is not kept any more. Choose it again.")
        reading = read_file(self._kept, data, filename, said=FileMapping.from_data(said), tell=self._teller("reading"))
        self._hear("comparing")
        with transaction(self.engine) as session:
            keep_read(session, self._batch(session), reading)
        self._compare()

    def _kept(self, mark: str) -> bytes | None:
        with Session(self.engine) as session:
            return kept_reading(session, mark)

    def _compare(self) -> None:
        """Keep what applying would do; a new plan is tried beside the database, so that nobody waits for it."""
        tried = None
        with Session(self.engine) as session:
            batch = self._batch(session)
            answers, result = dict(batch.answers), _read_before(session, batch)
            if result.kind == "plan" and not is_there(session, batch.plan_slug):
                settled(result, _of_file(answers))
                result.document.slug = batch.plan_slug
                tell, number = self._teller("comparing"), len(keys_of(result.document))
                tried = try_new(
                    session,
                    result.document,
                    self.actor,
                    self.clock(),
                    lambda done: tell(min(done, number), number),
                    decisions=_of_plan(answers),
                    as_at=batch.as_at,
                )
        with transaction(self.engine) as session:
            batch = self._batch(session)
            if tried is None:
                session.info[PROGRESS] = self._checker(len(keys_of(result.document)))
                compare(session, self.actor, self.clock(), batch, result)
            else:
                keep_tried(session, batch, tried, "", answers)
                keep_account(session, batch.id, result)

    def _apply(self) -> None:
        """Apply what the person has seen; where it would end otherwise now, show that instead."""
        with Session(self.engine) as session:
            batch = self._batch(session)
            seen = data_of(session, batch.id, "tried")
            stale = (
                seen is None or seen["mark"] != mark_of(session, batch.plan_slug) or seen["answers"] != batch.answers
            )
        if stale:
            self._compare()
            with Session(self.engine) as session:
                found = data_of(session, self.batch_id, "tried")
            if seen is None or found["lines"] != seen["lines"]:
                raise Refusal(ANOTHER)
            seen = found
            self._hear("writing")
        with transaction(self.engine) as session:
            batch = self._batch(session)
            if seen["mark"] != mark_of(session, batch.plan_slug, hold=True) or seen["answers"] != batch.answers:
                raise Refusal(ANOTHER)
            result = _read_before(session, batch)
            settled(result, _of_file(batch.answers))
            session.info[PROGRESS] = self._checker(len(keys_of(result.document)))
            read = [bytes_of(session, batch.id, name) or b"" for name in ("mark", "answer")]
            done = apply_batch(session, self.actor, self.clock(), batch, result.document, _of_plan(batch.answers))
            keep_reading(session, done.plan_id, read[0].decode(), read[1])
            if self._progress.is_stopping():
                raise Cancelled

    # ------------------------------------------------------------------ being heard and stopped
    def _batch(self, session: Session) -> ImportBatch:
        batch = session.get(ImportBatch, self.batch_id)
        if batch is None:
            raise NotFound("There is no such import any more.")
        return batch

    @property
    def _progress(self) -> Progress:
        return Progress(self.data_dir, self.job_id)

    def _hear(self, stage: str, done: int = 0, total: int = 0) -> None:
        if self._progress.is_stopping():
            raise Cancelled
        with transaction(self.engine) as session:
            hear(session, self.clock(), self.job_id, stage, done, total)

    def _teller(self, stage: str) -> Callable[[int, int], None]:
        """Return what notes the progress of a stage, seldom enough to cost nothing."""
        last = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal last
            if monotonic() - last >= _OFTEN:
                last = monotonic()
                self._hear(stage if total else "opening", done, total)

        return tell

    def _checker(self, number: int) -> Callable[[int], None]:
        """Return what notes the progress of the run over so many lines, and stops it where a person wants that.

        While a plan is written SQLite lets nobody else write, so nothing of it is in the database.
        """
        progress, last = self._progress, 0.0

        def check(done: int) -> None:
            nonlocal last
            if monotonic() - last >= _OFTEN or done >= number:
                last = monotonic()
                if progress.is_stopping():
                    raise Cancelled
                progress.note(min(done, number), number)

        return check


def keep_read(session: Session, batch: ImportBatch, reading: Reading) -> None:
    """Keep what was read of a file in the pieces that its pages need; a new plan gets a short name."""
    result = reading.result
    if not batch.plan_slug and result.kind == "plan":
        batch.plan_slug = _free_slug(session, result)
    keep_data(session, batch.id, "picture", plain_of(result.sheets))
    keep_data(session, batch.id, "summary", _summary(result))
    before = remembered(result, said_before(session, batch.plan_slug))
    asked = [replace(each, before=before.get(each.key, "")) for each in questions_of(result)]
    keep_data(session, batch.id, "questions", [each.to_data() for each in asked])
    batch.answers = before | batch.answers
    keep_bytes(session, batch.id, "mark", reading.mark.encode())
    keep_bytes(session, batch.id, "answer", reading.packed)


def compare(session: Session, actor: Actor, now: datetime, batch: ImportBatch, result: ImportResult) -> None:
    """Keep what applying a file would do with the answers that were given, and how every line of it would end."""
    batch_id = batch.id
    if result.kind == "plan":
        mark = mark_of(session, batch.plan_slug)
        settled(result, _of_file(batch.answers))
        result.document.slug = batch.plan_slug
        tried = try_out(session, result.document, actor, now, decisions=_of_plan(batch.answers), as_at=batch.as_at)
        batch = session.get_one(ImportBatch, batch_id)
        keep_tried(session, batch, tried, mark, batch.answers)
    keep_account(session, batch_id, result)


def keep_account(session: Session, batch_id: int, result: ImportResult) -> None:
    """Keep how every line of a file would end."""
    lines = [[line.where, line.text, line.outcome.value.replace("_", " "), line.reason] for line in result.lines]
    keep_data(session, batch_id, "account", lines)


def _of_file(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers about the file."""
    return {key: value for key, value in answers.items() if not key.startswith(PLAN)}


def _of_plan(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the decisions about lines of the plan."""
    return {key.removeprefix(PLAN): value for key, value in answers.items() if key.startswith(PLAN)}


def _read_before(session: Session, batch: ImportBatch) -> ImportResult:
    """Return what was read of a file; Refusal where that is not there."""
    kept = bytes_of(session, batch.id, "answer")
    if kept is None:
        raise Refusal("The file has not been read yet. Read it again.")
    return unpacked(kept)


def _free_slug(session: Session, result: ImportResult) -> str:
    """Return a short name for a new plan that no plan has yet."""
    base = slug_for(result.document.title or result.filename.rsplit(".", 1)[0])
    taken = set(all_slugs(session))
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, 10_000))
    return next(name for name in names if name not in taken)


def _summary(result: ImportResult) -> dict[str, Any]:
    """Return what the pages say of a file without opening what was read of it."""
    workstreams = [w for area in result.document.priorities for w in area.workstreams]
    unplaced = sum(len(area.unplaced) for area in result.document.priorities)
    return {
        "kind": result.kind.value,
        "sentence": result.sentence,
        "title": result.document.title,
        "problems": [[each.where, each.what, each.next_step] for each in result.problems[:_PROBLEMS]],
        "more_problems": max(0, len(result.problems) - _PROBLEMS),
        "counts": {
            "priorities": len(result.document.priorities),
            "workstreams": len(workstreams),
            "actions": sum(len(w.actions) for w in workstreams),
            "milestones": sum(len(w.milestones) for w in workstreams) + unplaced,
            "commitments": sum(len(w.commitments) for w in workstreams),
        },
    }
