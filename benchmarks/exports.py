"""Reports in Word and Excel against the bare libraries that write the same content."""

from __future__ import annotations

import resource
from collections.abc import Iterator

from benchmarks import bare_documents
from benchmarks.measure import line, median_ms
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
        building = median_ms(lambda facts=facts: build_report(facts), runs=runs)
        yield f"{'building the content':<34}{size:>9,} {building:>10.1f} ms"
        ours = median_ms(lambda report=report: render_docx(report), runs=runs)
        bare = median_ms(lambda report=report: bare_documents.word(report), runs=runs, warm=1)
        yield line("Word report", size, ours, bare, AIM)
        ours = median_ms(lambda report=report: render_xlsx(report), runs=runs)
        bare = median_ms(lambda report=report: bare_documents.excel(report), runs=runs, warm=1)
        yield line("Excel report", size, ours, bare, AIM)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"Peak memory of the process: {peak:,.0f} MB"
