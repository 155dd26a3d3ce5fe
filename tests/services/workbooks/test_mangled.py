"""Whatever people do to a workbook: nothing is applied that was not typed, everything is said, twice is as once."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.lead_workbooks import LATER, Edited, bring_back, opened, read, sent
from tests.services import acts
from tracker.models import Milestone, Plan
from tracker.rules.permissions import SYSTEM
from tracker.rules.workbook import BY_KEY, FIELDS, comparable, state_of, values_of
from tracker.rules.workbook_return import Outcome

_WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "Sc", "Sm")), max_size=30)
_STATES = st.sampled_from(["On track", "at risk", "Will miss its date ", "Done", "Fine", ""])
_DATES = st.sampled_from(["Jan 2026", "soon", "14/11/2025", "Jan 2020", ""])
_TICKS = st.sampled_from(["No change", "x", "perhaps", ""])
_ANSWERS: dict[str, Any] = {
    **dict.fromkeys(("progress", "impact", "reason", "recovery", "help"), _WORDS),
    "state": _STATES,
    "forecast": _DATES,
    "completed": _DATES,
    "no_change": _TICKS,
    "evidence": st.sampled_from(["https://testshire.example/m", "on my desk", ""]),
}
_CELL = st.sampled_from(sorted(_ANSWERS)).flatmap(lambda key: st.tuples(st.just(key), _ANSWERS[key]))
_ROW = st.integers(0, 3)
_EDIT = st.one_of(
    st.tuples(st.just("type"), _ROW, _CELL),
    st.tuples(st.just("type"), _ROW, _CELL),
    st.tuples(st.just("type"), _ROW, _CELL),
    st.tuples(st.just("copy"), _ROW, st.none()),
    st.tuples(st.just("copy and type"), _ROW, _CELL),
    st.tuples(st.just("delete"), _ROW, st.none()),
    st.tuples(st.just("insert"), _ROW, _WORDS),
    st.tuples(st.just("sort"), _ROW, st.randoms(use_true_random=False)),
    st.tuples(st.just("swap without keys"), _ROW, _ROW),
    st.tuples(st.just("delete column"), _ROW, st.sampled_from([field.key for field in FIELDS])),
)


def mangled(book: Edited, edits: list[tuple[str, int, Any]]) -> tuple[bytes, dict[str, dict[str, set[str]]]]:
    """Do to a workbook what the edits say; return the file, and what stands in it of each milestone by column."""
    gone: set[str] = set()
    for what, at, more in edits:
        rows = book.rows
        if not rows:
            break
        row = rows[at % len(rows)]
        cell, columns = book.sheet.cell, book.columns
        if what.startswith("copy"):
            target = book.sheet.max_row + 1
            for column in range(1, columns["key"] + 1):
                cell(target, column).value = cell(row, column).value
            row = target
        if what.endswith("type") and more[0] not in gone:
            found = cell(row, columns[more[0]])
            found.value = more[1]
            found.data_type = "s"
        elif what == "delete":
            book.sheet.delete_rows(row)
        elif what == "insert":
            book.sheet.insert_rows(row)
            cell(row, columns["text"]).value = more
            cell(row, columns["text"]).data_type = "s"
        elif what == "sort":
            order = list(rows)
            more.shuffle(order)
            book.reorder(order)
        elif what == "swap without keys":
            other = rows[more % len(rows)]
            for column in range(1, columns["key"]):
                a, b = cell(row, column), cell(other, column)
                a.value, b.value = b.value, a.value
        elif what == "delete column" and more not in gone:
            book.sheet.delete_cols(columns[more])
            place = columns.pop(more)
            book.columns = {key: column - (column > place) for key, column in columns.items()}
            gone.add(more)
    for cells in book.sheet.iter_rows():
        for one in cells:
            if isinstance(one.value, str):
                one.data_type = "s"  # a text that begins like a formula is meant as it was typed
    standing: dict[str, dict[str, set[str]]] = {}
    for row in book.rows:
        ref = str(book.sheet.cell(row, book.columns["ref"]).value)
        for key in _ANSWERS:
            if key in book.columns:
                value = comparable(str(book.sheet.cell(row, book.columns[key]).value or ""))
                standing.setdefault(ref, {}).setdefault(key, set()).add(value)
    return book.saved(), standing


@given(edits=st.lists(_EDIT, max_size=12))
@example(edits=[("type", 0, ("help", "A lawyer")), ("swap without keys", 0, 1)])
@example(edits=[("type", 0, ("help", "A lawyer")), ("copy and type", 0, ("help", "A nurse"))])
@example(edits=[("type", 0, ("no_change", "No change")), ("sort", 0, Random(4))])
@example(
    edits=[("type", 0, ("help", "A lawyer")), ("delete column", 0, "impact"), ("insert", 1, "New"), ("delete", 2, 0)]
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_nothing_is_applied_that_was_not_typed_and_everything_is_said(
    session: Session, edits: list[tuple[str, int, Any]]
) -> None:
    savepoint = session.begin_nested()
    try:
        _check(session, edits)
    finally:
        savepoint.rollback()
        session.expire_all()


def _check(session: Session, edits: list[tuple[str, int, Any]]) -> None:
    plan = factories.plan(
        session,
        *[milestone_line(str(number), date="Dec 2025") for number in range(1, 5)],
        effective=acts.at(factories.ADOPTED),
    )
    rows = factories.milestones_of(session, plan)
    acts.update(session, SYSTEM, rows[0], impact="Fewer calls", help_needed="A room")
    acts.update(session, SYSTEM, rows[1], confidence="at_risk", confidence_reason="Staff", forecast_text="Jan 2026")
    before = {f"1a.{row.ref}": values_of(row) for row in rows}
    data, typed = mangled(opened(sent(session, plan)), edits)
    returned = read(data)
    result = bring_back(session, SYSTEM, plan, data)
    _nothing_that_was_not_typed(plan, rows, before, typed, session)
    if all(what != "swap without keys" for what, _, _ in edits):
        for row in rows:
            if any(len(values) > 1 for values in typed.get(f"1a.{row.ref}", {}).values()):
                assert values_of(row) == before[f"1a.{row.ref}"], "One of two copies that differ was applied"
    _everything_is_said(before, typed, result)
    seq = plan.ledger_seq
    again = bring_back(session, SYSTEM, plan, data, LATER)
    assert plan.ledger_seq == seq, "A second time changed something"
    assert not again.count(Outcome.APPLIED)
    assert len(returned.rows) >= len({row.key for row in returned.rows})


def _nothing_that_was_not_typed(
    plan: Plan, rows: list[Milestone], before: dict[str, dict[str, str]], typed: Any, session: Session
) -> None:
    """Fail where a value that changed stands in no row of that milestone."""
    session.flush()
    for row in rows:
        ref = f"1a.{row.ref}"
        for key, now in values_of(row).items():
            if comparable(now) == comparable(before[ref][key]):
                continue
            cleared = key in ("reason", "recovery") and not now and row.confidence == "on_track"
            day = key == "completed" and row.signoff == "claimed"
            if key == "state":
                states = {state_of(text) for text in typed.get(ref, {}).get(key, set())}
                assert state_of(now) in states, (ref, now)
            else:
                assert cleared or day or comparable(now) in typed.get(ref, {}).get(key, set()), (ref, key, now)


def _everything_is_said(before: dict[str, dict[str, str]], typed: Any, result: Any) -> None:
    """Fail where a cell that differs from what went out has no outcome in the result."""
    said: Counter[tuple[str, str]] = Counter()
    for row in result.rows:
        if row.notes:  # a row that is refused or noted as a whole shows what was typed
            said.update((row.ref, key) for key in BY_KEY)
        said.update((row.ref, cell.key) for cell in row.cells if cell.outcome is not Outcome.UNCHANGED or cell.why)
    for ref, cells in typed.items():
        for key, values in cells.items():
            different = {value for value in values if value != comparable(before.get(ref, {}).get(key, ""))}
            if different:
                assert said[ref, key], (ref, key, different)
