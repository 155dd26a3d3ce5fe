"""Completion and sign-off: claimed with evidence, decided and checked by a second person, bound to what was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Milestone
from tracker.rules.dates import add_months, london_day, show_day
from tracker.rules.errors import Refusal
from tracker.rules.facts import SignOff
from tracker.rules.permissions import Act, Actor
from tracker.rules.text import clean
from tracker.services import colours, outbox
from tracker.services.evidence import NewEvidence, add_evidence
from tracker.services.ledger import Recorder
from tracker.services.milestones import Opened, act_on, begin, check_version, refuse_closed
from tracker.services.signatures import UNSIGNED, evidence_of, need_a_second_person, to_sign


@dataclass(frozen=True, slots=True)
class Claim:
    """What a lead says when the work is done."""

    completed: date
    progress: str
    impact: str
    evidence: tuple[NewEvidence, ...]


def claim_completion(
    session: Session,
    actor: Actor,
    now: datetime,
    milestone_id: int,
    version: int,
    token: str,
    claim: Claim,
    *,
    reason: str = "",
) -> Milestone:
    """Claim that a milestone is complete. Needs evidence, now or given before; the approver is somebody else.

    `reason` says in the ledger where the claim comes from.
    """
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
            **UNSIGNED,
            "progress": clean(claim.progress),
            "impact": clean(claim.impact),
            "started": milestone.started or claim.completed,
            "updated_on": day,
            "updated_by": actor.label,
        },
        reason,
    )
    recorder.close()
    colours.refresh(session, opened.plan, milestone, day)
    ref = outbox.named(session, milestone)
    said = f"{actor.label} says that {ref} was complete on {show_day(claim.completed)} and asks for sign-off."
    words = outbox.letter(opened.plan, milestone, ref, said, milestone.progress)
    key = f"completion claimed:{recorder.act}"
    outbox.tell_managers(
        session, opened.plan, actor, key, "sign-off", f"Sign-off is asked for: {ref}", words, now, in_digest=True
    )
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
    act: str = "",
) -> Milestone:
    """Approve a claim, or return it with a reason. Never by the person who claimed it or last changed its evidence.

    `act` is that of a larger act that it is part of.
    """
    opened = begin(session, actor, Act.DECIDE_COMPLETION, now, milestone_id, token)
    milestone, day = opened.milestone, london_day(now)
    if milestone.signoff not in {SignOff.CLAIMED, SignOff.LAPSED}:
        raise Refusal("There is no completion here that waits for a decision.")
    need_a_second_person(session, actor, milestone)
    check_version(milestone, version, {}, {})
    if not approve and not clean(note):
        raise Refusal("Say what has to be put right.", "reason")
    if approve and not evidence_of(session, milestone):
        raise Refusal("All its evidence has been withdrawn. Return the completion, or ask for evidence first.")
    values: dict[str, Any] = {"signed_by_id": actor.person_id, "signoff_day": day, "signoff_note": clean(note)}
    if approve:
        values |= {"signoff": SignOff.APPROVED.value, **_signed(session, opened, day)}
        verb = "approved the completion"
        subject, said = "The completion is signed off", "approved the completion of"
    else:
        values |= {"signoff": SignOff.RETURNED.value, "claimed": None, "completed": None, **UNSIGNED}
        verb = "returned the completion"
        subject, said = "The completion is returned", "returned the completion of"
    act = act_on(session, opened, actor, now, verb, values, clean(note), act).act
    ref = outbox.named(session, milestone)
    words = outbox.letter(opened.plan, milestone, ref, f"{actor.label} {said} {ref}.", clean(note))
    key = f"completion decided:{act}:{milestone.id}"
    outbox.tell(session, milestone.claimed_by_id, actor, key, "sign-off", f"{subject}: {ref}", words, now)
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
    _reopen(session, opened, actor, now, "revoked the sign-off", reason)
    return opened.milestone


def check_completion(
    session: Session,
    actor: Actor,
    now: datetime,
    milestone_id: int,
    version: int,
    token: str,
    *,
    still_true: bool,
    reason: str,
) -> Milestone:
    """Answer whether a completion is still true some months on: it is embedded, or it is open again with a reason."""
    opened = begin(session, actor, Act.DECIDE_COMPLETION, now, milestone_id, token)
    milestone, day = opened.milestone, london_day(now)
    if milestone.check_due is None:  # only an approval sets it, and whatever ends the approval clears it
        raise Refusal("No check of a completion is due here.")
    if day < milestone.check_due:
        raise Refusal(f"The check is due on {show_day(milestone.check_due)}. Revoke the sign-off if it is wrong now.")
    need_a_second_person(session, actor, milestone)
    check_version(milestone, version, {}, {})
    if not clean(reason):
        raise Refusal("Say how you know." if still_true else "Say what is no longer true.", "reason")
    if still_true:
        values = {"embedded": day, "check_due": None}
        act_on(session, opened, actor, now, "found it still true", values, clean(reason))
    else:
        _reopen(session, opened, actor, now, "found it no longer true", reason)
    return milestone


def _signed(session: Session, opened: Opened, day: date) -> dict[str, Any]:
    """Return what a milestone holds of a sign-off given on a day: what was signed, and when to look again."""
    signed, months = to_sign(session, opened.milestone), opened.plan.check_months
    return {
        "signed_hash": signed.hash,
        "signed_content": signed.as_data(),
        "check_due": add_months(day, months) if months else None,
        "embedded": None,
    }


def _reopen(session: Session, opened: Opened, actor: Actor, now: datetime, verb: str, reason: str) -> None:
    """Take an approval back and tell the person who claimed the completion."""
    milestone = opened.milestone
    values = {
        "signoff": SignOff.REVOKED.value,
        "signoff_day": london_day(now),
        "signoff_note": clean(reason),
        "claimed": None,
        "completed": None,
        "signed_by_id": actor.person_id,
        **UNSIGNED,
    }
    act = act_on(session, opened, actor, now, verb, values, clean(reason)).act
    ref = outbox.named(session, milestone)
    words = outbox.letter(opened.plan, milestone, ref, f"{actor.label} {verb}: {ref} is open again.", clean(reason))
    key, subject = f"sign-off revoked:{act}", f"The sign-off is taken back: {ref}"
    outbox.tell(session, milestone.claimed_by_id, actor, key, "sign-off", subject, words, now)
