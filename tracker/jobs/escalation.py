"""The ladder for what is overdue and silent: whom to tell today, in one message each, and a record of whom we told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.jobs.summary import Summary
from tracker.mail.letters import Frame, listed_letter
from tracker.models import Chase
from tracker.queries.boards import council_days
from tracker.queries.chases import asked_so_far
from tracker.queries.digest_rows import Due, Leads, PlanLine, due_milestones, leads, plans
from tracker.queries.roster import Roster, roster
from tracker.rules.dates import Precision, london_day, show_day, show_period
from tracker.rules.digest import MOST, Digest, Item, Part, Section, days_words, shorten
from tracker.rules.escalation import Asked, Rung, next_rung
from tracker.rules.rhythm import Period, read_rhythm
from tracker.rules.timetable import DIGEST, ESCALATION
from tracker.rules.working_days import WorkingDays
from tracker.services import job_runs, outbox
from tracker.services.update_links import Links

_NOBODY_SENIOR = "No senior responsible officer is named in the settings of the plan."
_TITLES = {
    Rung.LEAD: "Overdue: an update or a new date is needed",
    Rung.MANAGER: "Overdue, and the lead has not answered",
    Rung.SENIOR: "Overdue, and neither lead nor improvement manager has answered",
}
_FOOT = "You get this once for each milestone and step. An update, or a request for a new date, is an answer."


@dataclass(frozen=True, slots=True)
class _Told:
    """One milestone told to one person (None: to nobody), on one rung."""

    row: Due
    plan: PlanLine
    rung: Rung
    person_id: int | None
    words: str


def escalate(session: Session, settings: Settings, period: Period, now: datetime) -> Summary:
    """Tell whoever is next on the ladder of each overdue milestone, and keep who was told when.

    Some ten statements, however many people and milestones there are.
    """
    today, days = london_day(now), council_days(session)
    known, told, led = plans(session), roster(session, today), leads(session)
    before = asked_so_far(session, today)
    found: list[_Told] = []
    for row in due_milestones(session, today):
        if row.rule != "3" or row.proposed_text or row.due is None:
            continue
        asked = before.get(row.milestone_id, [])
        rung = next_rung(row.due, asked, row.updated_on, today, settings.grace_days, days)
        if rung is not None:
            found += _tell(row, known[row.plan_id], rung, told, led)
    in_digest = _in_digest(session, found, before, told, settings, now, days)
    apart = [one for one in found if (one.person_id, one.row.milestone_id) not in in_digest]
    to_ask = {one.person_id for one in apart if one.person_id is not None and one.rung is Rung.LEAD}
    making = Links(settings.secret_key, settings.link_days)
    links = making.make(session, to_ask, now)
    messages = _messages(apart, before, told, settings, period, now, links)
    number = outbox.post_many(session, ESCALATION.name, messages)
    keys = {message["to_person_id"]: message["dedupe_key"] for message in messages}
    if found:
        rows = [
            {
                "plan_id": one.plan.id,
                "milestone_id": one.row.milestone_id,
                "due": one.row.due,
                "rung": one.rung.value,
                "person_id": one.person_id,
                "told": one.words,
                "message_key": in_digest.get((one.person_id, one.row.milestone_id), keys.get(one.person_id, "")),
                "chased_on": today,
                "chased_at": now,
            }
            for one in found
        ]
        session.execute(insert(Chase).execution_options(render_nulls=True), rows)  # one statement, nulls or not
    return Summary(f"{number} messages about {len({one.row.milestone_id for one in found})} milestones")


def _in_digest(
    session: Session,
    found: list[_Told],
    before: dict[int, list[Asked]],
    told: Roster,
    settings: Settings,
    now: datetime,
    days: WorkingDays,
) -> dict[tuple[int | None, int], str]:
    """Return what leads read in their digest of today anyway, with the key of that: no second message says it.

    What has just become overdue calls for a digest; what is asked for again may not, and has a message of its own.
    """
    last_run = job_runs.last_done(session, DIGEST.name, now)
    keys: dict[tuple[int | None, int], str] = {}
    for one in found:
        if one.person_id is None or one.rung is not Rung.LEAD or before.get(one.row.milestone_id):
            continue
        latest = read_rhythm(told.people[one.person_id].digest or settings.digest).latest(now, days)
        if last_run is None or latest.at > last_run or london_day(latest.at) == london_day(now):
            keys[one.person_id, one.row.milestone_id] = f"{DIGEST.name}:{one.person_id}:{latest.key}"
    return keys


def _tell(row: Due, plan: PlanLine, rung: Rung, told: Roster, led: Leads) -> Iterator[_Told]:
    """Yield whom a rung reaches; where nobody is on it, that is kept and the next one is told at once."""
    if rung is Rung.LEAD:
        posts = led.answers(row)
        reached = [(person, told.titles[post]) for post in posts for person in told.of_post.get(post, ())]
        why = told.nobody.get(posts[0], "") if posts else "No post leads it."
        following = Rung.MANAGER
    elif rung is Rung.MANAGER:
        reached = [(person, "Improvement manager") for person in told.managers.get(plan.id, ())]
        why, following = "The plan has no improvement manager who is there.", Rung.SENIOR
    else:
        post = plan.senior_post_id or 0
        reached = [(person, told.titles[post]) for person in told.of_post.get(post, ())]
        why = told.nobody.get(post, _NOBODY_SENIOR)
    if not reached:
        yield _Told(row, plan, rung, None, why)
        if rung is not Rung.SENIOR:
            yield from _tell(row, plan, following, told, led)
    for person_id, post_title in dict(reached).items():
        yield _Told(row, plan, rung, person_id, f"{post_title} ({told.people[person_id].name})")


def _messages(
    found: list[_Told],
    before: dict[int, list[Asked]],
    told: Roster,
    settings: Settings,
    period: Period,
    now: datetime,
    links: Mapping[int, str],
) -> list[dict[str, Any]]:
    """Return one message for each person, with everything that they are told today."""
    today = london_day(now)
    until = Links(settings.secret_key, settings.link_days).until(now)
    by_person: dict[int, dict[Rung, list[Item]]] = defaultdict(lambda: defaultdict(list))
    unreached = {one.row.milestone_id: one.words for one in found if one.person_id is None and one.rung is Rung.LEAD}
    for one in found:
        if one.person_id is not None:
            said = unreached.get(one.row.milestone_id, "") or _since(before.get(one.row.milestone_id, []), one.rung)
            by_person[one.person_id][one.rung].append(_item(one, said, today))
    messages = []
    for person_id, rungs in by_person.items():
        person = told.people[person_id]
        sections = tuple(
            Section(_TITLES[rung], tuple(rungs[rung][:MOST]), max(len(rungs[rung]) - MOST, 0))
            for rung in Rung
            if rungs[rung]
        )
        items = [item for there in rungs.values() for item in there]
        number = len({item.milestone_id for item in items})
        silent = any(section.title != _TITLES[Rung.LEAD] for section in sections)
        words = f"{number} overdue milestone{'' if number == 1 else 's'}{' without an answer' if silent else ''}"
        subject = f"Improvement plans: {words}"
        digest = Digest(subject, sections, any(item.sensitive for item in items))
        frame = Frame("These milestones are past their deadline.", _FOOT, until if person_id in links else None)
        text, html = listed_letter(digest, person, settings, frame)
        messages.append(
            {
                "dedupe_key": f"escalation:{person_id}:{period.key}",
                "period": period.key,
                "to_person_id": person_id,
                "to_address": person.email,
                "subject": subject,
                "body": text,
                "html": html,
                "link": links.get(person_id, ""),
                "sensitive": digest.sensitive,
                "created_at": now,
            }
        )
    return messages


def _item(one: _Told, said: str, today: date) -> Item:
    row = one.row
    assert row.due is not None  # only what is overdue is told of
    when = show_period(row.due_text, row.due, Precision(row.due_precision))
    return Item(
        part=Part.OVERDUE if one.rung is Rung.LEAD else Part.IN_PLANS,
        ref=row.full_ref,
        text="" if one.plan.sensitive else shorten(row.text),
        plan=one.plan.name,
        says=f"Was due {when}, {days_words((today - row.due).days)} ago. {said}".strip(),
        path=f"/milestones/{row.milestone_id}",
        milestone_id=row.milestone_id,
        sensitive=one.plan.sensitive,
    )


def _since(asked: list[Asked], rung: Rung) -> str:
    """Say since when the one before has not answered."""
    last = next((one for one in reversed(asked) if one.rung is not rung), None)
    if rung is Rung.LEAD or last is None:
        return ""
    who = "The lead was asked" if last.rung is Rung.LEAD else "The improvement manager was told"
    return f"{who} on {show_day(last.on)}."
