"""A later edition of a plan's document: what is new, reworded, moved, re-dated, led by another or gone."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tests.services.documents import asked, create, decide, manager_of, rich, sizes
from tracker.models import Action, DeadlineChange, Edition, LeadAssignment, Milestone, Plan, Post, Workstream
from tracker.rules import document as lines
from tracker.rules.document import LeadLine, PlanDocument, WorkstreamLine
from tracker.rules.errors import NotPermitted, Refusal
from tracker.rules.permissions import TABLE, Act
from tracker.services.structure.adding import Added, add_item
from tracker.services.structure.items import Form
from tracker.services.structure.wording import reword
from tracker.services.verification import verify

DAY = date(2025, 9, 20)


def texts(session: Session, plan: Plan) -> dict[str, str]:
    return {row.ref: row.text for row in factories.milestones_of(session, plan)}


# ------------------------------------------------------------------ reworded
@pytest.mark.parametrize(
    ("value", "after"),
    [
        ("", {"1": "Agree one pathway for assessment"}),
        ("same", {"1": "Agree one pathway for assessments"}),
        ("new", {"1": "Agree one pathway for assessment", "7": "Agree one pathway for assessments"}),
        ("leave", {"1": "Agree one pathway for assessment"}),
    ],
)
def test_words_alike_under_another_ref_are_asked_about(session, value, after):
    plan = create(session, factories.document(milestone_line("1", "Agree one pathway for assessment")))
    made = factories.document(milestone_line("7", "Agree one pathway for assessments"))
    given = {"milestone 1/1a/7": value} if value else {}
    (before,) = asked(decide(session, plan, made, manager_of(session, plan), {}), "reworded?")
    assert (before.state, before.detail) == ("needs decision", "Is this 1a.1, reworded?")
    assert [choice.value for choice in before.choices] == ["same", "new", "leave"]
    applied = decide(session, plan, made, manager_of(session, plan), given)
    assert texts(session, plan) == after
    assert len(asked(applied, "missing")) == (value == "new")
    assert verify(session).faults == ()


def test_what_a_person_reworded_since_stays_and_both_changed_is_asked(session):
    plan = create(session, factories.document(milestone_line("1", "Agree one pathway for assessment")))
    (row,) = factories.milestones_of(session, plan)
    actor = manager_of(session, plan)
    words = {"text": "Agree one pathway for every assessment"}
    reword(session, actor, acts.at(DAY), plan.id, "milestone", row.id, Form(row.version, "t1"), words)
    again = factories.document(milestone_line("1", "Agree one pathway for assessment"))
    entries = plan.ledger_seq
    assert {outcome.state for outcome in decide(session, plan, again, actor, {}).outcomes} == {"unchanged"}
    assert plan.ledger_seq == entries
    newer = factories.document(milestone_line("1", "Agree one pathway for assessment of needs"))
    (question,) = asked(decide(session, plan, newer, actor, {}), "both changed")
    assert (question.before, question.after) == (words["text"], "Agree one pathway for assessment of needs")
    assert texts(session, plan)["1"] == words["text"]
    decide(session, plan, newer, actor, {"*both changed": "file"})
    assert texts(session, plan)["1"] == "Agree one pathway for assessment of needs"
    assert verify(session).faults == ()


# ------------------------------------------------------------------ renumbered, moved
def test_a_line_put_in_between_renumbers_nothing(session):
    plan = create(session, factories.document(milestone_line("1", "Agree"), milestone_line("2", "Publish")))
    made = factories.document(
        milestone_line("1", "Agree"), milestone_line("2", "Train schools"), milestone_line("3", "Publish")
    )
    applied = decide(session, plan, made, manager_of(session, plan), {})
    assert texts(session, plan) == {"1": "Agree", "2": "Publish", "3": "Train schools"}
    said = {outcome.text: outcome.detail for outcome in applied.outcomes if outcome.what == "milestone"}
    assert said["Publish"] == "The file numbers it 3; it keeps its ref 2."
    assert said["Train schools"] == "The file numbers it 2, which is taken."
    assert applied.count("needs decision") == 0


def two_streams() -> PlanDocument:
    made = factories.document(milestone_line("1", "Agree one pathway"), milestone_line("2", "Publish the offer"))
    made.priorities[0].workstreams.append(
        WorkstreamLine("1b", "Finished", actions=[], milestones=[milestone_line("1", "Recruit two caseworkers")])
    )
    return made


@pytest.mark.parametrize(("value", "where"), [("", "1a.2"), ("move", "1b.2"), ("stay", "1a.2")])
def test_a_line_that_stands_in_another_workstream_is_asked_about(session, value, where):
    plan = create(session, two_streams())
    made = two_streams()
    first, second = made.priorities[0].workstreams
    second.milestones.append(first.milestones.pop())
    given = {"*moved": value} if value else {}
    applied = decide(session, plan, made, manager_of(session, plan), given)
    if not value:
        (question,) = asked(applied, "moved")
        assert question.detail == "It stands in the plan as 1a.2. Was it moved here?"
    assert not asked(applied, "missing")
    row = session.scalars(select(Milestone).where(Milestone.text == "Publish the offer")).one()
    assert f"{session.get_one(Workstream, row.workstream_id).ref}.{row.ref}" == where
    assert verify(session).faults == ()
    if value:
        again = decide(session, plan, made, manager_of(session, plan), {})
        assert {outcome.state for outcome in again.outcomes} == {"unchanged"}


# ------------------------------------------------------------------ re-dated
def redated(words: str = "Dec 2025") -> PlanDocument:
    return factories.document(milestone_line("1", date=words))


def test_a_new_date_may_be_asked_for_and_is_asked_for_once(session, colour_on):
    plan = create(session, redated("Sep 2025"))
    actor = manager_of(session, plan)
    applied = decide(session, plan, redated(), actor, {"milestone 1/1a/1 date": "ask"})
    (change,) = session.scalars(select(DeadlineChange)).all()
    assert (change.state, change.to_text, change.requested_by_id) == ("requested", "Dec 2025", actor.person_id)
    (row,) = factories.milestones_of(session, plan)
    assert (row.due_text, row.proposed_text, row.moves) == ("Sep 2025", "Dec 2025", 0)
    assert [outcome.state for outcome in applied.outcomes if outcome.what == "deadline"] == ["changed"]
    assert colour_on(row, date(2025, 10, 1))[0] == "red"
    entries = plan.ledger_seq
    assert decide(session, plan, redated(), actor, {"*re-dated": "ask"}).count("changed") == 0
    assert plan.ledger_seq == entries
    assert verify(session).faults == ()


def test_a_date_that_the_board_agreed_needs_minute_and_meeting(session):
    plan = create(session, redated("Sep 2025"))
    actor, key = manager_of(session, plan), "milestone 1/1a/1 date"
    with pytest.raises(Refusal, match="Minute of the meeting: this is missing"):
        decide(session, plan, redated(), actor, {key: "agreed"})
    with pytest.raises(Refusal, match="today or earlier"):
        decide(
            session, plan, redated(), actor, {key: "agreed", f"{key}:minute": "5.2", f"{key}:meeting_on": "1/1/2030"}
        )
    given = {key: "agreed", f"{key}:minute": "5.2", f"{key}:meeting_on": "2 September 2025"}
    decide(session, plan, redated(), actor, given)
    (row,) = factories.milestones_of(session, plan)
    assert (row.due_text, row.original_due_text, row.moves, row.confirmed) == ("Dec 2025", "Sep 2025", 1, False)
    (change,) = session.scalars(select(DeadlineChange)).all()
    assert (change.state, change.minute, change.meeting_on) == ("approved", "5.2", date(2025, 9, 2))
    assert decide(session, plan, redated("Sep 2025"), actor, {}).count("needs decision") == 0, "an edition from before"
    assert verify(session).faults == ()


@pytest.mark.parametrize(("value", "act"), [("ask", Act.REQUEST_DATE), ("agreed", Act.DECIDE_DATE)])
def test_a_new_date_of_an_edition_is_for_who_may_ask_for_it_or_decide_it(session, monkeypatch, value, act):
    plan = create(session, redated("Sep 2025"))
    actor, key = manager_of(session, plan), "milestone 1/1a/1 date"
    monkeypatch.setitem(TABLE, act, {})
    given = {key: value, f"{key}:minute": "5.2", f"{key}:meeting_on": "2 September 2025"}
    with pytest.raises(NotPermitted, match=act.value):
        decide(session, plan, redated(), actor, given)


def test_what_is_missing_is_withdrawn_by_who_may_edit_the_plan(session, monkeypatch):
    plan = create(session, rich())
    made = rich()
    del made.priorities[0].workstreams[0].milestones[1]
    actor = manager_of(session, plan)
    monkeypatch.setitem(TABLE, Act.EDIT, {})
    given = {"*missing": "withdraw", "*missing:reference": "Board, minute 4", "*missing:decided_on": "2025-09-15"}
    with pytest.raises(NotPermitted, match=Act.EDIT.value):
        decide(session, plan, made, actor, given)


def test_a_date_that_is_kept_is_not_asked_about_again(session):
    plan = create(session, redated("Sep 2025"))
    actor = manager_of(session, plan)
    assert decide(session, plan, redated(), actor, {"*re-dated": "keep"}).count("needs decision") == 0
    assert decide(session, plan, redated(), actor, {}).count("needs decision") == 0
    assert decide(session, plan, redated("Jan 2026"), actor, {}).count("needs decision") == 1


def test_an_earlier_date_cannot_be_asked_for(session):
    plan = create(session, redated("Dec 2025"))
    (question,) = asked(
        decide(session, plan, redated("Nov 2025"), manager_of(session, plan), {"*re-dated": "ask"}), "re-dated"
    )
    assert [choice.value for choice in question.choices] == ["keep", "agreed"]


# ------------------------------------------------------------------ leads
@pytest.mark.parametrize(
    ("value", "leads"),
    [
        ("", ["SEND Senior Manager"]),
        ("replace", ["Head of Inclusion"]),
        ("add", ["SEND Senior Manager", "Head of Inclusion"]),
        ("keep", ["SEND Senior Manager"]),
    ],
)
def test_another_lead_is_asked_about(session, value, leads):
    plan = create(session, factories.document())
    made = factories.document()
    made.priorities[0].workstreams[0].leads = [LeadLine("Head of Inclusion", "Testshire Council")]
    applied = decide(session, plan, made, manager_of(session, plan), {"*lead changed": value} if value else {})
    if not value:
        (question,) = asked(applied, "lead changed")
        assert (question.before, question.after) == ("SEND Senior Manager", "Head of Inclusion")
        assert session.scalars(select(Post)).all()[-1].title == "SEND Senior Manager", "no post is made for a question"
    query = select(Post.title).join(LeadAssignment, LeadAssignment.post_id == Post.id)
    assert session.scalars(query.where(LeadAssignment.ended.is_(None)).order_by(LeadAssignment.id)).all() == leads
    assert verify(session).faults == ()
    if value:
        again = decide(session, plan, made, manager_of(session, plan), {})
        assert {outcome.state for outcome in again.outcomes} == {"unchanged"}


# ------------------------------------------------------------------ gone
def test_what_is_missing_is_proposed_as_withdrawn_and_a_person_decides(session):
    plan = create(session, rich())
    before, entries = sizes(session), plan.ledger_seq
    made = rich()
    stream = made.priorities[0].workstreams[0]
    stream.actions.clear()
    del stream.milestones[1]
    made.priorities[0].records.pop()
    actor = manager_of(session, plan)
    applied = decide(session, plan, made, actor, {})
    assert [(o.what, o.ref) for o in asked(applied, "missing")] == [
        ("action", "1a A"),
        ("milestone", "1a.2"),
        ("good looks like", ""),
    ]
    assert (sizes(session), plan.ledger_seq) == (before, entries)
    with pytest.raises(Refusal, match="What decided it"):
        decide(session, plan, made, actor, {"*missing": "withdraw"})
    given = {"*missing": "withdraw", "*missing:reference": "Board, minute 4", "*missing:decided_on": "2025-09-15"}
    decide(session, plan, made, actor, {**given, "missing action 1a A": "keep"})
    rows = {row.ref: (row.standing, row.standing_reference) for row in factories.milestones_of(session, plan)}
    assert rows["2"] == ("withdrawn", "Board, minute 4, 15 September 2025")
    assert rows["1"][0] == rows["3"][0] == "open"
    assert session.scalars(select(Action.standing)).all() == ["open"]
    entries = plan.ledger_seq
    again = decide(session, plan, made, actor, {})
    assert {outcome.state for outcome in again.outcomes} == {"unchanged"}
    assert plan.ledger_seq == entries
    assert verify(session).faults == ()


def test_a_workstream_that_is_missing_is_asked_about_once(session):
    plan = create(session, two_streams())
    made = two_streams()
    made.priorities[0].workstreams.pop()
    (question,) = asked(decide(session, plan, made, manager_of(session, plan), {}), "missing")
    assert (question.what, question.ref, question.detail) == (
        "workstream",
        "1b",
        "It is not in the file. 1 line below it goes with it.",
    )


def test_what_a_person_added_is_not_proposed_as_withdrawn(session):
    plan = create(session, factories.document())
    stream = session.scalars(select(Workstream.id)).one()
    new = Added("milestone", stream, "Brought up at the board", due="Dec 2025")
    add_item(session, manager_of(session, plan), acts.at(DAY), plan.id, "t1", new)
    assert decide(session, plan, factories.document(), manager_of(session, plan), {}).count("needs decision") == 0


# ------------------------------------------------------------------ editions, doubles
def test_each_edition_is_kept_whether_or_not_it_changed_anything(session):
    made = rich()
    made.source_note = "Imported from plan.xlsx"
    plan = create(session, made)
    decide(session, plan, made, manager_of(session, plan), {})
    assert session.scalars(select(Edition.source)).all() == ["plan.xlsx", "plan.xlsx"]


def test_a_ref_that_stands_twice_may_get_the_next_free_one(session):
    plan = create(session, factories.document(milestone_line("1", "Agree"), milestone_line("2", "Publish")))
    made = factories.document(milestone_line("1", "Agree"), milestone_line("2", "Publish"))
    made.priorities[0].workstreams[0].milestones.append(milestone_line("2", "Train schools"))
    decide(session, plan, made, manager_of(session, plan), {"*ref twice": "number"})
    assert texts(session, plan) == {"1": "Agree", "2": "Publish", "3": "Train schools"}


def test_an_action_in_doubt_takes_its_own_milestone_with_it(session):
    def document(ref: str, text: str) -> PlanDocument:
        made = factories.document(milestone_line(ref, text, implicit=True, actions=[ref]))
        made.priorities[0].workstreams[0].actions = [lines.ActionLine(ref, text)]
        return made

    plan = create(session, document("4.2", "Improve housing benefits performance"))
    made = document("9", "Improving housing benefit performance")
    applied = decide(session, plan, deepcopy(made), manager_of(session, plan), {})
    assert [(o.what, o.question) for o in applied.outcomes if o.state == "needs decision"] == [
        ("action", "reworded?"),
        ("milestone", ""),
    ]
    decide(session, plan, made, manager_of(session, plan), {"action 1/1a/9": "same"})
    assert texts(session, plan) == {"4.2": "Improving housing benefit performance"}
    assert session.scalars(select(Action.text)).all() == ["Improving housing benefit performance"]
