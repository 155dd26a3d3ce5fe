"""Change what is written about a plan itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Commitment, Occurrence, Plan, PlanVersion, Post
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.terms import read_terms
from tracker.rules.text import clean
from tracker.rules.windows import Every
from tracker.services import colours
from tracker.services.ledger import Recorder

EDITABLE = ("title", "version", "starts", "priority_label", "workstream_label", "review_cycle", "marking")
CHECKS = (0, 3, 6)
"""After how many months a completion may be checked again."""
_NEEDED = {
    "title": "Enter the title of the plan.",
    "priority_label": 'Enter what the plan calls its priorities, for example "Priority".',
    "workstream_label": 'Enter what the plan calls its workstreams, for example "Workstream".',
}


def edit_plan(
    session: Session, actor: Actor, now: datetime, plan_id: int, values: Mapping[str, Any], reason: str = ""
) -> Plan:
    """Change what is written about a plan itself, with a reason; what is not given stays as it is.

    `adopted` is a day or None, `reports_to` a list of names, the limits are numbers. The plan's end is moved elsewhere.
    """
    permit(actor, Act.EDIT, plan_id)
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise NotFound("There is no such plan.")
    wanted: dict[str, Any] = {name: clean(values[name]) for name in EDITABLE if values.get(name) is not None}
    for name, sentence in _NEEDED.items():
        if not wanted.get(name, getattr(plan, name)):
            raise Refusal(sentence, name)
    wanted |= {name: values[name] for name in ("delegated_days", "check_months") if values.get(name) is not None}
    if not 0 <= wanted.get("delegated_days", 0) <= 366:
        raise Refusal("Enter a number of days from 0 to 366.", "delegated_days")
    if wanted.get("check_months", 0) not in CHECKS:
        raise Refusal("Select never, after 3 months or after 6 months.", "check_months")
    if values.get("sensitive") is not None:
        wanted["sensitive"] = bool(values["sensitive"])
    if "senior_post_id" in values:
        wanted["senior_post_id"] = _open_post(session, values["senior_post_id"])
    if "adopted" in values:
        wanted["adopted"] = _adopted(values["adopted"], london_day(now))
    _keep_first_version(session, plan, wanted)
    if values.get("reports_to") is not None:
        wanted["reports_to"] = [clean(name) for name in values["reports_to"] if clean(name)]
    if any(getattr(plan, name) != value for name, value in wanted.items()) and not clean(reason):
        raise Refusal("Say why.", "reason")
    recorder = Recorder(session, plan, actor, now)
    changed = recorder.change(plan, "edited the plan", wanted, clean(reason))
    recorder.close()
    if "adopted" in changed:  # a date before the adoption is marked as such on every day
        colours.rebuild(session, plan)
    return plan


def edit_terms(
    session: Session, actor: Actor, now: datetime, plan_id: int, words: Mapping[str, str], reason: str
) -> Plan:
    """Change the last days of a plan's school terms, with a reason. Deadlines that are agreed stay as they are."""
    permit(actor, Act.EDIT, plan_id)
    plan = session.get_one(Plan, plan_id)
    terms = read_terms(words)
    if terms == (plan.term_calendar or {}):
        raise Refusal("Nothing was changed: the terms are as they were.", next(iter(words)))
    if not clean(reason):
        raise Refusal("Say why.", "reason")
    recorded = (
        select(Commitment.ref)
        .join(Occurrence, Occurrence.commitment_id == Commitment.id)
        .where(Commitment.plan_id == plan_id, Commitment.every.in_([Every.TERMLY, Every.HALF_TERMLY]))
    )
    ref = session.scalar(recorded.order_by(Commitment.id).limit(1))
    if ref is not None:
        raise Refusal(
            f"Commitment {ref} follows the terms, and what was held is recorded under them. "
            "Give it an end first, and add a new one for the new terms."
        )
    recorder = Recorder(session, plan, actor, now)
    recorder.change(plan, "changed the school terms", {"term_calendar": terms}, clean(reason))
    recorder.close()
    return plan


def _open_post(session: Session, post_id: int | None) -> int | None:
    """Return the number of a post that there is, None for none."""
    if not post_id:
        return None
    post = session.get(Post, post_id)
    if post is None or post.closed_on is not None:
        raise Refusal("Select a post that there is.", "senior_post_id")
    return post.id


def _adopted(day: Any, today: date) -> date | None:
    if day is not None and day > today:
        raise Refusal("Enter a day of adoption that is today or earlier.", "adopted")
    return cast("date | None", day)


def _keep_first_version(session: Session, plan: Plan, wanted: Mapping[str, Any]) -> None:
    """Raise Refusal for another label or day of the first version once reports can be asked for against it."""
    query = select(PlanVersion.id).where(PlanVersion.plan_id == plan.id).limit(1)
    changed = [name for name in ("version", "adopted") if name in wanted and wanted[name] != getattr(plan, name)]
    if not changed or session.scalar(query) is None:
        return
    if changed[0] == "version":
        raise Refusal(f"A review has been adopted, so the first version stays {plan.version or 1}.", "version")
    day = show_day(plan.adopted) if plan.adopted else "empty"
    raise Refusal(f"A review has been adopted, so the day of the first version stays {day}.", "adopted")
