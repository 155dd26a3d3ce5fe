"""Packs: what freezing keeps, what issuing makes final, what is refused and why."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import boards as made
from tests.services.boards import token
from tracker.exports.packs import compose, report_of
from tracker.models import LedgerEntry, Milestone, Pack, PackContent, Plan
from tracker.models.engine import transaction
from tracker.queries.packs import find_pack, last_packs
from tracker.rules.errors import AlreadyDone, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services import pack_freezing, packs
from tracker.services.updates import Update, update_milestone
from tracker.services.verification import verify

LATER = NOW + timedelta(days=40)


@pytest.fixture
def plan(session: Session) -> Plan:
    """Return a plan with a milestone that is due in Sep 2025 and one in Dec 2025."""
    return factories.plan(session, factories.milestone_line("1"), factories.milestone_line("2", date="Dec 2025"))


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    """Return the plan's improvement manager."""
    return factories.member(session, plan, Role.MANAGER)[1]


def content(session: Session, pack: Pack) -> dict[str, Any]:
    """Return what a pack holds."""
    stored = session.scalars(select(PackContent.canonical).where(PackContent.pack_id == pack.id)).one()
    assert hashlib.sha256(stored.encode()).hexdigest() == pack.fingerprint
    found: dict[str, Any] = json.loads(stored)
    return found


def test_a_frozen_pack_has_number_fingerprint_facts_and_content(session: Session, plan: Plan, manager: Actor) -> None:
    board = made.board(session, manager, plan)
    meeting = made.meeting(session, manager, board, date(2025, 9, 16), cut_off=TODAY, papers=TODAY)
    pack = made.frozen(session, manager, plan, meeting_id=meeting.id)
    assert (pack.state, pack.number, pack.edition, pack.previous) == ("frozen", 1, 1, "")
    found = content(session, pack)
    meta = found["meta"]
    assert (meta["plan"]["slug"], meta["board"]["name"], meta["as_at"]) == (plan.slug, board.name, "2025-09-10")
    assert meta["meeting"]["meeting"] == "2025-09-16"
    assert [(one["ref"], one["colour"], one["rule"]) for one in found["facts"]["milestones"]] == [
        ("1a.1", "amber", "4d"),
        ("1a.2", "grey", "5"),
    ]
    assert report_of(found).pack == f"Pack 1 · {pack.fingerprint[:12]}"


def test_issued_packs_are_chained_and_verified(session: Session, plan: Plan, manager: Actor) -> None:
    first = made.issued(session, manager, plan)
    second = made.issued(session, manager, plan, LATER)
    assert (second.number, second.previous) == (2, first.fingerprint)
    assert content(session, second)["meta"]["compared_with"] == first.fingerprint
    session.flush()
    verdict = verify(session)
    assert not verdict.faults
    assert (verdict.plans[0].frozen, verdict.plans[0].packs) == (2, True)
    verbs = session.scalars(select(LedgerEntry.verb).where(LedgerEntry.subject_type == "pack")).all()
    assert verbs == ["began a pack", "froze the pack", "issued the pack"] * 2


def test_each_pack_is_compared_with_what_the_last_one_said(session: Session, plan: Plan, manager: Actor) -> None:
    made.issued(session, manager, plan)
    pack = made.issued(session, manager, plan, LATER)
    moved = content(session, pack)["facts"]["movement"]
    assert [(one["before"], one["after"], one["direction"]) for one in moved] == [("amber", "red", "worse")]
    assert moved[0]["cause"] == "deadline passed on 30 September 2025"


def test_what_is_recorded_after_the_freeze_on_the_same_day_is_movement(
    session: Session, plan: Plan, manager: Actor
) -> None:
    made.issued(session, manager, plan)
    milestone = session.scalars(select(Milestone).where(Milestone.plan_id == plan.id, Milestone.ref == "2")).one()
    told = Update("at_risk", "It is begun", confidence_reason="The supplier is late", started=TODAY)
    update_milestone(session, manager, NOW + timedelta(hours=1), milestone.id, milestone.version, token(), told)
    pack = made.frozen(session, manager, plan, NOW + timedelta(days=1))
    moved = {one["milestone"]: one for one in content(session, pack)["facts"]["movement"]}
    assert moved[milestone.id]["after"] == "amber"
    assert moved[milestone.id]["cause"] == "update on 10 September 2025"


