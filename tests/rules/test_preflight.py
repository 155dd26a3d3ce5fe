"""The checks of a preflight, each once with a milestone that meets it and one that just does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tracker.rules.colour import Colour
from tracker.rules.preflight import (
    PATIENCE,
    Check,
    Finding,
    LeadFact,
    MeasureFact,
    MilestoneFact,
    preflight,
    says_complete,
)

DAY, WINDOW = date(2025, 10, 10), date(2025, 9, 20)
LEAD = LeadFact(7, "SEND Senior Manager", accountable=True)
GOOD = MilestoneFact(
    1, "1a.1", "Agree one pathway", Colour.GREEN, "6", due=date(2026, 1, 31), updated_on=WINDOW, leads=(LEAD,)
)


def found(**changes: Any) -> list[Finding]:
    """Return what is found of a milestone that is right but for some changes."""
    return preflight([replace(GOOD, **changes)], [], DAY, WINDOW)


def checks(**changes: Any) -> list[Check]:
    """Return the checks that such a milestone meets."""
    return [finding.check for finding in found(**changes)]


def test_a_milestone_that_is_right_is_not_on_the_list() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"colour": Colour.RED, "marks": ("new date required",)}, Check.RED),
        ({"colour": Colour.AMBER, "why": "", "recovery": "A second supplier"}, Check.AMBER),
        ({"colour": Colour.AMBER, "why": "The supplier is late", "recovery": ""}, Check.AMBER),
        ({"updated_on": WINDOW - timedelta(days=1)}, Check.GREEN),
        ({"updated_on": None}, Check.GREEN),
        ({"colour": Colour.BLUE}, Check.BLUE),
        ({"progress": "The pathway is now complete."}, Check.COMPLETE),
        ({"progress": "Two schools  are DONE", "last_progress": "two schools are done"}, Check.SAME),
        ({"rule": "2", "claimed": DAY - PATIENCE}, Check.APPROVER),
        ({"asked_on": DAY - PATIENCE}, Check.APPROVER),
        ({"due": None, "due_text": "Ongoing"}, Check.UNDATED),
        ({"leads": (replace(LEAD, wanting="No holder is recorded"),)}, Check.VACANT),
    ],
)
def test_what_is_wanting_is_found(changes: dict[str, Any], check: Check) -> None:
    assert checks(**changes) == [check]


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": Colour.RED, "marks": ("new date proposed",)},
        {"colour": Colour.AMBER, "why": "The supplier is late", "recovery": "A second supplier"},
        {"colour": Colour.AMBER, "rule": "2", "claimed": DAY},
        {"rule": "2", "updated_on": None, "claimed": DAY, "progress": "It is complete"},
        {"colour": Colour.BLUE, "evidence": 1, "progress": "It is complete", "due": None},
        {"colour": Colour.BLUE, "evidence": 1, "leads": (replace(LEAD, wanting="No holder is recorded"),)},
        {"progress": "Two schools are done", "last_progress": "One school is done"},
        {"progress": "", "last_progress": ""},
        {"asked_on": DAY - PATIENCE + timedelta(days=1)},
        {"colour": Colour.NONE, "due": None, "updated_on": None},
    ],
)
def test_what_just_is_not_wanting_is_left_out(changes: dict[str, Any]) -> None:
    assert found(**changes) == []


def test_the_sentence_says_what_is_known() -> None:
    (red,) = found(colour=Colour.RED, marks=("new date required",), due=date(2025, 9, 30))
    assert red.sentence == "The deadline, 30 September 2025, has passed, and no new date has been asked for."
    (amber,) = found(colour=Colour.AMBER)
    assert amber.sentence == "There is no reason and no recovery plan from the lead."
    assert (red.key, red.about, red.subject_id) == (("red", "milestone:1"), "1a.1 Agree one pathway", 1)


def test_a_post_without_a_holder_is_on_the_list_once_and_nobody_is_chased() -> None:
    empty = replace(LEAD, wanting="Vacant since 1 June 2025")
    rows = [replace(GOOD, id=n, ref=f"1a.{n}", leads=(empty,)) for n in range(1, 10)]
    (line,) = preflight(rows, [], DAY, WINDOW)
    assert line.sentence == (
        "Vacant since 1 June 2025; it leads 9 open milestones: 1a.1, 1a.2, 1a.3, 1a.4, 1a.5, 1a.6 and 3 more."
    )
    assert line.to_chase == ()


def test_a_measure_without_a_reading_is_on_the_list() -> None:
    (line,) = preflight([], [MeasureFact(3, "Plans within 20 weeks", 0), MeasureFact(4, "Absence", 2)], DAY, WINDOW)
    assert (line.check, line.subject, line.about) == (Check.READING, "measure:3", "Plans within 20 weeks")


def test_who_is_chased_is_the_accountable_lead_otherwise_all_who_are_there() -> None:
    other = LeadFact(8, "Head of Children's Services")
    (line,) = found(due=None, leads=(LEAD, other))
    assert line.to_chase == (LEAD,)
    several = (replace(LEAD, accountable=False), other, LeadFact(9, "Nobody", wanting="No holder is recorded"))
    assert [
        lead.post_id for lead in preflight([replace(GOOD, due=None, leads=several)], [], DAY, WINDOW)[0].to_chase
    ] == [
        7,
        8,
    ]


def test_the_list_is_in_the_order_of_the_checks() -> None:
    rows = [replace(GOOD, id=1, due=None), replace(GOOD, id=2, colour=Colour.RED, marks=("new date required",))]
    assert [line.check for line in preflight(rows, [], DAY, WINDOW)] == [Check.RED, Check.UNDATED]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The review is complete.", "complete"),
        ("Now complete; published in May", "Now complete"),
        ("Completed in June", "Completed"),
        ("This has been fully completed", "fully completed"),
        ("Not yet complete", ""),
        ("To be completed by March", ""),
        ("It will be complete in May", ""),
        ("Once completed, it goes to the board", ""),
        ("About 60% complete", ""),
        ("Nearly complete", ""),
        ("The forms are incomplete", ""),
        ("", ""),
    ],
)
def test_a_text_says_complete_or_says_that_it_is_not(text: str, said: str) -> None:
    assert says_complete(text) == said
