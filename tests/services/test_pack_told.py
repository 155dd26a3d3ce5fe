"""What a board is told and asked beside dates stands in its pack, and an older pack does without."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tests.services import boards as made
from tests.services.boards import token
from tracker.models import Measure, Pack, PackContent, Plan
from tracker.queries.minutes import asked_of
from tracker.queries.packs import find_pack
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services import matters, measures, packs
from tracker.services.measures import Heard


@pytest.fixture
def plan(session: Session) -> Plan:
    """Return a plan of two milestones and a measure without a figure."""
    plan = factories.plan(session, factories.milestone_line("1"), factories.milestone_line("2"))
    session.add(Measure(plan_id=plan.id, priority_id=None, name="Families who are heard", position=1))
    session.flush()
    return plan


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    """Return its improvement manager."""
    return factories.member(session, plan, Role.MANAGER)[1]


def held(session: Session, pack: Pack) -> dict[str, Any]:
    """Return what a frozen pack holds."""
    found: dict[str, Any] = json.loads(
        session.scalars(select(PackContent.canonical).where(PackContent.pack_id == pack.id)).one()
    )
    return found


def table(found: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the rows of a table of a pack by the titles of its columns."""
    blocks = [block for section in found["content"]["report"]["sections"] for block in section["blocks"]]
    (one,) = [block for block in blocks if block["kind"] == "table" and block["key"] == key]
    titles = [column["title"] for column in one["columns"]]
    return [dict(zip(titles, row, strict=True)) for row in one["rows"]]


def test_a_pack_says_the_impact_what_is_put_to_the_board_and_what_people_say(
    session: Session, plan: Plan, manager: Actor
) -> None:
    lead = factories.lead(session, plan)[1]
    first, second = factories.milestones_of(session, plan)
    risk = {"confidence": "at_risk", "confidence_reason": "The post is vacant", "consequence": "Families wait longer"}
    acts.update(session, lead, first, **risk)
    matters.put_to_board(session, lead, NOW, second.id, token(), "escalation", "A letter to the ICB")
    measure = session.scalars(select(Measure.id).where(Measure.plan_id == plan.id)).one()
    heard = Heard("Parent carers", "Nobody rings back.", "Forum survey", date(2025, 9, 2))
    voice = measures.add_voice(session, manager, NOW, plan.id, measure, token(), heard)
    pack = made.issued(session, manager, plan)
    found = held(session, pack)
    (row,) = [one for one in table(found, "exceptions.amber") if one["Ref"] == "1a.1"]
    assert (row["Recovery"], row["Impact if not mitigated"]) == ("", "Families wait longer")
    asked = table(found, "decisions")[-1]
    assert (asked["Decision"], asked["Ref"], asked["Reason"]) == ("Escalation", "1a.2", "A letter to the ICB")
    assert [one["kind"] for one in found["facts"]["matters"]] == ["escalation"]
    (said,) = table(found, "voices")
    assert (said["Latest figure"], said["Who says it"], said["What they say"]) == (
        "no figure yet",
        "Parent carers",
        "Nobody rings back.",
    )
    measures.take_back_voice(session, manager, NOW, plan.id, measure, voice.id, token(), "Of another school")
    acts.update(session, lead, first)
    assert first.consequence == ""
    assert held(session, pack) == found
    blocks = held(session, made.frozen(session, manager, plan))["content"]["report"]["sections"]
    assert "Nothing that they say is recorded beside these figures." in json.dumps(blocks)


def test_a_pack_from_before_there_were_matters_is_minuted_as_ever(session: Session, plan: Plan, manager: Actor) -> None:
    acts.ask(session, factories.lead(session, plan)[1], factories.milestones_of(session, plan)[0], proposed="Dec 2025")
    pack = made.issued(session, manager, plan)
    older = held(session, pack)
    del older["facts"]["matters"]
    bare = made.drafted(session, manager, plan)
    session.add(PackContent(pack_id=bare.id, canonical=json.dumps(older)))
    session.flush()
    row = find_pack(session, bare.id)
    assert row is not None
    assert [one.kind for one in asked_of(session, row)] == ["date"]


def test_a_draft_for_no_meeting_is_attached_to_one_and_not_to_one_that_has_a_pack(
    session: Session, plan: Plan, manager: Actor
) -> None:
    board = made.board(session, manager, plan)
    meeting = made.meeting(session, manager, board, date(2025, 9, 16), cut_off=TODAY, papers=TODAY)
    pack = made.drafted(session, manager, plan)

    def attach(one: Pack, key: int | None) -> Pack:
        return packs.edit_draft(session, manager, NOW, one.id, one.version, token(), {"meeting_id": key})

    attach(pack, meeting.id)
    assert (pack.meeting_id, pack.board_id, pack.as_at) == (meeting.id, board.id, TODAY)
    other = made.drafted(session, manager, plan)
    with pytest.raises(Refusal, match="Another pack is under way for this meeting"):
        attach(other, meeting.id)
    with pytest.raises(Refusal, match="Another pack is under way for no meeting"):
        attach(pack, None)
    packs.set_aside(session, manager, NOW, other.id, other.version, token(), "Not needed")
    attach(pack, None)
    assert (pack.meeting_id, pack.board_id) == (None, None)
