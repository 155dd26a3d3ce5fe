"""What a watched copy of the tracker calls at each check: it notes which were come to, and which stopped something.

This file is put into the copy as `tracker/seen_by_tests.py`; the tree itself never has it. Standard library only.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

reached: set[int] = set()
bit: set[int] = set()
"""Numbers of checks that a test came to, and of those without which something else would have happened there."""


def value(number: int, found: Any) -> Any:
    """Note an expression for which a mutant always puts something else."""
    reached.add(number)
    bit.add(number)
    return found


def truth(number: int, mutated: bool, found: Any) -> Any:
    """Note a condition that is `mutated` in the mutant: it bites where it is the other way round."""
    reached.add(number)
    if type(found).__module__.startswith("sqlalchemy") or bool(found) is not mutated:
        bit.add(number)
    return found


class call(AbstractContextManager[None]):
    """Note a statement that the mutant leaves out: it bites where it refuses."""

    def __init__(self, number: int) -> None:
        self.number = number
        reached.add(number)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is not None:
            bit.add(self.number)


class validator:
    """Stand before a validator of a form: it bites where it refuses what was entered."""

    def __init__(self, number: int, inner: Any) -> None:
        self.number, self.inner = number, inner
        self.field_flags = getattr(inner, "field_flags", {})

    def __call__(self, form: Any, field: Any) -> None:
        with call(self.number):
            self.inner(form, field)


class required:
    """Stand for `True` where a field is required: it bites where a field is asked whether it is."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __bool__(self) -> bool:
        reached.add(self.number)
        bit.add(self.number)
        return True
