"""Print on a report which pack it is: what can be known only once its facts are frozen."""

from __future__ import annotations

from dataclasses import replace

from tracker.exports.report import Block, KeyValue, Report

FINGERPRINT_SHOWN = 12  # letters of the fingerprint that the foot of every page has room for


def stamp(report: Report, number: str, fingerprint: str = "", *, draft: bool = False) -> Report:
    """Return the report with the pack's number and fingerprint on its front sheet and on every page.

    `number` is as people say it ("Pack 3", "Pack 3, version 2"); a draft is marked as one on every page.
    """
    foot = f"{number} · {fingerprint[:FINGERPRINT_SHOWN]}" if fingerprint else number
    lines = (("Pack", number), *((("Fingerprint", fingerprint),) if fingerprint else ()))
    if draft:
        lines = (("Pack", f"{number} (draft: not issued)"), *lines[1:])
    front = report.section("front")
    sections = tuple(
        replace(section, blocks=tuple(_with(block, lines) for block in section.blocks)) if section is front else section
        for section in report.sections
    )
    return replace(report, pack=foot, state="Draft" if draft else "", sections=sections)


def _with(block: Block, lines: tuple[tuple[str, str], ...]) -> Block:
    """Return the front sheet's values with these lines at their end, in place of any that stood there before."""
    if not isinstance(block, KeyValue):
        return block
    kept = tuple(pair for pair in block.pairs if pair[0] not in ("Pack", "Fingerprint"))
    return replace(block, pairs=(*kept, *lines))
