"""Bring documents in: nothing is lost, nothing agreed is overwritten, and a second time changes nothing."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import NOW, milestone_line
from tests.services.documents import bring, create, rich, sizes, told
from tracker.models import (
    Action,
    Commitment,
    Record,
)
from tracker.rules import document as lines
from tracker.rules.document import PlanDocument
from tracker.rules.errors import Refusal
from tracker.rules.permissions import SYSTEM
from tracker.services.plan_writer import create_plan
from tracker.services.verification import verify


def test_a_plan_is_written_whole(session):
    plan = create(session, rich())
    assert sizes(session) == [1, 1, 1, 4, 3, 3, 1, 2, 1, 1, 1]
    assert verify(session, plan.slug).faults == ()
    tail = session.scalars(select(Commitment).where(Commitment.milestone_id.is_not(None))).one()
    assert (tail.ref, tail.frequency, tail.text) == ("2 tail", "quarterly", "quarterly reviews following this")


def test_bringing_the_same_document_in_again_changes_nothing(session):
    plan = create(session, rich())
    before, entries = sizes(session), plan.ledger_seq
    for _ in range(2):
        applied = bring(session, plan, rich())
        assert {outcome.state for outcome in applied.outcomes} == {"unchanged"}
    assert (sizes(session), plan.ledger_seq) == (before, entries)


def test_lines_without_refs_are_known_again_by_their_text(session):
    made = factories.document(milestone_line("", "First"), milestone_line("", "Second"), milestone_line("2", "Third"))
    made.priorities[0].ref = made.priorities[0].workstreams[0].ref = ""
    made.priorities[0].workstreams[0].actions[0].ref = ""
    plan = create(session, made)
    assert [(m.ref, m.text) for m in factories.milestones_of(session, plan)] == [
        ("1", "First"),
        ("3", "Second"),
        ("2", "Third"),
    ]
    before = sizes(session)
    assert {outcome.state for outcome in bring(session, plan, made).outcomes} == {"unchanged"}
    made.priorities[0].workstreams[0].milestones[1].text = "Second."
    assert told(bring(session, plan, made), "changed") == [("milestone", "1.1.3")]
    assert sizes(session) == before


def test_lines_with_one_text_stay_two(session):
    made = factories.document(milestone_line("1", "Review"), milestone_line("2", "Review"))
    made.priorities[0].workstreams[0].actions = [lines.ActionLine("A", "Review"), lines.ActionLine("C", "Review")]
    plan = create(session, made)
    assert session.scalars(select(Action.ref).order_by(Action.id)).all() == ["A", "C"]
    assert {outcome.state for outcome in bring(session, plan, made).outcomes} == {"unchanged"}


def test_a_line_with_a_new_ref_is_known_again_where_the_old_one_is_gone(session):
    made = factories.document()
    plan = create(session, made)
    made.priorities[0].workstreams[0].actions[0].ref = "B"
    assert told(bring(session, plan, made), "unchanged")[-2:] == [("action", "1a A"), ("milestone", "1a.1")]
    assert session.scalars(select(Action.ref)).all() == ["A"], "refs are stable for ever"


# ------------------------------------------------------------------ what is refused
def twice(what: str) -> PlanDocument:
    """Return a plan in which something has the ref of what stands before it."""
    made = rich()
    priority = made.priorities[0]
    workstream = priority.workstreams[0]
    where = {
        "priority": made.priorities,
        "workstream": priority.workstreams,
        "action": workstream.actions,
        "milestone": workstream.milestones,
        "commitment": workstream.commitments,
    }[what]
    copy = deepcopy(where[0])
    if what in {"priority", "workstream"}:
        copy.title = "Another one"
    else:
        copy.text = "Another one"
    copy.ref = copy.ref.upper()
    where.append(copy)
    return made


@pytest.mark.parametrize("known", [False, True], ids=["in a new plan", "in one that is there"])
@pytest.mark.parametrize("what", ["priority", "workstream", "action", "milestone", "commitment"])
def test_a_ref_that_stands_twice_is_asked_about_and_overwrites_nothing(session, what, known):
    if known:
        plan = create(session, rich())
        entries = plan.ledger_seq
        applied = bring(session, plan, twice(what))
        assert plan.ledger_seq == entries
    else:
        applied = create_plan(session, twice(what), SYSTEM, NOW)
    outcome = next(outcome for outcome in applied.outcomes if outcome.state == "needs decision")
    assert (outcome.what, outcome.text, outcome.question) == (what, "Another one", "ref twice")
    assert "stands twice in" in outcome.detail
    assert "The first was taken; give this one a ref of its own." in outcome.detail
    assert sizes(session) == [1, 1, 1, 4, 3, 3, 1, 2, 1, 1, 1]
    assert verify(session).faults == ()


def test_one_ref_may_stand_below_two_parents(session):
    made = rich()
    other = deepcopy(made.priorities[0].workstreams[0])
    other.ref = "1b"
    made.priorities[0].workstreams.append(other)
    assert create_plan(session, made, SYSTEM, NOW).count("refused") == 0


def test_a_line_without_text_is_refused_and_empties_nothing(session):
    made = rich()
    plan = create(session, made)
    workstream = made.priorities[0].workstreams[0]
    workstream.milestones[0].text = workstream.actions[0].text = " "
    workstream.milestones.append(lines.MilestoneLine("9", "", "Dec 2025"))
    workstream.actions.append(lines.ActionLine("Z", ""))
    workstream.commitments.append(lines.CommitmentLine("6", "Weekly", ""))
    made.records.append(lines.RecordLine("definition", "", "SEN"))
    made.measures.append(lines.MeasureLine(""))
    applied = bring(session, plan, made)
    assert told(applied, "refused") == [
        ("definition", ""),
        ("measure", ""),
        ("action", "1a Z"),
        ("milestone", "1a.9"),
        ("commitment", "1a 6"),
    ]
    assert applied.count("changed") == 0


@pytest.mark.parametrize(
    ("more", "sentence", "field"),
    [
        ({"slug": ""}, "The plan needs a short name for its address", "plan"),
        ({"slug": "SEND 2026"}, "Use small letters, figures and hyphens for the short name", "plan"),
        ({"slug": "a/b"}, "Use small letters, figures and hyphens for the short name", "plan"),
        ({"slug": "x" * 81}, "Use small letters, figures and hyphens for the short name", "plan"),
        ({"adopted": "28 May 2025"}, 'Enter the day of adoption like 2025-05-28, not "28 May 2025".', "adopted"),
    ],
)
def test_a_plan_that_cannot_be_made_says_why(session, more, sentence, field):
    made = factories.document(adopted=more.get("adopted", "2025-05-28"))
    made.slug = more.get("slug", "send-2026")
    with pytest.raises(Refusal, match=sentence) as refused:
        create_plan(session, made, SYSTEM, NOW)
    assert refused.value.field == field


def test_a_slug_is_taken_once(session):
    plan = factories.plan(session)
    with pytest.raises(Refusal, match=f"There is a plan {plan.slug} already."):
        create_plan(session, factories.document(slug=plan.slug), SYSTEM, NOW)


# ------------------------------------------------------------------ what is reworded, what is new
def test_what_is_reworded_is_changed_and_said(session):
    made = rich()
    plan = create(session, made)
    priority = made.priorities[0]
    workstream = priority.workstreams[0]
    priority.title, workstream.title = "Assessment of needs", "Assessment in time"
    workstream.actions[0].text = "Agree one way in"
    workstream.milestones[0].status_text = "Amber"
    workstream.commitments[1].text = "Meet the provider to look at costs"
    priority.records[1].text = "Families are heard at each review"
    made.measures[0].target = "65%"
    made.measures[0].readings[1].value = "53%"
    made.measures[0].readings.append(lines.ReadingLine("2026", "55%"))
    workstream.period_states[0].state = "DELAYED"
    applied = bring(session, plan, made)
    assert told(applied, "changed") == [
        ("measure", ""),
        ("reading", ""),
        ("priority", "1"),
        ("good looks like", ""),
        ("workstream", "1a"),
        ("action", "1a A"),
        ("milestone", "1a.1"),
        ("commitment", "1a 5"),
        ("period state", "1a"),
    ]
    assert told(applied, "new") == [("reading", "")]
    texts = session.scalars(select(Record.text).where(Record.priority_id.is_not(None)).order_by(Record.id)).all()
    assert texts == ["Families are heard at every meeting", "Families are heard at each review"]
    assert verify(session).faults == ()


def test_what_a_file_leaves_out_stays(session):
    plan = create(session, rich())
    before, entries = sizes(session), plan.ledger_seq
    applied = bring(session, plan, factories.document(milestone_line("1"), slug=plan.slug))
    assert {o.state for o in applied.outcomes if o.question != "missing"} == {"unchanged"}
    milestones = [("milestone", "1a.2"), ("milestone", "1a.3"), ("milestone", "X")]
    assert told(applied, "needs decision") == [*milestones, ("commitment", "1a 4"), ("commitment", "1a 5")]
    assert (sizes(session), plan.ledger_seq) == (before, entries)


def test_a_new_line_is_coloured_from_the_day_on_which_it_came(session, colour_on):
    plan = create(session, factories.document(milestone_line("1")))
    bring(session, plan, factories.document(milestone_line("1"), milestone_line("2")))
    new = factories.milestones_of(session, plan)[1]
    assert colour_on(new, date(2025, 9, 20)) == ("amber", "4d", "")
    assert verify(session).faults == ()


# ------------------------------------------------------------------ how a line is named
def test_every_line_has_a_key_of_its_own_that_stays(session):
    made = rich()
    made.priorities[0].workstreams[0].milestones[1].ref = ""
    plan = create(session, made)
    keys = [[outcome.key for outcome in bring(session, plan, made).outcomes] for _ in range(2)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == len(set(keys[0]))
    assert {"priority 1", "workstream 1/1a", "action 1/1a/A", "milestone 1/1a/1", "milestone 1/1a/#2"} <= set(keys[0])


def test_a_line_says_where_it_was_read_and_what_differs(session):
    made = factories.document(milestone_line("1", "Agree one pathway for all"))
    plan = create(session, made)
    line = made.priorities[0].workstreams[0].milestones[0]
    line.text, line.source = "Agree one pathway for all children", lines.Source("plan.xlsx", "Plan", "C7")
    (outcome,) = [each for each in bring(session, plan, made).outcomes if each.state == "changed"]
    assert (outcome.where, outcome.before, outcome.after) == (
        "Plan C7",
        "Agree one pathway for all",
        "Agree one pathway for all children",
    )
