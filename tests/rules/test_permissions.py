"""Who may do what, without a screen: what the table says, for one's own, on one plan and on no other."""

from __future__ import annotations

import pytest

from tracker.rules.errors import NotPermitted
from tracker.rules.permissions import SYSTEM, TABLE, Act, Actor, Role, Scope, allowed, permit, scope

OURS, THEIRS = 1, 2
WITHOUT_A_ROUTE = {
    Act.CREATE_PLAN: {Role.MANAGER},
    Act.VERIFY: {Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR},
    Act.SEE_BOARDS: set(Role),
    Act.MANAGE_BOARDS: {Role.MANAGER, Role.ADMINISTRATOR},
    Act.READ_PACK: set(Role),
    Act.PREPARE_PACK: {Role.MANAGER},
    Act.ISSUE_PACK: {Role.MANAGER},
}
"""Acts that no route states; those that one states are held to docs/permissions.csv by tests/test_doors.py."""


def actor(*roles: Role, plan: int = OURS) -> Actor:
    """Return a person with roles on one plan."""
    held = frozenset(role for role in roles if role is not Role.ADMINISTRATOR)
    return Actor(1, "A person", roles={plan: held}, administrator=Role.ADMINISTRATOR in roles)


@pytest.mark.parametrize("act", Act)
def test_every_act_stands_in_the_table(act: Act) -> None:
    assert act in TABLE


@pytest.mark.parametrize(("act", "may"), WITHOUT_A_ROUTE.items())
@pytest.mark.parametrize("role", Role)
def test_an_act_without_a_route_is_for_those_whom_the_domain_names(act: Act, may: set[Role], role: Role) -> None:
    assert allowed(actor(role), act, OURS, own=True) == (role in may)
    assert allowed(actor(role), act, OURS) == (role in may)


@pytest.mark.parametrize("act", [act for act in Act if Scope.OWN in TABLE[act].values()])
def test_a_lead_may_do_it_to_what_their_posts_lead_and_to_nothing_else(act: Act) -> None:
    assert allowed(actor(Role.LEAD), act, OURS, own=True)
    assert not allowed(actor(Role.LEAD), act, OURS)
    assert scope(actor(Role.LEAD), act, OURS) is Scope.OWN
    assert scope(actor(Role.LEAD, Role.MANAGER), act, OURS) is Scope.ALL


@pytest.mark.parametrize("act", Act)
def test_who_has_no_role_may_do_nothing_at_all(act: Act) -> None:
    nobody = Actor(1, "A person")
    assert scope(nobody, act, OURS) is None
    assert not allowed(nobody, act, OURS, own=True)
    with pytest.raises(NotPermitted, match=act.value):
        permit(nobody, act, OURS, own=True)


@pytest.mark.parametrize("act", Act)
def test_a_role_on_one_plan_is_none_on_another(act: Act) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert scope(actor(role, plan=OURS), act, THEIRS) is None
        assert scope(actor(role, plan=OURS), act, None) == scope(actor(role, plan=OURS), act, OURS)


def test_an_administrator_is_one_on_every_plan_and_others_are_none() -> None:
    assert Role.ADMINISTRATOR in actor(Role.ADMINISTRATOR).roles_on(THEIRS)
    assert Role.ADMINISTRATOR not in actor(Role.MANAGER).roles_on(OURS)
    assert Role.ADMINISTRATOR not in actor(Role.MANAGER).roles_on(None)


@pytest.mark.parametrize("act", Act)
def test_the_tracker_itself_may_do_what_it_is_told(act: Act) -> None:
    permit(SYSTEM, act, OURS)
