"""Accounts: made with a name and an address, locked after guesses, disabled, given roles and posts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import NOW
from tracker.models import Holding, Membership, Person, Post, SignInAttempt
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Role
from tracker.services import accounts

PASSWORD = "a long enough password"


@pytest.fixture
def administrator(session, plan):
    return factories.member(session, plan, Role.ADMINISTRATOR)[1]


@pytest.mark.parametrize(
    ("name", "email", "password", "sentence", "field"),
    [
        (" ", "a@testshire.example", "", "Enter a name.", "name"),
        ("A", "testshire.example", "", "Enter an e-mail address, like name@council.gov.uk", "email"),
        ("A", "@testshire.example", "", "Enter an e-mail address, like name@council.gov.uk", "email"),
        ("A", "a@testshire.example", "short", "Enter a password of at least 12 characters.", "password"),
        ("A", "Known@Testshire.example", "", "There is an account with this e-mail address already.", "email"),
    ],
)
def test_an_account_that_will_not_do_says_why(session, name, email, password, sentence, field):
    accounts.add_person(session, "Known", "known@testshire.example")
    with pytest.raises(Refusal) as refused:
        accounts.add_person(session, name, email, password)
    assert (refused.value.sentence, refused.value.field) == (sentence, field)


def test_only_the_hash_of_a_password_is_kept_and_it_opens_the_account(session):
    person = accounts.add_person(session, "A", "A@testshire.example", PASSWORD)
    assert person.password_hash.startswith("$argon2id$")
    assert accounts.sign_in(session, " a@TESTSHIRE.example ", PASSWORD, NOW) is person
    assert accounts.sign_in(session, "a@testshire.example", PASSWORD + "!", NOW) is None
    assert accounts.sign_in(session, "nobody@testshire.example", PASSWORD, NOW) is None
    assert session.scalars(select(SignInAttempt.succeeded).order_by(SignInAttempt.id)).all() == [True, False, False]


def test_an_account_without_a_password_or_disabled_stays_shut(session):
    accounts.add_person(session, "A", "a@testshire.example")
    assert accounts.sign_in(session, "a@testshire.example", "", NOW) is None
    person = accounts.add_person(session, "B", "b@testshire.example", PASSWORD)
    person.disabled_at = NOW
    assert accounts.sign_in(session, "b@testshire.example", PASSWORD, NOW) is None


def test_ten_wrong_passwords_lock_the_address_for_a_quarter_of_an_hour(session):
    person = accounts.add_person(session, "A", "a@testshire.example", PASSWORD)
    accounts.add_person(session, "B", "b@testshire.example", PASSWORD)
    for second in range(accounts.MOST_ATTEMPTS):
        assert accounts.sign_in(session, person.email, "wrong", NOW + timedelta(seconds=second)) is None
    later = NOW + timedelta(minutes=1)
    assert accounts.sign_in(session, person.email, PASSWORD, later) is None
    assert accounts.sign_in(session, "b@testshire.example", PASSWORD, later) is not None
    assert accounts.sign_in(session, person.email, PASSWORD, NOW + timedelta(minutes=17)) is person


def test_disabling_ends_every_session_and_enabling_lets_in_again(session, administrator):
    person = factories.person(session)
    epoch = person.session_epoch
    accounts.disable(session, administrator, person.id, NOW)
    assert (person.disabled_at, person.session_epoch) == (NOW, epoch + 1)
    accounts.enable(session, administrator, person.id)
    assert person.disabled_at is None
    with pytest.raises(Refusal, match="You cannot disable your own account"):
        accounts.disable(session, administrator, administrator.person_id, NOW)
    with pytest.raises(NotFound, match=r"There is no such person."):
        accounts.disable(session, administrator, 999, NOW)


def test_only_an_administrator_manages_people(session, plan, lead, manager):
    person = factories.person(session)
    for actor in (lead, manager):
        for act in (
            lambda actor=actor: accounts.disable(session, actor, person.id, NOW),
            lambda actor=actor: accounts.enable(session, actor, person.id),
            lambda actor=actor: accounts.leave_post(session, actor, 1, NOW.date()),
        ):
            with pytest.raises(NotPermitted, match="You may not manage people and posts"):
                act()


def test_a_role_is_given_once(session, plan):
    person = factories.person(session)
    for _ in range(2):
        accounts.give_role(session, person.id, plan.id, Role.AUDITOR)
    assert session.scalar(select(func.count()).select_from(Membership)) == 1


def test_a_post_is_held_once_and_left_on_a_day(session, plan, administrator):
    person = factories.person(session)
    post = session.scalars(select(Post)).one()
    first = date(2025, 6, 1)
    for _ in range(2):
        accounts.hold_post(session, person.id, post.id, first)
    holding = session.scalars(select(Holding)).one()
    with pytest.raises(Refusal, match="Enter a last day that is not before the first"):
        accounts.leave_post(session, administrator, holding.id, first - timedelta(days=1))
    accounts.leave_post(session, administrator, holding.id, date(2025, 9, 30))
    assert holding.to_day == date(2025, 9, 30)
    accounts.hold_post(session, person.id, post.id, date(2025, 12, 1), deputy=True)
    assert session.scalar(select(func.count()).select_from(Holding)) == 2
    for act in (
        lambda: accounts.hold_post(session, person.id, 999, first),
        lambda: accounts.leave_post(session, administrator, 999, first),
    ):
        with pytest.raises(NotFound):
            act()
    assert session.get_one(Person, person.id) is person


def test_what_is_tried_while_an_address_is_locked_does_not_keep_its_owner_out_longer(session):
    owner = accounts.add_person(session, "An owner", "owner@testshire.example", PASSWORD)
    for minute in range(25):
        accounts.sign_in(session, owner.email, "wrong", NOW + timedelta(minutes=minute))
    assert accounts.sign_in(session, owner.email, PASSWORD, NOW + timedelta(minutes=40)) is owner
