"""What stands in the registers of the dated plan of the demonstration: a few risks, an issue and two decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import LeadAssignment, Plan, Post, RaidItem
from tracker.rules.dates import london_day
from tracker.services.demonstration.recurring import MANAGER, Deed, begin_deed
from tracker.services.ledger import Recorder
from tracker.services.raid import Entry, rewrite_entry, write_entry

# Kind, days since it was raised, days until it is looked at again, the post that answers for it, and the entry.
_ENTRIES: tuple[tuple[str, int, int, str, Entry], ...] = (
    (
        "risk",
        120,
        21,
        "Head of Children's Services",
        Entry(
            "Clinic capacity does not grow as fast as referrals for assessment",
            "Referrals rose through the year; two clinical posts were still being filled.",
            likelihood=4,
            severity=4,
            response="A second provider is being sought, and families are told how long the wait is.",
            milestones="2b.4, 2c.3",
        ),
    ),
    (
        "risk",
        75,
        -6,
        "SEND Senior Manager",
        Entry(
            "Advice from partners arrives too late for plans to be issued in 20 weeks",
            likelihood=3,
            severity=4,
            response="Late advice is listed weekly and taken up with each partner's lead.",
            milestones="3b.2, 3d.1",
        ),
    ),
    (
        "risk",
        40,
        35,
        "",
        Entry(
            "Schools do not release staff for training in the spring term",
            likelihood=2,
            severity=3,
            response="Sessions are offered twice, once after the school day.",
            milestones="2e.1",
        ),
    ),
    (
        "issue",
        28,
        14,
        "SEND Senior Manager",
        Entry(
            "Case records of two teams are kept in different systems",
            response="A weekly extract is compared by hand until both teams use one system.",
            milestones="4b.2",
        ),
    ),
    (
        "decision",
        60,
        0,
        "",
        Entry(
            "The shared outcomes framework is agreed before the strategy is published",
            response="Both papers go to one meeting.",
            minute="SEND Partnership Board, 4.3",
            milestones="4b.2",
        ),
    ),
)
_OVER = Entry(
    "The contract for short breaks ends before a new one is let",
    likelihood=3,
    severity=5,
    response="The present contract is extended by six months.",
    closed=True,
    outcome="The extension was signed, so the risk is over.",
)


def register_deeds(session: Session, plan: Plan, now: datetime, since: datetime) -> list[Deed]:
    """Return when what was entered, counted back from `now`; nothing before `since`."""
    posts = _leading(session, plan)
    today = london_day(now)

    def then(ago: int) -> datetime:
        return max(now - timedelta(days=ago), since)

    deeds: list[Deed] = []
    for kind, ago, ahead, post, entry in _ENTRIES:
        owner = next((key for title, key in posts if post and title.startswith(post)), None)
        dated = replace(entry, owner=owner, review_by=today + timedelta(days=ahead) if ahead else None)
        deeds.append((then(ago), partial(_enter, then(ago), kind, dated)))
    deeds.append((then(150), partial(_enter, then(150), "risk", replace(_OVER, closed=False))))
    deeds.append((then(35), partial(_close, then(35))))
    return deeds


def _enter(at: datetime, kind: str, entry: Entry, recorder: Recorder) -> None:
    begin_deed(recorder, f"register {entry.title}", at, MANAGER)
    write_entry(recorder, kind, replace(entry, raised_on=recorder.today))


def _close(at: datetime, recorder: Recorder) -> None:
    begin_deed(recorder, f"register, over: {_OVER.title}", at, MANAGER)
    query = select(RaidItem).where(RaidItem.plan_id == recorder.plan.id, RaidItem.title == _OVER.title)
    row = recorder.session.scalars(query).one()
    rewrite_entry(recorder, row, replace(_OVER, raised_on=row.raised_on))


def _leading(session: Session, plan: Plan) -> list[tuple[str, int]]:
    query = select(Post.title, Post.id).join(LeadAssignment, LeadAssignment.post_id == Post.id)
    return [(title, key) for title, key in session.execute(query.where(LeadAssignment.plan_id == plan.id).distinct())]
