"""What verification asks of decisions: signatures by what is there, files by their hashes, moves by approvals."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tracker.rules.baseline import baselines_in, version_words
from tracker.rules.facts import SignOff
from tracker.rules.signature import Signed, SignedEvidence

Rows = Mapping[int, Mapping[str, Any]]
Name = Callable[[tuple[str, int]], str]


def signature_faults(milestones: Rows, evidence: Rows, name: Name) -> Iterator[str]:
    """Yield milestones that are signed off although what was signed is not what is there, or not what was kept."""
    there: dict[int, list[SignedEvidence]] = defaultdict(list)
    for row in evidence.values():
        if not row["withdrawn"]:
            there[row["milestone_id"]].append(SignedEvidence(row["title"], row["url"], row["sha256"]))
    for key, row in milestones.items():
        if row["signoff"] != SignOff.APPROVED:
            continue
        now = Signed(row["ref"], row["text"], row["due"], row["due_text"], row["completed"], tuple(there[key]))
        kept = row["signed_content"]
        if now.hash != row["signed_hash"]:
            yield f"{name(('milestone', key))} is signed off, and what was signed has changed."
        elif kept and _hash_of(kept) != row["signed_hash"]:
            yield f"{name(('milestone', key))} is signed off, and what was kept of it is not what was signed."


def _hash_of(kept: Any) -> str:
    """Return the hash of what was kept of a signature; "" where it cannot be read as one."""
    try:
        return Signed.from_data(kept).hash
    except (TypeError, ValueError, LookupError, AttributeError):
        return ""


def file_faults(evidence: Rows, folder: Path, name: Name) -> Iterator[str]:
    """Yield files of evidence, withdrawn ones too, that are gone or are not what was stored."""
    for key, row in evidence.items():
        if not row["stored_name"]:
            continue
        path = folder / row["stored_name"]
        if path.parent != folder or not path.is_file():
            yield f"{name(('evidence', key))}: its file is gone."
            continue
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != row["sha256"]:
            yield f"{name(('evidence', key))}: its file is not what was stored."


def move_faults(milestones: Rows, changes: Rows, brought: Mapping[int, int], name: Name) -> Iterator[str]:
    """Yield milestones whose count of moves is not the number of approved requests; a first date is no move.

    `brought` gives the moves that a milestone was made with: one that was split off takes over those before the split.
    """
    approved = Counter(
        row["milestone_id"] for row in changes.values() if row["state"] == "approved" and row["from_due"] is not None
    )
    for key, row in milestones.items():
        number = approved[key] + brought.get(key, 0)
        if row["moves"] != number:
            counted = f"is counted as moved {row['moves']} times, and {number} new dates were approved"
            yield f"{name(('milestone', key))} {counted}."


def baseline_faults(
    entries: Mapping[int, Sequence[tuple[Any, int, Mapping[str, Sequence[Any]]]]],
    versions: Rows,
    stored: Sequence[tuple[Any, ...]],
    name: Name,
) -> Iterator[str]:
    """Yield baselines in the table that are not what the entries of the milestone say, and those that are missing.

    `entries` are (day, number, changes) by milestone; `stored` are version, milestone, date, its words, moves.
    """
    numbers = {row["number"]: key for key, row in versions.items()}
    told: dict[tuple[int, int], tuple[Any, ...]] = {}
    for key, changes in entries.items():
        after = [{field: pair[1] for field, pair in fields.items()} for _, _, fields in changes]
        try:
            found_in = baselines_in(after)
        except (TypeError, ValueError):
            yield f"{name(('milestone', key))} has a baseline in the ledger that cannot be read."
            continue
        for number, taken in found_in.items():
            if number in numbers:
                told[numbers[number], key] = (taken["due"], taken["due_text"], taken["moves"])
            else:
                yield f"{name(('milestone', key))} has the baseline of a version, number {number}, that is not there."
    found = {(row[0], row[1]): tuple(row[2:]) for row in stored}
    for version, key in sorted(told.keys() | found.keys()):
        if told.get((version, key)) != found.get((version, key)):
            words = version_words(versions[version]["label"]) if version in versions else "a version that is not there"
            yield f"{name(('milestone', key))}: its baseline in {words} is not what the ledger says."
