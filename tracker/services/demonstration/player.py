"""Write the deeds of the demonstration into the ledger, as the services would have written them at the time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import DeadlineChange, LeadAssignment, Milestone, Plan, Post
from tracker.rules.colour import RANK, Colour
from tracker.rules.dates import add_months, london_midnight
from tracker.rules.facts import Confidence, SignOff
from tracker.rules.permissions import Actor
from tracker.rules.status import assess
from tracker.rules.text import clean
from tracker.services import colours
from tracker.services.completion import Claim
from tracker.services.deadlines import DateRequest, within_delegation
from tracker.services.demonstration.story import (
    Confirmed,
    Decided,
    Deed,
    Granted,
    Overridden,
    Rebased,
    Story,
    Told,
)
from tracker.services.evidence import add_evidence
from tracker.services.ledger import Recorder
from tracker.services.plan_dates import read_in_plan
from tracker.services.signatures import UNSIGNED, to_sign
from tracker.services.updates import Update, checked

MANAGER = "SEND Partnership & Improvement Manager"
_DEPUTY = "SEND Senior Manager"
_ANY_MANAGER = "Improvement manager"
_CHECKED = {"somerset-wsoa": 6}
"""Plans whose completions are looked at again some months on: Somerset's own document asks whether work is embedded."""


