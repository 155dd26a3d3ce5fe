"""Plans laid out as documents: a sheet or a heading per section, a table per workstream, lists in cells."""

from __future__ import annotations

from tests.imports.workbooks import actions, bold, filled, merged, milestones, read, read_sheets, whole, workstreams
from tracker.imports.leads import shown_lead
from tracker.imports.result import ImportResult

HEADINGS = ("Action", "Lead", "Delivery Milestones", "Update / Impact")
COVER = (
    ("Local Area SEND Improvement Plan 2025-2028",), (None,),
    ("Date", "28th May 2025"), ("Version", "Final"), (None,),
    ("Status", "Progress against timescale"),
    ("Grey", "Action not started"), ("Blue", "Action completed and signed off"), (None,),
    ("Section", "Area for Improvement", "Pages"),
    (1, "Communications\nDevelop effective communication", "5 - 10"),
)  # fmt: skip
SECTION = (
    ("SECTION 1",),
    ("Communications",),
    ("Area for improvement",),
    ("Develop effective communication across all partners.",),
    ("What good looks like",),
    ("- A strategy is in place.",),
    ("- Contact receives a timely response¹.",),
    ("How do we know? (Success criteria)",),
    ("Quantitatively",),
    ("- Follower statistics rise.",),
    ("Qualitatively",),
    ("- Parents report more satisfaction.",),
    ("Interdependencies with other plans",),
    ("- Coproduction charter",),
    ("¹ Within five days",),
    (None,),
    ("1a. Develop clear communications",),
    HEADINGS,
    (
        "A. Review current methods.\n\nB. Deliver effective communications.",
        "SENDAC Chair\n\nImprovement Manager",
        "1. Jul 2025: An engagement plan is live.\n2. Sep 2025: A charter is agreed.\n"
        "3. Jun 2026 (quarterly reviews following this): A review is in place.",
        "Charter drafted.",
    ),
    (None,),
    ("1b. Ensure coproduction",),
    HEADINGS,
    (
        "A. Review all activities.",
        "Head of Services (ICB)",
        "1. Weekly:\n   ○ Attend panels.\n2. 6 Monthly:\n   ○ Review feedback\n   ○ Review the journey.",
        None,
    ),
    (None,),
    ("1c. Improve understanding",),
    HEADINGS,
    ("A. Training agreed.", "Manager", "Aug 2026: Train staff.\nSept 2026: Audit teaching\nin all schools.", None),
    (None,),
    (None, None, "11. Jun 2026: Train Young Inspectors.", None),
)
LOOK = (bold(1, 2, 3, 5, 8, 9, 11, 13, 17, 18, 21, 22, 25, 26), merged(*(f"A{row}:D{row}" for row in range(1, 15))))


def example() -> ImportResult:
    return read_sheets(
        ("Cover", COVER),
        ("Section 1", SECTION, *LOOK),
        ("Glossary", [("Term", "Full Form"), ("ICB", "Integrated Care Board")]),
    )


def test_a_sheet_per_section_gives_an_area_with_its_description() -> None:
    result = example()
    area = result.document.priorities[0]
    assert (area.ref, area.title, result.document.priority_label) == ("1", "Communications", "Section")
    assert area.description == "Develop effective communication across all partners."
    assert len(result.document.priorities) == 1


def test_paragraphs_under_known_headings_become_records_with_their_footnotes() -> None:
    records = [(each.kind, each.text) for each in example().document.priorities[0].records]
    assert records == [
        ("good_looks_like", "A strategy is in place."),
        ("good_looks_like", "Contact receives a timely response¹. (¹ Within five days)"),
        ("criterion_quantitative", "Follower statistics rise."),
        ("criterion_qualitative", "Parents report more satisfaction."),
        ("interdependency", "Coproduction charter"),
    ]


def test_lettered_actions_and_numbered_milestones_share_a_workstream_without_a_link() -> None:
    first = workstreams(example())[0]
    assert (first.ref, first.title) == ("1a", "Develop clear communications")
    assert [(each.ref, each.text) for each in first.actions] == [
        ("A", "Review current methods."), ("B", "Deliver effective communications."),
    ]  # fmt: skip
    assert [(each.ref, each.date, each.actions) for each in first.milestones] == [
        ("1", "Jul 2025", []), ("2", "Sep 2025", []), ("3", "Jun 2026", []),
    ]  # fmt: skip
    assert [shown_lead(lead) for lead in first.leads] == ["SENDAC Chair", "Improvement Manager"]
    assert first.milestones[2].tail == "quarterly reviews following this"
    assert first.milestones[0].update_text == "Charter drafted."


