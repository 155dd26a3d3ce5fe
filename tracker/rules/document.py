"""A plan as a document: the one shape that seeds, imports, exports of a plan and comparison share.

Pure data, no database. Texts are kept as written (whitespace folded); dates are kept as words and read by
`rules.dates` where a day is needed, so a document never holds a date that its words do not say.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Source:
    """Where a line was read: file, sheet or table, and cell ("B7") or paragraph."""

    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.sheet, self.cell) if part) or self.file


@dataclass(slots=True)
class LeadLine:
    """A post that leads, with its organisation where the source names one."""

    post: str
    organisation: str = ""
    accountable: bool = False


# What a status of the source says, as a fact: never a colour, and "" where it says none that can be relied on.
FACTS = ("completed", "started", "not started", "delayed", "stopped")


@dataclass(slots=True)
class ActionLine:
    """A lettered undertaking within a workstream.

    `status_text` is the status in the source's words, `fact` one of FACTS that it says (with the source's own key
    where it has one), `percent` how much is done where the source says so (0 to 100).
    """

    ref: str
    text: str
    leads: list[LeadLine] = field(default_factory=list)
    status_text: str = ""
    source: Source | None = None
    standing: str = ""  # "withdrawn", "suspended" or "superseded" by a decision; "" while it is in the plan
    standing_reference: str = ""
    fact: str = ""
    percent: int | None = None


@dataclass(slots=True)
class MilestoneLine:
    """A dated (or undated) deliverable. `date` is the source's words, "" where it has none.

    `actions` are the refs of the actions it is linked to; empty means the source links it to none.
    `implicit` means that the source has an action with a date but no milestone text of its own: `text` then
    repeats the action's text. `tail` is the recurring remark of a date ("quarterly reviews following this").
    `needs_decision` is a question for a person, "" when there is none. `leads` only where they differ from the
    workstream's and the action's. `waits_for` are milestones of the same plan that have to be finished first, by
    workstream and number ("2b.1"); one of another plan is no part of a document. `status_text`, `fact` and `percent`
    are those of an action; `done_on` is when the source says it was done, in its words ("March 2004", "12/05/2025"), to
    be read with `rules.dates` as a due date is; `rating` is the name of the colour that `status_text` means, by the
    source's own key where it has one. None of them sets a colour: they are what a person may take over.
    """

    ref: str
    text: str
    date: str = ""
    tail: str = ""
    start: str = ""
    actions: list[str] = field(default_factory=list)
    leads: list[LeadLine] = field(default_factory=list)
    implicit: bool = False
    critical: bool = False
    status_text: str = ""
    update_text: str = ""
    needs_decision: str = ""
    waits_for: list[str] = field(default_factory=list)
    source: Source | None = None
    standing: str = ""  # "withdrawn", "suspended" or "superseded" by a decision; "" while it is in the plan
    standing_reference: str = ""
    origin: str = ""  # where it came from, in words, if it was split off another one
    fact: str = ""
    percent: int | None = None
    done_on: str = ""
    rating: str = ""
    decided: bool = False  # a person has settled what its date left open


@dataclass(slots=True)
class CommitmentLine:
    """Something that recurs: `frequency` in the source's words ("Weekly", "6 Monthly", "Annual").

    `every` and `anchor` (an ISO date) are the rule that a person confirmed on the way in; "" where nobody has yet.
    """

    ref: str
    frequency: str
    text: str
    source: Source | None = None
    standing: str = ""  # "withdrawn", "suspended" or "superseded" by a decision; "" while it is in the plan
    standing_reference: str = ""
    every: str = ""
    anchor: str = ""


@dataclass(slots=True)
class PeriodState:
    """What a period grid says of one milestone ("COMPLETED" in the column "Sep - Dec 21")."""

    milestone: str
    period: str
    state: str


@dataclass(slots=True)
class WorkstreamLine:
    """A ref and a title with leads; owns actions, milestones and commitments."""

    ref: str
    title: str
    leads: list[LeadLine] = field(default_factory=list)
    actions: list[ActionLine] = field(default_factory=list)
    milestones: list[MilestoneLine] = field(default_factory=list)
    commitments: list[CommitmentLine] = field(default_factory=list)
    period_states: list[PeriodState] = field(default_factory=list)
    source: Source | None = None
    standing: str = ""  # "withdrawn", "suspended" or "superseded" by a decision; "" while it is in the plan
    standing_reference: str = ""


# The kinds of record that a priority (or a plan) may hold beside its workstreams.
RECORD_KINDS = (
    "good_looks_like",
    "criterion_quantitative",
    "criterion_qualitative",
    "interdependency",
    "impact",  # "what impact will it have"
    "practice_universal",
    "practice_targeted",
    "practice_specialist",
    "definition",
    "governance",
    "principle",
)


@dataclass(slots=True)
class RecordLine:
    """A record of a priority or of the plan: one criterion, one definition, one practice."""

    kind: str
    text: str
    term: str = ""  # the word that is defined, or the heading a practice stands under
    source: Source | None = None
    standing: str = ""  # "withdrawn", "suspended" or "superseded" by a decision; "" while it is in the plan
    standing_reference: str = ""


@dataclass(slots=True)
class ReadingLine:
    """One figure of a measure: the period in words, the value as printed, and for whom (or "")."""

    period: str
    value: str
    group: str = ""


@dataclass(slots=True)
class MeasureLine:
    """An outcome that is measured. `polarity` is "up", "down" or "" where the source does not say."""

    name: str
    unit: str = ""
    polarity: str = ""
    baseline: str = ""
    target: str = ""
    frequency: str = ""
    readings: list[ReadingLine] = field(default_factory=list)
    notes: str = ""


@dataclass(slots=True)
class PriorityLine:
    """A top-level area of a plan. `unplaced` are milestones whose workstream the source does not show."""

    ref: str
    title: str
    description: str = ""
    records: list[RecordLine] = field(default_factory=list)
    workstreams: list[WorkstreamLine] = field(default_factory=list)
    unplaced: list[MilestoneLine] = field(default_factory=list)
    measures: list[MeasureLine] = field(default_factory=list)
    source: Source | None = None
    standing: str = ""  # "withdrawn", "suspended" or "superseded" by a decision; "" while it is in the plan
    standing_reference: str = ""


@dataclass(slots=True)
class PlanDocument:
    """A whole plan as its document says it."""

    title: str
    slug: str = ""
    organisation: str = ""
    kind: str = "improvement plan"  # or "strategy", "statement of action", "inquiry", "framework"
    version: str = ""
    adopted: str = ""  # ISO date, "" if the source does not say
    starts: str = ""  # in words ("2025", "Sept 2022")
    ends: str = ""
    original_end: str = ""  # where the plan's own end was moved
    end_moved_reason: str = ""
    priority_label: str = "Priority"
    workstream_label: str = "Workstream"
    year_kind: str = "financial"  # what "2025/26" means: "financial" or "academic"
    review_cycle: str = ""
    reports_to: list[str] = field(default_factory=list)
    key: dict[str, str] = field(default_factory=dict)  # colour name -> the document's own words
    records: list[RecordLine] = field(default_factory=list)
    measures: list[MeasureLine] = field(default_factory=list)
    priorities: list[PriorityLine] = field(default_factory=list)
    source_note: str = ""
    terms: dict[str, str] = field(default_factory=dict)  # last days of school terms ("19 December") that are its own
    said: dict[str, str] = field(default_factory=dict)  # answers about the file, by what was asked, to be remembered
