"""What waits for a decision, and the ledger of deadlines as it stood on a day."""

from __future__ import annotations

from datetime import date

from tests.queries.conftest import TODAY
from tests.services import acts
from tests.statements import counted
from tracker.models import DeadlineChange
from tracker.queries.deadlines import deadline_ledger
from tracker.queries.decisions import decisions_needed
from tracker.queries.matters import matters_of
from tracker.queries.plans import find_plan
from tracker.services import matters


def needed(story, day=TODAY):
    now = story.on(day, max(day, TODAY))
    found = decisions_needed(now, deadline_ledger(story.session, story.plan.id, day, TODAY))
    return [(need.kind, need.milestone.full_ref) for need in found]


def test_what_waits_is_listed_most_pressing_first(story):
    assert needed(story) == [("new date", "1a.1"), ("unplaced", "6")]
    assert needed(story, date(2025, 10, 5)) == [
        ("sign-off", "1a.2"),
        ("new date required", "1a.1"),
        ("unplaced", "6"),
    ]


def test_the_sentences_say_who_asks_for_what_and_since_when(story):
    day = date(2025, 10, 10)
    moves = deadline_ledger(story.session, story.plan.id, day, TODAY)
    asked, waiting, _ = decisions_needed(story.on(day), moves)
    assert asked.sentence == "SEND Senior Manager asks to move the deadline from Sep 2025 to Dec 2025."
    assert asked.reason == "The post was vacant."
    assert (asked.act, asked.change_id) == ("Decide the new date", moves[0].id)
    assert (
        waiting.sentence == "Completion is claimed with evidence and has waited for sign-off since 29 September 2025."
    )
    assert waiting.act == "Approve or return"


def test_an_overdue_sign_off_waits_all_the_more(story):
    claimed = acts.claim(story.session, story.lead, story.object("1a.3"), acts.at(TODAY))
    assert ("sign-off", "1a.3") in needed(story, date(2025, 12, 20))
    assert claimed.signoff == "claimed"


def test_a_lapsed_signature_waits_for_a_new_decision(story):
    acts.give(story.session, story.lead, story.object("1a.2"), acts.at(TODAY))
    moves = deadline_ledger(story.session, story.plan.id, TODAY, TODAY)
    (need,) = [need for need in decisions_needed(story.on(TODAY), moves) if need.kind == "sign-off"]
    assert need.sentence == "What was signed off has changed, so the completion waits for a new decision."


def test_what_is_out_of_the_plan_asks_nothing(story):
    story.object("1a.5").needs_decision = "Which one?"
    story.session.flush()
    assert ("question", "1a.5") not in needed(story)


def test_the_deadline_ledger_stands_as_it_did_on_the_day(story):
    change = story.session.get_one(DeadlineChange, deadline_ledger(story.session, story.plan.id, TODAY, TODAY)[0].id)
    acts.settle(story.session, story.manager, story.object("1a.1"), change, acts.at(TODAY), minute="5.2")
    (now,) = deadline_ledger(story.session, story.plan.id, TODAY, TODAY)
    assert (now.full_ref, now.state, now.decision_level, now.minute) == ("1a.1", "approved", "board", "5.2")
    assert (now.original_text, now.from_text, now.to_text, now.decided_on) == (
        "Sep 2025",
        "Sep 2025",
        "Dec 2025",
        TODAY,
    )
    (then,) = deadline_ledger(story.session, story.plan.id, date(2025, 10, 21), TODAY)
    assert (then.state, then.decided_by, then.decided_on, then.minute) == ("requested", "", None, "")
    assert deadline_ledger(story.session, story.plan.id, date(2025, 10, 7), TODAY) == []
    assert deadline_ledger(story.session, story.plan.id, TODAY, TODAY, story.object("1a.2").id) == []


def test_the_deadline_ledger_takes_one_statement(story):
    with counted(story.session) as statements:
        deadline_ledger(story.session, story.plan.id, TODAY, TODAY)
    assert len(statements) == 1


def test_what_is_put_to_the_board_waits_with_the_sign_offs_until_it_is_settled(story):
    milestone = story.object("1a.3")
    at = acts.at(TODAY)
    put = matters.put_to_board(story.session, story.lead, at, milestone.id, acts.token(), "suspension", "Schools close")
    row = find_plan(story.session, story.plan.slug)[0]
    found = matters_of(story.session, row, TODAY)
    (need,) = [one for one in decisions_needed(story.on(TODAY), [], found) if one.kind == "suspension"]
    assert (need.milestone.full_ref, need.reason) == ("1a.3", "Schools close")
    assert need.sentence == "SEND Senior Manager asks the board to suspend it."
    matters.take_back(story.session, story.lead, at, milestone.id, put.id, acts.token(), "They stay open")
    found = matters_of(story.session, row, TODAY)
    assert not [one for one in decisions_needed(story.on(TODAY), [], found) if one.kind == "suspension"]
