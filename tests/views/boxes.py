"""What stands in the boxes of forms that are long, or that have to know what is stored."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, select

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


def versions(engine: Engine) -> Callable[[int], int]:
    """Return what tells the present version of a milestone."""
    from tracker.models import Milestone

    def version(key: int) -> int:
        with engine.connect() as connection:
            return int(connection.scalar(select(Milestone.version).where(Milestone.id == key)) or 0)

    return version
