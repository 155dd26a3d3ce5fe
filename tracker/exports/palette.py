"""The colours of print. What stands for a status is painted as `rules.paint` says, contrast measured there."""

from __future__ import annotations

TEXT = "0B0C0C"
QUIET = "484949"
RULE = "B1B4B6"
HEAD = "E8EEEE"
BRAND = "1D5F5A"
FONT = "Arial"
