"""The workbooks that go with a digest: of each plan, what the posts of its reader lead there, to be filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.exports.lead_workbook import Sending, render_lead_workbook
from tracker.exports.lead_workbook_zip import workbook_name
from tracker.models import LeadAssignment, Plan
from tracker.queries.lead_workbooks import lead_sheets
from tracker.queries.plans import find_plan
from tracker.queries.roster import Roster
from tracker.rules.dates import london_day
from tracker.rules.workbook_keys import workbook_secret

MOST_FILES = 6
MOST_BYTES = 4 * 1024 * 1024
"""So much goes with one message; mail servers refuse more than some ten megabytes, written out as text."""
MOST_ROWS = 400
"""A post that leads more in one plan takes its workbook out of the tracker."""


@dataclass(slots=True)
class Enclosed:
    """What goes with the digest of one person.

    `files` is empty where none can go along: by Notify, or where there is too much. `sensitive` says that a plan is
    left out because it is kept out of messages.
    """

    files: list[tuple[str, bytes]] = field(default_factory=list)
    left_out: int = 0
    sensitive: bool = False
    slugs: list[str] = field(default_factory=list)
    """Of the plans that there are workbooks of."""

    def add(self, name: str, content: bytes) -> None:
        """Take one more workbook in, or count it as left out where it is too much."""
        size = sum(len(data) for _, data in self.files)
        if not content or len(self.files) >= MOST_FILES or size + len(content) > MOST_BYTES:
            self.left_out += 1
        elif name not in {taken for taken, _ in self.files}:
            self.files.append((name, content))
        else:
            self.files.append((f"{len(self.files) + 1}-{name}", content))


def workbooks_for(
    session: Session, settings: Settings, told: Roster, people: Collection[int], now: datetime
) -> dict[int, Enclosed]:
    """Return what goes with the digest of each of some people; nobody is in it who leads nothing that is open.

    Each workbook is made once, whoever shares the post. Nine statements for each plan, and two; not for each person.
    """
    posts = {post_id: readers for post_id, there in told.of_post.items() if (readers := set(there) & set(people))}
    leading = (
        select(Plan.id, Plan.slug, Plan.sensitive, LeadAssignment.post_id)
        .join(LeadAssignment, LeadAssignment.plan_id == Plan.id)
        .where(LeadAssignment.ended.is_(None), LeadAssignment.post_id.in_(list(posts)))
        .distinct()
        .order_by(Plan.id, LeadAssignment.post_id)
    )
    found: dict[int, Enclosed] = defaultdict(Enclosed)
    of_plan: dict[str, list[int]] = defaultdict(list)
    for _, slug, sensitive, post_id in session.execute(leading) if posts else ():
        if not sensitive:
            of_plan[slug].append(post_id)
            continue
        for person_id in posts[post_id]:
            found[person_id].sensitive = True
    attached = settings.mail.way != "notify"
    for slug, there in of_plan.items():
        plan = find_plan(session, slug)
        assert plan is not None
        day = london_day(now)
        sheets = lead_sheets(session, plan[0].id, day, frozenset(there))
        sending = Sending(
            plan[0],
            plan[0].ratings.on(day).vocabulary,
            now,
            sheets.seq,
            workbook_secret(settings.secret_key),
            by_message=True,
        )
        for sheet in sheets.leads:
            small = attached and len(sheet.rows) <= MOST_ROWS
            content = render_lead_workbook(sending, sheet) if small else b""
            for person_id in posts[sheet.post_id]:
                one = found[person_id]
                one.add(workbook_name(slug, sheet, day), content)
                if slug not in one.slugs:
                    one.slugs.append(slug)
    return dict(found)
