"""The demonstration: on whatever day it starts it shows every state, and leaves every invariant of the ledger whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.databases import Databases
from tests.factories import NOW, member, milestones_of
from tracker.models import (
    ColourSpan,
    DeadlineChange,
    Evidence,
    Holding,
    LedgerEntry,
    Membership,
    Milestone,
    Person,
    Plan,
    Post,
)
from tracker.models.engine import make_engine, writing
from tracker.queries.raid_rows import raid_rows
from tracker.rules.colour import RANK, Colour
from tracker.rules.permissions import Role
from tracker.rules.rollup import Headline, Item, headline
from tracker.services import colours
from tracker.services.demonstration import add_demo_accounts, add_demo_progress, seed_demo_plans
from tracker.services.ledger import Recorder, entry_hash, plain, tracked
from tracker.services.seeding import seed_plans
from tracker.services.signatures import signed_hash

DAYS = [date(2026, 3, 1), date(2026, 11, 21), date(2028, 8, 15), date(2031, 1, 2)]


@dataclass
class Seeded:
    """A database with the demonstration as it is on one day."""

    session: Session
    now: datetime
    made: int

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def plans(self) -> list[Plan]:
        return list(self.session.scalars(select(Plan).order_by(Plan.id)))

    @property
    def send(self) -> Plan:
        return self.session.scalars(select(Plan).where(Plan.slug == "wf-send-2025")).one()

    def spans(self, plan: Plan, day: date) -> dict[int, ColourSpan]:
        query = select(ColourSpan).where(
            ColourSpan.plan_id == plan.id, ColourSpan.from_day <= day, ColourSpan.to_day >= day
        )
        return {span.milestone_id: span for span in self.session.scalars(query)}

    def headline(self, plan: Plan, day: date) -> Headline:
        return headline([Item(Colour(span.colour), span.due) for span in self.spans(plan, day).values()], day)


@pytest.fixture(scope="module", params=DAYS, ids=str)
def seeded(request: pytest.FixtureRequest, databases: Databases, empty_template: str) -> Iterator[Seeded]:
    now = datetime(request.param.year, request.param.month, request.param.day, 10, 30, tzinfo=UTC)
    url = databases.copy(empty_template)
    engine = make_engine(url)
    with writing(), Session(engine) as session:
        seed_demo_plans(session, now)
        yield Seeded(session, now, add_demo_progress(session, now))
    engine.dispose()
    databases.drop(url)


def folded(seeded: Seeded, plan: Plan) -> dict[tuple[str, int], dict[str, Any]]:
    """Return what the ledger alone says of every row of a plan."""
    state: dict[tuple[str, int], dict[str, Any]] = {}
    query = select(LedgerEntry).where(LedgerEntry.plan_id == plan.id)
    for entry in seeded.session.scalars(query.order_by(LedgerEntry.effective_day, LedgerEntry.seq)):
        after = {name: pair[1] for name, pair in entry.changes.items()}
        state.setdefault((entry.subject_type, entry.subject_id), {}).update(after)
    return state


def test_the_send_plan_shows_every_state_that_the_rules_know(seeded: Seeded) -> None:
    spans = seeded.spans(seeded.send, seeded.today).values()
    assert {span.colour for span in spans} == {"red", "amber", "green", "grey", "blue"}
    assert {span.rule for span in spans} >= {"1", "2", "3", "4a", "4b", "4c", "4d", "4e", "4f", "4g", "5", "6"}
    seen = {(span.colour, mark) for span in spans for mark in span.marks}
    assert seen >= {
        ("blue", "late"),
        ("green", "awaiting sign-off"),
        ("amber", "sign-off overdue"),
        ("amber", "completed late"),
        ("green", "moved x1"),
        ("amber", "moved x2"),
        ("red", "new date proposed"),
        ("red", "new date required"),
    }
    assert [span.computed for span in spans if "override" in span.marks] == ["amber"]


def test_the_mix_is_one_that_people_believe(seeded: Seeded) -> None:
    found = seeded.headline(seeded.send, seeded.today)
    counts = found.counts
    assert (found.colour, counts.total) == (Colour.AMBER, 80)
    assert 0.10 <= counts.red / counts.due_to_date < 0.15
    assert 0.15 <= counts.amber / counts.total <= 0.20
    assert counts.green + counts.grey >= 8
    assert counts.delivered_of_due / counts.due_to_date > 0.75


def test_colours_have_got_better_and_worse_in_each_of_the_last_three_months(seeded: Seeded) -> None:
    now = seeded.spans(seeded.send, seeded.today)
    for days in (30, 60, 90):
        before = seeded.spans(seeded.send, seeded.today - timedelta(days=days))
        steps = [RANK[Colour(now[key].colour)] - RANK[Colour(span.colour)] for key, span in before.items()]
        assert sum(step > 0 for step in steps) >= 3
        assert sum(step < 0 for step in steps) >= 3


def test_history_goes_back_a_year_or_to_the_day_on_which_a_plan_began(seeded: Seeded) -> None:
    for plan in seeded.plans:
        first = seeded.session.scalar(select(func.min(ColourSpan.from_day)).where(ColourSpan.plan_id == plan.id))
        assert first is not None
        assert first <= max(seeded.today - timedelta(days=365), plan.adopted or date(2026, 1, 1))
    counts = [seeded.headline(seeded.send, seeded.today - timedelta(days=30 * n)).counts for n in range(9)]
    assert len(set(counts)) >= 8


def test_something_changes_colour_in_the_next_30_60_and_90_days(seeded: Seeded) -> None:
    now = seeded.spans(seeded.send, seeded.today)
    days = []
    query = select(ColourSpan).where(ColourSpan.plan_id == seeded.send.id, ColourSpan.from_day > seeded.today)
    for span in seeded.session.scalars(query):
        if span.colour != now[span.milestone_id].colour:
            days.append((span.from_day - seeded.today).days)
    for start in (0, 30, 60):
        assert [day for day in days if start < day <= start + 31]
    due = [span for span in now.values() if span.due and 0 <= (span.due - seeded.today).days <= 90]
    assert len([span for span in due if span.colour != "blue"]) >= 6


def test_the_other_plans_have_lighter_progress_and_somerset_its_own_states(seeded: Seeded) -> None:
    mixes = {}
    for plan in seeded.plans:
        mixes[plan.slug] = Counter(span.colour for span in seeded.spans(plan, seeded.today).values())
    assert set(mixes["gloucestershire-inclusion-2022"]) == {"blue", "green", "amber", "grey"}
    assert set(mixes["wf-belonging-2026"]) == {"blue", "green", "amber", "grey"}
    assert set(mixes["northumberland-inclusion"]) == {"green", "grey"}
    assert set(mixes["somerset-wsoa"]) == {"blue", "green", "amber", "grey", "red"}
    somerset = next(plan for plan in seeded.plans if plan.slug == "somerset-wsoa")
    spans = seeded.spans(somerset, seeded.today)
    grid = milestones_of(seeded.session, somerset)[:5]
    assert [spans[row.id].colour for row in grid] == ["blue", "blue", "blue", "green", "green"]
    assert grid[0].completed == date(2021, 12, 31)


def test_the_ledger_alone_gives_every_row(seeded: Seeded) -> None:
    for plan in seeded.plans:
        state = folded(seeded, plan)
        rows: list[Any] = [plan]
        for model in (Milestone, Evidence, DeadlineChange):
            rows += seeded.session.scalars(select(model).where(model.plan_id == plan.id)).all()
        for row in rows:
            said = state[row.__tablename__, row.id]
            for name in tracked(type(row)):
                value = plain(getattr(row, name))
                assert said.get(name) == value or (value in (None, "") and not said.get(name)), (row, name)


def test_the_facts_folded_by_day_end_in_the_facts_of_the_row(seeded: Seeded) -> None:
    for plan in seeded.plans:
        rows = {row.id: row for row in milestones_of(seeded.session, plan)}
        histories = dict(colours.histories(seeded.session, plan))
        assert histories.keys() == rows.keys()
        for key, history in histories.items():
            assert history[-1][1] == colours.facts_now(rows[key], plan)


def test_the_spans_are_those_that_the_ledger_gives(seeded: Seeded) -> None:
    def stored(plan: Plan) -> list[tuple[Any, ...]]:
        names = ("milestone_id", "from_day", "to_day", "colour", "rule", "reason", "computed", "due", "moves")
        query = select(ColourSpan).where(ColourSpan.plan_id == plan.id)
        query = query.order_by(ColourSpan.milestone_id, ColourSpan.from_day)
        return [(*(getattr(span, name) for name in names), *span.marks) for span in seeded.session.scalars(query)]

    for plan in seeded.plans:
        before = stored(plan)
        colours.rebuild(seeded.session, plan)
        assert stored(plan) == before


def test_the_chain_is_whole_and_every_deed_is_marked_as_back_filled_in_the_order_of_time(seeded: Seeded) -> None:
    for plan in seeded.plans:
        query = select(LedgerEntry).where(LedgerEntry.plan_id == plan.id).order_by(LedgerEntry.seq)
        entries = list(seeded.session.scalars(query))
        head, columns = "", LedgerEntry.__table__.columns
        for number, entry in enumerate(entries, 1):
            assert (entry.seq, entry.previous_hash) == (number, head)
            assert entry_hash({column.key: getattr(entry, column.key) for column in columns}) == entry.hash
            head = entry.hash
        assert (plan.ledger_seq, plan.ledger_head) == (len(entries), head)
        times = [entry.effective_at for entry in entries]
        assert times == sorted(times)
        assert times[-1] <= seeded.now
        assert all(entry.back_filled and entry.actor_id is None for entry in entries)


def test_what_is_signed_off_matches_its_hash_and_moves_are_counted(seeded: Seeded) -> None:
    for plan in seeded.plans:
        approved = Counter(
            seeded.session.scalars(select(DeadlineChange.milestone_id).where(DeadlineChange.state == "approved"))
        )
        for row in milestones_of(seeded.session, plan):
            assert row.signed_hash == (signed_hash(seeded.session, row) if row.signoff == "approved" else "")
            assert row.moves == approved[row.id]
            assert row.signoff != "approved" or (row.completed and row.progress and row.impact)


def test_new_dates_beyond_the_managers_limit_rest_on_a_minute_of_the_board(seeded: Seeded) -> None:
    changes = list(seeded.session.scalars(select(DeadlineChange)))
    decided = [change for change in changes if change.state == "approved"]
    assert {change.decision_level for change in decided} >= {"board"}
    for change in decided:
        assert (change.decision_level == "board") == bool(change.minute)
        assert change.requested_by != change.decided_by
        assert change.decided_on is not None
        assert change.decided_on >= change.requested_on
    assert [change for change in changes if change.state == "requested"]


def test_the_texts_differ_and_say_impact_apart_from_what_was_done(seeded: Seeded) -> None:
    rows = [row for row in milestones_of(seeded.session, seeded.send) if row.progress]
    assert len({row.progress for row in rows}) >= 40
    assert max(Counter(row.progress for row in rows).values()) == 1
    for plan in seeded.plans:
        for row in milestones_of(seeded.session, plan):
            assert not row.progress or (row.impact and row.impact != row.progress and "{" not in row.progress)
    for item in seeded.session.scalars(select(Evidence)):
        assert item.url.startswith("https://www.example.gov.uk/")


def test_adding_progress_again_changes_nothing(seeded: Seeded) -> None:
    assert all(plan.demonstration for plan in seeded.plans)
    assert seeded.made > 140
    before = [plan.ledger_head for plan in seeded.plans]
    assert add_demo_progress(seeded.session, seeded.now + timedelta(days=40)) == 0
    assert [plan.ledger_head for plan in seeded.plans] == before


def test_the_same_day_gives_the_same_progress(session: Session, seeded: Seeded) -> None:
    seed_demo_plans(session, seeded.now)
    add_demo_progress(session, seeded.now)

    def said(session: Session) -> list[Any]:
        query = select(LedgerEntry.effective_at, LedgerEntry.act, LedgerEntry.verb, LedgerEntry.changes)
        query = query.where(LedgerEntry.verb != "added").order_by(LedgerEntry.plan_id, LedgerEntry.seq)
        return [tuple(row) for row in session.execute(query)]

    assert said(session) == said(seeded.session)


def test_plans_that_were_seeded_without_a_past_get_their_progress_on_the_day_itself(session: Session) -> None:
    seed_plans(session, NOW)
    assert add_demo_progress(session, NOW) > 100
    plan = session.scalars(select(Plan).where(Plan.slug == "wf-belonging-2026")).one()
    assert plan.demonstration
    rows = {row.id: row for row in milestones_of(session, plan)}
    for key, history in colours.histories(session, plan):
        assert history[-1][1] == colours.facts_now(rows[key], plan)


def test_a_plan_on_which_somebody_has_worked_gets_no_illustrations(session: Session) -> None:
    seed_plans(session, NOW)
    plan = session.scalars(select(Plan).where(Plan.slug == "wf-send-2025")).one()
    _, manager = member(session, plan, Role.MANAGER)
    recorder = Recorder(session, plan, manager, NOW)
    recorder.change(milestones_of(session, plan)[0], "updated", {"progress": "Real work."})
    recorder.close()
    add_demo_progress(session, NOW)
    assert not plan.demonstration
    assert [row.progress for row in milestones_of(session, plan) if row.progress] == ["Real work."]


def test_there_is_one_account_per_role_without_a_password_and_none_twice(session: Session) -> None:
    seed_plans(session, NOW)
    people = add_demo_accounts(session, NOW)
    assert add_demo_accounts(session, NOW + timedelta(days=3)) == people
    assert set(people) == set(Role)
    assert {role: person.email for role, person in people.items()} == {r: f"{r.value}@demo.invalid" for r in Role}
    assert not any(person.password_hash for person in people.values())
    assert [role for role, person in people.items() if person.administrator] == [Role.ADMINISTRATOR]
    assert session.scalar(select(func.count()).select_from(Person)) == 5
    held = session.execute(select(Post.title, Holding.person_id).join(Post, Post.id == Holding.post_id)).all()
    assert [tuple(row) for row in held] == [("SEND Senior Manager", people[Role.LEAD].id)]
    roles = Counter(session.scalars(select(Membership.role)))
    assert roles == {"manager": 5, "board": 5, "auditor": 5}


def test_the_registers_of_the_dated_plan_hold_an_open_risk_with_its_post_and_one_that_is_over(seeded: Seeded) -> None:
    rows = raid_rows(seeded.session, seeded.send.id, seeded.today, seeded.today)
    assert Counter(row.kind for row in rows) == {"risk": 4, "issue": 1, "decision": 1}
    assert rows[0].high
    assert rows[0].owner.startswith("Head of Children")
    assert rows[0].refs == "2b.4, 2c.3"
    earlier = raid_rows(seeded.session, seeded.send.id, seeded.today - timedelta(days=50), seeded.today)
    assert Counter(row.kind for row in earlier) == {"risk": 3, "decision": 1}
    assert not any(row.closed_on for row in earlier)
    assert [row.late(seeded.today) for row in rows].count(True) == 1
    assert [row.title[:12] for row in rows if row.closed_on] == ["The contract"]
    assert all(seeded.send.adopted is None or row.raised_on >= seeded.send.adopted for row in rows)


def test_completions_of_one_plan_are_due_to_be_looked_at_again(seeded: Seeded) -> None:
    query = select(Milestone).join(Plan, Plan.id == Milestone.plan_id).where(Plan.slug == "somerset-wsoa")
    rows = [row for row in seeded.session.scalars(query) if row.signoff == "approved"]
    assert all(row.check_due is not None for row in rows)
    assert any(row.check_due <= seeded.today for row in rows if row.check_due)
    elsewhere = select(func.count()).select_from(Milestone).join(Plan, Plan.id == Milestone.plan_id)
    others = elsewhere.where(Plan.slug != "somerset-wsoa", Milestone.check_due.is_not(None))
    assert seeded.session.scalar(others) == 0
