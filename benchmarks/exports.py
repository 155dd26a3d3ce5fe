"""Reports in every format against the bare libraries that write the same content, and against what is promised."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from benchmarks import bare_documents, bare_slides
from benchmarks.measure import compare, line
from tests.exports.sample import large_facts
from tracker.exports.content import build_report
from tracker.exports.docx import render_docx
from tracker.exports.html import render_html
from tracker.exports.pptx import render_pptx
from tracker.exports.report import Report, Table
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
        ours, bare = compare(partial(render_html, report), partial(bare_slides.page, report), runs=runs, warm=1)
        yield line("Web page", size, ours, bare, AIM)
        if size <= 500:
            ours, bare = compare(partial(render_pptx, report), partial(bare_slides.slides, report), runs=3, warm=1)
            yield line("Slides", size, ours, bare, AIM)
    yield from limits()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"Peak memory of the process: {peak:,.0f} MB"


def limits() -> Iterator[str]:
    """Yield how long it takes, by the clock, against what is promised for plans of 80 and of 500 milestones."""
    facts = large_facts(80)
    start = time.perf_counter()
    report = build_report(facts)
    for render in (render_docx, render_xlsx, render_html):
        render(report)
    yield limit("Content, Word, Excel, page", 80, time.perf_counter() - start, 3)
    report = with_exceptions(build_report(large_facts(500)), 300)
    for name, render, most in (("Word, 300 exceptions", render_docx, 4), ("Excel, 300 exceptions", render_xlsx, 3)):
        start = time.perf_counter()
        render(report)
        yield limit(name, 500, time.perf_counter() - start, most)


def with_exceptions(report: Report, number: int) -> Report:
    """Return the report with so many rows of exceptions, by repeating those that it has."""
    section = report.section("exceptions")
    assert section is not None
    tables = list(section.tables())
    each = number // len(tables)
    grown = {table.key: replace(table, rows=(table.rows * each)[:each]) for table in tables}
    blocks = tuple(grown[block.key] if isinstance(block, Table) else block for block in section.blocks)
    changed = replace(section, blocks=blocks)
    return replace(report, sections=tuple(changed if one is section else one for one in report.sections))


def limit(what: str, size: int, seconds: float, most: float) -> str:
    """Return one line of a limit: how long it took and whether that is within it."""
    return f"{what:<26}{size:>11,} {seconds:>11.2f} s  {'within' if seconds <= most else 'OVER'} {most:g} s"
