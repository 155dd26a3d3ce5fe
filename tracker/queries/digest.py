"""What each person has to be told today: everything, read in bulk and grouped by who leads or manages it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from tracker.queries.boards import council_days
from tracker.queries.digest_rows import (
    WAITS,
    ChangeRow,
    CommitmentLine,
    Due,
    Leads,
    PlanLine,
    Turn,
    behind,
    date_requests,
    due_milestones,
    leads,
    plans,
    turning,
)
from tracker.queries.roster import Roster, roster
from tracker.rules.dates import Precision, london_day, show_day, show_period
from tracker.rules.digest import Digest, Item, Part, crossed, days_words, make, part_of, shorten
from tracker.rules.facts import SignOff
from tracker.rules.rhythm import Period, read_rhythm

_ONE = timedelta(days=1)  # what is recorded in the course of a day is told on the next one
_WEEK = 7
_BEFORE_THE_FIRST = timedelta(days=30)
_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything that somebody has to be told, by who answers for it."""

    of_post: Mapping[int, list[Item]]
    of_plan: Mapping[int, list[Item]]


@dataclass(frozen=True, slots=True)
class DueDigests:
    """Whose day it is, with the period of each, and the digests of those for whom something waits."""

    told: Roster
    periods: Mapping[int, Period]
    digests: Mapping[int, Digest]


def due_digests(session: Session, rhythm: str, now: datetime, last_run: datetime | None) -> DueDigests:
    """Return the digests due at a moment, after the job ran last at another (None: never); `rhythm`: the council's.

    The statements do not grow with people or milestones: who is told and of what is read in bulk.
    """
    today, days = london_day(now), council_days(session)
    told = roster(session, today)
    due, since = {}, {}
    for person in told.people.values():
        if person.away_until is not None:
            continue
        own = read_rhythm(person.digest or rhythm)
        latest = own.latest(now, days)
        if last_run is None or latest.at > last_run:
            due[person.id] = latest
            before = own.latest(last_run, days).at if last_run is not None else now - _BEFORE_THE_FIRST
            since[person.id] = london_day(before)
    found = {key: make(items) for key, items in items_for(session, told, since, today).items()}
    return DueDigests(told, due, {person_id: digest for person_id, digest in found.items() if digest is not None})


def items_for(session: Session, roster: Roster, since: Mapping[int, date], today: date) -> dict[int, list[Item]]:
    """Return what each of some people has to be told; `since` is the day of the last message of each.

    Seven statements beside the roster's, however many people and milestones there are.
    """
    known = plans(session)
    found = _gather(session, roster, known, today)
    posts: dict[int, list[int]] = defaultdict(list)
    for post_id, told in roster.of_post.items():
        for person_id in told:
            posts[person_id].append(post_id)
    managed: dict[int, list[int]] = defaultdict(list)
    for plan_id, told in roster.managers.items():
        for person_id in told:
            managed[person_id].append(plan_id)
    result = {}
    for person_id, last in since.items():
        items: dict[tuple[Part, str], Item] = {}
        own = [item for post_id in posts[person_id] for item in found.of_post.get(post_id, ())]
        theirs = [item for plan_id in managed[person_id] for item in found.of_plan.get(plan_id, ())]
        named = {item.milestone_id for item in own if item.part is not Part.TURNING} - {None}
        for item in (*own, *theirs):
            if item.part is Part.TURNING and item.milestone_id in named:
                continue
            if item.part is Part.SIGN_OFF and item.not_for == person_id:
                continue
            items[item.part, item.path + item.ref] = replace(item, calls=_calls(item, last, today))
        result[person_id] = list(items.values())
    return result


def _calls(item: Item, since: date, today: date) -> bool:
    """Return whether an item calls for a message: it is new, or another week has gone by with it."""
    if item.part in (Part.TOMORROW, Part.WEEK, Part.MONTH):
        return crossed(item.order[0], since, today)
    if item.part is Part.TURNING:
        return any(since < item.order[0] - timedelta(days=ahead) <= today for ahead in (_WEEK, 1))
    weeks = (today - item.begun).days // _WEEK
    return item.begun <= today and since < item.begun + timedelta(days=weeks * _WEEK)


def _gather(session: Session, roster: Roster, known: Mapping[int, PlanLine], today: date) -> _Found:
    of_post: dict[int, list[Item]] = defaultdict(list)
    of_plan: dict[int, list[Item]] = defaultdict(list)
    led = leads(session)
    overdue: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    unanswered: dict[tuple[int, int], int] = defaultdict(int)
    for row in due_milestones(session, today):
        plan = known[row.plan_id]
        for item in _for_leads(row, plan, today):
            for post_id in led.of(row):
                of_post[post_id].append(item)
                if post_id in roster.nobody and item.part is not Part.MONTH:
                    unanswered[row.plan_id, post_id] += 1
        of_plan[row.plan_id] += _for_managers(row, plan, today)
        if row.rule == "3":
            overdue[row.plan_id][0] += 1
            overdue[row.plan_id][1] += bool(row.proposed_text)
    for turn in turning(session, today):
        item = _turning(turn, known[turn.plan_id])
        for post_id in led.of(turn):
            of_post[post_id].append(item)
        of_plan[turn.plan_id].append(item)
    for change in date_requests(session):
        of_plan[change.plan_id].append(_request(change, known[change.plan_id]))
    for line in behind(session, today):
        _commitment(line, known[line.plan_id], led, of_post, of_plan)
    for plan_id, (number, proposed) in overdue.items():
        of_plan[plan_id].append(_count(known[plan_id], number, proposed))
    for (plan_id, post_id), number in unanswered.items():
        of_plan[plan_id].append(_nobody(known[plan_id], post_id, number, roster))
    return _Found(of_post, of_plan)


