"""One milestone of the plan alpha in each state, and one commitment: what docs/states.csv is held to."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY
from tests.services import acts
from tests.test_routes import MATRIX
from tests.views.sending import POSTS
from tests.views.world import LEAD, World
from tracker.models import DeadlineChange, Evidence, Milestone, Plan
from tracker.rules.facts import Standing
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services import colours
from tracker.services.ledger import Recorder

TABLE = Path(__file__).resolve().parents[2] / "docs" / "states.csv"
OF_MILESTONES = {
    "open": "1",
    "claimed": "2",
    "date requested": "3",
    "overridden": "4",
    "lapsed": "5",
    "withdrawn": "6",
    "returned": "7",
    "signed off": "8",
    "suspended": "9",
}
"""State to the ref of the milestone that is in it."""
OF_COMMITMENTS = {"proposed": "proposed", "confirmed": "commitment", "finished": "finished"}
"""State to the name of the commitment in the world."""
ROLES = ("lead", "manager")
ABOUT_ONE = [route for route in POSTS if "<int:milestone_id>" in route or "<int:commitment_id>" in route]
NOWHERE = 999_999


@dataclass(frozen=True)
class Case:
    """One acting route on one object in a state."""

    route: str
    state: str


def cases() -> list[Case]:
    """Return every acting route with every state that its object can be in."""
    found = []
    for route in ABOUT_ONE:
        states = OF_MILESTONES if "milestone_id" in route else OF_COMMITMENTS
        found += [Case(route, state) for state in states]
    return found


def published() -> dict[Case, dict[str, str]]:
    """Return the table: "yes", "refused" (with a sentence), "nothing" (404: there is no such thing), "no" (403)."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        return {Case(row.pop("route"), row.pop("state")): row for row in csv.DictReader(file)}


def put_in_states(session: Session, world: World) -> None:
    """Bring the milestones of the world to their states."""
    lead = Actor(world.people["lead"], LEAD, frozenset({world.post}), {world.alpha: frozenset({Role.LEAD})})
    manager = Actor(
        world.people["second manager"], "The second manager", roles={world.alpha: frozenset({Role.MANAGER})}
    )

    def milestone(state: str) -> Milestone:
        return session.get_one(Milestone, world.milestones[OF_MILESTONES[state]])

    before = NOW - timedelta(hours=1)
    acts.claim(session, lead, milestone("returned"), before)
    acts.decide(session, manager, milestone("returned"), before, approve=False)
    acts.claim(session, lead, milestone("lapsed"), before)
    acts.decide(session, manager, milestone("lapsed"), before)
    acts.give(session, lead, milestone("lapsed"), before)
    plan = session.get_one(Plan, world.alpha)
    for state, standing in (("withdrawn", Standing.WITHDRAWN), ("suspended", Standing.SUSPENDED)):
        recorder = Recorder(session, plan, SYSTEM, NOW)
        values: dict[str, Any] = {"standing": standing.value, "standing_reference": "minute 4.2"}
        recorder.change(milestone(state), f"made it {state}", values)
        recorder.close()
        colours.refresh(session, plan, milestone(state), TODAY)


def address(path: str, case: Case, world: World, engine: Engine) -> tuple[str, int]:
    """Return a valid address turned to the object in a state, and the object's version (0 for a commitment)."""
    if case.state in OF_COMMITMENTS:
        return re.sub(r"^/commitments/\d+", f"/commitments/{getattr(world, OF_COMMITMENTS[case.state])}", path), 0
    key = world.milestones[OF_MILESTONES[case.state]]
    with Session(engine) as session:
        change = session.scalar(
            select(DeadlineChange.id).where(DeadlineChange.milestone_id == key, DeadlineChange.state == "requested")
        )
        evidence = session.scalar(
            select(Evidence.id).where(Evidence.milestone_id == key).order_by(Evidence.id.desc()).limit(1)
        )
        version = session.get_one(Milestone, key).version
    path = re.sub(r"^(/milestones|/sign-off)/\d+", rf"\1/{key}", path)
    path = re.sub(r"^(/u/[^/]+)/\d+", rf"\1/{key}", path)
    path = re.sub(r"/new-date/\d+", f"/new-date/{change or NOWHERE}", path)
    return re.sub(r"/evidence/\d+", f"/evidence/{evidence or NOWHERE}", path), version


def may(case: Case, role: str) -> bool:
    """Tell whether a role may act on such objects at all, by the matrix of permissions."""
    return MATRIX[case.route, "POST"][role] == "yes"
