"""Digests: one message for each person whose day it is and for whom there is something to say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.jobs.summary import Summary
from tracker.jobs.workbooks import Enclosed, workbooks_for
from tracker.mail.letters import Workbooks, digest_letter
from tracker.queries.digest import due_digests
from tracker.rules.delivery import LINK_MARK
from tracker.rules.digest import LEADS_UPDATE, Digest
from tracker.rules.rhythm import Period
from tracker.rules.timetable import DIGEST
from tracker.services import job_runs, outbox
from tracker.services.update_links import Links


def send_digests(session: Session, settings: Settings, period: Period, now: datetime) -> Summary:
    """Leave a digest to everybody whose rhythm has come round since the last run, in one message all they missed."""
    due = due_digests(session, settings.digest, now, job_runs.last_done(session, DIGEST.name, now, period.key))
    people = due.told.people
    enclosed = workbooks_for(session, settings, due.told, [key for key in due.digests if people[key].workbook], now)
    making = Links(settings.secret_key, settings.link_days)
    links = making.make(session, {*_with_own(due.digests), *enclosed}, now)
    messages: list[dict[str, Any]] = []
    files: list[tuple[str, str, bytes]] = []
    for person_id, digest in due.digests.items():
        person = people[person_id]
        until = making.until(now) if person_id in links else None
        sent = enclosed.get(person_id)
        workbooks = _said(settings, sent, linked=until is not None) if sent else None
        text, html = digest_letter(digest, person, settings, until, workbooks)
        period_key = due.periods[person_id].key
        key = f"{DIGEST.name}:{person_id}:{period_key}"
        messages.append(
            {
                "dedupe_key": key,
                "period": period_key,
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
        files += [(key, *file) for file in (sent.files if sent else ())]
    number = outbox.post_many(session, DIGEST.name, messages, files)
    return Summary(f"{number} digests to the {len(due.periods)} people whose day it is")


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
