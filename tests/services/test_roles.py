"""Roles on plans: given and taken away by an administrator, each in the log; never one's own."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import NOW
from tracker.models import Membership, SecurityEvent
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Role
from tracker.services import roles


@pytest.fixture
def administrator(session, plan):
    return factories.member(session, plan, Role.ADMINISTRATOR)[1]


def test_a_role_is_given_once(session, plan):
    person = factories.person(session)
    assert [roles.give_role(session, person.id, plan.id, Role.AUDITOR) for _ in range(2)] == [True, False]
    assert session.scalar(select(func.count()).select_from(Membership)) == 1


def test_a_role_is_granted_and_removed_with_an_event_for_each(session, plan, administrator):
    person = factories.person(session)
    roles.grant(session, administrator, NOW, person.id, plan.id, Role.BOARD)
    with pytest.raises(Refusal, match="has this role on the plan already"):
        roles.grant(session, administrator, NOW, person.id, plan.id, Role.BOARD)
    roles.remove(session, administrator, NOW, person.id, plan.id, Role.BOARD)
    rows = session.execute(
        select(SecurityEvent.kind, SecurityEvent.subject_id, SecurityEvent.plan_id, SecurityEvent.detail).order_by(
            SecurityEvent.id
        )
    ).all()
    told = (person.id, plan.id, "board")
    assert [tuple(row) for row in rows] == [("role given", *told), ("role taken away", *told)]
    for act in (
        lambda: roles.remove(session, administrator, NOW, person.id, plan.id, Role.BOARD),
        lambda: roles.grant(session, administrator, NOW, person.id, 999, Role.BOARD),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Refusal, match="Select a role that a person can have"):
        roles.grant(session, administrator, NOW, person.id, plan.id, Role.LEAD)


def test_nobody_changes_a_role_of_their_own_and_the_attempt_is_told(session, plan, administrator, caplog):
    own = administrator.person_id
    acts = (
        lambda: roles.grant(session, administrator, NOW, own, plan.id, Role.MANAGER),
        lambda: roles.remove(session, administrator, NOW, own, plan.id, Role.MANAGER),
        lambda: roles.make_administrator(session, administrator, NOW, own, value=False),
    )
    for act in acts:
        with caplog.at_level(logging.WARNING), pytest.raises(roles.OwnRole, match="You are the only administrator"):
            act()
    assert len([one for one in caplog.records if "being the only administrator" in one.getMessage()]) == len(acts)
    other = factories.person(session)
    roles.make_administrator(session, administrator, NOW, other.id, value=True)
    with pytest.raises(roles.OwnRole, match="takes a second administrator"):
        acts[0]()
    with pytest.raises(Refusal, match="administrator already"):
        roles.make_administrator(session, administrator, NOW, other.id, value=True)


def test_only_an_administrator_gives_roles(session, plan, lead, manager):
    person = factories.person(session)
    for actor in (lead, manager):
        for act in (
            lambda actor=actor: roles.grant(session, actor, NOW, person.id, plan.id, Role.BOARD),
            lambda actor=actor: roles.remove(session, actor, NOW, person.id, plan.id, Role.BOARD),
            lambda actor=actor: roles.make_administrator(session, actor, NOW, person.id, value=True),
        ):
            with pytest.raises(NotPermitted):
                act()
