"""Completion and sign-off: claimed with evidence, approved or returned by a second person, bound to a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Evidence, LedgerEntry, Milestone
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotPermitted, Refusal
from tracker.rules.facts import SignOff
from tracker.rules.permissions import Act, Actor
from tracker.rules.text import clean
from tracker.services import colours, outbox
from tracker.services.ledger import Recorder
from tracker.services.milestones import act_on, begin, check_version, refuse_closed


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A link, or a file that has been stored already (random name, outside the web root)."""

    title: str
    url: str = ""
    stored_name: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a lead says when the work is done."""

    completed: date
    progress: str
    impact: str
    evidence: tuple[NewEvidence, ...]


def claim_completion(
    session: Session, actor: Actor, now: datetime, milestone_id: int, version: int, token: str, claim: Claim
) -> Milestone:
    """Claim that a milestone is complete. Needs evidence, now or given before; the approver is somebody else."""
    opened = begin(session, actor, Act.CLAIM, now, milestone_id, token)
    milestone, day = opened.milestone, london_day(now)
    refuse_closed(milestone)
    if milestone.signoff in {SignOff.CLAIMED, SignOff.LAPSED}:
        raise Refusal("Completion has been claimed already and waits for sign-off.")
    if milestone.signoff == SignOff.APPROVED:
        raise Refusal("This milestone is complete and signed off.")
    if claim.completed > day:
        raise Refusal("Enter a completion date that is today or earlier.", "completed")
    if not clean(claim.progress):
        raise Refusal("Say what has been done.", "progress")
    check_version(milestone, version, {"progress": clean(claim.progress)}, {"progress": "What has been done"})
    recorder = Recorder(session, opened.plan, actor, now)
    for item in claim.evidence:
        add_evidence(recorder, milestone, item, actor)
    if not evidence_of(session, milestone):
        raise Refusal("Add a link or a file that shows the work is complete.", "evidence_url")
    recorder.change(
        milestone,
        "claimed completion",
        {
            "claimed": day,
            "completed": claim.completed,
            "signoff": SignOff.CLAIMED.value,
            "signoff_day": day,
            "claimed_by_id": actor.person_id,
            "signoff_note": "",
            "progress": clean(claim.progress),
            "impact": clean(claim.impact),
            "started": milestone.started or claim.completed,
            "updated_on": day,
            "updated_by": actor.label,
        },
    )
    recorder.close()
    colours.refresh(session, opened.plan, milestone, day)
    ref = outbox.named(session, milestone)
    said = f"{actor.label} says that {ref} was complete on {show_day(claim.completed)} and asks for sign-off."
    body = outbox.letter(opened.plan, milestone, ref, said, milestone.progress)
    key = f"completion claimed:{recorder.act}"
    outbox.tell_managers(session, opened.plan, actor, key, "sign-off", f"Sign-off is asked for: {ref}", body, now)
    return milestone


def decide_completion(
    session: Session,
    actor: Actor,
    now: datetime,
    milestone_id: int,
    version: int,
    token: str,
    *,
    approve: bool,
    note: str,
) -> Milestone:
    """Approve a claim, or return it with a reason. Never by the person who claimed it or last changed its evidence."""
    opened = begin(session, actor, Act.DECIDE_COMPLETION, now, milestone_id, token)
    milestone, day = opened.milestone, london_day(now)
    if milestone.signoff not in {SignOff.CLAIMED, SignOff.LAPSED}:
        raise Refusal("There is no completion here that waits for a decision.")
    if actor.person_id is not None and actor.person_id == milestone.claimed_by_id:
        raise NotPermitted("You claimed this completion, so somebody else has to sign it off.")
    if actor.person_id is not None and actor.person_id == evidence_editor(session, milestone):
        raise NotPermitted("You changed the evidence last, so somebody else has to sign it off.")
    check_version(milestone, version, {}, {})
    if not approve and not clean(note):
        raise Refusal("Say what has to be put right.", "reason")
    values: dict[str, Any] = {"signed_by_id": actor.person_id, "signoff_day": day, "signoff_note": clean(note)}
    if approve:
        values |= {"signoff": SignOff.APPROVED.value, "signed_hash": signed_hash(session, milestone)}
        verb = "approved the completion"
        subject, said = "The completion is signed off", "approved the completion of"
    else:
        values |= {"signoff": SignOff.RETURNED.value, "claimed": None, "completed": None, "signed_hash": ""}
        verb = "returned the completion"
        subject, said = "The completion is returned", "returned the completion of"
    act = act_on(session, opened, actor, now, verb, values, clean(note)).act
    ref = outbox.named(session, milestone)
    body = outbox.letter(opened.plan, milestone, ref, f"{actor.label} {said} {ref}.", clean(note))
    key = f"completion decided:{act}"
    outbox.tell(session, milestone.claimed_by_id, actor, key, "sign-off", f"{subject}: {ref}", body, now)
    return milestone


def revoke_signoff(
    session: Session, actor: Actor, now: datetime, milestone_id: int, version: int, token: str, reason: str
) -> Milestone:
    """Take back an approval, with a reason: the milestone is open again."""
    opened = begin(session, actor, Act.DECIDE_COMPLETION, now, milestone_id, token)
    if opened.milestone.signoff != SignOff.APPROVED:
        raise Refusal("This milestone is not signed off, so there is nothing to take back.")
    if not clean(reason):
        raise Refusal("Say why the sign-off is taken back.", "reason")
    check_version(opened.milestone, version, {}, {})
    values = {
        "signoff": SignOff.REVOKED.value,
        "signoff_day": london_day(now),
        "signoff_note": clean(reason),
        "claimed": None,
        "completed": None,
        "signed_hash": "",
        "signed_by_id": actor.person_id,
    }
    act_on(session, opened, actor, now, "revoked the sign-off", values, clean(reason))
    return opened.milestone


def give_evidence(
    session: Session, actor: Actor, now: datetime, milestone_id: int, token: str, item: NewEvidence
) -> Milestone:
    """Add evidence to a milestone; if it is signed off already, the sign-off lapses and waits for a new decision."""
    opened = begin(session, actor, Act.CLAIM, now, milestone_id, token)
    milestone, day = opened.milestone, london_day(now)
    refuse_closed(milestone)
    recorder = Recorder(session, opened.plan, actor, now)
    add_evidence(recorder, milestone, item, actor)
    lapse_if_changed(recorder, milestone)
    recorder.close()
    colours.refresh(session, opened.plan, milestone, day)
    return milestone


def add_evidence(recorder: Recorder, milestone: Milestone, item: NewEvidence, actor: Actor) -> Evidence:
    """Store one piece of evidence and record it."""
    url = clean(item.url)
    if url and not url.lower().startswith(("https://", "http://")):
        raise Refusal("Enter a web address that starts with https://", "evidence_url")
    if not url and not item.stored_name:
        raise Refusal("Add a link or a file that shows the work is complete.", "evidence_url")
    row = Evidence(
        plan_id=milestone.plan_id,
        milestone_id=milestone.id,
        title=clean(item.title) or url,
        url=url,
        stored_name=item.stored_name,
        media_type=item.media_type,
        size=item.size,
        sha256=item.sha256,
        added_on=recorder.today,
        added_by=actor.label,
        withdrawn=False,
    )
    recorder.session.add(row)
    recorder.session.flush()
    recorder.add(row, verb="added evidence")
    return row


def lapse_if_changed(recorder: Recorder, milestone: Milestone) -> bool:
    """Let a sign-off lapse if what was signed is no longer what is there; returns whether it did."""
    if milestone.signoff != SignOff.APPROVED or milestone.signed_hash == signed_hash(recorder.session, milestone):
        return False
    recorder.change(
        milestone,
        "sign-off lapsed",
        {
            "signoff": SignOff.LAPSED.value,
            "signoff_day": recorder.today,
            "signed_hash": "",
        },
        "What was signed off has changed since.",
    )
    return True


def evidence_editor(session: Session, milestone: Milestone) -> int | None:
    """Return the id of the person who last added or changed evidence of a milestone."""
    ids = select(Evidence.id).where(Evidence.milestone_id == milestone.id)
    return session.scalar(
        select(LedgerEntry.actor_id)
        .where(LedgerEntry.subject_type == Evidence.__tablename__, LedgerEntry.subject_id.in_(ids))
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
    )


def evidence_of(session: Session, milestone: Milestone) -> list[Evidence]:
    """Return the evidence of a milestone that has not been withdrawn, oldest first."""
    query = select(Evidence).where(Evidence.milestone_id == milestone.id, Evidence.withdrawn.is_(False))
    return list(session.scalars(query.order_by(Evidence.id)))


def signed_hash(session: Session, milestone: Milestone) -> str:
    """Return the hash of what a signature on a milestone stands for."""
    evidence = [(e.title, e.url, e.sha256) for e in evidence_of(session, milestone)]
    return content_hash(milestone.ref, milestone.text, milestone.due, milestone.completed, evidence)


def content_hash(
    ref: str, text: str, due: date | None, completed: date | None, evidence: Sequence[tuple[str, str, str]]
) -> str:
    """Return the hash of text, deadline, completion day and evidence as (title, address, hash of the file)."""
    content = [ref, text, str(due or ""), str(completed or ""), [list(item) for item in evidence]]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
