"""How large a plan file may be: the figures every check of an upload reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on one uploaded file. Sizes are bytes, times are seconds."""

    file_size: int = 10 * 1024 * 1024
    members: int = 2_000
    unpacked: int = 120 * 1024 * 1024
    part: int = 60 * 1024 * 1024
    ratio: int = 200  # unpacked to packed, for a part above 1 MB: real sheets stay below 60
    sheets: int = 50
    rows: int = 20_000  # rows with content, over all sheets
    columns: int = 200
    cells: int = 400_000  # with something in them, over all sheets
    merged_cells: int = 200_000
    cell_text: int = 32_767  # what a spreadsheet cell can hold
    memory: int = 1_536 * 1024 * 1024
    cpu_seconds: int = 20
    wall_seconds: int = 60  # on a machine that does much else: processor time is what bounds the reading
