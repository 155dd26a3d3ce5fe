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
from tracker.queries.chases import asked_so_far, reminded_so_far
from tracker.queries.digest_rows import WAITS, Due, Leads, PlanLine, due_milestones, leads, plans
from tracker.queries.roster import Roster, roster
from tracker.rules.dates import Precision, london_day, show_day, show_period
from tracker.rules.digest import MOST, Digest, Item, Part, Section, days_words, shorten
from tracker.rules.escalation import About, Asked, Rung, next_reminder, next_rung
from tracker.rules.facts import SignOff
from tracker.rules.rhythm import Period, read_rhythm
from tracker.rules.timetable import DIGEST, ESCALATION
from tracker.rules.working_days import WorkingDays
from tracker.services import job_runs, outbox
from tracker.services.update_links import Links

_NOBODY_SENIOR = "No senior responsible officer is named in the settings of the plan."
_TITLES = {
    (About.DEADLINE, Rung.LEAD): "Overdue: an update or a new date is needed",
    (About.DEADLINE, Rung.MANAGER): "Overdue, and the lead has not answered",
    (About.DEADLINE, Rung.SENIOR): "Overdue, and neither lead nor improvement manager has answered",
    (About.SIGN_OFF, Rung.MANAGER): "Waiting for your sign-off",
    (About.SIGN_OFF, Rung.SENIOR): "Sign-off waits, and no improvement manager has decided",
}
_INTRO = {
    frozenset({About.DEADLINE}): "These milestones are past their deadline.",
    frozenset({About.SIGN_OFF}): "These milestones wait for sign-off: nobody has approved or returned them.",
    frozenset(About): "These milestones are past their deadline, or wait for sign-off.",
}
_FOOT = (
    "You get this once for each milestone and step. An update, a request for a new date and a decision about a "
    "completion are answers."
)


@dataclass(frozen=True, slots=True)
class _Told:
    """One milestone told to one person (None: to nobody), on one rung."""

    row: Due
    plan: PlanLine
    rung: Rung
    person_id: int | None
    words: str
    about: About = About.DEADLINE

    @property
    def since(self) -> date:
        """Return the deadline that has passed, or the day on which sign-off was asked for."""
        found = self.row.signoff_day if self.about is About.SIGN_OFF else self.row.due
        assert found is not None  # only what has one is told of
        return found


