"""Import of plans from spreadsheets: bytes -> grid -> layout -> rows -> plan document and reconciliation.

`read_plan_in_child` is what screens and commands call; `read_plan` does the same in the calling process. Both are
loaded when they are called, so that naming this package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.imports.limits import Limits

if TYPE_CHECKING:
    from tracker.imports.builder import Tell
    from tracker.imports.mapping import FileMapping
    from tracker.imports.result import ImportResult

__all__ = ["Limits", "read_plan", "read_plan_in_child"]


def read_plan(
    data: bytes, filename: str, *, limits: Limits | None = None, said: FileMapping | None = None
) -> ImportResult:
    """Read a plan file in this process. Raises Refusal, with the sentence to show, if it cannot be opened."""
    from tracker.imports.plans import read_plan as read

    return read(data, filename, limits=limits or Limits(), said=said)


def read_plan_in_child(
    data: bytes,
    filename: str,
    *,
    limits: Limits | None = None,
    said: FileMapping | None = None,
    tell: Tell | None = None,
) -> ImportResult:
    """Read a plan file in a process of its own, with limits. Raises Refusal as `read_plan` does.

    `tell` is called often with the lines read and the rows in all; what it raises stops the reading and is passed on.
    """
    from tracker.imports.child import read_plan_in_child as read

    return read(data, filename, limits=limits or Limits(), said=said, tell=tell)
