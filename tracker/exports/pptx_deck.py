"""An empty deck: wide slides, two layouts, titles and feet where ours stand, British English throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from tracker.exports.characters import legal
from tracker.exports.measure import fitted
from tracker.exports.palette import FONT, QUIET
from tracker.exports.pptx_shapes import BODY_WIDTH, HIGH, LANGUAGE, MARGIN, TITLE_HEIGHT, WIDE, Line, Run, write_lines
from tracker.exports.report import Report

if TYPE_CHECKING:
    from pptx.presentation import Presentation

TITLE_LAYOUT, PLAIN_LAYOUT = "Title Slide", "Title Only"
FOOT_TOP, FOOT_HEIGHT, NUMBER_WIDTH, FOOT_SIZE = 179.0, 7.0, 25.0, 10
MARKING_TOP, MARKING_SIZE = 4.5, 11.0
_SPACE = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_LOOK = (
    f'<a:rPr lang="{LANGUAGE}" sz="{FOOT_SIZE * 100}"><a:solidFill><a:srgbClr val="{QUIET}"/></a:solidFill>'
    f'<a:latin typeface="{FONT}"/></a:rPr>'
)


def open_deck(report: Report) -> Presentation:
    """Return a deck without slides."""
    from pptx import Presentation as open_presentation
    from pptx.util import Mm

    deck = open_presentation()
    deck.slide_width, deck.slide_height = Mm(WIDE), Mm(HIGH)
    for layout in list(deck.slide_layouts):
        if layout.name not in (TITLE_LAYOUT, PLAIN_LAYOUT):
            deck.slide_layouts.remove(layout)
    for holder in (deck.slide_master, *deck.slide_layouts):
        _arrange(holder)
    _set_properties(deck, report)
    return deck


def layout_named(deck: Presentation, name: str) -> Any:
    """Return a layout by its name."""
    return next(layout for layout in deck.slide_layouts if layout.name == name)


def add_foot(slide: Any, report: Report, number: int) -> None:
    """Add marking, foot and number to a slide, last in the order in which it is read."""
    if report.page_marking:
        box = slide.shapes.add_textbox(*_millimetres(MARGIN, MARKING_TOP, BODY_WIDTH, 5))
        box.name = "Protective marking"
        marking = fitted(legal(report.page_marking), BODY_WIDTH - 2, MARKING_SIZE, 1, bold=True)
        write_lines(box.text_frame, (Line((Run(marking, bold=True),), MARKING_SIZE),), right=True)
    # Where it is cut, the title goes: the first slide has it, and every page says which pack it is.
    told = " · ".join(part for part in (report.page_text, report.notice, report.plan_title) if part)
    room = BODY_WIDTH - NUMBER_WIDTH - 2
    _add_placeholder(slide, "Foot", "ftr", 11, _run(fitted(legal(told), room, FOOT_SIZE, 1)))
    shown = f'<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">{_LOOK}'
    _add_placeholder(slide, "Slide number", "sldNum", 12, f"{shown}<a:t>{number}</a:t></a:fld>")


def _run(text: str) -> str:
    return f"<a:r>{_LOOK}<a:t>{escape(text)}</a:t></a:r>"


def _add_placeholder(slide: Any, name: str, kind: str, index: int, content: str) -> None:
    from pptx.oxml import parse_xml

    tree = slide.shapes._spTree
    number = max(int(one) for one in tree.xpath(".//@id") if str(one).isdigit()) + 1
    tree.append(
        parse_xml(
            f'<p:sp {_SPACE}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
            f'</p:cNvSpPr><p:nvPr><p:ph type="{kind}" sz="quarter" idx="{index}"/></p:nvPr></p:nvSpPr><p:spPr/>'
            f"<p:txBody><a:bodyPr/><a:lstStyle/><a:p>{content}</a:p></p:txBody></p:sp>"
        )
    )


def _arrange(holder: Any) -> None:
    """Put the placeholders of a master or a layout where they stand on a wide slide; take away the date."""
    from pptx.enum.shapes import PP_PLACEHOLDER as KIND

    places = {
        KIND.TITLE: (MARGIN, 10, BODY_WIDTH, TITLE_HEIGHT),
        KIND.CENTER_TITLE: (MARGIN, 45, BODY_WIDTH, 40),
        KIND.SUBTITLE: (MARGIN, 88, BODY_WIDTH, 70),
        KIND.BODY: (MARGIN, 32, BODY_WIDTH, 140),
        KIND.FOOTER: (MARGIN, FOOT_TOP, BODY_WIDTH - NUMBER_WIDTH, FOOT_HEIGHT),
        KIND.SLIDE_NUMBER: (WIDE - MARGIN - NUMBER_WIDTH, FOOT_TOP, NUMBER_WIDTH, FOOT_HEIGHT),
    }
    for shape in list(holder.placeholders):
        kind = shape.placeholder_format.type
        if kind not in places:
            shape._element.getparent().remove(shape._element)
            continue
        shape.left, shape.top, shape.width, shape.height = _millimetres(*places[kind])
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    left = holder._element.xpath(".//a:lvl1pPr[@algn='ctr']")
    for level in left:
        level.set("algn", "l")
    for colour in holder._element.xpath(".//a:lvl1pPr/a:defRPr/a:solidFill/a:schemeClr[a:tint]"):
        colour.getparent().replace(colour, _srgb(QUIET))
    for body in holder._element.xpath(".//p:sp[p:nvSpPr/p:nvPr/p:ph[@type='title' or @type='ctrTitle']]//a:bodyPr"):
        body.set("anchor", "t")
    for size in holder._element.xpath(".//p:sp[.//p:ph[@type='ftr' or @type='sldNum']]//a:defRPr"):
        size.set("sz", str(FOOT_SIZE * 100))
    for name in holder._element.xpath(".//a:defRPr//a:latin"):
        name.set("typeface", FONT)
    for one in holder._element.xpath(".//*[@lang]"):
        one.set("lang", LANGUAGE)


def _srgb(colour: str) -> Any:
    from pptx.oxml import parse_xml

    return parse_xml(f'<a:srgbClr {_SPACE} val="{colour}"/>')


def _set_properties(deck: Presentation, report: Report) -> None:
    properties = deck.core_properties
    properties.title = legal(report.title)[:255]
    properties.subject = legal(f"{report.plan_title}, {report.as_at_text.lower()}")[:255]
    properties.author = properties.last_modified_by = legal(report.organisation)[:255]
    properties.keywords = legal(report.marking)[:255]
    properties.comments = report.notice
    properties.language = LANGUAGE
    properties.created = properties.modified = report.prepared_utc


def _millimetres(*numbers: float) -> tuple[Any, ...]:
    from pptx.util import Mm

    return tuple(Mm(number) for number in numbers)
