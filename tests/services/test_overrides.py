"""A colour set by a person: with a reason, until a day, never Blue and never over a missed deadline."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import TODAY
from tests.services import acts, boards
from tracker.rules.errors import Conflict, Refusal

STARTED = {"started": date(2025, 6, 16)}


@pytest.mark.parametrize(
    ("said", "sentence", "field"),
    [
        ({"colour": "blue"}, "Select Green, Amber or Red.", "colour"),
        ({"colour": "grey"}, "Select Green, Amber or Red.", "colour"),
        ({"colour": ""}, "Select Green, Amber or Red.", "colour"),
        ({"reason": " "}, "Say why the colour should differ from the computed one.", "reason"),
        ({"until": TODAY - timedelta(days=1)}, "Enter a date that is today or later.", "until"),
        ({"colour": "amber"}, "The computed colour is Amber already.", "colour"),
    ],
)
def test_an_override_that_will_not_do_says_which_field_and_what_to_do(
    session, manager, milestone, said, sentence, field
):
    with pytest.raises(Refusal, match=sentence) as refused:
        acts.override(session, manager, milestone, **said)
    assert refused.value.field == field


def test_a_missed_deadline_stays_red(session, manager, milestone):
    with pytest.raises(Refusal, match=r"The deadline has passed: only a new date or a completion changes that."):
        acts.override(session, manager, milestone, acts.at(date(2025, 10, 1)), colour="green")


def test_what_is_signed_off_or_taken_out_keeps_its_colour(session, lead, manager, milestone, withdraw):
    acts.claim(session, lead, milestone)
    acts.decide(session, manager, milestone)
    with pytest.raises(Refusal, match=r"A milestone that is signed off or taken out of the plan keeps its colour."):
        acts.override(session, manager, milestone)
    withdraw(milestone)
    with pytest.raises(Refusal, match="it takes no updates"):
        acts.override(session, manager, milestone)


def test_a_better_colour_stands_until_the_next_meeting_and_a_worse_one_longer(session, lead, manager, milestone, plan):
    acts.update(session, lead, milestone, **STARTED, confidence="at_risk", confidence_reason="The post is vacant.")
    board = boards.board(session, manager, plan)
    boards.meeting(session, manager, board, date(2025, 9, 17))
    with pytest.raises(Refusal, match=r"until the next meeting, 17 September 2025") as refused:
        acts.override(session, manager, milestone, colour="green", until=date(2025, 9, 18))
    assert refused.value.field == "until"
    acts.override(session, manager, milestone, colour="red", until=date(2025, 10, 30))
    acts.end(session, manager, milestone)
    acts.override(session, manager, milestone, colour="green", until=date(2025, 9, 17))
    assert milestone.override_until == date(2025, 9, 17)


@pytest.mark.parametrize("colour", ["red", "amber"])
def test_a_worse_colour_stands_until_its_last_day(session, lead, manager, milestone, colour_on, colour):
    acts.update(session, lead, milestone, **STARTED)
    acts.override(session, manager, milestone, colour=colour, until=date(2025, 9, 20))
    assert colour_on(milestone, date(2025, 9, 20)) == (colour, "6", "override")
    assert colour_on(milestone, date(2025, 9, 21)) == ("green", "6", "")
    assert colour_on(milestone, date(2025, 10, 1))[:2] == ("red", "3")


def test_a_better_colour_stands_where_the_manager_set_it(session, manager, milestone, colour_on):
    acts.override(session, manager, milestone, colour="green")
    assert colour_on(milestone, TODAY) == ("green", "4d", "override")
    assert colour_on(milestone, date(2025, 10, 1))[:2] == ("red", "3"), "it never switches off a missed deadline"


def test_green_over_grey_counts_too(session, manager, milestone, colour_on):
    early = acts.at(date(2025, 7, 1))
    acts.override(session, manager, milestone, early, colour="green", until=date(2025, 7, 31))
    assert colour_on(milestone, early.date()) == ("green", "5", "override")


def test_an_override_on_an_old_form_is_a_conflict(session, lead, manager, milestone):
    opened = milestone.version
    acts.update(session, lead, milestone)
    with pytest.raises(Conflict):
        acts.override(session, manager, milestone, version=opened)


def test_an_override_is_ended_once(session, manager, milestone, colour_on):
    acts.override(session, manager, milestone)
    acts.end(session, manager, milestone)
    assert colour_on(milestone, TODAY) == ("amber", "4d", "")
    with pytest.raises(Refusal, match=r"No colour is set by a person here, so there is nothing to end."):
        acts.end(session, manager, milestone)
