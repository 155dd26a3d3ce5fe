"""Whatever text a person can store, every export is written, loses no legal character and runs nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exports.reading import csv_rows, formulas, shared_strings, word_tables, workbook
from tests.exports.sample import report_facts
from tracker.exports import Report, ReportFacts, build_report, render
from tracker.exports.characters import guard_formula, legal
from tracker.queries.rows import LeadRow

# All of Unicode, lone surrogates and controls too, with what spreadsheets and XML trip over made likely.
ANY = st.text(st.characters(exclude_categories=()), max_size=40)
TRAPS = st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "_x000D_",
        "_x0041_",
        "&D",
        "<w:p/>",
        "]]>",
        "a\r\nb",
        "\x0b",
        "\ud800",
        "\ufffe",
        " x ",
    ]
)
TEXTS = st.one_of(ANY, TRAPS, st.builds("".join, st.tuples(TRAPS, ANY)))


@cache
def small() -> ReportFacts:
    """Return facts of one workstream, so that a hundred reports take seconds."""
    facts = report_facts()
    priority = facts.snapshot.priorities[0]
    stream = replace(priority.workstreams[0], milestones=priority.workstreams[0].milestones[:2])
    snapshot = replace(facts.snapshot, priorities=(replace(priority, workstreams=(stream,)),))
    return replace(facts, snapshot=snapshot, movements=(), coming=(), moves=(), decisions=())


def with_every_text(text: str) -> Report:
    """Return a report in which every text that a person types is `text`."""
    facts = small()
    priority = facts.snapshot.priorities[0]
    stream = priority.workstreams[0]
    leads = (LeadRow(1, text, text, True),)
    rows = tuple(
        replace(
            row,
            text=text,
            leads=leads,
            progress=text,
            impact=text,
            recovery=text,
            help_needed=text,
            blocked=text,
            reason=text,
            proposed_text=text,
            priority_title=text,
            workstream_title=text,
            tail=text,
            updated_by=text,
            needs_decision=text,
        )
        for row in stream.milestones
    )
    changed = replace(stream, title=text, leads=leads, milestones=rows)
    plan = replace(
        facts.snapshot.plan,
        title=text,
        organisation=text,
        marking=text,
        priority_label=text,
        workstream_label=text,
        key=(("Red", text),),
        reports_to=(text,),
    )
    snapshot = replace(facts.snapshot, plan=plan, priorities=(replace(priority, title=text, workstreams=(changed,)),))
    return build_report(replace(facts, snapshot=snapshot, board=text, author=text, contact=text))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_excel_holds_every_legal_character_and_no_formula(text: str) -> None:
    data = render(with_every_text(text), "xlsx")
    assert formulas(data) == []
    assert legal(text) in shared_strings(data) | {""}
    assert workbook(data).sheetnames[0] == "Summary"


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_word_holds_every_legal_character(text: str) -> None:
    said = legal(text)
    rows = [
        row
        for caption, found in word_tables(render(with_every_text(text), "docx")).items()
        if caption.startswith("Milestones of")
        for row in found[1:]
    ]
    assert len(rows) == 2
    for row in rows:
        assert row[1].startswith(said)
        assert row[5] == (f"{said}\nImpact: {said}" if said else "")


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_csv_holds_every_legal_character_behind_the_guard(text: str) -> None:
    rows = csv_rows(render(with_every_text(text), "csv"))
    assert len(rows) == 3
    for row in rows[1:]:
        assert row[3] == guard_formula(legal(text))
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)
