"""Boards of the demonstration: a year of meetings, and two packs of the SEND plan with movement between them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exports.packs import compose, report_of
from tracker.models import Board, Meeting, Pack, PackContent, Plan
from tracker.services.demonstration import add_demo_progress, seed_demo_plans
from tracker.services.demonstration.boards import add_demo_boards
from tracker.services.verification import verify

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_the_send_plan_has_two_issued_packs_that_say_that_they_are_illustrations(session: Session) -> None:
    seed_demo_plans(session, NOW)
    add_demo_progress(session, NOW)
    assert add_demo_boards(session, NOW, compose) == 3
    assert add_demo_boards(session, NOW + timedelta(days=30), compose) == 0
    names = session.scalars(select(Board.name).order_by(Board.name)).all()
    assert names == ["Children and Families Scrutiny Committee", "SEND Improvement Board", "SEND Partnership Board"]
    for board in session.scalars(select(Board.id)).all():
        days = session.scalars(select(Meeting.day).where(Meeting.board_id == board)).all()
        assert any(day < NOW.date() for day in days)
        assert any(day > NOW.date() for day in days)
    send = session.scalars(select(Plan).where(Plan.slug == "wf-send-2025")).one()
    packs = session.scalars(select(Pack).order_by(Pack.id)).all()
    assert [(pack.plan_id, pack.number) for pack in packs] == [(send.id, 1), (send.id, 2)]
    assert {pack.state for pack in packs} == {"issued"}
    texts = session.scalars(select(PackContent.canonical).order_by(PackContent.pack_id))
    first, second = (json.loads(text) for text in texts)
    assert second["meta"]["compared_with"] == second["meta"]["previous"] == packs[0].fingerprint
    assert {one["direction"] for one in second["facts"]["movement"]} >= {"better", "worse"}
    assert all(one["cause"] and "added to the plan" not in one["cause"] for one in second["facts"]["movement"])
    assert first["meta"]["demonstration"]
    assert report_of(second).notice.startswith("Illustrative progress")
    assert verify(session, "wf-send-2025").faults == ()
