"""Rating schemes: those that there are, and which plans use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import LedgerEntry, Plan, RatingScheme
from tracker.rules.permissions import Act, Actor, allowed
from tracker.rules.rating import PRESETS, Rating

CHOSE = "chose the rating scheme"


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """A rating scheme as it is stored. `plans` are those that use it now and that the actor may see, as (slug, title).

    `in_use` counts all that use it; `used` says whether one ever did. `newest`: no later version has its title.
    """

    id: int
    rating: Rating
    made_on: date | None
    made_by: str
    version: int
    plans: tuple[tuple[str, str], ...]
    in_use: int
    used: bool
    newest: bool

    @property
    def is_preset(self) -> bool:
        """Return whether it ships with the tracker and is read only."""
        return bool(self.rating.preset)


def rating_of(stored: RatingScheme) -> Rating:
    """Return a stored rating scheme with its thresholds and words."""
    words = {"title": stored.title or stored.name, "number": stored.number, "preset": stored.preset}
    return Rating.from_data({**stored.words, **words, "summary": stored.summary, "thresholds": stored.thresholds})


def schemes(session: Session, actor: Actor) -> list[SchemeRow]:
    """Return every rating scheme: the presets in their order, then copies by title, newest version first."""
    using: dict[int, list[tuple[int, str, str]]] = {}
    query = select(Plan.rating_scheme_id, Plan.id, Plan.slug, Plan.title).where(Plan.rating_scheme_id.is_not(None))
    for scheme_id, plan_id, slug, title in session.execute(query.order_by(Plan.title)):
        using.setdefault(scheme_id or 0, []).append((plan_id, slug, title))
    chosen = session.scalars(
        select(LedgerEntry.changes).where(LedgerEntry.subject_type == Plan.__tablename__, LedgerEntry.verb == CHOSE)
    )
    ever = {value for changes in chosen for value in changes.get("rating_scheme_id", ())}
    stored = list(session.scalars(select(RatingScheme).order_by(RatingScheme.title, RatingScheme.number.desc())))
    latest: dict[str, int] = {}
    for row in stored:
        latest.setdefault(row.title, row.id)
    found = [
        SchemeRow(
            id=row.id,
            rating=rating_of(row),
            made_on=row.made_on,
            made_by=row.made_by,
            version=row.version,
            plans=tuple(
                (slug, title) for plan_id, slug, title in using.get(row.id, ()) if allowed(actor, Act.SEE, plan_id)
            ),
            in_use=len(using.get(row.id, ())),
            used=row.id in ever or row.id in using,
            newest=latest[row.title] == row.id,
        )
        for row in stored
    ]
    order = {name: place for place, name in enumerate(PRESETS)}
    return sorted(found, key=lambda row: order.get(row.rating.preset, len(order)))


def scheme_row(session: Session, actor: Actor, scheme_id: int) -> SchemeRow | None:
    """Return one rating scheme, None if there is none of that number."""
    return next((row for row in schemes(session, actor) if row.id == scheme_id), None)
