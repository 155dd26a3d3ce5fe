"""Details of a plan beside its tables: title, version, day of adoption, organisation, the key to its colours."""

from __future__ import annotations

from tracker.imports.grid import Cell
from tracker.imports.lists import one_line
from tracker.imports.words import is_colour, plain
from tracker.rules.dates import Precision, Reading, read_period
from tracker.rules.document import PlanDocument

LABELS = {
    **dict.fromkeys(("date", "adopted", "date adopted", "approved", "date approved", "plan date"), "adopted"),
    **dict.fromkeys(("version", "version no", "version number"), "version"),
    **dict.fromkeys(("organisation", "council", "local authority"), "organisation"),
    "review cycle": "review_cycle",
}


def taken(document: PlanDocument, texts: list[Cell]) -> str:
    """Take what a row says of the plan as a whole; return in words what it was, "" if it is nothing of the kind."""
    if one_line(texts[0].text) == document.title:
        return "title of the plan"
    if len(texts) != 2:
        return ""
    if is_colour(texts[0].text):
        return "key to the colours"  # the key itself is read beforehand
    field = LABELS.get(plain(texts[0].text))
    value = one_line(texts[1].text)
    if not field or getattr(document, field):
        return ""
    if field == "adopted":
        period = read_period(value)
        if period.reading is not Reading.DATED or period.precision is not Precision.DAY or period.end is None:
            return ""
        value = period.end.isoformat()
    setattr(document, field, value)
    return "a detail of the plan"
