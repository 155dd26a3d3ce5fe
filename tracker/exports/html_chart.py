"""Charts of the web page: stacked bars drawn as SVG, said in words, with their figures in a table below."""

from __future__ import annotations

import re

from tracker.exports.html_tables import line, words
from tracker.exports.report import ChartBlock
from tracker.exports.wording import shorten

WIDTH, LABELS, BAR, GAP, TOP = 760, 250, 22, 10, 4
LABEL_SHARE = 0.05  # a bar thinner than this part of the longest has no room for its label


def chart_figure(chart: ChartBlock) -> str:
    """Return a figure: title, drawing with its alternative text, key, and the figures as a table."""
    name = "chart-" + (re.sub(r"[^a-z0-9]+", "-", chart.key.lower()).strip("-") or "x")
    longest = max((sum(series.points[at] for series in chart.series) for at in range(len(chart.categories))), default=0)
    height = TOP + len(chart.categories) * (BAR + GAP) + BAR + GAP
    parts = [
        f'<figure>\n<figcaption class="label-line">{words(chart.title)}</figcaption>',
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-alt">'
        f'<title id="{name}-alt">{line(chart.alt)}</title>',
    ]
    for at, category in enumerate(chart.categories):
        parts += _bar(chart, at, line(shorten(category, 38) or "-"), longest)
    parts += _key(chart, TOP + len(chart.categories) * (BAR + GAP) + GAP // 2)
    parts.append("</svg>")
    parts.append(_figures(chart))
    parts.append("</figure>")
    return "\n".join(parts)


def _bar(chart: ChartBlock, at: int, label: str, longest: int) -> list[str]:
    top = TOP + at * (BAR + GAP)
    drawn = [f'<text x="{LABELS - 8}" y="{top + BAR - 6}" text-anchor="end" fill="#0b0c0c">{label}</text>']
    room, left = WIDTH - LABELS, 0
    for series in chart.series:
        count = series.points[at]
        if not count or not longest:
            continue
        start, end = LABELS + left * room // longest, LABELS + (left + count) * room // longest
        paint = series.term.paint_name
        drawn.append(
            f'<rect class="b-{paint}" x="{start}" y="{top}" width="{end - start}" height="{BAR}" stroke="#fff"/>'
        )
        if count >= longest * LABEL_SHARE:
            said = line(f"{series.term.letter} {count}")
            drawn.append(
                f'<text class="t-{paint}" x="{(start + end) // 2}" y="{top + BAR - 6}" text-anchor="middle" '
                f'font-weight="bold">{said}</text>'
            )
        left += count
    return drawn


def _key(chart: ChartBlock, top: int) -> list[str]:
    drawn, left = [], LABELS
    room = (WIDTH - LABELS) // max(1, len(chart.series))
    for series in chart.series:
        said = line(f"{series.term.letter} {series.term.name}")
        drawn.append(f'<rect class="b-{series.term.paint_name}" x="{left}" y="{top}" width="14" height="14"/>')
        drawn.append(f'<text x="{left + 19}" y="{top + 12}" fill="#0b0c0c">{said}</text>')
        left += room
    return drawn


def _figures(chart: ChartBlock) -> str:
    heads = "".join(f'<th scope="col" class="number">{words(series.name)}</th>' for series in chart.series)
    rows = "".join(
        f'<tr><th scope="row">{words(category)}</th>'
        + "".join(f'<td class="number">{series.points[at]}</td>' for series in chart.series)
        + "</tr>"
        for at, category in enumerate(chart.categories)
    )
    return (
        "<details>\n<summary>The figures of this chart</summary>\n"
        f"<table><caption>{words(chart.title)}: figures</caption>"
        f'<thead><tr><th scope="col">What</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>\n</details>"
    )
