"""Reword what stands in a plan, and say which milestones are critical."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models import Milestone
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor
from tracker.rules.text import clean
from tracker.services.structure.adding import checked_words
from tracker.services.structure.items import Form, begin, finish, open_item, refuse_closed

WORDS: Mapping[str, Mapping[str, str]] = {
    "priority": {"title": "Title", "description": "Description"},
    "workstream": {"title": "Title"},
    "action": {"text": "Text"},
    "milestone": {"text": "Text"},
    "record": {"text": "Text", "term": "Term"},
    "commitment": {"text": "Text", "frequency": "How often"},
}
"""The words of each kind of thing, with their labels; the first may not be empty."""


def reword(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    kind: str,
    item_id: int,
    form: Form,
    words: Mapping[str, str],
    reason: str = "",
) -> str:
    """Change the words of one thing; its ref stays. Returns the act. A sign-off of what was reworded lapses."""
    item = open_item(session, actor, plan_id, kind, item_id)
    labels = WORDS[kind]
    first = next(iter(labels))
    values = {name: clean(words.get(name, getattr(item.row, name))) for name in labels}
    recorder = begin(session, actor, now, item, form, values, labels)
    refuse_closed(session, item.row)
    values[first] = checked_words(values[first], first)
    if kind == "commitment" and not values["frequency"]:
        raise Refusal("Enter how often, for example Weekly or Every half term.", "frequency")
    if not recorder.change(item.row, "reworded it", values, clean(reason)):
        raise Refusal("Nothing was changed: the words are as they were.", first)
    return finish(recorder, [item.row] if isinstance(item.row, Milestone) else [])


def set_critical(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    milestone_id: int,
    form: Form,
    *,
    critical: bool,
    reason: str,
) -> str:
    """Mark a milestone as critical, or take the mark off, with a reason: it weighs in the headline. Returns the act."""
    item = open_item(session, actor, plan_id, "milestone", milestone_id)
    recorder = begin(session, actor, now, item, form)
    refuse_closed(session, item.row)
    if not clean(reason):
        raise Refusal("Say why.", "reason")
    if item.row.critical == critical:
        raise Refusal(f"It is {'critical' if critical else 'not critical'} already.", "critical")
    verb = "marked it as critical" if critical else "took the mark critical off it"
    recorder.change(item.row, verb, {"critical": critical}, clean(reason))
    return finish(recorder, [item.row])
