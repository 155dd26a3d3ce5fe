"""Rows of headings whose first cell is the title of what stands below: "Improving access | Start | Team owner"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.imports.grid import Grid

if TYPE_CHECKING:
    from tracker.imports.layout import Header


def take_first_cells_as_titles(grid: Grid, headers: list[Header]) -> None:
    """Let the first cells of headers be titles where several say the same but for those, and no heading is like them.

    The texts below them are then what is to be done.
    """
    alike: dict[tuple[tuple[int, str], ...], list[Header]] = {}
    for header in headers:
        first = min(header.texts, default=0)
        if first and not header.title and not header.roles.get(first) and len(header.texts) > 2:
            rest = tuple((column, text) for column, text in sorted(header.texts.items()) if column != first)
            alike.setdefault((*rest, *sorted(header.periods.items())), []).append(header)
    for same in alike.values():
        titles = {each.texts[min(each.texts)] for each in same}
        acts = any("action" in roles for each in same for roles in each.roles.values())
        if len(same) < 2 or len(titles) < len(same) or acts:
            continue
        for header in same:
            first = min(header.texts)
            header.title = grid.rows[header.row].get(first)
            header.texts[first], header.roles[first] = "Action", ("action",)
