"""What a person who takes up a post sees: what is open, and what the one before left in writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Holding, Organisation, Post
from tracker.queries.holdings import held_on
from tracker.queries.posts import LedLine, holdings, led_by_posts
from tracker.rules.permissions import Actor


@dataclass(frozen=True, slots=True)
class MyPost:
    """A post that somebody answers for today, with what the one before left and what is open."""

    title: str
    organisation: str
    deputy: bool
    from_day: date
    to_day: date | None
    note: str
    before: str  # who held it before, "" if nobody did
    others: tuple[str, ...]  # who else answers for it today
    leads: tuple[LedLine, ...]


def my_posts(session: Session, actor: Actor, today: date) -> list[MyPost]:
    """Return the posts that the actor holds or deputises for. Two statements, and three more for each."""
    query = (
        select(Holding, Post.title, Organisation.name)
        .join(Post, Post.id == Holding.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Holding.person_id == actor.person_id, *held_on(today))
        .order_by(Holding.deputy, Post.title)
    )
    found = []
    for mine, title, organisation in session.execute(query).all():
        lines = holdings(session, mine.post_id)
        before = [line.person for line in lines if not line.deputy and line.to_day and line.to_day < mine.from_day]
        others = [
            f"{line.person}, {'deputy' if line.deputy else 'holder'}"
            for line in lines
            if line.on(today) and line.person_id != actor.person_id
        ]
        note = mine.note
        if mine.deputy and not note:
            note = next((line.note for line in lines if not line.deputy and line.on(today)), "")
        led = led_by_posts(session, today, actor, mine.post_id)[mine.post_id]
        found.append(
            MyPost(
                title,
                organisation,
                mine.deputy,
                mine.from_day,
                mine.to_day,
                note,
                before[0] if before else "",
                tuple(others),
                tuple(item for item in led if item.unfinished),
            )
        )
    return found
