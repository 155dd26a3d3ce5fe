"""What stands in the boxes of long forms."""

from __future__ import annotations

from tracker.rules.rating import preset
from tracker.rules.scheme_edit import LIMITS, shown


def scheme_boxes(name: str) -> dict[str, str]:
    """Return every box of the form of a rating scheme as it stands."""
    rating = preset(name)
    boxes = {key: shown(rating.scheme, key) for key in LIMITS}
    for term in rating.vocabulary.terms:
        values = {"word": term.word, "name": term.name, "letter": term.letter, "meaning": term.meaning}
        boxes |= {f"{box}.{term.key}": value for box, value in (values | {"paint": term.paint_name}).items()}
    return boxes
