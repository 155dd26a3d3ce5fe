"""Who holds the posts of the demonstration: accounts named after the posts, a vacancy, a handover and a deputy.

No person is invented: an account is called what its post is called, and nobody can sign in with it.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Holding, LeadAssignment, Person, Plan, Post
from tracker.services.accounts import add_person
from tracker.services.holdings import hold_post
from tracker.services.posts import unfinished

VACANT_FOR = timedelta(days=46)
HANDED_OVER = timedelta(days=60)
DEPUTY_FOR = timedelta(days=14)
NOTE = (
    "The terms of reference are agreed with the ICB. The next meeting needs the survey results; ask Finance for the "
    "costs."
)


def hold_demo_posts(session: Session, slug: str, own: int | None, begun: date, today: date) -> None:
    """Let every post that leads in a plan be held, but for one that is vacant; safe to call again.

    `own` is the post of the demonstration's lead, who holds it already.
    """
    query = (
        select(Post)
        .join(LeadAssignment, LeadAssignment.post_id == Post.id)
        .join(Plan, Plan.id == LeadAssignment.plan_id)
        .where(Plan.slug == slug, Post.id != (own or 0))
        .distinct()
        .order_by(Post.id)
    )
    posts = list(session.scalars(query))
    if session.scalar(select(Holding.id).where(Holding.post_id.in_([post.id for post in posts])).limit(1)):
        return
    holders = []
    vacant = next((post for post in reversed(posts[2:]) if unfinished(session, post.id)), None)
    for post in posts:
        email = f"post-{post.id}@demo.invalid"
        person = session.scalar(select(Person).where(Person.email == email))
        person = person or add_person(session, f"Demonstration holder ({post.title})", email)
        holders.append(person)
        last = today - VACANT_FOR if post is vacant else None
        hold_post(session, person.id, post.id, begun, to_day=last)
    if len(posts) < 3 or begun > today - HANDED_OVER - timedelta(days=1):
        return
    post = posts[1]
    before = session.scalars(select(Holding).where(Holding.post_id == post.id)).one()
    before.to_day = today - HANDED_OVER - timedelta(days=1)
    after = add_person(session, f"Second demonstration holder ({post.title})", f"post-{post.id}-second@demo.invalid")
    session.add(Holding(post_id=post.id, person_id=after.id, from_day=today - HANDED_OVER, note=NOTE))
    if own is not None:
        hold_post(session, holders[0].id, own, today, to_day=today + DEPUTY_FOR, deputy=True)
    session.flush()
