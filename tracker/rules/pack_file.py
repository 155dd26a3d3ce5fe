"""A frozen pack as a file: canonical JSON, its fingerprint, and the chain from one issued pack to the next.

Canonical means: UTF-8, keys in order, no spaces, no floating point, no key twice. The fingerprint is the SHA-256 of
these bytes, so whoever holds the file can prove it, with this module or with any other program (docs/packs.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.rules.errors import Refusal

FORMAT, VERSION = "tracker-pack", 1
_SHORT = 12


class NotAPack(Refusal):
    """A file that is no pack, or not a whole one."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack as a file holds it: where it came from, what it says, and the fingerprint that it says it has."""

    name: str
    pack: Mapping[str, Any]
    said: str

    @property
    def meta(self) -> Mapping[str, Any]:
        """Return what the pack is: plan, board, number, version, and the fingerprint before it."""
        return self.pack["meta"]  # type: ignore[no-any-return]

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint that the content has."""
        return fingerprint(self.pack)

    @property
    def title(self) -> str:
        """Return what people call it: "pack 3 of SEND Inclusion Plan"."""
        plan = self.meta.get("plan", {})
        return f"{pack_words(self.meta.get('number', 0), self.meta.get('version', 1))} of {plan.get('title', '')}"


def pack_words(number: int, version: int) -> str:
    """Return how a pack is called: "pack 3", "pack 3, version 2"."""
    return f"pack {number}" if version == 1 else f"pack {number}, version {version}"


def short(print_: str) -> str:
    """Return as much of a fingerprint as fits the foot of a page."""
    return print_[:_SHORT]


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of JSON data. Raises ValueError for a float or anything that JSON does not have."""
    _refuse_floats(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def fingerprint(pack: Mapping[str, Any]) -> str:
    """Return the fingerprint of a pack: SHA-256 of its canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(pack)).hexdigest()


def envelope(text: bytes) -> bytes:
    """Return the file of a pack from its canonical bytes: the fingerprint, then the pack."""
    print_ = hashlib.sha256(text).hexdigest()
    return b'{"fingerprint":"' + print_.encode("ascii") + b'","pack":' + text + b"}\n"


def read_file(name: str, data: bytes) -> PackFile:
    """Return the pack of a file. Raises NotAPack, with the file's name, for anything else."""
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_no_key_twice, parse_float=_no_float)
    except UnicodeDecodeError as error:
        raise NotAPack(f"{name} is not a pack: it is not text in UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise NotAPack(f"{name} is not a pack: it cannot be read as JSON ({error}).") from error
    if not isinstance(found, dict) or not isinstance(found.get("pack"), dict):
        raise NotAPack(f"{name} is not a pack: it has no part called pack.")
    pack, said = found["pack"], found.get("fingerprint")
    if pack.get("format") != FORMAT or not isinstance(pack.get("meta"), dict):
        raise NotAPack(f"{name} is not a pack: it does not say that it is one.")
    if pack.get("version") != VERSION:
        raise NotAPack(f"{name} has the form {pack.get('version')!r}, and this release reads form {VERSION}.")
    if not isinstance(said, str) or not isinstance(pack["meta"].get("previous", ""), str):
        raise NotAPack(f"{name} does not say which fingerprint it has.")
    return PackFile(name, pack, said)


def faults(packs: Sequence[PackFile]) -> list[str]:
    """Return what is wrong with some packs, in sentences: a content that does not fit, a chain that does not hold.

    A chain holds where each pack but the first of a plan and board names the fingerprint of one that is there, and
    no two name the same.
    """
    found = []
    known: dict[tuple[str, str], dict[str, PackFile]] = {}
    for one in packs:
        if one.fingerprint != one.said:
            found.append(
                f"{one.name}: the content was changed. It has the fingerprint {short(one.fingerprint)}, "
                f"and the file says {short(one.said)}."
            )
        known.setdefault(_chain(one), {})[one.fingerprint] = one
    for chain in known.values():
        found += _chain_faults(chain)
    return found


def chains(packs: Sequence[PackFile]) -> int:
    """Return of how many plans and boards packs are: each has a chain of its own."""
    return len({_chain(one) for one in packs})


def open_ends(packs: Sequence[PackFile]) -> list[str]:
    """Return which packs name one before them that is not there to be looked at, in sentences."""
    there = {one.fingerprint for one in packs}
    return [
        f"{one.name}: the pack before it, {short(before)}, is not among the files, so it was not looked at."
        for one in packs
        if (before := one.meta.get("previous", "")) and before not in there
    ]


def _chain_faults(chain: Mapping[str, PackFile]) -> list[str]:
    found = []
    follows: dict[str, PackFile] = {}
    order = sorted(chain.values(), key=lambda one: (one.meta.get("number", 0), one.meta.get("version", 0)))
    for index, one in enumerate(order):
        before = one.meta.get("previous", "")
        if before and before in follows:
            found.append(f"{one.name} and {follows[before].name} both say that they follow the pack {short(before)}.")
        elif before:
            follows[before] = one
        if before not in chain and index > 0:
            found.append(
                f"{one.name}: {one.title} says that it follows the pack {short(before)}, which is not among the files."
                if before
                else f"{one.name}: {one.title} says that no pack was before it, and {order[index - 1].name} was."
            )
    return found


def _chain(one: PackFile) -> tuple[str, str]:
    plan, board = one.meta.get("plan") or {}, one.meta.get("board") or {}
    return str(plan.get("slug", "")), str(board.get("name", ""))


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError(f"a pack holds no floating point, and {value!r} is one")
    if isinstance(value, dict):
        for key, held in value.items():
            if not isinstance(key, str):
                raise ValueError(f"a key of a pack is text, and {key!r} is not")
            _refuse_floats(held)
    elif isinstance(value, list | tuple):
        for held in value:
            _refuse_floats(held)


def _no_float(text: str) -> Any:
    raise ValueError(f"a pack holds no floating point, and this holds {text}")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in it")
    return found
