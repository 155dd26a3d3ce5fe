"""Links of a milestone to actions and to the milestones it waits for: who may, what is refused, what is recorded."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tracker.models import Action, LedgerEntry, Milestone, MilestoneAction, MilestonePredecessor, Plan
from tracker.queries.history import milestone_history, plan_history
from tracker.queries.plans import find_plan
from tracker.queries.tree import snapshot
from tracker.rules.document import ActionLine, PriorityLine, WorkstreamLine
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.facts import Standing
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services.milestones import leading_posts
from tracker.services.undo import LINKS, undo
from tracker.services.verification import verify

NEXT_DAY = acts.at(date(2025, 9, 11))


@pytest.fixture
def plan(session: Session) -> Plan:
    first = WorkstreamLine(
        ref="1a",
        title="Timely assessment",
        actions=[ActionLine("A", "Agree one pathway"), ActionLine("B", "Train the panel")],
        milestones=[milestone_line(str(number)) for number in (1, 2, 3)],
    )
    second = WorkstreamLine(
        ref="2b", title="Inclusion", actions=[ActionLine("A", "Write the guide")], milestones=[milestone_line("1")]
    )
    made = factories.document(slug="waits")
    made.priorities = [PriorityLine(ref="1", title="Assessment", workstreams=[first, second])]
    from tracker.services.plan_writer import create_plan

    applied = create_plan(session, made, SYSTEM, factories.NOW, effective=acts.at(factories.ADOPTED))
    return session.get_one(Plan, applied.plan_id)


@pytest.fixture
def elsewhere(session: Session) -> Plan:
    return factories.plan(session, slug="elsewhere", title="Secret works", effective=acts.at(factories.ADOPTED))


@pytest.fixture
def milestones(session: Session, plan: Plan) -> list[Milestone]:
    return factories.milestones_of(session, plan)


@pytest.fixture
def both(session: Session, plan: Plan, elsewhere: Plan) -> Actor:
    """Return a manager of both plans."""
    person, _ = factories.member(session, plan, Role.MANAGER)
    roles = {key: frozenset({Role.MANAGER}) for key in (plan.id, elsewhere.id)}
    return Actor(person.id, "Improvement manager", roles=roles)


def refused(act, *arguments, **more) -> str:
    with pytest.raises(Refusal) as found:
        act(*arguments, **more)
    return found.value.sentence


def actions_of(session: Session, milestone: Milestone) -> list[int]:
    query = select(Action.id).where(Action.workstream_id == milestone.workstream_id).order_by(Action.position)
    return list(session.scalars(query))


def shown(session: Session, plan: Plan, day: date) -> list[tuple[str, str | None]]:
    found = find_plan(session, plan.slug)
    assert found
    now = snapshot(session, *found, day, date(2025, 9, 20))
    return [(row.ref, row.colour) for p in now.priorities for w in p.workstreams for row in w.actions if w.ref == "1a"]


# ------------------------------------------------------------------ actions
def test_a_manager_links_a_milestone_to_some_actions_each_with_an_entry_and_a_reason(session, plan, milestones, both):
    one, two = actions_of(session, milestones[0])
    assert acts.join(session, both, milestones[0], (one, two), reason="Minute 3") == 2
    entries = session.scalars(
        select(LedgerEntry).where(LedgerEntry.subject_type == MilestoneAction.__tablename__).order_by(LedgerEntry.seq)
    ).all()
    assert [(entry.verb, entry.reason) for entry in entries] == [
        ("linked 1a.1 to action A", "Minute 3"),
        ("linked 1a.1 to action B", "Minute 3"),
    ]
    assert verify(session).faults == ()


def test_a_link_taken_away_is_an_entry_too_and_may_be_made_again(session, plan, milestones, both):
    one, two = actions_of(session, milestones[0])
    acts.join(session, both, milestones[0], (one, two))
    assert acts.join(session, both, milestones[0], (two,), reason="It was a mistake") == 1
    assert acts.join(session, both, milestones[0], (one, two), reason="It was none") == 1
    rows = milestone_history(session, milestones[0].id, factories.TODAY)
    assert [(row.sentence, row.reason) for row in rows][:2] == [
        ("Improvement manager linked 1a.1 to action A", "It was none"),
        ("Improvement manager took away the link of 1a.1 to action A", "It was a mistake"),
    ]
    assert verify(session).faults == ()


def test_an_action_shows_the_colour_of_what_is_linked_on_each_day_and_is_else_via_workstream(
    session, plan, milestones, both
):
    one, _ = actions_of(session, milestones[0])
    acts.join(session, both, milestones[0], (one,), acts.at(date(2025, 9, 10)))
    acts.join(session, both, milestones[0], (), acts.at(date(2025, 9, 12)))
    assert shown(session, plan, date(2025, 9, 9)) == [("A", None), ("B", None)]
    assert shown(session, plan, date(2025, 9, 11)) == [("A", "amber"), ("B", None)]
    assert shown(session, plan, date(2025, 9, 12)) == [("A", None), ("B", None)]


def test_the_leads_of_an_action_lead_a_milestone_only_while_the_two_are_linked(session, plan, milestones, both):
    from tracker.models import LeadAssignment, Post

    one, _ = actions_of(session, milestones[0])
    post = session.scalars(select(Post)).first()
    if post is None:
        other = factories.plan(session)
        post = session.scalars(select(Post).join(LeadAssignment).where(LeadAssignment.plan_id == other.id)).one()
    session.add(LeadAssignment(plan_id=plan.id, post_id=post.id, action_id=one, position=1))
    session.flush()
    assert leading_posts(session, milestones[0]) == frozenset()
    acts.join(session, both, milestones[0], (one,))
    assert leading_posts(session, milestones[0]) == {post.id}
    acts.join(session, both, milestones[0], ())
    assert leading_posts(session, milestones[0]) == frozenset()


def test_an_action_of_another_workstream_is_refused(session, plan, milestones, both):
    theirs = actions_of(session, milestones[3])
    said = refused(acts.join, session, both, milestones[0], theirs)
    assert said == "Select actions of the milestone's own workstream."


def test_an_action_that_was_taken_out_is_refused_and_a_link_that_stands_may_stay(session, plan, milestones, both):
    one, two = actions_of(session, milestones[0])
    acts.join(session, both, milestones[0], (one,))
    for key in (one, two):
        session.get_one(Action, key).standing = "withdrawn"
    session.flush()
    said = refused(acts.join, session, both, milestones[0], (one, two))
    assert said == "Action B is withdrawn, so nothing can be linked to it."
    assert acts.join(session, both, milestones[0], ()) == 1


def acts_on(session: Session, plan: Plan, number: int) -> list[str]:
    """Return the acts of the last entries of a plan, oldest first."""
    found = select(LedgerEntry.act).where(LedgerEntry.plan_id == plan.id, LedgerEntry.seq > plan.ledger_seq - number)
    return list(dict.fromkeys(session.scalars(found.order_by(LedgerEntry.seq))))


def test_links_that_an_act_added_go_back_with_it(session, plan, milestones, both):
    acts.join(session, both, milestones[0], actions_of(session, milestones[0]))
    link = acts.wait(session, both, milestones[0], milestones[1])
    joined, waited = acts_on(session, plan, 3)
    version = milestones[0].version
    undo(session, both, NEXT_DAY, plan.id, waited, acts.token())
    assert link.unlinked_on == NEXT_DAY.date()
    undo(session, both, NEXT_DAY, plan.id, joined, acts.token())
    rows = session.scalars(select(MilestoneAction).where(MilestoneAction.milestone_id == milestones[0].id))
    assert {row.unlinked_on for row in rows} == {NEXT_DAY.date()}
    assert milestones[0].version > version, "a form that was opened before is not saved over it"
    assert verify(session).faults == ()


def test_a_link_that_was_taken_away_is_made_again_on_the_page_of_the_milestone(session, plan, milestones, both):
    link = acts.wait(session, both, milestones[0], milestones[1])
    acts.stop_waiting(session, both, milestones[0], link)
    (stopped,) = acts_on(session, plan, 1)
    assert refused(undo, session, both, NEXT_DAY, plan.id, stopped, acts.token()) == LINKS


def test_links_that_stand_already_are_refused_as_no_change(session, plan, milestones, both):
    one, _ = actions_of(session, milestones[0])
    acts.join(session, both, milestones[0], (one,))
    assert refused(acts.join, session, both, milestones[0], (one,)).startswith("Nothing is different")


def test_a_link_without_a_reason_is_refused(session, plan, milestones, both):
    assert (
        refused(acts.join, session, both, milestones[0], actions_of(session, milestones[0]), reason=" ") == "Say why."
    )


def test_links_on_a_page_that_is_out_of_date_are_refused(session, plan, milestones, both):
    version = milestones[0].version
    acts.join(session, both, milestones[0], actions_of(session, milestones[0]))
    with pytest.raises(Conflict):
        acts.join(session, both, milestones[0], (), version=version)


def test_one_form_links_once(session, plan, milestones, both):
    acts.join(session, both, milestones[0], actions_of(session, milestones[0]), token="once")
    with pytest.raises(AlreadyDone):
        acts.join(session, both, milestones[0], (), token="once")


@pytest.mark.parametrize("role", [Role.LEAD, Role.BOARD, Role.AUDITOR, Role.ADMINISTRATOR])
def test_nobody_but_a_manager_links_anything(session, plan, milestones, role):
    actor = Actor(1, "Somebody", roles={plan.id: frozenset({role})}, administrator=role is Role.ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        acts.join(session, actor, milestones[0], ())
    with pytest.raises(NotPermitted):
        acts.wait(session, actor, milestones[0], milestones[1])


# ------------------------------------------------------------------ predecessors
def test_a_milestone_may_wait_for_one_of_the_same_plan(session, plan, milestones, both):
    link = acts.wait(session, both, milestones[2], milestones[3], reason="The guide comes first")
    assert (link.plan_id, link.unlinked_on) == (plan.id, None)
    (row, *_) = milestone_history(session, milestones[2].id, factories.TODAY)
    assert row.sentence == "Improvement manager said that 1a.3 waits for 2b.1"
    assert row.reason == "The guide comes first"
    assert verify(session).faults == ()


def test_a_milestone_may_wait_for_one_of_another_plan_and_this_ledger_gives_no_text_of_it(
    session, plan, elsewhere, milestones, both
):
    (other,) = factories.milestones_of(session, elsewhere)
    acts.wait(session, both, milestones[0], other)
    rows, _ = plan_history(session, plan.id, factories.TODAY, 5, 0)
    assert rows[0].sentence == "Improvement manager said that 1a.1 waits for a milestone of another plan"
    assert "Secret" not in repr(rows)
    assert verify(session).faults == ()
    assert verify(session, "waits").faults == ()


def test_a_link_that_was_taken_away_may_be_made_again(session, plan, milestones, both):
    link = acts.wait(session, both, milestones[0], milestones[1])
    acts.stop_waiting(session, both, milestones[0], link, NEXT_DAY)
    assert link.unlinked_on == date(2025, 9, 11)
    again = acts.wait(session, both, milestones[0], milestones[1], acts.at(date(2025, 9, 12)))
    assert (again.id, again.unlinked_on) == (link.id, None)
    assert verify(session).faults == ()


def test_a_milestone_may_not_wait_for_itself(session, plan, milestones, both):
    said = refused(acts.wait, session, both, milestones[0], milestones[0])
    assert said == "A milestone cannot wait for itself. Select another one."


def test_a_milestone_may_not_wait_twice_for_the_same_one(session, plan, milestones, both):
    acts.wait(session, both, milestones[0], milestones[3])
    assert refused(acts.wait, session, both, milestones[0], milestones[3]) == "1a.1 waits for 2b.1 already."


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.WITHDRAWN, Standing.SUPERSEDED])
def test_a_milestone_may_not_wait_for_one_that_was_taken_out(session, plan, milestones, both, standing):
    milestones[3].standing = standing.value
    session.flush()
    said = refused(acts.wait, session, both, milestones[0], milestones[3])
    assert said == f"2b.1 is {standing.value}, so nothing has to wait for it."


def test_a_milestone_that_was_taken_out_waits_for_nothing_new(session, plan, milestones, both):
    milestones[0].standing = "withdrawn"
    session.flush()
    assert "it takes no updates" in refused(acts.wait, session, both, milestones[0], milestones[3])


def test_a_milestone_of_a_plan_that_one_may_not_see_is_as_good_as_none(session, plan, elsewhere, milestones):
    _, manager = factories.member(session, plan, Role.MANAGER)
    (other,) = factories.milestones_of(session, elsewhere)
    said = refused(acts.wait, session, manager, milestones[0], other)
    assert said == "There is no such milestone, or you may not see its plan."


def test_waiting_needs_a_reason_and_so_does_to_stop(session, plan, milestones, both):
    assert refused(acts.wait, session, both, milestones[0], milestones[1], reason="") == "Say why it has to wait."
    link = acts.wait(session, both, milestones[0], milestones[1])
    said = refused(acts.stop_waiting, session, both, milestones[0], link, reason="")
    assert said == "Say why it no longer has to wait."


def test_a_link_is_taken_away_once_and_only_from_its_own_milestone(session, plan, milestones, both):
    link = acts.wait(session, both, milestones[0], milestones[1])
    with pytest.raises(NotFound):
        acts.stop_waiting(session, both, milestones[2], link)
    acts.stop_waiting(session, both, milestones[0], link)
    said = refused(acts.stop_waiting, session, both, milestones[0], link)
    assert said == "This link has been taken away already."


# ------------------------------------------------------------------ circles
def test_two_that_wait_for_each_other_are_refused_with_the_way_round(session, plan, milestones, both):
    acts.wait(session, both, milestones[3], milestones[2])
    said = refused(acts.wait, session, both, milestones[2], milestones[3])
    assert said == "That would go round in a circle: 1a.3 waits for 2b.1, which waits for 1a.3."


def test_a_longer_circle_is_refused_with_every_step(session, plan, milestones, both):
    acts.wait(session, both, milestones[1], milestones[2])
    acts.wait(session, both, milestones[2], milestones[3])
    said = refused(acts.wait, session, both, milestones[3], milestones[1])
    way = "2b.1 waits for 1a.2, which waits for 1a.3, which waits for 2b.1"
    assert said == f"That would go round in a circle: {way}."


def test_a_circle_through_another_plan_is_refused_and_what_one_may_not_see_is_not_named(
    session, plan, elsewhere, milestones, both
):
    (other,) = factories.milestones_of(session, elsewhere)
    acts.wait(session, both, milestones[1], other)
    acts.wait(session, both, other, milestones[2])
    said = refused(acts.wait, session, both, milestones[2], milestones[1])
    assert "1a.3 waits for 1a.2, which waits for 1a.1 of Secret works, which waits for 1a.3." in said
    _, manager = factories.member(session, plan, Role.MANAGER)
    said = refused(acts.wait, session, manager, milestones[2], milestones[1])
    assert "1a.3 waits for 1a.2, which waits for a milestone of another plan, which waits for 1a.3." in said
    assert "Secret" not in said


def test_a_link_that_was_taken_away_makes_no_circle(session, plan, milestones, both):
    link = acts.wait(session, both, milestones[3], milestones[2])
    acts.stop_waiting(session, both, milestones[3], link)
    assert acts.wait(session, both, milestones[2], milestones[3]).id


def test_what_waits_stands_in_a_table_of_its_own(session, plan, milestones, both):
    acts.wait(session, both, milestones[0], milestones[1])
    (row,) = session.scalars(select(MilestonePredecessor)).all()
    assert (row.milestone_id, row.predecessor_id) == (milestones[0].id, milestones[1].id)
