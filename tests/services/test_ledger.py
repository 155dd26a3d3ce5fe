"""The ledger: chained, append-only, and the one source of the rows, whatever order history is told in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tracker.models import LedgerEntry, Milestone, Plan
from tracker.rules.permissions import SYSTEM
from tracker.services import colours
from tracker.services.ledger import Recorder, entry_hash, plain, tracked, typed
from tracker.services.verification import verify


def test_every_entry_follows_from_the_one_before_it(session, plan, lead, milestone):
    acts.update(session, lead, milestone)
    entries = session.scalars(select(LedgerEntry).where(LedgerEntry.plan_id == plan.id).order_by(LedgerEntry.seq)).all()
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    previous = ""
    for entry in entries:
        data = {column.key: getattr(entry, column.key) for column in LedgerEntry.__table__.columns}
        assert (entry.previous_hash, entry.hash) == (previous, entry_hash(data))
        previous = entry.hash
    assert (plan.ledger_seq, plan.ledger_head) == (len(entries), previous)


def test_the_hash_covers_everything_that_an_entry_says(session, lead, milestone):
    acts.update(session, lead, milestone)
    entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
    data = {column.key: getattr(entry, column.key) for column in LedgerEntry.__table__.columns}
    others = {
        "seq": 99,
        "act": "another",
        "recorded_at": NOW + timedelta(seconds=1),
        "effective_at": NOW + timedelta(seconds=1),
        "back_filled": True,
        "actor_id": 99,
        "actor": "Somebody else",
        "verb": "added",
        "subject_type": "plan",
        "subject_id": 99,
        "changes": {},
        "reason": "Another one",
        "previous_hash": "00",
    }
    # The day follows from the instant, the plan from the chain, the key means nothing: verification looks at those.
    assert set(data) - set(others) == {"id", "plan_id", "effective_day", "hash"}
    assert [name for name, value in others.items() if entry_hash({**data, name: value}) == entry.hash] == []


@pytest.mark.parametrize("change", ["UPDATE ledger_entry SET reason = 'other'", "DELETE FROM ledger_entry"])
def test_the_database_refuses_to_change_or_delete_an_entry(session, plan, change):
    with pytest.raises(DBAPIError, match="Ledger entries are never changed or deleted"), session.begin_nested():
        session.execute(text(change))
    assert session.scalar(select(func.count()).select_from(LedgerEntry)) == plan.ledger_seq


def test_a_plan_has_its_own_version_in_the_ledger_and_a_row_has_not():
    assert "version" in tracked(Plan)
    assert "version" not in tracked(Milestone)
    assert {"ledger_seq", "ledger_head", "id"}.isdisjoint(tracked(Plan))


@pytest.mark.parametrize("value", [None, "", "text", True, 3, date(2025, 9, 30)])
def test_values_come_back_as_they_went_in(value):
    name = {date: "due", bool: "critical", int: "moves"}.get(type(value), "text")
    assert typed(Milestone, name, plain(value)) == value


def test_what_does_not_change_is_not_recorded(session, plan, milestone):
    recorder = Recorder(session, plan, SYSTEM, NOW)
    entries = plan.ledger_seq
    assert recorder.change(milestone, "reworded", {"text": milestone.text, "due": milestone.due}) == {}
    recorder.close()
    assert plan.ledger_seq == entries


def test_the_day_of_an_entry_is_that_of_london(session, plan, milestone):
    late = factories.datetime(2025, 6, 30, 23, 30, tzinfo=factories.UTC)
    recorder = Recorder(session, plan, SYSTEM, late)
    recorder.change(milestone, "reworded", {"text": "Two deliverables"})
    recorder.close()
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "reworded")).one()
    assert entry.effective_day == date(2025, 7, 1)


# ------------------------------------------------------------------ history told afterwards
def test_history_filled_in_is_marked_and_changes_the_colours_of_its_days(session, plan, lead, milestone, colour_on):
    began = acts.at(date(2025, 6, 16))
    assert colour_on(milestone, date(2025, 7, 1)) == ("grey", "5", "")
    recorder = Recorder(session, plan, lead, NOW, effective=began)
    recorder.change(milestone, "updated", {"started": began.date()}, "From the minutes of June.")
    recorder.close()
    colours.rebuild(session, plan, [milestone.id])
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "updated")).one()
    assert (entry.back_filled, entry.effective_day, entry.recorded_at) == (True, began.date(), NOW)
    assert colour_on(milestone, date(2025, 6, 15)) == ("grey", "5", "")
    assert colour_on(milestone, date(2025, 7, 1)) == ("green", "6", "")
    assert milestone.started == began.date()
    assert verify(session).faults == ()


def test_what_took_effect_later_stands_over_history_filled_in(session, plan, lead, milestone, colour_on):
    acts.update(session, lead, milestone, confidence="at_risk", confidence_reason="Two posts are vacant.")
    began = acts.at(date(2025, 7, 1))
    recorder = Recorder(session, plan, lead, acts.at(TODAY + timedelta(days=1)), effective=began)
    told = {"confidence": "on_track", "confidence_reason": "", "started": began.date(), "progress": "It began."}
    recorder.change(milestone, "updated", told)
    recorder.close()
    colours.rebuild(session, plan, [milestone.id])
    assert (milestone.confidence, milestone.progress) == ("at_risk", "The panel met twice.")
    assert milestone.started == TODAY, "the later entry set it too"
    assert colour_on(milestone, date(2025, 7, 2)) == ("green", "6", "")
    assert colour_on(milestone, TODAY)[1] == "4b"
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.back_filled, LedgerEntry.verb == "updated")).one()
    assert entry.changes["progress"] == [None, "It began."]
    assert verify(session).faults == ()


def test_a_plan_that_is_adopted_later_takes_effect_when_it_is_recorded(session):
    made = factories.plan(session, effective=NOW + timedelta(days=90))
    assert set(session.scalars(select(LedgerEntry.effective_day).where(LedgerEntry.plan_id == made.id))) == {TODAY}
