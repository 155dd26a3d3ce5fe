"""A milestone that waits for another turns Amber when the rule says so, in whichever plan the other one is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tracker.models import ColourSpan, LedgerEntry, Milestone, Plan, Priority, Workstream
from tracker.rules.facts import Standing
from tracker.rules.permissions import Actor, Role
from tracker.services import colours
from tracker.services.ledger import Recorder
from tracker.services.verification import verify

DAY = timedelta(days=1)
BEGIN = acts.at(date(2025, 6, 2))


@pytest.fixture
def plan(session: Session) -> Plan:
    lines = (milestone_line("1", date="Dec 2025"), milestone_line("2"), milestone_line("3", date="Mar 2026"))
    return factories.plan(session, *lines, slug="waits", effective=acts.at(factories.ADOPTED))


@pytest.fixture
def other(session: Session) -> Milestone:
    """Return a milestone of another plan, due in September."""
    made = factories.plan(session, slug="elsewhere", title="Secret works", effective=acts.at(factories.ADOPTED))
    return factories.milestones_of(session, made)[0]


@pytest.fixture
def manager(session: Session, plan: Plan, other: Milestone) -> Actor:
    person, _ = factories.member(session, plan, Role.MANAGER)
    roles = {key: frozenset({Role.MANAGER}) for key in (plan.id, other.plan_id)}
    return Actor(person.id, "Improvement manager", roles=roles)


@pytest.fixture
def milestones(session: Session, plan: Plan, manager: Actor, other: Milestone) -> list[Milestone]:
    """Return 1a.1 (December), 1a.2 (September) and 1a.3 (March), all begun in June, as is the one elsewhere."""
    found = factories.milestones_of(session, plan)
    for milestone in (*found, other):
        acts.update(session, manager, milestone, BEGIN, started=BEGIN.date())
    return found


def reason_on(session: Session, milestone: Milestone, day: date) -> tuple[str, str]:
    query = select(ColourSpan.rule, ColourSpan.reason).where(
        ColourSpan.milestone_id == milestone.id, ColourSpan.from_day <= day, ColourSpan.to_day >= day
    )
    rule, reason = session.execute(query).one()
    return rule, reason


def test_a_predecessor_that_turns_red_by_time_alone_turns_what_waits_for_it_amber(
    session, milestones, manager, colour_on
):
    first, second, _ = milestones
    acts.wait(session, manager, first, second, BEGIN)
    assert colour_on(first, date(2025, 9, 30)) == ("green", "6", "")
    assert colour_on(first, date(2025, 10, 1)) == ("amber", "4c", "")
    assert reason_on(session, first, date(2025, 10, 1))[1] == "It depends on 1a.2, which is unfinished and Red."
    assert verify(session).faults == ()


def test_a_predecessor_expected_after_the_deadline_turns_what_waits_for_it_amber(
    session, milestones, manager, colour_on
):
    first, second, _ = milestones
    acts.wait(session, manager, first, second, BEGIN)
    acts.update(session, manager, second, acts.at(date(2025, 8, 1)), forecast_text="Jan 2026")
    assert colour_on(first, date(2025, 7, 31)) == ("green", "6", "")
    assert colour_on(first, date(2025, 8, 1)) == ("amber", "4c", "")
    said = "It depends on 1a.2, which is expected on 31 January 2026, after the deadline, Dec 2025."
    assert reason_on(session, first, date(2025, 8, 1))[1] == said
    acts.update(session, manager, second, acts.at(date(2025, 8, 9)), forecast_text="Oct 2025")
    assert colour_on(first, date(2025, 8, 9)) == ("green", "6", "")
    assert verify(session).faults == ()


def test_a_finished_predecessor_holds_nothing_up(session, milestones, manager, colour_on):
    first, second, _ = milestones
    lead = Actor(None, "A lead", roles=manager.roles)
    acts.wait(session, manager, first, second, BEGIN)
    acts.claim(session, lead, second, acts.at(date(2025, 10, 6)))
    assert colour_on(first, date(2025, 10, 5))[1] == "4c"
    assert colour_on(first, date(2025, 10, 6)) == ("green", "6", "")  # claimed: no longer Red
    acts.decide(session, manager, second, acts.at(date(2025, 10, 8)))
    assert colour_on(first, date(2026, 1, 1))[1] == "3"
    assert verify(session).faults == ()


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.WITHDRAWN, Standing.SUPERSEDED])
def test_a_predecessor_that_a_decision_takes_out_holds_nothing_up(
    session, plan, milestones, manager, colour_on, standing
):
    first, second, _ = milestones
    acts.wait(session, manager, first, second, BEGIN)
    recorder = Recorder(session, plan, manager, acts.at(date(2025, 10, 6)))
    recorder.change(second, "decided", {"standing": standing.value, "standing_reference": "minute 4"})
    recorder.close()
    colours.refresh(session, plan, second, date(2025, 10, 6))
    assert colour_on(first, date(2025, 10, 5))[1] == "4c"
    assert colour_on(first, date(2025, 10, 6)) == ("green", "6", "")
    assert verify(session).faults == ()


def test_what_changes_in_another_plan_reaches_what_waits_for_it_and_says_no_text_of_it(
    session, milestones, manager, other, colour_on
):
    first = milestones[0]
    acts.wait(session, manager, first, other, BEGIN)
    assert colour_on(first, date(2025, 10, 1))[1] == "4c"
    said = "It depends on a milestone of another plan, which is unfinished and Red."
    assert reason_on(session, first, date(2025, 10, 1))[1] == said
    acts.update(session, manager, other, acts.at(date(2025, 9, 1)), forecast_text="Jan 2026")
    said = "It depends on a milestone of another plan, which is expected after the deadline, Dec 2025."
    assert reason_on(session, first, date(2025, 9, 1))[1] == said
    assert verify(session).faults == ()


def test_of_a_chain_only_a_red_goes_one_step_on(session, milestones, manager, other, colour_on):
    first, _, third = milestones
    acts.wait(session, manager, third, first, BEGIN)
    acts.wait(session, manager, first, other, BEGIN)
    assert colour_on(other, date(2025, 10, 1))[1] == "3"
    assert colour_on(first, date(2025, 10, 1))[1] == "4c"
    assert colour_on(third, date(2025, 10, 1)) == ("green", "6", "")  # Amber before it holds nothing up
    assert colour_on(third, date(2026, 1, 1))[1] == "4c"  # and Red does
    assert verify(session).faults == ()


def test_a_sentence_says_what_the_other_one_was_called_on_that_day(session, plan, milestones, manager):
    first, second, _ = milestones
    acts.wait(session, manager, first, second, BEGIN)
    priority = session.scalars(select(Priority).where(Priority.plan_id == plan.id)).one()
    recorder = Recorder(session, plan, manager, acts.at(date(2025, 10, 6)))
    stream = session.get_one(Workstream, second.workstream_id)
    recorder.change(second, "moved it", {"ref": "9"})
    recorder.close()
    colours.refresh(session, plan, second, date(2025, 10, 6))
    recorder = Recorder(session, plan, manager, acts.at(date(2025, 10, 8)))
    recorder.change(stream, "moved it", {"ref": "7z", "priority_id": priority.id})
    recorder.close()
    colours.refresh(session, plan, second, date(2025, 10, 8))
    told = [reason_on(session, first, date(2025, 10, day))[1] for day in (5, 7, 8)]
    assert [reason.split()[3] for reason in told] == ["1a.2,", "1a.9,", "7z.9,"]
    assert verify(session).faults == ()


def test_a_red_set_by_a_person_counts_until_its_last_day(session, milestones, manager, colour_on):
    first, second, _ = milestones
    acts.wait(session, manager, first, second, BEGIN)
    acts.override(session, manager, second, acts.at(date(2025, 7, 1)), until=date(2025, 7, 31))
    assert [colour_on(first, date(2025, month, day))[1] for month, day in ((6, 30), (7, 1), (7, 31), (8, 1))] == [
        "6",
        "4c",
        "4c",
        "6",
    ]
    assert verify(session).faults == ()


def test_a_link_taken_away_ends_the_amber_on_that_day(session, milestones, manager, colour_on):
    first, second, _ = milestones
    link = acts.wait(session, manager, first, second, BEGIN)
    acts.stop_waiting(session, manager, first, link, acts.at(date(2025, 10, 6)))
    assert colour_on(first, date(2025, 10, 5))[1] == "4c"
    assert colour_on(first, date(2025, 10, 6)) == ("green", "6", "")
    assert verify(session).faults == ()


def test_an_override_that_the_rules_with_predecessors_give_already_is_refused(session, milestones, manager):
    from tracker.rules.errors import Refusal

    first, second, _ = milestones
    acts.wait(session, manager, first, second, BEGIN)
    with pytest.raises(Refusal, match="The computed colour is Amber already"):
        acts.override(session, manager, first, acts.at(date(2025, 10, 2)), colour="amber", until=date(2025, 11, 1))


def test_the_spans_of_a_milestone_in_another_plan_are_made_again_with_the_rest(session, milestones, manager, other):
    first = milestones[0]
    acts.wait(session, manager, first, other, BEGIN)
    plan = session.get_one(Plan, other.plan_id)
    session.execute(update(ColourSpan).where(ColourSpan.milestone_id == first.id).values(reason="Not so"))
    assert len(verify(session).faults) == 1
    colours.rebuild(session, plan)
    assert verify(session).faults == ()


def test_verification_finds_a_colour_that_forgets_what_it_waits_for(session, milestones, manager):
    first, second, _ = milestones
    acts.wait(session, manager, first, second, BEGIN)
    wrong = ColourSpan.milestone_id == first.id, ColourSpan.rule == "4c"
    session.execute(update(ColourSpan).where(*wrong).values(rule="6", colour="green"))
    (fault,) = verify(session).faults
    assert "Milestone 1a.1" in fault
    assert "It depends on 1a.2, which is unfinished and Red." in fault


def test_verification_of_a_plan_proves_the_ledger_of_the_plan_that_it_waits_for(session, milestones, manager, other):
    acts.wait(session, manager, milestones[0], other, BEGIN)
    plan = session.get_one(Plan, other.plan_id)
    assert verify(session, "waits").faults == ()
    plan.ledger_head = "altered"
    session.flush()
    found = verify(session, "waits").faults
    assert found == ("waits: Milestones wait for the plan elsewhere, whose ledger is not whole: verify it too.",)


def statements_of(session: Session, act) -> int:
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(bind, "before_cursor_execute", count)
    return len(counted)


def test_colours_of_a_milestone_that_nobody_waits_for_take_one_statement_more(session, plan, milestones, manager):
    first = milestones[0]
    day = date(2025, 9, 10)
    session.flush()
    colours.refresh(session, plan, first, day)
    found = statements_of(session, lambda: colours.refresh(session, plan, first, day))
    alone = statements_of(
        session, lambda: colours._replace(session, plan, first.id, colours.facts_now(first, plan), (), day)
    )
    assert found == alone + 1


def test_entries_of_the_ledger_stay_as_they_are(session, milestones, manager, other):
    before = session.scalars(select(LedgerEntry.hash).order_by(LedgerEntry.id)).all()
    acts.wait(session, manager, milestones[0], other, BEGIN)
    after = session.scalars(select(LedgerEntry.hash).order_by(LedgerEntry.id)).all()
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
