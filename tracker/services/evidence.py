"""Evidence of a completion: added, or withdrawn with a reason; never destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models import Evidence, Milestone
from tracker.rules.dates import london_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.facts import SignOff
from tracker.rules.permissions import Act, Actor
from tracker.rules.text import clean
from tracker.services import colours, outbox
from tracker.services.ledger import Recorder
from tracker.services.milestones import Opened, begin, refuse_closed
from tracker.services.signatures import evidence_of, lapse_if_changed


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A link, or a file that has been stored already (random name, outside the web root)."""

    title: str
    url: str = ""
    stored_name: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""


def give_evidence(
    session: Session, actor: Actor, now: datetime, milestone_id: int, token: str, *items: NewEvidence
) -> Milestone:
    """Add evidence to a milestone; if it is signed off already, the sign-off lapses and waits for a new decision."""
    opened = begin(session, actor, Act.CLAIM, now, milestone_id, token)
    refuse_closed(opened.milestone)
    if not items:
        raise Refusal("Add a link or a file.", "evidence_url")
    recorder = Recorder(session, opened.plan, actor, now)
    for item in items:
        add_evidence(recorder, opened.milestone, item, actor)
    _finish(opened, recorder, now)
    return opened.milestone


def withdraw_evidence(
    session: Session, actor: Actor, now: datetime, milestone_id: int, evidence_id: int, token: str, reason: str
) -> Milestone:
    """Take evidence back with a reason. It stays stored and listed as withdrawn; a sign-off on it lapses."""
    opened = begin(session, actor, Act.CLAIM, now, milestone_id, token)
    milestone = opened.milestone
    row = session.get(Evidence, evidence_id)
    if row is None or row.milestone_id != milestone.id:
        raise NotFound("There is no such evidence.")
    session.refresh(row)
    refuse_closed(milestone)
    if row.withdrawn:
        raise Refusal("This evidence has been withdrawn already.")
    if not clean(reason):
        raise Refusal("Say why the evidence is withdrawn.", "reason")
    waiting = milestone.signoff in {SignOff.CLAIMED, SignOff.LAPSED}
    if waiting and len(evidence_of(session, milestone)) == 1:
        raise Refusal("The claim rests on this evidence alone. Add other evidence first.", "reason")
    recorder = Recorder(session, opened.plan, actor, now)
    values = {
        "withdrawn": True,
        "withdrawn_on": recorder.today,
        "withdrawn_by": actor.label,
        "withdrawn_reason": clean(reason),
    }
    recorder.change(row, "withdrew evidence", values, clean(reason))
    _finish(opened, recorder, now)
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


def _finish(opened: Opened, recorder: Recorder, now: datetime) -> None:
    """Close an act on evidence: a sign-off that it changes lapses, and the managers are told."""
    session, milestone, actor = recorder.session, opened.milestone, recorder.actor
    session.flush()
    lapsed = lapse_if_changed(recorder, milestone)
    recorder.close()
    colours.refresh(session, opened.plan, milestone, london_day(now))
    if not lapsed:
        return
    ref = outbox.named(session, milestone)
    said = f"{actor.label} changed the evidence of {ref}, so its sign-off has lapsed and waits for a new decision."
    words = outbox.letter(opened.plan, milestone, ref, said)
    key = f"sign-off lapsed:{recorder.act}"
    outbox.tell_managers(
        session, opened.plan, actor, key, "sign-off", f"A sign-off has lapsed: {ref}", words, now, in_digest=True
    )
