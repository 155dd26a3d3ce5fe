"""Which column of a table holds what, once that is decided."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Columns:
    """The column of each thing in one table; 0 means that there is none."""

    ref: int = 0
    sections: list[int] = field(default_factory=list)
    section_ref: int = 0
    action: int = 0
    milestone: int = 0
    milestone_original: int = 0
    lead: int = 0
    due: int = 0
    due_original: int = 0
    due_revised: int = 0  # the last one, where a date was revised more than once
    revised_before: list[int] = field(default_factory=list)  # the others, the latest first
    start: int = 0
    actual: int = 0
    status: int = 0
    ticked: dict[int, str] = field(default_factory=dict)  # a column per status, ticked where that is the row's
    percent: int = 0
    days: int = 0  # how long it takes, from its start
    people: dict[int, str] = field(default_factory=dict)  # a column per person, ticked where that person leads
    updates: list[int] = field(default_factory=list)
    reasons: list[int] = field(default_factory=list)  # of the updates those that say why, of all beside them
    success: list[int] = field(default_factory=list)
    periods: dict[int, str] = field(default_factory=dict)
    steps: list[tuple[int, int]] = field(default_factory=list)  # "Milestone 1", "Date 1": each milestone and its date
    periods_say_what: bool = False  # the periods hold what is to be done by then, and not how far it is
    kind: int = 0  # whether a row is an action or a milestone of the one above
    parent: int = 0  # which row is the action of the row, by its ref or its words
    named: dict[int, int] = field(default_factory=dict)  # the row that each row says it belongs to
    titles: set[int] = field(default_factory=set)  # of those the rows that are no entries
    sub_rows: dict[int, int] = field(default_factory=dict)  # rows that are milestones of the action in another row
    level: int = 0  # how deep a row stands in the outline ("Outline level")
    extra: list[int] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    capitals: bool = False  # actions begin with "1A", "1B"
    says_when: bool = False  # the milestone column promises dates ("What we will do and when")
    due_has_status: bool = False
    due_among_measures: bool = False  # the dates stand among targets of another kind: "By June 2020", "95% are local"
    lead_of_group: bool = False  # who leads stands once for each group, in the row that names it
    action_has_lead: bool = False  # "Action and lead": a post in brackets at the end
    due_has_lead: bool = False  # "Who/when?"
    lead_helps: bool = False  # the column of leads is one of partners: who leads may be said elsewhere
    of_action: Columns | None = None  # what stands left of the milestones and is their action's: ref, date, lead

    @property
    def core(self) -> list[int]:
        """Return the columns whose text makes a row an entry of the plan."""
        steps = [column for column, _ in self.steps] + (list(self.periods) if self.periods_say_what else [])
        return [column for column in (self.action, self.milestone) if column] + steps

    def roles(self) -> dict[int, str]:
        """Return the name of what each used column holds."""
        named = self.of_action.roles() if self.of_action is not None else {}
        named |= {
            self.ref: "ref", self.section_ref: "section_ref", self.action: "action", self.milestone: "milestone",
            self.lead: "lead", self.due: "due", self.due_original: "due", self.due_revised: "due",
            self.start: "start", self.actual: "actual", self.status: "status", self.percent: "percent",
            self.milestone_original: "update", self.days: "days",
        }  # fmt: skip
        named.update(dict.fromkeys(self.sections, "section"))
        named.update(dict.fromkeys(self.revised_before, "due"))
        named.update(dict.fromkeys(self.updates, "update"))
        named.update(dict.fromkeys(self.success, "success"))
        named.update(dict.fromkeys(self.ticked, "status"))
        named.update(dict.fromkeys(self.periods, "period"))
        named.update({column: "milestone" for column, _ in self.steps} | {date: "due" for _, date in self.steps})
        named.pop(0, None)
        return named
