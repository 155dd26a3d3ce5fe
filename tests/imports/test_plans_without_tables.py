"""Roadmaps, dated titles and dated lines: plans that no column of actions tells of."""

from __future__ import annotations

from tests.imports.documents import H, P, T, read_document
from tests.imports.workbooks import actions, milestones, read, whole, workstreams
from tracker.imports.result import ImportResult, Kind
from tracker.rules.dates import read_period

YEARS = ("2025/26", "2026/27", "2027 onwards")


def ends(result: ImportResult) -> list[str]:
    """Return the last day of each milestone, in order."""
    return [str(read_period(each.date).end) for each in milestones(result)]


def test_each_text_under_a_time_is_due_at_its_end_and_an_open_time_gives_no_date() -> None:
    result = read_document(
        H("Cultural strategy: roadmap"),
        T([("Strand", *YEARS), ("Places", "Open the arts centre\nMap all studios", "Hold a festival", "Review it")]),
    )
    assert [each.text for each in actions(result)] == [
        "Open the arts centre", "Map all studios", "Hold a festival", "Review it",
    ]  # fmt: skip
    assert ends(result) == ["2026-03-31", "2026-03-31", "2027-03-31", "None"]
    assert [each.title for each in workstreams(result)] == ["Places"]
    assert any("headed by times" in each.what for each in result.problems)
    assert whole(result)


def test_figures_and_what_has_been_under_times_are_no_plan() -> None:
    figures = read(("Measure", "2023/24", "2024/25"), ("Homes built", "210", "240"), ("Bins missed", "80", "60"))
    past = read_document(
        H("Delivery: what we achieved"),
        T(
            [
                ("2023/24", "2024/25"),
                ("Opened the new library", "Planted 4,000 trees"),
                ("Built 20 homes", "Won a prize"),
            ]
        ),
    )
    assert [figures.kind, past.kind] == [Kind.NOT_A_PLAN, Kind.NOT_A_PLAN]


def test_lines_below_a_title_that_says_by_when_are_due_then() -> None:
    result = read_document(
        H("Landlord improvement plan"),
        H("By March 2026", 2),
        P("Complete the survey of all blocks."),
        P("Contact: Head of Housing"),
        H("Phase 2 (September 2026)", 2),
        P("Procure a repairs contractor."),
    )
    assert ends(result) == ["2026-03-31", "2026-09-30"]
    assert "Contact: Head of Housing" not in [each.text for each in actions(result)]
    assert whole(result)


def test_news_below_dates_is_no_plan() -> None:
    result = read_document(
        H("Council news"),
        H("March 2026", 2),
        P("Residents will be able to have a say on parking."),
        H("February 2026", 2),
        P("The new library will open on Saturday."),
    )
    assert result.kind is Kind.NOT_A_PLAN


def test_a_line_may_begin_with_its_date_or_end_in_it_and_the_next_say_how_far_it_is() -> None:
    led = read_document(
        H("Enforcement notice: actions"),
        P("By 30 April 2026 – Replace all fire doors at Priory Court."),
        P("This has been completed."),
        P("By 31 July 2026 – Assess the low-rise blocks."),
        P("Immediately – Brief all wardens."),
        P("By 30 September 2026 – Report to the board."),
    )
    assert ends(led) == ["2026-04-30", "2026-07-31", "None", "2026-09-30"]
    assert actions(led)[0].status_text == "completed"
    ended = read_document(
        H("Homelessness delivery plan"),
        P("Launch a landlord service (by June 2025)", style="List Bullet"),
        P("Review the policy (Housing Manager; September 2025)", style="List Bullet"),
        P("Publish a protocol [December 2025]", style="List Bullet"),
    )
    assert ends(ended) == ["2025-06-30", "2025-09-30", "2025-12-31"]
    assert [lead.post for lead in actions(ended)[1].leads] == ["Housing Manager"]
    assert whole(led)
    assert whole(ended)
