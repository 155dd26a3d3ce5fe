"""Whatever people do in two plans that wait for each other: colours are what the ledgers say, on every day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from tests.services import acts, test_histories
from tests.services.test_histories import TWICE
from tracker.models import Action, Milestone, MilestoneAction, MilestonePredecessor, Plan
from tracker.models.engine import writing
from tracker.rules.permissions import Actor, Role
from tracker.services import colours
from tracker.services.ledger import Recorder

ACTS = ("update", "forecast", "finish", "revoke", "ask", "agree", "override", "suspend", "resume")
LINKS = ("wait", "no longer wait", "link", "unlink")
steps = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.one_of(st.sampled_from(ACTS), st.just("wait"), st.sampled_from(LINKS)),
        st.integers(0, 2),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=14,
)


class World(test_histories.World):
    """A plan of two milestones, and another plan of one; each may wait for any other."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        line = factories.milestone_line("1", date="Oct 2025", start="Jul 2025")
        self.other: Plan = factories.plan(session, line, effective=acts.at(factories.ADOPTED))
        self.milestones = [*self.milestones, *factories.milestones_of(session, self.other)]
        both = (self.plan.id, self.other.id)
        self.managers = [
            Actor(manager.person_id, manager.label, roles={key: frozenset({Role.MANAGER}) for key in both})
            for manager in self.managers
        ]
        roles = {key: frozenset({Role.LEAD}) for key in both}
        self.lead = Actor(self.lead.person_id, self.lead.label, self.lead.posts, roles)

    def _do(self, act: str, milestone: Milestone, choice: int) -> None:
        session, now, manager = self.session, acts.at(self.day), self.managers[choice % 2]
        others = [each for each in self.milestones if each.id != milestone.id]
        mine = MilestonePredecessor.milestone_id == milestone.id
        link = session.scalars(select(MilestonePredecessor).where(mine).order_by(MilestonePredecessor.id)).first()
        actions = session.scalars(select(Action.id).where(Action.workstream_id == milestone.workstream_id)).all()
        ours: dict[str, Callable[[], Any]] = {
            "wait": lambda: acts.wait(session, manager, milestone, others[choice % len(others)], now),
            "no longer wait": lambda: link and acts.stop_waiting(session, manager, milestone, link, now),
            "link": lambda: acts.join(session, manager, milestone, actions, now),
            "unlink": lambda: acts.join(session, manager, milestone, (), now),
        }
        if act in ours:
            ours[act]()
        else:
            super()._do(act, milestone, choice)

    def _record(self, milestone: Milestone, values: dict[str, Any]) -> None:
        plan = self.plan if milestone.plan_id == self.plan.id else self.other
        recorder = Recorder(self.session, plan, self.managers[0], acts.at(self.day))
        recorder.change(milestone, "decided", values)
        recorder.close()
        colours.refresh(self.session, plan, milestone, self.day)

    def check(self) -> None:
        for plan in (self.plan, self.other):
            self.plan = plan
            super().check()

    def actions(self, day: date) -> list[tuple[str, str | None]]:
        """Return the colour of every action as the plan shows it as at a day."""
        found = [row for p in self.shown(day).priorities for w in p.workstreams for row in w.actions]
        return [(row.ref, row.colour) for row in found]


@contextmanager
def world(engine: Engine) -> Iterator[World]:
    with writing(), Session(engine) as session:
        yield World(session)


@settings(max_examples=30, deadline=None, suppress_health_check=TWICE)
@given(steps=steps)
def test_colours_of_what_waits_are_what_both_ledgers_give_on_every_day(engine: Engine, steps) -> None:
    with world(engine) as made:
        for step in steps:
            made.step(*step)
        made.check()


@settings(max_examples=20, deadline=None, suppress_health_check=TWICE)
@given(steps=steps)
def test_a_past_day_shows_the_links_and_colours_that_it_showed_then(engine: Engine, steps) -> None:
    with world(engine) as made:
        then = {}
        for step in steps:
            made.step(*step)
            then[made.day] = (made.actions(made.day), test_histories._as_seen(made.shown(made.day)))
        for day, seen in then.items():
            assert (made.actions(day), test_histories._as_seen(made.shown(day))) == seen


@settings(max_examples=15, deadline=None, suppress_health_check=TWICE)
@given(steps=steps, earlier=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 2)), min_size=1, max_size=3))
def test_history_filled_in_afterwards_reaches_what_waits_for_it(engine: Engine, steps, earlier) -> None:
    with world(engine) as made:
        for step in steps:
            made.step(*step)
        for days, which in earlier:
            milestone = made.milestones[which]
            plan = made.session.get_one(Plan, milestone.plan_id)
            when = min(factories.ADOPTED + timedelta(days=days), made.day)
            now = acts.at(made.day + timedelta(days=1))
            recorder = Recorder(made.session, plan, made.lead, now, effective=acts.at(when))
            late = {"forecast": date(2026, 3, 31), "forecast_text": "Mar 2026", "started": when}
            recorder.change(milestone, "updated", late)
            recorder.close()
            colours.rebuild(made.session, plan, [milestone.id])
        made.check()


def test_links_to_actions_are_made_and_taken_away_in_the_histories(engine: Engine) -> None:
    with world(engine) as made:
        made.step(1, "link", 0, 0)
        assert made.actions(made.day) == [("A", "grey")]
        made.step(1, "unlink", 0, 0)
        assert made.actions(made.day) == [("A", None)]
        assert len(made.session.scalars(select(MilestoneAction)).all()) == 1
        made.check()
