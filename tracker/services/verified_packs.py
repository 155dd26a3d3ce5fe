"""What verification asks of packs: what is stored is what was frozen, and each issued one follows the one before."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Pack, PackContent, Plan
from tracker.rules.pack_file import pack_words, short
from tracker.rules.pack_states import PackState


def pack_faults(session: Session, plan: Plan, rows: Mapping[int, Mapping[str, Any]]) -> Iterator[str]:
    """Yield packs whose content is gone or is not what was frozen, and breaks of the chain. One statement."""
    query = (
        select(PackContent.pack_id, PackContent.canonical)
        .join(Pack, Pack.id == PackContent.pack_id)
        .where(Pack.plan_id == plan.id)
    )
    stored = dict(session.execute(query).all())
    for key, row in rows.items():
        words = f"Pack number {key}"
        if not row["fingerprint"]:
            if row["state"] in (PackState.FROZEN, PackState.ISSUED):
                yield f"{words} is {row['state']}, and has no fingerprint."
            continue
        text = stored.get(key)
        if text is None:
            yield f"{words}: its content is gone."
            continue
        print_ = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if print_ != row["fingerprint"]:
            was = short(row["fingerprint"])
            yield f"{words}: its content has the fingerprint {short(print_)}, and {was} was frozen."
            continue
        meta = json.loads(text)["meta"]
        said = (meta["plan"]["slug"], meta["number"], meta["version"], meta["as_at"], meta["previous"])
        if said != (plan.slug, row["number"], row["edition"], row["as_at"].isoformat(), row["previous"]):
            yield f"{words}: the table says otherwise than what was frozen about what pack it is."
    yield from _chain_faults(rows)


def _chain_faults(rows: Mapping[int, Mapping[str, Any]]) -> Iterator[str]:
    chains: dict[Any, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows.values():
        if row["state"] == PackState.ISSUED:
            chains[row["board_id"]].append(row)
    for chain in chains.values():
        before = ""
        for row in sorted(chain, key=lambda row: (row["number"], row["edition"])):
            if row["previous"] != before:
                words = pack_words(row["number"], row["edition"]).capitalize()
                said, there = short(row["previous"]) or "none", short(before) or "none"
                yield f"{words} was issued as the one after {said}, and the pack before it is {there}."
            before = row["fingerprint"]
