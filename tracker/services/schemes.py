"""Rating schemes: put the presets in, copy one, edit a copy, delete one that nobody uses, choose one for a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Plan, RatingScheme
from tracker.queries.schemes import CHOSE, rating_of, scheme_row
from tracker.rules.dates import london_day
from tracker.rules.errors import Conflict, FieldConflict, NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.rating import PRESETS, Rating, Ratings, preset, with_choice
from tracker.rules.text import clean
from tracker.services import colours
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import use_token

LONGEST_TITLE = 80
_GONE = "There is no such rating scheme."
_TAKEN = "There is a rating scheme of this name already. Enter another one."


def seed_presets(session: Session) -> int:
    """Store the presets that are not stored yet; returns how many. A preset that changes comes as a new version."""
    known = set(session.scalars(select(RatingScheme.name)))
    new = [preset(name) for name in PRESETS if preset(name).name not in known]
    session.add_all(_row(rating) for rating in new)
    session.flush()
    return len(new)


def copy_scheme(session: Session, actor: Actor, now: datetime, scheme_id: int, token: str, title: str) -> RatingScheme:
    """Make a copy of a scheme under a title of its own, to be edited."""
    permit(actor, Act.MANAGE_SCHEMES, None)
    use_token(session, token, actor, now)
    source = session.get(RatingScheme, scheme_id)
    if source is None:
        raise NotFound(_GONE)
    made = _row(replace(rating_of(source), title=_fresh_title(session, title), number=1, preset=""))
    made.made_on, made.made_by = london_day(now), actor.label
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError as error:  # somebody else took the name in the meantime
        raise Refusal(_TAKEN, "title") from error
    return made


def edit_scheme(
    session: Session,
    actor: Actor,
    now: datetime,
    scheme_id: int,
    version: int,
    token: str,
    edit: Callable[[Rating], Rating],
) -> RatingScheme:
    """Save an edited copy: in its place while no plan has used it, otherwise as the next version of itself."""
    permit(actor, Act.MANAGE_SCHEMES, None)
    use_token(session, token, actor, now)
    stored = _held(session, scheme_id)
    row = scheme_row(session, actor, scheme_id)
    assert row is not None
    if stored.version != version:
        raise Conflict(
            "Somebody else changed this rating scheme while you had it open. Compare and save again.",
            (FieldConflict("Rating scheme", stored.name, stored.name),),
            stored.version,
        )
    rating = edit(row.rating)
    if not row.used:
        stored.thresholds, stored.words = rating.scheme.as_data(), rating.vocabulary.as_data()
        session.flush()
        return stored
    numbers = select(func.max(RatingScheme.number)).where(RatingScheme.title == stored.title)
    made = _row(replace(rating, number=(session.scalar(numbers) or 1) + 1))
    made.made_on, made.made_by = london_day(now), actor.label
    session.add(made)
    session.flush()
    return made


def delete_scheme(session: Session, actor: Actor, now: datetime, scheme_id: int, version: int, token: str) -> str:
    """Delete a copy that no plan uses or has used; returns its name."""
    permit(actor, Act.MANAGE_SCHEMES, None)
    use_token(session, token, actor, now)
    stored = _held(session, scheme_id)
    row = scheme_row(session, actor, scheme_id)
    assert row is not None
    if row.in_use:
        plans = "A plan uses" if row.in_use == 1 else f"{row.in_use} plans use"
        raise Refusal(f"{plans} this rating scheme, so it stays. Let them choose another one first.")
    if row.used:
        raise Refusal("This rating scheme stands in the history of a plan, so it is kept.")
    if stored.version != version:
        raise Refusal("Somebody else changed this rating scheme while you had this page open. Look at it again.")
    name = stored.name
    session.delete(stored)
    session.flush()
    return name


def choose_scheme(
    session: Session, actor: Actor, now: datetime, plan_id: int, token: str, present: int, scheme_id: int, reason: str
) -> Plan:
    """Let a plan use a rating scheme from today on. Its past keeps the thresholds and words that it had.

    `present` is the scheme that the person saw as the plan's (0 for none).
    """
    permit(actor, Act.CHOOSE_SCHEME, plan_id)
    use_token(session, token, actor, now)
    lock_chain(session, plan_id)
    plan = session.get_one(Plan, plan_id, populate_existing=True)
    stored = session.get(RatingScheme, scheme_id)
    if stored is None:
        raise Refusal("Select a rating scheme.", "scheme")
    if (plan.rating_scheme_id or 0) != present:
        there = Ratings.from_data(plan.ratings).now.name
        raise Refusal(f"Somebody else chose {there} for this plan meanwhile. Look at the preview again.", "scheme")
    if not clean(reason):
        raise Refusal("Enter why the plan changes its rating scheme.", "reason")
    chosen = rating_of(stored)
    if chosen == Ratings.from_data(plan.ratings).now:
        raise Refusal("The plan uses this rating scheme already.", "scheme")
    recorder = Recorder(session, plan, actor, now)
    recorder.change(plan, CHOSE, taken_on(plan, chosen, stored.id, recorder), clean(reason))
    recorder.close()
    colours.rebuild(session, plan)
    return plan


def taken_on(plan: Plan, rating: Rating, scheme_id: int | None, recorder: Recorder) -> dict[str, Any]:
    """Return what changes in a plan that takes a scheme on from the day of the act."""
    return {"rating_scheme_id": scheme_id, "ratings": with_choice(plan.ratings, recorder.today, rating)}


def _row(rating: Rating) -> RatingScheme:
    return RatingScheme(
        name=rating.name,
        title=rating.title,
        number=rating.number,
        preset=rating.preset,
        summary=rating.summary,
        thresholds=rating.scheme.as_data(),
        words=rating.vocabulary.as_data(),
    )


def _held(session: Session, scheme_id: int) -> RatingScheme:
    """Return a copy that may be changed, held against other writers."""
    stored = session.get(RatingScheme, scheme_id)
    if stored is not None:  # with all its versions, so that two edits at once cannot make the same number
        query = select(RatingScheme).where(RatingScheme.title == stored.title).order_by(RatingScheme.id)
        held = session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
        stored = next((row for row in held if row.id == scheme_id), None)
    if stored is None:
        raise NotFound(_GONE)
    if stored.preset:
        raise Refusal("This rating scheme ships with the tracker and is read only. Copy it and edit the copy.")
    return stored


def _fresh_title(session: Session, text: str) -> str:
    title = " ".join(clean(text).split())
    if not title:
        raise Refusal("Enter a name for the copy.", "title")
    if len(title) > LONGEST_TITLE:
        raise Refusal(f"Enter a name of {LONGEST_TITLE} characters or fewer.", "title")
    taken = {name.casefold() for name in session.scalars(select(RatingScheme.title))}
    taken |= {name.casefold() for name in session.scalars(select(RatingScheme.name))}
    if title.casefold() in taken:
        raise Refusal(_TAKEN, "title")
    return title
