"""Ask about the lines of a document what cannot be known, and note what became of each."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from tracker.models import Plan
from tracker.rules.dates import Precision
from tracker.rules.errors import Refusal
from tracker.rules.text import clean
from tracker.services.ledger import Recorder
from tracker.services.plan_dates import read_in_plan
from tracker.services.plan_editions import kept_answers
from tracker.services.plan_outcomes import ASKED, Applied, Choice, Decisions, Outcome, where_of

PROGRESS = "progress"  # in `Session.info`: a function that is told how many lines are done; what it raises ends the run
TRIAL = "trial"  # in `Session.info`: true while what is written is taken back at once, so nothing follows from it
STAYING = frozenset({"keep", "leave"})
"""Decisions that change nothing."""
REMEMBERED = STAYING | {"stay"}
"""Decisions that are remembered until the document says something else."""


class Asking:
    """The questions of one run, and what was decided about them."""

    def __init__(
        self, recorder: Recorder, *, fresh: bool, keys: Mapping[int, str], decisions: Mapping[str, str] | None
    ) -> None:
        self.recorder = recorder
        self.session = recorder.session
        self.plan: Plan = recorder.plan
        self.applied = Applied(self.plan.id)
        self.fresh = fresh
        self.keys = keys
        self.decisions = Decisions(decisions)
        self.kept: dict[str, list[str]] = {}  # what was decided to stay as it is

    def key_of(self, line: Any, part: str = "") -> str:
        """Return the key of a line, or that of one part of it ("date")."""
        return f"{self.keys.get(id(line), '')} {part}".strip()

    def note(
        self,
        state: str,
        what: str,
        ref: str,
        text: str,
        detail: str = "",
        *,
        line: Any = None,
        key: str = "",
        before: str = "",
        after: str = "",
        question: str = "",
        choices: tuple[Choice, ...] = (),
    ) -> None:
        """Say what became of a line."""
        tell = self.session.info.get(PROGRESS)
        if tell is not None and len(self.applied.outcomes) % 200 == 0:
            tell(len(self.applied.outcomes))
        self.applied.outcomes.append(
            Outcome(
                state,
                what,
                ref,
                text,
                detail,
                key or self.key_of(line) or f"{what} {ref}".strip(),
                where_of(line),
                before,
                after or (text if state in {"new", "changed"} else ""),
                question,
                choices,
            )
        )

    def all_lines_done(self) -> None:
        """Tell whoever wants to know that no line follows; what is left is to store what was recorded."""
        tell = self.session.info.get(PROGRESS)
        if tell is not None:
            tell(sys.maxsize)

    def ask(
        self,
        question: str,
        choices: Sequence[Choice],
        what: str,
        ref: str,
        text: str,
        *,
        line: Any,
        key: str,
        default: str = "",
        **more: Any,
    ) -> str:
        """Return what was decided about a line: "" if nothing was, which is noted, as is what is to stay as it is.

        With a `default` nothing is asked: it stands where nothing was decided.
        """
        value = self.decisions.of(key, question)
        said = str(more.get("after", ""))
        if not value and self.answers.get(key, [])[:2] == [question, said]:
            value = self.answers[key][2]  # as it was decided when this was last read
        value = value or default
        choice = next((one for one in choices if one.value == value), None)
        if choice is None:
            offered = tuple(choices)
            self.note("needs decision", what, ref, text, line=line, key=key, question=question, choices=offered, **more)
            return ""
        if value in REMEMBERED:
            self.kept[key] = [question, said, value]
        if value in STAYING:
            detail = " ".join(part for part in (more.pop("detail", ""), f"Decided: {choice.label}.") if part)
            self.note("unchanged", what, ref, text, detail, line=line, key=key, **more)
        return value

    def said(self, key: str, question: str, name: str) -> str:
        """Return what was said with a decision; raises Refusal where it is missing."""
        words = clean(self.decisions.said(key, question, name))
        if not words:
            raise Refusal(f"{ASKED[name]}: this is missing for {key}.", f"{key}:{name}")
        return words

    def day(self, key: str, question: str, name: str) -> date:
        """Return a day that was said with a decision; raises Refusal where it is missing, to come, or none."""
        words = self.said(key, question, name)
        read = read_in_plan(self.plan, words)
        try:
            found = date.fromisoformat(words)
        except ValueError:
            found = read.end if read.precision is Precision.DAY else None  # type: ignore[assignment]
        if found is None or found > self.recorder.recorded_on:
            sentence = (
                f'{ASKED[name]}: enter a day that is today or earlier, for example 14 October 2025, not "{words}".'
            )
            raise Refusal(sentence, f"{key}:{name}")
        return found

    @cached_property
    def answers(self) -> dict[str, list[str]]:
        """Return what earlier imports were told to leave as it is, by the key of the line."""
        return {} if self.fresh else kept_answers(self.session, self.plan.id)
