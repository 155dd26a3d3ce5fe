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
CHECKS = (0, 3, 6)
"""After how many months a completion may be checked again."""


def edit_plan(session: Session, actor: Actor, now: datetime, plan_id: int, values: Mapping[str, Any]) -> Plan:
    """Change title, version, review cycle, protective marking, the manager's limit or when completions are checked.

    What is not editable is not looked at; the last two stay as they are where they are not given.
    """
    permit(actor, Act.EDIT, plan_id)
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise NotFound("There is no such plan.")
    if not clean(values.get("title")):
        raise Refusal("Enter the title of the plan.", "title")
    recorder = Recorder(session, plan, actor, now)
    limits = {name: values[name] for name in ("delegated_days", "check_months") if values.get(name) is not None}
    if not 0 <= limits.get("delegated_days", 0) <= 366:
        raise Refusal("Enter a number of days from 0 to 366.", "delegated_days")
    if limits.get("check_months", 0) not in CHECKS:
        raise Refusal("Select never, after 3 months or after 6 months.", "check_months")
    recorder.change(plan, "edited the plan", {**{name: clean(values.get(name)) for name in EDITABLE}, **limits})
    recorder.close()
    return plan
