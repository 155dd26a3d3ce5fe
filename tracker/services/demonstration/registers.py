"""What stands in the registers of the dated plan of the demonstration, is put to its board, and is said by people."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import LeadAssignment, Matter, Measure, Milestone, Plan, Post, RaidItem, Voice, Workstream
from tracker.rules.dates import london_day
from tracker.rules.minutes import MatterKind, MatterState
from tracker.services.demonstration.recurring import MANAGER, Deed, begin_deed
from tracker.services.ledger import Recorder
from tracker.services.matters import ASKED
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

# Days since it was put to the board, the milestone, and what is asked.
_MATTERS = (
    (48, "1b", "2", MatterKind.ESCALATION, "Release of the budget for peer voice, which two partners are to share."),
    (
        44,
        "3e",
        "9",
        MatterKind.SUSPENSION,
        "The supplier ends the present tracker next year; work on it would be lost.",
    ),
)
# Days since it was heard, how the measure's name begins, and what was said.
_VOICES = (
    (
        60,
        "Longest wait for a neurodevelopmental assessment",
        "Parent carers",
        "We are now told how long the wait is, and it helps. Waiting is no shorter for us yet.",
        "Parent Carer Forum, autumn survey (illustration)",
    ),
    (
        52,
        "Children and young people with SEND who report timely",
        "Young people aged 14 to 18",
        "I had to tell my story only once this time. I would still like one person to ring.",
        "Young people’s panel (illustration)",
    ),
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
    for ago, workstream, ref, asked, text in _MATTERS:
        deeds.append((then(ago), partial(_put, then(ago), workstream, ref, asked, text)))
    for ago, name, who, text, source in _VOICES:
        deeds.append((then(ago), partial(_hear, then(ago), name, who, text, source)))
    return deeds


def _put(at: datetime, workstream: str, ref: str, kind: MatterKind, text: str, recorder: Recorder) -> None:
    query = (
        select(Milestone.id)
        .join(Workstream, Workstream.id == Milestone.workstream_id)
        .where(Milestone.plan_id == recorder.plan.id, Workstream.ref == workstream, Milestone.ref == ref)
    )
    begin_deed(recorder, f"put to the board {workstream}.{ref}", at, MANAGER)
    kept = {
        "kind": kind.value,
        "text": text,
        "put_on": recorder.today,
        "put_by": MANAGER,
        "state": MatterState.OPEN.value,
    }
    row = Matter(plan_id=recorder.plan.id, milestone_id=recorder.session.scalars(query).one(), **kept)
    recorder.session.add(row)
    recorder.session.flush()
    recorder.add(row, text, verb=ASKED[kind])


def _hear(at: datetime, name: str, who: str, text: str, source: str, recorder: Recorder) -> None:
    query = select(Measure).where(Measure.plan_id == recorder.plan.id, Measure.name.startswith(name))
    measure = recorder.session.scalars(query).one()
    begin_deed(recorder, f"voice {name}", at, MANAGER)
    kept = {"who": who, "text": text, "source": source, "heard_on": recorder.today}
    row = Voice(plan_id=recorder.plan.id, measure_id=measure.id, **kept)
    recorder.session.add(row)
    recorder.session.flush()
    recorder.add(row, verb=f"entered what people say of {measure.name}"[:120])


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
