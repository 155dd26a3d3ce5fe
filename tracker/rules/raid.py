"""Risks, issues and decisions of a plan: what a risk scores, and what the score is called (domain, section 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

KINDS = ("risk", "issue", "decision")
LETTERS = {"risk": "R", "issue": "I", "decision": "D"}
MOST = 5
"""Likelihood and impact run from 1 to this, the scale that most councils score risks on."""
LIKELIHOODS = ("Rare", "Unlikely", "Possible", "Likely", "Almost certain")
IMPACTS = ("Slight", "Minor", "Moderate", "Major", "Severe")
_LEVELS = ((15, "very high"), (10, "high"), (5, "medium"), (1, "low"))
HIGH_FROM = 10
"""From this score on a risk counts as high: milestones that are linked to it carry the mark."""


def score(likelihood: int, impact: int) -> int:
    """Return likelihood times impact, from 1 to 25; 0 where either is not said."""
    return likelihood * impact if likelihood in range(1, MOST + 1) and impact in range(1, MOST + 1) else 0


def level(points: int) -> str:
    """Return the word for a score: "low", "medium", "high" or "very high"; "not scored" for 0."""
    return next((word for least, word in _LEVELS if points >= least), "not scored")


def next_ref(kind: str, refs: Iterable[str]) -> str:
    """Return the ref of the next entry of a kind ("R4"): the number after the highest that was ever used."""
    letter = LETTERS[kind]
    used = [int(found[1]) for ref in refs if (found := re.fullmatch(rf"{letter}(\d+)", ref))]
    return f"{letter}{max(used, default=0) + 1}"


@dataclass(frozen=True, slots=True)
class Refs:
    """Refs of milestones as somebody typed them: those that are known, by their ids, and those that are not."""

    known: tuple[int, ...]
    unknown: tuple[str, ...]


def read_refs(words: str, ids: dict[str, int]) -> Refs:
    """Read "1a.3, 2b.1" against the milestones of the plan; `ids` by folded ref. Each counts once."""
    typed = [part.strip(" .") for part in re.split(r"[,;\s]+", words) if part.strip(" .")]
    known = dict.fromkeys(ids[ref.casefold()] for ref in typed if ref.casefold() in ids)
    return Refs(tuple(known), tuple(dict.fromkeys(ref for ref in typed if ref.casefold() not in ids)))
