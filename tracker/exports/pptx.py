"""The report as slides: what a meeting looks at, over as many slides as it takes, with whole sentences in the notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from tracker.exports.characters import legal
from tracker.exports.pptx_deck import PLAIN_LAYOUT, TITLE_LAYOUT, add_foot, layout_named, open_deck
from tracker.exports.pptx_flow import Flow, Topic
from tracker.exports.pptx_shapes import (
    Line,
    Run,
    start_slide,
    write_lines,
)
from tracker.exports.report import (
    Block,
    BulletList,
    Heading,
    KeyValue,
    Paragraph,
    Report,
    Section,
    cell_text,
)
from tracker.exports.wording import and_list

# The sections that a meeting looks at; the others are in the papers.
SHOWN = ("one-page", "decisions", "exceptions", "priorities", "movement", "ahead", "actions")


def render_pptx(report: Report) -> bytes:
    """Return the report as a .pptx."""
    deck = open_deck(report)
    _title_slide(deck, report)
    pages = [page for one in _topics(report) for page in Flow(one).numbered()]
    taken: dict[str, int] = {}
    layout = layout_named(deck, PLAIN_LAYOUT)
    for page in pages:
        taken[page.title] = taken.get(page.title, 0) + 1
        title = page.title if taken[page.title] == 1 else f"{page.title} ({taken[page.title]})"
        slide = start_slide(deck, layout, title)
        for piece, top in page.pieces:
            piece.draw(slide, top)
        add_foot(slide, report, len(deck.slides))
        slide.notes_slide.notes_text_frame.text = legal("\n".join(page.notes))
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _topics(report: Report) -> Iterator[Topic]:
    """Yield what the slides are about: a section, or each part of one that has headings."""
    front = report.section("front")
    for key in SHOWN:
        section = report.section(key)
        if section is not None:
            yield from _parts(section)
        if key == "one-page" and front is not None:
            asked = next((block for block in front.blocks if isinstance(block, BulletList)), None)
            if asked is not None:
                yield Topic("What is asked of the board", (asked,))
    table = report.table("key.colours")
    if table is not None:
        yield Topic("Key to the colours", (table,))


def _parts(section: Section) -> Iterator[Topic]:
    """Yield a topic for each part below a heading; the page of one page is one, with its lists together."""
    if section.key == "one-page":
        lists = next((at for at, block in enumerate(section.blocks) if isinstance(block, Heading)), None)
        yield Topic(section.title, section.blocks[:lists])
        if lists is not None:
            heads = [block.text for block in section.blocks[lists:] if isinstance(block, Heading)]
            yield Topic(_joined(heads), section.blocks[lists:])
        return
    title, held = section.title, list[Block]()
    for block in section.blocks:
        if isinstance(block, Heading) and block.level == 2:
            if any(not isinstance(one, Paragraph) for one in held):
                yield Topic(title, tuple(held))
                held = []
            title = block.text if section.key == "priorities" else f"{section.title}: {block.text}"
        elif not (section.key == "priorities" and isinstance(block, Paragraph | BulletList)):
            held.append(block)
    if held:
        yield Topic(title, tuple(held))


def _joined(heads: Sequence[str]) -> str:
    return and_list([head if at == 0 else f"{head[:1].lower()}{head[1:]}" for at, head in enumerate(heads)])


def _title_slide(deck: object, report: Report) -> None:
    slide = start_slide(deck, layout_named(deck, TITLE_LAYOUT), report.title)  # type: ignore[arg-type]
    front = report.section("front")
    pairs = dict(_pairs(front.blocks if front else ()))
    told = [report.organisation]
    if pairs.get("For"):
        told.append(pairs["For"] + (f", {pairs['Meeting']}" if pairs.get("Meeting") else ""))
    told += [report.page_text, *((report.notice,) if report.notice else ())]
    write_lines(slide.placeholders[1].text_frame, [Line((Run(text),), 18.0) for text in told])
    add_foot(slide, report, 1)
    notes = [f"{label}: {value}" for label, value in pairs.items()]
    slide.notes_slide.notes_text_frame.text = legal("\n".join(notes))


def _pairs(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, KeyValue):
            yield from ((label, cell_text(value)) for label, value in block.pairs)
