"""Accounts: made with a name and an address, locked after guesses, disabled; each act in the security log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import NOW
from tracker.models import Person, SecurityEvent
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Actor, Role
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
    kinds = session.scalars(select(SecurityEvent.kind).order_by(SecurityEvent.id)).all()
    assert kinds == ["signed in", "sign-in failed", "sign-in failed"]


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
    accounts.enable(session, administrator, person.id, NOW)
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
            lambda actor=actor: accounts.enable(session, actor, person.id, NOW),
            lambda actor=actor: accounts.end_sessions(session, actor, person.id, NOW),
            lambda actor=actor: accounts.create_account(session, actor, NOW, "A", "a@testshire.example"),
            lambda actor=actor: accounts.set_password(session, actor, NOW, person.id, PASSWORD),
        ):
            with pytest.raises(NotPermitted, match="You may not manage people and posts"):
                act()


def test_everybody_may_end_their_own_sessions(session, lead):
    epoch = session.get_one(Person, lead.person_id).session_epoch
    assert accounts.end_sessions(session, lead, lead.person_id, NOW).session_epoch == epoch + 1


def test_what_is_tried_while_an_address_is_locked_does_not_keep_its_owner_out_longer(session):
    owner = accounts.add_person(session, "An owner", "owner@testshire.example", PASSWORD)
    for minute in range(25):
        accounts.sign_in(session, owner.email, "wrong", NOW + timedelta(minutes=minute))
    assert accounts.sign_in(session, owner.email, PASSWORD, NOW + timedelta(minutes=40)) is owner


def test_a_stranger_who_locks_an_address_does_not_lock_out_its_owner_in_a_known_browser(session):
    owner = accounts.add_person(session, "An owner", "owner@testshire.example", PASSWORD)
    for second in range(30):
        assert accounts.sign_in(session, owner.email, "wrong", NOW + timedelta(seconds=second)) is None
    later = NOW + timedelta(minutes=1)
    assert accounts.sign_in(session, owner.email, PASSWORD, later) is None
    assert accounts.sign_in(session, owner.email, PASSWORD, later, "known browser") is owner
    assert accounts.sign_in(session, owner.email, PASSWORD, later) is None  # the stranger is still locked


def test_a_known_browser_has_ten_tries_and_no_more(session):
    owner = accounts.add_person(session, "An owner", "owner@testshire.example", PASSWORD)
    for second in range(accounts.MOST_ATTEMPTS):
        accounts.sign_in(session, owner.email, "wrong", NOW + timedelta(seconds=second), "known browser")
    later = NOW + timedelta(minutes=1)
    assert accounts.sign_in(session, owner.email, PASSWORD, later, "known browser") is None
    assert accounts.sign_in(session, owner.email, PASSWORD, later, "another browser") is owner
    assert accounts.sign_in(session, owner.email, PASSWORD, NOW + timedelta(minutes=17), "known browser") is owner


def test_guessing_on_at_a_locked_address_writes_one_row_a_minute(session):
    accounts.add_person(session, "An owner", "owner@testshire.example", PASSWORD)
    for second in range(60):
        accounts.sign_in(session, "owner@testshire.example", "wrong", NOW + timedelta(seconds=second))
    rows = session.execute(select(SecurityEvent.kind, SecurityEvent.times).order_by(SecurityEvent.id)).all()
    assert [tuple(row) for row in rows] == [("sign-in failed", 1)] * 10 + [("locked out", 50)]


def test_what_was_typed_and_is_no_address_is_not_written_down(session):
    accounts.sign_in(session, "my secret password", "typed in the wrong box", NOW)
    event = session.scalars(select(SecurityEvent)).one()
    assert (event.email, event.actor, event.detail) == ("", "", "")


def test_every_act_on_an_account_writes_one_event(session, administrator):
    person = accounts.create_account(session, administrator, NOW, "B", "b@testshire.example", PASSWORD)
    accounts.disable(session, administrator, person.id, NOW)
    accounts.enable(session, administrator, person.id, NOW)
    accounts.end_sessions(session, administrator, person.id, NOW)
    accounts.set_password(session, administrator, NOW, person.id, "another long password")
    rows = session.execute(
        select(SecurityEvent.kind, SecurityEvent.actor, SecurityEvent.email, SecurityEvent.subject_id).order_by(
            SecurityEvent.id
        )
    ).all()
    kinds = ["account created", "account disabled", "account enabled", "sessions ended", "password changed"]
    assert [tuple(row) for row in rows] == [
        (kind, administrator.label, "b@testshire.example", person.id) for kind in kinds
    ]


def test_a_new_password_ends_the_sessions_and_the_old_one_opens_nothing(session, administrator):
    person = accounts.add_person(session, "B", "b@testshire.example", PASSWORD)
    own = Actor(person.id, "B")
    with pytest.raises(Refusal, match="Enter the password that you sign in with now"):
        accounts.change_password(session, own, NOW, "wrong", "another long password")
    with pytest.raises(Refusal, match="at least 12 characters"):
        accounts.change_password(session, own, NOW, PASSWORD, "short")
    accounts.change_password(session, own, NOW, PASSWORD, "another long password")
    assert person.session_epoch == 1
    assert accounts.sign_in(session, person.email, PASSWORD, NOW) is None
    assert accounts.sign_in(session, person.email, "another long password", NOW) is person
    with pytest.raises(Refusal, match="Change your own password on the page for it"):
        accounts.set_password(session, administrator, NOW, administrator.person_id, PASSWORD)
