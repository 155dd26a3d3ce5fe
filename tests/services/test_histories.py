"""Whatever people do, in whatever order: colours are what the rules say of the ledger, on every day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from tests.services import acts
from tracker.models import ColourSpan, DeadlineChange, Milestone, Plan
from tracker.models.engine import writing
from tracker.queries.plans import find_plan
from tracker.queries.tree import snapshot
from tracker.rules.errors import Refusal
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.rules.timeline import assess_on
from tracker.services import colours, versions
from tracker.services.ledger import Recorder
from tracker.services.plan_writer import update_plan
from tracker.services.plans import edit_plan
from tracker.services.review import Decision
from tracker.services.verification import verify

TWICE = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)
ONE_DAY = timedelta(days=1)
ACTS = (
    "update",
    "at risk",
    "forecast",
    "claim",
    "evidence",
    "withdraw",
    "check",
    "approve",
    "return",
    "finish",
    "finish",
    "revoke",
    "ask",
    "agree",
    "refuse",
    "override",
    "end override",
    "suspend",
    "resume",
    "reword",
    "adopt",
    "undo adoption",
    "scheme",
    "scheme",
)
steps = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(ACTS), st.integers(0, 1), st.integers(0, 3)), min_size=4, max_size=14
)


class World:
    """A plan of two milestones, its lead, two managers, and the day that it is."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.day = factories.ADOPTED
        lines = (factories.milestone_line("1"), factories.milestone_line("2", date="Nov 2025", start="Aug 2025"))
        self.plan: Plan = factories.plan(session, *lines, effective=acts.at(factories.ADOPTED))
        self.lead: Actor = factories.lead(session, self.plan)[1]
        self.managers = [factories.member(session, self.plan, Role.MANAGER)[1] for _ in range(2)]
        self.milestones = factories.milestones_of(session, self.plan)
        limits = {"title": self.plan.title, "check_months": 3}
        edit_plan(session, self.managers[0], acts.at(factories.ADOPTED), self.plan.id, limits, "The board asked")
        self.reworded = self.reviews = 0
        self.schemes = acts.some_schemes(session)

    def step(self, days: int, act: str, which: int, choice: int) -> None:
        """Let some days pass, then let somebody do something; what is refused leaves nothing behind."""
        self.day += timedelta(days=days)
        self.attempt(lambda: self._do(act, self.milestones[which], choice))

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do something; what is refused leaves nothing behind."""
        attempt = self.session.begin_nested()
        try:
            act()
            attempt.commit()
        except Refusal:
            attempt.rollback()
            self.session.expire_all()

    def _do(self, act: str, milestone: Milestone, choice: int) -> None:
        session, now, manager = self.session, acts.at(self.day), self.managers[choice % 2]
        later = self.day + timedelta(days=40 * (choice + 1))
        words = later.strftime("%d/%m/%Y")
        asked = session.scalars(
            select(DeadlineChange).where(DeadlineChange.milestone_id == milestone.id).order_by(DeadlineChange.id.desc())
        ).first()
        simple: dict[str, Callable[[], Any]] = {
            "update": lambda: acts.update(session, self.lead, milestone, now, progress=f"Said {choice} on {self.day}"),
            "at risk": lambda: acts.update(
                session, self.lead, milestone, now, confidence="at_risk", confidence_reason="No room", blocked="A wall"
            ),
            "forecast": lambda: acts.update(
                session, self.lead, milestone, now, forecast_text=later.strftime("%d/%m/%Y")
            ),
            "claim": lambda: acts.claim(
                session, (self.lead, manager)[choice % 2], milestone, now, completed=self.day - ONE_DAY * choice
            ),
            "evidence": lambda: acts.give(session, self.lead, milestone, now),
            "withdraw": lambda: acts.take(session, (self.lead, manager)[choice % 2], milestone, now),
            "check": lambda: acts.check(session, manager, milestone, now, still_true=choice > 0),
            "approve": lambda: acts.decide(session, manager, milestone, now),
            "return": lambda: acts.decide(session, manager, milestone, now, approve=False),
            "finish": lambda: (
                acts.claim(session, self.lead, milestone, now),
                acts.decide(session, manager, milestone, now),
            ),
            "revoke": lambda: acts.revoke(session, manager, milestone, now),
            "ask": lambda: acts.ask(session, self.lead, milestone, now, proposed=words),
            "agree": lambda: asked and acts.settle(session, manager, milestone, asked, now, minute="5.2"),
            "refuse": lambda: asked and acts.settle(session, manager, milestone, asked, now, approve=False),
            "override": lambda: acts.override(
                session, manager, milestone, now, colour=("red", "amber", "green")[choice % 3], until=later
            ),
            "end override": lambda: acts.end(session, manager, milestone, now),
            "suspend": lambda: self._record(milestone, {"standing": "suspended", "standing_reference": "minute 3"}),
            "resume": lambda: self._record(milestone, {"standing": "open", "standing_reference": ""}),
            "reword": lambda: self._reword(milestone, choice),
            "adopt": lambda: self._adopt({milestone.id} if choice else set()),
            "undo adoption": lambda: versions.undo(
                session, manager, now, self.plan.id, self.reviews + 1, acts.token(), "Looked at again."
            ),
            "scheme": lambda: acts.choose(session, manager, self.plan, self.schemes[choice], now),
        }
        simple[act]()

    def _adopt(self, left_out: set[int]) -> None:
        decision = Decision(f"review {self.reviews + 1}", self.day, "Board", self.day, "5.2")
        token, now = acts.token(), acts.at(self.day)
        versions.adopt(self.session, self.managers[0], now, self.plan.id, token, decision, left_out=left_out)
        self.reviews += 1

    def _record(self, milestone: Milestone, values: dict[str, Any]) -> None:
        recorder = Recorder(self.session, self.plan, SYSTEM, acts.at(self.day))
        recorder.change(milestone, "decided", values)
        recorder.close()
        colours.refresh(self.session, self.plan, milestone, self.day)

    def _reword(self, milestone: Milestone, choice: int) -> None:
        self.reworded += 1
        line = factories.milestone_line(milestone.ref, text=f"Reworded {self.reworded}")
        lead = ("SEND Senior Manager", "Head of Inclusion")[choice % 2]
        update_plan(
            self.session,
            self.plan,
            factories.document(line, slug=self.plan.slug, lead=lead),
            SYSTEM,
            acts.at(self.day),
        )

    def shown(self, day: date) -> Any:
        """Return what the plan shows as at a day."""
        found = find_plan(self.session, self.plan.slug)
        assert found
        return snapshot(self.session, *found, day, self.day)

    def check(self) -> None:
        """Hold every stored colour to the rules on every day, before and after making them again."""
        before = self._colours()
        for key, history in colours.histories(self.session, self.plan):
            day = history[0][0]
            while day < self.day + timedelta(days=200):
                verdict = assess_on(history, day, colours.schemes_of(self.plan))
                assert verdict
                (span,) = (span for span in before[key] if span["from_day"] <= day <= span["to_day"])
                wanted = (verdict.colour, verdict.rule, verdict.reason, list(verdict.marks), verdict.computed)
                assert (span["colour"], span["rule"], span["reason"], span["marks"], span["computed"]) == wanted, day
                assert span["attributed"] == verdict.attributed
                day += ONE_DAY
        assert verify(self.session).faults == ()
        colours.rebuild(self.session, self.plan)
        assert self._merged(self._colours()) == self._merged(before)
        assert verify(self.session).faults == ()

    def _colours(self) -> dict[int, list[dict[str, Any]]]:
        columns = [column for column in ColourSpan.__table__.columns if column.key not in {"id", "plan_id"}]
        found: dict[int, list[dict[str, Any]]] = {milestone.id: [] for milestone in self.milestones}
        query = select(*columns).where(ColourSpan.plan_id == self.plan.id).order_by(ColourSpan.from_day)
        for row in self.session.execute(query).mappings():
            found[row["milestone_id"]].append(dict(row))
        return found

    @staticmethod
    def _merged(found: dict[int, list[dict[str, Any]]]) -> dict[int, list[dict[str, Any]]]:
        made: dict[int, list[dict[str, Any]]] = {}
        for key, spans in found.items():
            made[key] = []
            for span in spans:
                last = made[key][-1] if made[key] else None
                if last and {**last, "from_day": 0, "to_day": 0} == {**span, "from_day": 0, "to_day": 0}:
                    last["to_day"] = span["to_day"]
                else:
                    made[key].append(dict(span))
        return made


@contextmanager
def world(engine: Engine) -> Iterator[World]:
    """Open a world that goes when it is left."""
    with writing(), Session(engine) as session:
        yield World(session)


@settings(max_examples=25, deadline=None, suppress_health_check=TWICE)
@given(steps=steps)
def test_colours_are_what_the_ledger_gives_on_every_day(engine: Engine, steps: list[tuple[int, str, int, int]]) -> None:
    with world(engine) as made:
        for step in steps:
            made.step(*step)
        made.check()


@settings(max_examples=25, deadline=None, suppress_health_check=TWICE)
@given(steps=steps)
def test_a_past_day_shows_what_it_showed_then(engine: Engine, steps: list[tuple[int, str, int, int]]) -> None:
    with world(engine) as made:
        then = {}
        for days, act, which, choice in steps:
            for passed in range(1, days, 7):  # days on which nobody did anything are days too
                then[made.day + timedelta(days=passed)] = None
            made.step(days, act, which, choice)
            then[made.day] = made.shown(made.day)
        seen = dict(sorted(then.items()))
        before = None
        for day, plan in seen.items():
            again = _as_seen(made.shown(day))
            if plan is not None:
                assert again == _as_seen(plan)
            elif before is not None:
                assert _without_colour(again) == _without_colour(before)
            before = again


@settings(max_examples=15, deadline=None, suppress_health_check=TWICE)
@given(steps=steps, earlier=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 1)), min_size=1, max_size=3))
def test_history_filled_in_afterwards_keeps_everything_in_step(engine, steps, earlier) -> None:
    with world(engine) as made:
        for step in steps:
            made.step(*step)
        for days, which in earlier:
            milestone, when = made.milestones[which], min(factories.ADOPTED + timedelta(days=days), made.day)
            recorder = Recorder(
                made.session, made.plan, made.lead, acts.at(made.day + ONE_DAY), effective=acts.at(when)
            )
            recorder.change(milestone, "updated", {"started": when, "confidence": "on_track", "progress": "It began."})
            recorder.close()
            colours.rebuild(made.session, made.plan, [milestone.id])
        made.check()


def _as_seen(plan: Any) -> list[tuple[Any, ...]]:
    """Return what a person reads of the milestones, without how long a colour will last and who may save next."""
    return [
        (
            row.full_ref,
            row.text,
            row.lead_names,
            (row.due, row.due_text, row.original_due_text, row.moves, row.total_moves),
            (row.measured_due, row.measured_name),
            (row.progress, row.confidence, row.forecast_text, row.updated_on, row.updated_by),
            (row.signoff, row.completed, row.standing, row.proposed_text),
            (row.colour, row.rule, row.reason, row.marks, row.attributed),
        )
        for row in plan.milestones
    ]


def _without_colour(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row[:-1] for row in rows]
