"""How things are timed: ours and the bare one in turn, processor time, medians; and how a line is printed."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

HEADER = f"{'What':<26}{'milestones':>11} {'ours':>13} {'bare':>13} {'ratio':>6}"


def compare(ours: Callable[[], object], bare: Callable[[], object], *, runs: int, warm: int = 2) -> tuple[float, float]:
    """Return the median milliseconds of both, run in turn so that a busy machine slows both alike.

    Processor time of this thread: what other programs take does not count, and neither does waiting for a disk.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(warm + runs):
        for work, kept in zip((ours, bare), times, strict=True):
            gc.collect()
            start = time.thread_time()
            work()
            if number >= warm:
                kept.append(time.thread_time() - start)
    return statistics.median(times[0]) * 1000, statistics.median(times[1]) * 1000


def line(what: str, size: int, ours: float, bare: float, aim: float) -> str:
    """Return one line of a result: our time, the bare one, the ratio, and what we aim for."""
    ratio = ours / bare
    verdict = f"within {aim:g}" if ratio <= aim else f"OVER {aim:g}"
    return f"{what:<26}{size:>11,} {ours:>10.1f} ms {bare:>10.1f} ms {ratio:>6.2f}  {verdict:<10}"