def test_the_facts_of_an_issued_pack_survive_an_edit_of_the_plan(session: Session, plan: Plan, manager: Actor) -> None:
    pack = made.issued(session, manager, plan)
    before = report_of(content(session, pack))
    milestone = session.scalars(select(Milestone).where(Milestone.plan_id == plan.id, Milestone.ref == "2")).one()
    told = Update("on_track", progress="All is otherwise now", started=date(2025, 7, 1))
    update_milestone(session, manager, NOW, milestone.id, milestone.version, token(), told)
    assert report_of(content(session, pack)) == before
    assert not verify(session).faults


def test_a_correction_is_a_new_version_of_the_same_number_that_follows_it(
    session: Session, plan: Plan, manager: Actor
) -> None:
    first = made.issued(session, manager, plan)
    second = made.issued(session, manager, plan, LATER)
    with pytest.raises(Refusal, match="Pack 2 was issued since"):
        packs.correct(session, manager, LATER, first.id, token(), "The lead of 1a")
    with pytest.raises(Refusal, match="Enter what this version changes"):
        packs.correct(session, manager, LATER, second.id, token(), " ")
    draft = packs.correct(session, manager, LATER, second.id, token(), "The date of 1a.1 was wrong")
    pack_freezing.freeze(session, manager, LATER, draft.id, draft.version, token(), compose)
    pack_freezing.issue(session, manager, LATER, draft.id, draft.version, token())
    assert (draft.number, draft.edition, draft.previous) == (2, 2, second.fingerprint)
    meta = content(session, draft)["meta"]
    assert meta["correction"] == {"of": second.fingerprint, "says": "The date of 1a.1 was wrong"}
    assert meta["compared_with"] == first.fingerprint
    third = made.issued(session, manager, plan, LATER + timedelta(days=30))
    assert (third.number, third.previous) == (3, draft.fingerprint)
    assert [one.pack.words for one in last_packs(session, plan.id, third.as_at)] == ["pack 2, version 2", "pack 1"]
    assert not verify(session).faults


@pytest.mark.parametrize("state", ["frozen", "issued", "set aside"])
def test_what_is_not_a_draft_cannot_be_edited_or_frozen(
    session: Session, plan: Plan, manager: Actor, state: str
) -> None:
    if state == "set aside":
        pack = made.drafted(session, manager, plan)
        packs.set_aside(session, manager, NOW, pack.id, pack.version, token(), "The board met early")
    else:
        pack = (made.frozen if state == "frozen" else made.issued)(session, manager, plan)
    with pytest.raises(Refusal, match="cannot be frozen now"):
        pack_freezing.freeze(session, manager, NOW, pack.id, pack.version, token(), compose)
    with pytest.raises(Refusal, match="cannot be edited now"):
        packs.edit_draft(session, manager, NOW, pack.id, pack.version, token(), {})


def test_issued_is_for_good(session: Session, plan: Plan, manager: Actor) -> None:
    pack = made.issued(session, manager, plan)
    with pytest.raises(Refusal, match="that is for good"):
        packs.set_aside(session, manager, NOW, pack.id, pack.version, token(), "A mistake")
    with pytest.raises(DBAPIError, match="An issued pack is never changed"), session.begin_nested():
        session.execute(update(Pack).values(state="draft"))
    for statement in ("UPDATE pack_content SET canonical = ''", "DELETE FROM pack_content"):
        with pytest.raises(DBAPIError, match="never changed or deleted"), session.begin_nested():
            session.execute(text(statement))


def test_a_frozen_pack_that_another_one_overtook_is_not_issued(session: Session, plan: Plan, manager: Actor) -> None:
    board = made.board(session, manager, plan)
    first = made.meeting(session, manager, board, date(2025, 9, 16), cut_off=TODAY, papers=TODAY)
    second = made.meeting(session, manager, board, date(2025, 9, 23), cut_off=TODAY, papers=TODAY)
    late = made.frozen(session, manager, plan, meeting_id=first.id)
    made.issued(session, manager, plan, meeting_id=second.id)
    with pytest.raises(Refusal, match="Pack 1, version 2 was issued after this one was frozen"):
        pack_freezing.issue(session, manager, NOW, late.id, late.version, token())


