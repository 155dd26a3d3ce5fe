"""`python -m benchmarks [exports] [pages] [updates] [--quick]`: print ratios."""

from __future__ import annotations

import sys

from benchmarks import exports, pages, updates
from benchmarks.measure import HEADER

PARTS = {"exports": exports.run, "pages": pages.run, "updates": updates.run}


def main(arguments: list[str]) -> None:
    """Run the parts that are named, or all; --quick leaves out the largest sizes."""
    quick = "--quick" in arguments
    named = [word for word in arguments if not word.startswith("-")] or list(PARTS)
    unknown = [word for word in named if word not in PARTS]
    if unknown:
        sys.exit(f"There is no benchmark {unknown[0]!r}. There are: {', '.join(PARTS)}.")
    print(HEADER)
    for word in named:
        for result in PARTS[word](quick=quick):
            print(result, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
