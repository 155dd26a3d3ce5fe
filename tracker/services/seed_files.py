"""Plans as text files that people read and compare: strict reading, one way of writing.

Reading refuses what the document shape does not have, with the place of it; writing leaves out what is empty.
Where a line was read from (`Source`) belongs to an import and is never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args, get_origin, get_type_hints

import yaml

from tracker.paths import bundled
from tracker.rules.document import RECORD_KINDS, PlanDocument, RecordLine
from tracker.rules.errors import NotFound, Refusal

_WIDTH = 110
_NEVER_WRITTEN = frozenset({"source"})


def seed_slugs() -> list[str]:
    """Return the slugs of the plans that ship with the product, in alphabetical order."""
    return sorted(path.parent.name for path in bundled("seeds").glob("*/plan.yaml"))


def seed_path(slug: str) -> Path:
    """Return the file of the shipped plan `slug`. Raises NotFound for any other name."""
    slugs = seed_slugs()
    if slug not in slugs:
        raise NotFound(f"There is no shipped plan {slug!r}. There are: {', '.join(slugs)}.", "slug")
    return bundled("seeds") / slug / "plan.yaml"


def load_document(path: Path) -> PlanDocument:
    """Read a plan file. Raises Refusal, naming the place, for anything that a plan does not have."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.") from error
    except UnicodeDecodeError as error:
        raise Refusal(f"{path.name} is not text in UTF-8. Save it as UTF-8 and try again.") from error
    return read_document(text, path.name)


def read_document(text: str, name: str) -> PlanDocument:
    """Read the text of a plan file; `name` stands in the sentences of a Refusal."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refusal(f"{name} is not valid YAML: {_problem(error)}.") from error
    return cast(PlanDocument, _read(PlanDocument, data, name))


def dump_document(document: PlanDocument) -> str:
    """Return the plan as YAML text: the same plan always gives the same text, without its empty fields."""
    return yaml.safe_dump(_plain(document), sort_keys=False, allow_unicode=True, width=_WIDTH)


def _problem(error: yaml.YAMLError) -> str:
    """Return what the parser met and where, on one line."""
    mark = getattr(error, "problem_mark", None)
    where = f" on line {mark.line + 1}" if mark is not None else ""
    return f"{getattr(error, 'problem', None) or 'it cannot be read'}{where}"


@cache
def _shape(kind: type) -> dict[str, tuple[Any, bool]]:
    """Return each key that a line of this kind may have, with its type and whether it has to be there."""
    hints = get_type_hints(kind)
    return {item.name: (hints[item.name], _required(item)) for item in fields(kind) if item.name not in _NEVER_WRITTEN}


def _required(item: Field[Any]) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _read(wanted: Any, data: object, place: str) -> object:
    """Return `data` as the wanted type. Raises Refusal with the place where it does not fit."""
    if is_dataclass(wanted):
        return _read_line(cast(type, wanted), data, place)
    origin = get_origin(wanted)
    if origin is list:
        (inner,) = get_args(wanted)
        if not isinstance(data, list):
            raise Refusal(f"{place} has to be a list, not {_named(data)}.")
        return [_read(inner, value, f"{place}, line {number}") for number, value in enumerate(data, start=1)]
    if origin is dict:
        return _read_words(data, place)
    # bool is an int to Python, and 2025 without quotes is a number to YAML: both have to be said exactly.
    if type(data) is not wanted:
        raise Refusal(f"{place} has to be {_called(wanted)}, not {_named(data)}.{_advice(wanted, data)}")
    return data


def _read_line(kind: type, data: object, place: str) -> object:
    if not isinstance(data, dict):
        raise Refusal(f"{place} has to be a set of named fields, not {_named(data)}.")
    shape = _shape(kind)
    unknown = [key for key in data if key not in shape]
    if unknown:
        raise Refusal(f"{place} has an unknown key {unknown[0]!r}. It may have: {', '.join(shape)}.")
    missing = [name for name, (_, required) in shape.items() if required and name not in data]
    if missing:
        raise Refusal(f"{place} lacks {missing[0]!r}.")
    values = {name: _read(shape[name][0], value, f"{place}, {name}") for name, value in data.items()}
    if kind is RecordLine and values["kind"] not in RECORD_KINDS:
        raise Refusal(f"{place} has an unknown kind {values['kind']!r}. It may be: {', '.join(RECORD_KINDS)}.")
    return kind(**values)


def _read_words(data: object, place: str) -> dict[str, str]:
    if not isinstance(data, dict):
        raise Refusal(f"{place} has to be a set of named words, not {_named(data)}.")
    for key, value in data.items():
        _read(str, key, f"{place}, the name {key!r}")
        _read(str, value, f"{place}, {key}")
    return dict(data)


def _called(wanted: Any) -> str:
    return {str: "text", bool: "true or false"}[wanted]


def _named(data: object) -> str:
    if data is None:
        return "nothing"
    names = {str: "text", bool: "true or false", list: "a list", dict: "a set of named fields"}
    return names.get(type(data), f"the {'number' if isinstance(data, int | float) else 'date'} {data}")


def _advice(wanted: Any, data: object) -> str:
    if wanted is str and data is not None and not isinstance(data, list | dict):
        return " Put it in quotes."
    return ""


def _plain(value: object) -> object:
    """Return lines, lists and words as plain data without what is empty."""
    if is_dataclass(value) and not isinstance(value, type):
        found = [(item, getattr(value, item.name)) for item in fields(value) if item.name not in _NEVER_WRITTEN]
        return {item.name: _plain(part) for item, part in found if _worth_writing(part, item)}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value


def _worth_writing(part: object, item: Field[Any]) -> bool:
    """Say whether a field is written: it has to be there, or it differs from what a reader assumes."""
    if _required(item):
        return True
    default = item.default if item.default is not MISSING else None
    return bool(part) if not default else part != default
