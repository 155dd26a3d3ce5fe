"""Print, as JSON, what an import of a file would give; nothing is changed. `python -m tracker.imports.preview FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tracker.imports.child import read_plan_in_child
from tracker.imports.told import refused
from tracker.rules.errors import Refusal


def preview(path: Path) -> dict[str, object]:
    """Return the dry run of one file as plain data; a file that is refused is "unreadable", with the sentence."""
    try:
        return read_plan_in_child(path.read_bytes(), path.name).to_json()
    except Refusal as refusal:
        return refused(path.name, refusal.sentence)


def main(arguments: list[str]) -> int:
    """Print the preview of the file named on the command line; 2 if it holds no plan."""
    if len(arguments) != 1:
        print("usage: python -m tracker.imports.preview FILE", file=sys.stderr)
        return 1
    shown = preview(Path(arguments[0]))
    print(json.dumps(shown, ensure_ascii=False, indent=1))
    return 0 if shown["kind"] == "plan" else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
