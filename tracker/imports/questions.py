"""What a person is asked about a file that was read, and how the answers end its lines.

"Decide later" is always an answer: the line is then applied with its question, and the certificate says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracker.imports.asking import KINDS, Asked, Asking, Question
from tracker.imports.reconcile import Outcome, SourceLine
from tracker.imports.result import ImportResult
from tracker.rules.document import Source
from tracker.rules.text import clean, fold

__all__ = ["KINDS", "Question", "questions_of", "settled"]


def questions_of(result: ImportResult) -> list[Question]:
    """Return every question about a file, by kind and then in the order of the file."""
    return [each.question for each in _asked(result)]


def settled(result: ImportResult, answers: Mapping[str, str]) -> list[Question]:
    """Give the answers to a document that was read, and account for them; returns the questions that are left.

    A line with a question that is left needs a decision; one whose questions are all answered is imported, with what
    was decided. An answer that cannot be read is as good as none.
    """
    left: list[Question] = []
    ends: dict[int, list[tuple[Outcome, str]]] = {}
    lines = _Lines(result)
    for each in _asked(result):
        answer = clean(answers.get(each.question.key, ""))
        said = each.settle(answer) if answer else ""
        end = (Outcome.IMPORTED, f"decided: {said}") if said else (Outcome.NEEDS_DECISION, each.question.asked)
        if not said:
            left.append(each.question)
        for source, text in each.about:
            line = lines.of(source, text)
            if line is not None:
                ends.setdefault(id(line), []).append(end)
    for line in result.lines:
        own = ends.get(id(line))
        if own:
            waits = any(outcome is Outcome.NEEDS_DECISION for outcome, _ in own)
            line.outcome = Outcome.NEEDS_DECISION if waits else Outcome.IMPORTED
            reasons = [reason for outcome, reason in own if outcome is line.outcome]
            line.reason = "; ".join(dict.fromkeys(reasons))
    return left


class _Lines:
    """The account of a result, by cell."""

    def __init__(self, result: ImportResult) -> None:
        self.at: dict[tuple[str, str], list[SourceLine]] = {}
        for line in result.lines:
            if line.outcome is not Outcome.LEFT_OUT:
                self.at.setdefault((line.sheet, line.cell), []).append(line)

    def of(self, source: Source | None, text: str) -> SourceLine | None:
        """Return the line that a text was read from."""
        found = self.at.get((source.sheet, source.cell), []) if source is not None else []
        words = fold(text)[:60]
        return next((each for each in found if words and words in fold(each.text)), found[0] if found else None)


def _asked(result: ImportResult) -> list[Asked]:
    found = list(Asking(result).all())
    return sorted(found, key=lambda each: list(KINDS).index(each.question.kind))
