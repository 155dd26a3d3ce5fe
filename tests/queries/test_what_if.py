"""What-if says what the real acts would give: each act is tried, then done, and both are compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.queries.conftest import TODAY, Story
from tests.services import acts
from tracker.models import ColourSpan, LedgerEntry, Milestone
from tracker.queries.what_if import facts_of, what_if
from tracker.rules.colour import Colour
from tracker.rules.facts import Standing
from tracker.rules.permissions import SYSTEM
from tracker.rules.what_if import REASON, Change, Doing
from tracker.services import colours
from tracker.services.ledger import Recorder

NOW = acts.at(TODAY)
LATER = TODAY + timedelta(days=50)


def withdraw(story: Story, row: Milestone) -> None:
    """Take a milestone out of the plan, as a decision does."""
    recorder = Recorder(story.session, story.plan, SYSTEM, NOW)
    recorder.change(row, "withdrew it", {"standing": Standing.WITHDRAWN.value, "standing_reference": REASON})
    recorder.close()
    colours.refresh(story.session, story.plan, row, TODAY)


def move(story: Story, row: Milestone) -> None:
    """Ask for a new date and agree it at the board."""
    change = acts.ask(story.session, story.lead, row, NOW, proposed="Jun 2026")
    acts.settle(story.session, story.manager, row, change, NOW, minute="5.2")


def approve(story: Story, row: Milestone) -> None:
    """Claim completion and have it approved by somebody else."""
    acts.claim(story.session, story.lead, row, NOW)
    acts.decide(story.session, story.manager, row, NOW)


DONE: dict[Doing, tuple[str, Callable[[Story, Milestone], object]]] = {
    Doing.MOVE: ("Jun 2026", move),
    Doing.FORECAST: (
        "Dec 2025",
        lambda story, row: acts.update(story.session, story.lead, row, NOW, forecast_text="Dec 2025"),
    ),
    Doing.ON_TRACK: ("", lambda story, row: acts.update(story.session, story.lead, row, NOW)),
    Doing.AT_RISK: (
        "",
        lambda story, row: acts.update(
            story.session, story.lead, row, NOW, confidence="at_risk", confidence_reason=REASON
        ),
    ),
    Doing.CLAIM: ("", lambda story, row: acts.claim(story.session, story.lead, row, NOW)),
    Doing.APPROVE: ("", approve),
    Doing.WITHDRAW: ("", withdraw),
}


@pytest.mark.parametrize("day", [TODAY, LATER])
@pytest.mark.parametrize("ref", ["1a.3", "1a.4", "1a.7"])
@pytest.mark.parametrize("doing", list(Doing))
def test_what_is_tried_gives_what_the_act_gives(story: Story, doing: Doing, ref: str, day: date) -> None:
    value, act = DONE[doing]
    row = story.object(ref)
    tried = what_if(story.session, story.row, story.scheme, [Change(row.id, doing, value)], day, TODAY)
    (one,) = tried.tried
    assert not one.refused, one.refused
    act(story, row)
    real = story.on(day)
    after = next(m for m in real.milestones if m.id == row.id)
    assert one.after is not None
    for name in (
        "colour",
        "rule",
        "reason",
        "marks",
        "computed",
        "due",
        "due_text",
        "due_precision",
        "moves",
        "started",
    ):
        assert getattr(one.after, name) == getattr(after, name), name
    assert tried.after.headline == real.headline
    assert [p.headline for p in tried.after.priorities] == [p.headline for p in real.priorities]
    assert [(w.colour, w.counts) for p in tried.after.priorities for w in p.workstreams] == [
        (w.colour, w.counts) for p in real.priorities for w in p.workstreams
    ]


def test_a_second_change_on_the_same_milestone_counts_after_the_first(story: Story) -> None:
    key = story.object("1a.3").id
    changes = [Change(key, Doing.MOVE, "Feb 2026"), Change(key, Doing.ON_TRACK)]
    found = what_if(story.session, story.row, story.scheme, changes, TODAY, TODAY)
    first, second = found.tried
    assert first.after
    assert second.after
    assert (first.after.colour, first.after.rule) == (Colour.AMBER, "4g")
    assert (second.before, second.after.colour) == (first.after, Colour.GREEN)
    assert second.after.due_text == "Feb 2026"


def test_three_changes_change_the_headline_and_the_counts(story: Story) -> None:
    before = story.on(TODAY)
    red = [row.id for row in before.milestones if row.colour is Colour.RED]
    assert red
    found = what_if(story.session, story.row, story.scheme, [Change(key, Doing.APPROVE) for key in red], TODAY, TODAY)
    assert found.before.headline == before.headline
    assert found.after.headline.counts.red == 0
    plan = found.levels[0]
    assert plan.differs
    assert (plan.before.counts.blue + len(red), plan.after.counts.red) == (plan.after.counts.blue, 0)
    assert {level.level for level in found.levels} == {"plan", "priority", "workstream"}


def test_an_act_that_would_be_refused_is_refused_and_the_rest_counts(story: Story) -> None:
    withdrawn, done, open_one = story.object("1a.5").id, story.object("1a.2").id, story.object("1a.3").id
    changes = [
        Change(withdrawn, Doing.APPROVE),
        Change(done, Doing.MOVE, "Feb 2026"),
        Change(10**6, Doing.CLAIM),
        Change(open_one, Doing.APPROVE),
    ]
    found = what_if(story.session, story.row, story.scheme, changes, TODAY, TODAY)
    said = [one.refused for one in found.tried]
    assert said[0] == "This milestone is withdrawn; it takes no updates."
    assert said[1].startswith("Completion has been claimed")
    assert said[2] == "There is no such milestone in this plan."
    assert not said[3]
    assert found.after.counts.blue == found.before.counts.blue + 1


def test_nothing_is_written(story: Story) -> None:
    def numbers(session: Session) -> list[int | None]:
        return [
            session.scalar(select(func.count()).select_from(table)) for table in (LedgerEntry, ColourSpan, Milestone)
        ]

    story.session.flush()
    before = numbers(story.session)
    what_if(story.session, story.row, story.scheme, [Change(story.object("1a.3").id, Doing.APPROVE)], TODAY, TODAY)
    assert not story.session.dirty
    assert not story.session.new
    assert numbers(story.session) == before


def test_the_facts_are_those_of_the_page(story: Story) -> None:
    row = story.object("1a.1")
    (facts,) = facts_of(story.session, story.row, {row.id}, TODAY).values()
    assert (facts.due, facts.proposed_text, facts.started) == (row.due, row.proposed_text, row.started)


@pytest.mark.parametrize(
    ("doing", "value"), [(Doing.MOVE, "Jun 2026"), (Doing.FORECAST, "Apr 2026"), (Doing.APPROVE, "")]
)
def test_what_waits_for_it_changes_as_it_really_would(story: Story, doing: Doing, value: str) -> None:
    row, waits = story.object("1a.3"), story.object("1a.7")
    acts.update(story.session, story.lead, waits, NOW)
    acts.wait(story.session, story.manager, waits, row, NOW)
    for day in (TODAY, LATER):
        tried = what_if(story.session, story.row, story.scheme, [Change(row.id, doing, value)], day, TODAY)
        assert tried.before.headline == story.on(day).headline
        with story.session.begin_nested() as undone:
            if doing is Doing.FORECAST:
                acts.update(story.session, story.lead, row, NOW, forecast_text=value)
            else:
                DONE[doing][1](story, row)
            real = story.on(day)
            undone.rollback()
        story.session.expire_all()
        wanted = {m.id: (m.colour, m.rule, m.reason) for m in real.milestones}
        assert {m.id: (m.colour, m.rule, m.reason) for m in tried.after.milestones} == wanted
        assert tried.after.headline == real.headline
        changed = [after.full_ref for _, after in tried.knocked_on]
        assert changed == (["1a.7"] if wanted[waits.id][0] is not story.milestone("1a.7", day).colour else [])
