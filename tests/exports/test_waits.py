"""What a milestone waits for, in the files: named within the plan, and never in another one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY, milestone_line
from tests.services import acts
from tracker.exports.gather import report_facts
from tracker.exports.sections.exceptions import exceptions
from tracker.exports.sections.register import register
from tracker.queries.plans import find_plan
from tracker.rules.permissions import Actor, Role


def column(section, title: str) -> list[str]:
    """Return the cells of one column of the tables of a section."""
    found = []
    for table in section.tables():
        index = [each.title for each in table.columns].index(title)
        found += [row[index] for row in table.rows]
    return found


def test_register_and_exceptions_say_what_a_milestone_waits_for_with_its_colour(session: Session) -> None:
    plan = factories.plan(session, milestone_line("1", date="Dec 2025"), milestone_line("2", date="Aug 2025"))
    other = factories.plan(session, milestone_line("1", text="Secret works"), title="Secret plan")
    roles = {each.id: frozenset({Role.MANAGER}) for each in (plan, other)}
    manager = Actor(factories.person(session).id, "Improvement manager", roles=roles)
    first, second = factories.milestones_of(session, plan)
    acts.wait(session, manager, first, second)
    acts.wait(session, manager, first, factories.milestones_of(session, other)[0])
    found = find_plan(session, plan.slug)
    assert found
    facts = report_facts(session, *found, TODAY, TODAY, NOW)
    said = "1a.2 (Red); a milestone of another plan (Amber)"
    assert column(register(facts), "Waits for") == [said, ""]
    assert said in column(exceptions(facts), "Waits for")
    assert "Secret" not in repr(facts)
    assert report_facts(session, *found, TODAY, TODAY, NOW, annexes=False).waits == {}
