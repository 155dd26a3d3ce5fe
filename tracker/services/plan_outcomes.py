"""What became of each line of a document, and what a person is asked about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.rules.document import PlanDocument, Source

STATES = ("new", "changed", "unchanged", "needs decision", "refused")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question. `asks` names what has to be said with it, each given under its own key.

    A decision is `{key: value}`; what it asks for stands beside it as `{"key:minute": "5.2"}`.
    """

    value: str
    label: str
    asks: tuple[str, ...] = ()


# What a choice may ask for, with the words to ask it in.
ASKED: Mapping[str, str] = {
    "minute": "Minute of the meeting",
    "meeting_on": "Day of the meeting",
    "reference": "What decided it, for example SEND Partnership Board, minute 5.2",
    "decided_on": "Day of the decision",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line: "new", "changed", "unchanged", "needs decision" or "refused", and why.

    `key` is the same each time the same document is applied, `where` the cell that the line was read from; `before`
    and `after` are what differs. A line with a `question` (the kind of decision) offers `choices`, the likeliest
    first; until one is taken the line changes nothing.
    """

    state: str
    what: str
    ref: str
    text: str
    detail: str = ""
    key: str = ""
    where: str = ""
    before: str = ""
    after: str = ""
    question: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(slots=True)
class Applied:
    """What applying a document did, line by line."""

    plan_id: int
    outcomes: list[Outcome] = field(default_factory=list)
    act: str = ""
    """The ledger's act of what was written, by which it is undone; "" where nothing was."""

    def count(self, state: str) -> int:
        """Return how many lines ended so."""
        return sum(outcome.state == state for outcome in self.outcomes)


def keys_of(document: PlanDocument) -> dict[int, str]:
    """Return a key for every line of a document, by its identity: its refs from the top, or its number where it has
    none. The same document gives the same keys; two lines never have one."""
    found: dict[int, str] = {}
    used: dict[str, int] = {}
    for line, what, path in _paths(document):
        key = f"{what} {path}"
        used[key] = used.get(key, 0) + 1
        found[id(line)] = key if used[key] == 1 else f"{key} ({used[key]})"
    return found


def _paths(document: PlanDocument) -> Iterator[tuple[Any, str, str]]:
    yield from _numbered("record", document.records, "")
    yield from _numbered("measure", document.measures, "")
    for area, above in _below(document.priorities, ""):
        yield area, "priority", above
        yield from _numbered("record", area.records, above)
        yield from _numbered("measure", area.measures, above)
        for stream, path in _below(area.workstreams, above):
            yield stream, "workstream", path
            for what, lines in (
                ("action", stream.actions),
                ("milestone", stream.milestones),
                ("commitment", stream.commitments),
            ):
                yield from ((line, what, place) for line, place in _below(lines, path))
            yield from _numbered("period state", stream.period_states, path)
        yield from ((line, "milestone", f"{place} unplaced") for line, place in _below(area.unplaced, above))


def _below(lines: Sequence[Any], above: str) -> Iterator[tuple[Any, str]]:
    for number, line in enumerate(lines, 1):
        yield line, "/".join(part for part in (above, line.ref or f"#{number}") if part)


def _numbered(what: str, lines: Sequence[Any], above: str) -> Iterator[tuple[Any, str, str]]:
    for number, line in enumerate(lines, 1):
        yield line, what, "/".join(part for part in (above, f"#{number}") if part)


class Decisions:
    """What a person decided, by the key of a line, or for all lines with one kind of question (`*re-dated`)."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        self.given = dict(given or {})

    def of(self, key: str, question: str) -> str:
        """Return the value that was chosen for a line, "" if none was."""
        return self.given.get(key) or self.given.get(f"*{question}", "")

    def said(self, key: str, question: str, name: str) -> str:
        """Return what was said with a choice ("minute"), "" if nothing was."""
        return self.given.get(f"{key}:{name}") or self.given.get(f"*{question}:{name}", "")


def where_of(line: Any) -> str:
    """Return the cell that a line was read from, as far as it is known."""
    source: Source | None = getattr(line, "source", None)
    return str(source) if source is not None else ""