class Player:
    """Plays stories of one plan in the order of time: every deed is an act of its own, back-filled to its day."""

    def __init__(self, session: Session, plan: Plan, now: datetime, since: datetime) -> None:
        self.session = session
        self.plan = plan
        self.now = now
        self.since = since
        self.acts = 0
        self.recorder = Recorder(session, plan, Actor(None, _ANY_MANAGER), now, since)
        query = select(Milestone).where(Milestone.plan_id == plan.id)
        self.milestones = {row.id: row for row in session.scalars(query)}
        self.leads = _leads(session, plan.id)
        self.pending: dict[int, DeadlineChange] = {}
        self.version = plan.version

    def play(self, stories: Sequence[Story], others: Sequence[tuple[datetime, Callable[[Recorder], None]]] = ()) -> int:
        """Write every deed, and `others` in between, and colour again; returns how many milestones have a deed."""
        self._act(self.since, _ANY_MANAGER)
        checked_after = _CHECKED.get(self.plan.slug, self.plan.check_months)
        marked = {"demonstration": True, "check_months": checked_after}
        self.recorder.change(self.plan, "marked as a demonstration", marked)
        timed = [
            (self._instant(day, story.item.number, place), story.item.id, deed)
            for story in stories
            for place, (day, deed) in enumerate(story.deeds)
        ]
        deeds = [(at, partial(self._play, at, self.milestones[key], deed)) for at, key, deed in timed]
        deeds += [(at, partial(write, self.recorder)) for at, write in others]
        for _, play in sorted(deeds, key=lambda entry: entry[0]):
            play()
        self.recorder.close()
        touched = sorted({milestone_id for _, milestone_id, _ in timed})
        if touched:
            colours.rebuild(self.session, self.plan, touched)
        return len(touched)

    def _instant(self, day: date, number: int, place: int) -> datetime:
        """Return the instant of a deed within its day: office hours, never before the plan and never after now."""
        at = london_midnight(day) + timedelta(hours=9, minutes=number * 11 % 400 + place)
        return min(max(at, self.since), self.now)

    def _act(self, at: datetime, label: str) -> Actor:
        """Begin an act of a post; its number comes from the plan and its place, so that it is the same every time."""
        self.acts += 1
        self.recorder.actor = Actor(None, label)
        self.recorder.effective = at
        self.recorder.act = hashlib.sha256(f"{self.plan.slug} {self.acts}".encode()).hexdigest()[:16]
        return self.recorder.actor

    def _play(self, at: datetime, row: Milestone, deed: Deed) -> None:
        lead, manager = self._posts(row)
        by_lead = isinstance(deed, Told | Confirmed | Claim | DateRequest)
        actor = self._act(at, lead if by_lead else manager)
        match deed:
            case Told(update):
                self._tell(row, "updated", update)
            case Confirmed():
                self._tell(row, "confirmed on track", Update(Confidence.ON_TRACK, no_change=True))
            case Claim():
                self._claim(row, deed, actor)
            case Decided():
                self._decide(row, deed)
            case DateRequest():
                self._ask(row, deed)
            case Granted():
                self._grant(row, deed)
            case Overridden():
                self._override(row, deed)
            case Rebased():
                self._rebase(row, deed)

    def _posts(self, row: Milestone) -> tuple[str, str]:
        """Return the post that leads a milestone and the one that decides about it, which is never the same."""
        named = self.leads.get(("milestone", row.id)) or self.leads.get(("workstream", row.workstream_id or 0))
        if self.plan.slug != "wf-send-2025":
            return named or "Lead officer", _ANY_MANAGER
        lead = named or MANAGER
        return lead, _DEPUTY if lead == MANAGER else MANAGER

    def _tell(self, row: Milestone, verb: str, update: Update) -> None:
        day = self.recorder.today
        values = checked(row, self.plan, update, day)
        self.recorder.change(row, verb, {**values, "updated_on": day, "updated_by": self.recorder.actor.label})

    def _claim(self, row: Milestone, claim: Claim, actor: Actor) -> None:
        day = self.recorder.today
        for item in claim.evidence:
            add_evidence(self.recorder, row, item, actor)
        values = {
            "claimed": day,
            "completed": min(claim.completed, day),
            "signoff": SignOff.CLAIMED.value,
            "signoff_day": day,
            "claimed_by_id": None,
            "signoff_note": "",
            "progress": clean(claim.progress),
            "impact": clean(claim.impact),
            "started": row.started or min(claim.completed, day),
            "updated_on": day,
            "updated_by": actor.label,
        }
        self.recorder.change(row, "claimed completion", values)

    def _decide(self, row: Milestone, deed: Decided) -> None:
        values: dict[str, Any] = {"signed_by_id": None, "signoff_day": self.recorder.today, "signoff_note": deed.note}
        if deed.approve:
            signed = to_sign(self.session, row)
            values |= {
                "signoff": SignOff.APPROVED.value,
                "signed_hash": signed.hash,
                "signed_content": signed.as_data(),
            }
            if months := self.plan.check_months:
                values["check_due"] = add_months(self.recorder.today, months)
            self.recorder.change(row, "approved the completion", values, deed.note)
        else:
            values |= {"signoff": SignOff.RETURNED.value, "claimed": None, "completed": None, **UNSIGNED}
            self.recorder.change(row, "returned the completion", values, deed.note)

    def _ask(self, row: Milestone, deed: DateRequest) -> None:
        period = read_in_plan(self.plan, deed.proposed)
        assert period.end is not None
        change = DeadlineChange(
            plan_id=row.plan_id,
            milestone_id=row.id,
            from_due=row.due,
            from_text=row.due_text,
            from_precision=row.due_precision,
            to_due=period.end,
            to_text=period.text,
            to_precision=period.precision.value,
            state="requested",
            reason_code=deed.reason_code,
            reason=deed.reason,
            recovery=deed.recovery,
            requested_on=self.recorder.today,
            requested_by=self.recorder.actor.label,
            requested_by_id=None,
        )
        self.session.add(change)
        self.session.flush()
        self.pending[row.id] = change
        self.recorder.add(change, change.reason, verb="requested a new date")
        self.recorder.change(row, "requested a new date", {"proposed_text": period.text}, change.reason)

    def _grant(self, row: Milestone, deed: Granted) -> None:
        change = self.pending.pop(row.id)
        alone = within_delegation(self.plan, row, change.from_due, change.to_due)
        minute, verb = "" if alone else deed.minute, "approved the new date"
        note = "A short first move, within what the manager may approve." if alone else "Agreed with the recovery plan."
        decided = {
            "state": "approved",
            "decided_on": self.recorder.today,
            "decided_by": self.recorder.actor.label,
            "decision_level": "manager" if alone else "board",
            "decision_note": note,
            "minute": minute,
            "meeting_on": None if alone else self.recorder.today,
        }
        self.recorder.change(change, verb, decided, note)
        values = {
            "proposed_text": "",
            "due": change.to_due,
            "due_text": change.to_text,
            "due_precision": change.to_precision,
            "moves": row.moves + 1,
            "confirmed": False,
        }
        self.recorder.change(row, verb, values, minute or note)

    def _override(self, row: Milestone, deed: Overridden) -> None:
        scheme = colours.scheme_of(self.plan, self.recorder.today)
        computed = assess(colours.facts_now(row, self.plan), self.recorder.today, scheme).computed
        values = {
            "override_colour": Colour.GREEN.value,
            "override_until": deed.until,
            "override_reason": deed.reason,
            "override_improves": RANK[Colour.GREEN] > RANK[computed],
        }
        self.recorder.change(row, "overrode the colour", values, deed.reason)

    def _rebase(self, row: Milestone, deed: Rebased) -> None:
        period = read_in_plan(self.plan, deed.due_text)
        words = f"{self.version}, {deed.review.lower()}" if self.version else deed.review
        reason = f"{deed.review}, {deed.minute}"
        self.recorder.change(self.plan, "adopted a new version", {"version": words}, reason)
        values = {
            "due": period.end,
            "due_text": period.text,
            "due_precision": period.precision.value,
            "original_due": period.end,
            "original_due_text": period.text,
        }
        self.recorder.change(row, "adopted a new baseline", values, reason)


def _leads(session: Session, plan_id: int) -> dict[tuple[str, int], str]:
    """Return the accountable post of each milestone and workstream that has one of its own."""
    query = (
        select(LeadAssignment.milestone_id, LeadAssignment.workstream_id, Post.title)
        .join(Post, Post.id == LeadAssignment.post_id)
        .where(LeadAssignment.plan_id == plan_id)
        .order_by(LeadAssignment.accountable, LeadAssignment.id.desc())
    )
    found: dict[tuple[str, int], str] = {}
    for milestone_id, workstream_id, title in session.execute(query):
        if milestone_id is not None:
            found["milestone", milestone_id] = title
        elif workstream_id is not None:
            found["workstream", workstream_id] = title
    return found
