"""One plan with a story from May to October 2025, told through the services, and the people in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tracker.models import Milestone, Plan
from tracker.models.engine import writing
from tracker.queries.plans import find_plan
from tracker.queries.rows import MilestoneRow, PlanRow, PlanSnapshot
from tracker.queries.tree import snapshot
from tracker.rules import document as lines
from tracker.rules.facts import Standing
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.rules.scheme import Scheme
from tracker.services import colours
from tracker.services.ledger import Recorder
from tracker.services.plan_writer import create_plan, update_plan

TODAY = date(2025, 10, 22)


@dataclass
class Story:
    """A plan as it is on 22 October 2025, and what it took to come there."""

    session: Session
    plan: Plan
    row: PlanRow
    scheme: Scheme
    lead: Actor
    manager: Actor

    def on(self, day: date, today: date = TODAY) -> PlanSnapshot:
        """Return the plan as at a day."""
        return snapshot(self.session, self.row, self.scheme, day, today)

    def milestone(self, ref: str, day: date = TODAY) -> MilestoneRow:
        """Return one milestone as at a day."""
        return next(row for row in self.on(day).milestones if row.full_ref == ref)

    def object(self, ref: str) -> Milestone:
        """Return one milestone to act on."""
        return self.session.get_one(Milestone, self.milestone(ref).id)


def told(session: Session) -> Story:
    """Let the story happen."""
    document = factories.document(
        milestone_line("1", "Panel set up", actions=["A"]),
        milestone_line("2", "Offer published"),
        milestone_line("3", "Waiting times halved", date="Nov 2025"),
        milestone_line("4", "Culture changed", date="TBC"),
        milestone_line("5", "Old scheme closed", date="Dec 2026"),
        slug="story",
        organisation="Testshire Council",
    )
    priority = document.priorities[0]
    priority.unplaced = [milestone_line("6", "Board agrees", date="Dec 2025", needs_decision="Which workstream?")]
    priority.workstreams[0].commitments = [lines.CommitmentLine("1", "Weekly", "Meet the provider")]
    document.measures = [lines.MeasureLine("Plans on time", "%", readings=[lines.ReadingLine("2025", "52%")])]
    plan_id = create_plan(session, document, SYSTEM, factories.NOW, effective=acts.at(factories.ADOPTED)).plan_id
    plan = session.get_one(Plan, plan_id)
    lead, manager = factories.lead(session, plan)[1], factories.member(session, plan, Role.MANAGER)[1]
    panel, offer, _waiting, _culture, old, _board = factories.milestones_of(session, plan)

    acts.update(session, lead, panel, acts.at(date(2025, 8, 1)), progress="Members are asked.")
    recorder = Recorder(session, plan, SYSTEM, acts.at(date(2025, 9, 1)))
    recorder.change(old, "withdrew it", {"standing": Standing.WITHDRAWN.value, "standing_reference": "minute 4.2"})
    recorder.close()
    colours.refresh(session, plan, old, date(2025, 9, 1))
    acts.claim(session, lead, offer, acts.at(date(2025, 9, 29)))
    acts.ask(session, lead, panel, acts.at(date(2025, 10, 8)), proposed="Dec 2025")
    document.priorities[0].workstreams[0].milestones[0].text = "Panel set up and meeting"
    document.priorities[0].workstreams[0].milestones.append(milestone_line("7", "Leaflet printed", date="Mar 2026"))
    document.priorities[0].workstreams[0].leads.append(lines.LeadLine("Head of Inclusion", "Testshire Council"))
    document.priorities[0].workstreams[0].commitments.append(lines.CommitmentLine("2", "Monthly", "Report to scrutiny"))
    document.measures[0].readings.append(lines.ReadingLine("2026", "60%"))
    update_plan(session, plan, document, manager, acts.at(date(2025, 10, 15)))
    acts.decide(session, manager, offer, acts.at(date(2025, 10, 20)))
    found = find_plan(session, "story")
    assert found
    return Story(session, plan, *found, lead, manager)


@pytest.fixture
def story(engine: Engine) -> Iterator[Story]:
    with writing(), Session(engine) as session:
        yield told(session)
