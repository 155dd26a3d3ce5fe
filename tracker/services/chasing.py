"""What a manager does at the chase desk: ask whoever answers for a post, in one message with all that they owe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.models import Chase, Person
from tracker.queries.answering import Contact
from tracker.queries.chase_desk import Debt, chase_desk
from tracker.queries.plan_rows import PlanRow
from tracker.queries.plans import find_plan
from tracker.rules.chasing import OWES_WORDS, WHAT_TO_DO, Owes
from tracker.rules.dates import london_day, show_day
from tracker.rules.delivery import LINK_MARK
from tracker.rules.digest import MOST, shorten
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.escalation import Rung
from tracker.rules.permissions import Act, Actor, permit
from tracker.services import outbox
from tracker.services.ledger import lock_chain
from tracker.services.milestones import use_token
from tracker.services.update_links import Links

KIND = "chase"


def chase_post(
    session: Session,
    actor: Actor,
    now: datetime,
    slug: str,
    token: str,
    post_id: int,
    grace: tuple[int, int],
    links: Links,
) -> list[str]:
    """Leave a message to each person who answers for a post, at most one a day; returns whom, in words.

    The message holds everything that the person owes in the plan, by whatever post; where nobody holds the post the
    other managers are told. Raises Refusal where nobody can be told, or everybody was today.
    """
    found = find_plan(session, slug)
    if found is None:
        raise NotFound("There is no such plan.")
    plan, schemes = found
    permit(actor, Act.CHASE, plan.id)
    use_token(session, token, actor, now)
    lock_chain(session, plan.id)
    today = london_day(now)
    desk = chase_desk(session, plan, schemes, today, grace)
    row = next((one for one in desk.rows if one.post_id == post_id), None)
    if row is None:
        raise Refusal("This post owes nothing any more: it was put right.")
    others = [one for one in row.reached if one.person_id != actor.person_id]
    if not others:
        raise Refusal("There is nobody to ask but you. Say who holds the post, or answer for it yourself.")
    made = {} if row.by_managers else links.make(session, [one.person_id for one in others], now)
    told = []
    for contact in others:
        debts = desk.of_person(contact.person_id)
        key = f"desk:{plan.id}:{contact.person_id}:{today.isoformat()}"
        person = session.get_one(Person, contact.person_id)
        words = _words(plan, debts, made.get(contact.person_id, ""), links.until(now), by_managers=row.by_managers)
        if not outbox.post(session, key, KIND, person, _subject(debts), words, now):
            continue
        title = "Improvement manager" if row.by_managers else row.post
        said = f"{title} ({contact.name})"
        _keep(session, plan, contact, debts, said, key, row.by_managers, actor, now)
        told.append(said)
    if not told:
        raise Refusal("Everybody who answers for this post was asked today already. Ask again tomorrow.")
    return told


def _keep(
    session: Session,
    plan: PlanRow,
    contact: Contact,
    debts: Sequence[Debt],
    said: str,
    key: str,
    by_managers: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Record a chase for each milestone of a message; for commitments alone, one that names none."""
    about: list[tuple[int | None, date | None]] = [
        (debt.milestone_id, debt.due) for debt in debts if debt.milestone_id is not None
    ]
    session.add_all(
        Chase(
            plan_id=plan.id,
            milestone_id=milestone_id,
            due=due,
            rung=(Rung.MANAGER if by_managers else Rung.LEAD).value,
            person_id=contact.person_id,
            told=said,
            message_key=key,
            chased_on=london_day(now),
            chased_at=now,
            asked_by=actor.label,
        )
        for milestone_id, due in about or [(None, None)]
    )
    session.flush()


def _subject(debts: Sequence[Debt]) -> str:
    number = len(debts)
    return f"Improvement plans: {number} thing{' waits' if number == 1 else 's wait'} for your answer"


def _words(plan: PlanRow, debts: Sequence[Debt], link: str, until: date, *, by_managers: bool) -> outbox.Words:
    """Return the words of one message with everything; of a sensitive plan it gives refs and no text.

    `link` is the value of the reader's own link, which holds until a day; "" where the message carries none.
    """
    parts = ["The improvement manager asks you for an answer."]
    parts.append(
        "The plan is marked as sensitive: open it in the tracker." if plan.sensitive else f"Plan: {plan.title}"
    )
    for owes in Owes:
        there = [debt for debt in debts if debt.owes is owes]
        if not there:
            continue
        parts.append(f"{OWES_WORDS[owes]} ({len(there)}). {WHAT_TO_DO[owes]}")
        for debt in there[:MOST]:
            hidden = plan.sensitive
            parts.append(debt.ref if hidden else f"{debt.ref}: {shorten(debt.text)} {debt.says}")
        if len(there) > MOST:
            parts.append(f"And {len(there) - MOST} more.")
    if link:
        parts.append(
            f"The link below lets you update these milestones without signing in until {show_day(until)}. It is for "
            "you alone: do not forward this message. To ask for a new date, add evidence or record a recurring "
            "commitment, sign in."
        )
    path = LINK_MARK if link else f"/plans/{plan.slug}/chase" if by_managers else "/my-milestones"
    return outbox.Words("\n\n".join(parts) + "\n", path, plan.sensitive, link)
