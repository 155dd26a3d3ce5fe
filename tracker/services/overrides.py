"""A colour set by a person: worse with a reason, better only by the improvement manager, until a day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.models import Milestone
from tracker.queries.boards import next_meeting_of_plan
from tracker.rules.colour import RANK, Colour
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Act, Actor
from tracker.rules.status import assess
from tracker.rules.text import clean
from tracker.services import colours
from tracker.services.milestones import act_on, begin, check_version, refuse_closed


def override_colour(
    session: Session,
    actor: Actor,
    now: datetime,
    milestone_id: int,
    version: int,
    token: str,
    *,
    colour: str,
    until: date,
    reason: str,
) -> Milestone:
    """Set a colour until a day. Never Blue, never over a missed deadline; the computed colour stays beside it.

    A better colour stands until the next meeting of a board that the plan reports to, where one is planned.
    """
    opened = begin(session, actor, Act.OVERRIDE, now, milestone_id, token)
    milestone, day = opened.milestone, london_day(now)
    refuse_closed(milestone)
    check_version(milestone, version, {}, {})
    scheme = colours.scheme_of(opened.plan, day)
    if colour not in {Colour.GREEN, Colour.AMBER, Colour.RED}:
        names = [scheme.name(each) for each in (Colour.GREEN, Colour.AMBER, Colour.RED)]
        raise Refusal(f"Select {names[0]}, {names[1]} or {names[2]}.", "colour")
    if not clean(reason):
        raise Refusal("Say why the colour should differ from the computed one.", "reason")
    if until < day:
        raise Refusal("Enter a date that is today or later.", "until")
    facts = colours.facts_today(session, milestone, opened.plan, day)
    verdict = assess(facts, day, scheme)
    if verdict.rule == "3":
        raise Refusal("The deadline has passed: only a new date or a completion changes that.", "colour")
    if verdict.computed in {Colour.BLUE, Colour.NONE}:
        raise Refusal("A milestone that is signed off or taken out of the plan keeps its colour.", "colour")
    if colour == verdict.computed:
        raise Refusal(f"The computed colour is {scheme.name(verdict.computed)} already.", "colour")
    improves = RANK[Colour(colour)] >= RANK[verdict.computed]
    meeting = next_meeting_of_plan(session, opened.plan.id, day) if improves else None
    if meeting is not None and until > meeting:
        raise Refusal(
            f"A better colour stands until the next meeting, {show_day(meeting)}. Enter that day or an earlier one.",
            "until",
        )
    values = {
        "override_colour": colour,
        "override_until": until,
        "override_reason": clean(reason),
        "override_improves": improves,
    }
    act_on(session, opened, actor, now, "overrode the colour", values, clean(reason))
    return milestone


def end_override(
    session: Session, actor: Actor, now: datetime, milestone_id: int, version: int, token: str
) -> Milestone:
    """Let the computed colour stand again."""
    opened = begin(session, actor, Act.OVERRIDE, now, milestone_id, token)
    if not opened.milestone.override_colour:
        raise Refusal("No colour is set by a person here, so there is nothing to end.")
    check_version(opened.milestone, version, {}, {})
    values = {"override_colour": "", "override_until": None, "override_reason": "", "override_improves": False}
    act_on(session, opened, actor, now, "ended the override", values)
    return opened.milestone
