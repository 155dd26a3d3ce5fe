"""A receipt as data and as lines of text, for the command line: a level, a milestone or a recurring commitment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tracker.queries.any_receipt import AnyReceipt
from tracker.queries.commitment_page import CommitmentPage
from tracker.queries.milestone_page import MilestonePage
from tracker.queries.receipts import LevelReceipt
from tracker.queries.rows import MilestoneRow, PlanRow
from tracker.rules.colour import NAMES, Colour


def receipt_data(plan: PlanRow, found: AnyReceipt, day: date) -> dict[str, Any]:
    """Return a receipt as plain data: what it is of, colour, every rule in order, what would change it, the scheme."""
    head: dict[str, Any] = {
        "plan": plan.slug,
        "kind": found.named.kind,
        "ref": found.named.ref,
        "as_at": day.isoformat(),
    }
    if found.named.also:
        head["also"] = list(found.named.also)
    if found.milestone is not None:
        body = _milestone(found.milestone)
    elif found.commitment is not None:
        body = _commitment(found.commitment)
    else:
        assert found.level is not None
        body = _level(found.level)
    rating = plan.ratings.on(day)
    word = ""
    if body["colour"]:
        row = found.milestone.milestone if found.milestone else None
        narrowed = (row.rule, row.marks, row.standing) if row else ()
        word = rating.vocabulary.term(Colour(body["colour"]), *narrowed).word
    told = {"word": word, "rating_scheme": rating.name, "thresholds": rating.scheme.as_data()}
    return head | body | told


def receipt_lines(plan: PlanRow, found: AnyReceipt, day: date) -> Iterator[str]:
    """Yield a receipt as lines that a person reads."""
    data = receipt_data(plan, found, day)
    yield f"{data['kind'].capitalize()} {data['ref']}".strip() + f" of {plan.title} as at {day:%d/%m/%Y}"
    if found.named.also:
        other = found.named.also[0]
        yield f"{data['ref']} names a {other} too: write {other}:{data['ref']} for that."
    yield str(data["title"])
    names = plan.ratings.on(day).scheme.names
    colour = f"{names[Colour(data['colour'])]}: " if data["colour"] else ""
    yield f"{colour}{data['reason']}"
    for line in data["rules"]:
        mark = "*" if line["fired"] else " "
        yield ""
        yield f"{mark} {line['rule']} {line['title']}{' (this one decided)' if line['fired'] else ''}"
        needs = f" Needs: {line['threshold']}." if line.get("threshold") else ""
        yield f"    {line['inputs']}{needs}"
        yield f"    Would change it: {line['change']}"
        if line["fired"]:
            for row in line.get("milestones", ()):
                due = row["due_text"] or "no date"
                yield f"      {row['ref']} {names[Colour(row['colour'])]}, due {due}: {row['text']}"
            for one in line.get("windows", ()):
                yield f"      due {one['scheduled']}: {one['outcome']}"
    for sentence in data["would_change"]:
        yield ""
        yield f"  {sentence}"


def _level(found: LevelReceipt) -> dict[str, Any]:
    receipt, headline = found.receipt, found.headline
    counts = headline.counts
    return {
        "title": found.title,
        "colour": headline.colour.value if receipt else None,
        "colour_name": NAMES[headline.colour] if receipt else "",
        "reason": headline.reason,
        "rule": headline.rule,
        "counts": {
            "red": counts.red,
            "amber": counts.amber,
            "green": counts.green,
            "grey": counts.grey,
            "blue": counts.blue,
            "none": counts.none,
            "total": counts.total,
            "due_to_date": counts.due_to_date,
            "delivered_of_due": counts.delivered_of_due,
        },
        "rules": [
            {
                "rule": line.rule,
                "title": line.title,
                "colour": line.colour.value,
                "inputs": line.inputs,
                "counted": line.counted,
                "of": line.of,
                "threshold": line.threshold,
                "fired": line.fired,
                "holds": line.holds,
                "change": line.change,
                "milestones": [_row(row) for row in found.behind(line)],
            }
            for line in (receipt.lines if receipt else ())
        ],
        "would_change": [change.sentence for change in (receipt.changes if receipt else ())],
        "scheme": dict(receipt.scheme) if receipt else {},
        "parts": [
            {"ref": part.ref, "title": part.title, "colour": part.headline.colour.value, "reason": part.headline.reason}
            for part in found.parts
        ],
    }


def _row(row: MilestoneRow) -> dict[str, Any]:
    return {
        "ref": row.full_ref,
        "text": row.text,
        "colour": row.colour.value,
        "marks": list(row.marks),
        "due": row.due.isoformat() if row.due else None,
        "due_text": row.due_text,
        "critical": row.critical,
    }


def _milestone(page: MilestonePage) -> dict[str, Any]:
    row = page.milestone
    change = page.next_change
    sentences = []
    if change is not None:
        day, verdict = change
        name = page.scheme.name(verdict.colour)
        turns = f"Stays {name}, for another reason from" if verdict.colour is row.colour else f"Turns {name} on"
        sentences.append(f"{turns} {day:%d/%m/%Y} if nothing is recorded before.")
    return {
        "title": row.text,
        "colour": row.colour.value,
        "colour_name": NAMES[row.colour],
        "reason": row.reason,
        "rule": row.rule,
        "marks": list(row.marks),
        "due": row.due.isoformat() if row.due else None,
        "due_text": row.due_text,
        "rules": [
            {
                "rule": line.number,
                "title": line.title,
                "inputs": line.inputs,
                "fired": line.fired,
                "holds": line.holds,
                "change": line.change,
            }
            for line in page.receipt
        ],
        "would_change": sentences,
        "next_change": None if change is None else {"on": change[0].isoformat(), "colour": change[1].colour.value},
    }


def _commitment(page: CommitmentPage) -> dict[str, Any]:
    verdict = page.receipt.verdict
    until = [f"This stands until {verdict.until:%d/%m/%Y} if nothing more is recorded."] if verdict.until else []
    return {
        "title": page.row.text,
        "colour": verdict.colour.value,
        "colour_name": NAMES[verdict.colour],
        "reason": verdict.reason,
        "rule": verdict.rule,
        "marks": list(verdict.marks),
        "adherence": page.row.adherence.sentence,
        "rules": [
            {
                "rule": line.rule,
                "title": line.title,
                "colour": line.colour.value,
                "inputs": line.inputs,
                "fired": line.fired,
                "change": line.change,
                "windows": [
                    {
                        "opens": one.window.opens.isoformat(),
                        "scheduled": one.scheduled.isoformat(),
                        "outcome": one.outcome.value,
                    }
                    for one in line.counted
                ],
            }
            for line in page.receipt.lines
        ],
        "would_change": until,
    }
