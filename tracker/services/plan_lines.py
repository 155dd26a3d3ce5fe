"""What stands beside the milestones of a plan: records, measures with their readings, commitments, period grids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from tracker.models import Commitment, Measure, PeriodState, Reading, Record, Workstream
from tracker.rules.document import CommitmentLine, MeasureLine, ReadingLine, RecordLine
from tracker.rules.document import PeriodState as PeriodStateLine
from tracker.rules.text import clean, fold
from tracker.services.plan_matching import Refs, Siblings, how_it_stands
from tracker.services.plan_run import Run
from tracker.services.plan_settling import Settling


def write_records(run: Run, lines: Iterable[RecordLine], priority_id: int | None) -> list[Record]:
    """Write the records of a priority, or those of the plan itself.

    Returns those of the kinds that the document holds which it does not have any more.
    """
    lines = list(lines)
    rows = run.below(Record, priority_id)
    siblings = Siblings(rows, "text")
    for line, row in _records_of(siblings, lines):
        what = line.kind.replace("_", " ")
        if not clean(line.text):
            run.note("refused", what, "", line.term, "It has no text.", line=line)
        elif row is not None:
            run.reword(row, {"text": clean(line.text)}, what, "", line.text, line=line)
        else:
            new = Record(
                plan_id=run.plan.id,
                priority_id=priority_id,
                kind=line.kind,
                term=clean(line.term),
                text=clean(line.text),
                position=len(rows) + 1,
                **how_it_stands(line),
            )
            siblings.take(run.add(new, priority_id))
            run.note("new", what, "", line.text, line=line)
    kinds = {line.kind for line in lines}
    return [row for row in siblings.left() if row.kind in kinds]


def _records_of(siblings: Siblings[Record], lines: list[RecordLine]) -> list[tuple[RecordLine, Record | None]]:
    """Return each line with its row: first those that are the same, so that none is taken by one much like it."""
    found: list[Record | None] = [None] * len(lines)
    for alike in (False, True):
        for index, line in enumerate(lines):
            if found[index] is None:
                same = [
                    row for row in siblings.there if row.kind == line.kind and fold(row.term) == fold(clean(line.term))
                ]
                found[index] = siblings.find_text(same, line.text, alike=alike)
    return list(zip(lines, found, strict=True))


def write_measures(run: Run, lines: Sequence[MeasureLine], priority_id: int | None) -> None:
    """Write the measures of a priority, or those of the plan itself, with their readings."""
    rows = run.below(Measure, priority_id)
    siblings = Siblings(rows, "name")
    for line in lines:
        if not clean(line.name):
            run.note("refused", "measure", "", line.notes, "It has no name.", line=line)
            continue
        row = siblings.find_text(siblings.there, line.name, alike=False)
        values = {
            "unit": clean(line.unit),
            "polarity": clean(line.polarity),
            "baseline": clean(line.baseline),
            "target": clean(line.target),
            "frequency": clean(line.frequency),
            "notes": clean(line.notes),
        }
        if row is None:
            new = Measure(
                plan_id=run.plan.id,
                priority_id=priority_id,
                name=clean(line.name),
                position=len(rows) + 1,
                **values,
            )
            row = siblings.take(run.add(new, priority_id))
            run.note("new", "measure", "", row.name, line=line)
        else:
            run.reword(
                row, {name: value for name, value in values.items() if value}, "measure", "", line.name, line=line
            )
        _write_readings(run, line.readings, row)


def _write_readings(run: Run, lines: Sequence[ReadingLine], measure: Measure) -> None:
    """Write the readings of a measure: known again by period and group, and by their order where several share both."""
    there = defaultdict(list)
    for row in run.below(Reading, measure.id):
        there[fold(row.period), fold(row.group)].append(row)
    known = bool(there)
    for line in lines:
        same = there[fold(clean(line.period)), fold(clean(line.group))]
        place = ", ".join(part for part in (measure.name, line.group, line.period) if part)
        if not same:
            _add_reading(run, line, measure)
            if known:
                run.note("new", "reading", "", place, line.value, line=line)
            continue
        row = same.pop(0)
        if row.value != clean(line.value):
            run.reword(row, {"value": clean(line.value)}, "reading", "", place, line=line)


def _add_reading(run: Run, line: ReadingLine, measure: Measure) -> None:
    run.add(
        Reading(
            plan_id=run.plan.id,
            measure_id=measure.id,
            period=clean(line.period),
            group=clean(line.group),
            value=clean(line.value),
            position=len(run.below(Reading, measure.id)) + 1,
        ),
        measure.id,
    )


def write_commitments(settling: Settling, lines: Sequence[CommitmentLine], workstream: Workstream) -> None:
    """Write what recurs in a workstream."""
    run = settling.run
    own = [row for row in run.below(Commitment, workstream.id) if row.milestone_id is None]
    refs = Refs(own, settling.new(lines), run.former(Commitment, ("workstream", workstream.id)))
    for line in lines:
        full = f"{workstream.ref} {line.ref}".strip()
        if not clean(line.text):
            run.note("refused", "commitment", full, line.frequency, "It has no text.", line=line)
            continue
        settled = settling.settle(line, "commitment", full, line.text, workstream.ref)
        if settled is None:
            continue
        values = {"text": clean(line.text), "frequency": clean(line.frequency)}
        if settled.row is not None:
            given = {name: value for name, value in values.items() if value}
            confirmed, aside = settled.confirmed, settled.aside
            run.reword(settled.row, given, "commitment", full, line.text, line=line, confirmed=confirmed, aside=aside)
            continue
        new = Commitment(
            plan_id=run.plan.id,
            workstream_id=workstream.id,
            ref=refs.take(line.ref),
            position=len(run.below(Commitment, workstream.id)) + 1,
            **values,
            **_confirmed(run, line),
            **how_it_stands(line),
        )
        run.add(new, workstream.id)
        run.note("new", "commitment", full, line.text, line=line)


def _confirmed(run: Run, line: CommitmentLine) -> dict[str, Any]:
    """Return the columns of a rule that a person confirmed before the document was applied."""
    if not line.every or not line.anchor:
        return {}
    return {"every": line.every, "anchor": date.fromisoformat(line.anchor), "confirmed": run.recorder.today}


def write_period_states(run: Run, lines: Sequence[PeriodStateLine], workstream: Workstream) -> None:
    """Write what a period grid says of the milestones of a workstream."""
    rows = run.below(PeriodState, workstream.id)
    known = {(fold(row.milestone), fold(row.period)): row for row in rows}
    for line in lines:
        row = known.get((fold(line.milestone), fold(line.period)))
        if row is not None:
            if row.state != clean(line.state):
                place = f"{line.milestone}, {line.period}"
                run.reword(row, {"state": clean(line.state)}, "period state", workstream.ref, place, line=line)
            continue
        new = PeriodState(
            plan_id=run.plan.id,
            workstream_id=workstream.id,
            milestone=clean(line.milestone),
            period=clean(line.period),
            state=clean(line.state),
            position=len(rows) + 1,
        )
        known[fold(line.milestone), fold(line.period)] = run.add(new, workstream.id)
