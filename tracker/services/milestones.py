"""What every act on a milestone begins with: load it, check the permission, check nobody else was first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import FormToken, LeadAssignment, Milestone, MilestoneAction, Plan
from tracker.rules.dates import london_day
from tracker.rules.errors import AlreadyDone, Conflict, FieldConflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act, Actor, allowed, permit
from tracker.services import colours
from tracker.services.ledger import Recorder, plain


@dataclass(frozen=True, slots=True)
class Opened:
    """A milestone that the actor may act on, with its plan."""

    milestone: Milestone
    plan: Plan
    own: bool


def leading_posts(session: Session, milestone: Milestone) -> frozenset[int]:
    """Return the ids of the posts that lead a milestone: its own, its actions', its workstream's."""
    actions = select(MilestoneAction.action_id).where(MilestoneAction.milestone_id == milestone.id)
    found = session.scalars(
        select(LeadAssignment.post_id).where(
            or_(
                LeadAssignment.milestone_id == milestone.id,
                LeadAssignment.workstream_id == (milestone.workstream_id or -1),
                LeadAssignment.action_id.in_(actions),
            )
        )
    )
    return frozenset(found)


def open_milestone(session: Session, actor: Actor, act: Act, milestone_id: int) -> Opened:
    """Return a milestone for an act; NotFound before NotPermitted, so that nobody learns what they may not see."""
    milestone = session.get(Milestone, milestone_id)
    if milestone is None or not allowed(actor, Act.SEE, milestone.plan_id):
        raise NotFound("There is no such milestone, or you may not see its plan.")
    plan = session.get_one(Plan, milestone.plan_id)
    own = bool(actor.posts & leading_posts(session, milestone))
    permit(actor, act, plan.id, own=own)
    return Opened(milestone, plan, own)


def check_version(milestone: Milestone, version: int, typed: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    """Raise Conflict with both texts if the milestone changed after the form with `version` was opened."""
    if milestone.version == version:
        return
    fields = tuple(
        FieldConflict(labels.get(name, name), str(plain(getattr(milestone, name)) or ""), str(plain(value) or ""))
        for name, value in typed.items()
        if str(plain(getattr(milestone, name)) or "") != str(plain(value) or "")
    )
    who = milestone.updated_by or "Somebody else"
    raise Conflict(
        f"{who} changed this milestone while you had it open. Nothing of yours is lost: compare both and save again.",
        fields,
        milestone.version,
    )


def use_token(session: Session, token: str, actor: Actor, now: datetime) -> None:
    """Use up the token of a form; raises AlreadyDone for the second copy of the same form."""
    if not token:
        raise Refusal("This form has expired. Open the page again and send it once more.")
    if session.get(FormToken, token) is not None:
        raise AlreadyDone("This was already saved; nothing was changed a second time.")
    session.add(FormToken(token=token, person_id=actor.person_id, used_at=now))
    session.flush()


def act_on(
    session: Session, opened: Opened, actor: Actor, now: datetime, verb: str, values: Mapping[str, Any], reason: str = ""
) -> Recorder:
    """Record one change of one milestone and draw its colours again from today on. Flushes, never commits."""
    recorder = Recorder(session, opened.plan, actor, now)
    recorder.change(opened.milestone, verb, values, reason)
    recorder.close()
    colours.refresh(session, opened.plan, opened.milestone, london_day(now))
    return recorder


def refuse_closed(milestone: Milestone) -> None:
    """Raise Refusal for a milestone that a decision has taken out of the plan."""
    if milestone.standing != "open":
        raise Refusal(f"This milestone is {milestone.standing} ({milestone.standing_reference}); it takes no updates.")


__all__ = ["NotPermitted", "Opened", "act_on", "check_version", "leading_posts", "open_milestone", "refuse_closed", "use_token"]
