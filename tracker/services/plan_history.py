"""Fill in history from an edition of an earlier day: what was so then, and nothing of what is so now.

Each field that was otherwise on that day gets an entry of that day, marked as back-filled, and another one on the day
of the next edition that sets it back, unless an entry in between does. The rows stay as they are, but for the day on
which something started, which holds on. So editions may be read in any order, and colours as at any day follow from the
ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select

from tracker.models import Action, LeadAssignment, LedgerEntry, Milestone, MilestoneAction, Priority, Workstream
from tracker.rules.dates import Reading, show_day
from tracker.rules.document import LeadLine, MilestoneLine, PlanDocument
from tracker.rules.facts import Confidence, SignOff, Standing
from tracker.rules.likeness import How
from tracker.rules.text import clean, fold
from tracker.rules.undoing import FILLED_IN
from tracker.services import colours
from tracker.services.ledger import Recorder, plain, tracked
from tracker.services.plan_dates import read_in_plan
from tracker.services.plan_editions import Later, keep_edition, source_of
from tracker.services.plan_facts import CHOICES
from tracker.services.plan_outcomes import Applied, Choice, keys_of
from tracker.services.plan_pairs import Pairs
from tracker.services.plan_people import Leads
from tracker.services.plan_run import Run
from tracker.services.structure.refs import propose_ref

ONLY_THEN, SAME = "only then", "reworded?"
ADDED, (FILLED, BACK) = "added", FILLED_IN
# What a row is, apart from what was known of it: taken from the entry that made it.
_FRAME = frozenset({"ref", "position", "priority_id", "workstream_id", "implicit", "critical", "standing", "confirmed"})
_OF_A_LINK = frozenset({"workstream_id", "action_id", "milestone_id", "post_id", "position", "accountable"})
_HOLDS_ON = frozenset({"started"})
_TYPES = tuple(m.__tablename__ for m in (Priority, Workstream, Action, Milestone, LeadAssignment, MilestoneAction))


def fill_in(recorder: Recorder, document: PlanDocument, decisions: Mapping[str, str] | None, later: Later) -> Applied:
    """Fill in what a document says of its own day, which is before that of an edition that is in the plan."""
    run = Run(recorder, fresh=False, keys=keys_of(document), decisions=decisions)
    filler = _Filler(run, Pairs(run, document), later, source_of(document))
    for area in document.priorities:
        filler.area(area)
    filler.write()
    keep_edition(recorder, document, run.kept)
    recorder.session.flush()
    touched = sorted(filler.milestones)
    if touched:
        colours.rebuild(recorder.session, run.plan, touched)
    return run.applied


@dataclass
class _Past:
    """What the ledger tells of one row, by day."""

    entries: list[tuple[date, dict[str, list[Any]]]] = field(default_factory=list)

    def there(self, day: date) -> bool:
        return bool(self.entries) and self.entries[0][0] <= day

    def on(self, day: date) -> dict[str, Any]:
        return {name: pair[1] for at, fields in self.entries if at <= day for name, pair in fields.items()}

    def next(self, name: str, day: date) -> date | None:
        return next((at for at, fields in self.entries if at > day and name in fields), None)

    @property
    def made(self) -> tuple[date, dict[str, list[Any]]]:
        return self.entries[0]


class _Filler:
    """Collects what was so on the day of the edition, and writes it by day."""

    def __init__(self, run: Run, pairs: Pairs, later: Later, source: str) -> None:
        self.run, self.pairs, self.later = run, pairs, later
        self.day = run.recorder.today
        self.source = source
        self.leads = Leads(run)
        self.past: dict[tuple[str, int], _Past] = defaultdict(_Past)
        self.told: dict[date, list[tuple[Any, str, dict[str, list[Any]]]]] = defaultdict(list)
        self.milestones: set[int] = set()
        self.gone: set[tuple[str, int]] = set()  # made here for what is not in the next edition any more
        query = select(
            LedgerEntry.subject_type, LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.changes
        ).where(LedgerEntry.plan_id == run.plan.id, LedgerEntry.subject_type.in_(_TYPES))
        for kind, key, day, changes in run.session.execute(query.order_by(LedgerEntry.effective_day, LedgerEntry.seq)):
            self.past[kind, key].entries.append((day, changes))

    # ------------------------------------------------------------------ the lines
    def area(self, line: Any) -> None:
        """Fill in a priority with all below it."""
        row = self._row(line, "priority", line.ref, line.title, None)
        if row is None:
            return
        self._fill(row, {"title": clean(line.title) or row.title}, line, "priority", line.title)
        for stream in line.workstreams:
            self._stream(stream, row)
        for one in line.unplaced:
            self._milestone(one, None, row, {})

    def _stream(self, line: Any, above: Priority) -> None:
        row = self._row(line, "workstream", line.ref, line.title, above)
        if row is None:
            return
        self._fill(row, {"title": clean(line.title) or row.title}, line, "workstream", line.title)
        self._led(line.leads, row)
        actions: dict[str, Action] = {}
        for one in line.actions:
            action = self._row(one, "action", f"{row.ref} {one.ref}", one.text, row)
            if action is not None:
                values = {"text": clean(one.text) or action.text, "status_text": clean(one.status_text)}
                self._fill(action, values, one, "action", one.text)
                self._led(one.leads, action)
                actions[fold(one.ref)] = action
        for one in line.milestones:
            self._milestone(one, row, above, actions)

    def _milestone(
        self, line: MilestoneLine, stream: Workstream | None, area: Priority, actions: Mapping[str, Action]
    ) -> None:
        ref = f"{stream.ref}.{line.ref}" if stream is not None else line.ref
        row = self._row(line, "milestone", ref, line.text, stream or area)
        if row is None:
            return
        values = self._said(line)
        values |= self._fact(row, line, self.run.name_of(row))
        if not self.past["milestone", row.id].there(self.day):
            values |= {"original_due": values.get("due"), "original_due_text": values.get("due_text", "")}
        self._fill(row, values, line, "milestone", line.text)
        self._led(line.leads, row)
        for link in self.run.below(MilestoneAction, row.id):
            if any(link.action_id == action.id for name, action in actions.items() if name in map(fold, line.actions)):
                self._tell_there(link, {"milestone_id", "action_id"})

    def _said(self, line: MilestoneLine) -> dict[str, Any]:
        """Return what a line says of a milestone, as columns; a date that it does not give is left as it was."""
        words = clean(line.status_text)
        values: dict[str, Any] = {"text": clean(line.text), "status_text": words}
        if words:
            values |= {"rating": line.rating, "rating_file": self.source, "rating_as_at": self.day}
        if clean(line.update_text):
            values["progress"] = clean(line.update_text)
        if clean(line.date):
            period = read_in_plan(self.run.plan, line.date)
            due = period.end if period.reading is Reading.DATED else None
            precision = period.precision.value if due else "none"
            values |= {"due": due, "due_text": clean(line.date), "due_precision": precision}
        return values

    def _fact(self, row: Milestone, line: MilestoneLine, ref: str) -> dict[str, Any]:
        """Return what a person takes the status of that day for."""
        choices = CHOICES.get(line.fact, ()) if line.fact != "stopped" else ()
        then = self.past["milestone", row.id].on(self.day)
        if not choices or then.get("signoff", "none") in {"claimed", "approved", "lapsed"}:
            return {}
        if (line.fact == "started" and then.get("started")) or (line.fact == "delayed" and then.get("confidence")):
            return {}
        words = clean(line.status_text) or clean(line.date)
        key, said = self.run.key_of(line, "status"), f'On {show_day(self.day)} the file said "{words}".'
        more: dict[str, Any] = {"after": words, "detail": said}
        value = self.run.ask(line.fact, choices, "status", ref, line.text, line=line, key=key, **more)
        if value == "start":
            return {"started": self.day}
        if value == "risk":
            return {"confidence": Confidence.AT_RISK.value, "confidence_reason": f'The plan said "{words}"'}
        if value != "claim":
            return {}
        done = read_in_plan(self.run.plan, line.done_on).end if line.done_on else None
        return {
            "claimed": self.day,
            "completed": min(done or self.day, self.day),
            "signoff": SignOff.CLAIMED.value,
            "signoff_day": self.day,
            "started": min(done or self.day, self.day),
        }

    # ------------------------------------------------------------------ which row, or a new one
    def _row(self, line: Any, what: str, ref: str, text: str, above: Any) -> Any:
        """Return the row that a line is; None where that is open, or it is left out."""
        pair = self.pairs.of(line)
        if pair.how is How.SAME or (pair.row is not None and pair.moved):
            return pair.row
        if not clean(text) or pair.how is How.TWICE:
            self.run.note("unchanged", what, ref, text, "Left out: it has no text, or the ref of another.", line=line)
            return None
        key, leave = self.run.key_of(line), Choice("leave", "Leave it out of the history")
        if pair.how is How.MAYBE:
            known = self.run.name_of(pair.row)
            choices = (Choice("same", f"The same one: in the history of {known}"), leave)
            detail = f"Is this {known}, in earlier words?"
            value = self.run.ask(SAME, choices, what, ref, text, line=line, key=key, detail=detail)
            return pair.row if value == "same" else None
        until = show_day(self.later.as_at)
        choices = (leave, Choice("history", f"Show it in the history until {until}, withdrawn from then on"))
        detail = f"It is not in the plan of {until}."
        value = self.run.ask(ONLY_THEN, choices, what, ref, text, line=line, key=key, detail=detail)
        return self._only_then(line, what, above) if value == "history" else None

    def _only_then(self, line: Any, what: str, above: Any) -> Any:
        """Make a row for what stood in the edition and not in the next one: taken out of the plan from then on."""
        run = self.run
        gone = {
            "standing": Standing.WITHDRAWN.value,
            "standing_reference": f"Not in {self.later.source or 'the plan'} any more, {show_day(self.later.as_at)}",
        }
        model: Any = {"priority": Priority, "workstream": Workstream, "action": Action, "milestone": Milestone}[what]
        place = ("plan", 0) if above is None else (above.__tablename__, above.id)
        values: dict[str, Any] = {"ref": propose_ref(run.session, run.plan.id, model, place, getattr(above, "ref", ""))}
        if model in (Priority, Workstream):
            values["title"] = clean(line.title)
        else:
            values["text"] = clean(line.text)
        if isinstance(above, Workstream):
            values["workstream_id"] = above.id
        if model is Workstream or (model is Milestone and isinstance(above, Priority)):
            values["priority_id"] = above.id
        if model is Milestone and isinstance(above, Workstream):
            values["priority_id"] = above.priority_id
        row = model(plan_id=run.plan.id, position=len(list(run.all(model))) + 1, **values, **gone)
        run.session.add(row)
        run.session.flush()
        run.put(row, run.parent_of(row))
        frame = {name: plain(getattr(row, name)) for name in tracked(model)} | {
            "standing": Standing.OPEN.value,
            "standing_reference": "",
        }
        changes = {name: [None, value] for name, value in frame.items() if value not in (None, "")}
        self.told[self.day].append((row, ADDED, changes))
        self.past[row.__tablename__, row.id].entries.append((self.day, changes))
        back = {name: [frame[name], value] for name, value in gone.items()}
        self.told[self.later.as_at].append((row, "withdrew it", back))
        self.gone.add((row.__tablename__, row.id))
        return row

    # ------------------------------------------------------------------ what was so then
    def _fill(self, row: Any, values: Mapping[str, Any], line: Any, what: str, text: str) -> None:
        """Collect what was otherwise on the day of the edition, and note what became of the line."""
        past = self.past[row.__tablename__, row.id]
        there = past.there(self.day)
        then = past.on(self.day)
        changes: dict[str, list[Any]] = {}
        if not there:
            made = {name: pair[1] for name, pair in past.made[1].items() if name in _FRAME}
            changes = {name: [None, value] for name, value in made.items()}
        for name, value in values.items():
            before = then.get(name)
            if plain(value) != before and (plain(value) not in (None, "") or before not in (None, "")):
                changes[name] = [before, plain(value)]
        if changes:
            self.told[self.day].append((row, FILLED if there else ADDED, changes))
        if (row.__tablename__, row.id) in self.gone:
            for name, value in values.items():  # nothing is known of it later, so this is what it stays with
                setattr(row, name, value)
        elif changes:
            self._set_back(row, past, then, changes, there=there)
        if changes and isinstance(row, Milestone):
            self.milestones.add(row.id)
        said = ", ".join(f"{_WORDS[n]} {pair[1] or 'empty'}" for n, pair in changes.items() if n in _WORDS and there)
        detail = f"In the history from {show_day(self.day)}{': ' if said else ''}{said}." if changes else ""
        state = "changed" if changes else "unchanged"
        self.run.note(state, what, self.run.name_of(row).removeprefix(f"{what} "), text, detail, line=line)

    def _set_back(
        self, row: Any, past: _Past, then: Mapping[str, Any], changes: Mapping[str, list[Any]], *, there: bool
    ) -> None:
        """Set back, on the day of the next edition, what no entry until then sets."""
        day = self.later.as_at if there else past.made[0]
        back: dict[str, list[Any]] = {}
        for name, (_, value) in changes.items():
            at = past.next(name, self.day)
            if at is not None and at <= day:
                continue
            if name in _HOLDS_ON:
                if at is None:
                    setattr(row, name, date.fromisoformat(value))
                continue
            after = then.get(name)
            if value != after and (value not in (None, "") or after not in (None, "")):
                back[name] = [value, after]
        if back:
            self.told[day].append((row, BACK, back))

    def _led(self, lines: list[LeadLine], row: Any) -> None:
        """Let the posts that led then and lead now have led from the day of the edition on."""
        named = {post.id for line in lines if (post := self.leads.find(line)) is not None}
        for one in self.leads.of(row):
            if one.post_id in named:
                self._tell_there(one, _OF_A_LINK)

    def _tell_there(self, row: Any, names: frozenset[str] | set[str]) -> None:
        past = self.past[row.__tablename__, row.id]
        if past.entries and not past.there(self.day):
            changes = {name: [None, pair[1]] for name, pair in past.made[1].items() if name in names}
            self.told[self.day].append((row, ADDED, changes))

    def write(self) -> None:
        """Write the entries of each day, all of one act."""
        run = self.run
        run.applied.act = run.recorder.act if self.told else ""
        for day, told in sorted(self.told.items()):
            at = datetime.combine(day, time(12), UTC)
            recorder = Recorder(run.session, run.plan, run.recorder.actor, run.recorder.now, at, act=run.recorder.act)
            for row, verb, changes in told:
                recorder.tell(row, verb, changes, run.recorder.because)
            recorder.close()


_WORDS = {"text": "words", "title": "title", "due_text": "deadline", "status_text": "status", "started": "started"}
