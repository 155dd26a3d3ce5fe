"""What a sign-off stands for, its hash, and what has changed since it was given (domain, section 4, rule 1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from tracker.rules.calendar import show_day


@dataclass(frozen=True, slots=True)
class SignedEvidence:
    """One piece of evidence as it was signed: its name, its address, and the hash of its file ("" for a link)."""

    title: str
    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Everything that a sign-off is bound to."""

    ref: str
    text: str
    due: date | None
    due_text: str
    completed: date | None
    evidence: tuple[SignedEvidence, ...]

    @property
    def hash(self) -> str:
        """Return the hash of text, deadline, completion day and evidence; how the deadline is written is not in it."""
        evidence = [[item.title, item.url, item.sha256] for item in self.evidence]
        content = [self.ref, self.text, str(self.due or ""), str(self.completed or ""), evidence]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for storage."""
        return {
            "ref": self.ref,
            "text": self.text,
            "due": self.due.isoformat() if self.due else "",
            "due_text": self.due_text,
            "completed": self.completed.isoformat() if self.completed else "",
            "evidence": [{"title": e.title, "url": e.url, "sha256": e.sha256} for e in self.evidence],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read it from storage."""
        return cls(
            ref=data["ref"],
            text=data["text"],
            due=date.fromisoformat(data["due"]) if data["due"] else None,
            due_text=data["due_text"],
            completed=date.fromisoformat(data["completed"]) if data["completed"] else None,
            evidence=tuple(SignedEvidence(**item) for item in data["evidence"]),
        )


def what_changed(signed: Signed, now: Signed) -> tuple[str, ...]:
    """Return in sentences what is not as it was signed; nothing where the two say the same."""
    found = []
    if signed.ref != now.ref:
        found.append(f"The ref was {signed.ref} and is {now.ref}.")
    if signed.text != now.text:
        found.append(f"The text was “{signed.text}” and is “{now.text}”.")
    if signed.due != now.due:
        found.append(f"The deadline was {_due(signed)} and is {_due(now)}.")
    if signed.completed != now.completed:
        found.append(f"The day of completion was {_day(signed.completed)} and is {_day(now.completed)}.")
    return (*found, *_evidence(signed.evidence, now.evidence))


def _evidence(signed: Sequence[SignedEvidence], now: Sequence[SignedEvidence]) -> list[str]:
    left = list(now)
    gone = []
    for item in signed:
        if item in left:
            left.remove(item)
        else:
            gone.append(item)
    found = [f"Evidence that was signed is gone: {_named(item)}." for item in gone]
    found += [f"Evidence was added: {_named(item)}." for item in left]
    if not found and list(signed) != list(now):
        found.append("The evidence stands in another order.")
    return found


def _named(item: SignedEvidence) -> str:
    where = f" ({item.url})" if item.url and item.url != item.title else ""
    return f"“{item.title}”{where}"


def _due(signed: Signed) -> str:
    return signed.due_text or _day(signed.due)


def _day(day: date | None) -> str:
    return show_day(day) if day else "not set"
