"""Notices that follow a board's calendar: a window opens, it is about to close, a pack has been issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.jobs.summary import Summary
from tracker.mail.letters import Frame, listed_letter
from tracker.queries.boards import council_days
from tracker.queries.digest_rows import Leads, PlanLine, leads, plans
from tracker.queries.roster import Reader, Roster, roster
from tracker.queries.windows import Issued, OpenMilestone, OpenWindow, issued_since, open_milestones, open_windows
from tracker.rules.dates import london_day, show_day
from tracker.rules.digest import MOST, Digest, Item, Part, Section, shorten
from tracker.rules.timetable import WINDOWS
from tracker.services import outbox
from tracker.services.update_links import Links

_LOOK_BACK = timedelta(days=14)
"""How long after a pack was issued it is still news, for a worker that did not run."""
_WARNS = 2
"""How many working days before a window closes those are told who have not confirmed."""
_OF_A_WINDOW = "You get this once when a window opens, and once before it closes if anything of yours is not confirmed."
_OF_A_PACK = "You get this once for each pack."


@dataclass(frozen=True, slots=True)
class _Notice:
    """What one person is told; `own` says that it lists milestones of theirs, which a link of theirs updates."""

    key: str
    person: Reader
    digest: Digest
    intro: str
    foot: str
    own: bool = True

    @property
    def message_key(self) -> str:
        """Return the key that the message can have only once."""
        return f"{self.key}:{self.person.id}"


def tell_of_windows(session: Session, settings: Settings, now: datetime) -> Summary:
    """Leave the notices that are due and were not left before.

    What is told of follows from the day and from the keys of messages, so a worker that comes late tells of a window
    that is still open, and of none that is over. Twelve statements at most.
    """
    today, days = london_day(now), council_days(session)
    known, told = plans(session), roster(session, today)
    notices: list[_Notice] = []
    windows = open_windows(session, today, days)
    if windows:
        led = leads(session)
        rows: dict[int, list[OpenMilestone]] = defaultdict(list)
        for row in open_milestones(session, today):
            rows[row.plan_id].append(row)
        for window in windows:
            own = _by_person(window, rows, told, led)
            notices += _opens(window, own, known, told)
            if today >= days.add(window.dates.closes, -_WARNS):
                notices += _closes(window, own, known, told)
    for pack in issued_since(session, now - _LOOK_BACK):
        notices += _issued(pack, known[pack.plan_id], told)
    number = _leave(session, notices, settings, now)
    return Summary(f"{number} notices; {len(windows)} update windows are open")


def _leave(session: Session, notices: list[_Notice], settings: Settings, now: datetime) -> int:
    """Write what was not told before, with a link for each person who is told of milestones of their own."""
    there = outbox.left_already(session, WINDOWS.name, {notice.key for notice in notices})
    new = [notice for notice in notices if notice.message_key not in there]
    making = Links(settings.secret_key, settings.link_days)
    links = making.make(session, {notice.person.id for notice in new if notice.own}, now)
    messages = []
    for notice in new:
        link = links.get(notice.person.id, "") if notice.own else ""
        frame = Frame(notice.intro, notice.foot, making.until(now) if link else None)
        text, html = listed_letter(notice.digest, notice.person, settings, frame)
        messages.append(
            {
                "dedupe_key": notice.message_key,
                "period": notice.key,
                "to_person_id": notice.person.id,
                "to_address": notice.person.email,
                "subject": notice.digest.subject,
                "body": text,
                "html": html,
                "link": link,
                "sensitive": notice.digest.sensitive,
                "created_at": now,
            }
        )
    return outbox.post_many(session, WINDOWS.name, messages)


def _by_person(
    window: OpenWindow, rows: dict[int, list[OpenMilestone]], told: Roster, led: Leads
) -> dict[int, list[OpenMilestone]]:
    """Return what each lead can confirm in a window."""
    found: dict[int, dict[int, OpenMilestone]] = defaultdict(dict)
    for plan_id in window.plan_ids:
        for row in rows[plan_id]:
            for post_id in led.of(row):
                for person_id in told.of_post.get(post_id, ()):
                    found[person_id][row.milestone_id] = row
    return {person_id: list(there.values()) for person_id, there in found.items()}


def _opens(
    window: OpenWindow,
    own: dict[int, list[OpenMilestone]],
    known: dict[int, PlanLine],
    told: Roster,
) -> Iterator[_Notice]:
    subject = f"Improvement plans: update by {show_day(window.dates.closes)}"
    intro = (
        f"The update window for {window.board} on {show_day(window.dates.meeting)} is open until "
        f"{show_day(window.dates.closes)}. The data are as at {show_day(window.dates.cut_off)}."
    )
    for person_id, rows in own.items():
        section = _section("Yours to confirm or update", rows, known, "Say whether it is on track.")
        digest = Digest(subject, (section,), _any(rows, known))
        yield _Notice(f"window {window.meeting_id} opens", told.people[person_id], digest, intro, _OF_A_WINDOW)


def _closes(
    window: OpenWindow,
    own: dict[int, list[OpenMilestone]],
    known: dict[int, PlanLine],
    told: Roster,
) -> Iterator[_Notice]:
    for person_id, rows in own.items():
        left = [row for row in rows if row.updated_on is None or row.updated_on < window.dates.opens]
        if not left:
            continue
        subject = f"Improvement plans: {len(left)} not confirmed, the window closes on {show_day(window.dates.closes)}"
        intro = (
            f"The update window for {window.board} on {show_day(window.dates.meeting)} closes on "
            f"{show_day(window.dates.closes)}."
        )
        section = _section("Not confirmed in this window", left, known, "Not confirmed since it opened.")
        digest = Digest(subject, (section,), _any(left, known))
        yield _Notice(f"window {window.meeting_id} closes", told.people[person_id], digest, intro, _OF_A_WINDOW)


def _issued(pack: Issued, plan: PlanLine, told: Roster) -> Iterator[_Notice]:
    board = f" for {pack.board}" if pack.board else ""
    subject = f"Improvement plans: a pack{board} has been issued"
    item = Item(
        part=Part.IN_PLANS,
        ref="",
        text="",
        plan=plan.name,
        says=f"Pack {pack.number}, with data as at {show_day(pack.as_at)}.",
        path=f"/packs/{pack.id}",
        sensitive=plan.sensitive,
    )
    digest = Digest(subject, (Section("Issued", (item,), 0),), plan.sensitive)
    intro = f"A pack{board} was issued on {show_day(london_day(pack.issued_at))}."
    for person_id in pack.readers:
        person = told.people.get(person_id)
        if person is not None:
            yield _Notice(f"pack {pack.id} issued", person, digest, intro, _OF_A_PACK, own=False)


def _section(title: str, rows: list[OpenMilestone], known: dict[int, PlanLine], says: str) -> Section:
    items = tuple(
        Item(
            part=Part.OVERDUE,
            ref=row.full_ref,
            text="" if known[row.plan_id].sensitive else shorten(row.text),
            plan=known[row.plan_id].name,
            says=f"Last updated on {show_day(row.updated_on)}." if row.updated_on else says,
            path=f"/milestones/{row.milestone_id}",
            milestone_id=row.milestone_id,
        )
        for row in rows[:MOST]
    )
    return Section(title, items, max(len(rows) - MOST, 0))


def _any(rows: list[OpenMilestone], known: dict[int, PlanLine]) -> bool:
    return any(known[row.plan_id].sensitive for row in rows)
