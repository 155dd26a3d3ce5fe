"""What minutes, packs, message settings and addresses refuse, each with its sentence and nothing changed."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services.boards import token
from tests.services.minutes.met import MET, asked, seen
from tracker.models import Pack, PackMinute, Plan
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.minutes import Outcome
from tracker.rules.permissions import Actor
from tracker.services import accounts, matters, message_settings, minuted, minutes, packs
from tracker.services.ledger import Recorder


def test_what_was_withdrawn_meanwhile_is_not_suspended(
    session: Session,
    plan: Plan,
    manager: Actor,
    pack: Pack,
) -> None:
    fourth = factories.milestones_of(session, plan)[3]
    matters.put_to_board(session, manager, MET, fourth.id, token(), "suspension", "Two schools close.")
    stale = seen(asked(session, pack)[3])
    fourth.standing = "withdrawn"
    session.flush()
    with pytest.raises(Refusal, match="was changed while you looked"):
        minutes.minute(session, manager, MET, pack.id, token(), stale, Outcome.AGREED, "5.2")
    with pytest.raises(Refusal, match=r"1a\.4 is withdrawn already"):
        minutes.minute(session, manager, MET, pack.id, token(), seen(asked(session, pack)[3]), Outcome.AGREED, "5.2")
    assert fourth.standing == "withdrawn"


def test_a_minute_or_a_matter_that_is_not_there_is_not_taken_back(
    session: Session,
    plan: Plan,
    manager: Actor,
    pack: Pack,
) -> None:
    with pytest.raises(NotFound, match="no such minute"):
        minuted.minuted_together(session, pack, 999_999)
    first = factories.milestones_of(session, plan)[0]
    with pytest.raises(NotFound):
        matters.take_back(session, manager, MET, first.id, 999_999, token(), "Nothing of the kind")


def test_a_minute_of_another_pack_is_not_found(
    session: Session,
    plan: Plan,
    manager: Actor,
    pack: Pack,
) -> None:
    minutes.minute(
        session, manager, MET, pack.id, token(), seen(asked(session, pack)[0]), Outcome.DEFERRED, "5.1", "Next time"
    )
    minute = session.scalars(select(PackMinute)).one()
    other = packs.draft(session, manager, NOW, plan.id, token(), as_at=TODAY)
    with pytest.raises(NotFound, match="no such minute"):
        minuted.minuted_together(session, other, minute.id)


def test_a_minute_of_an_act_that_did_nothing_to_the_plan_is_put_right_by_hand(
    session: Session,
    plan: Plan,
    manager: Actor,
    pack: Pack,
) -> None:
    first = asked(session, pack)[0]
    old = PackMinute(
        plan_id=plan.id,
        pack_id=pack.id,
        subject=first.subject,
        about=first.about,
        outcome=Outcome.AGREED.value,
        minute="5.1",
        made_on=MET.date(),
        made_by=manager.label,
    )
    session.add(old)
    session.flush()
    recorder = Recorder(session, plan, manager, MET)
    recorder.add(old, "", verb="minuted")
    recorder.close()
    with pytest.raises(Refusal, match="Put right by hand what it decided"):
        minuted.take_back(session, manager, MET, pack.id, old.id, token(), "Minuted by mistake")
    assert old.withdrawn_on is None


def test_a_draft_is_not_attached_to_a_meeting_that_has_its_pack_and_a_correction_to_none_other(
    session: Session,
    plan: Plan,
    manager: Actor,
    pack: Pack,
) -> None:
    draft = packs.draft(session, manager, NOW, plan.id, token(), as_at=TODAY)
    values = {"purpose": draft.purpose, "as_at": draft.as_at, "meeting_id": pack.meeting_id}
    with pytest.raises(Refusal, match="was issued for this meeting already"):
        packs.edit_draft(session, manager, NOW, draft.id, draft.version, token(), values)
    corrected = packs.correct(session, manager, MET, pack.id, token(), "A figure was wrong")
    values = {"purpose": corrected.purpose, "as_at": corrected.as_at, "meeting_id": None, "correction": "A figure"}
    with pytest.raises(Refusal, match="for the meeting of what it corrects"):
        packs.edit_draft(session, manager, MET, corrected.id, corrected.version, token(), values)


def test_messages_and_addresses_are_settled_by_administrators_alone(
    session: Session,
    plan: Plan,
    manager: Actor,
) -> None:
    person = factories.person(session, "Somebody else")
    before = person.email
    with pytest.raises(NotPermitted):
        accounts.change_email(session, manager, NOW, person.id, "new@testshire.example")
    choice = message_settings.Choice("weekly", 5, 5, 14)
    with pytest.raises(NotPermitted):
        message_settings.choose(session, manager, NOW, choice)
    with pytest.raises(NotPermitted):
        message_settings.forget_choice(session, manager, NOW)
    assert person.email == before
    assert message_settings.chosen(session) is None
