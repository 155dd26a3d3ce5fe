"""Reports in Word and Excel against the bare libraries that write the same content."""

from __future__ import annotations

import gc
import resource
from collections.abc import Iterator
from functools import partial

from benchmarks import bare_documents
from benchmarks.measure import compare, line
from tests.exports.sample import large_facts
from tracker.exports.content import build_report
from tracker.exports.docx import render_docx
from tracker.exports.xlsx import render_xlsx

AIM = 1.5
# A plan of 500 is what the databases of pages.py hold 20 and 200 times; one of 10,000 shows how the cost grows.
SIZES = (80, 500, 10_000)


def run(*, quick: bool = False) -> Iterator[str]:
    """Yield a line for each format and size; content is built once, outside the timing of the writers."""
    for size in SIZES[:2] if quick else SIZES:
        facts = large_facts(size)
        report = build_report(facts)
        runs = 9 if size <= 500 else 3
        built, _ = compare(partial(build_report, facts), gc.collect, runs=runs)
        yield f"{'Building the content':<26}{size:>11,} {built:>10.1f} ms"
        ours, bare = compare(partial(render_docx, report), partial(bare_documents.word, report), runs=runs, warm=1)
        yield line("Word report", size, ours, bare, AIM)
        ours, bare = compare(partial(render_xlsx, report), partial(bare_documents.excel, report), runs=runs, warm=1)
        yield line("Excel report", size, ours, bare, AIM)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"Peak memory of the process: {peak:,.0f} MB"
