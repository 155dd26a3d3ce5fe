"""The editions of a plan's document: which there were, what they said last, and what was decided to stay as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.models import Base, Edition, LedgerEntry, Plan
from tracker.rules.document import PlanDocument
from tracker.services.ledger import Recorder

REWORDED = "reworded"
_BY_HAND = "reworded it"
_IMPORTED = "Imported from "
_OF_FILE = "file: "  # before what was asked about a file, beside the answers about lines of the plan


@dataclass(slots=True)
class Wordings:
    """The words that rows had, as far as they were ever changed: by the document and by people."""

    _document: dict[tuple[str, int], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    _earlier: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))

    def take(self, subject: tuple[str, int], verb: str, changes: dict[str, list[Any]]) -> None:
        """Take one entry into account, oldest first."""
        for name, (before, after) in changes.items():
            self._earlier[subject].add(str(before or ""))
            self._document[subject].setdefault(name, str(before or ""))
            if verb == REWORDED:
                self._document[subject][name] = str(after or "")

    def document(self, row: Any, name: str) -> str | None:
        """Return what the document last said, None where nobody has changed it since it was first said."""
        return self._document.get((row.__tablename__, row.id), {}).get(name)

    def earlier(self, row: Base) -> Collection[str]:
        """Return the words that a row had before."""
        return self._earlier.get((row.__tablename__, row.id), ())  # type: ignore[attr-defined]


def wordings_of(session: Session, plan_id: int) -> Wordings:
    """Return the words that the rows of a plan had before. One statement."""
    query = (
        select(LedgerEntry.subject_type, LedgerEntry.subject_id, LedgerEntry.verb, LedgerEntry.changes)
        .where(
            LedgerEntry.plan_id == plan_id,
            or_(LedgerEntry.verb.in_((REWORDED, _BY_HAND)), LedgerEntry.verb.like(f"%: {REWORDED}%")),
        )
        .order_by(LedgerEntry.seq)
    )
    found = Wordings()
    for kind, key, verb, changes in session.execute(query):
        found.take((kind, key), verb, changes)
    return found


def kept_answers(session: Session, plan_id: int) -> dict[str, list[str]]:
    """Return what was decided to stay as it is when a document was read, the latest decision by the key of the line."""
    found: dict[str, list[str]] = {}
    for answers in session.scalars(select(Edition.answers).where(Edition.plan_id == plan_id).order_by(Edition.id)):
        found |= answers
    return found


def said_before(session: Session, slug: str) -> dict[str, str]:
    """Return what was answered about the files that a plan was read from, by what was asked; the latest answers."""
    plan_id = session.scalar(select(Plan.id).where(Plan.slug == slug))
    found = kept_answers(session, plan_id) if plan_id is not None else {}
    return {key.removeprefix(_OF_FILE): answer[0] for key, answer in found.items() if key.startswith(_OF_FILE)}


def keep_edition(recorder: Recorder, document: PlanDocument, answers: dict[str, list[str]]) -> Edition:
    """Keep that a document was read, what was decided to stay as it is, and what was answered about the file."""
    of_file = {f"{_OF_FILE}{name}": [value] for name, value in document.said.items()}
    row = Edition(
        plan_id=recorder.plan.id,
        act=recorder.act,
        source=source_of(document),
        as_at=recorder.today,
        back_filled=recorder.effective is not None,
        recorded_at=recorder.now,
        recorded_by=recorder.actor.label,
        answers=answers | of_file,
    )
    recorder.session.add(row)
    return row


def source_of(document: PlanDocument) -> str:
    """Return the file that a document was read from, in words; "" for one that was not read from any."""
    note = document.source_note
    return note.removeprefix(_IMPORTED) if note.startswith(_IMPORTED) else ""


@dataclass(frozen=True, slots=True)
class Later:
    """The next edition after a day: its own day, and what it was read from."""

    as_at: date
    source: str


def edition_after(session: Session, plan_id: int, day: date) -> Later | None:
    """Return the next edition after a day, None if there is none. What a plan was made of counts as one."""
    query = select(Edition.as_at, Edition.source).where(Edition.plan_id == plan_id, Edition.as_at > day)
    found = session.execute(query.order_by(Edition.as_at, Edition.id).limit(1)).first()
    if found is not None:
        return Later(*found)
    first = select(func.min(LedgerEntry.effective_day)).where(LedgerEntry.plan_id == plan_id)
    made = session.scalar(first)
    return Later(made, "") if made is not None and made > day else None


def made_by_documents(session: Session, plan_id: int, kind: str, ids: Collection[int]) -> set[int]:
    """Return which rows a document gave to the plan, and not a person. At most three statements."""
    first = select(LedgerEntry.act).where(LedgerEntry.plan_id == plan_id).order_by(LedgerEntry.seq).limit(1)
    acts = {*session.scalars(select(Edition.act).where(Edition.plan_id == plan_id)), session.scalar(first)}
    query = select(LedgerEntry.subject_id, LedgerEntry.act).where(
        LedgerEntry.plan_id == plan_id, LedgerEntry.subject_type == kind, LedgerEntry.verb == "added"
    )
    return {key for key, act in session.execute(query) if act in acts and key in ids}