def test_recurring_items_become_commitments_one_for_each_sub_bullet() -> None:
    second = workstreams(example())[1]
    assert [(each.ref, each.frequency, each.text) for each in second.commitments] == [
        ("1.1", "Weekly", "Attend panels."), ("2.1", "6 Monthly", "Review feedback"),
        ("2.2", "6 Monthly", "Review the journey."),
    ]  # fmt: skip
    assert second.milestones == []
    assert (second.leads[0].post, second.leads[0].organisation) == ("Head of Services", "ICB")


def test_lines_that_begin_with_a_date_are_milestones_and_wrapped_lines_belong_to_them() -> None:
    third = workstreams(example())[2]
    assert [(each.text, each.date) for each in third.milestones] == [
        ("Train staff.", "Aug 2026"), ("Audit teaching in all schools.", "Sept 2026"),
    ]  # fmt: skip


def test_a_milestone_whose_workstream_is_not_shown_is_kept_with_a_question() -> None:
    result = example()
    unplaced = result.document.priorities[0].unplaced
    assert [(each.ref, each.date, each.text) for each in unplaced] == [("11", "Jun 2026", "Train Young Inspectors.")]
    assert "Which workstream" in unplaced[0].needs_decision
    assert any(each.where == "Section 1 C29" for each in result.problems)
    assert result.totals()["needs_decision"] == 1


def test_the_cover_gives_title_date_version_and_key_and_its_index_is_no_action() -> None:
    plan = example().document
    assert plan.title == "Local Area SEND Improvement Plan 2025-2028"
    assert (plan.adopted, plan.version, plan.starts, plan.ends) == ("2025-05-28", "Final", "2025", "2028")
    assert plan.key == {"Grey": "Action not started", "Blue": "Action completed and signed off"}
    assert [(each.kind, each.term) for each in plan.records] == [("definition", "ICB")]


def test_every_line_is_accounted_for_and_the_index_counts_as_merged() -> None:
    result = example()
    assert whole(result)
    assert not [line for line in result.lines if line.reason == "not recognised as part of the plan"]
    assert [line.outcome for line in result.lines if line.where == "Cover A11"] == ["merged"]
    assert {line.sheet for line in result.lines} == {"Cover", "Section 1", "Glossary"}


def test_the_json_shows_unlinked_milestones_commitments_and_unplaced_ones_in_their_places() -> None:
    shown = example().to_json()["workstreams"]
    assert isinstance(shown, list)
    assert [each["ref"] for each in shown] == ["1a", "1b", "1c", None]
    assert shown[0]["milestones"][2]["date_text"] == "Jun 2026 (quarterly reviews following this)"
    assert shown[0]["actions"][0]["leads"] == ["SENDAC Chair", "Improvement Manager"]
    assert [(each["precision"], each["due"]) for each in shown[1]["milestones"]] == [("recurrence", None)] * 3
    assert shown[3]["title"] is None
    assert shown[3]["milestones"][0]["due"] == "2026-06-30"


def test_the_same_document_on_one_sheet_reads_the_same() -> None:
    others = {"SECTION 1": "SECTION 2", "Communications": "Waiting times"} | {
        row[0]: row[0].replace("1", "2") for row in SECTION if str(row[0])[:2] in ("1a", "1b", "1c")
    }
    second = [tuple(others.get(cell, cell) for cell in row) for row in SECTION]
    result = read(("Improvement Plan",), *SECTION, (None,), *second)
    assert [(area.ref, area.title) for area in result.document.priorities] == [
        ("1", "Communications"),
        ("2", "Waiting times"),
    ]
    assert [each.ref for each in workstreams(result)] == ["1a", "1b", "1c", "2a", "2b", "2c"]
    assert [len(area.records) for area in result.document.priorities] == [5, 5]
    assert [len(area.unplaced) for area in result.document.priorities] == [1, 1]
    assert whole(result)


def test_letters_that_go_on_in_the_next_row_go_on_in_the_list() -> None:
    result = read(
        ("1a. Communicate",), HEADINGS,
        ("A. Review.\nB. Deliver.", "Manager", "1. Jul 2025: Plan live.", None),
        ("C. Engage.", "Director", "2. Sep 2025: Charter agreed.", None),
        changes=[bold(1, 2)],
    )  # fmt: skip
    assert [each.ref for each in actions(result)] == ["A", "B", "C"]
    assert [lead.post for lead in actions(result)[2].leads] == ["Director"]
    assert [each.actions for each in milestones(result)] == [[], []]


def test_lists_on_one_line_are_split_where_a_sentence_ends() -> None:
    result = read(
        ("1a. Communicate",), HEADINGS,
        ("A. Review. B. Deliver. C. Engage with plan B. users", "Manager", "1. Jul 2025: Live. 2. Sep 2025: Agreed."),
        changes=[bold(1, 2), filled(A1="1F4E79")],
    )  # fmt: skip
    assert [each.text for each in actions(result)] == ["Review.", "Deliver.", "Engage with plan B. users"]
    assert [each.date for each in milestones(result)] == ["Jul 2025", "Sep 2025"]
