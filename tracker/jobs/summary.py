"""What a job says when it is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Summary:
    """What a job did, in a sentence."""

    text: str

    def __str__(self) -> str:
        return self.text
