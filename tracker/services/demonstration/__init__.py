"""Demonstration data: illustrative progress with a year of history on the plans that ship, and an account per role.

Progress is made by a fixed rule from the day on which it is added, so that the demonstration shows every colour on
whatever day that is. It goes through the ledger and the colour rules like everything else, marked as back-filled.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import (
    Holding,
    LeadAssignment,
    LedgerEntry,
    Milestone,
    Organisation,
    PeriodState,
    Person,
    Plan,
    Post,
    Priority,
    Workstream,
)
from tracker.rules.dates import london_day, read_period
from tracker.rules.document import PlanDocument
from tracker.rules.permissions import Role
from tracker.services.accounts import add_person
from tracker.services.demonstration.dated import dated_stories
from tracker.services.demonstration.holders import hold_demo_posts
from tracker.services.demonstration.phrases import DONE
from tracker.services.demonstration.player import Player
from tracker.services.demonstration.recurring import recurring_deeds
from tracker.services.demonstration.registers import register_deeds
from tracker.services.demonstration.story import Calendar, Item
from tracker.services.demonstration.subjects import SUBJECTS
from tracker.services.demonstration.undated import undated_stories
from tracker.services.demonstration.words import Words
from tracker.services.demonstration.words_plans import SEND_WORDS
from tracker.services.holdings import hold_post
from tracker.services.roles import give_role
from tracker.services.seed_files import seed_slugs
from tracker.services.seeding import Seeded, adoption_day, seed_plans

DATED_PLAN = "wf-send-2025"
LEAD_POST = "SEND Senior Manager"
_HISTORY = timedelta(days=400)
_SHORTEST = timedelta(days=45)
_NAMES = {
    Role.LEAD: f"Demonstration lead ({LEAD_POST})",
    Role.MANAGER: "Demonstration improvement manager",
    Role.BOARD: "Demonstration board member",
    Role.AUDITOR: "Demonstration auditor",
    Role.ADMINISTRATOR: "Demonstration administrator",
}


def seed_demo_plans(session: Session, now: datetime) -> Seeded:
    """Load every shipped plan that is not there yet, early enough for a year of history.

    A plan that was adopted on a day begins on it; another begins with its first year, or 400 days before `now`.
    """
    today = london_day(now)

    def begins(document: PlanDocument) -> date:
        adopted = adoption_day(document)
        if adopted is not None:
            return adopted
        first = today - _HISTORY
        starts = read_period(document.starts, year_kind=document.year_kind).start
        return starts if starts is not None and first < starts <= today - _SHORTEST else first

    return seed_plans(session, now, begins)


def add_demo_progress(session: Session, now: datetime) -> int:
    """Add illustrative progress to the shipped plans; returns how many milestones have any.

    A plan that is a demonstration already, or on which anybody has worked, is left as it is.
    """
    made = 0
    for plan in session.scalars(select(Plan).where(Plan.slug.in_(seed_slugs())).order_by(Plan.id)):
        since = session.scalar(select(func.min(LedgerEntry.effective_at)).where(LedgerEntry.plan_id == plan.id))
        if plan.demonstration or since is None or since > now or _worked_on(session, plan):
            continue
        items = _items(session, plan)
        calendar = Calendar(london_day(since), london_day(now))
        rule = dated_stories if plan.slug == DATED_PLAN else undated_stories
        others = []
        if plan.slug == DATED_PLAN:
            others = [*recurring_deeds(session, plan, now, since), *register_deeds(session, plan, now, since)]
        made += Player(session, plan, now, since).play(rule(items, calendar), others)
    session.flush()
    return made


def add_demo_accounts(session: Session, now: datetime) -> dict[Role, Person]:
    """Make one account per role, without a password, with its role on the shipped plans; safe to call again."""
    people = {role: _account(session, role, name) for role, name in _NAMES.items()}
    query = (
        select(Post.id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .join(LeadAssignment, LeadAssignment.post_id == Post.id)
        .join(Plan, Plan.id == LeadAssignment.plan_id)
        .where(Post.title == LEAD_POST, Plan.slug == DATED_PLAN)
    )
    post_id = session.scalars(query).first()
    if post_id is not None:
        hold_post(session, people[Role.LEAD].id, post_id, london_day(now) - _HISTORY)
    for plan_id in session.scalars(select(Plan.id).where(Plan.slug.in_(seed_slugs()))).all():
        for role in (Role.MANAGER, Role.BOARD, Role.AUDITOR):
            give_role(session, people[role].id, plan_id, role)
    return people


def add_demo_holders(session: Session, now: datetime, lead: Person) -> None:
    """Let the posts that lead the dated plan be held, by accounts named after them; safe to call again."""
    own = session.scalar(select(Holding.post_id).where(Holding.person_id == lead.id))
    hold_demo_posts(session, DATED_PLAN, own, london_day(now) - _HISTORY, london_day(now))


def _account(session: Session, role: Role, name: str) -> Person:
    email = f"{role.value}@demo.invalid"
    known = session.scalar(select(Person).where(Person.email == email))
    return known or add_person(session, name, email, administrator=role is Role.ADMINISTRATOR)


def _worked_on(session: Session, plan: Plan) -> bool:
    """Return whether a person has written to a plan's ledger: real work is never mixed with illustrations."""
    query = select(LedgerEntry.id).where(LedgerEntry.plan_id == plan.id, LedgerEntry.actor_id.is_not(None))
    return session.scalars(query.limit(1)).first() is not None


def _items(session: Session, plan: Plan) -> list[Item]:
    """Return the milestones of a plan in its order, as the rules of the demonstration look at them."""
    query = (
        select(Milestone, Workstream.ref)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .join(Priority, Priority.id == Milestone.priority_id)
        .where(Milestone.plan_id == plan.id)
        .order_by(Priority.position, Workstream.position.nulls_last(), Milestone.position)
    )
    led = set(
        session.scalars(
            select(LeadAssignment.workstream_id)
            .join(Post, Post.id == LeadAssignment.post_id)
            .where(LeadAssignment.plan_id == plan.id, Post.title == LEAD_POST)
        )
    )
    states = {
        (workstream_id, ref): (state, read_period(period).end)
        for workstream_id, ref, state, period in session.execute(
            select(PeriodState.workstream_id, PeriodState.milestone, PeriodState.state, PeriodState.period)
            .where(PeriodState.plan_id == plan.id)
            .order_by(PeriodState.position)
        )
    }
    board = next(iter(plan.reports_to), "Improvement board")
    items = []
    for number, (row, workstream) in enumerate(session.execute(query), 1):
        ref = f"{workstream}.{row.ref}" if workstream else row.ref
        words = _words(plan.slug, ref, number)
        state, printed = states.get((row.workstream_id or 0, row.ref), ("", None))
        items.append(
            Item(
                id=row.id,
                number=number,
                ref=ref,
                slug=plan.slug,
                board=str(board),
                due=row.due,
                own=row.workstream_id in led,
                subject=words.subject,
                evidence=words.evidence,
                done=words.done,
                impact=words.impact,
                state=state,
                printed=printed,
            )
        )
    return items


def _words(slug: str, ref: str, number: int) -> Words:
    if slug == DATED_PLAN and ref in SEND_WORDS:
        return SEND_WORDS[ref]
    subject = SUBJECTS.get(slug, {}).get(ref, "this undertaking")
    done, impact = DONE[number % len(DONE)]
    plain = subject.removeprefix("the ")
    return Words(subject, f"{plain[0].upper()}{plain[1:]}: what was delivered", done.format(it=subject), impact)
