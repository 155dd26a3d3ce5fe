"""A row with a reference of its own is an entry, even where nothing can be read of its text."""

from __future__ import annotations

from tests.imports.workbooks import HEAD, actions, milestones, read, whole
from tracker.imports.reconcile import Outcome

FIRST = ("1", "Recruit a chair", "@director", "Mar 2026", "Green", "Advert placed")


def test_a_row_whose_text_is_a_formula_without_a_value_needs_a_decision() -> None:
    result = read(HEAD, FIRST, ("2", "=Other!B7", "@cmd", "Jun 2026"), ("3", "Train", "@hr", "Sep 2026"))
    assert [each.ref for each in actions(result)] == ["1", "3"]
    assert "@cmd" not in [lead.post for lead in actions(result)[0].leads]
    assert "Jun 2026" not in (milestones(result)[0].date + milestones(result)[0].update_text)
    (line,) = [each for each in result.lines if each.outcome is Outcome.NEEDS_DECISION]
    assert line.text == "2 | @cmd | Jun 2026"
    said = {each.where: each.what for each in result.problems}
    assert "no stored value" in said["Plan B3"]
    assert "reference 2" in said["Plan A3"]
    assert whole(result)


def test_what_follows_such_a_row_is_not_given_to_the_row_above_it() -> None:
    result = read(HEAD, FIRST, ("2", None, "@cmd", "Jun 2026"), (None, None, None, None, None, "Half is done"))
    assert "Half is done" not in milestones(result)[0].update_text
    assert whole(result)


def test_a_row_that_repeats_the_reference_above_goes_on_from_it() -> None:
    result = read(HEAD, FIRST, ("1", None, None, None, None, "Interviews in May"))
    assert milestones(result)[0].update_text == "Advert placed\nInterviews in May"


def test_actions_listed_in_a_row_with_a_reference_keep_it() -> None:
    result = read(
        HEAD,
        ("3.1", "1. Write the policy\n2. Publish it on the website", "@cmd", "Jun 2026"),
        ("3.2", "a) Train all staff\nb) Keep a register of training", "@hr", "Sep 2026"),
        ("3.3", "Ask the partners for their audits\nRead the audits at the board", "@director", "Sep 2026"),
        ("3.4", "Recruit a chair", "@director", "Sep 2026"),
        ("4", "4. Ask the members\n5. Ask the partners", "@director", "Sep 2026"),
    )
    refs = ["3.1.1", "3.1.2", "3.2a", "3.2b", "3.3.1", "3.3.2", "3.4", "4.4", "4.5"]
    assert [each.ref for each in actions(result)] == refs
    assert [each.ref for each in milestones(result)] == refs
    assert not any("used twice" in each.what for each in result.problems)