def _item(part: Part, row: Due | Turn | ChangeRow, plan: PlanLine, says: str, begun: date, due: date | None) -> Item:
    text = "" if plan.sensitive else shorten(row.text)
    return Item(
        part=part,
        ref=row.full_ref,
        text=text,
        plan=plan.name,
        says=says,
        path=f"/milestones/{row.milestone_id}",
        milestone_id=row.milestone_id,
        sensitive=plan.sensitive,
        order=(due or date.max, row.milestone_id),
        begun=begun,
    )


def _for_leads(row: Due, plan: PlanLine, today: date) -> Iterator[Item]:
    when = show_period(row.due_text, row.due, Precision(row.due_precision))
    if row.rule == "3" and row.due is not None:
        if row.proposed_text:
            return  # it waits for whoever decides
        said = f"Was due {when}, {days_words((today - row.due).days)} ago. Update it, or ask for a new date."
        yield _item(Part.OVERDUE, row, plan, said, row.due + _ONE, row.due)
    elif row.rule == "4e":
        yield _item(Part.RETURNED, row, plan, f"Due {when}.", row.from_day + _ONE, row.due)
    elif row.rule == "4g":
        yield _item(Part.CONFIRM, row, plan, f"The new date is {when}.", row.from_day + _ONE, row.due)
    elif row.signoff not in {SignOff.CLAIMED, SignOff.LAPSED, SignOff.APPROVED} and row.due is not None:
        part = part_of(row.due, today)
        if part is not None:
            ahead = (row.due - today).days
            said = f"Due {when}, {'today' if ahead == 0 else 'in ' + days_words(ahead)}."
            yield _item(part, row, plan, said, today, row.due)


def _for_managers(row: Due, plan: PlanLine, today: date) -> Iterator[Item]:
    if row.signoff in WAITS:
        since = row.signoff_day or today
        said = f"{'Lapsed' if row.signoff == SignOff.LAPSED else 'Asked for'} on {show_day(since)}."
        yield replace(_item(Part.SIGN_OFF, row, plan, said, since + _ONE, since), not_for=row.claimed_by_id)
    elif row.check_due is not None and row.check_due <= today:
        said = f"To be checked since {show_day(row.check_due)}."
        yield _item(Part.CHECK, row, plan, said, row.check_due, row.check_due)
    if row.needs_decision:
        said = "It needs a decision." if plan.sensitive else shorten(row.needs_decision)
        yield _item(Part.QUESTION, row, plan, said, _MONDAY, None)


def _turning(row: Turn, plan: PlanLine) -> Item:
    why = "" if plan.sensitive else f" {row.reason}"
    said = f"{row.colour.capitalize()} from {show_day(row.on)} if nothing is recorded.{why}"
    return _item(Part.TURNING, row, plan, said, row.on, row.on)


def _request(row: ChangeRow, plan: PlanLine) -> Item:
    said = f"{row.requested_by} asks to move it from {row.from_text or 'no date'} to {row.to_text}."
    return _item(Part.NEW_DATE, row, plan, said, row.requested_on + _ONE, row.requested_on)


def _commitment(
    line: CommitmentLine,
    plan: PlanLine,
    led: Leads,
    of_post: dict[int, list[Item]],
    of_plan: dict[int, list[Item]],
) -> None:
    """Add a commitment that is behind for its leads, or the question that it waits with for the managers."""
    part = Part.QUESTION if line.question else Part.RECURRING
    said = line.question or ("It is behind." if plan.sensitive else line.reason)
    item = Item(
        part=part,
        ref=line.ref,
        text="" if plan.sensitive else shorten(line.text),
        plan=plan.name,
        says=said,
        path=f"/commitments/{line.id}",
        sensitive=plan.sensitive,
        begun=_MONDAY,
    )
    if line.question:
        of_plan[line.plan_id].append(item)
        return
    for post_id in led.of_workstream(line.workstream_id):
        of_post[post_id].append(item)


def _count(plan: PlanLine, number: int, proposed: int) -> Item:
    waiting = f", of which {proposed} with a new date proposed" if proposed else ""
    return Item(
        part=Part.IN_PLANS,
        ref="",
        text="",
        plan=plan.name,
        says=f"{number} overdue{waiting}.",
        path=f"/plans/{plan.slug}/milestones?due=overdue",
        sensitive=plan.sensitive,
        begun=_MONDAY,
    )


def _nobody(plan: PlanLine, post_id: int, number: int, roster: Roster) -> Item:
    return Item(
        part=Part.NOBODY,
        ref=roster.titles[post_id],
        text="",
        plan=plan.name,
        says=f"{roster.nobody[post_id]} {number} milestone{' waits' if number == 1 else 's wait'} for an answer.",
        path=f"/people/posts/{post_id}",
        sensitive=plan.sensitive,
        begun=_MONDAY,
    )
