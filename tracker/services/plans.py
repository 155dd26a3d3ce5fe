"""Change what is written about a plan itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Plan
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.text import clean
from tracker.services.ledger import Recorder

EDITABLE = ("title", "version", "review_cycle", "marking")


def edit_plan(session: Session, actor: Actor, now: datetime, plan_id: int, values: Mapping[str, Any]) -> Plan:
    """Change title, version, review cycle or protective marking; what is not editable is not looked at."""
    permit(actor, Act.EDIT, plan_id)
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise NotFound("There is no such plan.")
    if not clean(values.get("title")):
        raise Refusal("Enter the title of the plan.", "title")
    recorder = Recorder(session, plan, actor, now)
    recorder.change(plan, "edited the plan", {name: clean(values.get(name)) for name in EDITABLE})
    recorder.close()
    return plan
