"""Import a plan from a file: read it, look at what was understood, apply it."""

from __future__ import annotations

from flask import Blueprint

imports = Blueprint("imports", __name__, url_prefix="/import")
