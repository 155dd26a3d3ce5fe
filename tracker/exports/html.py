"""The report as one accessible web page: no script, nothing fetched from anywhere, styles for print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tracker.exports.characters import legal
from tracker.exports.html_chart import chart_figure
from tracker.exports.html_tables import chip, line, table_region, words
from tracker.exports.report import (
    Block,
    BulletList,
    ChartBlock,
    Commentary,
    Heading,
    KeyValue,
    Paragraph,
    Report,
    Section,
    StatusLine,
    Table,
    cell_text,
)
from tracker.rules.paint import PAINTS

NEW_PAGE = ("one-page", "decisions", "exceptions")
_STYLES = {"lead": "lead", "note": "note", "label": "label-line"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render_html(report: Report) -> bytes:
    """Return the report as one HTML file in UTF-8."""
    return "\n".join(_page(report)).encode("utf-8", "replace")


def _page(report: Report) -> Iterator[str]:
    title = f"{report.title}, {report.as_at_text[:1].lower()}{report.as_at_text[1:]}"
    yield '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>{line(title)}</title>"
    yield f'<meta name="author" content="{line(report.organisation)}">'
    yield f"<style>\n{_css()}{_page_boxes(report)}</style>\n</head>\n<body>"
    yield '<a class="skip" href="#main">Skip to the report</a>\n<header>'
    if report.page_marking:
        yield f'<p class="marking">{words(report.page_marking)}</p>'
    yield f'<p class="organisation">{words(report.organisation)}</p>'
    yield f'<h1>{words(report.title)}</h1>\n<p class="as-at">{words(report.page_text)}</p>'
    if report.notice:
        yield f'<p class="notice">{words(report.notice)}</p>'
    yield '</header>\n<nav aria-labelledby="contents">\n<h2 id="contents">Contents</h2>\n<ol>'
    for section in report.sections:
        yield f'<li><a href="#{_id(section)}">{words(section.heading)}</a></li>'
    yield '</ol>\n</nav>\n<main id="main">'
    for section in report.sections:
        yield from _section(section)
    foot = " · ".join(part for part in (report.organisation, report.page_text, report.page_marking) if part)
    yield f"</main>\n<footer>\n<p>{words(foot)}</p>\n</footer>\n</body>\n</html>\n"


def _section(section: Section) -> Iterator[str]:
    name = _id(section)
    turn = ' class="new-page"' if section.key in NEW_PAGE or section.annex else ""
    yield f'<section aria-labelledby="{name}"{turn}>\n<h2 id="{name}">{words(section.heading)}</h2>'
    for block in section.blocks:
        yield from _block(block)
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            level = min(block.level, 3) + 1  # the page has the h1, a section its h2
            yield f"<h{level}>{words(block.text)}</h{level}>"
        case Paragraph():
            style = _STYLES.get(block.style)
            yield f'<p class="{style}">{words(block.text)}</p>' if style else f"<p>{words(block.text)}</p>"
        case BulletList():
            tag = "ol" if block.numbered else "ul"
            yield f"<{tag}>"
            yield from (f"<li>{words(item)}</li>" for item in block.items)
            yield f"</{tag}>"
        case StatusLine():
            yield f'<p class="lead">{chip(block.status)} {words(block.sentence)}</p>'
        case KeyValue():
            yield f'<p class="label-line">{words(block.caption)}</p>\n<dl>'
            yield from (f"<dt>{words(label)}</dt><dd>{words(cell_text(value))}</dd>" for label, value in block.pairs)
            yield "</dl>"
        case Commentary():
            yield f'<div class="commentary{"" if block.accepted else " draft"}">'
            yield f'<p class="label-line">{words(block.label)}</p>'
            yield from (f"<p>{words(text)}</p>" for text in block.paragraphs)
            yield "</div>"
        case Table():
            yield table_region(block) if block.rows else f"<p>{words(block.empty)}</p>"
        case ChartBlock():
            yield chart_figure(block)


def _id(section: Section) -> str:
    return "section-" + (re.sub(r"[^a-z0-9]+", "-", section.key.lower()).strip("-") or "x")


@cache
def _css() -> str:
    chips = "".join(
        f".p-{name} {{ background: #{paint.fill}; color: #{paint.ink}; }}\n.b-{name} {{ fill: #{paint.bar_fill}; }}\n"
        f".t-{name} {{ fill: #{paint.bar_text}; }}\n"
        for name, paint in PAINTS.items()
    )
    widths = "".join(f".w{share} {{ width: {share}%; }}\n" for share in range(1, 101))
    return (Path(__file__).parent / "html.css").read_text(encoding="utf-8") + chips + widths


def _page_boxes(report: Report) -> str:
    """Return what a printer puts on every page, where it knows how to."""
    top, foot = _css_text(report.page_marking), _css_text(report.page_text)
    return (
        "@page { size: A4; margin: 16mm 14mm 16mm; font: 8pt Arial, sans-serif; "
        f"@top-left {{ content: {_css_text(report.plan_title[:90])}; }} @top-right {{ content: {top}; }} "
        f"@bottom-left {{ content: {foot}; }} "
        '@bottom-right { content: "Page " counter(page) " of " counter(pages); } }\n'
    )


def _css_text(text: str) -> str:
    """Return a text as CSS writes it; every character that could end it, or the style element, is a number."""
    return '"' + re.sub(r"[^\w .,:;·()/-]", lambda match: f"\\{ord(match[0]):x} ", legal(text)) + '"'
