"""Apply a lead's workbook that came back, through the services of the forms: all in one transaction, or tried only."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Milestone, Plan
from tracker.queries.milestone_rows import milestone_query, rows_of
from tracker.rules.dates import london_day, parse_day
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act, Actor, allowed, permit, scope
from tracker.rules.rating import Ratings
from tracker.rules.workbook import BY_KEY, DONE, FIELDS, OFF_TRACK, STATES, state_of
from tracker.rules.workbook_return import CellResult, Outcome, Result, Returned
from tracker.services.completion import Claim, claim_completion
from tracker.services.evidence import NewEvidence
from tracker.services.ledger import lock_chain
from tracker.services.milestones import refuse_closed
from tracker.services.updates import Update, check_update, record_updates
from tracker.services.workbook_compare import Choices, Pair, compare

_BY_REFUSAL = {name: field.key for field in FIELDS for name in field.refusals}
_ON_DONE = "Not asked for when it is done."


def apply_workbook(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    returned: Returned,
    secret: bytes,
    choices: Choices | None = None,
) -> Result:
    """Apply what a lead typed, cell by cell; the result says what became of each. Flushes, never commits.

    A cell that a rule refuses holds back those that say one thing with it; the rest of its row and every other row are
    applied. Raises Refusal for a workbook that cannot be of this plan, NotPermitted or NotFound.
    """
    if not allowed(actor, Act.SEE, plan_id):
        raise NotFound("There is no such plan, or you may not see it.")
    if scope(actor, Act.UPDATE, plan_id) is None:
        permit(actor, Act.UPDATE, plan_id)
    lock_chain(session, plan_id)
    plan = session.get_one(Plan, plan_id)
    result, pairs = compare(session, plan, returned, secret, choices or {}, london_day(now))
    result.act = secrets.token_hex(8)
    whose = result.lead or ""
    reason = f"From a workbook returned by {whose}" if whose else "From a returned workbook of the whole plan"
    changed: list[Pair] = []
    updates: list[tuple[Milestone, dict[str, Any]]] = []
    for pair in pairs:
        row = _Row(session, actor, now, pair, reason)
        row.apply()
        result.claims += row.claimed
        if row.values is not None:
            updates.append((pair.milestone, row.values))
        if row.claimed or row.values is not None:
            changed.append(pair)
    record_updates(session, plan, actor, now, updates, reason=reason, act=result.act)
    _say_colours(session, plan, changed, london_day(now))
    return result


def try_workbook(
    session: Session, actor: Actor, now: datetime, plan_id: int, returned: Returned, secret: bytes
) -> Result:
    """Say what applying a workbook would do: it is applied and taken back, so the answer cannot differ."""
    savepoint = session.begin_nested()
    try:
        return apply_workbook(session, actor, now, plan_id, returned, secret)
    finally:
        savepoint.rollback()
        session.expire_all()  # what was flushed inside is gone


class _Row:
    """Applies one row: claims what is done, or checks an update that is recorded with the others.

    Where a rule refuses an answer, the row is tried again without what says one thing with it.
    """

    def __init__(self, session: Session, actor: Actor, now: datetime, pair: Pair, reason: str) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self.pair = pair
        self.reason = reason
        self.wanted = dict(pair.wanted)
        self.cells = {cell.key: cell for cell in pair.result.cells}
        self.claimed = False
        self.values: dict[str, Any] | None = None  # of an update that is to be recorded

    def apply(self) -> None:
        """Apply what was typed, as far as the rules allow."""
        self._hold_back_refused()
        self._leave_out_needless()
        tried: set[str] = set()
        while self.wanted:
            try:
                self._attempt()
            except Refusal as refusal:
                key = _BY_REFUSAL.get(refusal.field, "")
                if not key or key in tried or isinstance(refusal, NotFound | NotPermitted):
                    self._refuse(list(self.wanted), refusal.sentence)
                    return
                tried.add(key)
                self._refuse_with_its_group(key, refusal.sentence)
            else:
                for key in self.wanted:
                    self.cells[key].outcome = Outcome.APPLIED
                return

    def _attempt(self) -> None:
        milestone, merged = self.pair.milestone, {**self.pair.now, **self.wanted}
        refuse_closed(milestone)
        if self.wanted.get("state") == STATES[DONE]:
            links = (NewEvidence("", url=merged["evidence"]),) if merged["evidence"] else ()
            day = parse_day(merged["completed"]) if merged["completed"] else london_day(self.now)
            told = Claim(day, merged["progress"], merged["impact"], links)
            form = f"workbook-{secrets.token_urlsafe(12)}"
            with self.session.begin_nested():
                claim_completion(
                    self.session,
                    self.actor,
                    self.now,
                    milestone.id,
                    milestone.version,
                    form,
                    told,
                    reason=self.reason,
                )
            self.claimed = True
            return
        state = state_of(merged["state"]) or ""
        if state == "will_miss" and not merged["forecast"] and {"state", "forecast"} & set(self.wanted):
            raise Refusal("Enter a forecast date, such as Nov 2027 or 30 November 2027.", "forecast_text")
        typed = Update(
            state if state != DONE else "on_track",  # claimed already: the service says so
            progress=merged["progress"],
            impact=merged["impact"],
            forecast_text=merged["forecast"],
            confidence_reason=merged["reason"],
            recovery=merged["recovery"],
            help_needed=merged["help"],
            blocked=milestone.blocked,
            no_change=not {"progress", "impact"} & set(self.wanted),
        )
        self.values = check_update(self.session, self.actor, self.now, milestone.id, typed)

    def _hold_back_refused(self) -> None:
        """Hold back what says one thing with a cell that could not be read."""
        for cell in list(self.cells.values()):
            if cell.outcome is Outcome.REFUSED:
                self._refuse_with_its_group(cell.key, cell.why)

    def _leave_out_needless(self) -> None:
        """Leave out what is not asked for in the state that the row says, each with its reason."""
        state = state_of(self.wanted.get("state", self.pair.now["state"]))
        done = self.wanted.get("state") == STATES[DONE]
        if done:
            self._refuse([key for key in ("forecast", *OFF_TRACK, "help") if key in self.wanted], _ON_DONE)
        else:
            late = [key for key in ("completed", "evidence") if key in self.wanted]
            if self.pair.now["state"] != STATES[DONE]:
                self._refuse(late, f"Choose “{STATES[DONE]}” in “{BY_KEY['state'].title}” as well.")
            if state == "on_track":
                needless = [key for key in OFF_TRACK if self.wanted.get(key)]
                self._refuse(needless, "Only asked for when it is at risk or will miss its date.")
        if "no_change" in self.wanted and ({"progress", "impact"} & set(self.wanted) or done):
            del self.wanted["no_change"]
            self.cells["no_change"].why = "The row says what is new, so this was not needed."

    def _refuse_with_its_group(self, key: str, sentence: str) -> None:
        """Refuse one answer, and hold back those that say one thing with it."""
        field = BY_KEY[key]
        group = [other for other in self.wanted if other != key and BY_KEY[other].group == field.group]
        self._refuse([key], sentence)
        self._refuse(group, f"Not applied, because of “{field.title}” in the same row.")

    def _refuse(self, keys: Iterable[str], sentence: str) -> None:
        for key in keys:
            cell = self.cells.get(key)
            if cell is None:  # the answer that is wanting has no column any more
                cell = self.cells[key] = CellResult(key, Outcome.REFUSED, now=self.pair.now[key])
                self.pair.result.cells.append(cell)
            cell.outcome, cell.why = Outcome.REFUSED, sentence
            self.wanted.pop(key, None)


def _say_colours(session: Session, plan: Plan, pairs: list[Pair], day: date) -> None:
    """Say what each changed milestone is now, in the plan's words. Four statements."""
    ids = [pair.milestone.id for pair in pairs]
    if not ids:
        return
    words = Ratings.from_data(plan.ratings).on(day).vocabulary
    rows = {row.id: row for row in rows_of(session, milestone_query(day).where(Milestone.id.in_(ids)), day)}
    for pair in pairs:
        row = rows.get(pair.milestone.id)
        if row is not None:
            term = words.term(row.colour, row.rule, row.marks, row.standing)
            pair.result.colour = term.text
