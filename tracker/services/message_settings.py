"""Choose how people are told: the council's rhythm, the grace of the ladder, how long links hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models import MessageSettings
from tracker.queries.message_settings import chosen
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.rhythm import read_rhythm
from tracker.rules.security import Kind
from tracker.services.security import Noted, note

LONGEST_GRACE, LONGEST_LINK = 60, 90


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen. Graces are in working days, links in days."""

    digest: str
    grace_manager: int
    grace_senior: int
    link_days: int

    def words(self) -> str:
        """Return it in a line, for the security log."""
        graces = f"{self.grace_manager} and {self.grace_senior} working days"
        return f"{self.digest}; grace {graces}; links for {self.link_days} days"

    def check(self) -> None:
        """Raise Refusal where a value cannot be."""
        read_rhythm(self.digest)
        for name in ("grace_manager", "grace_senior"):
            if not 1 <= getattr(self, name) <= LONGEST_GRACE:
                raise Refusal(f"Enter a number of working days from 1 to {LONGEST_GRACE}.", name)
        if not 0 <= self.link_days <= LONGEST_LINK:
            raise Refusal(f"Enter a number of days from 0 to {LONGEST_LINK}.", "link_days")


def choose(session: Session, actor: Actor, now: datetime, choice: Choice) -> None:
    """Let messages go as chosen from the next run on, whatever the environment says."""
    permit(actor, Act.MANAGE_MESSAGES, None)
    choice.check()
    row = chosen(session)
    if row is None:
        row = MessageSettings(id=1)
        session.add(row)
    row.digest, row.link_days = choice.digest, choice.link_days
    row.grace_manager, row.grace_senior = choice.grace_manager, choice.grace_senior
    row.changed_at, row.changed_by = now, actor.label
    note(session, now, Kind.MESSAGES_CHANGED, actor, Noted(detail=choice.words()))


def forget_choice(session: Session, actor: Actor, now: datetime) -> bool:
    """Let messages go as the environment says again; False if they do already."""
    permit(actor, Act.MANAGE_MESSAGES, None)
    row = chosen(session)
    if row is None:
        return False
    session.delete(row)
    note(session, now, Kind.MESSAGES_CHANGED, actor, Noted(detail="as the environment says"))
    return True
