"""Who leads: several posts, exactly one accountable, each change in the ledger and on any past day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tracker.models import LeadAssignment, LedgerEntry, Milestone, Organisation, Plan, Post
from tracker.queries.plans import find_plan
from tracker.queries.tree import snapshot
from tracker.rules.document import LeadLine
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import SYSTEM, Actor
from tracker.services.leads import Leads, leads_now, open_led, set_leads, stamp
from tracker.services.milestones import leading_posts
from tracker.services.plan_writer import create_plan, update_plan
from tracker.services.undo import undo
from tracker.services.verification import verify

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def posts(session: Session, plan: Plan) -> list[int]:
    """Return the post that leads, and two more."""
    organisation = session.scalars(select(Organisation.id)).one()
    session.add_all(Post(title=title, organisation_id=organisation) for title in ("Head of Inclusion", "Chair"))
    session.flush()
    return list(session.scalars(select(Post.id).order_by(Post.id)))


def change(session: Session, actor: Actor, plan: Plan, milestone: Milestone, wanted: Leads, **more) -> int:
    """Change the leads of the workstream of a milestone."""
    kind, key = more.pop("of", ("workstream", milestone.workstream_id))
    led = open_led(session, actor, plan.id, kind, key)
    seen = more.pop("seen", stamp(leads_now(session, kind, key)))
    token = more.pop("token", f"token-{session.scalar(select(func.count()).select_from(LedgerEntry))}")
    return set_leads(session, actor, more.pop("now", TOMORROW), led, wanted, seen, token, more.pop("reason", ""))


def shown(session: Session, plan: Plan, day) -> list[tuple[str, bool]]:
    found = find_plan(session, plan.slug)
    assert found
    tree = snapshot(session, *found, day, TODAY + timedelta(days=9))
    return [(lead.post, lead.accountable) for lead in tree.priorities[0].workstreams[0].leads]


def test_leads_are_added_taken_off_and_made_accountable_and_a_past_day_shows_who_led_then(
    session, plan, milestone, manager, posts
) -> None:
    a, b, c = posts
    assert change(session, manager, plan, milestone, Leads((a, b), b), reason="A new head") == 2
    assert change(session, manager, plan, milestone, Leads((b, c), c), now=TOMORROW + timedelta(days=2)) == 3
    assert shown(session, plan, TODAY) == [("SEND Senior Manager", True)]
    assert shown(session, plan, TODAY + timedelta(days=2)) == [
        ("Head of Inclusion", True),
        ("SEND Senior Manager", False),
    ]
    assert shown(session, plan, TODAY + timedelta(days=3)) == [("Chair", True), ("Head of Inclusion", False)]
    assert leading_posts(session, milestone) == {b, c}
    assert not verify(session).faults
    verbs = session.scalars(select(LedgerEntry.verb).where(LedgerEntry.actor == manager.label)).all()
    assert "made Head of Inclusion the accountable lead of Workstream 1a" in verbs
    assert "ended the lead of SEND Senior Manager on Workstream 1a" in verbs


@pytest.mark.parametrize("wanted", [lambda a, b: Leads((a, b), None), lambda a, b: Leads((a,), b)])
def test_where_anybody_leads_exactly_one_of_them_is_accountable(
    session, plan, milestone, manager, posts, wanted
) -> None:
    with pytest.raises(Refusal, match="Say which one of those who lead is accountable"):
        change(session, manager, plan, milestone, wanted(*posts[:2]))
    assert [row.post_id for row in leads_now(session, "workstream", milestone.workstream_id)] == posts[:1]


def test_nobody_may_lead_for_a_while(session, plan, milestone, manager) -> None:
    assert change(session, manager, plan, milestone, Leads((), None)) == 1
    assert leading_posts(session, milestone) == frozenset()


def test_the_database_lets_only_one_be_accountable(session, plan, milestone, manager, posts) -> None:
    change(session, manager, plan, milestone, Leads(tuple(posts), posts[0]))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(LeadAssignment).values(accountable=True))


def test_actions_and_milestones_have_leads_of_their_own(session, plan, milestone, manager, posts) -> None:
    change(session, manager, plan, milestone, Leads((posts[1],), posts[1]), of=("milestone", milestone.id))
    assert leading_posts(session, milestone) == {posts[0], posts[1]}
    led = open_led(session, manager, plan.id, "milestone", milestone.id)
    assert (led.name, led.text) == ("Milestone 1a.1", milestone.text)
    assert not verify(session).faults


def test_leads_that_somebody_else_changed_are_not_overwritten_and_a_form_counts_once(
    session, plan, milestone, manager, posts
) -> None:
    a, b, c = posts
    seen = stamp(leads_now(session, "workstream", milestone.workstream_id))
    change(session, manager, plan, milestone, Leads((a, b), a), token="once")
    with pytest.raises(Conflict, match="Somebody else changed who leads this"):
        change(session, manager, plan, milestone, Leads((a, c), c), seen=seen)
    with pytest.raises(AlreadyDone):
        change(session, manager, plan, milestone, Leads((c,), c), token="once")


def test_a_closed_post_is_not_given_anything_new(session, plan, milestone, manager, posts) -> None:
    session.get_one(Post, posts[1]).closed_on = TODAY
    with pytest.raises(Refusal, match="The post Head of Inclusion is closed"):
        change(session, manager, plan, milestone, Leads(tuple(posts[:2]), posts[0]))
    with pytest.raises(Refusal, match="Select a post from the list"):
        change(session, manager, plan, milestone, Leads((posts[0], 999), posts[0]), token="another")


def test_only_the_manager_of_the_plan_changes_its_leads(session, plan, milestone, lead, manager, posts) -> None:
    with pytest.raises(NotPermitted):
        open_led(session, lead, plan.id, "workstream", milestone.workstream_id)
    other = factories.plan(session)
    with pytest.raises(NotFound):
        open_led(session, manager, other.id, "workstream", milestone.workstream_id)
    with pytest.raises(NotFound):
        open_led(session, manager, plan.id, "priority", 1)


def named(session: Session, *leads: LeadLine) -> Plan:
    document = factories.document()
    document.priorities[0].workstreams[0].leads = list(leads)
    return session.get_one(Plan, create_plan(session, document, SYSTEM, NOW).plan_id)


@pytest.mark.parametrize(
    ("lines", "accountable"),
    [
        ([("A", False)], [True]),
        ([("A", False), ("B", False)], [False, False]),
        ([("A", False), ("B", True)], [False, True]),
        ([("A", True), ("B", True)], [True, False]),
    ],
)
def test_a_document_makes_its_only_lead_accountable_and_of_several_none_that_it_does_not_name(
    session, lines, accountable
) -> None:
    plan = named(session, *(LeadLine(post, "Testshire", accountable=said) for post, said in lines))
    rows = session.scalars(select(LeadAssignment).where(LeadAssignment.plan_id == plan.id).order_by(LeadAssignment.id))
    assert [row.accountable for row in rows] == accountable


def test_a_lead_that_a_person_took_off_is_not_brought_back_by_the_same_document(
    session, plan, milestone, manager, posts
) -> None:
    change(session, manager, plan, milestone, Leads((posts[1],), posts[1]))
    update_plan(session, plan, factories.document(slug=plan.slug), SYSTEM, TOMORROW)
    assert leading_posts(session, milestone) == {posts[1]}


def test_a_change_of_leads_is_undone_and_its_undo_too(session, plan, milestone, manager, posts) -> None:
    a, b, c = posts
    change(session, manager, plan, milestone, Leads((a, b), b))
    change(session, manager, plan, milestone, Leads((b, c), c))
    acts = session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.seq)).all()
    undone = undo(session, manager, TOMORROW, plan.id, acts[-1], "undo-1")
    rows = {row.post_id: row.accountable for row in leads_now(session, "workstream", milestone.workstream_id)}
    assert rows == {a: False, b: True}
    undo(session, manager, TOMORROW, plan.id, undone, "undo-2")
    rows = {row.post_id: row.accountable for row in leads_now(session, "workstream", milestone.workstream_id)}
    assert rows == {b: False, c: True}
    assert not verify(session).faults
