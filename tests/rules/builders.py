"""Facts for tests: the milestone of the domain's test vectors and hypothesis strategies for any milestone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tracker.rules.colour import Colour
from tracker.rules.facts import Confidence, Facts, Override, Predecessor, SignOff, Standing

FIRST = date(2025, 1, 1)
LAST = date(2026, 12, 31)

NOTHING = Facts(
    due=date(2025, 9, 30),
    due_text="Sep 2025",
    original_due=date(2025, 9, 30),
    original_due_text="Sep 2025",
    adopted=date(2025, 5, 28),
)
STARTED = replace(NOTHING, started=date(2025, 6, 16))
CLAIMED = replace(STARTED, claimed=date(2025, 9, 29), completed=date(2025, 9, 29), signoff=SignOff.CLAIMED)


def with_(facts: Facts = STARTED, **changes: Any) -> Facts:
    """Return `facts` with `changes`."""
    return replace(facts, **changes)


days = st.dates(FIRST, LAST)
maybe_day = st.none() | days
words = st.sampled_from(["", "Staff are not in post.", "Waiting for the ICB"])


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    return Override(draw(st.sampled_from(list(Colour))), draw(days), draw(words), draw(st.booleans()))


predecessors = st.builds(
    Predecessor, st.just("1a.2"), st.booleans(), st.sampled_from([Colour.RED, Colour.GREEN]), maybe_day
)


@st.composite
def baselines(draw: st.DrawFn, moves: int) -> dict[str, Any]:
    """Draw the baseline of a second version, or none."""
    if not draw(st.booleans()):
        return {}
    return {
        "baseline_due": draw(days),
        "baseline_due_text": draw(st.sampled_from(["", "Mar 2026"])),
        "baseline_version": draw(st.sampled_from(["2", "Refresh"])),
        "baseline_moves": draw(st.integers(0, moves)),
    }


@st.composite
def any_facts(draw: st.DrawFn, *, override: bool = True) -> Facts:
    """Draw facts of every kind, sensible or not: the rules must stand whatever was recorded."""
    original = draw(maybe_day)
    moves = draw(st.integers(0, 3))
    due = original if not moves else draw(maybe_day)
    claimed = draw(maybe_day)
    return Facts(
        due=due,
        original_due=original,
        adopted=draw(maybe_day),
        planned_start=draw(maybe_day),
        started=draw(maybe_day),
        forecast=draw(maybe_day),
        confidence=draw(st.none() | st.sampled_from(Confidence)),
        confidence_reason=draw(words),
        blocked=draw(words),
        claimed=claimed,
        completed=None if claimed is None else claimed - timedelta(days=draw(st.integers(0, 40))),
        signoff=draw(st.sampled_from(SignOff)),
        signoff_day=draw(maybe_day),
        check_due=draw(maybe_day),
        embedded=draw(maybe_day),
        moves=moves,
        confirmed=draw(st.booleans()),
        proposed_text=draw(st.sampled_from(["", "Dec 2025"])),
        standing=draw(st.sampled_from([Standing.OPEN] * 6 + [Standing.SUSPENDED])),
        override=draw(st.none() | overrides()) if override else None,
        predecessors=tuple(draw(st.lists(predecessors, max_size=2))),
        **draw(baselines(moves)),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[date, Facts]]:
    """Draw facts that hold from each of one to four days on."""
    starts = sorted(draw(st.sets(days, min_size=1, max_size=4)))
    return [(day, draw(any_facts())) for day in starts]
