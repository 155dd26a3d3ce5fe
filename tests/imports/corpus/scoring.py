"""Compares what was read with the truth about a file: how much was found, and how much of what was found is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, TypeVar

from tests.imports.corpus.notation import Specimen

T = TypeVar("T")
THINGS = ("workstreams", "actions", "leads", "milestones", "dates", "statuses")


@dataclass
class Found:
    """How many of each thing were right, are there, and were found; what was missed, in words."""

    name: str
    kind: str = "plan"
    right: dict[str, int] = field(default_factory=dict)
    there: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    refused: bool = False
    whole: bool = True

    def recall(self, thing: str) -> float:
        """Return how much of what is there was found, from 0 to 1."""
        return self.right[thing] / self.there[thing] if self.there[thing] else 1.0

    def precision(self, thing: str) -> float:
        """Return how much of what was found is there, from 0 to 1."""
        return self.right[thing] / self.found[thing] if self.found[thing] else 1.0


@dataclass(frozen=True)
class _Milestone:
    text: str
    above: str
    due: frozenset[str | None]
    leads: str
    bare: bool


_LABEL = re.compile(
    r"^(?:strategic |key )?(?:priority|objective|theme|area|recommendation|direction|section)\b[\w ]{0,24}?[:–-]\s*"
)


def _norm(text: object) -> str:
    """Return a text as it is compared: without its marks, and as much of it as tells it from others."""
    plain = re.sub(r"\s+", " ", str(text or "").replace("\u00ad", "")).strip().casefold()
    return re.sub(r"^[\W\d]*(?:[a-z]?[).:]\s+)?", "", _LABEL.sub("", plain) or plain)[:60]


def _like(first: str, second: str) -> float:
    if not first or not second:
        return 0.0
    short = min(len(first), len(second))
    if short >= 10 and first[:short] == second[:short]:
        return 1.0
    return SequenceMatcher(None, first, second).ratio()


def _pairs(want: Sequence[T], got: Sequence[T], like: Callable[[T, T], float]) -> list[tuple[int, int]]:
    """Pair what is alike, the likest first, in the order of the file where all else is equal."""
    scored = sorted(
        ((like(w, g), -abs(i - j), i, j) for i, w in enumerate(want) for j, g in enumerate(got)), reverse=True
    )
    out: list[tuple[int, int]] = []
    for value, _, i, j in scored:
        if value >= 0.8 and all(i != a and j != b for a, b in out):
            out.append((i, j))
    return out


def _same_leads(want: str, got: str) -> bool:
    first, second = (sorted(re.findall(r"[a-z0-9]+", text.casefold())) for text in (want, got))
    first, second = ([word for word in words if word != "and"] for words in (first, second))
    return first == second


def _same_status(want: str, got: str) -> bool:
    """Return whether a status is told: in the file's words, alone or beside the question that it answers."""
    return bool(got) and (want.casefold() in got.casefold() or got.casefold() in want.casefold())


def _same_date(want: _Milestone, got: _Milestone) -> bool:
    return bool(want.due & got.due)


def _wanted(specimen: Specimen) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]], list[_Milestone]]:
    streams, actions, milestones = [], [], []
    for stream in specimen.workstreams:
        if (stream.ref or stream.title) and not stream.optional:
            streams.append((_norm(stream.title), stream.ref))
        for each in stream.milestones:
            milestones.append(
                _Milestone(_norm(each.text), _norm(stream.title), each.due, each.leads or stream.leads, False)
            )
        for action in stream.actions:
            leads = action.leads or stream.leads
            actions.append((_norm(action.text), leads, action.status))
            for each in action.milestones:
                above = _norm(action.text)
                milestones.append(
                    _Milestone(_norm(each.text) or above, above, each.due, each.leads or leads, not each.text)
                )
    return streams, actions, milestones


def _read(plan: dict[str, Any]) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]], list[_Milestone]]:
    streams, actions, milestones = [], [], []
    for stream in plan["workstreams"]:
        if stream["ref"] or stream["title"]:
            streams.append((_norm(stream["title"]), stream["ref"] or ""))
        own = "; ".join(stream["leads"])
        for each in stream["milestones"]:
            milestones.append(_milestone(each, _norm(stream["title"]), own))
        for action in stream["actions"]:
            leads = "; ".join(action["leads"]) or own
            status = action["status_text"] or " ".join(
                filter(None, (each["status_text"] for each in action["milestones"]))
            )
            actions.append((_norm(action["text"]), leads, status))
            milestones += [_milestone(each, _norm(action["text"]), leads) for each in action["milestones"]]
    return streams, actions, milestones


def _milestone(line: dict[str, Any], above: str, leads: str) -> _Milestone:
    text = _norm(line["text"])
    own = "; ".join(line.get("leads") or []) or leads
    return _Milestone(text or above, above, frozenset({line["due"]}), own, bool(line.get("implicit")) or not text)


def _milestones_alike(want: _Milestone, got: _Milestone) -> float:
    best = _like(want.text, got.text)
    if want.bare or got.bare:
        best = max(best, _like(want.text, got.above), _like(want.above, got.text))
    if best < 0.8:
        return best
    return best + 0.05 * _same_date(want, got) + 0.02 * (_like(want.above, got.above) > 0.9)