def escalate(session: Session, settings: Settings, period: Period, now: datetime) -> Summary:
    """Tell whoever is next on the ladder of what is overdue or waits for sign-off, and keep who was told when.

    Some eleven statements, however many people and milestones there are.
    """
    today, days = london_day(now), council_days(session)
    known, told, led = plans(session), roster(session, today), leads(session)
    before, reminded = asked_so_far(session, today), reminded_so_far(session)
    found: list[_Told] = []
    for row in due_milestones(session, today):
        if row.signoff in WAITS and row.signoff_day is not None:
            rung = next_reminder(row.signoff_day, reminded.get(row.milestone_id, ()), today, settings.grace_days, days)
            if rung is not None:
                found += _tell(row, known[row.plan_id], rung, told, led, About.SIGN_OFF)
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
    messages = _messages(apart, {About.DEADLINE: before, About.SIGN_OFF: reminded}, told, settings, period, now, links)
    number = outbox.post_many(session, ESCALATION.name, messages)
    keys = {message["to_person_id"]: message["dedupe_key"] for message in messages}
    if found:
        rows = [
            {
                "plan_id": one.plan.id,
                "milestone_id": one.row.milestone_id,
                "due": one.since,
                "about": one.about.value,
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
    milestones = len({one.row.milestone_id for one in found})
    said = f"{number} message{'' if number == 1 else 's'} about {milestones} milestone{'' if milestones == 1 else 's'}"
    return Summary(said)


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


def _tell(
    row: Due, plan: PlanLine, rung: Rung, told: Roster, led: Leads, about: About = About.DEADLINE
) -> Iterator[_Told]:
    """Yield whom a rung reaches; where nobody is on it, that is kept and the next one is told at once."""
    if rung is Rung.LEAD:
        posts = led.answers(row)
        reached = [(person, told.titles[post]) for post in posts for person in told.of_post.get(post, ())]
        why = told.nobody.get(posts[0], "") if posts else "No post leads it."
        following = Rung.MANAGER
    elif rung is Rung.MANAGER:
        own = row.claimed_by_id if about is About.SIGN_OFF else None  # nobody signs off their own claim
        reached = [(person, "Improvement manager") for person in told.managers.get(plan.id, ()) if person != own]
        why, following = "The plan has no improvement manager who is there and may decide.", Rung.SENIOR
    else:
        post = plan.senior_post_id or 0
        reached = [(person, told.titles[post]) for person in told.of_post.get(post, ())]
        why = told.nobody.get(post, _NOBODY_SENIOR)
    if not reached:
        yield _Told(row, plan, rung, None, why, about)
        if rung is not Rung.SENIOR:
            yield from _tell(row, plan, following, told, led, about)
    for person_id, post_title in dict(reached).items():
        yield _Told(row, plan, rung, person_id, f"{post_title} ({told.people[person_id].name})", about)


def _messages(
    found: list[_Told],
    asked: Mapping[About, Mapping[int, list[Asked]]],
    told: Roster,
    settings: Settings,
    period: Period,
    now: datetime,
    links: Mapping[int, str],
) -> list[dict[str, Any]]:
    """Return one message for each person, with everything that they are told today."""
    today = london_day(now)
    until = Links(settings.secret_key, settings.link_days).until(now)
    by_person: dict[int, dict[tuple[About, Rung], list[Item]]] = defaultdict(lambda: defaultdict(list))
    unreached: dict[tuple[About, int], str] = defaultdict(str)
    for one in found:
        if one.person_id is None:
            unreached[one.about, one.row.milestone_id] += f"{one.words} "
    for one in found:
        if one.person_id is not None:
            before = asked[one.about].get(one.row.milestone_id, [])
            said = unreached.get((one.about, one.row.milestone_id)) or _since(before, one.rung, one.about)
            by_person[one.person_id][one.about, one.rung].append(_item(one, said, today))
    messages = []
    for person_id, there in by_person.items():
        person = told.people[person_id]
        sections = tuple(
            Section(title, tuple(there[key][:MOST]), max(len(there[key]) - MOST, 0))
            for key, title in _TITLES.items()
            if key in there
        )
        digest = Digest(_subject(there), sections, any(item.sensitive for items in there.values() for item in items))
        intro = _INTRO[frozenset(about for about, _ in there)]
        frame = Frame(intro, _FOOT, until if person_id in links else None)
        text, html = listed_letter(digest, person, settings, frame)
        messages.append(
            {
                "dedupe_key": f"escalation:{person_id}:{period.key}",
                "period": period.key,
                "to_person_id": person_id,
                "to_address": person.email,
                "subject": digest.subject,
                "body": text,
                "html": html,
                "link": links.get(person_id, ""),
                "sensitive": digest.sensitive,
                "created_at": now,
            }
        )
    return messages


def _subject(found: Mapping[tuple[About, Rung], list[Item]]) -> str:
    """Return the subject: how much is overdue, and how many sign-offs wait."""
    said = []
    overdue = {item.milestone_id for (about, _), items in found.items() if about is About.DEADLINE for item in items}
    waiting = {item.milestone_id for (about, _), items in found.items() if about is About.SIGN_OFF for item in items}
    if overdue:
        silent = any(about is About.DEADLINE and rung is not Rung.LEAD for about, rung in found)
        words = f"{len(overdue)} overdue milestone{'' if len(overdue) == 1 else 's'}"
        said.append(f"{words}{' without an answer' if silent else ''}")
    if waiting:
        said.append(f"{len(waiting)} sign-off{' waits' if len(waiting) == 1 else 's wait'}")
    return f"Improvement plans: {', '.join(said)}"


def _item(one: _Told, said: str, today: date) -> Item:
    row, ago = one.row, days_words((today - one.since).days)
    if one.about is About.SIGN_OFF:
        what = f"{'Lapsed' if row.signoff == SignOff.LAPSED else 'Asked for'} on {show_day(one.since)}, {ago} ago."
    else:
        what = f"Was due {show_period(row.due_text, one.since, Precision(row.due_precision))}, {ago} ago."
    return Item(
        part=Part.OVERDUE if one.rung is Rung.LEAD else Part.IN_PLANS,
        ref=row.full_ref,
        text="" if one.plan.sensitive else shorten(row.text),
        plan=one.plan.name,
        says=f"{what} {said}".strip(),
        path=f"/milestones/{row.milestone_id}",
        milestone_id=row.milestone_id,
        sensitive=one.plan.sensitive,
    )


def _since(asked: list[Asked], rung: Rung, about: About) -> str:
    """Say since when the one before has not answered."""
    last = next((one for one in reversed(asked) if one.rung is not rung), None)
    if rung is Rung.LEAD or last is None:
        return ""
    if about is About.SIGN_OFF:
        return f"The improvement manager was reminded on {show_day(last.on)}."
    who = "The lead was asked" if last.rung is Rung.LEAD else "The improvement manager was told"
    return f"{who} on {show_day(last.on)}."
