"""Who holds a post from day to day: appointed, handed over, deputised for, left; at the boundaries of London days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tracker.models import Holding, Organisation, Person, Post, SecurityEvent
from tracker.queries.holdings import answering
from tracker.queries.people import signed_in
from tracker.queries.posts import holdings, posts
from tracker.rules.dates import london_day
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services import holdings as service
from tracker.services import posts as register
from tracker.services.holdings import Term


@pytest.fixture
def administrator(session: Session, plan) -> Actor:
    return factories.member(session, plan, Role.ADMINISTRATOR)[1]


@pytest.fixture
def post(session: Session, plan) -> Post:
    return session.scalars(select(Post)).one()


@pytest.fixture
def people(session: Session) -> list[Person]:
    return [factories.person(session, f"Holder {letter}") for letter in "ABC"]


def answers(session: Session, post: Post, day: date) -> tuple[tuple[str, ...], tuple[str, ...], date | None]:
    found = answering(session, [post.id], day)[post.id]
    return found.holders, found.deputies, found.vacant_since


def test_a_handover_ends_one_holding_begins_the_next_and_keeps_both(session, administrator, post, people) -> None:
    a, b, _ = people
    first = service.appoint(session, administrator, NOW, post.id, Term(a.id, date(2025, 1, 1)))
    after = Term(b.id, date(2025, 10, 1))
    made = service.hand_over(session, administrator, NOW, post.id, after, "Ring the ICB first", first.id)
    assert (first.to_day, made.from_day, made.note) == (date(2025, 9, 30), date(2025, 10, 1), "Ring the ICB first")
    assert answers(session, post, date(2025, 9, 30)) == (("Holder A",), (), None)
    assert answers(session, post, date(2025, 10, 1)) == (("Holder B",), (), None)
    assert [line.person for line in holdings(session, post.id)] == ["Holder B", "Holder A"]
    kinds = session.scalars(select(SecurityEvent.kind).order_by(SecurityEvent.id)).all()
    assert kinds == ["post held", "post left", "post held"]


def test_a_post_that_nobody_takes_over_is_vacant_from_the_next_day(session, administrator, post, people) -> None:
    held = service.appoint(session, administrator, NOW, post.id, Term(people[0].id, date(2025, 1, 1)))
    assert not posts(session, TODAY)[0].vacant
    service.end_holding(session, administrator, NOW, held.id, date(2025, 4, 30))
    assert answers(session, post, date(2025, 4, 30)) == (("Holder A",), (), None)
    assert answers(session, post, date(2025, 5, 1)) == ((), (), date(2025, 5, 1))
    (line,) = posts(session, TODAY)
    assert (line.vacant, line.vacant_since) == (True, date(2025, 5, 1))
    later = service.appoint(session, administrator, NOW, post.id, Term(people[1].id, date(2025, 9, 1)))
    assert answers(session, post, date(2025, 8, 31))[2] == date(2025, 5, 1)
    assert answers(session, post, date(2025, 9, 1)) == (("Holder B",), (), None)
    assert later.to_day is None


def test_a_post_that_nobody_was_ever_recorded_in_is_vacant_without_a_day(session, post) -> None:
    (line,) = posts(session, TODAY)
    assert (line.vacant, line.vacant_since) == (True, None)


@pytest.mark.parametrize("deputy", [False, True])
@pytest.mark.parametrize(
    ("instant", "acts"),
    [
        (datetime(2025, 8, 31, 22, 59, tzinfo=UTC), False),  # 23:59 in London, the day before
        (datetime(2025, 8, 31, 23, 0, tzinfo=UTC), True),  # midnight of 1 September in London
        (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), True),  # 01:30, for the first time that night
        (datetime(2025, 10, 26, 23, 59, tzinfo=UTC), True),  # the last minute of the last day
        (datetime(2025, 10, 27, 0, 0, tzinfo=UTC), False),  # winter time: midnight is midnight
    ],
)
def test_a_holder_and_a_deputy_act_from_the_first_midnight_in_london_to_the_last(
    session, plan, administrator, post, people, instant, acts, deputy
) -> None:
    term = Term(people[0].id, date(2025, 9, 1), date(2025, 10, 26))
    (service.name_deputy if deputy else service.appoint)(session, administrator, NOW, post.id, term)
    found = signed_in(session, people[0].id, london_day(instant))
    assert found
    assert (found.actor.posts == frozenset({post.id})) is acts
    assert (found.actor.roles == {plan.id: frozenset({Role.LEAD})}) is acts


def test_a_deputy_writes_as_a_deputy_and_as_the_holder_of_a_post_of_their_own(
    session, administrator, post, people
) -> None:
    service.name_deputy(session, administrator, NOW, post.id, Term(people[0].id, TODAY, TODAY))
    found = signed_in(session, people[0].id, TODAY)
    assert found
    assert found.actor.label == "Deputy for SEND Senior Manager"
    other = register.save_post(session, administrator, NOW, "Head of Inclusion", post.organisation_id)
    service.appoint(session, administrator, NOW, other.id, Term(people[0].id, TODAY))
    found = signed_in(session, people[0].id, TODAY)
    assert found
    assert (found.actor.label, found.actor.posts) == ("Head of Inclusion", frozenset({post.id, other.id}))


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        (Term(0, date(2025, 9, 1), date(2025, 8, 31)), "last day that is not before the first"),
        (Term(999, date(2025, 9, 1)), "Select a person"),
        (Term(1, date(2025, 9, 1)), "Holder A holds this post. Hand it over instead"),
    ],
)
def test_an_appointment_that_will_not_do_says_why(session, administrator, post, people, term, sentence) -> None:
    a, b, _ = people
    service.appoint(session, administrator, NOW, post.id, Term(a.id, date(2025, 1, 1)))
    asked = Term({0: b.id, 1: b.id}.get(term.person_id, term.person_id), term.from_day, term.to_day)
    with pytest.raises(Refusal, match=sentence):
        service.appoint(session, administrator, NOW, post.id, asked)


def test_two_people_share_a_post_only_where_it_is_said(session, administrator, post, people) -> None:
    a, b, _ = people
    service.appoint(session, administrator, NOW, post.id, Term(a.id, date(2025, 1, 1)))
    service.appoint(session, administrator, NOW, post.id, Term(b.id, date(2025, 2, 1)), shared=True)
    assert answers(session, post, TODAY)[0] == ("Holder A", "Holder B")
    with pytest.raises(Refusal, match="Holder B holds this post on some of those days already"):
        service.appoint(session, administrator, NOW, post.id, Term(b.id, date(2025, 3, 1)), shared=True)


def test_a_deputy_needs_a_last_day_and_is_not_the_holder(session, administrator, post, people) -> None:
    a, b, _ = people
    service.appoint(session, administrator, NOW, post.id, Term(a.id, date(2025, 1, 1)))
    with pytest.raises(Refusal, match="last day on which the deputy acts"):
        service.name_deputy(session, administrator, NOW, post.id, Term(b.id, TODAY))
    with pytest.raises(Refusal, match="cannot be the deputy too"):
        service.name_deputy(session, administrator, NOW, post.id, Term(a.id, TODAY, TODAY))


def test_a_disabled_account_is_not_appointed(session, administrator, post, people) -> None:
    people[0].disabled_at = NOW
    with pytest.raises(Refusal, match=r"is disabled\. Enable it first"):
        service.appoint(session, administrator, NOW, post.id, Term(people[0].id, TODAY))


def test_a_handover_that_will_not_do_says_why(session, administrator, post, people) -> None:
    a, b, c = people
    with pytest.raises(Refusal, match="nothing to hand over"):
        service.hand_over(session, administrator, NOW, post.id, Term(b.id, TODAY), "", None)
    first = service.appoint(session, administrator, NOW, post.id, Term(a.id, date(2025, 6, 1)))
    for term, sentence in (
        (Term(a.id, TODAY), "holds this post already"),
        (Term(b.id, date(2025, 6, 1)), "Enter a later first day"),
    ):
        with pytest.raises(Refusal, match=sentence):
            service.hand_over(session, administrator, NOW, post.id, term, "", first.id)
    with pytest.raises(Refusal, match="The holder has changed since this page was opened"):
        service.hand_over(session, administrator, NOW, post.id, Term(b.id, TODAY), "", first.id + 99)
    service.end_holding(session, administrator, NOW, first.id, TODAY)
    service.appoint(session, administrator, NOW, post.id, Term(b.id, TODAY + timedelta(days=1)))
    with pytest.raises(Refusal, match="Holder B is to hold the post from 11 September 2025"):
        service.hand_over(session, administrator, NOW, post.id, Term(c.id, TODAY), "", first.id)


def test_a_post_is_closed_when_it_leads_nothing_unfinished_and_opened_again(
    session, plan, administrator, post, people
) -> None:
    with pytest.raises(Refusal, match=r"leads 1 unfinished milestone\. Give them another lead first"):
        register.close_post(session, administrator, NOW, post.id, TODAY)
    other = register.save_post(session, administrator, NOW, "Head of Inclusion", post.organisation_id)
    held = service.appoint(session, administrator, NOW, other.id, Term(people[0].id, date(2025, 1, 1)))
    register.close_post(session, administrator, NOW, other.id, TODAY)
    assert (other.closed_on, held.to_day) == (TODAY, TODAY)
    with pytest.raises(Refusal, match="was closed on 10 September 2025"):
        service.appoint(session, administrator, NOW, other.id, Term(people[1].id, TODAY))
    register.reopen_post(session, administrator, NOW, other.id)
    assert other.closed_on is None


def test_organisations_and_posts_have_names_of_their_own(session, administrator, post) -> None:
    forum = register.OrganisationForm("Testshire Parent Carer Forum", "forum", True)
    made = register.save_organisation(session, administrator, NOW, forum)
    assert (made.kind, made.outside) == ("forum", True)
    for told, sentence in (
        (forum, "of this name already"),
        (register.OrganisationForm("", "forum", True), "Enter the name"),
        (register.OrganisationForm("A school", "castle", True), "Select what kind"),
    ):
        with pytest.raises(Refusal, match=sentence):
            register.save_organisation(session, administrator, NOW, told)
    renamed = register.save_post(session, administrator, NOW, "SEND Manager", post.organisation_id, post.id)
    assert (renamed.id, renamed.title) == (post.id, "SEND Manager")
    for title, organisation, sentence in (
        ("", made.id, "Enter the title"),
        ("SEND Manager", post.organisation_id, "of this title already"),
        ("Chair", 999, "Select the organisation"),
    ):
        with pytest.raises(Refusal, match=sentence):
            register.save_post(session, administrator, NOW, title, organisation)


def test_only_an_administrator_changes_the_register(session, plan, lead, manager, post, people) -> None:
    term = Term(people[0].id, TODAY, TODAY)
    for actor in (lead, manager, Actor(None, "Nobody")):
        for act in (
            lambda actor=actor: service.appoint(session, actor, NOW, post.id, term),
            lambda actor=actor: service.name_deputy(session, actor, NOW, post.id, term),
            lambda actor=actor: service.hand_over(session, actor, NOW, post.id, term, "", None),
            lambda actor=actor: service.end_holding(session, actor, NOW, 1, TODAY),
            lambda actor=actor: register.save_post(session, actor, NOW, "A", 1),
            lambda actor=actor: register.close_post(session, actor, NOW, post.id, TODAY),
            lambda actor=actor: register.reopen_post(session, actor, NOW, post.id),
            lambda actor=actor: register.save_organisation(
                session, actor, NOW, register.OrganisationForm("A", "forum", True)
            ),
        ):
            with pytest.raises(NotPermitted, match="You may not manage people and posts"):
                act()


def test_what_is_not_there_is_not_found(session, administrator) -> None:
    for act in (
        lambda: service.end_holding(session, administrator, NOW, 999, TODAY),
        lambda: register.close_post(session, administrator, NOW, 999, TODAY),
        lambda: register.find_organisation(session, 999),
        lambda: service.hold_post(session, 1, 999, TODAY),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_post_given_at_set_up_is_given_once(session, post, people) -> None:
    for _ in range(2):
        service.hold_post(session, people[0].id, post.id, TODAY)
    assert len(session.scalars(select(Holding)).all()) == 1
    assert session.get_one(Organisation, post.organisation_id).outside is None
