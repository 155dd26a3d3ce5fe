"""The front sheet: which plan, for whom, as at when, and what is asked."""

from __future__ import annotations

from collections import Counter

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Block, BulletList, Heading, KeyValue, Paragraph, Section
from tracker.exports.wording import and_list, number
from tracker.rules.dates import LONDON, show_day


def front(facts: ReportFacts) -> Section:
    """Return the front sheet; a line that is not known is left out."""
    plan = facts.snapshot.plan
    prepared = facts.prepared_on if facts.prepared_on.tzinfo is None else facts.prepared_on.astimezone(LONDON)
    pairs = [
        ("Plan", plan.title),
        ("Organisation", plan.organisation),
        ("Version", facts.snapshot.version.sentence),
        ("Decided by", facts.snapshot.version.decision),
        ("Measured against", _baseline(facts)),
        ("Data as at", show_day(facts.day)),
        (
            "Compared with",
            show_day(facts.since) if facts.since and facts.before else "Nothing: this is the first report",
        ),
        ("For", facts.board or and_list(plan.reports_to)),
        ("Meeting", show_day(facts.meeting) if facts.meeting else ""),
        ("Purpose", {"decide": "To decide", "discuss": "To discuss", "note": "To note"}.get(facts.purpose, "")),
        ("Prepared", f"{show_day(prepared.date())} at {prepared:%H:%M}"),
        ("Author", facts.author),
        ("Senior responsible officer", facts.senior_officer),
        ("Level of assurance", facts.assurance),
        ("Previously considered by", "; ".join(facts.considered_by)),
        ("Rating scheme", f"{plan.ratings.on(facts.day).name}; its key is in the annex"),
        ("Protective marking", plan.marking),
        ("Another format", facts.contact),
    ]
    blocks: list[Block] = [KeyValue("About this report", tuple(pair for pair in pairs if pair[1]))]
    blocks.append(Heading("What is asked of the board"))
    blocks.append(BulletList(recommendations(facts), numbered=True))
    blocks.append(
        Paragraph(
            "Two pages are enough for a first reading: the plan on one page, and the decisions required. "
            "Colours are computed from recorded dates and sign-offs by the rules in the annex, never typed.",
            "note",
        )
    )
    return Section("front", "", "Front sheet", tuple(blocks))


def recommendations(facts: ReportFacts) -> tuple[str, ...]:
    """Return what the board is asked to do: as written, or in the order of the decisions it needs to take."""
    if facts.recommendations:
        return facts.recommendations
    wanted = Counter(decision.kind for decision in facts.decisions)
    asked = []
    if wanted["new date"]:
        asked.append(f"Decide {number(wanted['new date'], 'request')} for a new completion date.")
    if wanted["new date required"]:
        count = wanted["new date required"]
        asked.append(
            f"Ask for a new completion date for {number(count, 'milestone')} whose deadline has passed without one."
        )
    if wanted["sign-off"]:
        asked.append(f"Ratify or return {number(wanted['sign-off'], 'completion')} awaiting sign-off.")
    if wanted["suspension"]:
        asked.append(f"Decide whether to suspend {number(wanted['suspension'], 'milestone')}.")
    if wanted["escalation"]:
        asked.append(f"Give the help that is asked for with {number(wanted['escalation'], 'milestone')}.")
    unclear = wanted["undated"] + wanted["unplaced"]
    if unclear:
        asked.append(f"Settle {number(unclear, 'milestone')} without a date or a workstream.")
    colour = facts.name(facts.snapshot.headline.colour)
    asked.append(f"Note that the plan is {colour} as at {show_day(facts.day)}, and why.")
    if facts.since and facts.before:
        asked.append(f"Note the movement since {show_day(facts.since)}, and what falls due next.")
    return tuple(asked)


def _baseline(facts: ReportFacts) -> str:
    """Return what slippage is measured against, and which version is in force where that is another one."""
    version = facts.snapshot.version
    what = "the original dates" if version.number == 1 else "the baseline of this version"
    day = f", {show_day(version.adopted)}" if version.adopted else ""
    force = facts.snapshot.plan.version_on(facts.day)
    other = f". In force on the day of the data: {force.words}" if facts.snapshot.reported else ""
    return f"{what[:1].upper()}{what[1:]}{day}{other}"
