"""Where the files that ship with the package lie, in a checkout and in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """Return the folder of shipped files called name ("templates" or "seeds").

    A wheel carries them in tracker/_bundled; a checkout has them beside the package.
    Raises FileNotFoundError if neither is there, which means a broken installation.
    """
    for candidate in (_PACKAGE / "_bundled" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"The installation has no folder {name!r}")


def package(name: str) -> Path:
    """Return a folder inside the package ("migrations", "static")."""
    return _PACKAGE / name
