"""The glossary: the words of this report, and those that the plan's own document explains."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Column, Group, Part, Section, Table
from tracker.exports.wording import standing_words

_COLUMNS = (Column("Word", width=34), Column("Meaning", width=110), Column("From", width=24))
_GROUPS = (
    Group("Word", 44, (Part(0, bold=True),)),
    Group("Meaning", 104, (Part(1),)),
    Group("From", 26, (Part(2, quiet=True),)),
)
OURS = (
    ("Action", "A lettered undertaking of a workstream, which its milestones deliver."),
    (
        "Baseline",
        "The dates agreed when a version of the plan was adopted; slippage is measured against them.",
    ),
    ("Deadline", "The last day of the period that a date names: “Sep 2025” is 30 September 2025."),
    ("Direction", "Whether the colour is better, worse or the same as at the last report."),
    ("Due to date", "Milestones whose deadline has passed by the day of the data."),
    ("Forecast", "When the lead expects to deliver. A forecast moves no deadline."),
    ("Lead", "The post that answers for a workstream or a milestone. No person is named."),
    ("Milestone", "A numbered, dated deliverable of a workstream."),
    ("Original deadline", "The date that was first agreed. It never changes."),
    ("Sign-off", "A second person's approval that a milestone is complete, bound to the evidence that was shown."),
    ("Slippage", "How far a date is after the original one, or after the baseline of a later version."),
)
_FROM_PLAN = "the plan"


def glossary(facts: ReportFacts) -> Section:
    """Return the words in alphabetical order; what the plan explains itself stands beside ours."""
    records = (*facts.snapshot.records, *(record for row in facts.snapshot.priorities for record in row.records))
    words = dict.fromkeys(
        (record.term, standing_words(record.text, record.standing), _FROM_PLAN)
        for record in records
        if record.kind == "definition" and record.term
    )
    rows = sorted([*((word, meaning, "this report") for word, meaning in OURS), *words], key=_order)
    table = Table("glossary", "Words and their meaning", _COLUMNS, tuple(rows), "Glossary", _GROUPS)
    return Section("glossary", "", "Glossary", (table,), annex=True)


def _order(row: tuple[str, str, str]) -> tuple[str, str]:
    return row[0].casefold(), row[2]
