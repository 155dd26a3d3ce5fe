"""A report as plain data and back: what a frozen pack holds, and all that any rendering is made from.

The data are JSON types without floating point. A field that has its default is left out, so that a field which a later
release adds changes nothing about the data of an older report, and an older report can still be read.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from tracker.exports import report as tree
from tracker.exports.report import DateValue, Report, StatusValue
from tracker.rules.colour import Colour
from tracker.rules.errors import Refusal
from tracker.rules.vocabulary import Term

FORMAT, VERSION = "tracker-report", 1

_BLOCKS: dict[str, type] = {
    "heading": tree.Heading,
    "paragraph": tree.Paragraph,
    "list": tree.BulletList,
    "status line": tree.StatusLine,
    "values": tree.KeyValue,
    "commentary": tree.Commentary,
    "table": tree.Table,
    "chart": tree.ChartBlock,
}
_KINDS = {kind: name for name, kind in _BLOCKS.items()}


class NotAReport(Refusal):
    """The data are not a report that this release can read."""


def to_data(report: Report) -> dict[str, Any]:
    """Return the report as plain data, complete: every rendering can be made from it."""
    terms: list[Term] = []
    places: dict[Term, int] = {}

    def place(term: Term) -> int:
        if term not in places:
            places[term] = len(terms)
            terms.append(term)
        return places[term]

    content = _encode(report, place)
    return {"format": FORMAT, "version": VERSION, "terms": [term.as_data() for term in terms], "report": content}


def from_data(data: Mapping[str, Any]) -> Report:
    """Return the report that `to_data` was given. Raises NotAReport if the data are something else."""
    if data.get("format") != FORMAT:
        raise NotAReport("This is not the content of a report: it does not say that it is one.")
    if data.get("version") != VERSION:
        raise NotAReport(f"This report has the form {data.get('version')}; this release reads form {VERSION}.")
    try:
        terms = tuple(Term.from_data(term) for term in data["terms"])
        found: Report = _decode(Report, data["report"], terms)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as problem:
        raise NotAReport(f"The content of this report is not whole: {problem!r}.") from problem
    return found


def _encode(value: Any, place: Callable[[Term], int]) -> Any:
    """Return a value as plain data; the commonest ones, the cells of tables, come first."""
    match value:
        case StrEnum():
            return value.value
        case None | str() | bool() | int():
            return value
        case StatusValue():
            return {"status": place(value.term), "colour": value.colour.value, "marks": list(value.marks)}
        case DateValue():
            return {"date": value.text, "day": value.day.isoformat() if value.day else None}
        case Term():
            return place(value)
        case tuple():
            return [_encode(one, place) for one in value]
        case date():
            return value.isoformat()
    kind: Any = type(value)
    found: dict[str, Any] = {"kind": _KINDS[kind]} if kind in _KINDS else {}
    for name, default in _defaults(kind):
        held = getattr(value, name)
        if default is dataclasses.MISSING or held != default:
            found[name] = _encode(held, place)
    return found


def _decode(hint: Any, data: Any, terms: Sequence[Term]) -> Any:
    """Return what `_encode` was given, by the type that its place in the tree has."""
    if hint is Any or hint in (str, int, bool):
        if hint is not Any and not isinstance(data, hint):
            raise TypeError(f"{data!r} is not of the kind {hint.__name__}")
        return data
    origin = get_origin(hint)
    if origin is tuple:
        held = get_args(hint)
        if held[-1] is Ellipsis:
            return tuple(_decode(held[0], one, terms) for one in data)
        return tuple(_decode(one, other, terms) for one, other in zip(held, data, strict=True))
    if origin in (Union, types.UnionType):
        return _decode_one_of(get_args(hint), data, terms)
    if hint in (date, datetime):
        return hint.fromisoformat(data)
    if hint is Term:
        return terms[data]
    if issubclass(hint, StrEnum):
        return hint(data)
    if hint is StatusValue:
        return StatusValue(Colour(data["colour"]), tuple(data["marks"]), terms[data["status"]])
    if hint is DateValue:
        return DateValue(data["date"], date.fromisoformat(data["day"]) if data["day"] else None)
    hints, tag = _hints(hint), "kind" if hint in _KINDS else ""
    return hint(**{name: _decode(hints[name], held, terms) for name, held in data.items() if name != tag})


def _decode_one_of(choices: Sequence[Any], data: Any, terms: Sequence[Term]) -> Any:
    """Return a cell, a block or a value that may be wanting."""
    if data is None:
        return None
    if isinstance(data, dict):
        if "kind" in data:
            return _decode(_BLOCKS[data["kind"]], data, terms)
        return _decode(StatusValue if "status" in data else DateValue, data, terms)
    if isinstance(data, str | int) and type(data) in choices:
        return data
    (only,) = (choice for choice in choices if choice is not type(None))
    return _decode(only, data, terms)


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
