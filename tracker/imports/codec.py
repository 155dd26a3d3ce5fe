"""An import's result as plain data and back, to cross from the reading process to the one that asked."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tracker.imports.result import ImportResult

Kind = TypeVar("Kind")


def encoded(result: ImportResult) -> dict[str, Any]:
    """Return a result as dictionaries, lists and texts."""
    plain = plain_of(result)
    assert isinstance(plain, dict)
    return plain


def decoded(data: dict[str, Any]) -> ImportResult:
    """Return the result that `encoded` made data of. Raises ValueError if the data has another shape."""
    try:
        found = _value(ImportResult, data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not an import result") from error
    assert isinstance(found, ImportResult)
    return found


def value_of(kind: type[Kind], data: Any) -> Kind:
    """Return the object of a dataclass that plain data stands for."""
    found: Kind = _value(kind, data)
    return found


def plain_of(value: Any) -> Any:
    """Return a value without dataclasses. `dataclasses.asdict` copies every text and is several times slower."""
    if isinstance(value, str) or value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list):
        return [plain_of(each) for each in value]
    if isinstance(value, dict):
        return {key: plain_of(each) for key, each in value.items()}
    kind: type = type(value)
    return {name: plain_of(getattr(value, name)) for name, _ in _fields(kind)}


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(kind))


def _value(kind: Any, data: Any) -> Any:
    read = _reader(kind)
    return data if read is None else read(data)


@cache
def _reader(kind: Any) -> Callable[[Any], Any] | None:
    """Return what makes an object of a kind from plain data, found out once; None where the data is the object."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        fields = tuple((name, _reader(hint)) for name, hint in _fields(kind))
        # What an earlier version of the product kept lacks the fields that came later.
        return lambda data: kind(
            **{name: read(data[name]) if read else data[name] for name, read in fields if name in data}
        )
    origin = get_origin(kind)
    if origin is list:
        inner = _reader(get_args(kind)[0])
        return list if inner is None else lambda data: [inner(each) for each in data]
    if origin is dict:
        return dict
    if origin in (Union, types.UnionType):
        given = _reader(next(each for each in get_args(kind) if each is not type(None)))
        return None if given is None else lambda data: None if data is None else given(data)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return None
