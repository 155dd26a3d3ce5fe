"""Settle what each line of a document is: a row that is there, a new one, or a question that is still open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tracker.models import Milestone, Workstream
from tracker.rules.document import PriorityLine, WorkstreamLine
from tracker.rules.likeness import How, bare
from tracker.services.plan_matching import repeated
from tracker.services.plan_outcomes import Choice
from tracker.services.plan_pairs import Pairs
from tracker.services.plan_run import Run
from tracker.services.structure.moving import move
from tracker.services.structure.refs import kept_or_next

REWORDED, MOVED, TWICE = "reworded?", "moved", "ref twice"
SAID = "The plan's document says so."


@dataclass(frozen=True, slots=True)
class Settled:
    """What a line is: a row, or a new one (None). `confirmed` says that a person said so."""

    row: Any = None
    confirmed: bool = False
    aside: str = ""


class Settling:
    """Asks what cannot be known, and notes what is still open."""

    def __init__(self, run: Run, pairs: Pairs) -> None:
        self.run = run
        self.pairs = pairs

    def new(self, lines: Iterable[Any]) -> list[Any]:
        """Return the lines that nothing in the plan is known to be."""
        return [line for line in lines if self.pairs.of(line).row is None]

    def settle(self, line: Any, what: str, ref: str, text: str, above: str, target: Any = None) -> Settled | None:
        """Return what a line is; None where that is open, or it was left out, which is noted with all below it.

        `target` is the row below which the document has the line.
        """
        pair = self.pairs.of(line)
        if pair.how is How.NEW:
            return Settled()
        if pair.how is How.SAME:
            return Settled(pair.row, aside=self._aside(pair.row, line, target))
        found = (
            self._twice(line, what, ref, text, above)
            if pair.how is How.TWICE
            else self._maybe(line, what, ref, text, target)
        )
        if found is None:
            state = self.run.applied.outcomes[-1].state
            said = "First decide what becomes of" if state == "needs decision" else "Left out with"
            for inner in _inside(line):
                words = getattr(inner, "text", "") or getattr(inner, "title", "")
                self.run.note(state, _kind(inner), inner.ref, words, f"{said} {what} {ref}.", line=inner)
        return found

    def _twice(self, line: Any, what: str, ref: str, text: str, above: str) -> Settled | None:
        choices = (Choice("number", "Take it, with the next free ref"), Choice("leave", "Leave it out"))
        key, detail = self.run.key_of(line), repeated(line.ref, above)
        value = self.run.ask(TWICE, choices, what, ref, text, line=line, key=key, detail=detail)
        return Settled() if value == "number" else None

    def _maybe(self, line: Any, what: str, ref: str, text: str, target: Any) -> Settled | None:
        pair = self.pairs.of(line)
        row, asked = pair.row, pair.follows or line
        question = MOVED if pair.moved else REWORDED
        known = self.run.name_of(row)
        was = getattr(row, "title", "") or getattr(row, "text", "")
        if pair.moved:
            detail = f"It stands in the plan as {known}. Was it moved here?"
            first: tuple[Choice, ...] = (
                Choice("move", "The same one: move it here"),
                Choice("stay", f"The same one: it stays {known}"),
            )
        else:
            detail = f"Is this {known}, reworded?"
            first = (Choice("same", f"The same one: it stays {known}, in the new words"),)
        choices = (*first, Choice("new", "A new one"), Choice("leave", "Leave it out for now"))
        key = self.run.key_of(asked)
        if asked is not line and not self.run.decisions.of(key, question):
            detail = f"{detail} It is decided with its action."
            self.run.note("needs decision", what, ref, text, detail, line=line, before=was, after=text)
            return None
        own = key if asked is line else self.run.key_of(line)
        if asked is not line:
            self.run.decisions.given.setdefault(own, self.run.decisions.of(key, question))
        more = {"detail": detail, "before": was if not pair.moved else known, "after": text if not pair.moved else ref}
        value = self.run.ask(question, choices, what, ref, text, line=line, key=own, **more)
        if value == "new":
            self.pairs.free(row)
            return Settled()
        if value in {"same", "stay"}:
            return Settled(row, confirmed=True, aside=self._aside(row, line, target))
        if value == "move":
            return Settled(row, confirmed=True, aside=self._move(row, target, known))
        return None

    def _move(self, row: Any, target: Any, known: str) -> str:
        """Move a row to where the document has it; returns what there is to say of it."""
        run = self.run
        run.session.flush()
        if isinstance(row, Milestone | Workstream):
            for touched in move(run.recorder, row, target, SAID):
                run.touched[touched.id] = touched
        else:
            ref = kept_or_next(run.session, run.plan.id, type(row), ("workstream", target.id), row.ref, row.id)
            values = {"workstream_id": target.id, "ref": ref, "position": len(run.below(type(row), target.id)) + 1}
            run.recorder.change(row, f"moved it to {target.ref} as {ref}"[:120], values, SAID)
        run.session.flush()
        run.moved(row, target.id)
        return f"Moved: it was {known}."

    def _aside(self, row: Any, line: Any, target: Any) -> str:
        """Return what there is to say of a row that has another ref, or stands elsewhere, than the document has it."""
        if target is not None and self.run.parent_of(row) not in (None, target.id):
            return f"It was moved and is {self.run.name_of(row)} now."
        if line.ref and bare(line.ref) != bare(row.ref):
            return f"The file numbers it {line.ref}; it keeps its ref {row.ref}."
        return ""


def is_named(line: Any) -> bool:
    """Return whether a document names an area or a workstream, and not the reading of it, which needs one."""
    return line.source is not None or not any(each.source for each in _inside(line))


def _inside(line: Any) -> Iterator[Any]:
    if isinstance(line, PriorityLine):
        for stream in line.workstreams:
            yield stream
            yield from _inside(stream)
        yield from line.unplaced
    elif isinstance(line, WorkstreamLine):
        yield from (*line.actions, *line.milestones, *line.commitments)


def _kind(line: Any) -> str:
    return type(line).__name__.removesuffix("Line").lower()
