"""Whatever is moved, split, taken out and undone: colours follow the ledger, and headlines the colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from tests.services import acts, test_histories
from tests.services.structure import edits
from tests.services.test_histories import TWICE
from tracker.models import LedgerEntry, Milestone, Plan, Workstream
from tracker.models.engine import writing
from tracker.queries.rows import MilestoneRow, PlanSnapshot
from tracker.rules.colour import Colour
from tracker.rules.permissions import SYSTEM, Role
from tracker.rules.text import clean
from tracker.services.plan_writer import create_plan
from tracker.services.structure import wording
from tracker.services.structure.splitting import Part

COUNTING = frozenset(Colour) - {Colour.NONE}
GOOD = {Colour.GREEN, Colour.BLUE, Colour.GREY}
STRUCTURAL = ("move", "split", "withdraw", "suspend all", "reopen", "critical", "reword", "undo", "undo")
OTHERS = ("update", "at risk", "finish", "finish", "revoke", "ask", "agree", "override", "adopt")
steps = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.one_of(st.sampled_from(OTHERS), st.sampled_from(STRUCTURAL)),
        st.integers(0, 4),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=14,
)


class World(test_histories.World):
    """A plan of two priorities and three workstreams, where everything may change its place."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        begun = acts.at(factories.ADOPTED)
        applied = create_plan(session, edits.two_priorities(), SYSTEM, begun, effective=begun)
        self.plan = session.get_one(Plan, applied.plan_id)
        self.lead = factories.lead(session, self.plan)[1]
        self.managers = [factories.member(session, self.plan, Role.MANAGER)[1] for _ in range(2)]

    def step(self, days: int, act: str, which: int, choice: int) -> None:
        query = select(Milestone).where(Milestone.plan_id == self.plan.id).order_by(Milestone.id)
        self.milestones = list(self.session.scalars(query))
        super().step(days, act, which % len(self.milestones), choice)

    def _do(self, act: str, milestone: Milestone, choice: int) -> None:
        session, now, manager = self.session, acts.at(self.day), self.managers[choice % 2]
        places = session.scalars(select(Workstream).where(Workstream.plan_id == self.plan.id).order_by(Workstream.id))
        streams: Sequence[Workstream] = places.all()
        stream = streams[choice % len(streams)]
        theirs = select(LedgerEntry.act).where(LedgerEntry.plan_id == self.plan.id, LedgerEntry.actor_id.is_not(None))
        latest = list(dict.fromkeys(session.scalars(theirs.order_by(LedgerEntry.seq.desc()))))
        said: dict[str, Any] = {"decided_on": self.day}
        ours: dict[str, Callable[[], Any]] = {
            "move": lambda: edits.move(session, manager, milestone, stream, now),
            "split": lambda: edits.split(session, manager, milestone, Part(clean(f"Half of it {choice}")), now=now),
            "withdraw": lambda: edits.decide(session, manager, milestone, now=now, **said),
            "suspend all": lambda: edits.decide(session, manager, stream, "suspended", now, below="with", **said),
            "reopen": lambda: edits.reopen(session, manager, stream if choice % 2 else milestone, now),
            "critical": lambda: wording.set_critical(
                session,
                manager,
                now,
                self.plan.id,
                milestone.id,
                edits.form(milestone),
                critical=not milestone.critical,
                reason="The board asked",
            ),
            "reword": lambda: edits.reword(session, manager, milestone, f"Said otherwise on {self.day}", now),
            "undo": lambda: latest and edits.undo(session, manager, self.plan, latest[choice % len(latest)], now),
        }
        if act in ours:
            ours[act]()
        else:
            super()._do(act, milestone, choice)

    def check(self) -> None:
        query = select(Milestone).where(Milestone.plan_id == self.plan.id)
        self.milestones = list(self.session.scalars(query))
        super().check()
        for days in range(-60, 240, 20):
            follows(self.shown(self.day + timedelta(days=days)))


def follows(plan: PlanSnapshot) -> None:
    """Hold every headline of a plan to the colours of the milestones below it."""
    rows = {row.id: row for row in plan.milestones}
    assert len(rows) == len(plan.milestones)
    hold(plan.headline.colour, plan.headline.counts, plan.milestones)
    for priority in plan.priorities:
        below = [row for row in plan.milestones if row.priority_id == priority.id]
        hold(priority.headline.colour, priority.headline.counts, below)
        for stream in priority.workstreams:
            colours = {row.colour for row in plan.milestones if row.workstream_id == stream.id} & COUNTING
            worst = next((colour for colour in (Colour.RED, Colour.AMBER) if colour in colours), None)
            assert worst is None or stream.colour is worst
            assert stream.colour is not Colour.BLUE or colours == {Colour.BLUE}


def hold(colour: Colour, counts: Any, below: Sequence[MilestoneRow]) -> None:
    """Hold one headline and its counts to the milestones that it stands above."""
    colours = [row.colour for row in below]
    assert {each: counts.of(each) for each in Colour} == {each: colours.count(each) for each in Colour}
    assert colour not in GOOD or Colour.RED not in colours
    counting = [each for each in colours if each in COUNTING]
    assert (colour is Colour.BLUE) == (bool(counting) and set(counting) == {Colour.BLUE})
    if any(row.critical and row.colour is Colour.RED for row in below):
        assert colour is Colour.RED


@contextmanager
def world(engine: Engine) -> Iterator[World]:
    """Open a world that goes when it is left."""
    with writing(), Session(engine) as session:
        yield World(session)


@settings(max_examples=20, deadline=None, suppress_health_check=TWICE)
@given(steps=steps)
def test_colours_and_headlines_follow_the_ledger_whatever_is_moved_split_taken_out_or_undone(
    engine: Engine, steps: list[tuple[int, str, int, int]]
) -> None:
    with world(engine) as made:
        for step in steps:
            made.step(*step)
        made.check()


@settings(max_examples=15, deadline=None, suppress_health_check=TWICE)
@given(steps=steps)
def test_a_past_day_shows_an_edited_plan_as_it_was_then(engine: Engine, steps: list[tuple[int, str, int, int]]) -> None:
    with world(engine) as made:
        then: dict[date, PlanSnapshot] = {}
        for step in steps:
            made.step(*step)
            then[made.day] = made.shown(made.day)
        for day, plan in then.items():
            again = made.shown(day)
            assert _as_seen(again) == _as_seen(plan), day
            assert again.headline == plan.headline, day


def _as_seen(plan: PlanSnapshot) -> list[tuple[Any, ...]]:
    """Return what a person reads of the milestones and where, without how long a colour lasts."""
    return [
        (
            (row.full_ref, row.priority_id, row.workstream_id, row.text, row.critical, row.standing),
            (row.due, row.due_text, row.original_due_text, row.moves, row.signoff, row.progress),
            (row.colour, row.rule, row.reason, row.marks, row.attributed),
        )
        for row in plan.milestones
    ]
