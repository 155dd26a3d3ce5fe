"""What a sign-off is bound to, who may not give it, and how it lapses when what was signed changes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Evidence, LedgerEntry, Milestone
from tracker.rules.errors import NotPermitted
from tracker.rules.facts import SignOff
from tracker.rules.permissions import Actor
from tracker.rules.signature import Signed, SignedEvidence, what_changed
from tracker.services.ledger import Recorder
from tracker.services.milestones import leading_posts

UNSIGNED: dict[str, Any] = {"signed_hash": "", "signed_content": None, "check_due": None, "embedded": None}
"""What a milestone holds of a sign-off when it has none."""


def evidence_of(session: Session, milestone: Milestone) -> list[Evidence]:
    """Return the evidence of a milestone that has not been withdrawn, oldest first."""
    query = select(Evidence).where(Evidence.milestone_id == milestone.id, Evidence.withdrawn.is_(False))
    return list(session.scalars(query.order_by(Evidence.id)))


def to_sign(session: Session, milestone: Milestone) -> Signed:
    """Return what a signature on a milestone stands for now."""
    return Signed(
        ref=milestone.ref,
        text=milestone.text,
        due=milestone.due,
        due_text=milestone.due_text,
        completed=milestone.completed,
        evidence=tuple(SignedEvidence(e.title, e.url, e.sha256) for e in evidence_of(session, milestone)),
    )


def signed_hash(session: Session, milestone: Milestone) -> str:
    """Return the hash of what a signature on a milestone stands for now."""
    return to_sign(session, milestone).hash


def evidence_editor(session: Session, milestone: Milestone) -> int | None:
    """Return the id of the person who last added, changed or withdrew evidence of a milestone."""
    ids = select(Evidence.id).where(Evidence.milestone_id == milestone.id)
    return session.scalar(
        select(LedgerEntry.actor_id)
        .where(LedgerEntry.subject_type == Evidence.__tablename__, LedgerEntry.subject_id.in_(ids))
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
    )


def why_not_sign(session: Session, actor: Actor, milestone: Milestone) -> str:
    """Return why this person may not sign a completion off, whatever roles they hold; "" if they may."""
    if actor.person_id is None:
        return ""
    if actor.person_id == milestone.claimed_by_id:
        return "You claimed this completion, so somebody else has to sign it off."
    if actor.person_id == evidence_editor(session, milestone):
        return "You changed the evidence last, so somebody else has to sign it off."
    if actor.posts & leading_posts(session, milestone):
        return "You hold or deputise for a post that leads this milestone, so somebody else has to sign it off."
    return ""


def need_a_second_person(session: Session, actor: Actor, milestone: Milestone) -> None:
    """Raise NotPermitted for who claimed a completion, last changed its evidence, or answers for a post that leads."""
    why = why_not_sign(session, actor, milestone)
    if why:
        raise NotPermitted(why)


def lapse_if_changed(recorder: Recorder, milestone: Milestone) -> bool:
    """Let a sign-off lapse if what was signed is no longer what is there; returns whether it did.

    What was signed is kept, so that the page and the next approver see what changed.
    """
    if milestone.signoff != SignOff.APPROVED:
        return False
    now = to_sign(recorder.session, milestone)
    if milestone.signed_hash == now.hash:
        return False
    kept = milestone.signed_content
    said = what_changed(Signed.from_data(kept), now) if kept else ()
    recorder.change(
        milestone,
        "sign-off lapsed",
        {
            "signoff": SignOff.LAPSED.value,
            "signoff_day": recorder.today,
            "signed_hash": "",
            "check_due": None,
            "embedded": None,
        },
        " ".join(["What was signed off has changed since.", *said]),
    )
    return True
