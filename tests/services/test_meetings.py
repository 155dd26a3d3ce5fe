"""A meeting decides a list: seen before, done as one act, undone where nothing was changed since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tests.services.test_histories import TWICE, World, world
from tracker.models import ColourSpan, DeadlineChange, LedgerEntry, Milestone, PlanEndChange
from tracker.queries.deadlines import MoveFilters, deadline_ledger, end_moves, moved_milestones
from tracker.queries.plans import find_plan
from tracker.rules.colour import Colour
from tracker.rules.errors import AlreadyDone, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Role
from tracker.services.deadlines import Verdict
from tracker.services.meetings import decide_list, preview_list, undo_list
from tracker.services.plan_ends import NewEnd, move_plan_end
from tracker.services.verification import verify

LATE = acts.at(date(2025, 10, 8))
DAY = LATE.date()
AGREED = Verdict(True, minute="5.2", meeting_on=DAY)
REFUSED = Verdict(False, "There is time enough.", "5.2", DAY)


@pytest.fixture
def plan(session):
    lines = (factories.milestone_line(str(ref)) for ref in range(1, 4))
    return factories.plan(session, *lines, effective=acts.at(factories.ADOPTED))


@pytest.fixture
def milestones(session, plan):
    return factories.milestones_of(session, plan)


@pytest.fixture
def asked(session, lead, milestones):
    """Return the requests of all three milestones, asked for by the lead."""
    return [acts.ask(session, lead, milestone, LATE, proposed="Dec 2025") for milestone in milestones]


def seen(session, changes):
    return {change.id: session.get_one(Milestone, change.milestone_id).version for change in changes}


def decide(session, actor, plan, changes, verdict=AGREED, token="", versions=None):
    versions = versions or seen(session, changes)
    return decide_list(session, actor, LATE, plan.id, versions, token or acts.token(), verdict)


def test_a_list_is_decided_as_one_act_with_one_minute(session, plan, manager, milestones, asked, colour_on):
    act = decide(session, manager, plan, asked[:2])
    for change, milestone in zip(asked[:2], milestones, strict=False):
        assert (change.state, change.minute, change.meeting_on) == ("approved", "5.2", DAY)
        assert (change.decision_level, change.decision_act) == ("board", act)
        assert (milestone.due_text, milestone.moves, milestone.proposed_text) == ("Dec 2025", 1, "")
        assert colour_on(milestone, DAY)[0] == "amber" or colour_on(milestone, DAY)[0] == "grey"
    assert asked[2].state == "requested"
    assert len(session.scalars(select(LedgerEntry).where(LedgerEntry.act == act)).all()) == 4
    assert verify(session).faults == ()


def test_the_preview_says_what_becomes_of_each_and_of_the_plan_and_writes_nothing(
    session, plan, manager, asked, colour_on, milestones
):
    entries = plan.ledger_seq
    preview = preview_list(session, manager, plan.id, [change.id for change in asked], AGREED, DAY)
    assert [line.ref for line in preview.lines] == ["1a.1", "1a.2", "1a.3"]
    assert {line.before for line in preview.lines} == {Colour.RED}
    assert preview.before.colour is Colour.RED
    session.expire_all()
    assert plan.ledger_seq == entries
    assert milestones[0].due_text == "Sep 2025"
    decide(session, manager, plan, asked)
    spans = {milestone.id: colour_on(milestone, DAY)[0] for milestone in milestones}
    assert {line.milestone_id: line.after.value for line in preview.lines} == spans
    assert preview.after.colour is not Colour.RED


def test_a_refusal_changes_no_colour_but_the_mark(session, plan, manager, asked, milestones, colour_on):
    preview = preview_list(session, manager, plan.id, [asked[0].id], REFUSED, DAY)
    assert (preview.before, preview.lines[0].after) == (preview.after, Colour.RED)
    decide(session, manager, plan, asked[:1], REFUSED)
    assert colour_on(milestones[0], DAY) == ("red", "3", "new date required")


@pytest.mark.parametrize(
    ("verdict", "sentence", "field"),
    [
        (Verdict(True), "Enter the board's minute.", "minute"),
        (Verdict(True, minute="5.2"), "Enter the day of the meeting", "meeting_on"),
        (Verdict(False, "No.", meeting_on=DAY), "Enter the minute of the meeting.", "minute"),
        (Verdict(True, minute="5.2", meeting_on=DAY + timedelta(days=1)), "today or earlier", "meeting_on"),
        (Verdict(False, " ", "5.2", DAY), "Say why the new date is refused.", "note"),
    ],
)
def test_a_decision_that_will_not_do_decides_nothing(session, plan, manager, asked, verdict, sentence, field):
    for act in (
        lambda: decide(session, manager, plan, asked, verdict),
        lambda: preview_list(session, manager, plan.id, [asked[0].id], verdict, DAY),
    ):
        with pytest.raises(Refusal, match=sentence) as refused:
            act()
        assert refused.value.field == field
    assert {change.state for change in asked} == {"requested"}


def test_nobody_decides_their_own_request_by_way_of_a_list(session, plan, lead, manager, milestones):
    mine = acts.ask(session, manager, milestones[0], LATE)
    theirs = acts.ask(session, lead, milestones[1], LATE)
    for verdict in (AGREED, REFUSED):
        with pytest.raises(NotPermitted, match="You asked for this date"):
            decide(session, manager, plan, [theirs, mine], verdict)
    assert {mine.state, theirs.state} == {"requested"}
    decide(session, factories.member(session, plan, Role.MANAGER)[1], plan, [theirs, mine])


def test_only_managers_of_the_plan_decide_and_only_its_requests(session, plan, lead, manager, asked):
    other = factories.plan(session)
    foreign = acts.ask(
        session, factories.member(session, other, Role.MANAGER)[1], factories.milestones_of(session, other)[0]
    )
    with pytest.raises(NotFound):
        decide(session, manager, plan, [asked[0], foreign])
    for role in (Role.BOARD, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            decide(session, factories.member(session, plan, role)[1], plan, asked)
    with pytest.raises(NotPermitted):
        decide(session, lead, plan, asked)
    with pytest.raises(Refusal, match="Select at least one request"):
        decide_list(session, manager, LATE, plan.id, {}, acts.token(), AGREED)
    assert {change.state for change in asked} == {"requested"}


def test_what_was_changed_while_one_looked_is_looked_at_again(session, plan, lead, manager, asked, milestones):
    versions = seen(session, asked)
    acts.update(session, lead, milestones[1], LATE)
    with pytest.raises(Refusal, match=r"1a\.2 was changed while you looked"):
        decide(session, manager, plan, asked, versions=versions)
    assert {change.state for change in asked} == {"requested"}


def test_the_same_list_sent_twice_counts_once(session, plan, manager, asked):
    form, versions = acts.token(), seen(session, asked)
    decide(session, manager, plan, asked, token=form, versions=versions)
    with pytest.raises(AlreadyDone):
        decide(session, manager, plan, asked, token=form, versions=versions)


# ------------------------------------------------------------------ undo
def test_a_list_is_undone_as_new_entries(session, plan, manager, asked, milestones, colour_on):
    then = [(m.due, m.moves, m.confirmed, m.proposed_text) for m in milestones]
    act = decide(session, manager, plan, asked)
    entries = plan.ledger_seq
    assert undo_list(session, manager, LATE, plan.id, act, acts.token()) == 3
    assert plan.ledger_seq == entries + 6
    assert [(m.due, m.moves, m.confirmed, m.proposed_text) for m in milestones] == then
    assert {(change.state, change.minute, change.decision_act) for change in asked} == {("requested", "", "")}
    assert colour_on(milestones[0], DAY) == ("red", "3", "new date proposed")
    assert verify(session).faults == ()
    for again in (act, "", "nonsense"):
        with pytest.raises(Refusal, match="There is nothing to undo"):
            undo_list(session, manager, LATE, plan.id, again, acts.token())
    decide(session, manager, plan, asked)


def test_a_list_is_not_undone_where_anything_was_changed_since(session, plan, lead, manager, asked, milestones):
    act = decide(session, manager, plan, asked)
    acts.update(session, lead, milestones[1], LATE)
    with pytest.raises(Refusal, match=r"1a\.2 was changed since, so nothing was undone"):
        undo_list(session, manager, LATE, plan.id, act, acts.token())
    session.rollback()


def test_a_past_day_shows_a_decision_that_was_undone_later(session, plan, manager, asked):
    act = decide(session, manager, plan, asked)
    later = acts.at(DAY + timedelta(days=5))
    undo_list(session, manager, later, plan.id, act, acts.token())
    today = later.date()
    assert {move.state for move in deadline_ledger(session, plan.id, DAY, today)} == {"approved"}
    assert {move.state for move in deadline_ledger(session, plan.id, today, today)} == {"requested"}
    assert {move.times_moved for move in deadline_ledger(session, plan.id, DAY, today)} == {1}


def test_the_ledger_says_how_far_dates_have_slipped(session, plan, lead, manager, asked, milestones):
    decide(session, manager, plan, asked[:2])
    acts.update(session, lead, milestones[0], LATE)
    acts.settle(
        session,
        manager,
        milestones[0],
        acts.ask(session, lead, milestones[0], LATE, proposed="Mar 2026"),
        LATE,
        minute="6",
    )
    moves = deadline_ledger(session, plan.id, DAY, DAY)
    slipped = moved_milestones(moves)
    assert [(m.full_ref, m.total_slip, m.times_moved) for m in slipped] == [
        ("1a.1", "6 months later", 2),
        ("1a.2", "3 months later", 1),
    ]
    assert (slipped[0].moved_by, slipped[0].from_original, slipped[0].why) == (
        "3 months later", "6 months later", "Capacity",
    )  # fmt: skip
    assert len(MoveFilters(state="approved").narrowed(moves)) == 3
    assert len(MoveFilters(reason="funding").narrowed(moves)) == 0
    assert len(MoveFilters(reason="capacity", level="board").narrowed(moves)) == 3


# ------------------------------------------------------------------ the end of the plan
def new_end(plan, **more):
    asked = {
        "ends": "Sep 2028",
        "reason_code": "scope",
        "reason": "A new inspection.",
        "minute": "7",
        "meeting_on": DAY,
    }
    return NewEnd(**{**asked, "seen": plan.ends, **more})


def test_the_board_moves_the_end_of_a_plan_and_the_first_end_is_kept(session, manager):
    plan = factories.plan(session, ends="Sept 2026", original_end="2025", end_moved_reason="A review")
    manager = factories.member(session, plan, Role.MANAGER)[1]
    row, _ = find_plan(session, plan.slug)
    (told,) = end_moves(session, row, DAY)
    assert (told.from_text, told.to_text, told.reason, told.decided_on) == ("2025", "Sept 2026", "A review", None)
    move_plan_end(session, manager, LATE, plan.id, acts.token(), new_end(plan))
    assert (plan.ends, plan.original_end, plan.end_moved_reason) == ("Sep 2028", "2025", "A new inspection.")
    session.expire_all()
    row, _ = find_plan(session, plan.slug)
    first, second = end_moves(session, row, DAY)
    assert (first.from_text, first.to_text, first.reason) == ("2025", "Sept 2026", "A review")
    assert (second.from_text, second.to_text, second.moved_by, second.why) == (
        "Sept 2026", "Sep 2028", "24 months later", "Change of scope",
    )  # fmt: skip
    assert len(end_moves(session, row, TODAY)) == 1
    assert verify(session, plan.slug).faults == ()


@pytest.mark.parametrize(
    ("more", "sentence", "field"),
    [
        ({"ends": "soon"}, "Enter the new date as a day or a month", "proposed"),
        ({"ends": "Aug 2025"}, "Enter an end that is today or later.", "proposed"),
        ({"ends": "Dec 2025"}, "Enter an end after the present one, 2026.", "proposed"),
        ({"reason_code": ""}, "Select what kind of reason it is.", "reason_code"),
        ({"reason": ""}, "Say why the plan goes on for longer.", "reason"),
        ({"minute": ""}, "Enter the board's minute", "minute"),
        ({"meeting_on": None}, "Enter the day of the meeting", "meeting_on"),
        ({"seen": "2025"}, "Somebody else moved the end to 2026", ""),
    ],
)
def test_an_end_that_will_not_do_is_refused(session, more, sentence, field):
    plan = factories.plan(session, ends="2026")
    manager = factories.member(session, plan, Role.MANAGER)[1]
    with pytest.raises(Refusal, match=sentence) as refused:
        move_plan_end(session, manager, LATE, plan.id, acts.token(), new_end(plan, **more))
    assert refused.value.field == field
    assert session.scalars(select(PlanEndChange)).all() == []


def test_a_lead_does_not_move_the_end_of_a_plan(session, plan, lead):
    with pytest.raises(NotPermitted):
        move_plan_end(session, lead, LATE, plan.id, acts.token(), new_end(plan))


# ------------------------------------------------------------------ whatever is listed
@settings(max_examples=12, deadline=None, suppress_health_check=TWICE)
@given(
    proposed=st.lists(st.integers(10, 300), min_size=2, max_size=2),
    ticked=st.sets(st.integers(0, 1), min_size=1),
    approve=st.booleans(),
    days=st.integers(0, 200),
)
def test_a_preview_is_what_the_decision_does_and_an_undo_leaves_no_trace_but_in_the_ledger(
    engine: Engine, proposed: list[int], ticked: set[int], approve: bool, days: int
) -> None:
    with world(engine) as made:
        made.day += timedelta(days=days)
        now, manager = acts.at(made.day), made.managers[0]
        changes = []
        for milestone, after in zip(made.milestones, proposed, strict=True):
            later = max(milestone.due, made.day) + timedelta(days=after)
            changes.append(acts.ask(made.session, made.lead, milestone, now, proposed=later.strftime("%d/%m/%Y")))
        chosen = [changes[index] for index in sorted(ticked)]
        verdict = Verdict(approve, "So decided.", "5.2", made.day)
        before = coloured(made)
        preview = preview_list(made.session, manager, made.plan.id, [c.id for c in chosen], verdict, made.day)
        assert coloured(made) == before
        act = decide_list(made.session, manager, now, made.plan.id, seen(made.session, chosen), acts.token(), verdict)
        for line in preview.lines:
            assert coloured(made)[line.milestone_id] == line.after
        assert made.shown(made.day).headline == preview.after
        made.check()
        undo_list(made.session, manager, now, made.plan.id, act, acts.token())
        assert coloured(made) == before
        states = made.session.scalars(select(DeadlineChange.state).where(DeadlineChange.plan_id == made.plan.id))
        assert set(states) == {"requested"}
        made.check()


def coloured(made: World) -> dict[int, str]:
    """Return the colour of each milestone today."""
    query = select(ColourSpan.milestone_id, ColourSpan.colour).where(
        ColourSpan.plan_id == made.plan.id, ColourSpan.from_day <= made.day, ColourSpan.to_day >= made.day
    )
    return {row[0]: row[1] for row in made.session.execute(query)}


assert NOW < LATE
