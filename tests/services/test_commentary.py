"""The commentary of a pack: drafts that say that they are drafts, and what a manager wrote and accepted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.services import boards as made
from tests.services.boards import token
from tracker.exports.packs import Box, boxes, compose
from tracker.models import LedgerEntry, Pack, PackCommentary, PackContent, Plan
from tracker.rules.errors import Conflict, NotFound, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services import pack_freezing, packs
from tracker.services.commentary import write
from tracker.services.pack_freezing import cut_now
from tracker.services.verification import verify


@pytest.fixture
def plan(session: Session) -> Plan:
    """Return a plan with one milestone."""
    return factories.plan(session, factories.milestone_line("1"))


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    """Return its improvement manager."""
    return factories.member(session, plan, Role.MANAGER)[1]


@pytest.fixture
def pack(session: Session, plan: Plan, manager: Actor) -> Pack:
    """Return a draft."""
    return made.drafted(session, manager, plan)


def boxes_of(session: Session, pack: Pack) -> list[Box]:
    """Return the boxes of a draft."""
    return boxes(session, cut_now(session, pack, NOW))


def printed(session: Session, pack: Pack) -> dict[str, Any]:
    """Return the commentary that a frozen pack holds, by part."""
    text = session.scalars(select(PackContent.canonical).where(PackContent.pack_id == pack.id)).one()
    blocks = [block for one in json.loads(text)["content"]["report"]["sections"] for block in one["blocks"]]
    return {block["key"]: block for block in blocks if block["kind"] == "commentary"}


def test_what_nobody_accepted_is_printed_as_a_draft_and_the_rest_as_it_was_written(
    session: Session, manager: Actor, pack: Pack
) -> None:
    whole, priority = boxes_of(session, pack)
    assert whole.part == "plan"
    assert not whole.said.accepted
    assert whole.said.text.startswith("As at 10 September 2025 the plan is ")
    write(session, manager, NOW, pack.id, "plan", 0, token(), "The plan holds.", accepted=True)
    write(session, manager, NOW, pack.id, priority.part, 0, token(), "To be said.", accepted=False)
    assert [(box.said.accepted, box.version) for box in boxes_of(session, pack)] == [(True, 1), (False, 1)]
    pack_freezing.freeze(session, manager, NOW, pack.id, pack.version, token(), compose)
    found = printed(session, pack)
    assert (found["plan"]["text"], found["plan"]["accepted"], found["plan"]["by"]) == (
        "The plan holds.",
        True,
        manager.label,
    )
    assert found[priority.part]["text"] == "To be said."
    assert "accepted" not in found[priority.part]
    with pytest.raises(Refusal, match="cannot be edited now"):
        write(session, manager, NOW, pack.id, "plan", 1, token(), "Otherwise.", accepted=True)
    verbs = session.scalars(select(LedgerEntry.verb).where(LedgerEntry.subject_type == "pack_commentary")).all()
    assert verbs == ["accepted the commentary", "drafted the commentary"]
    assert not verify(session).faults


def test_two_who_write_at_once_see_what_the_other_wrote(session: Session, manager: Actor, pack: Pack) -> None:
    write(session, manager, NOW, pack.id, "plan", 0, token(), "Ours.", accepted=False)
    with pytest.raises(Conflict) as found:
        write(session, manager, NOW, pack.id, "plan", 0, token(), "Mine.", accepted=True)
    assert [(one.theirs, one.yours) for one in found.value.fields] == [("Ours.", "Mine.")]
    write(session, manager, NOW, pack.id, "plan", 1, token(), "Both.", accepted=True)


def test_only_parts_of_the_plan_have_commentary_and_only_with_words(
    session: Session, manager: Actor, pack: Pack
) -> None:
    for part in ("priority.999", "priority.x", "milestone.1", ""):
        with pytest.raises(NotFound):
            write(session, manager, NOW, pack.id, part, 0, token(), "Text.", accepted=True)
    with pytest.raises(Refusal, match="Enter the commentary"):
        write(session, manager, NOW, pack.id, "plan", 0, token(), "  ", accepted=True)


def test_a_correction_keeps_the_commentary_of_what_it_corrects(session: Session, manager: Actor, pack: Pack) -> None:
    write(session, manager, NOW, pack.id, "plan", 0, token(), "The plan holds.", accepted=True)
    pack_freezing.freeze(session, manager, NOW, pack.id, pack.version, token(), compose)
    pack_freezing.issue(session, manager, NOW, pack.id, pack.version, token())
    second = packs.correct(session, manager, NOW, pack.id, token(), "The date of 1a.1 was wrong")
    rows = session.scalars(select(PackCommentary).where(PackCommentary.pack_id == second.id)).all()
    assert [(row.part, row.text, row.accepted) for row in rows] == [("plan", "The plan holds.", True)]
    assert not verify(session).faults


def test_a_commentary_that_is_written_anew_stands_in_the_history_with_what_it_said_before(
    session: Session, manager: Actor, pack: Pack
) -> None:
    row = write(session, manager, NOW, pack.id, "plan", 0, token(), "The plan is late.", accepted=False)
    write(session, manager, NOW, pack.id, "plan", row.version, token(), "The plan holds.", accepted=True)
    query = select(LedgerEntry).where(LedgerEntry.subject_type == "pack_commentary").order_by(LedgerEntry.seq)
    first, second = session.scalars(query).all()
    assert (first.verb, second.verb) == ("drafted the commentary", "accepted the commentary")
    assert second.changes["text"] == ["The plan is late.", "The plan holds."]
    assert second.changes["accepted"] == [False, True]
    assert not verify(session).faults
