"""The rating that a plan's document gives, beside the computed colour. A document never sets a colour."""

from __future__ import annotations

from collections.abc import Callable

from tracker.rules.colour import NAMES, Colour

_DECIDED = frozenset({"0", "1", "2"})  # rules that follow from a decision or a claim, and not from dates


def difference(words: str, said: str, computed: Colour, rule: str, name: Callable[[Colour], str]) -> str:
    """Return in one sentence how a document's rating differs from the computed colour; "" if it does not, or has none.

    `said` is the name of the colour that `words` mean, `name` what the plan calls a colour.
    """
    if said not in set(Colour) or Colour(said) is computed:
        return ""
    meant = Colour(said)
    plain = words.strip().casefold() in {NAMES[meant].casefold(), name(meant).casefold()}
    given = name(meant) if plain else f"“{words}”{f' ({name(meant)})' if meant is not Colour.NONE else ''}"
    source = "the record says" if rule in _DECIDED else "the dates say"
    return f"The plan said {given}; {source} {name(computed) if computed is not Colour.NONE else 'it is not counted'}."
