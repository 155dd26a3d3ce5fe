"""Whatever people do between two editions: nothing of theirs is lost, every line is accounted for, and it ends."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tests.services.documents import decide, manager_of
from tests.services.structure import edits
from tracker.models import Action, LeadAssignment, Milestone, Plan, Priority, Workstream
from tracker.rules.document import ActionLine, LeadLine, MilestoneLine, PlanDocument, PriorityLine, WorkstreamLine
from tracker.rules.errors import Refusal
from tracker.rules.permissions import SYSTEM, Actor
from tracker.services.plan_outcomes import Applied, keys_of
from tracker.services.plan_writer import create_plan
from tracker.services.verification import verify

VERBS = ("Agree", "Publish", "Recruit", "Review", "Train", "Commission", "Write", "Test")
THINGS = ("one pathway", "the local offer", "two caseworkers", "the budget", "every school", "a survey", "the contract")
DATES = ("Sep 2025", "Dec 2025", "Mar 2026", "30 June 2026", "TBC", "", "Autumn term 2025", "November")
STATUSES = (
    ("", ""),
    ("Completed", "completed"),
    ("On track", "started"),
    ("Delayed", "delayed"),
    ("On hold", "stopped"),
)
ASKED = {"minute": "5.2", "meeting_on": "2 September 2025", "reference": "Board, minute 4", "decided_on": "1/9/2025"}


def words(random: Random) -> str:
    return f"{random.choice(VERBS)} {random.choice(THINGS)} for area {random.randrange(40)}"


def a_milestone(random: Random, ref: str) -> MilestoneLine:
    status, fact = random.choice(STATUSES)
    return milestone_line(ref, words(random), random.choice(DATES), status_text=status, fact=fact)


def a_document(random: Random) -> PlanDocument:
    made = PlanDocument("A plan at random", slug="random", adopted="2025-05-28", organisation="Testshire Council")
    for area in ("1", "2"):
        streams = [
            WorkstreamLine(
                f"{area}{letter}",
                words(random),
                leads=[LeadLine(random.choice(("Head of SEND", "Head of Inclusion")))],
                actions=[ActionLine(ref, words(random)) for ref in "ABC"[: random.randrange(1, 4)]],
                milestones=[a_milestone(random, str(number)) for number in range(1, random.randrange(2, 6))],
            )
            for letter in "ab"
        ]
        made.priorities.append(PriorityLine(area, f"Area {area} {words(random)}", workstreams=streams))
    return made


def next_edition(random: Random, made: PlanDocument) -> PlanDocument:
    """Return a document after somebody has worked on it: reworded, re-dated, added, dropped, moved, renumbered."""
    new = deepcopy(made)
    streams = [stream for area in new.priorities for stream in area.workstreams]
    for stream in streams:
        for line in list(stream.milestones):
            match random.randrange(9):
                case 0:
                    line.text = f"{line.text} and report to the board"
                case 1:
                    line.date = random.choice(DATES)
                case 2:
                    stream.milestones.remove(line)
                case 3:
                    stream.milestones.remove(line)
                    random.choice(streams).milestones.append(line)
                case 4:
                    line.status_text, line.fact = random.choice(STATUSES)
                case 5:
                    line.ref = f"{line.ref}x"
                case 6:
                    stream.milestones.insert(random.randrange(3), a_milestone(random, random.choice("1279")))
                case _:
                    pass
        if not random.randrange(4):
            stream.leads = [LeadLine("Director of Children's Services")]
        if not random.randrange(4):
            stream.title = words(random)
    if not random.randrange(3):
        streams[0].actions.clear()
    return new


def a_deed(random: Random, session: Session, manager: Actor, plan: Plan) -> None:
    """Let the manager do something in the tracker; what the rules refuse is not done."""
    rows: list[Any] = list(session.scalars(select(random.choice((Milestone, Milestone, Action, Workstream)))))
    row = random.choice(rows)
    try:
        match random.randrange(6):
            case 0:
                edits.reword(session, manager, row, words(random))
            case 1:
                edits.decide(session, manager, row)
            case 2 if isinstance(row, Milestone):
                edits.move(session, manager, row, random.choice(list(session.scalars(select(Workstream)))))
            case 3 if isinstance(row, Milestone):
                acts.update(session, manager, row, edits.NOW, progress=words(random))
            case 4 if isinstance(row, Milestone):
                acts.claim(session, manager, row, edits.NOW)
            case 5:
                stream = random.choice(list(session.scalars(select(Workstream))))
                edits.add(session, manager, plan, "milestone", stream, words=words(random), due="Mar 2026")
            case _:
                pass
    except Refusal:
        pass


def rows(session: Session) -> list[tuple[Any, ...]]:
    session.flush()
    session.expire_all()
    found: list[tuple[Any, ...]] = []
    for model in (Priority, Workstream, Action, Milestone, LeadAssignment):
        found += [tuple(row) for row in session.execute(select(model.__table__).order_by(model.id))]
    return found


def accounted(made: PlanDocument, applied: Applied) -> None:
    """Hold that every line of a document has exactly one outcome of its own, and that the totals add up."""
    counts = Counter(outcome.key for outcome in applied.outcomes)
    keys = [key for key in keys_of(made).values() if not key.startswith(("record", "measure", "period"))]
    assert {key: counts[key] for key in keys} == dict.fromkeys(keys, 1)
    assert max(counts.values()) == 1
    states = Counter(outcome.state for outcome in applied.outcomes)
    assert sum(states.values()) == len(applied.outcomes)
    assert set(states) <= {"new", "changed", "unchanged", "needs decision", "refused"}
    open_lines = [outcome for outcome in applied.outcomes if outcome.state == "needs decision"]
    assert all(outcome.choices or "ecide" in outcome.detail for outcome in open_lines)


@pytest.mark.parametrize("seed", range(6))
def test_editions_and_edits_at_random(session: Session, seed: int) -> None:
    random = Random(seed)
    first = a_document(random)
    plan = session.get_one(Plan, create_plan(session, first, SYSTEM, factories.NOW).plan_id)
    manager = manager_of(session, plan)
    for _ in range(12):
        a_deed(random, session, manager, plan)
    before, entries = rows(session), plan.ledger_seq
    accounted(first, decide(session, plan, deepcopy(first), manager, {}))
    assert rows(session) == before, "an edition that was read before changes nothing that people did since"
    assert plan.ledger_seq == entries

    second = next_edition(random, first)
    applied = decide(session, plan, second, manager, {})
    accounted(second, applied)
    assert verify(session).faults == ()
    given: dict[str, str] = {}
    for _ in range(4):  # an answer may raise the next question
        for outcome in applied.outcomes:
            if outcome.choices:
                choice = random.choice(outcome.choices)
                given[outcome.key] = choice.value
                given |= {f"{outcome.key}:{name}": ASKED[name] for name in choice.asks}
        applied = decide(session, plan, second, manager, given)
        accounted(second, applied)
    assert verify(session).faults == ()
    again = decide(session, plan, second, manager, {})
    assert (again.count("new"), again.count("changed")) == (0, 0)
