"""What reading a plan file gives: the document, the problems in words, and the account of every line."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tracker.imports.leads import shown_lead
from tracker.imports.reconcile import Account, SourceLine
from tracker.imports.understood import SheetPicture
from tracker.rules.dates import Period, Precision, Reading, read_period
from tracker.rules.document import (
    ActionLine,
    LeadLine,
    MilestoneLine,
    PlanDocument,
    PriorityLine,
    Source,
    WorkstreamLine,
)


class Kind(StrEnum):
    """What a file turned out to be."""

    PLAN = "plan"
    TEMPLATE = "template"
    NOT_A_PLAN = "not_a_plan"


@dataclass(slots=True)
class Problem:
    """Something to look at: where, what, and what to do next."""

    where: str
    what: str
    next_step: str = ""

    def __str__(self) -> str:
        return " ".join(
            part for part in (f"{self.where}: {self.what}" if self.where else self.what, self.next_step) if part
        )


@dataclass(slots=True)
class ImportResult:
    """The outcome of reading one file. `sentence` says, for a file that is no plan, what it seems to be."""

    filename: str
    kind: Kind
    document: PlanDocument
    problems: list[Problem] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    sentence: str = ""
    sheets: list[SheetPicture] = field(default_factory=list)

    @property
    def lines(self) -> list[SourceLine]:
        """Return the account of every line of the source."""
        return self.account.lines

    def totals(self) -> dict[str, int]:
        """Return the reconciliation: lines, imported, merged, needs_decision, left_out."""
        return self.account.totals()

    def to_json(self) -> dict[str, object]:
        """Return the result of a dry run as plain data."""
        plan = self.document
        shown = self.kind is Kind.PLAN
        return {
            "kind": self.kind.value,
            "title": plan.title,
            "workstreams": [each for area in plan.priorities for each in _area(area, plan)] if shown else [],
            "reconciliation": self.totals(),
            "problems": [{"where": each.where, "what": each.what, "next": each.next_step} for each in self.problems],
        }


def _area(area: PriorityLine, plan: PlanDocument) -> list[dict[str, object]]:
    shown = [_workstream(each, plan) for each in area.workstreams]
    if area.unplaced:
        milestones = [_milestone(each, plan) for each in area.unplaced]
        shown.append({"ref": None, "title": None, "leads": [], "milestones": milestones, "actions": []})
    return shown


def _workstream(line: WorkstreamLine, plan: PlanDocument) -> dict[str, object]:
    """Return a workstream; one that only stands for its sheet (no source of its own) shows neither ref nor title."""
    linked: dict[str, list[MilestoneLine]] = {}
    own: list[MilestoneLine] = []
    for milestone in line.milestones:
        if len(milestone.actions) == 1:
            linked.setdefault(milestone.actions[0], []).append(milestone)
        else:
            own.append(milestone)
    recurring = [
        {
            "ref": each.ref, "text": each.text, "date_text": each.frequency, "due": None, "precision": "recurrence",
            "status_text": None, "source": _source(each.source),
        }
        for each in line.commitments
    ]  # fmt: skip
    return {
        "ref": line.ref if line.source else None,
        "title": line.title if line.source else None,
        "leads": _leads(line.leads),
        "milestones": [_milestone(each, plan) for each in own] + recurring,
        "actions": [_action(each, line, linked.get(each.ref, []), plan) for each in line.actions],
    }


def _action(
    line: ActionLine, above: WorkstreamLine, milestones: list[MilestoneLine], plan: PlanDocument
) -> dict[str, object]:
    return {
        "ref": line.ref,
        "text": line.text,
        "leads": _leads(line.leads or above.leads),
        "status_text": line.status_text or None,
        "fact": line.fact or None,
        "percent": line.percent,
        "milestones": [_milestone(each, plan) for each in milestones],
        "source": _source(line.source),
    }


def _milestone(line: MilestoneLine, plan: PlanDocument) -> dict[str, object]:
    period = read_period(line.date, year_kind=plan.year_kind)
    dated = period.reading is Reading.DATED and period.end is not None
    return {
        "ref": line.ref,
        "text": line.text,
        "leads": _leads(line.leads),
        "date_text": line.date + (f" ({line.tail})" if line.tail else "") or None,
        "due": period.end.isoformat() if dated and period.end else None,
        "precision": _precision(period),
        "status_text": line.status_text or None,
        "fact": line.fact or None,
        "percent": line.percent,
        "done_on": line.done_on or None,
        "implicit": line.implicit,
        "needs_decision": line.needs_decision or None,
        "source": _source(line.source),
    }


def _precision(period: Period) -> str:
    if period.reading is Reading.RECURRING:
        return "recurrence"
    return (period.precision if period.reading is Reading.DATED else Precision.NONE).value


def _leads(leads: list[LeadLine]) -> list[str]:
    return [shown_lead(lead) for lead in leads]


def _source(source: Source | None) -> str | None:
    return str(source) if source else None
