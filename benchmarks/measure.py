"""How things are timed: a warm-up, then the median of many runs; and how a line is printed."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable


def median_ms(work: Callable[[], object], *, runs: int, warm: int = 2) -> float:
    """Return the median time of a run in milliseconds, after some runs that do not count."""
    for _ in range(warm):
        work()
    gc.collect()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def line(what: str, size: int, ours: float, bare: float, aim: float) -> str:
    """Return one line of a result: our time, the bare one, the ratio, and what we aim for."""
    ratio = ours / bare
    verdict = "within" if ratio <= aim else "OVER"
    return f"{what:<34}{size:>9,} {ours:>10.1f} ms {bare:>10.1f} ms {ratio:>7.2f}   aim {aim:>4.1f}  {verdict}"


HEADER = f"{'What':<34}{'milest.':>9} {'ours':>13} {'bare':>13} {'ratio':>7}"