def scored(specimen: Specimen, plan: dict[str, Any]) -> Found:
    """Return how what was read compares with the truth."""
    made = Found(specimen.name, plan["kind"])
    totals = plan["reconciliation"]
    made.whole = totals["lines"] == sum(count for name, count in totals.items() if name != "lines")
    if not specimen.plan:
        made.refused = plan["kind"] in ("template", "not_a_plan", "unreadable")
        return made
    streams, actions, milestones = _wanted(specimen)
    their_streams, their_actions, their_milestones = _read(plan)
    may = [(_norm(each.title), each.ref) for each in specimen.workstreams if each.optional]
    their_streams = [each for each in their_streams if all(_streams_alike(want, each) < 0.8 for want in may)]
    pairs = _pairs(streams, their_streams, _streams_alike)
    _count(made, "workstreams", len(pairs), len(streams), len(their_streams))
    made.missed += [f"workstream {streams[i]}" for i in _left(streams, pairs, 0)]
    made.missed += [f"workstream too many {their_streams[j]}" for j in _left(their_streams, pairs, 1)]
    pairs = _pairs(actions, their_actions, lambda a, b: _like(a[0], b[0]))
    _count(made, "actions", len(pairs), len(actions), len(their_actions))
    made.missed += [f"action {actions[i][0]}" for i in _left(actions, pairs, 0)]
    made.missed += [f"action too many {their_actions[j][0]}" for j in _left(their_actions, pairs, 1)]
    _leads_and_statuses(made, actions, their_actions, pairs)
    _milestones(made, milestones, their_milestones)
    return made


def _streams_alike(want: tuple[str, str], got: tuple[str, str]) -> float:
    if want[0] and got[0]:
        parts = len(got[0]) >= 8 and (want[0].endswith(got[0]) or got[0].endswith(want[0]))
        return 1.0 if parts else _like(want[0], got[0])
    return 1.0 if want[1] and want[1] == got[1] else 0.0


def _count(made: Found, thing: str, right: int, there: int, found: int) -> None:
    made.right[thing], made.there[thing], made.found[thing] = right, there, found


def _left(things: Sequence[object], pairs: list[tuple[int, int]], side: int) -> list[int]:
    return [number for number in range(len(things)) if all(number != pair[side] for pair in pairs)]


def _leads_and_statuses(
    made: Found,
    want: list[tuple[str, str, str]],
    got: list[tuple[str, str, str]],
    pairs: list[tuple[int, int]],
) -> None:
    right = [(i, j) for i, j in pairs if want[i][1] and _same_leads(want[i][1], got[j][1])]
    wrong = [(i, j) for i, j in pairs if not _same_leads(want[i][1], got[j][1])]
    made.missed += [f"lead {want[i][1]!r}, read {got[j][1]!r} ({want[i][0]})" for i, j in wrong]
    extra = sum(1 for i, j in wrong if not want[i][1])
    there = sum(1 for each in want if each[1])
    _count(made, "leads", len(right), there, sum(1 for i, j in pairs if want[i][1] and got[j][1]) + extra)
    told = [(i, j) for i, j in pairs if want[i][2]]
    same = [(i, j) for i, j in told if _same_status(want[i][2], got[j][2])]
    made.missed += [f"status {want[i][2]!r}, read {got[j][2]!r}" for i, j in told if (i, j) not in same]
    said = sum(1 for i, j in told if got[j][2])
    _count(made, "statuses", len(same), sum(1 for each in want if each[2]), said)


def _milestones(made: Found, want: list[_Milestone], got: list[_Milestone]) -> None:
    pairs = _pairs(want, got, _milestones_alike)
    right = [(i, j) for i, j in pairs if _same_date(want[i], got[j]) and _same_leads(want[i].leads, got[j].leads)]
    # An action whose row gives no date at all may stand without a milestone, or with one that says so.
    extra = [j for j in _left(got, pairs, 1) if not (got[j].bare and got[j].due == {None})]
    _count(made, "milestones", len(right), len(want), len(pairs) + len(extra))
    made.missed += [f"milestone {want[i].text} {_days(want[i])}" for i in _left(want, pairs, 0)]
    made.missed += [f"milestone too many {got[j].text} {_days(got[j])}" for j in extra]
    dated = [(i, j) for i, j in pairs if None not in want[i].due]
    on_time = [(i, j) for i, j in dated if _same_date(want[i], got[j])]
    invented = [(i, j) for i, j in pairs if None in want[i].due and not _same_date(want[i], got[j])]
    made.missed += [
        f"date {_days(want[i])}, read {_days(got[j])} ({want[i].text})"
        for i, j in pairs
        if not _same_date(want[i], got[j])
    ]
    made.missed += [
        f"lead of milestone {want[i].leads!r}, read {got[j].leads!r} ({want[i].text})"
        for i, j in pairs
        if not _same_leads(want[i].leads, got[j].leads)
    ]
    there = sum(1 for each in want if None not in each.due)
    _count(made, "dates", len(on_time), there, sum(1 for i, j in dated if got[j].due != {None}) + len(invented))


def _days(milestone: _Milestone) -> str:
    return "/".join(sorted(str(each) for each in milestone.due))
