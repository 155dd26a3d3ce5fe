"""The two plans of the world of tests, as documents."""

from __future__ import annotations

from tests.factories import ADOPTED, milestone_line
from tracker.rules.document import (
    ActionLine,
    CommitmentLine,
    LeadLine,
    MeasureLine,
    PlanDocument,
    PriorityLine,
    ReadingLine,
    WorkstreamLine,
)

LEAD, OTHER_LEAD, BETA_LEAD = "SEND Senior Manager", "Inclusion Lead", "Head of Transport"


def alpha_document() -> PlanDocument:
    """Return the plan that most of the tests act on."""
    first = WorkstreamLine(
        ref="1a",
        title="Timely assessment",
        leads=[LeadLine(LEAD, "Testshire Council", accountable=True)],
        actions=[ActionLine("A", "Agree one pathway")],
        milestones=[
            milestone_line("1"),
            milestone_line("2", date="Dec 2025"),
            milestone_line("3", date="Nov 2025"),
            milestone_line("4", date="Mar 2026"),
            milestone_line("5", date="Oct 2025"),
            milestone_line("6", date="Ongoing"),
            milestone_line("7", date="Nov 2025"),
            milestone_line("8", date="Aug 2025"),
            milestone_line("9", date="Nov 2025"),
        ],
        commitments=[
            CommitmentLine("8", "Weekly", "Hold the panel"),
            CommitmentLine("9", "Monthly", "Report to the pilot group"),
            CommitmentLine("10", "bi-annual", "Review the pathway"),
        ],
    )
    second = WorkstreamLine(
        ref="1b",
        title="Inclusion in schools",
        leads=[LeadLine(OTHER_LEAD, "Testshire Council", accountable=True)],
        milestones=[milestone_line("1", text="Train every school", date="Jan 2026")],
    )
    priority = PriorityLine(ref="1", title="Assessment", workstreams=[first, second])
    waits = MeasureLine("Weeks until the first appointment", "weeks", "down", "40", "18", "termly")
    waits.readings.append(ReadingLine("Summer term 2025", "36"))
    return PlanDocument(
        title="The alpha plan",
        slug="alpha",
        adopted=ADOPTED.isoformat(),
        priorities=[priority],
        measures=[waits],
    )


def beta_document() -> PlanDocument:
    """Return a plan that the people of alpha may not see."""
    workstream = WorkstreamLine(
        ref="1a",
        title="Travel",
        leads=[LeadLine(BETA_LEAD, "Testshire Council", accountable=True)],
        milestones=[milestone_line("1", text="Buy minibuses", date="Jan 2026")],
    )
    priority = PriorityLine(ref="1", title="Travel", workstreams=[workstream])
    return PlanDocument(title="The beta plan", slug="beta", adopted=ADOPTED.isoformat(), priorities=[priority])
