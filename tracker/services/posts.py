"""Organisations and posts: made, renamed, closed and opened again. A post outlives its holders and is never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import (
    Action,
    Holding,
    LeadAssignment,
    Milestone,
    MilestoneAction,
    Organisation,
    Plan,
    Post,
)
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.facts import SignOff, Standing
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.posts import ORGANISATION_KINDS
from tracker.rules.security import Kind
from tracker.rules.text import clean
from tracker.services.security import Noted, note


@dataclass(frozen=True, slots=True)
class OrganisationForm:
    """What a person says of an organisation; `outside` says whether it is outside the council."""

    name: str
    kind: str
    outside: bool


def save_organisation(
    session: Session, actor: Actor, now: datetime, told: OrganisationForm, organisation_id: int | None = None
) -> Organisation:
    """Make an organisation, or change what is said of one."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    name = clean(told.name)
    if not name:
        raise Refusal("Enter the name of the organisation.", "name")
    if told.kind not in ORGANISATION_KINDS:
        raise Refusal("Select what kind of organisation it is.", "kind")
    other = session.scalar(select(Organisation.id).where(Organisation.name == name))
    if other is not None and other != organisation_id:
        raise Refusal("There is an organisation of this name already.", "name")
    if organisation_id is None:
        organisation = Organisation(name=name)
        session.add(organisation)
    else:
        organisation = find_organisation(session, organisation_id)
    organisation.name, organisation.kind, organisation.outside = name, told.kind, told.outside
    session.flush()
    note(session, now, Kind.POST_CHANGED, actor, Noted(detail=f"organisation: {name}"))
    return organisation


def save_post(
    session: Session,
    actor: Actor,
    now: datetime,
    title: str,
    organisation_id: int | None,
    post_id: int | None = None,
) -> Post:
    """Make a post, or rename one or move it to another organisation: its holders, and what it leads, stay."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    title = clean(title)
    if not title:
        raise Refusal("Enter the title of the post.", "title")
    if organisation_id is None or session.get(Organisation, organisation_id) is None:
        raise Refusal("Select the organisation that the post belongs to.", "organisation")
    other = session.scalar(select(Post.id).where(Post.title == title, Post.organisation_id == organisation_id))
    if other is not None and other != post_id:
        raise Refusal("This organisation has a post of this title already.", "title")
    before = ""
    if post_id is None:
        post = Post(title=title, organisation_id=organisation_id)
        session.add(post)
    else:
        post = find_post(session, post_id)
        before = f", was {post.title}" if post.title != title else ""
        post.title, post.organisation_id = title, organisation_id
    session.flush()
    note(session, now, Kind.POST_CHANGED, actor, Noted(detail=f"post {post.id}: {title}{before}"))
    return post


def close_post(session: Session, actor: Actor, now: datetime, post_id: int, last_day: date) -> Post:
    """Close a post on a day: who holds it then holds it no longer. Refused while it leads something unfinished."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    post = find_post(session, post_id)
    if post.closed_on is not None:
        raise Refusal(f"This post was closed on {show_day(post.closed_on)} already.")
    if last_day > london_day(now):
        raise Refusal("Enter a last day that is today or earlier.", "last_day")
    left = unfinished(session, post_id)
    if left:
        number = f"{left} unfinished milestone{'' if left == 1 else 's'}"
        raise Refusal(f"This post leads {number}. Give them another lead first, then close it.")
    for holding in session.scalars(select(Holding).where(Holding.post_id == post_id)):
        if holding.from_day > last_day:
            raise Refusal("Somebody takes the post up after that day. Choose a later day.", "last_day")
        if holding.to_day is None or holding.to_day > last_day:
            holding.to_day = last_day
    post.closed_on = last_day
    session.flush()
    note(session, now, Kind.POST_CHANGED, actor, Noted(detail=f"post {post.id} closed: {post.title}"))
    return post


def reopen_post(session: Session, actor: Actor, now: datetime, post_id: int) -> Post:
    """Open a closed post again; it is vacant until somebody is appointed."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    post = find_post(session, post_id)
    if post.closed_on is None:
        raise Refusal("This post is not closed.")
    post.closed_on = None
    session.flush()
    note(session, now, Kind.POST_CHANGED, actor, Noted(detail=f"post {post.id} opened again: {post.title}"))
    return post


def unfinished(session: Session, post_id: int) -> int:
    """Return how many milestones a post leads, itself or by their workstream or action, that are not signed off."""
    mine = (LeadAssignment.post_id == post_id, LeadAssignment.ended.is_(None))
    led = or_(
        Milestone.id.in_(select(LeadAssignment.milestone_id).where(*mine, LeadAssignment.milestone_id.is_not(None))),
        Milestone.workstream_id.in_(
            select(LeadAssignment.workstream_id).where(*mine, LeadAssignment.workstream_id.is_not(None))
        ),
        Milestone.id.in_(
            select(MilestoneAction.milestone_id)
            .join(Action, Action.id == MilestoneAction.action_id)
            .join(LeadAssignment, LeadAssignment.action_id == Action.id)
            .where(*mine)
        ),
    )
    query = select(Milestone.id).join(Plan, Plan.id == Milestone.plan_id)
    query = query.where(led, Milestone.signoff != SignOff.APPROVED.value, Milestone.standing == Standing.OPEN.value)
    return len(session.scalars(query).all())


def find_post(session: Session, post_id: int) -> Post:
    """Return a post; NotFound if there is none."""
    post = session.get(Post, post_id)
    if post is None:
        raise NotFound("There is no such post.")
    return post


def find_organisation(session: Session, organisation_id: int) -> Organisation:
    """Return an organisation; NotFound if there is none."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound("There is no such organisation.")
    return organisation
