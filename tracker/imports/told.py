"""What reading a file gave, as lines that a person reads at the command line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from tracker.imports import reconcile
from tracker.imports.asked import Question
from tracker.imports.result import ImportResult
from tracker.rules.certificate import Certificate, Fate, PlanFate, SourceFate, reconciled
from tracker.services.plan_outcomes import Outcome

_TYPED = {
    "date": "on and a date, for example “on 31 March 2027”",
    "ref": "ref and another one, for example “ref 7”",
    "rule": "how often and from when, for example “quarterly from 2027-04-01”",
}


def refused(filename: str, sentence: str) -> dict[str, object]:
    """Return a file that could not be opened as the plain data that a dry run prints."""
    return {
        "kind": "unreadable",
        "title": "",
        "workstreams": [],
        "reconciliation": {"lines": 0, "imported": 0, "merged": 0, "needs_decision": 0, "left_out": 0},
        "problems": [{"where": filename, "what": sentence, "next": ""}],
    }


def certificate_of(
    result: ImportResult,
    data: bytes,
    outcomes: Iterable[Outcome],
    *,
    by: str,
    plan: str,
    profile: str,
    when: datetime | None,
) -> Certificate:
    """Return what became of every line of a file; `outcomes` say what the plan did with them, `when` it was applied."""
    fates = {each: Fate(each.value.replace("_", " ")) for each in reconcile.Outcome}
    read = [SourceFate(each.where, each.text, fates[each.outcome], each.reason) for each in result.lines]
    applied = [PlanFate(each.where, each.text, each.state, each.detail) for each in outcomes]
    lines = reconciled(read, applied)
    return Certificate(result.filename, hashlib.sha256(data).hexdigest(), when, by, plan, "", profile, lines)


def told(result: ImportResult) -> Iterator[str]:
    """Yield what was found, every problem with its place, and what became of every line."""
    if result.kind != "plan":
        yield result.sentence or "No plan was found in this file."
    else:
        workstreams = [w for priority in result.document.priorities for w in priority.workstreams]
        actions = sum(len(w.actions) for w in workstreams)
        milestones = sum(len(w.milestones) for w in workstreams)
        unplaced = sum(len(priority.unplaced) for priority in result.document.priorities)
        yield f"{result.document.title or result.filename}"
        yield (
            f"{len(result.document.priorities)} priorities, {len(workstreams)} workstreams, {actions} actions, "
            f"{milestones} milestones" + (f" and {unplaced} without a workstream" if unplaced else "")
        )
    totals = result.totals()
    yield (
        f"{totals['lines']} lines read: {totals['imported']} imported, {totals['merged']} merged, "
        f"{totals['needs_decision']} need a decision, {totals['left_out']} left out"
    )
    for problem in result.problems:
        yield f"  {problem}"
    for line in result.lines:
        if line.outcome != "imported":
            reason = f": {line.reason}" if line.reason else ""
            yield f"  {line.where} {line.outcome.value.replace('_', ' ')}{reason} - {line.text[:80]}"


def open_questions(questions: Iterable[Question]) -> Iterator[str]:
    """Yield each question about a file that is open, with the key and the values that answer it."""
    for question in questions:
        answers = [f"{value} ({label})" for value, label in question.options]
        answers += [_TYPED[question.types]] if question.types in _TYPED else []
        yield f"  {question.where}: {question.asked}"
        yield f"    {question.key} = {'; '.join(answers)}"
