"""A plan under each preset: every file is opened again, and its words, paints and key are those of the scheme."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.exports import reading, sample
from tracker.exports import build_report, render
from tracker.exports.facts import ReportFacts
from tracker.exports.report import StatusValue
from tracker.exports.sections.highlights import concerns
from tracker.exports.tree_text import tree_data, tree_lines
from tracker.rules.colour import Colour
from tracker.rules.rating import PRESETS, Rating, Ratings, preset, with_choice


def under(rating: Rating) -> ReportFacts:
    """Return the sample plan as rated by a scheme since it began; two milestones carry what a scheme may add."""
    facts = sample.report_facts()
    stored = with_choice(None, sample.ADOPTED, rating)
    plan = replace(facts.snapshot.plan, ratings=Ratings.from_data(stored))
    first, *others = facts.snapshot.priorities
    stream = first.workstreams[0]
    told = [
        replace(row, percent=40, outcome_confidence="doubtful", outcome_reason="No uptake")
        for row in stream.milestones[:2]
    ]
    stream = replace(stream, milestones=(*told, *stream.milestones[2:]))
    first = replace(first, workstreams=(stream, *first.workstreams[1:]))
    return replace(facts, snapshot=replace(facts.snapshot, plan=plan, priorities=(first, *others)))


@pytest.fixture(scope="module", params=PRESETS)
def case(request: pytest.FixtureRequest) -> tuple[Rating, ReportFacts, dict[str, bytes]]:
    rating = preset(request.param)
    facts = under(rating)
    report = build_report(facts)
    return rating, facts, {name: render(report, name) for name in ("docx", "xlsx", "csv", "csv-key")}


def expected(rating: Rating, facts: ReportFacts) -> list[str]:
    """Return what the status of each milestone is called, in the order of the register."""
    words = rating.vocabulary
    return [words.term(row.colour, row.rule, row.marks, row.standing).text for row in facts.milestones]


def test_word_prints_the_words_and_the_whole_key(case) -> None:
    rating, _, files = case
    tables = reading.word_tables(files["docx"])
    key = tables[f"What each colour means: {rating.name}"]
    assert [row[0] for row in key[1:]] == [term.text for term in rating.vocabulary.terms]
    assert [row[2] for row in key[1:]] == [term.meaning for term in rating.vocabulary.terms]
    assert "Action completed and signed off" in "".join(cell for row in key for cell in row)
    assert any(rating.name in row[1] for row in tables["About this report"] if row[0] == "Rating scheme")
    registers = [rows for caption, rows in tables.items() if caption.startswith("Milestones of")]
    said = {row[3].split("\n")[0] for rows in registers for row in rows[1:]}
    assert said <= {term.text for term in rating.vocabulary.terms}


def test_excel_prints_the_words_in_their_paints_and_the_key_on_a_sheet(case) -> None:
    rating, facts, files = case
    register = reading.sheet_table(files["xlsx"], "Register")
    assert [row["Status"] for row in register] == expected(rating, facts)
    assert [row["Status"] for row in reading.sheet_table(files["xlsx"], "Key")] == [
        term.text for term in rating.vocabulary.terms
    ]
    sheet = reading.workbook(files["xlsx"])["Key"]
    paints = {term.text: term.paint.fill for term in rating.vocabulary.terms}
    seen = {cell.value: cell.fill.fgColor.rgb[2:] for row in sheet.iter_rows() for cell in row if cell.value in paints}
    assert seen == paints
    assert any(rating.name in str(value) for row in reading.sheet_rows(files["xlsx"], "Key")[:2] for value in row)


def test_csv_says_in_each_line_what_its_status_means_and_the_key_is_a_file(case) -> None:
    rating, facts, files = case
    head, *rows = reading.csv_rows(files["csv"])
    terms = {term.text: term for term in rating.vocabulary.terms}
    status, means, scheme = (head.index(name) for name in ("Status", "Status means", "Rating scheme"))
    assert [row[status] for row in rows] == expected(rating, facts)
    assert all(row[means] == terms[row[status]].meaning and row[scheme] == rating.name for row in rows)
    _, *key = reading.csv_rows(files["csv-key"])
    wanted = (*rating.vocabulary.terms, *rating.vocabulary.outcome)
    assert [(row[0], row[2], row[5]) for row in key] == [(rating.name, term.word, term.meaning) for term in wanted]


def test_the_command_line_keeps_the_computed_colour_and_adds_the_word(case) -> None:
    rating, facts, _ = case
    told = tree_data(facts.snapshot)
    assert told["scheme"]["name"] == rating.name
    assert told["scheme"]["terms"][0]["word"] == rating.vocabulary.terms[0].word
    rows = [row for p in told["priorities"] for w in p["workstreams"] for row in w["milestones"]]
    shown = {row["full_ref"]: (row["colour"], row["word"]) for row in rows}
    for row in facts.milestones:
        term = rating.vocabulary.term(row.colour, row.rule, row.marks, row.standing)
        assert shown[row.full_ref] == (row.colour.value, term.word)
    assert any(rating.name in line for line in tree_lines(facts.snapshot))


def test_percent_complete_prints_the_leads_figure_and_the_share_that_is_signed_off() -> None:
    facts = under(preset("percent-complete"))
    report = build_report(facts)
    rows = reading.sheet_table(render(report, "xlsx"), "Register")
    assert [row["Percent complete"] for row in rows[:2] if not row["Status"].startswith(("B ", "Not"))][:1] == [40]
    assert all(row["Percent complete"] == 100 for row in rows if row["Status"].startswith("B "))
    assert all(row["Original date (as written)"] for row in rows if row["Deadline: last day"])
    told = tree_data(facts.snapshot)
    counts = facts.snapshot.counts
    assert told["percent"] == counts.blue * 100 // counts.total


def test_confidence_in_the_outcome_stands_beside_the_colour_in_every_file() -> None:
    facts = under(preset("two-ratings"))
    report = build_report(facts)
    (first, *_) = reading.sheet_table(render(report, "xlsx"), "Register")
    assert (first["Outcome confidence"], first["Why that confidence"]) == ("X Doubtful", "No uptake")
    assert first["Status"] == expected(preset("two-ratings"), facts)[0]
    tables = reading.word_tables(render(report, "docx")).values()
    assert any("Outcome: X Doubtful" in cell for rows in tables for row in rows for cell in row)


def test_a_status_without_a_scheme_speaks_the_default() -> None:
    assert StatusValue(Colour.GREEN).text == "Gn On target"
    assert StatusValue(Colour.NONE).text == "Not counted"


def test_worries_are_told_in_the_names_of_the_plan() -> None:
    facts = under(preset("confidence-three"))
    told = " ".join(concerns(facts))
    assert ": Low, " in told
    assert ": Red, " not in told
