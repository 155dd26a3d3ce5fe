"""Who answers for a post that leads does not sign off what was claimed for it: the holder, a deputy, whatever role."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tracker.queries.people import signed_in
from tracker.queries.sign_offs import queue
from tracker.rules.errors import NotPermitted
from tracker.rules.permissions import Role
from tracker.services.holdings import Term, appoint, name_deputy


@pytest.mark.parametrize("deputy", [True, False])
def test_a_manager_who_answers_for_the_leading_post_does_not_decide_while_they_do(
    session, plan, milestone, lead, manager, deputy
):
    administrator = factories.member(session, plan, Role.ADMINISTRATOR)[1]
    (post_id,) = lead.posts
    term = Term(manager.person_id, TODAY, TODAY + timedelta(days=7))
    if deputy:
        name_deputy(session, administrator, NOW, post_id, term)
    else:
        appoint(session, administrator, NOW, post_id, term, shared=True)
    acts.claim(session, lead, milestone)
    found = signed_in(session, manager.person_id, TODAY)
    assert found
    with pytest.raises(NotPermitted, match="hold or deputise for a post that leads this milestone"):
        acts.decide(session, found.actor, milestone)
    assert [row.mine for row in queue(session, found.actor, TODAY).rows] == [True]
    afterwards = signed_in(session, manager.person_id, TODAY + timedelta(days=8))
    assert afterwards
    assert [row.mine for row in queue(session, afterwards.actor, TODAY).rows] == [False]
    assert acts.decide(session, afterwards.actor, milestone).signoff == "approved"


def test_a_deputy_does_not_sign_off_what_they_claimed_after_their_days_are_over(
    session, plan, milestone, lead, manager
):
    administrator = factories.member(session, plan, Role.ADMINISTRATOR)[1]
    (post_id,) = lead.posts
    name_deputy(session, administrator, NOW, post_id, Term(manager.person_id, TODAY, TODAY))
    acting = signed_in(session, manager.person_id, TODAY)
    assert acting
    acts.claim(session, acting.actor, milestone)
    assert milestone.updated_by == "Deputy for SEND Senior Manager"
    afterwards = signed_in(session, manager.person_id, TODAY + timedelta(days=1))
    assert afterwards
    with pytest.raises(NotPermitted, match="You claimed this completion"):
        acts.decide(session, afterwards.actor, milestone)
