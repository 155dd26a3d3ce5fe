"""Digests: one message for each person whose day it is and for whom there is something to say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.jobs.summary import Summary
from tracker.jobs.workbooks import Enclosed, workbooks_for
from tracker.mail.letters import Workbooks, digest_letter
from tracker.queries.boards import council_days
from tracker.queries.digest import items_for
from tracker.queries.roster import roster
from tracker.rules.dates import london_day
from tracker.rules.delivery import LINK_MARK
from tracker.rules.digest import LEADS_UPDATE, Digest, make
from tracker.rules.rhythm import Period, read_rhythm
from tracker.rules.timetable import DIGEST
from tracker.services import job_runs, outbox
from tracker.services.update_links import Links

_BEFORE_THE_FIRST = timedelta(days=30)


def send_digests(session: Session, settings: Settings, period: Period, now: datetime) -> Summary:
    """Leave a digest to everybody whose rhythm has come round since the last run, in one message all they missed.

    The statements do not grow with people or milestones: who is told and of what is read in bulk.
    """
    today, days = london_day(now), council_days(session)
    last_run = job_runs.last_done(session, DIGEST.name, now, period.key)
    told = roster(session, today)
    due, since = {}, {}
    for person in told.people.values():
        if person.away_until is not None:
            continue
        rhythm = read_rhythm(person.digest or settings.digest)
        latest = rhythm.latest(now, days)
        if last_run is None or latest.at > last_run:
            due[person.id] = latest
            before = rhythm.latest(last_run, days).at if last_run is not None else now - _BEFORE_THE_FIRST
            since[person.id] = london_day(before)
    found = {key: make(items) for key, items in items_for(session, told, since, today).items()}
    digests = {person_id: digest for person_id, digest in found.items() if digest is not None}
    by_workbook = [person_id for person_id in digests if told.people[person_id].workbook]
    enclosed = workbooks_for(session, settings, told, by_workbook, now)
    making = Links(settings.secret_key, settings.link_days)
    links = making.make(session, {*_with_own(digests), *enclosed}, now)
    messages, files = [], []
    for person_id, digest in digests.items():
        person = told.people[person_id]
        until = making.until(now) if person_id in links else None
        workbooks = _said(settings, enclosed[person_id], linked=until is not None) if person_id in enclosed else None
        text, html = digest_letter(digest, person, settings, until, workbooks)
        key = due[person_id].key
        messages.append(
            {
                "dedupe_key": f"digest:{person_id}:{key}",
                "period": key,
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
        if workbooks is not None:
            files += [(f"digest:{person_id}:{key}", *file) for file in enclosed[person_id].files]
    number = outbox.post_many(session, DIGEST.name, messages, files)
    return Summary(f"{number} digests to the {len(due)} people whose day it is")


def _with_own(digests: Mapping[int, Digest]) -> list[int]:
    """Return who is told of milestones of their own, which a link updates."""
    return [
        person_id
        for person_id, digest in digests.items()
        if any(item.part in LEADS_UPDATE for section in digest.sections for item in section.items)
    ]


def _said(settings: Settings, enclosed: Enclosed, *, linked: bool) -> Workbooks:
    """Return what a digest says of the workbooks that go with it: they go back by the link, or where one signs in."""
    pages = [f"{settings.address}/plans/{slug}/workbooks" for slug in enclosed.slugs]
    if linked and pages:
        pages = [f"{settings.address}{LINK_MARK}/workbooks"]
    return Workbooks(len(enclosed.files), enclosed.left_out, enclosed.sensitive, tuple(pages))
