"""What a person is asked about a file that was read, and how the answers end its lines.

"Decide later" is always an answer: the line is then applied with its question, and the certificate says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tracker.imports.asked import KINDS, Asked, Question
from tracker.imports.asking import Asking
from tracker.imports.reconcile import Outcome, SourceLine
from tracker.imports.result import ImportResult
from tracker.rules.document import Source
from tracker.rules.text import clean, fold

__all__ = ["KINDS", "Question", "questions_of", "remembered", "settled"]
_ROW = re.compile(r"\d+$")
_WAITS = Outcome.NEEDS_DECISION


def questions_of(result: ImportResult) -> list[Question]:
    """Return every question about a file, by kind and then in the order of the file."""
    return [each.question for each in _asked(result)]


def settled(
    result: ImportResult, answers: Mapping[str, str], before: Mapping[str, str] = MappingProxyType({})
) -> list[Question]:
    """Give the answers to a document that was read, and account for them; returns the questions that are left.

    `answers` are by the key of a question, or by "*" and its kind for all of one kind; `before` are those of an earlier
    edition, by what was asked. A line with a question that is left needs a decision; one whose questions are all
    answered is imported, with what was decided, or left out by it. An answer that cannot be read is as good as none.
    """
    left: list[tuple[Question, list[SourceLine]]] = []
    ends: dict[int, list[tuple[Outcome, str]]] = {}
    lines = _Lines(result)
    asked = _asked(result)
    names = _remembered_as([each.question for each in asked])
    for each in sorted(asked, key=lambda one: one.question.kind != "refs"):  # first which lines there are
        question = each.question
        answer, said = "", ""
        for given in (answers.get(question.key), answers.get(f"*{question.kind}"), before.get(names[question.key])):
            answer = clean(given or "")
            said = each.settle(answer) if answer else ""
            if said:
                result.document.said[names[question.key]] = answer
                break
        end = (each.ends.get(answer, Outcome.IMPORTED), f"decided: {said}") if said else (_WAITS, question.asked)
        found = [line for source, text in each.about if (line := lines.of(source, text)) is not None]
        if not said:
            left.append((question, found))
        for line in found:
            ends.setdefault(id(line), []).append(end)
    for line in result.lines:
        if id(line) in ends:
            line.outcome, line.reason = _end(ends[id(line)])
    order = {each.question.key: number for number, each in enumerate(asked)}
    waiting = [question for question, own in left if not own or any(line.outcome is _WAITS for line in own)]
    return sorted(waiting, key=lambda question: order[question.key])


def _end(ends: list[tuple[Outcome, str]]) -> tuple[Outcome, str]:
    """Return how a line ends: left out where that was decided, waiting while anything is open, else as decided."""
    found = {outcome for outcome, _ in ends}
    last = next(each for each in (Outcome.LEFT_OUT, _WAITS, Outcome.MERGED, Outcome.IMPORTED) if each in found)
    return last, "; ".join(dict.fromkeys(reason for outcome, reason in ends if outcome is last))


def remembered(result: ImportResult, before: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that were given when an earlier edition was read, by the keys of the questions now."""
    names = _remembered_as(questions_of(result)) if before else {}
    return {key: before[name] for key, name in names.items() if name in before}


def _remembered_as(questions: Sequence[Question]) -> dict[str, str]:
    """Return by its key what a question is remembered as: what is asked of which words, wherever they stand."""
    found: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for question in questions:
        name = f"{question.kind} {fold(question.quoted)}"
        seen[name] += 1
        found[question.key] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return found


class _Lines:
    """The account of a result, by cell and by row."""

    def __init__(self, result: ImportResult) -> None:
        self.at: dict[tuple[str, str], list[SourceLine]] = {}
        self.in_row: dict[tuple[str, str], SourceLine] = {}
        for line in result.lines:
            if line.outcome is not Outcome.LEFT_OUT:
                self.at.setdefault((line.sheet, line.cell), []).append(line)
                self.in_row.setdefault((line.sheet, str(line.row)), line)

    def of(self, source: Source | None, text: str) -> SourceLine | None:
        """Return the line that a text was read from."""
        found = self.at.get((source.sheet, source.cell), []) if source is not None else []
        words = fold(text)[:60]
        line = next((each for each in found if words and words in fold(each.text)), found[0] if found else None)
        if line is None and source is not None and (number := _ROW.search(source.cell)):
            line = self.in_row.get((source.sheet, number[0]))  # a group that is named in the row of its first line
        return line


def _asked(result: ImportResult) -> list[Asked]:
    found = list(Asking(result).all())
    return sorted(found, key=lambda each: list(KINDS).index(each.question.kind))
