"""Rating schemes are chosen, copied, edited and deleted; what stood on a past day stands there for good."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tracker.models import LedgerEntry, RatingScheme
from tracker.queries.history import plan_history
from tracker.queries.milestone_page import milestone_page
from tracker.queries.movement import earlier
from tracker.queries.plans import find_plan
from tracker.queries.schemes import scheme_row, schemes
from tracker.queries.tree import snapshot
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import SYSTEM, Role
from tracker.rules.rating import PRESETS, preset
from tracker.services import colours
from tracker.services.plan_checker import Checker
from tracker.services.scheme_preview import preview
from tracker.services.schemes import copy_scheme, delete_scheme, edit_scheme, seed_presets
from tracker.services.verification import verify
from tracker.services.verified_chains import Chains

LATER = acts.at(date(2025, 9, 20))


@pytest.fixture
def admin(session, plan):
    return factories.member(session, plan, Role.ADMINISTRATOR)[1]


@pytest.fixture
def five(session):
    return session.scalars(select(RatingScheme).where(RatingScheme.preset == "confidence-five")).one()


@pytest.fixture
def copied(session, admin, five):
    return copy_scheme(session, admin, NOW, five.id, acts.token(), "Testshire ratings")


def early(rating):
    """Return a scheme in which what is not started warns 300 days before its deadline."""
    data = rating.as_data()
    return type(rating).from_data({**data, "thresholds": {**data["thresholds"], "not_started_days": 300}})


def plan_as_at(session, plan, day):
    found = find_plan(session, plan.slug)
    assert found
    return snapshot(session, *found, day, date(2025, 12, 31))


def test_every_preset_is_there_after_an_upgrade_and_only_once(session):
    assert seed_presets(session) == 0
    assert [row.rating.preset for row in schemes(session, SYSTEM)] == list(PRESETS)
    assert [row.rating for row in schemes(session, SYSTEM)] == [preset(name) for name in PRESETS]


def test_a_choice_is_recorded_with_its_reason_and_everything_it_stands_for(session, plan, manager, five):
    acts.choose(session, manager, plan, five, reason="The board, minute 3.1")
    entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq.desc())).first()
    assert (entry.verb, entry.reason) == ("chose the rating scheme", "The board, minute 3.1")
    (kept,) = entry.changes["ratings"][1]
    assert kept["from"] == TODAY.isoformat()
    assert kept["thresholds"]["signoff_days"] == 30
    assert {term["word"] for term in kept["terms"]} >= {"Amber/Red", "Delivered"}
    (row, *_), _ = plan_history(session, plan.id, TODAY, 5, 0)
    assert "changed the rating scheme from Five colours to Delivery confidence, five points" in row.sentence
    assert verify(session).faults == ()


def test_the_past_keeps_its_thresholds_and_words(session, plan, milestone, manager, admin, copied, colour_on):
    before = acts.at(date(2025, 9, 5))
    assert colour_on(milestone, date(2025, 8, 20))[0] == "grey"
    was = plan_as_at(session, plan, date(2025, 8, 20))
    edit_scheme(session, admin, before, copied.id, copied.version, acts.token(), early)
    acts.choose(session, manager, plan, copied, LATER)
    assert colour_on(milestone, date(2025, 8, 20))[:2] == ("grey", "5")
    assert colour_on(milestone, date(2025, 9, 19))[:2] == ("amber", "4d")
    now = plan_as_at(session, plan, date(2025, 9, 20)).milestones[0]
    assert "300 days" in now.reason
    assert "30 days" in plan_as_at(session, plan, date(2025, 9, 19)).milestones[0].reason
    then = plan_as_at(session, plan, date(2025, 8, 20))
    assert then.headline == was.headline
    assert then.plan.ratings.on(date(2025, 8, 20)).name == "Five colours"
    assert then.plan.ratings.on(date(2025, 9, 20)).name == "Testshire ratings"
    assert verify(session).faults == ()
    colours.rebuild(session, plan)
    assert colour_on(milestone, date(2025, 8, 20))[:2] == ("grey", "5")
    assert verify(session).faults == ()


def test_a_past_day_shows_the_future_as_its_own_scheme_had_it(session, plan, milestone, manager, admin, copied):
    edit_scheme(session, admin, NOW, copied.id, copied.version, acts.token(), early)
    acts.choose(session, manager, plan, copied, LATER)
    row, schemes_over_time = find_plan(session, plan.slug)
    page = milestone_page(session, row, milestone.id, date(2025, 8, 1), date(2025, 9, 20))
    assert page.scheme.not_started_days == 30
    assert all("300 days" not in span.reason for span in page.spans)
    today = milestone_page(session, row, milestone.id, date(2025, 9, 20), date(2025, 9, 20))
    assert any("300 days" in span.reason for span in today.spans)
    assert earlier(session, plan.id, date(2025, 8, 1), schemes_over_time).headline.reason


def test_a_roll_up_of_a_past_day_goes_by_the_thresholds_of_that_day(session, manager):
    lines = [factories.milestone_line(str(n), date="Aug 2025" if n == 1 else "Sep 2026") for n in range(1, 5)]
    plan = factories.plan(session, *lines, effective=acts.at(factories.ADOPTED))
    actor = factories.member(session, plan, Role.MANAGER)[1]
    strict = acts.some_schemes(session)[2]
    day = date(2025, 9, 15)
    assert plan_as_at(session, plan, day).headline.colour == "amber"
    acts.choose(session, actor, plan, strict, LATER)
    assert plan_as_at(session, plan, day).headline.colour == "amber"
    assert plan_as_at(session, plan, date(2025, 9, 20)).headline.colour == "red"


def test_verification_finds_a_scheme_that_was_changed_behind_the_ledger(session, plan, manager, five):
    acts.choose(session, manager, plan, five)
    stored = [dict(entry) for entry in plan.ratings]
    stored[0] = {**stored[0], "thresholds": {**stored[0]["thresholds"], "not_started_days": 1}}
    plan.ratings = stored
    session.flush()
    (check,) = verify(session).plans
    assert not check.projection
    assert check.spans
    colours.rebuild(session, plan)
    assert not verify(session).plans[0].spans


def test_verification_says_so_where_the_ledger_of_schemes_cannot_be_read(session, plan):
    checker = Checker(session, plan, Chains(session))
    checker.history["plan", plan.id] = [(TODAY, 1, {"ratings": [None, [{"from": "never"}]]})]
    assert "cannot be read" in next(iter(checker._colours()))


def test_a_choice_needs_a_reason_another_scheme_and_the_one_that_was_seen(session, plan, manager, five):
    with pytest.raises(Refusal, match="Enter why") as refused:
        acts.choose(session, manager, plan, five, reason=" ")
    assert refused.value.field == "reason"
    acts.choose(session, manager, plan, five)
    with pytest.raises(Refusal, match="uses this rating scheme already"):
        acts.choose(session, manager, plan, five)
    with pytest.raises(Refusal, match="Somebody else chose Delivery confidence"):
        acts.choose(session, manager, plan, acts.some_schemes(session)[0], present=0)


def test_a_choice_is_for_the_manager_and_counts_once(session, plan, lead, admin, manager, five):
    for actor in (lead, admin):
        with pytest.raises(NotPermitted):
            acts.choose(session, actor, plan, five)
    acts.choose(session, manager, plan, five, token="the same")
    with pytest.raises(AlreadyDone):
        acts.choose(session, manager, plan, five, token="the same", present=five.id)


def test_only_administrators_edit_schemes(session, lead, manager, copied):
    for actor in (lead, manager):
        with pytest.raises(NotPermitted):
            copy_scheme(session, actor, NOW, copied.id, acts.token(), "Mine")
        with pytest.raises(NotPermitted):
            edit_scheme(session, actor, NOW, copied.id, copied.version, acts.token(), early)
        with pytest.raises(NotPermitted):
            delete_scheme(session, actor, NOW, copied.id, copied.version, acts.token())


@pytest.mark.parametrize(
    ("title", "sentence"),
    [(" ", "Enter a name"), ("five COLOURS", "already"), ("x" * 81, "80 characters")],
)
def test_a_copy_needs_a_name_of_its_own(session, admin, five, title, sentence):
    with pytest.raises(Refusal, match=sentence) as refused:
        copy_scheme(session, admin, NOW, five.id, acts.token(), title)
    assert refused.value.field == "title"


def test_a_preset_is_read_only(session, admin, five):
    with pytest.raises(Refusal, match="read only"):
        edit_scheme(session, admin, NOW, five.id, five.version, acts.token(), early)
    with pytest.raises(Refusal, match="read only"):
        delete_scheme(session, admin, NOW, five.id, five.version, acts.token())


def test_an_unused_copy_is_edited_in_its_place(session, admin, copied):
    made = edit_scheme(session, admin, NOW, copied.id, copied.version, acts.token(), early)
    assert made.id == copied.id
    assert scheme_row(session, admin, copied.id).rating.scheme.not_started_days == 300
    with pytest.raises(Conflict):
        edit_scheme(session, admin, NOW, copied.id, 1, acts.token(), early)


def test_a_scheme_in_use_is_edited_as_its_next_version_and_its_plans_stay(session, admin, manager, plan, copied):
    acts.choose(session, manager, plan, copied)
    made = edit_scheme(session, admin, NOW, copied.id, copied.version, acts.token(), early)
    assert (made.name, made.number) == ("Testshire ratings, version 2", 2)
    assert colours.scheme_of(plan, TODAY).not_started_days == 30
    assert [scheme_row(session, admin, key).newest for key in (copied.id, made.id)] == [False, True]
    acts.choose(session, manager, plan, made, LATER)
    assert colours.scheme_of(plan, date(2025, 9, 20)).not_started_days == 300
    assert verify(session).faults == ()


def test_a_scheme_that_a_plan_uses_or_used_is_not_deleted(session, admin, manager, plan, copied, five):
    acts.choose(session, manager, plan, copied)
    with pytest.raises(Refusal, match="A plan uses"):
        delete_scheme(session, admin, NOW, copied.id, copied.version, acts.token())
    acts.choose(session, manager, plan, five, LATER)
    with pytest.raises(Refusal, match="history of a plan"):
        delete_scheme(session, admin, NOW, copied.id, copied.version, acts.token())
    unused = copy_scheme(session, admin, NOW, five.id, acts.token(), "Unused")
    assert delete_scheme(session, admin, NOW, unused.id, unused.version, acts.token()) == "Unused"
    with pytest.raises(NotFound):
        delete_scheme(session, admin, NOW, unused.id, 1, acts.token())


def test_a_preview_says_what_the_choice_then_does_and_keeps_nothing(session, plan, milestone, manager, admin, copied):
    rating = early(scheme_row(session, admin, copied.id).rating)
    day = date(2025, 8, 20)
    before = session.scalars(select(LedgerEntry.hash).order_by(LedgerEntry.seq)).all()
    seen = preview(session, manager, plan.id, rating, day)
    (change,) = seen.changes
    assert (change.before.word, change.after.word, change.moves) == ("Not started", "Green/Amber", True)
    assert "300 days" in change.after_reason
    assert (seen.before.term.word, seen.after.term.word) == ("Not started", "Green")
    assert {term.key: number for term, number in seen.after.counts}["green-amber"] == 1
    assert session.scalars(select(LedgerEntry.hash).order_by(LedgerEntry.seq)).all() == before
    assert plan.ratings is None
    assert verify(session).faults == ()


def test_a_preview_of_what_stands_changes_nothing(session, plan, manager):
    assert preview(session, manager, plan.id, preset("default"), TODAY).changes == ()


def test_a_lead_gives_percent_and_confidence_where_the_scheme_asks_for_them(session, plan, milestone, lead, manager):
    rows = {row.preset: row for row in session.scalars(select(RatingScheme))}
    acts.update(session, lead, milestone, percent="40", outcome_confidence="doubtful", outcome_reason="No uptake")
    assert (milestone.percent, milestone.outcome_confidence) == (None, "")
    acts.choose(session, manager, plan, rows["percent-complete"])
    with pytest.raises(Refusal, match="0 to 99") as refused:
        acts.update(session, lead, milestone, percent="100")
    assert refused.value.field == "percent"
    acts.update(session, lead, milestone, percent="40%")
    assert milestone.percent == 40
    acts.choose(session, manager, plan, rows["two-ratings"], LATER)
    with pytest.raises(Refusal, match="Select how confident") as refused:
        acts.update(session, lead, milestone, LATER, outcome_confidence="sure", outcome_reason="No uptake")
    assert refused.value.field == "outcome_confidence"
    with pytest.raises(Refusal, match="Enter why") as refused:
        acts.update(session, lead, milestone, LATER, outcome_confidence="doubtful")
    assert refused.value.field == "outcome_reason"
    before = plan_as_at(session, plan, date(2025, 9, 20)).milestones[0].colour
    acts.update(session, lead, milestone, LATER, outcome_confidence="doubtful", outcome_reason="No uptake")
    row = plan_as_at(session, plan, date(2025, 9, 20)).milestones[0]
    assert (row.outcome_confidence, row.outcome_reason, row.colour) == ("doubtful", "No uptake", before)
    assert plan_as_at(session, plan, date(2025, 9, 20) - timedelta(days=1)).milestones[0].outcome_confidence == ""
    assert verify(session).faults == ()
