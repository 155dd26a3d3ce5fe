"""Where a council's own Word documents for reports are kept: one for the council, one for a plan that has its own."""

from __future__ import annotations

from pathlib import Path

from tracker.rules.errors import Refusal

FOLDER = "report-templates"
_COUNCIL = "council"


def save_template(data_dir: Path, data: bytes, slug: str = "") -> Path:
    """Keep a checked document for the council, or for the plan called slug; it takes the place of the one before."""
    place = _place(data_dir, slug)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.write_bytes(data)
    fresh.replace(place)
    return place


def remove_template(data_dir: Path, slug: str = "") -> None:
    """Take the document of the council or of a plan away. Raises Refusal where there is none."""
    place = _place(data_dir, slug)
    if not place.is_file():
        whose = f"The plan {slug}" if slug else "The council"
        raise Refusal(f"{whose} has no Word document of its own for reports.")
    place.unlink()


def template_of(data_dir: Path, slug: str) -> bytes | None:
    """Return the plan's own document, else the council's, else None: the report has its own styles then."""
    for place in (_place(data_dir, slug), _place(data_dir, "")):
        if place.is_file():
            return place.read_bytes()
    return None


def templates(data_dir: Path) -> dict[str, Path]:
    """Return the documents that are kept, by the plan's slug; "" is the council's."""
    kept = sorted((data_dir / FOLDER).glob("*.docx"))
    return {"" if place.stem == _COUNCIL else place.stem.removeprefix("plan-"): place for place in kept}


def _place(data_dir: Path, slug: str) -> Path:
    name = f"plan-{slug}" if slug else _COUNCIL
    if "/" in slug or "\\" in slug:
        raise Refusal(f"There is no plan “{slug}”.")
    return data_dir / FOLDER / f"{name}.docx"