def test_data_of_a_day_to_come_are_not_frozen(session: Session, plan: Plan, manager: Actor) -> None:
    pack = made.drafted(session, manager, plan, as_at=TODAY + timedelta(days=1))
    with pytest.raises(Refusal, match="as at 11 September 2025, which is still to come"):
        pack_freezing.freeze(session, manager, NOW, pack.id, pack.version, token(), compose)


def test_the_cut_off_of_the_meeting_is_the_day_of_the_data(session: Session, plan: Plan, manager: Actor) -> None:
    board = made.board(session, manager, plan)
    meeting = made.meeting(session, manager, board, date(2025, 9, 26))
    assert made.drafted(session, manager, plan, meeting_id=meeting.id).as_at == date(2025, 9, 16)
    with pytest.raises(Refusal, match="There is a pack under way already"):
        made.drafted(session, manager, plan, meeting_id=meeting.id)


def test_a_plan_has_packs_only_for_boards_that_it_reports_to(session: Session, plan: Plan, manager: Actor) -> None:
    board = made.board(session, manager)
    meeting = made.meeting(session, manager, board, date(2025, 9, 26))
    with pytest.raises(Refusal, match="does not report to SEND Partnership Board"):
        made.drafted(session, manager, plan, meeting_id=meeting.id)


@pytest.mark.parametrize("role", [Role.LEAD, Role.BOARD, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_the_manager_freezes_and_issues_and_others_see_what_is_issued(
    session: Session, plan: Plan, manager: Actor, role: Role
) -> None:
    other = factories.lead(session, plan)[1] if role is Role.LEAD else factories.member(session, plan, role)[1]
    with pytest.raises(NotPermitted):
        made.drafted(session, other, plan)
    pack = made.frozen(session, manager, plan)
    with pytest.raises(NotFound):
        pack_freezing.issue(session, other, NOW, pack.id, pack.version, token())
    pack_freezing.issue(session, manager, NOW, pack.id, pack.version, token())
    assert packs.open_pack(session, other, pack.id, packs.Act.READ_PACK) is pack
    with pytest.raises(NotPermitted):
        packs.correct(session, other, NOW, pack.id, token(), "No")


def test_verification_finds_a_pack_whose_content_was_changed(session: Session, plan: Plan, manager: Actor) -> None:
    pack = made.issued(session, manager, plan)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE pack_content DISABLE TRIGGER USER"))
    else:
        session.execute(text("DROP TRIGGER pack_content_no_update"))
    session.execute(text("UPDATE pack_content SET canonical = replace(canonical, 'amber', 'green')"))
    faults = verify(session).faults
    assert len(faults) == 1
    assert f"Pack number {pack.id}: its content has the fingerprint" in faults[0]


def test_two_who_freeze_at_once_make_one_pack(engine: Engine) -> None:
    with transaction(engine) as session:
        plan = factories.plan(session)
        manager = factories.member(session, plan, Role.MANAGER)[1]
        pack = made.drafted(session, manager, plan)
        key, version = pack.id, pack.version
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def act() -> None:
        ready.wait()
        try:
            with transaction(engine) as session:
                pack_freezing.freeze(session, manager, NOW, key, version, token(), compose)
            outcomes.append("frozen")
        except Refusal as refusal:
            outcomes.append(refusal.sentence[:22])

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["It cannot be frozen no", "frozen"]
    with Session(engine) as session:
        assert session.scalars(select(Pack.number)).all() == [1]
        assert len(session.scalars(select(PackContent.pack_id)).all()) == 1
        assert not verify(session).faults


def test_the_same_form_twice_freezes_once(session: Session, plan: Plan, manager: Actor) -> None:
    pack = made.drafted(session, manager, plan)
    pack_freezing.freeze(session, manager, NOW, pack.id, pack.version, "one-form", compose)
    with pytest.raises(AlreadyDone):
        pack_freezing.freeze(session, manager, NOW, pack.id, pack.version, "one-form", compose)


def test_a_pack_is_found_with_its_words(session: Session, plan: Plan, manager: Actor) -> None:
    pack = made.issued(session, manager, plan)
    found = find_pack(session, pack.id)
    assert found is not None
    assert (found.title, found.issued_at, found.issued_by) == ("Pack 1", NOW, manager.label)
    assert isinstance(found.frozen_at, datetime)
