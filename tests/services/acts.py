"""Acts as people do them, with only what a test says; every form has a token of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.models import DeadlineChange, Milestone, MilestonePredecessor, Plan, RatingScheme
from tracker.rules.permissions import Actor
from tracker.services import completion, deadlines, evidence, links, overrides, schemes, signatures, updates
from tracker.services.completion import Claim
from tracker.services.deadlines import DateRequest, Verdict
from tracker.services.evidence import NewEvidence
from tracker.services.updates import Update

_tokens = count(1)
MINUTES = NewEvidence("Minutes of 29 September", "https://testshire.example/minutes")


def token() -> str:
    """Return the token of a form that nobody has sent yet."""
    return f"token-{next(_tokens)}"


def at(day: date) -> datetime:
    """Return an instant of a day, in the morning in London."""
    return datetime.combine(day, time(9, 30), UTC)


def update(session: Session, actor: Actor, milestone: Milestone, now: datetime = NOW, **more: Any) -> Milestone:
    """Save an update, on track unless it says otherwise."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    typed = Update(**{"confidence": "on_track", "progress": "The panel met twice.", **more})
    return updates.update_milestone(session, actor, now, milestone.id, version, form, typed)


def claim(session: Session, actor: Actor, milestone: Milestone, now: datetime = NOW, **more: Any) -> Milestone:
    """Claim completion with one link as evidence."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    said = {"completed": now.date(), "progress": "It is done.", "impact": "Plans are on time.", "evidence": (MINUTES,)}
    claimed = Claim(**{**said, **more})
    return completion.claim_completion(session, actor, now, milestone.id, version, form, claimed)


def decide(
    session: Session, actor: Actor, milestone: Milestone, now: datetime = NOW, *, approve: bool = True, **more: Any
) -> Milestone:
    """Approve a completion, or return it with a note."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    note = more.pop("note", "" if approve else "The minutes are missing.")
    return completion.decide_completion(session, actor, now, milestone.id, version, form, approve=approve, note=note)


def revoke(session: Session, actor: Actor, milestone: Milestone, now: datetime = NOW, **more: Any) -> Milestone:
    """Take a sign-off back."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    return completion.revoke_signoff(
        session, actor, now, milestone.id, version, form, more.pop("reason", "It was not finished.")
    )


def give(
    session: Session, actor: Actor, milestone: Milestone, now: datetime = NOW, item: NewEvidence = MINUTES
) -> Milestone:
    """Add evidence."""
    return evidence.give_evidence(session, actor, now, milestone.id, token(), item)


def take(session: Session, actor: Actor, milestone: Milestone, now: datetime = NOW, **more: Any) -> Milestone:
    """Withdraw the newest piece of evidence."""
    found = signatures.evidence_of(session, milestone)
    key = more.pop("evidence_id", found[-1].id if found else 0)
    reason = more.pop("reason", "It was of another school.")
    return evidence.withdraw_evidence(session, actor, now, milestone.id, key, more.pop("token", token()), reason)


def check(
    session: Session, actor: Actor, milestone: Milestone, now: datetime = NOW, *, still_true: bool = True, **more: Any
) -> Milestone:
    """Say whether a completion is still true."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    reason = more.pop("reason", "A visit showed it.")
    return completion.check_completion(
        session, actor, now, milestone.id, version, form, still_true=still_true, reason=reason
    )


def ask(session: Session, actor: Actor, milestone: Milestone, now: datetime = NOW, **more: Any) -> DeadlineChange:
    """Ask for a new date, a month later than September."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    words = {"proposed": "Oct 2025", "reason": "The post was vacant.", "recovery": "It is filled from 1 October."}
    words["reason_code"] = "capacity"
    asked = DateRequest(**{**words, **more})
    return deadlines.request_new_date(session, actor, now, milestone.id, version, form, asked)


def settle(
    session: Session,
    actor: Actor,
    milestone: Milestone,
    change: DeadlineChange,
    now: datetime = NOW,
    *,
    approve: bool = True,
    **more: Any,
) -> DeadlineChange:
    """Approve or refuse a new date."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    minute = more.pop("minute", "")
    verdict = Verdict(
        approve,
        more.pop("note", "" if approve else "There is time enough."),
        minute,
        more.pop("meeting_on", now.date() if minute else None),
    )
    return deadlines.decide_new_date(
        session, actor, now, milestone.id, more.pop("change_id", change.id), version, form, verdict
    )


def wait(
    session: Session, actor: Actor, milestone: Milestone, other: Milestone, now: datetime = NOW, **more: Any
) -> MilestonePredecessor:
    """Say that a milestone waits for another."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    reason = more.pop("reason", "The pathway has to be agreed first.")
    return links.add_predecessor(session, actor, now, milestone.id, version, form, other.id, reason)


def stop_waiting(
    session: Session, actor: Actor, milestone: Milestone, link: MilestonePredecessor, now: datetime = NOW, **more: Any
) -> MilestonePredecessor:
    """Say that a milestone no longer waits for another."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    reason = more.pop("reason", "It can begin without.")
    return links.remove_predecessor(session, actor, now, milestone.id, link.id, version, form, reason)


def join(
    session: Session, actor: Actor, milestone: Milestone, actions: Collection[int], now: datetime = NOW, **more: Any
) -> int:
    """Link a milestone to exactly these actions."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    reason = more.pop("reason", "The plan's author says so.")
    return links.link_actions(session, actor, now, milestone.id, version, form, actions, reason)


def override(session: Session, actor: Actor, milestone: Milestone, now: datetime = NOW, **more: Any) -> Milestone:
    """Set a colour until the end of October."""
    version, form = more.pop("version", milestone.version), more.pop("token", token())
    said = {"colour": "red", "until": date(2025, 10, 31), "reason": "The board has lost confidence."}
    return overrides.override_colour(session, actor, now, milestone.id, version, form, **{**said, **more})


def end(session: Session, actor: Actor, milestone: Milestone, now: datetime = NOW) -> Milestone:
    """End an override."""
    return overrides.end_override(session, actor, now, milestone.id, milestone.version, token())


def some_schemes(session: Session) -> list[RatingScheme]:
    """Return four schemes whose thresholds differ: two that ship, and two made strict and lax."""
    found = {row.preset: row for row in session.scalars(select(RatingScheme).where(RatingScheme.preset != ""))}
    made = []
    for title, limits in (
        ("Early", {"not_started_days": 90, "signoff_days": 5, "cap_months": 0, "cap_moves": 1, "strict": True}),
        ("Late", {"not_started_days": 0, "signoff_days": 120, "cap_months": 24, "cap_moves": 9}),
    ):
        words = found["confidence-three"].words
        made.append(RatingScheme(name=title, title=title, thresholds=limits, words=words))
    session.add_all(made)
    session.flush()
    return [found["default"], found["confidence-five"], *made]


def choose(session: Session, actor: Actor, plan: Plan, scheme: RatingScheme, now: datetime = NOW, **more: Any) -> Plan:
    """Choose the rating scheme of a plan, with a reason."""
    said = {"present": plan.rating_scheme_id or 0, "reason": "The board asked for it.", **more}
    return schemes.choose_scheme(session, actor, now, plan.id, said.pop("token", token()), scheme_id=scheme.id, **said)
