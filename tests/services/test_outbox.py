"""Messages are left with the change that causes them, once, for those who have to know."""

from __future__ import annotations

from sqlalchemy import select

from tests import factories
from tests.factories import NOW
from tests.services import acts
from tracker.models import OutboxMessage, Person
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Role
from tracker.services.outbox import Words, post


def messages(session):
    found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [(message.to_person_id, message.subject) for message in found]


def test_a_message_with_a_key_is_left_once(session):
    person = factories.person(session)
    assert post(session, "key", "test", person, "A subject\nof two lines", Words("Body"), NOW)
    assert not post(session, "key", "test", person, "Another", Words("Body"), NOW)
    (message,) = session.scalars(select(OutboxMessage)).all()
    assert (message.subject, message.to_address, message.state) == ("A subject of two lines", person.email, "pending")
    assert message.created_at == NOW


def test_the_managers_hear_of_a_claim_and_the_claimer_of_the_decision(session, plan, lead, manager, milestone):
    second = factories.member(session, plan, Role.MANAGER)[1]
    factories.member(session, plan, Role.BOARD)
    acts.claim(session, lead, milestone)
    asked = "Sign-off is asked for: 1a.1"
    assert messages(session) == [(manager.person_id, asked), (second.person_id, asked)]
    body = session.scalars(select(OutboxMessage.body)).first()
    assert body == (
        "SEND Senior Manager says that 1a.1 was complete on 10 September 2025 and asks for sign-off.\n\n"
        "It is done.\n\n1a.1: Deliverable 1\n\nPlan: A plan for tests\n"
    )
    acts.decide(session, manager, milestone, approve=False)
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    assert messages(session)[2] == (lead.person_id, "The completion is returned: 1a.1")
    assert messages(session)[3:5] == [(manager.person_id, asked), (second.person_id, asked)]
    assert messages(session)[5:] == [(lead.person_id, "The completion is signed off: 1a.1")]


def test_the_managers_hear_of_a_request_and_the_lead_of_the_decision(session, lead, manager, milestone):
    change = acts.ask(session, lead, milestone)
    acts.settle(session, manager, milestone, change, approve=False)
    again = acts.ask(session, lead, milestone)
    acts.settle(session, manager, milestone, again)
    assert messages(session) == [
        (manager.person_id, "A new date is asked for: 1a.1"),
        (lead.person_id, "The new date is refused: 1a.1"),
        (manager.person_id, "A new date is asked for: 1a.1"),
        (lead.person_id, "The new date is approved: 1a.1"),
    ]
    bodies = session.scalars(select(OutboxMessage.body).order_by(OutboxMessage.id)).all()
    assert bodies[0].startswith("SEND Senior Manager asks to move the deadline of 1a.1 from Sep 2025 to Oct 2025.\n")
    assert "There is time enough." in bodies[1]


def test_nobody_is_told_of_their_own_act_and_nobody_who_has_left(session, plan, manager, milestone):
    gone = factories.member(session, plan, Role.MANAGER)[0]
    gone.disabled_at = NOW
    change = acts.ask(session, manager, milestone, proposed="Dec 2025")
    change.requested_by_id = gone.id
    acts.settle(session, manager, milestone, change, minute="5.2")
    assert messages(session) == []


def test_a_refused_form_tells_nobody(session, lead, manager, milestone):
    form = acts.token()
    acts.ask(session, lead, milestone, token=form)
    before = messages(session)
    for more in ({"token": form}, {"reason": ""}):
        try:
            acts.ask(session, lead, milestone, **more)
        except Refusal:
            continue
    assert messages(session) == before


def test_messages_about_a_sensitive_plan_say_what_happened_to_which_ref_and_nothing_more(
    session, plan, lead, manager, milestone
):
    plan.sensitive, plan.title, milestone.text = True, "Canary title", "Canary text"
    session.flush()
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone, approve=False, note="Canary note")
    found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert [message.sensitive for message in found] == [True, True]
    assert not [message for message in found if "Canary" in message.subject + message.body + message.html]
    assert "returned the completion of 1a.1." in found[1].body


def test_who_does_not_ask_for_it_hears_of_what_waits_in_the_digest_alone(session, plan, lead, manager, milestone):
    session.get_one(Person, manager.person_id).at_once = False
    acts.claim(session, lead, milestone)
    assert messages(session) == []
    acts.decide(session, manager, milestone, approve=False)
    assert messages(session) == [(lead.person_id, "The completion is returned: 1a.1")]
